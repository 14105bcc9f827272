// What newer systems than Android 6 have, one object for each level. Nothing else names these members: a class that names one
// that its system lacks may not even load there. `api-newer.txt` lists them, and a test holds the class files against that list.
package io.yinzheng.android

import android.content.Context
import android.hardware.biometrics.BiometricPrompt
import android.os.Build
import android.os.CancellationSignal
import android.security.KeyStoreException
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyInfo
import android.security.keystore.KeyProperties
import java.security.Signature
import java.util.concurrent.Executor

internal fun atLeast(level: Int): Boolean = Build.VERSION.SDK_INT >= level

/** Android 7.0. */
internal object Level24 {
    fun attest(spec: KeyGenParameterSpec.Builder, challenge: ByteArray) {
        spec.setAttestationChallenge(challenge)
    }

    /** A finger enrolled later must not be able to use the key, nor may somebody's who had the phone for a minute. */
    fun endWithNewFinger(spec: KeyGenParameterSpec.Builder) {
        spec.setInvalidatedByBiometricEnrollment(true)
    }
}

/** Android 9. */
internal object Level28 {
    fun strongBox(spec: KeyGenParameterSpec.Builder) {
        spec.setIsStrongBoxBacked(true)
    }

    fun prompt(
        context: Context, words: PromptWords, executor: Executor, signature: Signature, cancel: CancellationSignal, answer: PromptAnswer,
    ) {
        val builder = BiometricPrompt.Builder(context).setTitle(words.title).setDescription(words.description)
        builder.setNegativeButton(words.refuse, executor) { _, _ -> answer.failed(PromptErrors.NEGATIVE_BUTTON) }
        val callback = object : BiometricPrompt.AuthenticationCallback() {
            override fun onAuthenticationSucceeded(result: BiometricPrompt.AuthenticationResult?) = answer.succeeded()

            override fun onAuthenticationError(errorCode: Int, said: CharSequence?) = answer.failed(errorCode)
        }
        builder.build().authenticate(BiometricPrompt.CryptoObject(signature), cancel, executor, callback)
    }
}

/** Android 11. */
internal object Level30 {
    /** A strong biometric at each use. */
    fun eachUse(spec: KeyGenParameterSpec.Builder) {
        spec.setUserAuthenticationParameters(0, KeyProperties.AUTH_BIOMETRIC_STRONG)
    }
}

/** Android 12. */
internal object Level31 {
    fun level(info: KeyInfo): Int = info.securityLevel
}

/** Android 13. */
internal object Level33 {
    /** The key store's own number for what is wrong, or null where it gave none. */
    fun number(error: Throwable): Int? =
        generateSequence(error) { it.cause }.filterIsInstance<KeyStoreException>().firstOrNull()?.numericErrorCode
}

/** Android 15. */
internal object Level35 {
    /** There since Android 9, but keys made so could be lost with the screen lock until Android 14. */
    fun unlockedOnly(spec: KeyGenParameterSpec.Builder) {
        spec.setUnlockedDeviceRequired(true)
    }
}
