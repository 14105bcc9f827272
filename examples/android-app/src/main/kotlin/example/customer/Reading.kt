package example.customer

import io.yinzheng.TwinDigest
import java.time.Duration
import java.time.OffsetDateTime

/** A moment by both clocks of the phone: the wall clock, and the one since the start that nobody sets. */
class Moment(val wall: OffsetDateTime, val elapsed: Duration)

/** What a [Reading] was when the customer tapped. It does not change any more, so any thread may have it. */
class Read(
    val title: String,
    val version: String,
    /** The bytes that were shown. */
    val bytes: ByteArray,
    /** When they appeared. */
    val shownAt: OffsetDateTime,
    /** When the customer tapped. */
    val at: OffsetDateTime,
    /** Whole seconds on top of the screen until then. */
    val seconds: Long,
    val readToEnd: Boolean,
    /** The scroll events as one line of text: seconds since it appeared and percent, such as `0:20 12:60 31:100`. */
    val events: String,
) {
    /** The digest of the bytes, as a statement names what was displayed to its signer. */
    val digest: String get() = "sha256:" + TwinDigest.of(bytes).sha256()
}

/**
 * A text on the screen, and what the customer did with it: when it appeared, how far it was scrolled and when, how long it was on
 * top. Durations are those of the clock that nobody sets. Times come in, so that the whole flow runs without a phone. For the
 * screen's thread only; others get a [snapshot].
 *
 * @param title the text's title
 * @param version its version
 * @param text exactly what is shown; its bytes in UTF-8 are what is hashed
 */
class Reading(val title: String, val version: String, val text: String) {
    private class Scroll(val elapsed: Duration, val percent: Int)

    private val scrolls = mutableListOf<Scroll>()
    private var shown: Moment? = null
    private var away: Duration? = null
    private var unseen = Duration.ZERO

    /** The text appears; again after a rotation of the screen changes nothing. */
    fun shown(at: Moment) {
        if (shown == null) shown = at
        away?.let { unseen += at.elapsed - it }
        away = null
    }

    /** Another app, or a call, is on top. */
    fun hidden(at: Moment) {
        if (away == null) away = at.elapsed
    }

    /** The lower edge of what is visible stands at so much of the text, 0 to 100, scrolled or not. One entry for each step of ten at most. */
    fun reached(percent: Int, at: Moment) {
        if (shown == null) return
        val last = scrolls.lastOrNull()?.percent ?: -1
        if (percent / 10 > last / 10 || last < 0) scrolls += Scroll(at.elapsed, percent.coerceIn(0, 100))
    }

    /** What was read when the customer tapped, at [at]. */
    fun snapshot(at: Moment): Read {
        val from = checkNotNull(shown) { "nothing was shown" }
        val seen = at.elapsed - from.elapsed - unseen - (away?.let { at.elapsed - it } ?: Duration.ZERO)
        return Read(
            title, version, text.toByteArray(Charsets.UTF_8), from.wall, at.wall, seen.seconds, scrolls.any { it.percent >= 100 },
            scrolls.joinToString(" ") { "${(it.elapsed - from.elapsed).seconds}:${it.percent}" },
        )
    }
}
