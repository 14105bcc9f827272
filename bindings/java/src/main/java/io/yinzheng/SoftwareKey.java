package io.yinzheng;

import java.nio.CharBuffer;
import java.util.Arrays;

/**
 * A secret key in this process's memory, wiped when closed: for servers without an HSM, for tests and demonstrations. Its
 * custody is always {@link Custody#SOFTWARE}. For any number of threads.
 */
public final class SoftwareKey extends Resource implements Signer {
  private final VerifyKey publicKey;

  private SoftwareKey(long handle) {
    super(handle);
    publicKey = VerifyKey.said(Json.object(Native.keyPublic(handle)));
  }

  /**
   * A new key, from the operating system's randomness.
   *
   * @param algorithm which
   * @return the key, to be closed
   */
  public static SoftwareKey generate(SignatureAlgorithm algorithm) {
    return new SoftwareKey(Native.keyGenerate(Texts.utf8(algorithm.word())));
  }

  /**
   * A key out of a PKCS#8 PEM file.
   *
   * @param pem the file's text
   * @param passphrase what it is encrypted with; empty for a file that is not
   * @return the key, to be closed
   */
  public static SoftwareKey ofPkcs8(String pem, char[] passphrase) {
    byte[] secret = Texts.utf8(CharBuffer.wrap(passphrase));
    byte[] text = Texts.utf8(pem);
    try {
      return new SoftwareKey(Native.keyFromPkcs8(text, secret));
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(text, (byte) 0);
    }
  }

  /**
   * The key as an encrypted PKCS#8 PEM file, which openssl opens too.
   *
   * @param passphrase at least one character
   * @return the file's text
   */
  public String toPkcs8(char[] passphrase) {
    byte[] secret = Texts.utf8(CharBuffer.wrap(passphrase));
    try {
      return Texts.string(Native.keyToPkcs8(handle(), secret));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  @Override
  public VerifyKey publicKey() {
    return publicKey;
  }

  @Override
  public byte[] sign(ToSign toSign) {
    return sign(toSign.bytes());
  }

  /**
   * Signs any bytes, in message form.
   *
   * @param message the bytes
   * @return 64 bytes
   */
  public byte[] sign(byte[] message) {
    return Native.keySign(handle(), message);
  }

  /**
   * Signs a digest as it is, as devices do that take digests.
   *
   * @param digest 32 bytes, see {@link ToSign#digest()}
   * @return 64 bytes
   */
  public byte[] signDigest(byte[] digest) {
    return Native.keySignDigest(handle(), digest);
  }
}
