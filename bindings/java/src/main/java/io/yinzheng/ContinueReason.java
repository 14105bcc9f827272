package io.yinzheng;

/** Why a ledger goes on in another. */
public enum ContinueReason implements Word {
  /** By size or year: the old one was closed. */
  ROLLOVER("rollover"),

  /** The store came back from a backup. */
  RESTORE("restore"),

  /** The ledger key is lost. */
  KEY_LOST("key-lost"),

  /** Another hash from now on. */
  NEW_HASH("new-hash");

  private final String word;

  ContinueReason(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
