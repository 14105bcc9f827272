package io.yinzheng.android

import android.content.Context
import io.yinzheng.EvidenceRecord
import io.yinzheng.Yinzheng
import io.yinzheng.YinzhengException
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Before
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import java.math.BigDecimal
import java.nio.file.Files
import java.nio.file.Paths

/** Tests on Android 6, 9 and 15, as Robolectric has them, with real ledgers behind. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [23, 28, 35], manifest = Config.NONE, shadows = [FakeOs::class])
abstract class OnAndroid {
    protected val context: Context get() = RuntimeEnvironment.getApplication()
    protected val challenge = ByteArray(32) { 7 }

    @Before
    fun newPhone() {
        Library.load()
        FakePhone.reset()
        FakeOs.synced.clear()
    }

    @After
    fun everythingIsClosed() = assertEquals("something was not closed", 0, Yinzheng.openHandles())

    protected fun refused(number: Int, work: () -> Unit): YinzhengException {
        val error = assertThrows(YinzhengException::class.java) { work() }
        assertEquals(error.message, number, error.number())
        return error
    }

    protected fun loan(amount: String): EvidenceRecord = EvidenceRecord.of("generic").amount("借款金额", BigDecimal(amount)).build()

    /** Java loads a library into one class loader only, and every system of Robolectric's has its own: so each gets a copy. */
    private object Library {
        private var loaded = false

        fun load() {
            if (loaded) return
            val named = System.getProperty("yinzheng.library")
            val copy = Files.createTempFile("yinzheng-", ".so")
            try {
                Files.write(copy, Files.readAllBytes(Paths.get(named)))
                System.setProperty("yinzheng.library", copy.toString())
                Yinzheng.openHandles()
                loaded = true
            } finally {
                System.setProperty("yinzheng.library", named)
                Files.delete(copy)
            }
        }
    }
}
