package io.yinzheng.android

import android.system.ErrnoException
import android.system.Os
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import java.io.File
import java.io.FileDescriptor

/** Robolectric opens no folder. This one takes note of those that were synced, with the names that were in them then. */
@Implements(Os::class)
class FakeOs {
    companion object {
        val synced = mutableListOf<Pair<String, Set<String>>>()
        private val opened = HashMap<FileDescriptor, String>()

        @JvmStatic
        @Implementation
        fun open(path: String, flags: Int, mode: Int): FileDescriptor {
            // EIO
            if (!File(path).isDirectory) throw ErrnoException("open", 5)
            return FileDescriptor().also { opened[it] = path }
        }

        @JvmStatic
        @Implementation
        fun fsync(file: FileDescriptor) {
            val path = opened.getValue(file)
            synced += path to File(path).list()!!.toSet()
        }

        @JvmStatic
        @Implementation
        fun close(file: FileDescriptor) {
            checkNotNull(opened.remove(file))
        }
    }
}
