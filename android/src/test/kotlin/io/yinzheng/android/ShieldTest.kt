package io.yinzheng.android

import io.yinzheng.Custody
import io.yinzheng.DropReason
import io.yinzheng.EvidenceRecord
import io.yinzheng.Grade
import io.yinzheng.HashAlgorithm
import io.yinzheng.KeyRole
import io.yinzheng.Ledger
import io.yinzheng.Policy
import io.yinzheng.ProofRequest
import io.yinzheng.Role
import io.yinzheng.SignatureAlgorithm
import io.yinzheng.SignerTerms
import io.yinzheng.SoftwareKey
import io.yinzheng.ToSign
import io.yinzheng.TwinDigest
import io.yinzheng.VaultSuite
import io.yinzheng.Verifier
import io.yinzheng.Yinzheng
import io.yinzheng.YinzhengException
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.math.BigDecimal
import java.time.Instant

/** The shield's signer with the simulator: plain Java machine, SM3 ledger. */
class ShieldTest {
    private val text = "向示例银行借款 5,000.00 元，12 期"
    private val record = EvidenceRecord.of("generic").amount("借款金额", BigDecimal("5000.00")).build()

    private fun <T> inLedger(work: (Ledger, SoftwareKey) -> T): T = SoftwareKey.generate(SignatureAlgorithm.SM2).use { key ->
        Ledger.creating(HashAlgorithm.SM3, key.publicKey(), Custody.SOFTWARE).organisation("示例银行")
            .createInMemory(Yinzheng.newVaultKey(VaultSuite.SM4_GCM)).use { ledger ->
                ledger.seal(key)
                work(ledger, key)
            }
    }

    private val kids = mutableListOf<String>()

    /** The shield's key enters the ledger; the kid of its entry. */
    private fun kid(ledger: Ledger, shield: ShieldSimulator): String {
        val entry = ledger.keys().enrol(KeyRole.CUSTOMER, shield.publicKey, Custody.SHIELD, Instant.now())
        val signature = ShieldEnrolment(shield).sign(entry.toSign())
        assertEquals(listOf(ShieldEnrolment.TEXT), shield.shown)
        shield.shown.clear()
        shield.openings.clear()
        return ledger.keys().finish(entry.bytes(), signature).also { kids += it }
    }

    private fun refused(number: Int, work: () -> Unit) =
        assertEquals(number, assertThrows(YinzhengException::class.java) { work() }.number())

    @Test
    fun `digest or message in, DER or r and s out, and the text's digest is sealed`() {
        for (input in ShieldInput.entries) for (der in listOf(true, false)) inLedger { ledger, key ->
            ShieldSimulator(input, der).use { shield ->
                val signer = ShieldSigner(shield, text)
                val held = ledger.holdForSignature(record, signer.terms(Role.CUSTOMER, kid(ledger, shield)))
                val appended = ledger.finishStatement(held.id(), signer.sign(held.toSign()))
                ledger.seal(key)
                assertEquals(listOf(text), shield.shown)
                val proof = ledger.prove(ProofRequest.ofDossier(appended.preservationNumber()).showAll())
                val verdict = Verifier.verify(proof, Policy.NONE, Instant.now().plusSeconds(60))
                assertFalse(verdict.contradicted(), verdict.toJson())
                // The policy names nobody, and still the ledger's own entry of the key makes it the customer's signature.
                assertEquals(Grade.COUNTERSIGNED_BY_PARTY, verdict.records().single().grade(), verdict.toJson())
                // The digest stands in the signed bytes, so another text cannot be put in its place.
                val digest = signer.displayed().substringAfter(':')
                assertTrue(digest in held.toSign().bytes().joinToString("") { "%02x".format(it) })
            }
        }
    }

