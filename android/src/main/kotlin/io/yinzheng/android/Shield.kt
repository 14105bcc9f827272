package io.yinzheng.android

import io.yinzheng.VerifyKey

/**
 * A mobile shield 手机盾 with an SM2 key, as a vendor's library is adapted to it. Shields differ in what goes in and how it is shown;
 * what comes out may be DER or 64 bytes r‖s, the library takes both. Nothing here is Android's: the same adapter serves a JVM.
 */
public interface Shield {
    /** The shield's public key, with the user id that it puts into Z where that is not the default one. */
    public val publicKey: VerifyKey

    /** What it wants to be given. */
    public val input: ShieldInput

    /** How much its screen or its prompt shows at once: bytes of UTF-8. */
    public val displayLimit: Int

    /**
     * Opens a session. The shield signs [opening] with its key, so that the host knows with whom it speaks, and that now.
     *
     * @param opening bytes in message form, others each time: see [ShieldSigner]
     */
    public fun open(opening: ByteArray): ShieldSession
}

/** What a shield signs. */
public enum class ShieldInput {
    /** The message; the shield hashes it, with Z. */
    MESSAGE,

    /** The digest e, with Z in it, 32 bytes. */
    DIGEST,
}

/** One session with a shield. */
public interface ShieldSession : AutoCloseable {
    /** The shield's signature over the opening, DER or 64 bytes. */
    public val answer: ByteArray

    /**
     * Shows a text, asks for the customer's word (a code, a finger, a button), and signs.
     *
     * @param display at most [Shield.displayLimit] bytes
     * @param input message or digest, as [Shield.input] says
     */
    public fun sign(display: String, input: ByteArray): ShieldAnswer
}

/** How a shield answered. */
public sealed class ShieldAnswer {
    /** With a signature, DER or 64 bytes. */
    public class Signed(
        /** The signature. */
        public val signature: ByteArray,
    ) : ShieldAnswer()

    /** The customer said no. */
    public object Refused : ShieldAnswer()

    /** Nobody answered in its time. */
    public object TimedOut : ShieldAnswer()

    /** Its code was wrong too often. */
    public object Locked : ShieldAnswer()

    /** It has no such key any more. */
    public object KeyGone : ShieldAnswer()
}
