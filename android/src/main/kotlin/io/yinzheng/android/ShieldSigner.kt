package io.yinzheng.android

import io.yinzheng.Checks
import io.yinzheng.ErrorCode
import io.yinzheng.Role
import io.yinzheng.SignatureForm
import io.yinzheng.Signer
import io.yinzheng.SignerTerms
import io.yinzheng.ToSign
import io.yinzheng.TwinDigest
import io.yinzheng.VerifyKey
import io.yinzheng.YinzhengException
import java.security.SecureRandom

/**
 * Signs one statement with a [Shield]: a session with a challenge, the text that the shield shows, and its answer as a typed error
 * where it is none. The digest of the text is sealed in the statement ([terms]), so that what was shown can be proven later. A
 * shield may take minutes: not on the main thread.
 *
 * @param shield the shield
 * @param display what it shows: the matter in one line, such as amount and other side
 * @throws YinzhengException `LIMIT_EXCEEDED` when the text is longer than the shield shows, `INVALID_ARGUMENT` when it is empty
 */
public class ShieldSigner(private val shield: Shield, private val display: String) : Signer {
    init {
        if (display.isEmpty()) throw YinzhengException(ErrorCode.INVALID_ARGUMENT, "a shield shows a text", null)
        // Cut short, the customer would sign for what he did not read.
        val bytes = display.toByteArray(Charsets.UTF_8).size
        if (bytes > shield.displayLimit) {
            throw YinzhengException(ErrorCode.LIMIT_EXCEEDED, "the text has $bytes bytes, the shield shows ${shield.displayLimit}", null)
        }
    }

    override fun publicKey(): VerifyKey = shield.publicKey

    /** The SM3 digest of the displayed text, `sm3:…`. */
    public fun displayed(): String = "sm3:" + TwinDigest.of(display.toByteArray(Charsets.UTF_8)).sm3()

    /**
     * The terms of the statement: with the digest of what is displayed, and meant for the ledger that holds the record.
     *
     * @param kid the entry of the shield's key, what [io.yinzheng.LedgerKeys.finish] gave when it was enrolled; without it the
     * statement says nothing of who signed
     */
    public fun terms(role: Role, kid: String): SignerTerms =
        SignerTerms.of(shield.publicKey, role).kid(kid).displayed(displayed()).audience("ledger")

    /**
     * Signs; for a record that was held with [terms].
     *
     * @return DER or 64 bytes, as the shield gave it
     * @throws YinzhengException `SIGNER_DECLINED`, `SIGNER_TIMED_OUT`, `SIGNER_LOCKED`, `SIGNER_KEY_GONE`; `SIGNATURE_MISMATCH` and
     * its neighbours when another key answers the session
     */
    override fun sign(toSign: ToSign): ByteArray {
        val opening = OPENING + ByteArray(32).also(SecureRandom()::nextBytes)
        return shield.open(opening).use { session ->
            Checks.signature(shield.publicKey, opening, session.answer, SignatureForm.GIVEN)
            val input = when (shield.input) {
                ShieldInput.MESSAGE -> toSign.bytes()
                ShieldInput.DIGEST -> toSign.digest().orElseThrow {
                    YinzhengException(ErrorCode.UNSUPPORTED_ALGORITHM, "this algorithm has no digest for a shield", null)
                }
            }
            when (val answer = session.sign(display, input)) {
                is ShieldAnswer.Signed -> answer.signature
                ShieldAnswer.Refused -> throw failed(ErrorCode.SIGNER_DECLINED, "the customer refused on the shield")
                ShieldAnswer.TimedOut -> throw failed(ErrorCode.SIGNER_TIMED_OUT, "nobody answered on the shield")
                ShieldAnswer.Locked -> throw failed(ErrorCode.SIGNER_LOCKED, "the shield is locked")
                ShieldAnswer.KeyGone -> throw failed(ErrorCode.SIGNER_KEY_GONE, "the shield has no such key any more")
            }
        }
    }

    private fun failed(code: ErrorCode, what: String) = YinzhengException(code, what, null)

    private companion object {
        /** Begins every opening, so that a shield's answer can never be a signature over anything else. */
        val OPENING: ByteArray = "yinzheng shield session 1\u0000".toByteArray(Charsets.US_ASCII)
    }
}
