package io.yinzheng.android

import android.content.Context
import io.yinzheng.ContinueReason
import io.yinzheng.ErrorCode
import io.yinzheng.HashAlgorithm
import io.yinzheng.Ledger
import io.yinzheng.LedgerCreator
import io.yinzheng.Sealed
import io.yinzheng.TimeClaim
import io.yinzheng.VaultSuite
import io.yinzheng.YinzhengException
import java.io.File
import java.io.RandomAccessFile
import java.nio.file.Paths

/**
 * The ledger of an app on this phone: its file where no backup goes, its key in the Android Keystore, its values under a wrapped
 * vault key, its head mirrored. Close it; one process at a time may have it open.
 */
public class PhoneLedger private constructor(
    private val guarded: GuardedLedger,
    /** The ledger's key. */
    public val signer: KeystoreSigner,
    private val vaultKeys: VaultKeys,
    private val name: String,
) : AutoCloseable {
    /** For everything but sealing. */
    public val ledger: Ledger get() = guarded.ledger

    /**
     * Seals everything that was appended before it, and mirrors the head; where nothing waits, the newest block once more. On a phone: after every statement, since what is only appended is only the
     * phone's word.
     *
     * @return the last block
     * @throws MirrorBehindException when everything is sealed and the mirror could not be written: call again, or open again
     * @throws io.yinzheng.YinzhengException `SIGNER_LOCKED` while the phone is locked; the block waits, call again
     */
    public fun seal(): Sealed = guarded.seal(signer)

    /**
     * Moves every value under a new vault key. It may be interrupted anywhere: both keys are kept until all is moved, and the next
     * call of this, or of [open], goes on.
     */
    public fun rewrap(): Unit = finishRewrap(vaultKeys.prepare(name))

    private fun finishRewrap(next: ByteArray) = wiping(next) {
        ledger.privacy().rewrap(it, null)
        vaultKeys.promote(name)
    }

    override fun close(): Unit = guarded.close()

    public companion object {
        private val lock = Any()

        /**
         * Opens the ledger called [name], or makes it when there is none. Interrupted, it goes on where it was.
         *
         * @param organisation who answers for what is sealed, as it calls itself; for a new ledger
         * @param challenge what the attestation of a new ledger's key answers, 1 to 128 bytes, from the bank if it is online; a key
         * that an interrupted first open made is used, with the challenge of then
         * @throws io.yinzheng.YinzhengException `HEAD_MISMATCH` for a rollback, a clone or a deleted file; `SIGNER_KEY_GONE` when
         * the Keystore has lost the key, or has another than the ledger's; `WRONG_VAULT_KEY`: see [continueFrom] and [openForReading];
         * `LOCKED` when another process has it open; 6xx
         */
        @JvmStatic
        public fun open(context: Context, name: String, organisation: String, challenge: ByteArray): PhoneLedger = alone(context, name) { file ->
            GoingOn.settle(file, HeadMirror(context, name))
            opened(context, file, name, organisation, challenge)
        }

        /**
         * Goes on after [open] has thrown `HEAD_MISMATCH`, `SIGNER_KEY_GONE`, `WRONG_VAULT_KEY`, `NOT_A_LEDGER` or `DAMAGED`: a new ledger
         * under a new key, whose genesis says which head was known last. Where the old file opens, what it never sealed goes along, with
         * the records that wait for a signature. The old file is kept beside the new one: it may be evidence. Killed in its middle, call
         * [open]: it is done, or says what it said before, and this is called again.
         *
         * @param reason [ContinueReason.RESTORE], or [ContinueReason.KEY_LOST] after `SIGNER_KEY_GONE`
         * @throws io.yinzheng.YinzhengException `INVALID_ARGUMENT` while [open] would do, `NOT_FOUND` where nothing was before; what may
         * pass (a locked phone, a key store that does not answer) as [open] says it
         */
        @JvmStatic
        public fun continueFrom(
            context: Context, name: String, organisation: String, challenge: ByteArray, reason: ContinueReason,
        ): PhoneLedger = alone(context, name) { file ->
            val goingOn = GoingOn(file, name, alias(name), HeadMirror(context, name), VaultKeys(context))
            goingOn.checkThatNothingElseDoes(reason) { opened(context, file, name, organisation, challenge).close() }
            val signer = KeystoreSigner.generate(alias(name), KeyUse.LEDGER, challenge)
            goingOn.goOn(reason, signer) { creator(signer, organisation, PhoneClock.now(context)) }
            opened(context, file, name, organisation, challenge)
        }

        /**
         * What is there, for reading only, without a signer: when the ledger's key, the vault key or the mirror is gone, and before
         * [continueFrom]. Status, proofs of what is sealed, bundles for a node; values where the vault key is there and fits, else they
         * stay closed. The mirror is not asked: an older file says what it said then. It may be open for writing beside.
         *
         * @throws io.yinzheng.YinzhengException `NOT_A_LEDGER` where none is, `DAMAGED`
         */
        @JvmStatic
        public fun openForReading(context: Context, name: String): Ledger = alone(context, name) { file ->
            GoingOn.settle(file, HeadMirror(context, name))
            val vaultKey = try {
                VaultKeys(context).get(name)
            } catch (error: YinzhengException) {
                if (error.code() != ErrorCode.WRONG_VAULT_KEY) throw error
                null
            }
            fun opener() = Ledger.opening(Paths.get(file.path)).readOnly()
            if (vaultKey == null) return@alone opener().open()
            wiping(vaultKey) {
                try {
                    opener().vaultKey(it).open()
                } catch (error: YinzhengException) {
                    if (error.code() != ErrorCode.WRONG_VAULT_KEY) throw error
                    opener().open()
                }
            }
        }

        /**
         * Removes everything of a ledger from this phone: its file and those that [continueFrom] kept, mirror, vault key and key. What no
         * node has is lost for ever, so send the last bundle first. The way on for a customer who leaves, and where a mirror is left over
         * and nothing else. Interrupted, call it again.
         *
         * @throws io.yinzheng.YinzhengException `LOCKED` while it is open
         */
        @JvmStatic
        public fun forget(context: Context, name: String): Unit = alone(context, name) { file ->
            if (file.exists()) {
                try {
                    // For writing, since only that takes the lock.
                    Ledger.opening(Paths.get(file.path)).open().close()
                } catch (error: YinzhengException) {
                    // What does not open may go; what somebody has open may not.
                    if (error.code() == ErrorCode.LOCKED) throw error
                }
            }
            GoingOn.delete(file)
            HeadMirror(context, name).forget()
            VaultKeys(context).forget(name)
            KeystoreSigner.delete(alias(name))
        }

        /** Two openings at once would each make a key, and the second would end the first one's. */
        private inline fun <T> alone(context: Context, name: String, work: (File) -> T): T {
            val file = file(context, name)
            synchronized(lock) {
                Folders.storing("the lock of a ledger") { RandomAccessFile(File(file.path + ".opening"), "rw") }.use { other ->
                    // Another process of the app waits here.
                    Folders.storing("the lock of a ledger") { other.channel.lock() }
                    return work(file)
                }
            }
        }

        private fun creator(signer: KeystoreSigner, organisation: String, now: TimeClaim): LedgerCreator {
            val facts = PhoneFacts.of()
            return Ledger.creating(HashAlgorithm.SHA_256, signer.publicKey(), signer.custody)
                .organisation(organisation).certificates(signer.certificates()).created(now)
                .environment(facts.system, facts.device)
        }

        private fun opened(context: Context, file: File, name: String, organisation: String, challenge: ByteArray): PhoneLedger {
            val mirror = HeadMirror(context, name)
            val facts = PhoneFacts.of()
            val vaultKeys = VaultKeys(context)
            val now = PhoneClock.now(context)
            begin(file, name, mirror, vaultKeys)
            val signer = signer(file, name, challenge)
            fun guarded(vaultKey: ByteArray) = GuardedLedger.openOrCreate(
                file,
                { Ledger.opening(Paths.get(file.path)).environment(facts.system, facts.device).now(now) },
                { creator(signer, organisation, now) },
                vaultKey, mirror, signer,
            )
            val first = if (hasNone(file)) vaultKeys.create(name, VaultSuite.AES_256_GCM) else vaultKeys.get(name)
            val next = try {
                vaultKeys.next(name)
            } catch (error: Throwable) {
                first.fill(0)
                throw error
            }
            if (next == null) return PhoneLedger(wiping(first, ::guarded), signer, vaultKeys, name)
            // A rewrap was interrupted: before its end the first key opens, after it the next one.
            return wiping(next) {
                var moved = false
                val guarded = try {
                    wiping(first, ::guarded)
                } catch (error: YinzhengException) {
                    if (error.code() != ErrorCode.WRONG_VAULT_KEY) throw error
                    moved = true
                    guarded(it)
                }
                val phone = PhoneLedger(guarded, signer, vaultKeys, name)
                try {
                    // A ledger that has ended moves nothing more: both keys stay.
                    if (moved) vaultKeys.promote(name) else if (!guarded.ledger.status().closed()) phone.finishRewrap(it)
                } catch (error: Throwable) {
                    phone.close()
                    throw error
                }
                phone
            }
        }

        /** No ledger was ever in it: a first opening that ended early left it. */
        private fun hasNone(file: File) = file.length() == 0L

        /** The first opening. An empty file is the sign that the keys beside it belong to no ledger yet. */
        private fun begin(file: File, name: String, mirror: HeadMirror, vaultKeys: VaultKeys) {
            if (!hasNone(file)) return
            val known = mirror.read()
            if (known != null || !file.exists() && (vaultKeys.has(name) || KeystoreSigner.isThere(alias(name)))) {
                throw YinzhengException(ErrorCode.HEAD_MISMATCH, "the ledger's file is gone, and its mirror or its keys are there", null)
            }
            Folders.storing("the ledger's file") { file.createNewFile() }
            file.parentFile?.let(Folders::sync)
        }

        /** The ledger's key, or a new one where there cannot be a ledger yet. A key that is there is never replaced. */
        private fun signer(file: File, name: String, challenge: ByteArray): KeystoreSigner = try {
            KeystoreSigner.load(alias(name), KeyUse.LEDGER)
        } catch (error: YinzhengException) {
            if (error.code() != ErrorCode.SIGNER_KEY_GONE || !hasNone(file)) throw error
            KeystoreSigner.generate(alias(name), KeyUse.LEDGER, challenge)
        }

        /** Where the ledger is: in the app's private files that the system never backs up. Its folder is made. */
        @JvmStatic
        public fun file(context: Context, name: String): File {
            SealedFile.check(name)
            return File(SealedFile.folder(context), "$name.db")
        }

        private fun alias(name: String) = "yinzheng.ledger.$name"

        private inline fun <T> wiping(secret: ByteArray, use: (ByteArray) -> T): T = try {
            use(secret)
        } finally {
            secret.fill(0)
        }
    }
}