    @Test
    fun `refused, away, locked and gone are told apart, and the record waits through all of them`(): Unit = inLedger { ledger, key ->
        ShieldSimulator(ShieldInput.DIGEST, der = false).use { shield ->
            val signer = ShieldSigner(shield, text)
            val held = ledger.holdForSignature(record, signer.terms(Role.CUSTOMER, kid(ledger, shield)))
            shield.customer = ShieldSimulator.Customer.REFUSES
            refused(411) { signer.sign(held.toSign()) }
            shield.customer = ShieldSimulator.Customer.IS_AWAY
            refused(412) { signer.sign(held.toSign()) }
            shield.keyThere = false
            refused(414) { signer.sign(held.toSign()) }
            shield.keyThere = true
            shield.customer = ShieldSimulator.Customer.MISTYPES
            refused(413) { signer.sign(held.toSign()) }
            shield.customer = ShieldSimulator.Customer.AGREES
            refused(413) { signer.sign(held.toSign()) }
            assertEquals(held.id(), ledger.held().single().id())
            ledger.dropStatement(held.id(), DropReason.DECLINED, null)
            ledger.seal(key)
            Unit
        }
    }

    @Test
    fun `another shield's answer ends the session before anything is shown`(): Unit = inLedger { ledger, _ ->
        SoftwareKey.generate(SignatureAlgorithm.SM2).use { other ->
            ShieldSimulator(ShieldInput.MESSAGE, der = true).use { shield ->
                val signer = ShieldSigner(shield, text)
                val held = ledger.holdForSignature(record, signer.terms(Role.CUSTOMER, kid(ledger, shield)))
                shield.impostor = other
                refused(404) { signer.sign(held.toSign()) }
                assertTrue(shield.shown.isEmpty())
                shield.impostor = null
                signer.sign(held.toSign())
                assertFalse(shield.openings[0].contentEquals(shield.openings[1]), "the challenge came twice")
                assertTrue(shield.openings.all { String(it.copyOf(28)) == "yinzheng shield challenge 1\n" && it.size == 60 }, "not as on other systems")
            }
        }
    }

    @Test
    fun `a text longer than the display is refused, never cut`() {
        ShieldSimulator(ShieldInput.DIGEST, der = false, displayLimit = 12).use { shield ->
            ShieldSigner(shield, "借款一元")
            refused(104) { ShieldSigner(shield, "借款一万元") }
            for (unreadable in listOf("", " ", "\n\u3000", "\u0301", "借\u202E元", "借\u200B元", "借\t5", "借\u2028元", "\u0000", "借\uD800")) {
                refused(101) { ShieldSigner(shield, unreadable) }
            }
            ShieldSigner(shield, "借\n一元")
            refused(104) { ShieldEnrolment(shield) }
        }
    }

    @Test
    fun `what is shown is what is sealed, or nothing is signed`() {
        for (input in ShieldInput.entries) inLedger { ledger, _ ->
            ShieldSimulator(input, der = false).use { shield ->
                val small = ShieldSigner(shield, "向示例银行借款 5.00 元")
                val large = ShieldSigner(shield, text)
                val first = ledger.holdForSignature(record, large.terms(Role.CUSTOMER, kid(ledger, shield)))
                val second = ledger.holdForSignature(record, small.terms(Role.CUSTOMER, kids.last()))
                val third = ledger.holdForSignature(record, SignerTerms.of(shield.publicKey, Role.CUSTOMER))
                refused(407) { small.sign(first.toSign()) }
                refused(407) { large.sign(second.toSign()) }
                refused(407) { large.sign(third.toSign()) }
                assertEquals(emptyList<String>(), shield.shown)
                refused(404) { ledger.finishStatement(first.id(), small.sign(second.toSign())) }
                // A digest that lies beside the bytes counts for nothing.
                val mixed = ToSign.ofStored(first.toSign().bytes(), second.toSign().infoJson())
                ledger.finishStatement(first.id(), large.sign(mixed))
                val sha256 = "sha256:" + TwinDigest.of(text.toByteArray()).sha256()
                val fourth = ledger.holdForSignature(record, SignerTerms.of(shield.publicKey, Role.CUSTOMER).displayed(sha256))
                ledger.finishStatement(fourth.id(), large.sign(fourth.toSign()))
            }
        }
    }

