package io.yinzheng.android

import io.yinzheng.Bundles
import io.yinzheng.Checks
import io.yinzheng.ContinueReason
import io.yinzheng.EvidenceRecord
import io.yinzheng.Ledger
import io.yinzheng.Policy
import io.yinzheng.Role
import io.yinzheng.SignatureAlgorithm
import io.yinzheng.SignerTerms
import io.yinzheng.SoftwareKey
import io.yinzheng.Verifier
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File
import java.math.BigDecimal
import java.time.Instant

/** A ledger that does not open any more: read, gone on from, or removed. */
class GoingOnOnAndroidTest : OnAndroid() {
    private fun open() = PhoneLedger.open(context, "customer", "示例银行", challenge)

    private fun goOn(reason: ContinueReason) = PhoneLedger.continueFrom(context, "customer", "示例银行", challenge, reason)

    private val file: File get() = PhoneLedger.file(context, "customer")

    private fun sealOne(amount: String) = open().use {
        it.ledger.append(loan(amount))
        it.seal()
    }

    private fun genesis(ledger: Ledger) = Checks.inspect("entry", ledger.json().entry(0), null)

    private fun works() = open().use {
        it.ledger.append(loan("9.00"))
        it.seal()
        assertEquals(it.ledger.head().toJson(), HeadMirror(context, "customer").read()!!.toJson())
        assertEquals(emptyList<String>(), it.ledger.check().problems())
    }

    @Test
    fun `what was never sealed goes along, after a lost key and after a lost mirror`() {
        for (reason in listOf(ContinueReason.KEY_LOST, ContinueReason.RESTORE)) {
            SoftwareKey.generate(SignatureAlgorithm.P_256).use { customer ->
                sealOne("1.00")
                val once = EvidenceRecord.of("generic").amount("借款金额", BigDecimal("2.00")).businessId("B-$reason").build()
                val before = open().use {
                    it.ledger.append(once)
                    it.ledger.holdForSignature(loan("3.00"), SignerTerms.of(customer.publicKey(), Role.CUSTOMER))
                    it.ledger.head()
                }
                if (reason == ContinueReason.KEY_LOST) KeystoreSigner.delete("yinzheng.ledger.customer") else HeadMirror(context, "customer").forget()
                refused(if (reason == ContinueReason.KEY_LOST) 414 else 503) { open().close() }
                goOn(reason).use {
                    val said = genesis(it.ledger)
                    assertTrue(said, before.blockHash() in said && before.ledgerId() in said)
                    assertTrue(it.ledger.append(once).replayed())
                    val held = it.ledger.held().single()
                    it.ledger.finishStatement(held.id(), customer.sign(held.toSign()))
                    it.seal()
                    assertEquals(0, it.ledger.status().unsealed())
                }
                works()
                assertTrue(file.parentFile!!.list()!!.any { it.startsWith("customer.db.before-") })
                PhoneLedger.forget(context, "customer")
            }
        }
    }

    @Test
    fun `an older file and a deleted one go on from the head that the mirror knows`() {
        sealOne("1.00")
        val copy = file.readBytes()
        sealOne("2.00")
        var known = HeadMirror(context, "customer").read()!!
        file.writeBytes(copy)
        refused(503) { open().close() }
        goOn(ContinueReason.RESTORE).use { assertTrue(known.blockHash() in genesis(it.ledger)) }
        works()
        known = HeadMirror(context, "customer").read()!!
        assertTrue(file.delete())
        refused(503) { open().close() }
        goOn(ContinueReason.RESTORE).use { assertTrue(known.blockHash() in genesis(it.ledger)) }
        works()
    }

    @Test
    fun `a vault key that is gone ends values, and not the ledger`() {
        sealOne("1.00")
        VaultKeys(context).forget("customer")
        refused(605) { open().close() }
        PhoneLedger.openForReading(context, "customer").use {
            val bundle = Bundles.export(it, 0, it.head().height())
            assertFalse(Verifier.verifyBundle(bundle, Policy.NONE, Instant.now()).contradicted())
            refused(203) { it.append(loan("2.00")) }
        }
        goOn(ContinueReason.RESTORE).close()
        works()
    }

    @Test
    fun `of two vault keys one that is spoilt ends not the other`() {
        for (spoilt in listOf("customer", "customer.next")) {
            sealOne("1.00")
            val keys = VaultKeys(context)
            open().use {
                val next = keys.prepare("customer")
                // Killed after the last value.
                if (spoilt == "customer") it.ledger.privacy().rewrap(next, null)
            }
            SealedFile(SealedFile.folder(context), VaultKeys.FILE).change { it[spoilt] = "AAAA" }
            val good = if (spoilt == "customer") keys.next("customer") else keys.get("customer")
            val appended = EvidenceRecord.of("generic").amount("借款金额", BigDecimal("2.00")).businessId("B-$spoilt").build()
            refused(605) { open().close() }
            goOn(ContinueReason.RESTORE).use { it.ledger.append(appended) }
            org.junit.Assert.assertArrayEquals(good, keys.get("customer"))
            works()
            PhoneLedger.forget(context, "customer")
        }
    }

