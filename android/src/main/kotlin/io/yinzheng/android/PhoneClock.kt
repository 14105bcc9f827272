package io.yinzheng.android

import android.content.Context
import android.os.SystemClock
import android.provider.Settings
import android.util.Base64
import io.yinzheng.ClockTier
import io.yinzheng.TimeClaim
import java.security.MessageDigest
import java.security.SecureRandom
import java.time.Duration
import java.time.OffsetDateTime

/**
 * The phone's clocks as a claim: the wall clock with its offset, of tier device, and the clock since the start that nobody can
 * set. For [io.yinzheng.Ledger.noteClock] and every record.
 *
 * Apps cannot read the kernel's boot id, so it is made here: of a random number kept by the app and the system's count of starts
 * (Android 7 and newer; before, the monotonic reading is left out). It says that two readings belong to one start, not which phone. Two
 * processes of an app that both start for the first time may make two numbers: then one start looks like two.
 */
public object PhoneClock {
    private const val FILE = "yinzheng.clock"
    private const val SEED = "seed"
    private const val BOOT_COUNT = "boot_count"

    /** Now. */
    @JvmStatic
    public fun now(context: Context): TimeClaim {
        // The boot id first, it may wait for the disk: both clocks are read at one moment.
        val boot = bootId(context)
        val claim = TimeClaim.declared(OffsetDateTime.now()).tier(ClockTier.DEVICE)
        return if (boot == null) claim else claim.monotonic(Duration.ofMillis(SystemClock.elapsedRealtime()), boot)
    }

    /** 16 bytes that are others after each start, or null where the system does not count them. */
    @JvmStatic
    public fun bootId(context: Context): ByteArray? {
        val starts = Settings.Global.getInt(context.contentResolver, BOOT_COUNT, -1)
        if (starts < 0) return null
        val sha256 = MessageDigest.getInstance("SHA-256")
        sha256.update(seed(context))
        return sha256.digest(starts.toString().toByteArray()).copyOf(16)
    }

    private fun seed(context: Context): ByteArray {
        val preferences = context.applicationContext.getSharedPreferences(FILE, Context.MODE_PRIVATE)
        preferences.getString(SEED, null)?.let { return Base64.decode(it, Base64.NO_WRAP) }
        val seed = ByteArray(16).also(SecureRandom()::nextBytes)
        preferences.edit().putString(SEED, Base64.encodeToString(seed, Base64.NO_WRAP)).commit()
        return seed
    }
}
