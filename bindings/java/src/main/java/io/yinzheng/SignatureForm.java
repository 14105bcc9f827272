package io.yinzheng;

/** Which forms of a signature are accepted. */
public enum SignatureForm implements Word {
  /** 64 bytes or DER; a high s is turned into the low one. */
  GIVEN("given"),

  /** Exactly as this library seals it. */
  SEALED("sealed"),

  /** 64 bytes; a high s passes. */
  OUTSIDE("outside");

  private final String word;

  SignatureForm(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
