package io.yinzheng.android

import android.content.Context
import io.yinzheng.ErrorCode
import io.yinzheng.VaultSuite
import io.yinzheng.Yinzheng
import io.yinzheng.YinzhengException

/**
 * Vault keys, wrapped by a key of the Android Keystore that never leaves it. The vault key itself is in the process's memory only
 * while a ledger is opened; wipe what [get] gives.
 */
public class VaultKeys(context: Context) {
    private val sealed = SealedFile(SealedFile.folder(context), FILE)

    /**
     * The vault key of a ledger.
     *
     * @param name the ledger's name in the app, of letters, digits and -
     * @return 32 or 16 bytes
     * @throws YinzhengException `WRONG_VAULT_KEY` when there is none, or it does not open on this phone; `STORAGE` or
     * `SIGNER_LOCKED` when the key store cannot say now: try again
     */
    public fun get(name: String): ByteArray =
        kept(checked(name)) ?: throw YinzhengException(ErrorCode.WRONG_VAULT_KEY, "no vault key of this ledger is kept here", null)

    private fun kept(name: String): ByteArray? = try {
        sealed.get(name)
    } catch (error: SealedFile.Unopened) {
        throw YinzhengException(ErrorCode.WRONG_VAULT_KEY, "the vault key does not open on this phone", error)
    }

    /**
     * Makes a vault key for a new ledger, and keeps it. One that is there already is given again: the ledger's file may have
     * failed to come after it.
     */
    public fun create(name: String, suite: VaultSuite): ByteArray =
        wrapping { sealed.putNew(checked(name)) { Yinzheng.newVaultKey(suite) } } ?: get(name)

    /**
     * The first step of another vault key: makes it and keeps it beside the present one. Then [io.yinzheng.LedgerPrivacy.rewrap] with
     * it, then [promote]; [PhoneLedger.rewrap] does all three. Between them each value is under one of the two, so both stay. Called
     * again after an interruption it gives the same one.
     */
    public fun prepare(name: String): ByteArray =
        wipingAfter(get(name)) { present ->
            val suite = if (present.size == 32) VaultSuite.AES_256_GCM else VaultSuite.SM4_GCM
            wrapping { sealed.putNew(nextOf(name)) { Yinzheng.newVaultKey(suite) } }
        } ?: next(name) ?: throw YinzhengException(ErrorCode.WRONG_VAULT_KEY, "the prepared vault key is gone", null)

    /** What [prepare] made and [promote] has not taken yet, or null. */
    public fun next(name: String): ByteArray? = kept(nextOf(checked(name)))

    /**
     * The last step: the prepared vault key takes the present one's place. The wrapped old one is gone from the file; flash may
     * still hold it until the system trims it.
     */
    public fun promote(name: String) {
        val next = next(name) ?: return
        wipingAfter(next) { wrapping { sealed.put(name, it, nextOf(name)) } }
    }

    /** Whether a vault key is kept, also one that does not open here. */
    internal fun has(name: String): Boolean = sealed.has(name)

    /** Keeps none of this name any more. Values under it stay closed for ever. */
    public fun forget(name: String): Unit = sealed.remove(checked(name), nextOf(name))

    /** Gives up what [prepare] made, where nothing is under it. */
    internal fun forgetNext(name: String): Unit = sealed.remove(nextOf(name))

    private fun checked(name: String) = name.also(SealedFile::check)

    // No ledger is called so: see above.
    private fun nextOf(name: String) = "$name.next"

    private inline fun <T> wipingAfter(secret: ByteArray, use: (ByteArray) -> T): T = try {
        use(secret)
    } finally {
        secret.fill(0)
    }

    private inline fun <T> wrapping(work: () -> T): T = try {
        work()
    } catch (error: SealedFile.Unopened) {
        throw YinzhengException(ErrorCode.WRONG_VAULT_KEY, "the vault key cannot be wrapped on this phone", error)
    }

    internal companion object {
        const val FILE = "yinzheng.vault"
    }
}
