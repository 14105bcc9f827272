package io.yinzheng.android

import io.yinzheng.ErrorCode
import io.yinzheng.Ledger
import io.yinzheng.LedgerCreator
import io.yinzheng.LedgerOpener
import io.yinzheng.Sealed
import io.yinzheng.Signer
import io.yinzheng.ToSign
import io.yinzheng.YinzhengException
import java.io.File
import java.nio.file.Paths

/**
 * A ledger whose head is mirrored: a file that is gone, older or another than the mirror says is refused when it is opened. Plain
 * Kotlin, without Android; [PhoneLedger] brings the phone's keys and mirror.
 *
 * What it adds to a [Ledger] is the mirror only. Append, hold and prove on [ledger]; seal here.
 */
public class GuardedLedger private constructor(
    /** The ledger. */
    public val ledger: Ledger,
    private val mirror: Mirror,
) : AutoCloseable {
    /** Begins and commits: [Ledger.seal], then the mirror. */
    public fun seal(signer: Signer): Sealed = commit(signer.sign(ledger.begin()))

    /** The second phase of a block whose signature took its time: [Ledger.commit], then the mirror. */
    public fun commit(signature: ByteArray): Sealed = ledger.commit(signature).also { mirror.write(ledger.head()) }

    /** The block that waits for its signature: after [Ledger.begin], also in a process that ended since. */
    public fun pending(): ToSign? = ledger.pending().orElse(null)

    override fun close(): Unit = ledger.close()

    /** Block 0 waits for its signature from the moment that the file is there; the first mirror comes after it. */
    private fun catchUp(signer: Signer?) {
        val head = ledger.status().head().orElse(null)
        if (head != null) mirror.write(head) else if (signer != null) seal(signer)
    }

    public companion object {
        /**
         * Makes a ledger, seals block 0 and mirrors it.
         *
         * @param file must not be there yet
         * @throws YinzhengException `HEAD_MISMATCH` when the mirror knows a ledger already: it was deleted, see [open]
         */
        @JvmStatic
        public fun create(file: File, creator: LedgerCreator, vaultKey: ByteArray, mirror: Mirror, signer: Signer): GuardedLedger {
            mirror.read()?.let { throw mismatch("the mirror knows block ${it.height()} of a ledger whose file is gone") }
            return guarded(creator.create(Paths.get(file.path), vaultKey), mirror, signer)
        }

        /**
         * Opens a ledger by its mirror. A mirror that is one block behind is normal (the process ended between the two) and
         * catches up; a mirror that is ahead is a rollback.
         *
         * @param opener of the same [file], with its vault key; the expected head is set here
         * @param signer the ledger's key, for a block 0 that was never sealed; null leaves it pending
         * @throws YinzhengException `HEAD_MISMATCH` when the file is gone, older or another, or the mirror is gone; what
         * [LedgerOpener.open] throws
         */
        @JvmStatic
        public fun open(file: File, opener: LedgerOpener, mirror: Mirror, signer: Signer?): GuardedLedger {
            val known = mirror.read()
            if (known != null) {
                if (!file.exists()) throw mismatch("the mirror knows block ${known.height()}, and the ledger's file is gone")
                opener.expectedHead(known)
            }
            val ledger = opener.open()
            // The mirror is written after each block, so only block 0 may stand without one.
            val height = ledger.status().head().map { it.height() }.orElse(0)
            if (known == null && height > 0) {
                ledger.close()
                throw mismatch("the ledger has block $height, and its mirror is gone")
            }
            return guarded(ledger, mirror, signer)
        }

        private fun guarded(ledger: Ledger, mirror: Mirror, signer: Signer?): GuardedLedger {
            try {
                return GuardedLedger(ledger, mirror).also { it.catchUp(signer) }
            } catch (error: RuntimeException) {
                ledger.close()
                throw error
            }
        }

        private fun mismatch(what: String) = YinzhengException(ErrorCode.HEAD_MISMATCH, what, null)
    }
}
