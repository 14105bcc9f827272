package io.yinzheng.android

import io.yinzheng.Custody
import io.yinzheng.EvidenceRecord
import io.yinzheng.HashAlgorithm
import io.yinzheng.Head
import io.yinzheng.Ledger
import io.yinzheng.Role
import io.yinzheng.SignatureAlgorithm
import io.yinzheng.Signer
import io.yinzheng.SignerTerms
import io.yinzheng.SoftwareKey
import io.yinzheng.ToSign
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.math.BigDecimal
import java.nio.file.Files
import java.nio.file.StandardCopyOption

/** A folder in the place of the phone: key, mirror and ledger as files. The vault key is fixed; nothing here is secret. */
private class Folder(val path: File) : Mirror {
    private val mirror = File(path, "mirror")
    private val pem = File(path, "key.pem")
    val ledger = File(path, "ledger.db")
    private val vaultKey = ByteArray(32) { 5 }

    fun key(): SoftwareKey {
        if (!pem.exists()) SoftwareKey.generate(SignatureAlgorithm.P_256).use { pem.writeText(it.toPkcs8("x".toCharArray())) }
        return SoftwareKey.ofPkcs8(pem.readText(), "x".toCharArray())
    }

    fun open(key: Signer): GuardedLedger = GuardedLedger.openOrCreate(
        ledger, { Ledger.opening(ledger.toPath()) },
        { Ledger.creating(HashAlgorithm.SHA_256, key.publicKey(), Custody.SOFTWARE).organisation("示例银行") }, vaultKey, this, key,
    )

    override fun read(): Head? = if (mirror.exists()) Head.ofJson(mirror.readText()) else null

    override fun write(head: Head) {
        val next = File(path, "mirror.new").apply { writeText(head.toJson()) }
        Files.move(next.toPath(), mirror.toPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
    }
}

private fun loan(amount: Int) = EvidenceRecord.of("loan.disbursement").amount("借款金额", BigDecimal(amount))
    .text("放款时间", "2026-11-25T10:00:00+08:00").build()

private fun hex(bytes: ByteArray) = bytes.joinToString("") { "%02x".format(it) }

private fun say(what: String) {
    println(what)
    System.out.flush()
}

/** The process that is killed. `POINT`: where it says so and waits; `all`: it goes on and on. */
object KillChild {
    @JvmStatic
    fun main(args: Array<String>) {
        val folder = Folder(File(args[0]))
        val point = args[1]
        fun at(name: String) {
            if (point == name) {
                say("at $name")
                Thread.sleep(60_000)
            }
        }
        val key = folder.key()
        if (point == "create") return folder.open(key).use { say("created") }
        if (point == "block 0") {
            folder.open(object : Signer by key {
                override fun sign(toSign: ToSign): ByteArray {
                    at("block 0")
                    return key.sign(toSign)
                }
            })
        }
        val guarded = folder.open(key)
        val ledger = guarded.ledger
        do {
            say("appended ${ledger.append(loan(1)).sequence()}")
            at("appended")
            val toSign = ledger.begin()
            say("begun ${hex(toSign.bytes())}")
            at("begun")
            val signature = key.sign(toSign)
            at("signed")
            say("sealed ${ledger.commit(signature).height()}")
            at("committed")
            folder.write(ledger.head())
            at("mirrored")
            val held = ledger.holdForSignature(loan(2), SignerTerms.of(key.publicKey(), Role.CUSTOMER).audience("ledger"))
            say("held ${hex(held.toSign().bytes())}")
            at("held")
            ledger.finishStatement(held.id(), key.sign(held.toSign()))
            say("finished ${held.id()}")
        } while (point == "all")
    }
}

class KillTest {
    private fun start(folder: File, point: String): Process = ProcessBuilder(
        File(System.getProperty("java.home"), "bin/java").path, "-Xcheck:jni", "-Xshare:auto",
        "-Dyinzheng.library=" + System.getProperty("yinzheng.library"), "-cp", System.getProperty("java.class.path"),
        KillChild::class.java.name, folder.path, point,
    ).redirectErrorStream(true).start()

    private fun last(said: List<String>, word: String) = said.lastOrNull { it.startsWith("$word ") }?.substringAfter(' ')

