package example.customer

import android.content.Context
import android.util.AtomicFile
import io.yinzheng.Draft
import io.yinzheng.DropReason
import io.yinzheng.ErrorCode
import io.yinzheng.KeyRole
import io.yinzheng.YinzhengException
import io.yinzheng.android.KeyUse
import io.yinzheng.android.KeystoreSigner
import io.yinzheng.android.PhoneClock
import io.yinzheng.android.PhoneFacts
import io.yinzheng.android.PhoneLedger
import java.io.File
import java.io.IOException
import java.security.SecureRandom
import java.time.Instant
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors

/**
 * The phone's ledger and the customer's key, once for the whole process: screens come and go with every rotation. It stays open until
 * the process ends, which may be at any moment. On [background] only.
 */
internal class CustomerDesk private constructor(private val app: Context) {
    // A bank that is online gives the challenge, so that the attestation answers it; 32 bytes of its own.
    private val challenge = ByteArray(32).also(SecureRandom()::nextBytes)
    val phone: PhoneLedger = PhoneLedger.open(app, "customer", "示例银行手机银行", challenge)
    private val facts = PhoneFacts.of()

    lateinit var customer: KeystoreSigner
        private set

    init {
        customer = try {
            KeystoreSigner.load(CUSTOMER, KeyUse.CUSTOMER)
        } catch (none: YinzhengException) {
            if (none.code() != ErrorCode.SIGNER_KEY_GONE) throw none
            KeystoreSigner.generate(CUSTOMER, KeyUse.CUSTOMER, challenge)
        }
        dropWhatNobodyCanSign()
    }

    /** What waits for an earlier key can never be signed. At every start, for the app may have been killed after that key had ended. */
    private fun dropWhatNobodyCanSign() {
        val own = customer.publicKey().toSpki()
        for (held in phone.ledger.held()) {
            if (!held.toSign().key().toSpki().contentEquals(own)) phone.ledger.dropStatement(held.id(), DropReason.WITHDRAWN, PhoneClock.now(app))
        }
    }

    /**
     * The entry that the customer's key has to sign before it signs anything else, or null when it is enrolled. The ledger itself is
     * asked: an app that was killed right after the entry went in enrols nothing twice.
     */
    fun missing(): Draft? {
        val keys = phone.ledger.keys()
        if (customer.kid(keys) != null) return null
        val before = keys.parties().lastOrNull { it.role() == "customer" && !it.endedBy().isPresent }
        return customer.entry(keys, KeyRole.CUSTOMER, before?.kid(), Instant.now())
    }

    fun enrolled(draft: Draft, signature: ByteArray) {
        phone.ledger.keys().finish(draft.bytes(), signature)
        phone.seal()
    }

    /** A new finger has ended the key: another one takes its place once it is enrolled. */
    fun renew() {
        customer = KeystoreSigner.generate(CUSTOMER, KeyUse.CUSTOMER, challenge)
        dropWhatNobodyCanSign()
    }

    fun flow() = LoanFlow(phone.ledger, customer.publicKey(), checkNotNull(customer.kid(phone.ledger.keys())), { PhoneClock.now(app) }, { facts.into(it) })

    /** The bundle for the node, whole or not at all. */
    fun keep(bundle: ByteArray) = write(File(app.noBackupFilesDir, "sync.yzb"), bundle)

    private fun write(file: File, bytes: ByteArray) {
        val whole = AtomicFile(file)
        try {
            val out = whole.startWrite()
            try {
                out.write(bytes)
                whole.finishWrite(out)
            } catch (error: IOException) {
                whole.failWrite(out)
                throw error
            }
        } catch (error: IOException) {
            throw YinzhengException(ErrorCode.STORAGE, file.name, error)
        }
    }

    companion object {
        private const val CUSTOMER = "example.customer"
        private var desk: CustomerDesk? = null

        /** The library waits for disks and keys, so it is called on this thread only. It outlives every screen. */
        val background: ExecutorService = Executors.newSingleThreadExecutor()

        /** What is on the screen, also after a rotation; for the main thread. */
        val reading = Reading("信用贷款服务协议", "2026-10", Texts.AGREEMENT)

        fun of(context: Context): CustomerDesk = desk ?: CustomerDesk(context.applicationContext).also {
            it.phone.ledger.noteClock(PhoneClock.now(context))
            desk = it
        }
    }
}
