package io.yinzheng.android

import io.yinzheng.SignatureAlgorithm
import io.yinzheng.SoftwareKey
import io.yinzheng.VerifyKey

/** A shield as vendors make them, with an SM2 key inside: it shows, asks for its code, counts wrong ones, and signs. */
class ShieldSimulator(override val input: ShieldInput, private val der: Boolean, override val displayLimit: Int = 120) : Shield, AutoCloseable {
    /** What the customer does when it asks. */
    enum class Customer { AGREES, REFUSES, IS_AWAY, MISTYPES }

    private val key = SoftwareKey.generate(SignatureAlgorithm.SM2)
    private var triesLeft = 3
    var customer = Customer.AGREES
    var keyThere = true

    /** Who answers the session, where that is somebody else. */
    var impostor: SoftwareKey? = null
    val shown = mutableListOf<String>()
    val openings = mutableListOf<ByteArray>()

    override val publicKey: VerifyKey get() = key.publicKey()

    override fun open(opening: ByteArray): ShieldSession {
        openings += opening
        return Session(form((impostor ?: key).sign(opening)))
    }

    private inner class Session(override val answer: ByteArray) : ShieldSession {
        override fun sign(display: String, input: ByteArray): ShieldAnswer {
            if (triesLeft == 0) return ShieldAnswer.Locked
            if (!keyThere) return ShieldAnswer.KeyGone
            check(display.toByteArray().size <= displayLimit) { "it would be cut short" }
            shown += display
            return when (customer) {
                Customer.REFUSES -> ShieldAnswer.Refused
                Customer.IS_AWAY -> ShieldAnswer.TimedOut
                Customer.MISTYPES -> {
                    triesLeft--
                    if (triesLeft == 0) ShieldAnswer.Locked else sign(display, input)
                }
                Customer.AGREES -> ShieldAnswer.Signed(form(if (this@ShieldSimulator.input == ShieldInput.DIGEST) key.signDigest(input) else key.sign(input)))
            }
        }

        override fun close() = Unit
    }

    private fun form(signature: ByteArray) = if (der) der(signature) else signature

    override fun close() = key.close()

    /** r‖s as SEQUENCE of two INTEGERs. */
    private fun der(signature: ByteArray): ByteArray {
        val (r, s) = listOf(0..31, 32..63).map { java.math.BigInteger(1, signature.sliceArray(it)).toByteArray() }
        return byteArrayOf(0x30, (4 + r.size + s.size).toByte(), 2, r.size.toByte(), *r, 2, s.size.toByte(), *s)
    }
}
