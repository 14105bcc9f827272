package io.yinzheng;

/** Where a secret key is kept, as its holder declares it; only a certificate or an attestation supports it. */
public enum Custody implements Word {
  /** Nothing is said. */
  UNKNOWN("unknown"),

  /** A hardware key store of a device. */
  HARDWARE("hardware"),

  /** A secure enclave. */
  ENCLAVE("enclave"),

  /** A mobile shield 手机盾 or USB shield. */
  SHIELD("shield"),

  /** A hardware security module. */
  HSM("hsm"),

  /** A provider holds it for the signer. */
  HOSTED("hosted"),

  /** Made for one transaction, then destroyed. */
  ONE_TIME("one-time"),

  /** Split between a device and a server 协同签名. */
  CO_SIGNED("co-signed"),

  /** A file or memory. */
  SOFTWARE("software");

  private final String word;

  Custody(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
