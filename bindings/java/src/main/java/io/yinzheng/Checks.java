package io.yinzheng;

/** Single checks, for who builds readers or wants to see inside. For any number of threads. */
public final class Checks {
  private Checks() {}

  /**
   * Reads a piece of the format, strictly, and says what is in it.
   *
   * @param kind such as {@code entry}, {@code receipt}, {@code block} or {@code proof}; {@code yz_inspect} in the C header lists all
   * @param bytes the piece
   * @param beside JSON that the kind asks for, or null
   * @return JSON
   */
  public static String inspect(String kind, byte[] bytes, String beside) {
    return Texts.string(
        Native.inspect(Texts.utf8(kind), bytes, beside == null ? new byte[0] : Texts.utf8(beside)));
  }

  /**
   * The digest of bytes.
   *
   * @param hash the hash
   * @param bytes the bytes
   * @return 32 bytes
   */
  public static byte[] digest(HashAlgorithm hash, byte[] bytes) {
    return Native.digest(Texts.utf8(hash.word()), bytes);
  }

  /**
   * Checks a signature over a message, and gives it in the form that is sealed.
   *
   * @param key the key
   * @param message the bytes, in message form
   * @param signature the signature
   * @param form which forms of it are accepted
   * @return 64 bytes
   */
  public static byte[] signature(VerifyKey key, byte[] message, byte[] signature, SignatureForm form) {
    return Native.checkSignature(Json.write(key.request()), message, signature, Texts.utf8(form.word()));
  }

  /**
   * The root of an RFC 9162 tree.
   *
   * @param hash the hash
   * @param leafHashes 32 bytes each, one after the other
   * @return 32 bytes
   */
  public static byte[] treeRoot(HashAlgorithm hash, byte[] leafHashes) {
    return Native.treeRoot(Texts.utf8(hash.word()), leafHashes);
  }

  /**
   * Checks an RFC 9162 inclusion path.
   *
   * @param hash the hash
   * @param leafHash 32 bytes
   * @param index of the leaf
   * @param size of the tree
   * @param path 32 bytes a node, one after the other
   * @param root 32 bytes
   */
  public static void inclusion(HashAlgorithm hash, byte[] leafHash, long index, long size, byte[] path, byte[] root) {
    Native.checkInclusion(Texts.utf8(hash.word()), leafHash, index, size, path, root);
  }

  /**
   * Checks an RFC 9162 consistency path between two roots of one growing tree.
   *
   * @param hash the hash
   * @param firstSize of the smaller tree
   * @param secondSize of the larger tree
   * @param firstRoot 32 bytes
   * @param secondRoot 32 bytes
   * @param path 32 bytes a node, one after the other
   */
  public static void consistency(HashAlgorithm hash, long firstSize, long secondSize, byte[] firstRoot, byte[] secondRoot,
      byte[] path) {
    Native.checkConsistency(Texts.utf8(hash.word()), firstSize, secondSize, firstRoot, secondRoot, path);
  }
}
