package io.yinzheng;

/**
 * Something that signs: a software key, a {@link JcaSigner}, a client of an HSM or a signing server. Only sugar over the two
 * phases ({@link Ledger#begin()} and {@link Ledger#commit(byte[])}), which suit signers that take minutes.
 *
 * <p>The library verifies every signature before it takes it. One implementation may be used by several threads only if it says
 * so.
 */
public interface Signer {
  /**
   * The public half.
   *
   * @return the key that the library verifies with
   */
  VerifyKey publicKey();

  /**
   * Signs.
   *
   * @param toSign the bytes
   * @return the signature: 64 bytes, or DER
   * @throws YinzhengException such as {@link ErrorCode#SIGNER_DECLINED}, {@link ErrorCode#SIGNER_TIMED_OUT},
   *     {@link ErrorCode#SIGNER_LOCKED} or {@link ErrorCode#SIGNER_KEY_GONE}; what was to be signed goes on waiting
   */
  byte[] sign(ToSign toSign);
}
