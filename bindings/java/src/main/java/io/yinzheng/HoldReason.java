package io.yinzheng;

/** Why erasure is suspended or disclosure restricted. */
public enum HoldReason implements Word {
  /** A dispute. */
  DISPUTE("dispute"),

  /** An investigation. */
  INVESTIGATION("investigation"),

  /** An audit. */
  AUDIT("audit"),

  /** The person asked for it. */
  PERSONS_REQUEST("persons-request");

  private final String word;

  HoldReason(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
