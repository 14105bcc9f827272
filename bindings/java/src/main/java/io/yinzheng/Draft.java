package io.yinzheng;

/**
 * Bytes that wait for a signature, with the draft that the host keeps until then. A draft holds no secret and may be stored; a
 * later process may finish it.
 */
public final class Draft {
  private final byte[] bytes;
  private final ToSign toSign;

  private Draft(byte[] bytes, ToSign toSign) {
    this.bytes = bytes;
    this.toSign = toSign;
  }

  static Draft of(byte[][] given) {
    return new Draft(given[0], new ToSign(given[1], given[2]));
  }

  /**
   * The draft: hand it in again with the signature.
   *
   * @return a copy
   */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * What is to be signed.
   *
   * @return the bytes and by whom
   */
  public ToSign toSign() {
    return toSign;
  }

  @Override
  public String toString() {
    return "Draft (" + bytes.length + " bytes)";
  }
}
