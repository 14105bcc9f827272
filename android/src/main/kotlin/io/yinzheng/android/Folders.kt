package io.yinzheng.android

import android.system.ErrnoException
import android.system.Os
import android.system.OsConstants
import io.yinzheng.ErrorCode
import io.yinzheng.YinzhengException
import java.io.File
import java.io.IOException

/** What files need beside their bytes. */
internal object Folders {
    /** Puts on the disk which names are in a folder: after one was made, moved or deleted. */
    fun sync(folder: File) {
        try {
            val opened = Os.open(folder.path, OsConstants.O_RDONLY, 0)
            try {
                Os.fsync(opened)
            } finally {
                Os.close(opened)
            }
        } catch (error: ErrnoException) {
            throw YinzhengException(ErrorCode.STORAGE, "a folder of the app", error)
        }
    }

    /** Runs what may fail with the disk; its errors name paths, so they are the cause only. */
    inline fun <T> storing(what: String, work: () -> T): T = try {
        work()
    } catch (error: IOException) {
        throw YinzhengException(ErrorCode.STORAGE, what, error)
    }
}
