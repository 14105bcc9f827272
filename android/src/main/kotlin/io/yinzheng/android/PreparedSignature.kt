package io.yinzheng.android

import android.content.Context
import android.os.CancellationSignal
import io.yinzheng.ErrorCode
import io.yinzheng.YinzhengException
import java.security.Signature
import java.util.concurrent.Executor

/**
 * A signature that waits for the customer. Hand [signature] to a prompt as its crypto object: [ask] from Android 9 on,
 * `androidx.biometric` or `FingerprintManager` before. After its success, [finish].
 */
public class PreparedSignature internal constructor(
    private val alias: String,
    private val use: KeyUse,
    /** For `BiometricPrompt.CryptoObject`. */
    public val signature: Signature,
    private val message: ByteArray,
) {
    /**
     * The second phase.
     *
     * @return DER, for [io.yinzheng.Ledger.finishStatement]
     * @throws YinzhengException `SIGNER_LOCKED` when no prompt succeeded before; `SIGNER_TIMED_OUT`, `SIGNER_KEY_GONE`
     */
    public fun finish(): ByteArray = KeyStores.using(alias, "signing") {
        try {
            signature.update(message)
            signature.sign()
        } catch (error: java.security.SignatureException) {
            // Before Android 13 this is all that a missing prompt says of itself.
            if (use != KeyUse.CUSTOMER || atLeast(33) || KeyStores.ended(error)) throw error
            throw YinzhengException(ErrorCode.SIGNER_LOCKED, "no prompt succeeded before", error)
        }
    }

    /**
     * Shows the system's own prompt (Android 9 and newer), and finishes.
     *
     * @param words what the prompt says; the amount and the other side belong there
     * @param executor where [done] is called, such as the main thread's
     * @param cancel ends the prompt from the app's side: `SIGNER_TIMED_OUT`
     * @param done gets the signature, or the error
     * @throws YinzhengException `UNSUPPORTED_ALGORITHM` before Android 9
     */
    public fun ask(context: Context, words: PromptWords, executor: Executor, cancel: CancellationSignal, done: PromptDone) {
        if (!atLeast(28)) {
            throw YinzhengException(ErrorCode.UNSUPPORTED_ALGORITHM, "the system's own prompt is there from Android 9 on", null)
        }
        Level28.prompt(context, words, executor, signature, cancel, PromptAnswer(this, done))
    }
}

/** What a prompt says to the customer. */
public class PromptWords(
    /** Such as 确认签署. */
    public val title: String,
    /** What is signed, in the customer's words. */
    public val description: String,
    /** The button that says no. */
    public val refuse: String,
)

/** How a prompt ended; exactly one of them is called, once. */
public interface PromptDone {
    /** With a signature, in DER. */
    public fun signed(signature: ByteArray)

    /** Without: `SIGNER_DECLINED`, `SIGNER_TIMED_OUT`, `SIGNER_LOCKED` or `SIGNER_KEY_GONE`. */
    public fun failed(error: YinzhengException)
}

/** Takes the first answer of a prompt: a button and the cancellation that follows it may both come. */
internal class PromptAnswer(private val prepared: PreparedSignature, private val done: PromptDone) {
    private var over = false

    fun succeeded() {
        if (over) return
        over = true
        val signature = try {
            prepared.finish()
        } catch (error: YinzhengException) {
            return done.failed(error)
        }
        done.signed(signature)
    }

    fun failed(number: Int) {
        if (over) return
        over = true
        done.failed(PromptErrors.of(number))
    }
}

/** What the numbers mean that prompts give; those of the system, of `androidx.biometric` and of `FingerprintManager` are the same. */
public object PromptErrors {
    internal const val NEGATIVE_BUTTON = 13
    private const val USER_CANCELED = 10

    /** The error for a number of `onAuthenticationError`, for hosts that show their own prompt. */
    @JvmStatic
    public fun of(number: Int): YinzhengException {
        val (code, said) = when (number) {
            3 -> ErrorCode.SIGNER_TIMED_OUT to "nobody answered the prompt"
            // Only these two are the customer's own word; the system cancels too, and sensors fail.
            USER_CANCELED, NEGATIVE_BUTTON -> ErrorCode.SIGNER_DECLINED to "the customer said no"
            7 -> ErrorCode.SIGNER_LOCKED to "too many attempts; the sensor is locked for a while"
            9 -> ErrorCode.SIGNER_LOCKED to "too many attempts; the sensor is locked until the device is unlocked with its code"
            11 -> ErrorCode.SIGNER_LOCKED to "no finger or face is enrolled"
            14 -> ErrorCode.SIGNER_LOCKED to "the device has no screen lock"
            15 -> ErrorCode.SIGNER_LOCKED to "the sensor waits for an update of the system"
            else -> ErrorCode.SIGNER_TIMED_OUT to "the prompt ended with error $number"
        }
        return YinzhengException(code, said, null)
    }
}
