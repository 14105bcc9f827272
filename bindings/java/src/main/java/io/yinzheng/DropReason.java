package io.yinzheng;

/** Why a held record was not signed. */
public enum DropReason implements Word {
  /** The signer said no. */
  DECLINED("declined"),

  /** The signer gave no answer in time. */
  TIMED_OUT("timed-out"),

  /** The signer was locked. */
  LOCKED("locked"),

  /** The host took it back. */
  WITHDRAWN("withdrawn");

  private final String word;

  DropReason(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
