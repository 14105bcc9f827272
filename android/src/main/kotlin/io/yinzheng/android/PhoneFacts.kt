package io.yinzheng.android

import android.os.Build
import android.os.Debug
import io.yinzheng.EvidenceRecord
import java.io.File
import java.io.IOException
import java.util.Locale

/**
 * What the phone says of itself, and signals that somebody else may control it. They are facts to be sealed, not a defence: who
 * controls the phone can hide them. So nothing is refused because of them; a court weighs what was recorded.
 */
public class PhoneFacts internal constructor(
    /** Operating system, such as `Android 14 (API 34)`. */
    public val system: String,
    /** Maker and model. */
    public val device: String,
    /** What was found, such as `su: /system/xbin/su`; empty when nothing was. */
    public val signals: List<String>,
) {
    /** The code of the field `env.clean_check`: `ROOTED` before `HOOKED` before `EMULATOR`, else `CLEAN`. */
    public val cleanCheck: String
        get() = when {
            signals.any { it.startsWith(SU) || it.startsWith(TAGS) } -> "ROOTED"
            signals.any { it.startsWith(TRACER) || it.startsWith(LOADED) } -> "HOOKED"
            signals.any { it.startsWith(EMULATED) } -> "EMULATOR"
            else -> "CLEAN"
        }

    /** Puts system, model and the result of the check into a record of a profile that has these fields. */
    public fun into(record: EvidenceRecord.Builder): EvidenceRecord.Builder =
        record.text("deviceOs", system).text("deviceModel", device).text("cleanCheck", cleanCheck)

    public companion object {
        private const val SU = "su: "
        private const val TAGS = "build tags: "
        private const val TRACER = "traced: "
        private const val LOADED = "loaded: "
        private const val EMULATED = "emulated: "

        /** How the names of their files begin; an app may be called friday. */
        private val HOOKS = Regex("^(?:memfd:)?(?:lib)?(frida(?![a-z])|xposed|substrate(?![a-z]))")

        /** Looks now. Reads a few files; call it off the main thread. */
        @JvmStatic
        public fun of(): PhoneFacts = PhoneFacts(
            system = "Android ${Build.VERSION.RELEASE} (API ${Build.VERSION.SDK_INT})",
            device = "${Build.MANUFACTURER} ${Build.MODEL}",
            signals = signals({ File(it).exists() }, Build.TAGS, Build.HARDWARE, Debug.isDebuggerConnected(), ::lines),
        )

        /** The same over anything that answers, for tests. */
        internal fun signals(
            exists: (String) -> Boolean, tags: String?, hardware: String?, debugged: Boolean, lines: (String) -> Sequence<String>,
        ): List<String> {
            val found = mutableListOf<String>()
            for (folder in listOf("/system/bin", "/system/xbin", "/sbin", "/vendor/bin", "/data/local/bin", "/data/local/xbin")) {
                if (exists("$folder/su")) found += "$SU$folder/su"
            }
            if (tags != null && "test-keys" in tags) found += TAGS + tags
            if (debugged) found += TRACER + "a debugger is connected"
            val tracer = lines("/proc/self/status").firstOrNull { it.startsWith("TracerPid:") }?.substringAfter(':')?.trim()
            if (tracer != null && tracer != "0") found += TRACER + "by process $tracer"
            for (line in lines("/proc/self/maps")) {
                val name = HOOKS.find(line.substringAfterLast('/').lowercase(Locale.ROOT))?.groupValues?.get(1) ?: continue
                if (LOADED + name !in found) found += LOADED + name
            }
            if (hardware == "goldfish" || hardware == "ranchu") found += EMULATED + hardware
            return found
        }

        private fun lines(file: String): Sequence<String> = try {
            File(file).readLines().asSequence()
        } catch (_: IOException) {
            emptySequence()
        }
    }
}
