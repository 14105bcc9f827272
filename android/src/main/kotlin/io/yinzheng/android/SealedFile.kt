package io.yinzheng.android

import android.content.Context
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.util.Base64
import io.yinzheng.ErrorCode
import io.yinzheng.YinzhengException
import java.io.File
import java.io.FileOutputStream
import java.io.IOException
import java.io.RandomAccessFile
import java.security.GeneralSecurityException
import java.security.ProviderException
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * Small values in a file that no backup takes, each encrypted and authenticated (AES-256-GCM) by a key of the Android Keystore and bound
 * to its name. A copy of the file is worth nothing on another phone. An older copy put back on the same phone opens.
 *
 * No shared preferences: each process of an app keeps those in memory, and would answer with an old value, and write its old values
 * over what another process has written since. Here every call reads the file, and a change is made under a lock of the file's.
 */
internal class SealedFile(private val folder: File, private val name: String) {
    private val file = File(folder, name)
    private val alias = "$name.key"

    /** Whether a value is there, also one that does not open, or may have been there in a line that is spoilt. */
    fun has(name: String): Boolean = entries().let { name in it || SPOILT in it }

    /** What stands in the file: a name and a value in Base64 on each line. Lines that are none stand for [SPOILT]. */
    fun entries(): Map<String, String> = reading {
        if (!file.exists()) return@reading emptyMap()
        file.readLines().associate { if (' ' in it) it.substringBefore(' ') to it.substringAfter(' ') else SPOILT to "" }
    }

    /** Changes it as a whole: after a kill it is as before, or as after. */
    fun change(work: (MutableMap<String, String>) -> Unit): Unit = reading {
        synchronized(LOCK) {
            RandomAccessFile(File(file.path + ".lock"), "rw").use { other ->
                // Another process waits here.
                other.channel.lock()
                val changed = LinkedHashMap(entries()).also(work)
                val whole = File(file.path + ".new")
                FileOutputStream(whole).use { out ->
                    out.write(changed.map { (name, value) -> "$name $value\n" }.joinToString("").toByteArray(Charsets.UTF_8))
                    out.fd.sync()
                }
                if (!whole.renameTo(file)) throw IOException("it cannot take the place of the one before")
                // The name is on the disk only when its folder is.
                Folders.sync(folder)
            }
        }
    }

    private inline fun <T> reading(work: () -> T): T = try {
        work()
    } catch (error: IOException) {
        throw YinzhengException(ErrorCode.STORAGE, "the file $name of the app", error)
    }

    /** The value, or null when there is none. Throws [Unopened] when it does not open, `SIGNER_LOCKED` or `STORAGE` for the key store's faults. */
    fun get(name: String): ByteArray? {
        val entries = entries()
        val text = entries[name] ?: return if (SPOILT in entries) throw Unopened(null) else null
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
    fun put(name: String, value: ByteArray, instead: String? = null): Unit = change { all ->
        all[name] = encrypted(name, value, all)
        instead?.let(all::remove)
    }

    /** Keeps what [make] gives where no value is there ([has]), and gives it; else null. Two processes keep one. */
    fun putNew(name: String, make: () -> ByteArray): ByteArray? {
        var made: ByteArray? = null
        try {
            change { all ->
                if (name !in all && SPOILT !in all) all[name] = encrypted(name, make().also { made = it }, all)
            }
        } catch (error: Throwable) {
            made?.fill(0)
            throw error
        }
        return made
    }

    /** Under the file's lock, so that two processes do not both make its key. */
    private fun encrypted(name: String, value: ByteArray, all: Map<String, String>): String = try {
        val cipher = Cipher.getInstance(CIPHER)
        // A key store that lists no key for a moment must not end the key of what is there: another one would take its name.
        val key = key() ?: if (all.values.all { it.isEmpty() }) newKey() else throw Unopened(null)
        // The key store chooses the nonce.
        cipher.init(Cipher.ENCRYPT_MODE, key)
        cipher.updateAAD(name.toByteArray(Charsets.UTF_8))
        Base64.encodeToString(cipher.iv + cipher.doFinal(value), Base64.NO_WRAP)
    } catch (error: GeneralSecurityException) {
        throw meant(error)
    } catch (error: ProviderException) {
        throw meant(error)
    }

    /** Removes values, and what is certainly lost beside them: see [renewKeyThatEnded]. */
    fun remove(vararg names: String) {
        renewKeyThatEnded()
        change { all ->
            names.forEach(all::remove)
            all.remove(SPOILT)
        }
    }

    /** Where the key has certainly ended it makes place for another one; values under it stay as such that do not open. */
    fun renewKeyThatEnded() {
        if (entries().values.all { it.isEmpty() } || !keyEnded()) return
        change { all -> all.keys.toList().forEach { all[it] = "" } }
        try {
            KeyStores.open().deleteEntry(alias)
        } catch (error: GeneralSecurityException) {
            throw meant(error)
        }
    }

    private fun keyEnded(): Boolean = try {
        val key = key()
        if (key != null) Cipher.getInstance(CIPHER).init(Cipher.ENCRYPT_MODE, key)
        key == null && KeyStores.answers(KeyStores.open(), alias)
    } catch (error: GeneralSecurityException) {
        KeyStores.ended(error)
    } catch (error: ProviderException) {
        KeyStores.ended(error)
    }

    /** A fault of the key store is no sign that anybody changed anything. */
    private fun meant(error: Exception): Exception {
        val code = KeyStores.meant(alias, "using", error).code()
        return when (code) {
            ErrorCode.SIGNER_KEY_GONE -> Unopened(error)
            ErrorCode.SIGNER_LOCKED -> YinzhengException(code, "the key of the file $name", error)
            else -> YinzhengException(ErrorCode.STORAGE, "the key store failed with the key of the file $name", error)
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

    companion object {
        private val LOCK = Any()

        /** What a line stands for that is none. No name: [check]. */
        private const val SPOILT = ""

        /** Where a phone's ledger and its vault key lie: in the app's private files that the system never backs up. */
        fun folder(context: Context): File = File(context.noBackupFilesDir, "yinzheng").apply { mkdirs() }

        /** Where the mirror lies: in another one, so that whoever puts the ledger's folder back does not put it back. */
        fun mirrors(context: Context): File = File(context.noBackupFilesDir, "yinzheng-mirror").apply { mkdirs() }

        /** A ledger's name is part of the names of files, keys and values. */
        fun check(name: String) =
            require(name.isNotEmpty() && name.all { it.isLetterOrDigit() || it == '-' }) { "a name of letters, digits and -" }

        private const val CIPHER = "AES/GCM/NoPadding"
        private const val NONCE = 12
        private const val TAG = 16
    }
}
