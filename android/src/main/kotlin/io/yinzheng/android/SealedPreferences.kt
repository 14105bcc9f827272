package io.yinzheng.android

import android.content.Context
import android.content.SharedPreferences
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.util.Base64
import io.yinzheng.ErrorCode
import io.yinzheng.YinzhengException
import java.security.GeneralSecurityException
import java.security.ProviderException
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * Small values in preferences, each encrypted and authenticated (AES-256-GCM) by a key of the Android Keystore and bound to its
 * name. A copy of the preferences is worth nothing on another phone. An older copy put back on the same phone opens.
 */
internal class SealedPreferences(context: Context, private val file: String) {
    private val preferences: SharedPreferences =
        context.applicationContext.getSharedPreferences(file, Context.MODE_PRIVATE)
    private val alias = "$file.key"

    fun has(name: String): Boolean = preferences.contains(name)

    /** The value, or null when there is none. Throws [Unopened] when it does not open, `SIGNER_LOCKED` or `STORAGE` for the key store's faults. */
    fun get(name: String): ByteArray? {
        val text = preferences.getString(name, null) ?: return null
        return try {
            val bytes = Base64.decode(text, Base64.NO_WRAP)
            if (bytes.size < NONCE + TAG) throw Unopened(null)
            val cipher = Cipher.getInstance(CIPHER)
            val key = key() ?: throw Unopened(null)
            cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(8 * TAG, bytes, 0, NONCE))
            cipher.updateAAD(name.toByteArray(Charsets.UTF_8))
            cipher.doFinal(bytes, NONCE, bytes.size - NONCE)
        } catch (error: AEADBadTagException) {
            throw Unopened(error)
        } catch (error: IllegalArgumentException) {
            throw Unopened(error)
        } catch (error: GeneralSecurityException) {
            throw meant(error)
        } catch (error: ProviderException) {
            throw meant(error)
        }
    }

    /** Keeps a value, and removes the one called [instead] in the same step; it is on the disk when this returns. Throws [Unopened] when its key has ended, and what [get] throws. */
    fun put(name: String, value: ByteArray, instead: String? = null) {
        val sealed = try {
            val cipher = Cipher.getInstance(CIPHER)
            // The key store chooses the nonce.
            cipher.init(Cipher.ENCRYPT_MODE, key() ?: newKey())
            cipher.updateAAD(name.toByteArray(Charsets.UTF_8))
            cipher.iv + cipher.doFinal(value)
        } catch (error: GeneralSecurityException) {
            throw meant(error)
        } catch (error: ProviderException) {
            throw meant(error)
        }
        val edit = preferences.edit().putString(name, Base64.encodeToString(sealed, Base64.NO_WRAP))
        instead?.let(edit::remove)
        if (!edit.commit()) {
            throw YinzhengException(ErrorCode.STORAGE, "the preferences $file cannot be written", null)
        }
    }

    fun remove(name: String) {
        preferences.edit().remove(name).commit()
    }

    /** A fault of the key store is no sign that anybody changed anything. */
    private fun meant(error: Exception): Exception {
        val code = KeyStores.meant(alias, "using", error).code()
        return when (code) {
            ErrorCode.SIGNER_KEY_GONE -> Unopened(error)
            ErrorCode.SIGNER_LOCKED -> YinzhengException(code, "the key of the preferences $file", error)
            else -> YinzhengException(ErrorCode.STORAGE, "the key store failed with the key of the preferences $file", error)
        }
    }

    private fun key(): SecretKey? = KeyStores.open().getKey(alias, null) as? SecretKey

    private fun newKey(): SecretKey {
        val generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, KeyStores.NAME)
        generator.init(
            KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .setKeySize(256)
                .build(),
        )
        return generator.generateKey()
    }

    /** A value that is there and does not open: changed, of another phone, or its key is gone. */
    class Unopened(cause: Exception?) : Exception(cause)

    private companion object {
        const val CIPHER = "AES/GCM/NoPadding"
        const val NONCE = 12
        const val TAG = 16
    }
}
