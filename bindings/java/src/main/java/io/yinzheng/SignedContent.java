package io.yinzheng;

import java.util.Map;
import java.util.Optional;

/** What bytes say that wait for a signature: for signers that show a text beside them. */
public final class SignedContent extends Reply {
  SignedContent(Map<String, Object> said) {
    super(said);
  }

  /**
   * What it is.
   *
   * @return {@code statement} (a party's, over a record), {@code possession} (a key's own entry), {@code block} or
   *     {@code countersignature}
   */
  public String what() {
    return text("what");
  }

  /**
   * Whose key a key's own entry brings in.
   *
   * @return the role's name, such as {@code customer} or {@code ledger}; empty for what is none
   */
  public Optional<String> keyRole() {
    return what().equals("possession") ? Optional.ofNullable(text("role")) : Optional.empty();
  }

  /**
   * The thumbprint of the key that a key's own entry brings in.
   *
   * @return hex, as {@link VerifyKey#thumbprint()} gives it; empty for what is none
   */
  public Optional<String> thumbprint() {
    return Optional.ofNullable(text("thumbprint"));
  }

  /**
   * The digest of what a statement says that its signer was shown.
   *
   * @return {@code sha256:…} or {@code sm3:…}; empty where it says nothing
   */
  public Optional<String> displayed() {
    return Optional.ofNullable(text("displayed"));
  }

  /**
   * The digest of the record that a statement is about.
   *
   * @return {@code sha256:…} or {@code sm3:…}; empty for what is no statement
   */
  public Optional<String> recordDigest() {
    return Optional.ofNullable(text("record_digest"));
  }

  /**
   * What a device signs that takes digests, made of these bytes.
   *
   * @return 32 bytes; empty for Ed25519, and where no key was given
   */
  public Optional<byte[]> digest() {
    return Optional.ofNullable(text("digest_to_sign")).map(Texts::unhex);
  }
}
