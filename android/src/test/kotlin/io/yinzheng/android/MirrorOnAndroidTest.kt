package io.yinzheng.android

import io.yinzheng.Head
import io.yinzheng.Ledger
import io.yinzheng.VaultSuite
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File

class MirrorOnAndroidTest : OnAndroid() {
    private fun open() = PhoneLedger.open(context, "customer", "示例银行", challenge)

    private val file: File get() = PhoneLedger.file(context, "customer")

    private fun sealOne(amount: String) = open().use {
        it.ledger.append(loan(amount))
        it.seal()
    }

    private fun folder(name: String) = if (name == HeadMirror.FILE) SealedFile.mirrors(context) else SealedFile.folder(context)

    private fun kept(name: String) = SealedFile(folder(name), name)

    private fun slot() = kept(HeadMirror.FILE).entries().getValue("customer")

    private fun put(text: String) = kept(HeadMirror.FILE).change { it["customer"] = text }

    @Test
    fun `a ledger opens again and goes on`() {
        sealOne("1.00")
        sealOne("2.00")
        open().use { assertEquals(2, it.ledger.head().height()) }
        assertTrue(file.path, file.path.startsWith(context.noBackupFilesDir.path))
    }

    @Test
    fun `a file put back from a copy is refused`() {
        sealOne("1.00")
        val copy = file.readBytes()
        sealOne("2.00")
        file.writeBytes(copy)
        refused(503) { open().close() }
        // Refused again, not only once.
        refused(503) { open().close() }
    }

    @Test
    fun `a clone that went another way is refused`() {
        sealOne("1.00")
        val before = file.readBytes()
        val mirrorBefore = slot()
        sealOne("2.00")
        val mirrorAfter = slot()
        file.writeBytes(before)
        put(mirrorBefore)
        sealOne("3.00")
        put(mirrorAfter)
        refused(503) { open().close() }
    }

    @Test
    fun `the whole folder put back is not noticed here, so the docs say that only a node finds it`() {
        sealOne("1.00")
        val before = file.readBytes()
        val mirrorBefore = slot()
        sealOne("2.00")
        file.writeBytes(before)
        put(mirrorBefore)
        open().close()
    }

    @Test
    fun `a deleted file is refused, and nothing is made in its place`() {
        sealOne("1.00")
        val key = FakePhone.entries.getValue("yinzheng.ledger.customer")
        assertTrue(file.delete())
        refused(503) { open().close() }
        assertFalse(file.exists())
        assertEquals("the key was replaced", key, FakePhone.entries.getValue("yinzheng.ledger.customer"))
    }

    @Test
    fun `a mirror that is gone is refused`() {
        sealOne("1.00")
        kept(HeadMirror.FILE).change { it.clear() }
        refused(503) { open().close() }
    }

    @Test
    fun `a mirror that was changed is refused`() {
        sealOne("1.00")
        val good = slot()
        for (bad in listOf("", "A", "AAAA", "!", good.dropLast(4), good.replaceFirstChar { if (it == 'A') 'B' else 'A' }, good + good)) {
            put(bad)
            refused(503) { open().close() }
        }
        put(good)
        open().close()
    }

    @Test
    fun `a slot of another ledger does not open here`() {
        sealOne("1.00")
        PhoneLedger.open(context, "other", "示例银行", challenge).close()
        put(kept(HeadMirror.FILE).entries().getValue("other"))
        refused(503) { open().close() }
    }

    @Test
    fun `files copied to another phone open neither mirror nor vault nor key`() {
        sealOne("1.00")
        FakePhone.anotherPhone()
        refused(503) { HeadMirror(context, "customer").read() }
        refused(605) { VaultKeys(context).get("customer") }
        refused(414) { open().close() }
    }

    @Test
    fun `a mirror that is behind catches up`() {
        sealOne("1.00")
        val behind = slot()
        sealOne("2.00")
        put(behind)
        open().close()
        assertEquals(2, HeadMirror(context, "customer").read()!!.height())
    }

    @Test
    fun `a mirror does not go back, nor to another ledger`() {
        sealOne("1.00")
        val mirror = HeadMirror(context, "customer")
        val head = mirror.read()!!
        mirror.write(head)
        refused(503) { mirror.write(Head.ofJson(head.toJson().replace("\"height\":1", "\"height\":0"))) }
        refused(503) { mirror.write(Head.ofJson(head.toJson().replace(head.blockHash(), "00".repeat(32)))) }
        refused(503) { mirror.write(Head.ofJson(head.toJson().replace(head.ledgerId(), "sha256:" + "00".repeat(32)))) }
        mirror.forget()
        assertNull(mirror.read())
    }

