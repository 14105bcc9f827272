package io.yinzheng;

/** A hash of the format. */
public enum HashAlgorithm implements Word {
  /** FIPS 180-4. */
  SHA_256("SHA-256"),

  /** GM/T 0004. */
  SM3("SM3");

  private final String word;

  HashAlgorithm(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
