package io.yinzheng.android

import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.UserNotAuthenticatedException
import io.yinzheng.ErrorCode
import io.yinzheng.YinzhengException
import java.security.GeneralSecurityException
import java.security.InvalidKeyException
import java.security.KeyStore
import java.security.ProviderException
import java.security.UnrecoverableKeyException

/** The system's key store, and what its exceptions mean here. */
internal object KeyStores {
    const val NAME = "AndroidKeyStore"

    fun open(): KeyStore = KeyStore.getInstance(NAME).apply { load(null) }

    /** Runs [work] with the key called [alias]. */
    inline fun <T> using(alias: String, what: String, work: () -> T): T = try {
        work()
    } catch (error: GeneralSecurityException) {
        throw meant(alias, what, error)
    } catch (error: ProviderException) {
        throw meant(alias, what, error)
    }

    /**
     * Gone is said only when it is certain: what a host does then (enrol another key) cannot be taken back. Declined is never said:
     * that is a person's word, and only a prompt has it.
     */
    fun meant(alias: String, what: String, error: Exception): YinzhengException {
        val number = if (atLeast(33)) Level33.number(error) else null
        val code = when {
            ended(error) -> ErrorCode.SIGNER_KEY_GONE
            error is UserNotAuthenticatedException || number == NOT_AUTHENTICATED -> ErrorCode.SIGNER_LOCKED
            // Before Android 13 the reason is no public type; a locked device arrives like this.
            error is InvalidKeyException -> if (isThere(alias)) ErrorCode.SIGNER_LOCKED else ErrorCode.SIGNER_KEY_GONE
            // A fault of the key store, an operation that it ended: the same once more may do.
            else -> ErrorCode.SIGNER_TIMED_OUT
        }
        return YinzhengException(code, "$what with a key of the key store", error)
    }

    /**
     * The key was invalidated, or the key store has none or a spoilt one; while a signature is under way that arrives as a cause. An
     * `UnrecoverableKeyException` alone says nothing: the system wraps every fault in one.
     */
    fun ended(error: Throwable): Boolean {
        val number = if (atLeast(33)) Level33.number(error) else null
        return number == NO_KEY || number == CORRUPTED ||
            generateSequence(error) { it.cause }.any { it is KeyPermanentlyInvalidatedException }
    }

    /**
     * Android 8 to 11 hand over an invalidated key as a bare `UnrecoverableKeyException`, without a word of why. It is told from a fault
     * of the key store by that one answering: it lists the key, fails with it again, and hands over another key of the app. For keys that
     * ask for the customer only: nothing else invalidates one.
     */
    fun cannotGive(store: KeyStore, alias: String): Boolean {
        if (!atLeast(26) || atLeast(31)) return false
        return try {
            store.containsAlias(alias) && !gives(store, alias) && answers(store, alias)
        } catch (_: GeneralSecurityException) {
            false
        } catch (_: ProviderException) {
            false
        }
    }

    /** Whether the key store hands over another key than this one: then what it says of this one is no fault of them all. */
    fun answers(store: KeyStore, alias: String): Boolean = store.aliases().toList().any { it != alias && gives(store, it) }

    private fun gives(store: KeyStore, alias: String): Boolean = try {
        store.getKey(alias, null) != null
    } catch (_: UnrecoverableKeyException) {
        false
    }

    /** Asked for the key itself: `containsAlias` says no to every fault too. */
    private fun isThere(alias: String): Boolean = try {
        open().getKey(alias, null) != null
    } catch (_: GeneralSecurityException) {
        true
    } catch (_: ProviderException) {
        true
    }

    // android.security.KeyStoreException, Android 13: ERROR_USER_AUTHENTICATION_REQUIRED and its neighbours.
    private const val NOT_AUTHENTICATED = 2
    private const val NO_KEY = 6
    private const val CORRUPTED = 7
}
