package io.yinzheng.android

import android.os.Build
import android.os.CancellationSignal
import android.provider.Settings
import io.yinzheng.EvidenceRecord
import io.yinzheng.HashAlgorithm
import io.yinzheng.Ledger
import io.yinzheng.VaultSuite
import io.yinzheng.Yinzheng
import io.yinzheng.YinzhengException
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.time.Instant

class PromptAndFactsOnAndroidTest : OnAndroid() {
    private class Ends : PromptDone {
        val signed = mutableListOf<ByteArray>()
        val errors = mutableListOf<Int>()

        override fun signed(signature: ByteArray) {
            signed += signature
        }

        override fun failed(error: YinzhengException) {
            errors += error.number()
        }
    }

    private fun <T> prepared(work: (Ledger, PreparedSignature) -> T): T {
        val key = KeystoreSigner.generate("key", KeyUse.CUSTOMER, challenge)
        val ledger = Ledger.creating(HashAlgorithm.SHA_256, key.publicKey(), key.custody).organisation("示例银行")
            .createInMemory(Yinzheng.newVaultKey(VaultSuite.AES_256_GCM))
        return ledger.use { work(it, key.prepare(it.begin())) }
    }

    @Test
    fun `a prompt ends once, whatever comes after`() = prepared { ledger, prepared ->
        val ends = Ends()
        val answer = PromptAnswer(prepared, ends)
        FakePhone.touch()
        answer.succeeded()
        answer.failed(PromptErrors.NEGATIVE_BUTTON)
        answer.succeeded()
        assertEquals(emptyList<Int>(), ends.errors)
        ledger.commit(ends.signed.single())
        Unit
    }

    @Test
    fun `a prompt that failed signs nothing`() = prepared { ledger, prepared ->
        val ends = Ends()
        val answer = PromptAnswer(prepared, ends)
        answer.failed(10)
        FakePhone.touch()
        answer.succeeded()
        assertEquals(listOf(411), ends.errors)
        assertTrue(ends.signed.isEmpty())
        assertTrue(ledger.pending().isPresent)
    }

    @Test
    fun `a prompt whose success the key store denies is an error`() = prepared { _, prepared ->
        val ends = Ends()
        PromptAnswer(prepared, ends).succeeded()
        assertEquals(listOf(413), ends.errors)
    }

    @Test
    fun `what fails after the signature is not the prompt's failure`() = prepared { _, prepared ->
        val ends = Ends()
        val host = object : PromptDone by ends {
            override fun signed(signature: ByteArray): Unit = throw PromptErrors.of(3)
        }
        FakePhone.touch()
        refused(412) { PromptAnswer(prepared, host).succeeded() }
        assertEquals(emptyList<Int>(), ends.errors)
    }

    @Test
    fun `before Android 9 there is no prompt of the system's own`() = prepared { _, prepared ->
        if (Build.VERSION.SDK_INT >= 28) return@prepared
        val words = PromptWords("确认签署", "借据", "取消")
        refused(401) { prepared.ask(context, words, { it.run() }, CancellationSignal(), Ends()) }
        Unit
    }

    @Test
    fun `the boot id changes with each start and only then`() {
        assertNull(PhoneClock.bootId(context))
        // Without it the claim has no monotonic reading.
        assertFalse("monotonic" in PhoneClock.now(context).toString())
        fun start(count: Int) = Settings.Global.putInt(context.contentResolver, "boot_count", count)
        start(7)
        val id = PhoneClock.bootId(context)!!
        assertEquals(16, id.size)
        assertArrayEquals(id, PhoneClock.bootId(context))
        assertTrue("monotonic_ms" in PhoneClock.now(context).toString())
        start(8)
        assertFalse(id.contentEquals(PhoneClock.bootId(context)!!))
        context.getSharedPreferences("yinzheng.clock", 0).edit().clear().commit()
        start(7)
        assertFalse("it leads to the phone", id.contentEquals(PhoneClock.bootId(context)!!))
    }

