package example.customer

import android.app.Activity
import android.os.Bundle
import android.os.CancellationSignal
import android.os.Handler
import android.os.Looper
import android.os.SystemClock
import android.widget.Button
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import io.yinzheng.ErrorCode
import io.yinzheng.HeldRecord
import io.yinzheng.Language
import io.yinzheng.ToSign
import io.yinzheng.YinzhengException
import io.yinzheng.android.MirrorBehindException
import io.yinzheng.android.PromptDone
import io.yinzheng.android.PromptWords
import java.time.Duration
import java.time.OffsetDateTime
import java.util.concurrent.Executor

/** One text to read, one button to agree with a finger. What waits when the app is killed is asked for at the next start. */
class ReadActivity : Activity() {
    private val main = Executor { Handler(Looper.getMainLooper()).post(it) }
    private val reading = CustomerDesk.reading
    private val cancel = CancellationSignal()
    private lateinit var said: TextView

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        val text = TextView(this).apply { text = reading.text }
        val scroll = ScrollView(this).apply { addView(text) }
        fun reached() {
            if (text.height > 0) reading.reached((scroll.scrollY + scroll.height) * 100 / text.height, now())
        }
        scroll.viewTreeObserver.addOnScrollChangedListener { reached() }
        // A text that fits the screen is seen to its end without a scroll.
        scroll.viewTreeObserver.addOnGlobalLayoutListener { reached() }
        val agree = Button(this).apply {
            setText("同意并签署")
            setOnClickListener {
                // The moment of the tap, and what was read by then, before anything waits for the ledger.
                val read = reading.snapshot(now())
                inBackground { desk -> enrolled(desk) { ask(desk, waiting(desk) ?: desk.flow().agree(read)) } }
            }
        }
        said = TextView(this)
        setContentView(LinearLayout(this).apply {
            orientation = LinearLayout.VERTICAL
            addView(scroll, LinearLayout.LayoutParams(LinearLayout.LayoutParams.MATCH_PARENT, 0, 1f))
            addView(agree)
            addView(said)
        })
        inBackground { desk -> enrolled(desk) { waiting(desk)?.let { ask(desk, it) } } }
    }

    /** What was agreed to and not signed, because the prompt was cancelled or the app killed: it is asked for again, not made again. */
    private fun waiting(desk: CustomerDesk): HeldRecord? = desk.flow().waiting().firstOrNull()

    /** The customer's key enters the ledger once, with what the phone attests of it; its own signature shows that it is there. */
    private fun enrolled(desk: CustomerDesk, next: () -> Unit) {
        val entry = desk.missing() ?: return next()
        prompt(desk, entry.toSign(), "登记签名密钥") { signature ->
            desk.enrolled(entry, signature)
            next()
        }
    }

    /** The prompt; then the signature, the block, and the bundle for the node. */
    private fun ask(desk: CustomerDesk, held: HeldRecord) = prompt(desk, held.toSign(), "${reading.title} ${reading.version}") { signature ->
        val record = desk.flow().finish(held, signature)
        try {
            desk.phone.seal()
        } catch (_: MirrorBehindException) {
            // Sealed all the same; the next seal or start mends the mirror.
        }
        desk.keep(desk.flow().bundle())
        say("已封存 ${record.number()}")
    }

    private fun prompt(desk: CustomerDesk, toSign: ToSign, what: String, then: (ByteArray) -> Unit) {
        val prepared = try {
            desk.customer.prepare(toSign)
        } catch (gone: YinzhengException) {
            if (gone.code() != ErrorCode.SIGNER_KEY_GONE) throw gone
            desk.renew()
            return say("签名密钥已失效，已换新；请再次点击同意")
        }
        main.execute {
            if (isDestroyed) return@execute
            try {
                prepared.ask(this, PromptWords("确认签署", what, "取消"), main, cancel, object : PromptDone {
                    override fun signed(signature: ByteArray) = inBackground { then(signature) }

                    // What was held goes on waiting; the next tap or start asks again.
                    override fun failed(error: YinzhengException) = say(error.summary(Language.ZH))
                })
            } catch (error: YinzhengException) {
                // Before Android 9 a prompt comes from elsewhere, see docs/mobile.md.
                say(error.summary(Language.ZH))
            }
        }
    }

    private fun inBackground(work: (CustomerDesk) -> Unit) = CustomerDesk.background.execute {
        try {
            work(CustomerDesk.of(applicationContext))
        } catch (error: YinzhengException) {
            say("${error.summary(Language.ZH)} ${error.advice(Language.ZH)}")
        }
    }

    private fun now() = Moment(OffsetDateTime.now(), Duration.ofMillis(SystemClock.elapsedRealtime()))

    private fun say(what: String) = main.execute { said.text = what }

    override fun onResume() {
        super.onResume()
        reading.shown(now())
    }

    override fun onPause() {
        reading.hidden(now())
        super.onPause()
    }

    override fun onDestroy() {
        // The next screen asks again; the ledger stays open for it.
        cancel.cancel()
        super.onDestroy()
    }
}
