package io.yinzheng;

/** Why values are erased. */
public enum EraseReason implements Word {
  /** The time to keep them is over. */
  RETENTION_OVER("retention-over"),

  /** The person asked for it. */
  PERSONS_REQUEST("persons-request"),

  /** An authority ordered it. */
  ORDER("order"),

  /** They should not have been captured. */
  ERROR("error");

  private final String word;

  EraseReason(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
