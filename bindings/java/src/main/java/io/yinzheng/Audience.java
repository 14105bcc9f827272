package io.yinzheng;

/** A kind of reader that a proof is made for; each profile says what it sees. */
public enum Audience implements Word {
  /** A court, an arbitration body or a notary. */
  COURT("court"),

  /** A supervisor. */
  REGULATOR("regulator"),

  /** The person or firm that the record is about. */
  CUSTOMER("customer"),

  /** Another institution. */
  PARTNER("partner");

  private final String word;

  Audience(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
