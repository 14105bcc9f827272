package io.yinzheng.android

import android.os.Build
import io.yinzheng.Custody
import io.yinzheng.ErrorCode
import io.yinzheng.HashAlgorithm
import io.yinzheng.KeyRole
import io.yinzheng.Ledger
import io.yinzheng.Policy
import io.yinzheng.ProofRequest
import io.yinzheng.Role
import io.yinzheng.SignerTerms
import io.yinzheng.ToSign
import io.yinzheng.VaultSuite
import io.yinzheng.Verifier
import io.yinzheng.Yinzheng
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import java.time.Instant

class SignerOnAndroidTest : OnAndroid() {
    private fun ledgerKey() = KeystoreSigner.generate("ledger", KeyUse.LEDGER, challenge)

    private fun customerKey() = KeystoreSigner.generate("customer", KeyUse.CUSTOMER, challenge)

    private fun ledger(key: KeystoreSigner): Ledger = Ledger.creating(HashAlgorithm.SHA_256, key.publicKey(), key.custody)
        .organisation("示例银行").certificates(key.certificates()).createInMemory(Yinzheng.newVaultKey(VaultSuite.AES_256_GCM))

    /** A statement of the customer that waits for its signature. */
    private fun <T> waiting(customer: KeystoreSigner, work: (Ledger, ToSign, Long) -> T): T {
        val key = ledgerKey()
        return ledger(key).use { ledger ->
            ledger.seal(key)
            val held = ledger.holdForSignature(loan("1.00"), SignerTerms.of(customer.publicKey(), Role.CUSTOMER).audience("ledger"))
            work(ledger, held.toSign(), held.id())
        }
    }

    @Test
    fun `blocks and statements are signed and verify`() {
        val customer = customerKey()
        waiting(customer) { ledger, toSign, id ->
            val keys = ledger.keys()
            val enrol = customer.entry(keys, KeyRole.CUSTOMER, null, Instant.now())
            val possession = customer.prepare(enrol.toSign())
            FakePhone.touch()
            val kid = keys.finish(enrol.bytes(), possession.finish())
            val next = KeystoreSigner.generate("next", KeyUse.CUSTOMER, challenge)
            val replacing = next.entry(keys, KeyRole.CUSTOMER, kid, Instant.now())
            val attested = "android-key-chain" in String(replacing.bytes(), Charsets.ISO_8859_1)
            assertEquals(Build.VERSION.SDK_INT >= 24, attested)
            val prepared = customer.prepare(toSign)
            FakePhone.touch()
            val record = ledger.finishStatement(id, prepared.finish())
            ledger.seal(KeystoreSigner.load("ledger", KeyUse.LEDGER))
            val proof = ledger.prove(ProofRequest.ofDossier(record.preservationNumber()).showAll())
            val verdict = Verifier.verify(proof, Policy.NONE, Instant.now().plusSeconds(60))
            assertFalse(verdict.toJson(), verdict.contradicted())
            assertEquals(0, ledger.check().problems().size)
        }
    }

    @Test
    fun `the attestation answers the challenge and begins with the key`() {
        val key = customerKey()
        val chain = key.certificates()
        assertEquals(if (Build.VERSION.SDK_INT >= 24) 2 else 1, chain.size)
        // A certificate of its own attests nothing.
        assertEquals(if (Build.VERSION.SDK_INT >= 24) chain.sumOf { it.size } else null, key.attestation()?.size)
        val spki = FakePhone.entries.getValue("customer").pair!!.public.encoded
        assertTrue(key.publicKey().describe().contains(spki.joinToString("") { "%02x".format(it) }))
        val held = String(challenge, Charsets.ISO_8859_1) in String(chain[0], Charsets.ISO_8859_1)
        assertEquals(Build.VERSION.SDK_INT >= 24, held)
    }

