package io.yinzheng;

/** What a ledger's values are encrypted with. */
public enum VaultSuite implements Word {
  /** A key of 32 bytes. */
  AES_256_GCM("AES-256-GCM"),

  /** A key of 16 bytes, GM/T 0002. */
  SM4_GCM("SM4-GCM");

  private final String word;

  VaultSuite(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
