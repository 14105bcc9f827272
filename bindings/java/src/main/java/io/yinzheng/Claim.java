package io.yinzheng;

/** What a countersigner says of a head. */
public enum Claim implements Word {
  /** It was shown to me. */
  SEEN("seen"),

  /** It goes on from what I hold. */
  EXTENDS("extends");

  private final String word;

  Claim(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
