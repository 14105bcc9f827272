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
    /** One thread seals at a time: two would sign one block, or mirror an older head after a newer one. */
    private val sealing = Any()

    // Both under the lock above: the block that was sealed last, and why the mirror lacks it.
    private var newest: Sealed? = null
    private var behind: Exception? = null

    /**
     * Seals everything that was appended before it: a block that was begun before, then what came after it; after each the mirror. Threads
     * that call it at one time seal one after the other; who finds that another one has sealed what it came for is given that block, so a
     * call where nothing waits gives the newest block once more. What is appended while it works may go along, and waits else for a call
     * of its own.
     *
     * @return the last block
     * @throws MirrorBehindException when everything is sealed and the newest head could not be mirrored: the next call, or the next
     * opening, mends it
     * @throws YinzhengException when signing or sealing fails: what is not sealed goes on waiting. `NOTHING_TO_SEAL` where nothing was
     * sealed since the opening, and nothing waits
     */
    public fun seal(signer: Signer): Sealed {
        synchronized(sealing) {
            // A mirror that fails stands in nobody's way: first all is sealed, then it is said.
            if (behind != null) mirrorNewest()
            val status = ledger.status()
            val last = newest
            if (last != null && status.unsealed() == 0L && last.height() == status.head().orElse(null)?.height()) return mirrored(last)
            var sealed = committed(signer.sign(ledger.begin()))
            while (ledger.head().nextSequence() < status.entries()) sealed = committed(signer.sign(ledger.begin()))
            return mirrored(sealed)
        }
    }

    /**
     * The second phase of a block whose signature took its time: [Ledger.commit], then the mirror.
     *
     * @throws MirrorBehindException as [seal]
     */
    public fun commit(signature: ByteArray): Sealed = synchronized(sealing) { mirrored(committed(signature)) }

    private fun committed(signature: ByteArray): Sealed = ledger.commit(signature).also {
        newest = it
        mirrorNewest()
    }

    /** Notes where it fails, whatever a mirror of the host's throws. */
    private fun mirrorNewest() {
        behind = try {
            mirror.write(ledger.head())
            null
        } catch (error: Exception) {
            error
        }
    }

    private fun mirrored(sealed: Sealed): Sealed {
        behind?.let { throw MirrorBehindException(sealed, it) }
        return sealed
    }

    /** The block that waits for its signature: after [Ledger.begin], also in a process that ended since. */
    public fun pending(): ToSign? = ledger.pending().orElse(null)

    override fun close(): Unit = ledger.close()

    /** Block 0 waits for its signature from the moment that the file is there; the first mirror comes after it. */
    private fun catchUp(signer: Signer?) {
        // What another key's ledger takes could never be sealed: so it is said before anything is appended.
        val own = signer?.publicKey()?.toSpki()
        if (own != null && ledger.keys().list().none { !it.ended().isPresent && it.key().toSpki().contentEquals(own) }) {
            throw YinzhengException(ErrorCode.SIGNER_KEY_GONE, "the signer's key is not this ledger's key in force", null)
        }
        val head = ledger.status().head().orElse(null)
        if (head != null) mirror.write(head) else if (signer != null) commit(signer.sign(ledger.begin()))
    }

    public companion object {
        /**
         * Opens the ledger of [file], or makes it: where there is no file, and where making it was interrupted before it was a
         * ledger. Nothing was sealed in such a file, and no mirror knows of it.
         *
         * @param opener what [open] takes, used at most once
         * @param creator what [create] takes, used at most once
         */
        @JvmStatic
        public fun openOrCreate(
            file: File, opener: () -> LedgerOpener, creator: () -> LedgerCreator, vaultKey: ByteArray, mirror: Mirror, signer: Signer,
        ): GuardedLedger {
            if (file.exists()) {
                try {
                    return open(file, opener(), vaultKey, mirror, signer)
                } catch (error: YinzhengException) {
                    if (error.code() != ErrorCode.NOT_A_LEDGER || mirror.read() != null) throw error
                }
            }
            return create(file, creator(), vaultKey, mirror, signer)
        }

        /**
         * Makes a ledger, seals block 0 and mirrors it.
         *
         * @param file must not be there yet, or without a ledger in it
         * @throws YinzhengException `HEAD_MISMATCH` when the mirror knows a ledger already: it was deleted, see [open]
         */
        @JvmStatic
        public fun create(file: File, creator: LedgerCreator, vaultKey: ByteArray, mirror: Mirror, signer: Signer): GuardedLedger {
            mirror.read()?.let { throw mismatch("the mirror knows block ${it.height()} of a ledger whose file is gone") }
            return guarded(creator.create(Paths.get(file.path), vaultKey)) { GuardedLedger(it, mirror).apply { catchUp(signer) } }
        }

        /**
         * Opens a ledger by its mirror. A mirror that is one block behind is normal (the process ended between the two) and
         * catches up; a mirror that is ahead is a rollback.
         *
         * @param opener of the same [file]; the expected head and the vault key are set here
         * @param vaultKey the ledger's; copied, and the copy is wiped
         * @param signer the ledger's key, for a block 0 that was never sealed; null leaves it pending
         * @throws YinzhengException `HEAD_MISMATCH` when the file is gone, older or another, or the mirror is gone; `SIGNER_KEY_GONE`
         * when [signer] has another key than the ledger; what [LedgerOpener.open] throws
         */
        @JvmStatic
        public fun open(file: File, opener: LedgerOpener, vaultKey: ByteArray, mirror: Mirror, signer: Signer?): GuardedLedger {
            val known = mirror.read()
            if (known != null) {
                if (!file.exists()) throw mismatch("the mirror knows block ${known.height()}, and the ledger's file is gone")
                opener.expectedHead(known)
            }
            // Last, so that nothing that throws stands between the copy and its wiping.
            return guarded(opener.vaultKey(vaultKey).open()) { ledger ->
                // The mirror is written after each block, so only block 0 may stand without one.
                val height = ledger.status().head().map { it.height() }.orElse(0)
                if (known == null && height > 0) throw mismatch("the ledger has block $height, and its mirror is gone")
                GuardedLedger(ledger, mirror).apply { catchUp(signer) }
            }
        }

        private inline fun guarded(ledger: Ledger, work: (Ledger) -> GuardedLedger): GuardedLedger {
            try {
                return work(ledger)
            } catch (error: Throwable) {
                ledger.close()
                throw error
            }
        }

        private fun mismatch(what: String) = YinzhengException(ErrorCode.HEAD_MISMATCH, what, null)
    }
}