    @Test
    fun `custody is what the phone says, and never more`() {
        val sdk = Build.VERSION.SDK_INT
        val expected = mapOf(
            FakePhone.STRONGBOX to if (sdk >= 31) Custody.ENCLAVE else Custody.HARDWARE,
            FakePhone.TRUSTED to Custody.HARDWARE,
            FakePhone.SOFTWARE to Custody.SOFTWARE,
        )
        for ((level, custody) in expected) {
            FakePhone.best = level
            assertEquals(custody, ledgerKey().custody)
            assertEquals(custody, KeystoreSigner.load("ledger", KeyUse.LEDGER).custody)
            // StrongBox was asked for first wherever it can be.
            assertEquals(if (level == FakePhone.STRONGBOX && sdk < 28) FakePhone.TRUSTED else level, FakePhone.entries.getValue("ledger").level)
        }
    }

    @Test
    fun `without a touch the customer's key does not sign, and what waits goes on waiting`() {
        val customer = customerKey()
        waiting(customer) { ledger, toSign, id ->
            refused(413) { customer.sign(toSign) }
            refused(413) { customer.prepare(toSign).finish() }
            assertEquals(id, ledger.held().single().id())
            assertArrayEquals(toSign.bytes(), ledger.held().single().toSign().bytes())
            val prepared = customer.prepare(toSign)
            FakePhone.touch()
            ledger.finishStatement(id, prepared.finish())
        }
    }

    @Test
    fun `one touch is one signature`() {
        val customer = customerKey()
        waiting(customer) { ledger, toSign, id ->
            val prepared = customer.prepare(toSign)
            FakePhone.touch()
            ledger.finishStatement(id, prepared.finish())
            refused(413) { customer.prepare(toSign).finish() }
        }
    }

    @Test
    fun `a new finger ends the customer's key, and not the ledger's`() {
        val customer = customerKey()
        waiting(customer) { ledger, toSign, id ->
            val prepared = customer.prepare(toSign)
            FakePhone.newFinger()
            assertEquals(ErrorCode.SIGNER_KEY_GONE, refused(414) { customer.prepare(toSign) }.code())
            FakePhone.touch()
            refused(414) { prepared.finish() }
            assertEquals(id, ledger.held().single().id())
            ledger.append(loan("2.00"))
            ledger.seal(KeystoreSigner.load("ledger", KeyUse.LEDGER))
        }
    }

    @Test
    fun `a locked phone seals nothing and offers the same block again`() {
        if (Build.VERSION.SDK_INT < 35) return
        val key = ledgerKey()
        ledger(key).use { ledger ->
            FakePhone.locked = true
            refused(413) { ledger.seal(key) }
            val waiting = ledger.pending().get().bytes()
            FakePhone.locked = false
            assertArrayEquals(waiting, ledger.begin().bytes())
            ledger.seal(key)
        }
    }

    @Test
    fun `a key that is gone is said to be gone, others are not`() {
        refused(414) { KeystoreSigner.load("nobody", KeyUse.LEDGER) }
        val key = ledgerKey()
        ledger(key).use { ledger ->
            KeystoreSigner.delete("ledger")
            refused(414) { ledger.seal(key) }
            refused(414) { KeystoreSigner.load("ledger", KeyUse.LEDGER) }
            // Another key of the same name signs, and is refused.
            refused(404) { ledger.seal(ledgerKey()) }
        }
    }

    @Test
    fun `a fault of the key store is no key gone and nobody's refusal`() {
        val key = ledgerKey()
        val entry = FakePhone.entries.getValue("ledger")
        ledger(key).use { ledger ->
            FakePhone.faulty = true
            refused(412) { KeystoreSigner.load("ledger", KeyUse.LEDGER) }
            refused(412) { ledger.seal(key) }
            FakePhone.faulty = false
            assertEquals(entry, FakePhone.entries.getValue("ledger"))
            ledger.seal(KeystoreSigner.load("ledger", KeyUse.LEDGER))
        }
    }

