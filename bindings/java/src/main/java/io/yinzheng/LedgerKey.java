package io.yinzheng;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A ledger key of one epoch. */
public final class LedgerKey extends Reply {
  LedgerKey(byte[] json) {
    super(json);
  }

  LedgerKey(Map<String, Object> said) {
    super(said);
  }

  /**
   * The digest of its key entry.
   *
   * @return 64 hex digits
   */
  public String kid() {
    return text("kid");
  }

  /**
   * Its epoch.
   *
   * @return from 0
   */
  public long epoch() {
    return number("epoch");
  }

  /**
   * Where it is kept, as declared.
   *
   * @return a word of {@link Custody}
   */
  public String custody() {
    return text("custody");
  }

  /**
   * The first block that it signs.
   *
   * @return a height
   */
  public long since() {
    return number("since");
  }

  /**
   * The last block that it signs.
   *
   * @return a height, empty while it is in force
   */
  public OptionalLong ended() {
    return get("ended") == null ? OptionalLong.empty() : OptionalLong.of(number("ended"));
  }

  /**
   * Why it was revoked.
   *
   * @return a word of {@link RevokeReason}, or empty
   */
  public Optional<String> revoked() {
    return Optional.ofNullable(get("revoked")).map(Object::toString);
  }

  /**
   * The public key.
   *
   * @return the key
   */
  public VerifyKey key() {
    return VerifyKey.said(part("key"));
  }
}
