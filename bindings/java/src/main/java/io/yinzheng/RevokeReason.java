package io.yinzheng;

/** Why a key ended. */
public enum RevokeReason implements Word {
  /** Its time was over. */
  RETIRED("retired"),

  /** It is lost. */
  LOST("lost"),

  /** Somebody else may have it. */
  COMPROMISED("compromised"),

  /** Another took its place. */
  SUPERSEDED("superseded");

  private final String word;

  RevokeReason(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
