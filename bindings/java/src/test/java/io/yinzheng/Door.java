package io.yinzheng;

/** What the vectors ask of a door: the Java one, and Kotlin's over it. */
public interface Door {
  byte[] digest(HashAlgorithm hash, byte[] bytes);

  String inspect(String kind, byte[] bytes, String beside);

  byte[] signature(VerifyKey key, byte[] message, byte[] signature, SignatureForm form);

  String describe(VerifyKey key);

  byte[] treeRoot(HashAlgorithm hash, byte[] leafHashes);

  void inclusion(HashAlgorithm hash, byte[] leafHash, long index, long size, byte[] path, byte[] root);

  void consistency(HashAlgorithm hash, long first, long second, byte[] firstRoot, byte[] secondRoot, byte[] path);

  TwinDigest twin(byte[] bytes);

  TwinDigest twinInPieces(byte[] bytes);

  String readValue(String type, String text);

  String readMessage(String profile, String message);

  /** Loads a profile, and closes it. */
  void loadProfile(byte[] file);

  Verdict verify(byte[] proof, Policy policy);

  Verdict verifyBundle(byte[] bundle, Policy policy);
}
