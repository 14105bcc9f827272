package io.yinzheng.android

import android.content.Context
import io.yinzheng.ErrorCode
import io.yinzheng.Head
import io.yinzheng.Sealed
import io.yinzheng.YinzhengException

/** Where the head of a ledger is kept a second time; [GuardedLedger] reads it when it opens, and writes it after each block. */
public interface Mirror {
    /**
     * The head that was written last, or null when none ever was.
     *
     * @throws YinzhengException `HEAD_MISMATCH` when what is kept does not open: changed, or its key is gone; `STORAGE` or
     * `SIGNER_LOCKED` when that cannot be said now: try again
     */
    public fun read(): Head?

    /**
     * Keeps a head; on the disk when this returns.
     *
     * @throws YinzhengException `HEAD_MISMATCH` for a lower head of the same ledger, or another one at its height: a mirror never goes back
     */
    public fun write(head: Head)
}

/**
 * Everything that a `seal` came for is sealed, and the mirror does not know the newest block yet: nothing is lost, and nothing is to be
 * signed again. Thrown instead of the mirror's own error ([cause]), which says nothing of the block. The next `seal`, or the next opening,
 * mends it.
 */
public class MirrorBehindException internal constructor(
    /** The newest block. */
    public val sealed: Sealed,
    cause: Exception,
) : YinzhengException(
    (cause as? YinzhengException)?.code() ?: ErrorCode.STORAGE, "block ${sealed.height()} is sealed, and its head is not mirrored yet", cause,
)

/**
 * The head in a file that a key of the Android Keystore encrypts, in another folder than the ledger. A ledger's file or folder put back
 * from a copy, or copied to another phone, no longer fits it. Whoever puts back the app's whole data folder on the same phone puts the
 * mirror back too: only a node that has seen a later head finds that.
 *
 * @param name the ledger's name in the app, of letters, digits and -; one slot for each
 */
public class HeadMirror(context: Context, private val name: String) : Mirror {
    private val sealed = SealedFile(SealedFile.mirrors(context), FILE)

    init {
        SealedFile.check(name)
    }

    override fun read(): Head? = try {
        sealed.get(name)?.let(::head)
    } catch (error: SealedFile.Unopened) {
        throw unopened(error)
    }

    private fun head(json: ByteArray): Head = try {
        Head.ofJson(String(json, Charsets.UTF_8))
    } catch (error: YinzhengException) {
        throw unopened(error)
    }

    /**
     * Keeps the head.
     *
     * @throws YinzhengException `HEAD_MISMATCH` for a head of another ledger, or a lower one, or one with another hash at the same
     * height; `STORAGE` for what the phone cannot write; `SIGNER_LOCKED`
     */
    override fun write(head: Head) {
        val known = read()
        if (known != null) {
            val other = known.ledgerId() != head.ledgerId() || known.height() > head.height() ||
                known.height() == head.height() && known.blockHash() != head.blockHash()
            if (other) throw YinzhengException(ErrorCode.HEAD_MISMATCH, "the mirror holds block ${known.height()} of a ledger", null)
        }
        put(head)
    }

    /** Keeps a head whatever was there: of a ledger that goes on from the one before. A key that has certainly ended makes place for another. */
    internal fun replace(head: Head) {
        sealed.renewKeyThatEnded()
        put(head)
    }

    private fun put(head: Head) {
        try {
            sealed.put(name, head.toJson().toByteArray(Charsets.UTF_8))
        } catch (error: SealedFile.Unopened) {
            throw unopened(error)
        }
    }

    /** Empties the slot, for a ledger that another one goes on from. */
    public fun forget(): Unit = sealed.remove(name)

    private fun unopened(cause: Exception) =
        YinzhengException(ErrorCode.HEAD_MISMATCH, "the mirror does not open: changed, or of another phone", cause)

    internal companion object {
        const val FILE = "yinzheng.mirror"
    }
}
