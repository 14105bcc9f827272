package io.yinzheng;

/** What a key of a ledger is for. */
public enum KeyRole implements Word {
  /** Signs the blocks. */
  LEDGER("ledger"),

  /** Signs statements of the customer. */
  CUSTOMER("customer"),

  /** Signs statements of a device. */
  DEVICE("device"),

  /** Signs statements of a witness. */
  WITNESS("witness");

  private final String word;

  KeyRole(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
