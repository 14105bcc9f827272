package io.yinzheng.android

import io.yinzheng.ContinueReason
import io.yinzheng.ErrorCode
import io.yinzheng.Head
import io.yinzheng.Ledger
import io.yinzheng.LedgerCreator
import io.yinzheng.Signer
import io.yinzheng.VaultSuite
import io.yinzheng.YinzhengException
import java.io.File
import java.io.FileOutputStream
import java.nio.file.Paths

/**
 * A new ledger in the place of one that does not open any more. It is made beside its place; the mirror says which of the two is the
 * ledger, in one step: until that is written the old one stands, and after it [settle] ends the work at the next opening.
 */
internal class GoingOn(
    private val file: File, private val name: String, private val alias: String, private val mirror: HeadMirror, private val vaultKeys: VaultKeys,
) {
    private val known: Head? = try {
        mirror.read()
    } catch (error: YinzhengException) {
        // Where no head is, nobody can say what was known.
        if (error.code() != ErrorCode.HEAD_MISMATCH) throw error
        null
    }

    /** Refuses while the ledger opens, or may open later. */
    fun checkThatNothingElseDoes(reason: ContinueReason, open: () -> Unit) {
        if (reason != ContinueReason.RESTORE && reason != ContinueReason.KEY_LOST) {
            throw YinzhengException(ErrorCode.INVALID_ARGUMENT, "a phone's ledger goes on after a restore or a lost key", null)
        }
        settle(file, mirror)
        if (!file.exists()) {
            if (known != null || vaultKeys.has(name) || KeystoreSigner.isThere(alias)) return
            throw YinzhengException(ErrorCode.NOT_FOUND, "no ledger was here that could be continued", null)
        }
        try {
            open()
        } catch (error: YinzhengException) {
            if (error.code() in FINAL) return
            throw error
        }
        throw YinzhengException(ErrorCode.INVALID_ARGUMENT, "nothing is wrong with this ledger: open it", null)
    }

    /** Makes it, seals its first block, and puts it into the old one's place. */
    fun goOn(reason: ContinueReason, signer: Signer, creator: () -> LedgerCreator) {
        val next = nextOf(file)
        delete(next)
        val vaultKey = vaultKey()
        val head = try {
            val (old, agrees) = left(vaultKey)
            try {
                made(next, old, agrees, reason, vaultKey, creator).use { ledger ->
                    ledger.commit(signer.sign(ledger.begin()))
                    ledger.head()
                }
            } finally {
                old?.close()
            }
        } finally {
            vaultKey.fill(0)
        }
        Folders.storing("the new ledger's file") {
            FileOutputStream(File(next.path + READY)).use {
                it.write(head.ledgerId().toByteArray())
                it.fd.sync()
            }
        }
        next.parentFile?.let(Folders::sync)
        mirror.replace(head)
        settle(file, mirror)
    }

    /** The old ledger's vault key where it opens, so that what goes along stays readable; else a new one. */
    private fun vaultKey(): ByteArray {
        val first = opens { vaultKeys.get(name) }
        try {
            val next = opens { vaultKeys.next(name) }?.also { it.fill(0) }
            // A change of vault key that was interrupted after its last value; or the first one is spoilt, and the other is there.
            if (next != null && (first == null || file.exists() && !opensUnder(first.clone()))) {
                first?.fill(0)
                vaultKeys.promote(name)
                return vaultKeys.get(name)
            }
            if (first == null) {
                vaultKeys.forget(name)
                return vaultKeys.create(name, VaultSuite.AES_256_GCM)
            }
            // One that is spoilt would stand in the way at every opening.
            if (next == null) vaultKeys.forgetNext(name)
            return first
        } catch (error: Throwable) {
            first?.fill(0)
            throw error
        }
    }

    private inline fun opens(key: () -> ByteArray?): ByteArray? = try {
        key()
    } catch (error: YinzhengException) {
        if (error.code() != ErrorCode.WRONG_VAULT_KEY) throw error
        null
    }

    private fun opensUnder(vaultKey: ByteArray): Boolean = try {
        Ledger.opening(Paths.get(file.path)).readOnly().vaultKey(vaultKey).open().close()
        true
    } catch (error: YinzhengException) {
        error.code() != ErrorCode.WRONG_VAULT_KEY
    } finally {
        vaultKey.fill(0)
    }

    private fun made(
        next: File, old: Ledger?, agrees: Boolean, reason: ContinueReason, vaultKey: ByteArray, creator: () -> LedgerCreator,
    ): Ledger {
        if (old != null) {
            try {
                return creator().continueFrom(old, reason, if (agrees) null else known, Paths.get(next.path), vaultKey).ledger()
            } catch (error: YinzhengException) {
                if (error.code() !in UNUSABLE) throw error
                delete(next)
            }
        }
        val terms = creator()
        known?.let { terms.continues(it, reason) }
        return terms.create(Paths.get(next.path), vaultKey)
    }

    /** What is left of the old ledger, and whether it agrees with the mirror. */
    private fun left(vaultKey: ByteArray): Pair<Ledger?, Boolean> {
        if (!file.exists()) return null to false
        for (expected in listOf(known, null).distinct()) {
            try {
                val opener = Ledger.opening(Paths.get(file.path))
                expected?.let(opener::expectedHead)
                return opener.vaultKey(vaultKey).open() to (expected == known)
            } catch (error: YinzhengException) {
                if (error.code() !in UNUSABLE) throw error
            }
        }
        return null to false
    }

    companion object {
        private const val READY = ".ready"

        /** What says that a ledger cannot be opened here any more; another error, such as that of a locked phone, may pass. */
        private val FINAL = setOf(
            ErrorCode.HEAD_MISMATCH, ErrorCode.SIGNER_KEY_GONE, ErrorCode.WRONG_VAULT_KEY, ErrorCode.NOT_A_LEDGER, ErrorCode.DAMAGED,
        )

        /** What makes an old file one that nothing can be taken from. */
        private val UNUSABLE = setOf(
            ErrorCode.NOT_A_LEDGER, ErrorCode.DAMAGED, ErrorCode.WRONG_VAULT_KEY, ErrorCode.HEAD_MISMATCH, ErrorCode.INVALID_ARGUMENT,
        )

        private fun nextOf(file: File) = File(file.path + ".next")

        /** Where the mirror already says that the new ledger is the one, it takes its place now. */
        fun settle(file: File, mirror: HeadMirror) {
            val next = nextOf(file)
            val ready = File(next.path + READY)
            if (!ready.exists()) return
            val known = try {
                mirror.read()
            } catch (error: YinzhengException) {
                if (error.code() != ErrorCode.HEAD_MISMATCH) throw error
                null
            }
            val id = Folders.storing("the new ledger's file") { ready.readText() }
            if (known?.ledgerId() != id) return
            if (next.exists()) {
                // Under the same name in each run, or a kill between two moves would part a file from what SQLite keeps beside it.
                val before = File(file.path + ".before-" + id.substringAfter(':'))
                for (beside in BESIDE) move(File(file.path + beside), File(before.path + beside))
                move(next, file)
            }
            file.parentFile?.let(Folders::sync)
            ready.delete()
        }

        private val BESIDE = listOf("-wal", "-shm", "-journal", "")

        private fun move(from: File, to: File) {
            if (from.exists() && !from.renameTo(to)) throw YinzhengException(ErrorCode.STORAGE, "moving a file of the ledger", null)
        }

        /** A file, what SQLite keeps beside it, and what going on has left or kept. */
        fun delete(file: File) {
            val all = file.parentFile?.listFiles { one -> one.name.startsWith(file.name) && !one.name.endsWith(".opening") }
            for (one in all.orEmpty()) {
                if (!one.delete()) throw YinzhengException(ErrorCode.STORAGE, "deleting a file of the ledger", null)
            }
        }
    }
}