    @Test
    fun `a phone without a screen lock makes no customer's key`() {
        FakePhone.screenLock = false
        refused(412) { customerKey() }
        refused(414) { KeystoreSigner.load("customer", KeyUse.CUSTOMER) }
        ledgerKey()
    }

    @Test
    fun `a StrongBox that fails in any way is done without, and the custody says so`() {
        val faults = listOf(
            java.security.ProviderException("Failed to generate key pair"), java.security.ProviderException(java.security.KeyStoreException("-1000")),
            java.security.InvalidAlgorithmParameterException("unsupported"),
        )
        for (fault in faults) {
            FakePhone.strongBoxFault = fault
            assertEquals(Custody.HARDWARE, ledgerKey().custody)
            assertEquals(FakePhone.TRUSTED, FakePhone.entries.getValue("ledger").level)
        }
        // What is no fault of StrongBox is told.
        FakePhone.screenLock = false
        refused(412) { customerKey() }
    }

    @Test
    fun `an invalidated key that is not handed over at all is gone`() {
        val sdk = Build.VERSION.SDK_INT
        customerKey()
        ledgerKey()
        FakePhone.newFinger()
        FakePhone.bareInvalidation = true
        FakePhone.faulty = true
        refused(412) { KeystoreSigner.load("customer", KeyUse.CUSTOMER) }
        FakePhone.faulty = false
        // What fails with every key says nothing of this one.
        FakePhone.handsOverNone = true
        refused(412) { KeystoreSigner.load("customer", KeyUse.CUSTOMER) }
        FakePhone.handsOverNone = false
        refused(if (sdk in 26..30) 414 else 412) { KeystoreSigner.load("customer", KeyUse.CUSTOMER) }
        KeystoreSigner.load("ledger", KeyUse.LEDGER)
        // Nothing invalidates the ledger's key, so this is a fault of the key store.
        FakePhone.entries.getValue("ledger").ended = true
        refused(412) { KeystoreSigner.load("ledger", KeyUse.LEDGER) }
    }

    @Test
    fun `a key that is enrolled is found in the ledger after its kid was lost`() {
        val key = ledgerKey()
        ledger(key).use { ledger ->
            ledger.seal(key)
            val customer = customerKey()
            assertEquals(null, customer.kid(ledger.keys()))
            val entry = customer.entry(ledger.keys(), KeyRole.CUSTOMER, null, Instant.now())
            val possession = customer.prepare(entry.toSign())
            FakePhone.touch()
            val kid = ledger.keys().finish(entry.bytes(), possession.finish())
            assertEquals(kid, KeystoreSigner.load("customer", KeyUse.CUSTOMER).kid(ledger.keys()))
            assertEquals(null, key.kid(ledger.keys()))
        }
    }

    @Test
    fun `keys are made as they must be`() {
        ledgerKey()
        customerKey()
        val ledger = FakePhone.entries.getValue("ledger").spec!!
        val customer = FakePhone.entries.getValue("customer").spec!!
        assertFalse(ledger.isUserAuthenticationRequired)
        assertTrue(customer.isUserAuthenticationRequired)
        assertTrue("asks at each use", customer.userAuthenticationValidityDurationSeconds <= 0)
        if (Build.VERSION.SDK_INT >= 24) assertTrue(customer.isInvalidatedByBiometricEnrollment)
        if (Build.VERSION.SDK_INT >= 28) assertEquals(Build.VERSION.SDK_INT >= 35, ledger.isUnlockedDeviceRequired)
    }

    @Test
    fun `every end of a prompt has its error`() {
        val expected = mapOf(3 to 412, 5 to 412, 10 to 411, 13 to 411, 19 to 412, 7 to 413, 9 to 413, 11 to 413, 14 to 413, 15 to 413, 1 to 412, 999 to 412)
        for ((number, error) in expected) assertEquals("$number", error, PromptErrors.of(number).number())
    }
}
