package io.yinzheng;

import java.nio.file.Path;
import java.time.Instant;

/** Verifies, offline, what others hand over. For any number of threads, which do not wait for each other. */
public final class Verifier {
  private static final byte[] JSON = Texts.utf8("json");

  private Verifier() {}

  /**
   * Verifies a proof. Bytes that cannot be read give a verdict that says so.
   *
   * @param proof the bytes of a .yzp
   * @param policy what is known from elsewhere; with {@link Policy#NONE} only integrity is checked
   * @param at the declared time of verification
   * @return the verdict
   */
  public static Verdict verify(byte[] proof, Policy policy, Instant at) {
    return new Verdict(Native.verifyProof(proof, policy.bytes(), at.toEpochMilli(), JSON));
  }

  /**
   * The same as a text for people.
   *
   * @param proof the bytes of a .yzp
   * @param policy what is known from elsewhere
   * @param at the declared time of verification
   * @param language Chinese or English
   * @return several lines of text
   */
  public static String explain(byte[] proof, Policy policy, Instant at, Language language) {
    return Texts.string(
        Native.verifyProof(proof, policy.bytes(), at.toEpochMilli(), Texts.utf8(language.word())));
  }

  /**
   * Verifies a bundle, every block of it.
   *
   * @param bundle the bytes of the bundle
   * @param policy what is known from elsewhere
   * @param at the declared time of verification
   * @return the verdict
   */
  public static Verdict verifyBundle(byte[] bundle, Policy policy, Instant at) {
    return new Verdict(Native.verifyBundle(bundle, policy.bytes(), at.toEpochMilli(), JSON));
  }

  /**
   * The same from a file, with constant memory.
   *
   * @param bundle the bundle's file
   * @param policy what is known from elsewhere
   * @param at the declared time of verification
   * @return the verdict
   */
  public static Verdict verifyBundle(Path bundle, Policy policy, Instant at) {
    return new Verdict(Native.verifyBundleFile(Texts.utf8(bundle), policy.bytes(), at.toEpochMilli(), JSON));
  }
}
