package io.yinzheng;

import java.util.Map;
import java.util.Optional;

/** Bytes that wait for a signature, and who must sign them. The same bytes come again after a restart. */
public final class ToSign {
  private final byte[] bytes;
  private final Map<String, Object> info;

  ToSign(byte[] bytes, byte[] info) {
    this(bytes, Json.object(info));
  }

  ToSign(byte[] bytes, Map<String, Object> info) {
    this.bytes = bytes;
    this.info = info;
  }

  /**
   * What a host kept in its own database while the signature was under way, for a {@link Signer}.
   *
   * @param bytes {@link #bytes()}
   * @param infoJson {@link #infoJson()}
   * @return the same as before
   * @throws YinzhengException {@link ErrorCode#INVALID_ARGUMENT} for a text that {@link #infoJson()} did not give
   */
  public static ToSign ofStored(byte[] bytes, String infoJson) {
    ToSign stored = new ToSign(bytes.clone(), Texts.utf8(infoJson));
    Object key = stored.info.get("key");
    Object digest = stored.info.get("digest_to_sign");
    if (!(key instanceof Map) || !(((Map<?, ?>) key).get("cose_key") instanceof String)
        || digest != null && !(digest instanceof String)) {
      throw new YinzhengException(ErrorCode.INVALID_ARGUMENT, "stored information about what is to be signed", null);
    }
    return stored;
  }

  /** Of the two arrays that a native method gives. */
  static ToSign of(byte[][] given) {
    return new ToSign(given[0], given[1]);
  }

  /**
   * The bytes to sign, in message form: the signer hashes them itself, for SM2 with Z.
   *
   * @return a copy
   */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * What a device signs that takes digests: SHA-256 of the bytes, or for SM2 the digest e with Z in it.
   *
   * @return 32 bytes; empty for Ed25519
   */
  public Optional<byte[]> digest() {
    return Optional.ofNullable((String) info.get("digest_to_sign")).map(Texts::unhex);
  }

  /**
   * Whose signature is wanted.
   *
   * @return the public key
   */
  @SuppressWarnings("unchecked")
  public VerifyKey key() {
    return VerifyKey.said((Map<String, Object>) info.get("key"));
  }

  /**
   * Everything that is known about it, such as height and number of entries of a block.
   *
   * @return JSON
   */
  public String infoJson() {
    return Texts.string(Json.write(info));
  }

  /**
   * What the bytes themselves say, whoever handed them over: for a signer that shows a text beside them.
   *
   * @return without the digest for devices
   * @throws YinzhengException {@link ErrorCode#WRONG_MEDIA_TYPE} for bytes that are nothing of this format; 3xx
   */
  public SignedContent content() {
    return content("");
  }

  /**
   * The same for a key that is asked to sign.
   *
   * @param key the key
   * @return with the digest that a device signs
   * @throws YinzhengException also {@link ErrorCode#ALGORITHM_MISMATCH} for bytes that ask another kind of key
   */
  public SignedContent content(VerifyKey key) {
    return content("{\"key\":" + key.toJson() + "}");
  }

  private SignedContent content(String beside) {
    return new SignedContent(Json.object(Texts.utf8(Checks.inspect("to-be-signed", bytes, beside))));
  }

  Map<String, Object> info() {
    return info;
  }

  @Override
  public String toString() {
    return "ToSign (" + bytes.length + " bytes)";
  }
}
