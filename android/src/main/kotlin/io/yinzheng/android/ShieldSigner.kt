package io.yinzheng.android

import io.yinzheng.Checks
import io.yinzheng.ErrorCode
import io.yinzheng.Role
import io.yinzheng.SignatureForm
import io.yinzheng.SignedContent
import io.yinzheng.Signer
import io.yinzheng.SignerTerms
import io.yinzheng.ToSign
import io.yinzheng.TwinDigest
import io.yinzheng.VerifyKey
import io.yinzheng.YinzhengException
import java.security.SecureRandom

/**
 * Signs one statement with a [Shield]: a session with a challenge, the text that the shield shows, and its answer as a typed error
 * where it is none. It signs only a statement in which the digest of this very text is sealed ([terms]): what was shown and what was
 * signed cannot be parted afterwards. A shield may take minutes: not on the main thread.
 *
 * @param shield the shield
 * @param display what it shows: the matter in one line, such as amount and other side
 * @throws YinzhengException `LIMIT_EXCEEDED` when the text is longer than the shield shows, `INVALID_ARGUMENT` when it has no visible
 * character, or control characters (other than line feeds) or invisible ones, such as those that turn the direction of writing
 */
public class ShieldSigner(private val shield: Shield, private val display: String) : Signer {
    private val asked = AskedShield(shield, display)
    private val digest = TwinDigest.of(display.toByteArray(Charsets.UTF_8))

    override fun publicKey(): VerifyKey = shield.publicKey

    /** The SM3 digest of the displayed text, `sm3:…`. */
    public fun displayed(): String = "sm3:" + digest.sm3()

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
     * @throws YinzhengException `DIGEST_MISMATCH` for a statement over another text or none, `WRONG_MEDIA_TYPE` for what is no
     * statement: the shield is not asked then. `SIGNER_DECLINED`, `SIGNER_TIMED_OUT`, `SIGNER_LOCKED`, `SIGNER_KEY_GONE`;
     * `SIGNATURE_MISMATCH` and its neighbours when another key answers the session
     */
    override fun sign(toSign: ToSign): ByteArray {
        val content = toSign.content(shield.publicKey)
        if (content.what() != "statement") {
            throw YinzhengException(ErrorCode.WRONG_MEDIA_TYPE, "a shield signs statements over the text that it shows; see ShieldEnrolment", null)
        }
        // Under either hash it is the same text.
        if (content.displayed().orElse("") !in listOf(displayed(), "sha256:" + digest.sha256())) {
            throw YinzhengException(ErrorCode.DIGEST_MISMATCH, "the text for the shield is not the one that these bytes seal", null)
        }
        return asked.sign(toSign.bytes(), content)
    }
}

/**
 * Shows a shield's key to a ledger: for [io.yinzheng.LedgerKeys.enrol] only. The shield shows a text of its own ([TEXT]), and signs
 * nothing else with it, so that nobody takes an enrolment's confirmation for a statement, or the other way about.
 *
 * @param shield the shield
 * @throws YinzhengException `LIMIT_EXCEEDED` for a display that does not hold [TEXT]
 */
public class ShieldEnrolment(private val shield: Shield) : Signer {
    private val asked = AskedShield(shield, TEXT)

    override fun publicKey(): VerifyKey = shield.publicKey

    /**
     * Signs the draft of this key's entry.
     *
     * @throws YinzhengException `WRONG_MEDIA_TYPE` for bytes that enrol no key, `INVALID_ARGUMENT` for those that enrol another key than the
     * shield's, or make it a ledger's: the shield is not asked then; else as [ShieldSigner.sign]
     */
    override fun sign(toSign: ToSign): ByteArray {
        val content = toSign.content(shield.publicKey)
        if (content.what() != "possession") {
            throw YinzhengException(ErrorCode.WRONG_MEDIA_TYPE, "an enrolment signs a key's own entry; see ShieldSigner", null)
        }
        if (content.keyRole().orElse("ledger") == "ledger" || content.thumbprint().orElse("") != shield.publicKey.thumbprint()) {
            throw YinzhengException(ErrorCode.INVALID_ARGUMENT, "a shield's key is enrolled as a party's, and no other key by it", null)
        }
        return asked.sign(toSign.bytes(), content)
    }

    public companion object {
        /** What the shield shows: 42 bytes. */
        public const val TEXT: String = "登记签名密钥，不签署任何文件"
    }
}

/** One question to a shield: a session, a text, a signature. */
internal class AskedShield(private val shield: Shield, private val display: String) {
    init {
        if (!isReadable(display)) throw YinzhengException(ErrorCode.INVALID_ARGUMENT, "a shield shows a text that can be read", null)
        // Cut short, the customer would sign for what he did not read.
        val bytes = display.toByteArray(Charsets.UTF_8).size
        if (bytes > shield.displayLimit) {
            throw YinzhengException(ErrorCode.LIMIT_EXCEEDED, "the text has $bytes bytes, the shield shows ${shield.displayLimit}", null)
        }
    }

    fun sign(bytes: ByteArray, content: SignedContent): ByteArray {
        val opening = OPENING + ByteArray(32).also(SecureRandom()::nextBytes)
        val session = driven { shield.open(opening) }
        try {
            Checks.signature(shield.publicKey, opening, driven { session.answer }, SignatureForm.GIVEN)
            val input = when (shield.input) {
                ShieldInput.MESSAGE -> bytes
                // Made of the bytes that were looked at, not taken from beside them.
                ShieldInput.DIGEST -> content.digest().orElseThrow {
                    YinzhengException(ErrorCode.UNSUPPORTED_ALGORITHM, "this algorithm has no digest for a shield", null)
                }
            }
            return when (val answer = driven { session.sign(display, input) }) {
                is ShieldAnswer.Signed -> answer.signature
                ShieldAnswer.Refused -> throw failed(ErrorCode.SIGNER_DECLINED, "the customer refused on the shield")
                ShieldAnswer.TimedOut -> throw failed(ErrorCode.SIGNER_TIMED_OUT, "nobody answered on the shield")
                ShieldAnswer.Locked -> throw failed(ErrorCode.SIGNER_LOCKED, "the shield is locked")
                ShieldAnswer.KeyGone -> throw failed(ErrorCode.SIGNER_KEY_GONE, "the shield has no such key any more")
            }
        } finally {
            // What was signed is signed, however the session ends.
            try {
                session.close()
            } catch (_: Exception) {
            }
        }
    }

    /** What a vendor's driver throws, as an error of this library. Its words may hold a value, so they are the cause only. */
    private inline fun <T> driven(work: () -> T): T = try {
        work()
    } catch (error: YinzhengException) {
        throw error
    } catch (error: Exception) {
        throw YinzhengException(ErrorCode.SIGNER_TIMED_OUT, "the shield's driver failed", error)
    }

    /** With something to see, and nothing that a display would not show: what cannot be seen may change what is read. */
    private fun isReadable(text: String): Boolean {
        var visible = false
        var at = 0
        while (at < text.length) {
            val one = text.codePointAt(at)
            at += Character.charCount(one)
            when (Character.getType(one).toByte()) {
                Character.SPACE_SEPARATOR, Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> Unit
                Character.CONTROL -> if (one != '\n'.code) return false
                Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> return false
                else -> visible = true
            }
        }
        return visible
    }

    private fun failed(code: ErrorCode, what: String) = YinzhengException(code, what, null)

    private companion object {
        /** Begins every opening, on every system, so that a shield's answer can never be a signature over anything else. */
        val OPENING: ByteArray = "yinzheng shield challenge 1\n".toByteArray(Charsets.US_ASCII)
    }
}
