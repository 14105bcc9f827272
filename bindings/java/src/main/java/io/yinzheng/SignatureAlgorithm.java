package io.yinzheng;

/** A signature algorithm of the format. */
public enum SignatureAlgorithm implements Word {
  /** RFC 8032. */
  ED25519("Ed25519"),

  /** ECDSA with P-256 and SHA-256, FIPS 186-5. */
  P_256("P-256"),

  /** GM/T 0003, with SM3. */
  SM2("SM2");

  private final String word;

  SignatureAlgorithm(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
