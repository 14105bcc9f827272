package example.customer

import android.app.Activity
import android.os.Bundle
import android.os.CancellationSignal
import android.os.Handler
import android.os.Looper
import android.widget.Button
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import io.yinzheng.ErrorCode
import io.yinzheng.HeldRecord
import io.yinzheng.KeyRole
import io.yinzheng.Language
import io.yinzheng.ToSign
import io.yinzheng.YinzhengException
import io.yinzheng.android.KeyUse
import io.yinzheng.android.KeystoreSigner
import io.yinzheng.android.PhoneClock
import io.yinzheng.android.PhoneFacts
import io.yinzheng.android.PhoneLedger
import io.yinzheng.android.PromptDone
import io.yinzheng.android.PromptWords
import java.io.File
import java.time.Instant
import java.time.OffsetDateTime
import java.util.concurrent.Executor
import java.util.concurrent.Executors

/** One text to read, one button to agree with a finger. What waits when the app is killed is asked for at the next start. */
class ReadActivity : Activity() {
    /** The library waits for disks and keys, so it is called on this thread only. */
    private val background = Executors.newSingleThreadExecutor()
    private val main = Executor { Handler(Looper.getMainLooper()).post(it) }
    private val reading = Reading("信用贷款服务协议", "2026-10", Texts.AGREEMENT)
    private lateinit var said: TextView
    private lateinit var phone: PhoneLedger
    private lateinit var customer: KeystoreSigner
    private lateinit var flow: LoanFlow

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        val text = TextView(this).apply { text = reading.text }
        val scroll = ScrollView(this).apply { addView(text) }
        scroll.viewTreeObserver.addOnScrollChangedListener {
            val height = text.height.coerceAtLeast(1)
            reading.scrolled((scroll.scrollY + scroll.height) * 100 / height, OffsetDateTime.now())
        }
        val agree = Button(this).apply {
            setText("同意并签署")
            setOnClickListener { inBackground { ask(flow.agree(reading, OffsetDateTime.now())) } }
        }
        said = TextView(this)
        setContentView(LinearLayout(this).apply {
            orientation = LinearLayout.VERTICAL
            addView(scroll, LinearLayout.LayoutParams(LinearLayout.LayoutParams.MATCH_PARENT, 0, 1f))
            addView(agree)
            addView(said)
        })
        inBackground { start() }
    }

    private fun start() {
        // A bank that is online gives the challenge, so that the attestation answers it; 32 bytes of its own.
        val challenge = ByteArray(32).also(java.security.SecureRandom()::nextBytes)
        phone = PhoneLedger.open(this, "customer", "示例银行手机银行", challenge)
        customer = try {
            KeystoreSigner.load(CUSTOMER, KeyUse.CUSTOMER)
        } catch (none: YinzhengException) {
            if (none.code() != ErrorCode.SIGNER_KEY_GONE) throw none
            KeystoreSigner.generate(CUSTOMER, KeyUse.CUSTOMER, challenge)
        }
        val facts = PhoneFacts.of()
        flow = LoanFlow(phone.ledger, customer.publicKey(), { PhoneClock.now(this) }, { facts.into(it) })
        phone.ledger.noteClock(PhoneClock.now(this))
        enrolled { flow.waiting().firstOrNull()?.let(::ask) }
    }

    /** The customer's key enters the ledger once, with what the phone attests of it; its own signature shows that it is there. */
    private fun enrolled(next: () -> Unit) {
        val kept = getPreferences(MODE_PRIVATE)
        val key = customer.publicKey().describe()
        if (kept.getString(CUSTOMER, null) == key) return next()
        val keys = phone.ledger.keys()
        val entry = keys.enrol(
            KeyRole.CUSTOMER, customer.publicKey(), customer.custody, Instant.now(), KeystoreSigner.ATTESTATION, customer.attestation(),
        )
        prompt(entry.toSign(), "登记签名密钥") { signature ->
            keys.finish(entry.bytes(), signature)
            phone.seal()
            kept.edit().putString(CUSTOMER, key).commit()
            next()
        }
    }

    /** The prompt; then the signature, the block, and the bundle for the node. */
    private fun ask(held: HeldRecord) = prompt(held.toSign(), "${reading.title} ${reading.version}") { signature ->
        val record = flow.finish(held, signature)
        phone.seal()
        File(filesDir, "sync.yzb").writeBytes(flow.bundle())
        say("已封存 ${record.number()}")
    }

    private fun prompt(toSign: ToSign, what: String, then: (ByteArray) -> Unit) {
        val prepared = customer.prepare(toSign)
        main.execute {
            prepared.ask(this, PromptWords("确认签署", what, "取消"), main, CancellationSignal(), object : PromptDone {
                override fun signed(signature: ByteArray) = inBackground { then(signature) }

                // What was held goes on waiting; the next start asks again.
                override fun failed(error: YinzhengException) = say(error.summary(Language.ZH))
            })
        }
    }

    private fun inBackground(work: () -> Unit) = background.execute {
        try {
            work()
        } catch (error: YinzhengException) {
            say("${error.summary(Language.ZH)} ${error.advice(Language.ZH)}")
        }
    }

    private fun say(what: String) = main.execute { said.text = what }

    override fun onResume() {
        super.onResume()
        reading.shown(OffsetDateTime.now())
    }

    override fun onPause() {
        reading.hidden(OffsetDateTime.now())
        super.onPause()
    }

    override fun onDestroy() {
        background.execute { if (::phone.isInitialized) phone.close() }
        background.shutdown()
        super.onDestroy()
    }

    private companion object {
        const val CUSTOMER = "example.customer"
    }
}