    /**
     * What must be true after any kill: everything acknowledged is there, and the block that was begun waits with its bytes.
     *
     * @param before the head's height before the process that was killed; gives that of after
     */
    private fun judge(path: File, said: List<String>, before: Long = 0): Long {
        val folder = Folder(path)
        return folder.key().use { key ->
            folder.open(key).use { guarded ->
                val ledger = guarded.ledger
                last(said, "appended")?.let { assertTrue(ledger.status().entries() > it.toLong(), said.toString()) }
                last(said, "sealed")?.let { assertTrue(ledger.head().height() >= it.toLong(), said.toString()) }
                val begun = said.indexOfLast { it.startsWith("begun ") }
                val sealed = said.indexOfLast { it.startsWith("sealed ") }
                val waiting = guarded.pending()
                if (begun > sealed && waiting != null) {
                    assertEquals(said[begun].substringAfter(' '), hex(waiting.bytes()))
                    assertEquals(said[begun].substringAfter(' '), hex(ledger.begin().bytes()), "begin gives another block")
                } else if (begun > sealed) {
                    // Killed inside commit, after it was kept and before it was said.
                    assertEquals((last(said, "sealed")?.toLong() ?: before) + 1, ledger.head().height())
                }
                ledger.held().firstOrNull()?.let {
                    // Killed inside the call, what is held may be newer than what was said.
                    if (said.indexOfLast { line -> line.startsWith("held ") } > said.indexOfLast { line -> line.startsWith("finished ") }) {
                        assertEquals(last(said, "held"), hex(it.toSign().bytes()))
                    }
                    ledger.finishStatement(it.id(), key.sign(it.toSign()))
                }
                ledger.append(loan(3))
                guarded.seal(key)
                assertEquals(0, ledger.status().unsealed())
                assertEquals(emptyList<String>(), ledger.check().problems())
                ledger.head().height()
            }
        }
    }

    @Test
    fun `killed at each point of begin, sign and commit`(@TempDir path: File) {
        // One ledger through all of them, so that each begins where a killed one ended.
        for (point in listOf("block 0", "appended", "begun", "signed", "committed", "mirrored", "held")) {
            val child = start(path, point)
            val said = mutableListOf<String>()
            for (line in child.inputStream.bufferedReader().lineSequence()) {
                said += line
                if (line == "at $point") break
            }
            child.destroyForcibly().waitFor()
            assertEquals("at $point", said.lastOrNull(), said.toString())
            assertEquals(137, child.exitValue(), "it was not killed")
            val waits = point == "begun" || point == "signed"
            Folder(path).key().use { key ->
                Folder(path).open(key).use { assertEquals(waits, it.pending() != null, point) }
            }
            judge(path, said)
        }
    }

    @Test
    fun `killed while the ledger is made, again and again`(@TempDir path: File) {
        val random = java.util.Random(7)
        repeat(8) { round ->
            val folder = File(path, "$round").apply { mkdir() }
            Folder(folder).key().close()
            val child = start(folder, "create")
            // From the moment that a file is there, empty or not.
            while (child.isAlive && !File(folder, "ledger.db").exists()) Thread.sleep(1)
            Thread.sleep(random.nextInt(20).toLong())
            child.destroyForcibly().waitFor()
            judge(folder, emptyList())
        }
    }

    @Test
    fun `a file without a ledger is taken up, unless a mirror knows better`(@TempDir path: File) {
        val folder = Folder(path)
        folder.ledger.createNewFile()
        judge(path, emptyList())
        folder.ledger.writeBytes(ByteArray(0))
        val error = org.junit.jupiter.api.Assertions.assertThrows(io.yinzheng.YinzhengException::class.java) { folder.key().use { folder.open(it).close() } }
        assertTrue(error.number() in listOf(503, 606), error.message)
    }

    @Test
    fun `another key than the ledger's is refused at once`(@TempDir path: File) {
        val folder = Folder(path)
        folder.key().use { folder.open(it).close() }
        SoftwareKey.generate(SignatureAlgorithm.P_256).use { other ->
            val error = org.junit.jupiter.api.Assertions.assertThrows(io.yinzheng.YinzhengException::class.java) { folder.open(other).close() }
            assertEquals(414, error.number())
        }
        judge(path, emptyList())
    }

    @Test
    fun `no copy of the vault key stays where the mirror fails`(@TempDir path: File) {
        val folder = Folder(path)
        folder.key().use { folder.open(it).close() }
        val opener = Ledger.opening(folder.ledger.toPath())
        val broken = object : Mirror by folder {
            override fun read(): Head? = throw IllegalStateException("broken")
        }
        org.junit.jupiter.api.Assertions.assertThrows(IllegalStateException::class.java) {
            GuardedLedger.open(folder.ledger, opener, ByteArray(32) { 5 }, broken, null)
        }
        val kept = opener.javaClass.declaredFields.filter { it.type == ByteArray::class.java }.onEach { it.isAccessible = true }
        assertTrue(kept.isNotEmpty())
        for (field in kept) assertFalse((field.get(opener) as ByteArray?)?.any { it == 5.toByte() } ?: false, field.name)
    }

