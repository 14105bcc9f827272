package io.yinzheng;

import java.util.Map;
import java.util.OptionalLong;

/** A place in a dossier. */
public final class DossierPlace extends Reply {
  DossierPlace(byte[] json) {
    super(json);
  }

  DossierPlace(Map<String, Object> said) {
    super(said);
  }

  /**
   * The place.
   *
   * @return from 0
   */
  public long place() {
    return number("place");
  }

  /**
   * Where its record is in the ledger.
   *
   * @return empty while it is held for a signature
   */
  public OptionalLong sequence() {
    return get("sequence") == null ? OptionalLong.empty() : OptionalLong.of(number("sequence"));
  }

  /**
   * Digest of the record.
   *
   * @return {@code sha256:…} or {@code sm3:…}
   */
  public String digest() {
    return text("digest");
  }

  /**
   * Record number 存证编号.
   *
   * @return {@code R-…}
   */
  public String number() {
    return text("number");
  }
}
