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
import io.yinzheng.SoftwareKey
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
        val signature = ShieldSigner(shield, "登记签名密钥").sign(entry.toSign())
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
            }
        }
    }

    @Test
    fun `a text longer than the display is refused, never cut`() {
        ShieldSimulator(ShieldInput.DIGEST, der = false, displayLimit = 12).use { shield ->
            ShieldSigner(shield, "借款一元")
            refused(104) { ShieldSigner(shield, "借款一万元") }
            refused(101) { ShieldSigner(shield, "") }
        }
    }

    @Test
    fun `what was signed over another text does not fit`(): Unit = inLedger { ledger, _ ->
        ShieldSimulator(ShieldInput.DIGEST, der = false).use { shield ->
            val small = ShieldSigner(shield, "向示例银行借款 5.00 元")
            val large = ShieldSigner(shield, text)
            val first = ledger.holdForSignature(record, large.terms(Role.CUSTOMER, kid(ledger, shield)))
            val second = ledger.holdForSignature(record, small.terms(Role.CUSTOMER, kids.last()))
            refused(404) { ledger.finishStatement(first.id(), small.sign(second.toSign())) }
        }
    }

    @Test
    fun `a shield for another algorithm has no digest to give`(): Unit = SoftwareKey.generate(SignatureAlgorithm.ED25519).use { key ->
        Ledger.creating(HashAlgorithm.SM3, key.publicKey(), Custody.SOFTWARE).organisation("示例银行")
            .createInMemory(Yinzheng.newVaultKey(VaultSuite.SM4_GCM)).use { ledger ->
                ShieldSimulator(ShieldInput.DIGEST, der = false).use { shield ->
                    refused(401) { ShieldSigner(shield, text).sign(ledger.begin()) }
                }
            }
    }
}
