package io.yinzheng

import io.yinzheng.kotlin.Attempt
import io.yinzheng.kotlin.Judgement
import io.yinzheng.kotlin.SuspendingSigner
import io.yinzheng.kotlin.append
import io.yinzheng.kotlin.appendSigned
import io.yinzheng.kotlin.attempt
import io.yinzheng.kotlin.createLedger
import io.yinzheng.kotlin.evidence
import io.yinzheng.kotlin.judgement
import io.yinzheng.kotlin.openLedger
import io.yinzheng.kotlin.seal
import io.yinzheng.kotlin.verify
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.math.BigDecimal
import java.nio.file.Path
import java.time.Instant
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlin.coroutines.startCoroutine
import kotlin.coroutines.suspendCoroutine

/** The story of a loan, as Kotlin tells it. */
class KotlinStoryTest {
    @TempDir
    lateinit var folder: Path

    private val at: Instant = Instant.ofEpochMilli(1_793_600_000_000)

    @AfterEach
    fun nothingIsLeftOpen() = assertEquals(0, Yinzheng.openHandles())

    /** Answers when the test says so, as a device does that waits for a finger. */
    private class Device(private val key: SoftwareKey) : SuspendingSigner {
        var waiting: Continuation<ByteArray>? = null
        lateinit var asked: ToSign
        override val publicKey: VerifyKey get() = key.publicKey()

        override suspend fun sign(toSign: ToSign): ByteArray = suspendCoroutine {
            asked = toSign
            waiting = it
        }

        fun press() = waiting!!.resume(key.sign(asked))

        fun refuse() = waiting!!.resumeWithException(YinzhengException(ErrorCode.SIGNER_DECLINED, "the finger", null))
    }

    private fun <T> start(work: suspend () -> T): () -> Result<T> {
        var came: Result<T>? = null
        work.startCoroutine(Continuation(EmptyCoroutineContext) { came = it })
        return { came!! }
    }

    @Test
    fun `a loan is sealed, reopened, proven and verified`() {
        val file = folder.resolve("ledger.db")
        val vaultKey = Yinzheng.newVaultKey(VaultSuite.AES_256_GCM)
        SoftwareKey.generate(SignatureAlgorithm.P_256).use { key ->
            val head = createLedger(
                file, vaultKey, HashAlgorithm.SHA_256, key.publicKey(), Custody.SOFTWARE, organisation = "示例银行",
            ).use { ledger ->
                ledger.append("generic", businessId = "loan-1", time = TimeClaim.declared(at)) {
                    amount("借款金额", BigDecimal("5000.00"))
                }
                ledger.seal(key)
                ledger.head()
            }
            openLedger(file, vaultKey, expectedHead = head).use { ledger ->
                val again = ledger.append("generic", businessId = "loan-1", time = TimeClaim.declared(at)) {
                    amount("借款金额", BigDecimal("5000.00"))
                }
                assertTrue(again.replayed())
                val proof = ledger.prove(ProofRequest.ofDossier(again.dossier()).showAll())
                val judged = assertInstanceOf(Judgement.IntegrityOnly::class.java, verify(proof, at = at).judgement)
                assertTrue(judged.open.isNotEmpty())
                val id = head.ledgerId().substringAfter(':')
                val policy = Policy.ofJson("""{"ledgers":[{"id":"$id","hash":"SHA-256","name":"示例银行"}]}""")
                assertInstanceOf(Judgement.OriginProven::class.java, verify(proof, policy, at).judgement)
                assertInstanceOf(Judgement.Unreadable::class.java, verify(byteArrayOf(1), policy, at).judgement)
            }
            openLedger(file, readOnly = true).use { assertEquals(head, it.head()) }
        }
    }

    @Test
    fun `a policy that knows one of two ledgers says so`() {
        SoftwareKey.generate(SignatureAlgorithm.P_256).use { key ->
            val made = List(2) {
                createLedger(
                    null, ByteArray(32), HashAlgorithm.SHA_256, key.publicKey(), Custody.SOFTWARE, organisation = "示例银行",
                ).use { ledger ->
                    val record = ledger.append("generic") { amount("借款金额", BigDecimal("5000.00")) }
                    ledger.seal(key)
                    ledger.head().ledgerId().substringAfter(':') to ledger.prove(ProofRequest.ofDossier(record.dossier()))
                }
            }
            val policy = Policy.ofJson("""{"ledgers":[{"id":"${made[0].first}","hash":"SHA-256","name":"示例银行"}]}""")
            val joined = Proofs.join(made.map { it.second })
            assertInstanceOf(Judgement.OriginInPart::class.java, verify(joined, policy, at).judgement)
            assertInstanceOf(Judgement.OriginProven::class.java, verify(made[0].second, policy, at).judgement)
            assertInstanceOf(Judgement.IntegrityOnly::class.java, verify(made[1].second, policy, at).judgement)
        }
    }

    @Test
    fun `a device signs when its owner does, or refuses`() {
        SoftwareKey.generate(SignatureAlgorithm.SM2).use { key ->
            val device = Device(key)
            createLedger(
                null, ByteArray(16), HashAlgorithm.SM3, key.publicKey(), Custody.SHIELD, organisation = "示例银行",
            ).use { ledger ->
                var sealed = start { ledger.seal(device) }
                val first = device.asked.bytes()
                device.refuse()
                val failed = attempt { sealed().getOrThrow() }
                assertEquals(411, assertInstanceOf(Attempt.Failed::class.java, failed).number)
                sealed = start { ledger.seal(device) }
                assertTrue(first.contentEquals(device.asked.bytes()), "the same bytes wait")
                device.press()
                assertEquals(0, sealed().getOrThrow().height())

                val record = evidence("loan.disbursement") { amount("借款金额", BigDecimal("1.00")) }
                val signed = start { ledger.appendSigned(record, device, Role.CUSTOMER) }
                assertEquals(1, ledger.held().size)
                device.press()
                assertEquals(0, signed().getOrThrow().place())
                assertEquals(0, ledger.held().size)
            }
        }
    }

    @Test
    fun `errors are data for who wants them so`() {
        val failed = attempt { openLedger(folder.resolve("nothing.db")) }
        assertEquals(ErrorCode.NOT_A_LEDGER, assertInstanceOf(Attempt.Failed::class.java, failed).code)
        assertEquals(Attempt.Done(7), attempt { 7 })
    }
}
