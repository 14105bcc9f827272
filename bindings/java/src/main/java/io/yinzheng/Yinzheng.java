package io.yinzheng;

/** What is true of the library as a whole. */
public final class Yinzheng {
  /** The version of this jar; the native library must have the same. */
  public static final String VERSION = "0.1.0";

  private Yinzheng() {}

  /**
   * Version of the library, version of the sealed format, and what this build can do.
   *
   * @return JSON: {@code {"version","format","store","seal"}}
   */
  public static String versionJson() {
    return Texts.string(Native.version());
  }

  /**
   * All limits, by name.
   *
   * @return JSON: an object of numbers
   */
  public static String limitsJson() {
    return Texts.string(Native.limits());
  }

  /**
   * How many ledgers, keys, profiles, hashers and sealers are open in this process: a test for leaks. Other class loaders
   * that loaded the same library count with it.
   *
   * @return 0 when everything was closed
   */
  public static long openHandles() {
    return Native.handleCount();
  }

  /**
   * A new key for a ledger's vault, from the operating system's randomness. Keep it in a key store: without it the values
   * of the ledger cannot be opened again.
   *
   * @param suite the cipher
   * @return 32 or 16 bytes
   */
  public static byte[] newVaultKey(VaultSuite suite) {
    return Native.vaultKeyGenerate(Texts.utf8(suite.word()));
  }
}