    @Test
    fun `a spoilt mirror is gone on from`() {
        sealOne("1.00")
        SealedFile(SealedFile.mirrors(context), HeadMirror.FILE).change { it["customer"] = "AAAA" }
        refused(503) { open().close() }
        goOn(ContinueReason.RESTORE).close()
        works()
    }

    @Test
    fun `going on is for ledgers that do not open`() {
        refused(502) { goOn(ContinueReason.RESTORE).close() }
        sealOne("1.00")
        val key = FakePhone.entries.getValue("yinzheng.ledger.customer")
        for (reason in ContinueReason.entries) refused(101) { goOn(reason).close() }
        open().use { refused(602) { goOn(ContinueReason.RESTORE).close() } }
        FakePhone.faulty = true
        refused(601) { goOn(ContinueReason.KEY_LOST).close() }
        FakePhone.faulty = false
        assertEquals("its key was replaced", key, FakePhone.entries.getValue("yinzheng.ledger.customer"))
        works()
    }

    @Test
    fun `killed while the new ledger took its place, it takes it at the next opening`() {
        sealOne("1.00")
        val before = file.readBytes()
        KeystoreSigner.delete("yinzheng.ledger.customer")
        goOn(ContinueReason.KEY_LOST).close()
        val id = HeadMirror(context, "customer").read()!!.ledgerId()
        val next = File(file.path + ".next")
        val ready = File(next.path + ".ready")
        // What SQLite keeps beside a file stays beside it, whichever run moves it.
        val kept = File(file.path + ".before-" + id.substringAfter(':'))
        assertTrue(kept.exists() && kept.delete())
        File(file.path + "-wal").writeText("of the old one")
        assertTrue(file.renameTo(next))
        ready.writeText(id)
        file.writeBytes(before)
        // Killed after the first of them.
        assertTrue(File(file.path + "-wal").renameTo(File(kept.path + "-wal")))
        open().use { assertEquals(id, it.ledger.head().ledgerId()) }
        assertTrue(kept.readBytes().contentEquals(before) && File(kept.path + "-wal").exists())
        // Before the first move, between the two, after both.
        for (step in 0..2) {
            if (step < 2) assertTrue(file.renameTo(next))
            if (step == 0) file.writeBytes(before)
            ready.writeText(id)
            open().use { assertEquals(id, it.ledger.head().ledgerId()) }
            assertFalse(next.exists() || ready.exists())
        }
        // Before the mirror was written: the old one stands, and it is begun again.
        assertTrue(file.renameTo(next))
        file.writeBytes(before)
        ready.writeText("sha256:" + "00".repeat(32))
        refused(503) { open().close() }
        goOn(ContinueReason.RESTORE).close()
        works()
    }

    @Test
    fun `reading needs no signer, no mirror and no vault key`() {
        sealOne("1.00")
        PhoneLedger.openForReading(context, "customer").use { assertTrue(it.disclosures(2).isNotEmpty()) }
        // Beside whoever writes.
        open().use { writing -> PhoneLedger.openForReading(context, "customer").use { assertEquals(writing.ledger.head(), it.head()) } }
        KeystoreSigner.delete("yinzheng.ledger.customer")
        HeadMirror(context, "customer").forget()
        PhoneLedger.openForReading(context, "customer").use { assertTrue(it.disclosures(2).isNotEmpty()) }
        FakePhone.anotherPhone()
        PhoneLedger.openForReading(context, "customer").use {
            assertEquals(1, it.head().height())
            refused(605) { it.disclosures(2) }
        }
        refused(606) { PhoneLedger.openForReading(context, "nobody").close() }
    }

    @Test
    fun `what is forgotten leaves nothing, and another ledger as it was`() {
        sealOne("1.00")
        PhoneLedger.open(context, "customer2", "示例银行", challenge).close()
        open().use { refused(602) { PhoneLedger.forget(context, "customer") } }
        works()
        PhoneLedger.forget(context, "customer")
        assertFalse(file.exists())
        assertNull(HeadMirror(context, "customer").read())
        refused(605) { VaultKeys(context).get("customer") }
        refused(414) { KeystoreSigner.load("yinzheng.ledger.customer", KeyUse.LEDGER) }
        PhoneLedger.forget(context, "customer")
        PhoneLedger.open(context, "customer2", "示例银行", challenge).close()
        works()
    }
}
