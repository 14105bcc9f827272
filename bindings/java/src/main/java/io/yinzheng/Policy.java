package io.yinzheng;

/** What a verifier knows from elsewhere: ledgers, keys, what it requires. A JSON file, described in docs/verdicts.md. Immutable. */
public final class Policy {
  /** Nothing is known: then only integrity is checked, not origin. */
  public static final Policy NONE = new Policy(new byte[0]);

  private final byte[] file;

  private Policy(byte[] file) {
    this.file = file;
  }

  /**
   * A policy file; it is read at each verification.
   *
   * @param file its bytes
   * @return the policy
   */
  public static Policy ofFile(byte[] file) {
    return new Policy(file.clone());
  }

  /**
   * A policy as text.
   *
   * @param json a JSON object
   * @return the policy
   */
  public static Policy ofJson(String json) {
    return new Policy(Texts.utf8(json));
  }

  byte[] bytes() {
    return file;
  }

  /** As a part of a request: only a whole JSON object, so that nothing in it can be taken for a member beside it. */
  Json.Raw whole() {
    try {
      Json.object(file);
    } catch (YinzhengException wrong) {
      throw new YinzhengException(ErrorCode.INVALID_POLICY, "a policy is one JSON object", wrong);
    }
    return new Json.Raw(Texts.string(file));
  }
}
