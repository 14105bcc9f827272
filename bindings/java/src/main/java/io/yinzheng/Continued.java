package io.yinzheng;

import java.util.Map;

/** A ledger that goes on from another one. */
public final class Continued {
  private final Ledger ledger;
  private final byte[] info;
  private final Map<String, Object> said;

  Continued(Ledger ledger, byte[] info) {
    this.ledger = ledger;
    this.info = info;
    this.said = Json.object(info);
  }

  /**
   * The new ledger, to be closed.
   *
   * @return an open ledger
   */
  public Ledger ledger() {
    return ledger;
  }

  /**
   * How many entries were taken over.
   *
   * @return a count
   */
  public long entries() {
    return (Long) said.get("entries");
  }

  /**
   * How many held records were taken over.
   *
   * @return a count
   */
  public long held() {
    return (Long) said.get("held");
  }

  /**
   * The same, and what was left behind and why.
   *
   * @return JSON: {@code {"entries","held","left":[{"sequence","why"}]}}
   */
  public String infoJson() {
    return Texts.string(info);
  }
}
