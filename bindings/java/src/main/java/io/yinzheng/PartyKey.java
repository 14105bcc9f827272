package io.yinzheng;

import java.util.Map;
import java.util.OptionalLong;

/** A party's key, and its entry in a ledger. */
public final class PartyKey extends Reply {
  PartyKey(Map<String, Object> said) {
    super(said);
  }

  /**
   * The digest of its entry, for {@link SignerTerms#kid(String)}.
   *
   * @return 64 hex digits
   */
  public String kid() {
    return text("kid");
  }

  /**
   * What it is for.
   *
   * @return a word of {@link KeyRole}
   */
  public String role() {
    return text("role");
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
   * Its entry.
   *
   * @return a sequence number
   */
  public long sequence() {
    return number("sequence");
  }

  /**
   * The block with its entry.
   *
   * @return a height, empty while it is in none
   */
  public OptionalLong height() {
    return maybe("height");
  }

  /**
   * The entry that ended it: that of the key in its place, or its revocation.
   *
   * @return a sequence number, empty while it is in force
   */
  public OptionalLong endedBy() {
    return maybe("ended_by");
  }

  private OptionalLong maybe(String name) {
    return get(name) == null ? OptionalLong.empty() : OptionalLong.of(number(name));
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
