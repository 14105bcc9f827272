package io.yinzheng.android

import android.content.Context
import android.content.SharedPreferences
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.util.Base64
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.ProviderException
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

    /** The value, or null when there is none. Throws [Unopened] when it does not open. */
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
        } catch (error: GeneralSecurityException) {
            throw Unopened(error)
        } catch (error: ProviderException) {
            throw Unopened(error)
        } catch (error: IllegalArgumentException) {
            throw Unopened(error)
        }
    }

    /** Keeps a value; it is on the disk when this returns. Throws [Unopened] when it cannot be encrypted, [IOException]. */
    fun put(name: String, value: ByteArray) {
        val sealed = try {
            val cipher = Cipher.getInstance(CIPHER)
            // The key store chooses the nonce.
            cipher.init(Cipher.ENCRYPT_MODE, key() ?: newKey())
            cipher.updateAAD(name.toByteArray(Charsets.UTF_8))
            cipher.iv + cipher.doFinal(value)
        } catch (error: GeneralSecurityException) {
            throw Unopened(error)
        } catch (error: ProviderException) {
            throw Unopened(error)
        }
        if (!preferences.edit().putString(name, Base64.encodeToString(sealed, Base64.NO_WRAP)).commit()) {
            throw IOException("the preferences $file cannot be written")
        }
    }

    fun remove(name: String) {
        preferences.edit().remove(name).commit()
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
