package io.yinzheng.android

import android.content.Context
import io.yinzheng.HashAlgorithm
import io.yinzheng.Ledger
import io.yinzheng.Sealed
import io.yinzheng.VaultSuite
import java.io.File
import java.nio.file.Paths

/**
 * The ledger of an app on this phone: its file where no backup goes, its key in the Android Keystore, its values under a wrapped
 * vault key, its head mirrored. Close it; one process at a time may have it open.
 */
public class PhoneLedger private constructor(
    private val guarded: GuardedLedger,
    /** The ledger's key. */
    public val signer: KeystoreSigner,
) : AutoCloseable {
    /** For everything but sealing. */
    public val ledger: Ledger get() = guarded.ledger

    /**
     * Seals what waits, and mirrors the head. On a phone: after every statement, since what is only appended is only the
     * phone's word.
     *
     * @throws io.yinzheng.YinzhengException `SIGNER_LOCKED` while the phone is locked; the block waits, call again
     */
    public fun seal(): Sealed = guarded.seal(signer)

    override fun close(): Unit = guarded.close()

    public companion object {
        /**
         * Opens the ledger called [name], or makes it when there is none.
         *
         * @param organisation who answers for what is sealed, as it calls itself; for a new ledger
         * @param challenge what the attestation of a new ledger's key answers, 1 to 128 bytes, from the bank if it is online
         * @throws io.yinzheng.YinzhengException `HEAD_MISMATCH` for a rollback, a clone or a deleted file; `SIGNER_KEY_GONE` when
         * the Keystore has lost the key; `WRONG_VAULT_KEY`; `LOCKED` when another process has it open; 6xx
         */
        @JvmStatic
        public fun open(context: Context, name: String, organisation: String, challenge: ByteArray): PhoneLedger {
            val file = file(context, name)
            val mirror = HeadMirror(context, name)
            val facts = PhoneFacts.of()
            val vaultKeys = VaultKeys(context)
            val now = PhoneClock.now(context)
            if (file.exists()) {
                val signer = KeystoreSigner.load(alias(name), KeyUse.LEDGER)
                val opener = wiping(vaultKeys.get(name)) { Ledger.opening(Paths.get(file.path)).vaultKey(it) }
                opener.environment(facts.system, facts.device).now(now)
                return PhoneLedger(GuardedLedger.open(file, opener, mirror, signer), signer)
            }
            // Before a key is replaced: was there a ledger?
            mirror.read()?.let { GuardedLedger.open(file, Ledger.opening(Paths.get(file.path)), mirror, null) }
            val signer = KeystoreSigner.generate(alias(name), KeyUse.LEDGER, challenge)
            val creator = Ledger.creating(HashAlgorithm.SHA_256, signer.publicKey(), signer.custody)
                .organisation(organisation).certificates(signer.certificates()).created(now)
                .environment(facts.system, facts.device)
            val guarded = wiping(vaultKeys.create(name, VaultSuite.AES_256_GCM)) {
                GuardedLedger.create(file, creator, it, mirror, signer)
            }
            return PhoneLedger(guarded, signer)
        }

        /** Where the ledger is: in the app's private files that the system never backs up. Its folder is made. */
        @JvmStatic
        public fun file(context: Context, name: String): File {
            require(name.isNotEmpty() && name.all { it.isLetterOrDigit() || it == '-' }) { "a name of letters, digits and -" }
            val folder = File(context.noBackupFilesDir, "yinzheng")
            folder.mkdirs()
            return File(folder, "$name.db")
        }

        private fun alias(name: String) = "yinzheng.ledger.$name"

        private inline fun <T> wiping(secret: ByteArray, use: (ByteArray) -> T): T = try {
            use(secret)
        } finally {
            secret.fill(0)
        }
    }
}
