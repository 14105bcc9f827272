package io.yinzheng.android

import io.yinzheng.ContinueReason
import io.yinzheng.VaultSuite
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File

/** The files of the mirror and of the vault keys: names, folders, spoilt lines, and keys that have ended. */
class FilesOnAndroidTest : OnAndroid() {
    private fun open() = PhoneLedger.open(context, "customer", "示例银行", challenge)

    private val file: File get() = PhoneLedger.file(context, "customer")

    private fun sealOne(amount: String) = open().use {
        it.ledger.append(loan(amount))
        it.seal()
    }

    private fun folder(name: String) = if (name == HeadMirror.FILE) SealedFile.mirrors(context) else SealedFile.folder(context)

    @Test
    fun `a name is no path, and no line`() {
        val keys = VaultKeys(context)
        val taken = listOf<(String) -> Unit>(
            { PhoneLedger.file(context, it) }, { HeadMirror(context, it) }, { keys.get(it) }, { keys.create(it, VaultSuite.AES_256_GCM) },
            { keys.prepare(it) }, { keys.next(it) }, { keys.promote(it) }, { keys.forget(it) },
        )
        for (name in listOf("", "../x", "a/b", "a.b", "a b", "a\nb", "a.next")) {
            for (call in taken) assertTrue(name, runCatching { call(name) }.exceptionOrNull() is IllegalArgumentException)
        }
    }

    @Test
    fun `a spoilt line is told, and gone on from`() {
        sealOne("1.00")
        for ((name, number) in listOf(HeadMirror.FILE to 503, VaultKeys.FILE to 605)) {
            val file = File(folder(name), name)
            file.writeText(file.readText().replace("customer ", "customer"))
            refused(number) { open().close() }
            // Nothing is made in the place of what may have stood there.
            refused(number) { if (number == 503) HeadMirror(context, "customer").read() else VaultKeys(context).create("customer", VaultSuite.AES_256_GCM) }
            PhoneLedger.continueFrom(context, "customer", "示例银行", challenge, ContinueReason.RESTORE).close()
            sealOne("2.00")
        }
    }

    @Test
    fun `what the disk refuses is typed, without a path`() {
        val lock = File(file.path + ".opening")
        assertTrue(lock.mkdir())
        val error = refused(601) { open().close() }
        assertFalse(error.message!!, file.parent!! in error.message!! || "customer" in error.message!!)
        assertTrue(lock.delete())
        sealOne("1.00")
        // The note that a new ledger is whole cannot be written.
        KeystoreSigner.delete("yinzheng.ledger.customer")
        val ready = File(file.path + ".next.ready")
        assertTrue(File(ready, "x").mkdirs())
        refused(601) { PhoneLedger.continueFrom(context, "customer", "示例银行", challenge, ContinueReason.KEY_LOST).close() }
    }

    @Test
    fun `a name that was moved is on the disk with its folder`() {
        sealOne("1.00")
        for (name in listOf(HeadMirror.FILE, VaultKeys.FILE)) {
            val last = FakeOs.synced.last { it.first == folder(name).path }
            assertTrue(name, name in last.second)
        }
        assertTrue("the ledger's own name", FakeOs.synced.any { it.first == file.parent && file.name in it.second })
        // A folder that is not there: said with its kind, and without its path.
        val error = refused(601) { Folders.sync(File("/nowhere/13900000001")) }
        assertFalse(error.message!!, "1390" in error.message!!)
    }

    @Test
    fun `the ledger's folder put back or deleted is found by a mirror that lies elsewhere`() {
        sealOne("1.00")
        val before = file.parentFile!!.listFiles()!!.associate { it.name to it.readBytes() }
        sealOne("2.00")
        file.parentFile!!.listFiles()!!.forEach { it.delete() }
        for ((name, bytes) in before) File(file.parentFile, name).writeBytes(bytes)
        refused(503) { open().close() }
        // Also where the mirror is deleted with it: the key is left.
        for (folder in listOf(folder(VaultKeys.FILE), folder(HeadMirror.FILE))) folder.listFiles()!!.forEach { assertTrue(it.delete()) }
        refused(503) { open().close() }
        assertFalse("one was made under the old key", file.exists())
        PhoneLedger.continueFrom(context, "customer", "示例银行", challenge, ContinueReason.RESTORE).close()
        sealOne("3.00")
    }

    @Test
    fun `a key store that lists nothing for a moment ends no vault key`() {
        sealOne("1.00")
        val key = VaultKeys(context).get("customer")
        FakePhone.listsNone = true
        refused(605) { VaultKeys(context).create("other", VaultSuite.AES_256_GCM) }
        refused(605) { VaultKeys(context).get("customer") }
        // What is given up now gives up no other.
        VaultKeys(context).forget("other")
        FakePhone.listsNone = false
        assertArrayEquals(key, VaultKeys(context).get("customer"))
        sealOne("2.00")
    }

    @Test
    fun `wrapping keys that have ended make place for others`() {
        for (name in listOf(HeadMirror.FILE, VaultKeys.FILE)) {
            for (gone in listOf(false, true)) {
                sealOne("1.00")
                PhoneLedger.open(context, "other", "示例银行", challenge).close()
                if (gone) FakePhone.entries.remove("$name.key") else FakePhone.entries.getValue("$name.key").ended = true
                for (ledger in listOf("customer", "other")) {
                    refused(if (name == HeadMirror.FILE) 503 else 605) { PhoneLedger.open(context, ledger, "示例银行", challenge).close() }
                    PhoneLedger.continueFrom(context, ledger, "示例银行", challenge, ContinueReason.RESTORE).close()
                    PhoneLedger.open(context, ledger, "示例银行", challenge).close()
                }
            }
        }
    }
}
