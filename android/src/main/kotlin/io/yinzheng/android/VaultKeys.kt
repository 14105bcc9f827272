package io.yinzheng.android

import android.content.Context
import io.yinzheng.ErrorCode
import io.yinzheng.VaultSuite
import io.yinzheng.Yinzheng
import io.yinzheng.YinzhengException
import java.io.IOException

/**
 * Vault keys, wrapped by a key of the Android Keystore that never leaves it. The vault key itself is in the process's memory only
 * while a ledger is opened; wipe what [get] gives.
 */
public class VaultKeys(context: Context) {
    private val preferences = SealedPreferences(context, FILE)

    /**
     * The vault key of a ledger.
     *
     * @param name the ledger's name in the app
     * @return 32 or 16 bytes
     * @throws YinzhengException `WRONG_VAULT_KEY` when there is none, or it does not open on this phone
     */
    public fun get(name: String): ByteArray = try {
        preferences.get(name) ?: throw YinzhengException(ErrorCode.WRONG_VAULT_KEY, "no vault key of $name is kept here", null)
    } catch (error: SealedPreferences.Unopened) {
        throw YinzhengException(ErrorCode.WRONG_VAULT_KEY, "the vault key of $name does not open on this phone", error)
    }

    /**
     * Makes a vault key for a new ledger, and keeps it. One that is there already is given again: the ledger's file may have
     * failed to come after it.
     */
    public fun create(name: String, suite: VaultSuite): ByteArray {
        if (preferences.has(name)) return get(name)
        return Yinzheng.newVaultKey(suite).also { keep(name, it) }
    }

    /**
     * Keeps another vault key in its place, after [io.yinzheng.LedgerPrivacy.rewrap]. The wrapped old one is gone from the
     * preferences; flash may still hold it until the system trims it.
     */
    public fun keep(name: String, key: ByteArray) {
        try {
            preferences.put(name, key)
        } catch (error: SealedPreferences.Unopened) {
            throw YinzhengException(ErrorCode.WRONG_VAULT_KEY, "the vault key of $name cannot be wrapped on this phone", error)
        } catch (error: IOException) {
            throw YinzhengException(ErrorCode.STORAGE, "the vault key of $name", error)
        }
    }

    internal companion object {
        /** The name stands in the backup rules too. */
        const val FILE = "yinzheng.vault"
    }
}
