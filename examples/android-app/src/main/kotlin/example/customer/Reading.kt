package example.customer

import io.yinzheng.TwinDigest
import java.time.Duration
import java.time.OffsetDateTime

/**
 * A text on the screen, and what the customer did with it: when it appeared, how far it was scrolled and when, how long it was on
 * top. Times come in, so that the whole flow runs without a phone.
 *
 * @param title the text's title
 * @param version its version
 * @param text exactly what is shown; its bytes in UTF-8 are what is hashed
 */
class Reading(val title: String, val version: String, val text: String) {
    private class Scroll(val at: OffsetDateTime, val percent: Int)

    private val scrolls = mutableListOf<Scroll>()
    private var away: OffsetDateTime? = null
    private var unseen = Duration.ZERO

    var shownAt: OffsetDateTime? = null
        private set

    /** The bytes that were shown. */
    val bytes: ByteArray get() = text.toByteArray(Charsets.UTF_8)

    /** Their digest, as a statement names what was displayed to its signer. */
    val digest: String get() = "sha256:" + TwinDigest.of(bytes).sha256()

    /** The text appears; again after a rotation of the screen changes nothing. */
    fun shown(at: OffsetDateTime) {
        if (shownAt == null) shownAt = at
        away?.let { unseen += Duration.between(it, at) }
        away = null
    }

    /** Another app, or a call, is on top. */
    fun hidden(at: OffsetDateTime) {
        if (away == null) away = at
    }

    /** The lower edge of what is visible stands at so much of the text, 0 to 100. One entry for each step of ten at most. */
    fun scrolled(percent: Int, at: OffsetDateTime) {
        val last = scrolls.lastOrNull()?.percent ?: -1
        if (percent / 10 > last / 10 || last < 0) scrolls += Scroll(at, percent.coerceIn(0, 100))
    }

    val readToEnd: Boolean get() = scrolls.any { it.percent >= 100 }

    /** Whole seconds on top of the screen until [until]. */
    fun seconds(until: OffsetDateTime): Long {
        val from = shownAt ?: return 0
        return (Duration.between(from, until) - unseen - (away?.let { Duration.between(it, until) } ?: Duration.ZERO)).seconds
    }

    /** The scroll events as one line of text: seconds since it appeared and percent, such as `0:20 12:60 31:100`. */
    fun events(): String {
        val from = shownAt ?: return ""
        return scrolls.joinToString(" ") { "${Duration.between(from, it.at).seconds}:${it.percent}" }
    }
}