    @Test
    fun `killed at random, again and again`(@TempDir path: File) {
        var kills = 0
        var height = 0L
        val random = java.util.Random(11)
        repeat(5) {
            val child = start(path, "all")
            val said = mutableListOf<String>()
            val reader = Thread { child.inputStream.bufferedReader().forEachLine { synchronized(said) { said += it } } }.apply { start() }
            // From the moment that it does something.
            while (synchronized(said) { said.isEmpty() } && child.isAlive) Thread.sleep(5)
            Thread.sleep(random.nextInt(250).toLong())
            child.destroyForcibly().waitFor()
            reader.join()
            if (child.exitValue() == 137) kills++
            assertFalse(said.any { it.startsWith("Exception") }, said.toString())
            height = judge(path, said, height)
        }
        assertEquals(5, kills)
    }

    @Test
    fun `threads that seal at once seal one after the other`(@TempDir path: File) {
        val folder = Folder(path)
        val heights = java.util.concurrent.ConcurrentLinkedQueue<Long>()
        val noted = object : Mirror by folder {
            override fun write(head: Head) {
                heights += head.height()
                folder.write(head)
            }
        }
        folder.key().use { key ->
            val slow = object : Signer by key {
                override fun sign(toSign: ToSign): ByteArray {
                    repeat(3) { Thread.yield() }
                    return key.sign(toSign)
                }
            }
            GuardedLedger.openOrCreate(
                folder.ledger, { Ledger.opening(folder.ledger.toPath()) },
                { Ledger.creating(HashAlgorithm.SHA_256, key.publicKey(), Custody.SOFTWARE).organisation("示例银行") }, ByteArray(32) { 5 }, noted, key,
            ).use { guarded ->
                val failed = java.util.concurrent.ConcurrentLinkedQueue<Throwable>()
                val threads = List(6) {
                    Thread {
                        try {
                            repeat(10) {
                                val sequence = guarded.ledger.append(loan(1)).sequence()
                                guarded.seal(slow)
                                check(sequence < guarded.ledger.head().nextSequence()) { "it is not sealed" }
                            }
                        } catch (error: Throwable) {
                            failed += error
                        }
                    }.apply { start() }
                }
                threads.forEach { it.join() }
                assertEquals(emptyList<Throwable>(), failed.toList())
                assertEquals(heights.sorted(), heights.toList())
                assertEquals(0, guarded.ledger.status().unsealed())
            }
        }
    }

    @Test
    fun `sealing ends though somebody goes on appending, and what a mirror throws is typed`(@TempDir path: File) {
        val folder = Folder(path)
        var broken = false
        val mirror = object : Mirror by folder {
            override fun write(head: Head) = if (broken) throw java.util.concurrent.TimeoutException("13900000001") else folder.write(head)
        }
        folder.key().use { key ->
            GuardedLedger.openOrCreate(
                folder.ledger, { Ledger.opening(folder.ledger.toPath()) },
                { Ledger.creating(HashAlgorithm.SHA_256, key.publicKey(), Custody.SOFTWARE).organisation("示例银行") }, ByteArray(32) { 5 }, mirror, key,
            ).use { guarded ->
                var signed = 0
                val busy = object : Signer by key {
                    override fun sign(toSign: ToSign): ByteArray {
                        if (++signed < 9) guarded.ledger.append(loan(1))
                        return key.sign(toSign)
                    }
                }
                val appended = guarded.ledger.append(loan(1)).sequence()
                guarded.seal(busy)
                assertEquals(1, signed)
                assertTrue(appended < guarded.ledger.head().nextSequence())
                broken = true
                val behind = org.junit.jupiter.api.Assertions.assertThrows(MirrorBehindException::class.java) { guarded.seal(key) }
                assertEquals(601, behind.number())
                assertEquals(2, behind.sealed.height())
                assertEquals(0, guarded.ledger.status().unsealed())
                assertFalse("1390" in behind.message!!, behind.message)
            }
        }
    }

    @Test
    fun `the file put back after a kill is refused`(@TempDir path: File) {
        val folder = Folder(path)
        folder.key().use { key ->
            folder.open(key).close()
            val before = folder.ledger.readBytes()
            folder.open(key).use {
                it.ledger.append(loan(1))
                it.seal(key)
            }
            folder.ledger.writeBytes(before)
            val error = org.junit.jupiter.api.Assertions.assertThrows(io.yinzheng.YinzhengException::class.java) { folder.open(key).close() }
            assertEquals(503, error.number())
        }
    }
}
