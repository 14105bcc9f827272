package io.yinzheng;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What is claimed about a time: when something was captured, perhaps when it happened, and which clock says so. Immutable;
 * every {@code with} method gives a new one. Times have milliseconds; what is finer is cut off.
 */
public final class TimeClaim {
  private final Map<String, Object> request;

  private TimeClaim(Map<String, Object> request) {
    this.request = Collections.unmodifiableMap(request);
  }

  private TimeClaim with(String name, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(request);
    changed.put(name, Objects.requireNonNull(value, name));
    return new TimeClaim(changed);
  }

  /**
   * Captured at this moment, as somebody declares.
   *
   * @param at the moment
   * @return the claim, of tier {@link ClockTier#DECLARED}
   */
  public static TimeClaim declared(Instant at) {
    return new TimeClaim(new LinkedHashMap<String, Object>()).with("captured", at.toEpochMilli());
  }

  /**
   * The same with the offset that the wall clock showed.
   *
   * @param at the moment
   * @return the claim, of tier {@link ClockTier#DECLARED}
   */
  public static TimeClaim declared(OffsetDateTime at) {
    return new TimeClaim(new LinkedHashMap<String, Object>()).with("captured", moment(at));
  }

  private static Map<String, Object> moment(OffsetDateTime at) {
    Map<String, Object> moment = new LinkedHashMap<>();
    moment.put("ms", at.toInstant().toEpochMilli());
    moment.put("offset_minutes", at.getOffset().getTotalSeconds() / 60);
    return moment;
  }

  /**
   * When it happened, where that is another time than its capture.
   *
   * @param at the moment
   * @return the claim with it
   */
  public TimeClaim occurred(OffsetDateTime at) {
    return with("occurred", moment(at));
  }

  /**
   * Which clock says so.
   *
   * @param tier the clock
   * @return the claim with it
   */
  public TimeClaim tier(ClockTier tier) {
    return with("tier", tier);
  }

  /**
   * How long ago the clock was synchronised, and how far it may be off.
   *
   * @param age since the last synchronisation
   * @param uncertainty at most
   * @return the claim with both
   */
  public TimeClaim synchronised(Duration age, Duration uncertainty) {
    return with("sync_age_ms", age.toMillis()).with("uncertainty_ms", uncertainty.toMillis());
  }

  /**
   * A reading of a clock that nobody can set.
   *
   * @param reading since the machine was started
   * @param bootId 16 bytes that are others after each start
   * @return the claim with both
   */
  public TimeClaim monotonic(Duration reading, byte[] bootId) {
    return with("monotonic_ms", reading.toMillis()).with("boot_id", Texts.hex(bootId));
  }

  /**
   * Something that did not exist before, so that the claim cannot be older.
   *
   * @param kind {@code signed-nonce}, {@code block} or {@code token}
   * @param digest its digest, {@code sha256:…} or {@code sm3:…}
   * @return the claim with it
   */
  public TimeClaim notBefore(String kind, String digest) {
    Map<String, Object> reference = new LinkedHashMap<>();
    reference.put("kind", Objects.requireNonNull(kind, "kind"));
    reference.put("digest", Objects.requireNonNull(digest, "digest"));
    return with("not_before", reference);
  }

  /** A claim in JSON; nothing stands for the system's clock. */
  static byte[] json(TimeClaim time) {
    return time == null ? new byte[0] : Json.write(time.request);
  }

  Map<String, Object> request() {
    return request;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TimeClaim && ((TimeClaim) other).request.equals(request);
  }

  @Override
  public int hashCode() {
    return request.hashCode();
  }

  @Override
  public String toString() {
    return "TimeClaim " + Texts.string(Json.write(request));
  }
}