    @Test
    fun `an enrolment and a statement are never taken for each other`(): Unit = inLedger { ledger, _ ->
        ShieldSimulator(ShieldInput.MESSAGE, der = false).use { shield ->
            val signer = ShieldSigner(shield, ShieldEnrolment.TEXT)
            val held = ledger.holdForSignature(record, signer.terms(Role.CUSTOMER, "00".repeat(32)))
            val draft = ledger.keys().enrol(KeyRole.CUSTOMER, shield.publicKey, Custody.SHIELD, Instant.now())
            refused(315) { signer.sign(draft.toSign()) }
            refused(315) { ShieldEnrolment(shield).sign(held.toSign()) }
            val stranger = ToSign.ofStored("yinzheng shield challenge 1\n".toByteArray(), held.toSign().infoJson())
            assertThrows(YinzhengException::class.java) { signer.sign(stranger) }
            assertEquals(emptyList<String>(), shield.shown)
        }
    }

    @Test
    fun `an enrolment signs only the shield's own key as a party's`(): Unit = inLedger { ledger, _ ->
        ShieldSimulator(ShieldInput.MESSAGE, der = false).use { shield ->
            ShieldSimulator(ShieldInput.MESSAGE, der = false).use { other ->
                val stranger = ledger.keys().enrol(KeyRole.CUSTOMER, other.publicKey, Custody.SHIELD, Instant.now())
                assertEquals(other.publicKey.thumbprint(), stranger.toSign().content().thumbprint().get())
                refused(101) { ShieldEnrolment(shield).sign(stranger.toSign()) }
                val rotation = ledger.keys().rotate(shield.publicKey, Custody.SHIELD, Instant.now())
                assertEquals("ledger", rotation.toSign().content().keyRole().get())
                refused(101) { ShieldEnrolment(shield).sign(rotation.toSign()) }
                assertEquals(emptyList<String>(), shield.shown)
            }
        }
    }

    @Test
    fun `what a driver throws is typed, and a session that does not close takes no signature with it`(): Unit = inLedger { ledger, _ ->
        ShieldSimulator(ShieldInput.MESSAGE, der = false).use { shield ->
            val words = "13900000001 hung up"
            fun driver(opens: Boolean, answers: Boolean, signs: Boolean) = object : Shield by shield {
                override fun open(opening: ByteArray): ShieldSession {
                    if (!opens) throw java.io.IOException(words)
                    val session = shield.open(opening)
                    return object : ShieldSession {
                        override val answer: ByteArray get() = if (answers) session.answer else throw IllegalStateException(words)

                        override fun sign(display: String, input: ByteArray) =
                            if (signs) session.sign(display, input) else throw java.util.concurrent.TimeoutException(words)

                        override fun close(): Unit = throw java.io.IOException(words)
                    }
                }
            }
            val held = ledger.holdForSignature(record, ShieldSigner(shield, text).terms(Role.CUSTOMER, kid(ledger, shield)))
            for (broken in listOf(driver(false, true, true), driver(true, false, true), driver(true, true, false))) {
                val error = assertThrows(YinzhengException::class.java) { ShieldSigner(broken, text).sign(held.toSign()) }
                assertEquals(412, error.number())
                assertFalse("1390" in error.message!!, error.message)
            }
            ledger.finishStatement(held.id(), ShieldSigner(driver(true, true, true), text).sign(held.toSign()))
        }
    }

    @Test
    fun `a shield for another algorithm has no digest to give`(): Unit = SoftwareKey.generate(SignatureAlgorithm.ED25519).use { key ->
        Ledger.creating(HashAlgorithm.SM3, key.publicKey(), Custody.SOFTWARE).organisation("示例银行")
            .createInMemory(Yinzheng.newVaultKey(VaultSuite.SM4_GCM)).use { ledger ->
                ShieldSimulator(ShieldInput.DIGEST, der = false).use { shield ->
                    refused(405) { ShieldSigner(shield, text).sign(ledger.begin()) }
                    assertTrue(shield.openings.isEmpty())
                }
            }
    }
}
