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

    /** Gone is said only when it is certain: what a host does then (enrol another key) cannot be taken back. */
    fun meant(alias: String, what: String, error: Exception): YinzhengException {
        val number = if (atLeast(33)) Level33.number(error) else null
        val code = when {
            ended(error) -> ErrorCode.SIGNER_KEY_GONE
            error is UserNotAuthenticatedException || number == NOT_AUTHENTICATED -> ErrorCode.SIGNER_LOCKED
            number == NO_KEY || number == CORRUPTED -> ErrorCode.SIGNER_KEY_GONE
            number == OPERATION_EXPIRED -> ErrorCode.SIGNER_TIMED_OUT
            // Before Android 13 the reason is no public type; a locked device arrives like this.
            error is InvalidKeyException -> if (isThere(alias)) ErrorCode.SIGNER_LOCKED else ErrorCode.SIGNER_KEY_GONE
            else -> ErrorCode.SIGNER_DECLINED
        }
        return YinzhengException(code, "$what with the key store's key $alias", error)
    }

    /** The key was invalidated; while a signature is under way that arrives as a cause. */
    fun ended(error: Throwable): Boolean =
        generateSequence(error) { it.cause }.any { it is KeyPermanentlyInvalidatedException || it is UnrecoverableKeyException }

    private fun isThere(alias: String): Boolean = try {
        open().containsAlias(alias)
    } catch (_: GeneralSecurityException) {
        true
    }

    // android.security.KeyStoreException, Android 13: ERROR_USER_AUTHENTICATION_REQUIRED and its neighbours.
    private const val NOT_AUTHENTICATED = 2
    private const val NO_KEY = 6
    private const val CORRUPTED = 7
    private const val OPERATION_EXPIRED = 15
}