    @Test
    fun `a ledger killed before its first block is finished`() {
        val key = KeystoreSigner.generate("yinzheng.ledger.customer", KeyUse.LEDGER, challenge)
        val vaultKey = VaultKeys(context).create("customer", VaultSuite.AES_256_GCM)
        Ledger.creating(io.yinzheng.HashAlgorithm.SHA_256, key.publicKey(), key.custody).organisation("示例银行")
            .create(file.toPath(), vaultKey).use { it.begin() }
        open().use { assertEquals(0, it.ledger.head().height()) }
        assertEquals(0, HeadMirror(context, "customer").read()!!.height())
    }

    @Test
    fun `the vault key is kept wrapped, and given again`() {
        val keys = VaultKeys(context)
        refused(605) { keys.get("a") }
        val key = keys.create("a", VaultSuite.AES_256_GCM)
        assertArrayEquals(key, keys.create("a", VaultSuite.AES_256_GCM))
        assertArrayEquals(key, VaultKeys(context).get("a"))
        val stored = kept(VaultKeys.FILE).entries().values.joinToString()
        assertFalse(android.util.Base64.encodeToString(key, android.util.Base64.NO_WRAP) in stored)
        val next = keys.prepare("a")
        assertArrayEquals(next, VaultKeys(context).prepare("a"))
        assertArrayEquals(key, keys.get("a"))
        keys.promote("a")
        assertArrayEquals(next, keys.get("a"))
        assertNull(keys.next("a"))
        keys.promote("a")
        assertArrayEquals(next, keys.get("a"))
        // A value is bound to its name.
        keys.create("b", VaultSuite.AES_256_GCM)
        kept(VaultKeys.FILE).change { it["b"] = it.getValue("a") }
        refused(605) { keys.get("b") }
        FakePhone.entries.values.first { it.secret != null }.ended = true
        refused(605) { keys.get("a") }
        refused(605) { keys.prepare("a") }
    }

    private fun values(phone: PhoneLedger) =
        (0 until phone.ledger.status().entries()).sumOf { at -> runCatching { phone.ledger.disclosures(at).size }.getOrDefault(0) }

    @Test
    fun `another vault key, interrupted at each step, loses no value`() {
        val before = open().use {
            it.ledger.append(loan("1.00"))
            it.seal()
            values(it)
        }
        assertTrue("$before", before > 0)
        val interrupted = listOf<(PhoneLedger, VaultKeys) -> Unit>(
            { _, keys -> keys.prepare("customer") },
            { phone, keys -> phone.ledger.privacy().rewrap(keys.prepare("customer"), null) },
            { phone, keys ->
                phone.ledger.privacy().rewrap(keys.prepare("customer"), null)
                keys.promote("customer")
            },
            { phone, _ -> phone.rewrap() },
        )
        var expected = before
        for (step in interrupted) {
            val old = VaultKeys(context).get("customer")
            open().use { step(it, VaultKeys(context)) }
            open().use {
                assertEquals(expected, values(it))
                it.ledger.append(loan("2.00"))
                it.seal()
                assertEquals(emptyList<String>(), it.ledger.check().problems())
                expected = values(it)
            }
            assertNull(VaultKeys(context).next("customer"))
            assertFalse("the old key stayed", old.contentEquals(VaultKeys(context).get("customer")))
        }
    }

    @Test
    fun `two first opens at once make one ledger and one key`() {
        val numbers = java.util.concurrent.ConcurrentLinkedQueue<Int>()
        val opened = java.util.concurrent.ConcurrentLinkedQueue<PhoneLedger>()
        val start = java.util.concurrent.CountDownLatch(1)
        val threads = List(4) {
            Thread {
                start.await()
                try {
                    opened += open()
                } catch (error: io.yinzheng.YinzhengException) {
                    numbers += error.number()
                }
            }.apply { start() }
        }
        start.countDown()
        threads.forEach { it.join() }
        opened.forEach { it.close() }
        assertEquals("one has it", 1, opened.size)
        assertEquals(listOf(602, 602, 602), numbers.toList())
        sealOne("1.00")
    }

    @Test
    fun `a key that is not the ledger's is refused before anything is appended`() {
        sealOne("1.00")
        KeystoreSigner.generate("yinzheng.ledger.customer", KeyUse.LEDGER, challenge)
        refused(414) { open().close() }
    }

