package io.yinzheng;

import java.util.Map;

/**
 * A record that has its place in a dossier and waits for a party's signature, after a restart too:
 * {@link Ledger#finishStatement} takes the signature, {@link Ledger#dropStatement} gives it up.
 */
public final class HeldRecord {
  private final ToSign toSign;

  HeldRecord(ToSign toSign) {
    this.toSign = toSign;
  }

  /** One of a list. */
  static HeldRecord of(Map<String, Object> said) {
    return new HeldRecord(new ToSign(Texts.unhex((String) said.get("to_be_signed")), said));
  }

  /**
   * The number under which the ledger keeps it.
   *
   * @return a number, this ledger's own
   */
  public long id() {
    return (Long) toSign.info().get("id");
  }

  /**
   * What is to be signed.
   *
   * @return the bytes and by whom
   */
  public ToSign toSign() {
    return toSign;
  }

  /**
   * The record's digest.
   *
   * @return {@code sha256:…} or {@code sm3:…}
   */
  public String digest() {
    return (String) toSign.info().get("digest");
  }

  /**
   * The record number 存证编号.
   *
   * @return {@code R-…}
   */
  public String number() {
    return (String) toSign.info().get("number");
  }

  /**
   * The preservation number 保全号 of its dossier.
   *
   * @return {@code D-…}
   */
  public String preservationNumber() {
    return (String) toSign.info().get("preservation_number");
  }

  @Override
  public String toString() {
    return "HeldRecord " + number();
  }
}
