package io.yinzheng;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;

/** The vectors' questions, through the public classes. */
final class JavaDoor implements Door {
  /** Declared time of every verification, as in the tests of the library. */
  static final Instant AT = Instant.ofEpochMilli(4_000_000_000_000L);

  @Override
  public byte[] digest(HashAlgorithm hash, byte[] bytes) {
    return Checks.digest(hash, bytes);
  }

  @Override
  public String inspect(String kind, byte[] bytes, String beside) {
    return Checks.inspect(kind, bytes, beside);
  }

  @Override
  public byte[] signature(VerifyKey key, byte[] message, byte[] signature, SignatureForm form) {
    return Checks.signature(key, message, signature, form);
  }

  @Override
  public String describe(VerifyKey key) {
    return key.describe();
  }

  @Override
  public byte[] treeRoot(HashAlgorithm hash, byte[] leafHashes) {
    return Checks.treeRoot(hash, leafHashes);
  }

  @Override
  public void inclusion(HashAlgorithm hash, byte[] leafHash, long index, long size, byte[] path, byte[] root) {
    Checks.inclusion(hash, leafHash, index, size, path, root);
  }

  @Override
  public void consistency(HashAlgorithm hash, long first, long second, byte[] firstRoot, byte[] secondRoot, byte[] path) {
    Checks.consistency(hash, first, second, firstRoot, secondRoot, path);
  }

  @Override
  public TwinDigest twin(byte[] bytes) {
    return TwinDigest.of(bytes);
  }

  @Override
  public TwinDigest twinInPieces(byte[] bytes) {
    try {
      return TwinDigest.of(new Trickle(bytes));
    } catch (IOException error) {
      throw new AssertionError(error);
    }
  }

  /** Gives seven bytes at a time. */
  static final class Trickle extends ByteArrayInputStream {
    Trickle(byte[] bytes) {
      super(bytes);
    }

    @Override
    public int read(byte[] into) {
      return read(into, 0, Math.min(7, into.length));
    }
  }

  @Override
  public String readValue(String type, String text) {
    return Profile.valueJson(type, text);
  }

  @Override
  public String readMessage(String profile, String message) {
    return Profile.readJson(profile, message);
  }

  @Override
  public void loadProfile(byte[] file) {
    try (Profile profile = Profile.load(file)) {
      profile.describeJson();
    }
  }

  @Override
  public Verdict verify(byte[] proof, Policy policy) {
    return Verifier.verify(proof, policy, AT);
  }

  @Override
  public Verdict verifyBundle(byte[] bundle, Policy policy) {
    return Verifier.verifyBundle(bundle, policy, AT);
  }
}