    @Test
    fun `a first open that was killed anywhere goes on`() {
        // After the key; after the file, empty; after the file's schema.
        val key = KeystoreSigner.generate("yinzheng.ledger.customer", KeyUse.LEDGER, challenge)
        VaultKeys(context).create("customer", VaultSuite.AES_256_GCM)
        file.createNewFile()
        open().use { assertEquals(0, it.ledger.head().height()) }
        assertEquals("the key was replaced", key.publicKey(), KeystoreSigner.load("yinzheng.ledger.customer", KeyUse.LEDGER).publicKey())
        // With a mirror, a file without a ledger is one that was spoilt.
        assertTrue(file.delete() && file.createNewFile())
        assertTrue(refusal { open().close() } in listOf(503, 606))
    }

    private fun refusal(work: () -> Unit): Int = try {
        work()
        0
    } catch (error: io.yinzheng.YinzhengException) {
        error.number()
    }

    @Test
    fun `a fault of the key store is not taken for a change, and passes`() {
        sealOne("1.00")
        FakePhone.faulty = true
        refused(601) { HeadMirror(context, "customer").read() }
        refused(601) { VaultKeys(context).get("customer") }
        refused(412) { open().close() }
        FakePhone.faulty = false
        open().use {
            it.ledger.append(loan("2.00"))
            val pending = it.ledger.begin()
            val signature = it.signer.sign(pending)
            it.ledger.commit(signature)
        }
        sealOne("3.00")
        assertEquals(3, HeadMirror(context, "customer").read()!!.height())
    }

    @Test
    fun `sealing goes on until nothing waits`() {
        open().use {
            it.ledger.append(loan("1.00"))
            it.ledger.begin()
            it.ledger.append(loan("2.00"))
            val sealed = it.seal()
            assertEquals(0, it.ledger.status().unsealed())
            assertFalse(it.ledger.pending().isPresent)
            assertEquals(it.ledger.head().height(), sealed.height())
            assertEquals(2, HeadMirror(context, "customer").read()!!.height())
        }
    }

    @Test
    fun `a mirror that holds what is no head is refused`() {
        sealOne("1.00")
        val sealed = kept(HeadMirror.FILE)
        for (bad in listOf("", "{}", "no JSON")) {
            sealed.put("customer", bad.toByteArray())
            refused(503) { open().close() }
        }
        // Its key gone and everything else there.
        FakePhone.entries.remove("${HeadMirror.FILE}.key")
        refused(503) { open().close() }
    }

    @Test
    fun `what another process wrote is read at once, and not written over`() {
        sealOne("1.00")
        val mirror = HeadMirror(context, "customer")
        val before = mirror.read()!!
        sealOne("2.00")
        // An object that read it before, as another process has one.
        assertEquals(2, mirror.read()!!.height())
        refused(503) { mirror.write(before) }
        PhoneLedger.open(context, "other", "示例银行", challenge).close()
        mirror.write(mirror.read()!!)
        assertEquals(0, HeadMirror(context, "other").read()!!.height())
        for (name in listOf(HeadMirror.FILE, VaultKeys.FILE)) {
            val file = File(folder(name), name)
            assertTrue(file.path, file.exists() && file.path.startsWith(context.noBackupFilesDir.path))
            assertEquals(setOf("customer", "other"), kept(name).entries().keys)
        }
    }

    @Test
    fun `a mirror that cannot be written is no seal that failed`() {
        open().use {
            it.ledger.append(loan("1.00"))
            // Where the file must go, a folder stands.
            val file = File(folder(HeadMirror.FILE), HeadMirror.FILE + ".new")
            assertTrue(file.mkdir())
            for (again in 0..1) {
                val behind = org.junit.Assert.assertThrows(MirrorBehindException::class.java) { it.seal() }
                assertEquals(601, behind.number())
                assertEquals(1, behind.sealed.height())
            }
            assertEquals(1, it.ledger.head().height())
            // What comes after is sealed all the same, and the newest block is named.
            val appended = it.ledger.append(loan("2.00")).sequence()
            assertEquals(2, org.junit.Assert.assertThrows(MirrorBehindException::class.java) { it.seal() }.sealed.height())
            assertTrue("it is said to be sealed, and is not", appended < it.ledger.head().nextSequence())
            assertTrue(file.delete())
            assertEquals(2, it.seal().height())
            assertEquals(2, HeadMirror(context, "customer").read()!!.height())
            assertEquals(2, it.seal().height())
        }
        open().use { refused(506) { it.seal() } }
    }
}