    @Test
    fun `a start of the phone is sealed as a clock event`() {
        val key = KeystoreSigner.generate("key", KeyUse.LEDGER, challenge)
        Settings.Global.putInt(context.contentResolver, "boot_count", 1)
        val now = PhoneClock.now(context)
        Ledger.creating(HashAlgorithm.SHA_256, key.publicKey(), key.custody).organisation("示例银行").created(now)
            .createInMemory(Yinzheng.newVaultKey(VaultSuite.AES_256_GCM)).use { ledger ->
                ledger.append(EvidenceRecord.of("loan.disbursement").text("借款金额", "1.00").time(now).build())
                assertFalse(ledger.noteClock(PhoneClock.now(context)).isPresent)
                Settings.Global.putInt(context.contentResolver, "boot_count", 2)
                assertTrue(ledger.noteClock(PhoneClock.now(context)).isPresent)
            }
    }

    private fun signals(
        files: Set<String> = emptySet(), tags: String? = "release-keys", hardware: String? = "qcom", debugged: Boolean = false,
        lines: Map<String, List<String>> = emptyMap(),
    ) = PhoneFacts("Android", "phone", PhoneFacts.signals({ it in files }, tags, hardware, debugged) { lines[it].orEmpty().asSequence() })

    @Test
    fun `signals are told apart`() {
        assertEquals("CLEAN", signals().cleanCheck)
        assertEquals("CLEAN", signals(tags = null, hardware = null, lines = mapOf("/proc/self/status" to listOf("TracerPid:\t0"))).cleanCheck)
        assertEquals("ROOTED", signals(files = setOf("/system/xbin/su")).cleanCheck)
        assertEquals("ROOTED", signals(tags = "test-keys", debugged = true).cleanCheck)
        assertEquals("HOOKED", signals(debugged = true).cleanCheck)
        assertEquals("HOOKED", signals(lines = mapOf("/proc/self/status" to listOf("TracerPid:\t12"))).cleanCheck)
        assertEquals("HOOKED", signals(lines = mapOf("/proc/self/maps" to listOf("7f r-xp /data/local/tmp/Frida-agent.so"))).cleanCheck)
        for (file in listOf("/system/framework/XposedBridge.jar", "/data/local/libfrida-gadget.so", "/memfd:frida-agent-64.so (deleted)", "/x/libsubstrate.so")) {
            assertEquals(file, "HOOKED", signals(lines = mapOf("/proc/self/maps" to listOf("7f r-xp 00 00 00   $file"))).cleanCheck)
        }
        // A bank may be called friday.
        for (file in listOf("/data/app/com.friday.bank-1/base.apk", "/data/app/example.friday/lib/libfriday.so", "/data/frida/libx.so", "")) {
            assertEquals(file, "CLEAN", signals(lines = mapOf("/proc/self/maps" to listOf("7f r-xp 00 00 00   $file"))).cleanCheck)
        }
        assertEquals("EMULATOR", signals(hardware = "ranchu").cleanCheck)
    }

    @Test
    fun `facts are sealed with a record and as a change of the environment`() {
        assertTrue(PhoneFacts.of().system, PhoneFacts.of().system.endsWith("(API ${Build.VERSION.SDK_INT})"))
        PhoneLedger.open(context, "facts", "示例银行", challenge).use { phone ->
            val record = signals(files = setOf("/sbin/su")).into(EvidenceRecord.of("will.signing"))
                .text("合同编号", "HT-2026-0001").time("签约确认时间", Instant.now())
                .attachment("文本原件", "text/plain", "", byteArrayOf(1)).build()
            val sequence = phone.ledger.append(record).sequence()
            phone.seal()
            val check = phone.ledger.disclosures(sequence).first { it.name() == "env.clean_check" }
            assertTrue(check.en(), "ROOTED" in check.en())
        }
    }
}
