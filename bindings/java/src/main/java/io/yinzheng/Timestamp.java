package io.yinzheng;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A timestamp 可信时间戳 that an authority gave, and that the ledger keeps. */
public final class Timestamp extends Reply {
  Timestamp(byte[] json) {
    super(json);
  }

  /**
   * When, by the authority's clock.
   *
   * @return a moment
   */
  public Instant time() {
    return Instant.ofEpochMilli(number("time_ms"));
  }

  /**
   * How far that may be off, as the authority says.
   *
   * @return empty where it does not say
   */
  public Optional<Duration> accuracy() {
    return get("accuracy_ms") == null ? Optional.empty() : Optional.of(Duration.ofMillis(number("accuracy_ms")));
  }

  /**
   * The authority's number for it.
   *
   * @return not negative
   */
  public BigInteger serial() {
    return new BigInteger(text("serial"), 16);
  }

  /**
   * The authority's policy.
   *
   * @return an object identifier
   */
  public String policy() {
    return text("policy");
  }

  /**
   * Hash of the imprint.
   *
   * @return the hash that was asked for
   */
  public HashAlgorithm hash() {
    return Word.of(HashAlgorithm.class, text("hash"));
  }

  /**
   * What was stamped: the digest of the block or the entry.
   *
   * @return hex digits
   */
  public String imprint() {
    return text("imprint");
  }

  /**
   * The token itself, as proofs carry it.
   *
   * @return DER
   */
  public byte[] token() {
    return bytes("token");
  }
}
