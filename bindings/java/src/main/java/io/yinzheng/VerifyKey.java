package io.yinzheng;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A public key, as requests name it. Immutable; it is looked at by the library, not here. */
public final class VerifyKey {
  private final Map<String, Object> request;

  private VerifyKey(Map<String, Object> request) {
    this.request = Collections.unmodifiableMap(request);
  }

  private static VerifyKey of(String form, String text) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put(form, Objects.requireNonNull(text, form));
    return new VerifyKey(request);
  }

  /**
   * A key of the Java platform: its X.509 encoding must be a SubjectPublicKeyInfo of Ed25519, P-256 or SM2.
   *
   * @param key the key, of any provider
   * @return the same key
   */
  public static VerifyKey of(java.security.PublicKey key) {
    byte[] encoded = key.getEncoded();
    if (encoded == null || !"X.509".equals(key.getFormat())) {
      throw new YinzhengException(ErrorCode.INVALID_KEY, "a public key without an X.509 encoding", null);
    }
    return ofSpki(encoded);
  }

  /**
   * A SubjectPublicKeyInfo.
   *
   * @param der its DER bytes
   * @return the key
   */
  public static VerifyKey ofSpki(byte[] der) {
    return of("spki_der", Texts.hex(der));
  }

  /**
   * A PEM file of a public key.
   *
   * @param pem its text
   * @return the key
   */
  public static VerifyKey ofPem(String pem) {
    return of("spki_pem", pem);
  }

  /**
   * A COSE key, as sealed bytes hold it.
   *
   * @param cose its CBOR bytes
   * @return the key
   */
  public static VerifyKey ofCose(byte[] cose) {
    return of("cose_key", Texts.hex(cose));
  }

  /**
   * A key as bare bytes: 32 for Ed25519, an uncompressed or compressed point for P-256 and SM2.
   *
   * @param algorithm which
   * @param raw the bytes
   * @return the key
   */
  public static VerifyKey ofRaw(SignatureAlgorithm algorithm, byte[] raw) {
    Map<String, Object> request = new LinkedHashMap<>(of("raw", Texts.hex(raw)).request);
    request.put("algorithm", algorithm.word());
    return new VerifyKey(request);
  }

  /** Out of an answer that describes a key. */
  static VerifyKey said(Map<String, Object> said) {
    VerifyKey key = of("cose_key", (String) said.get("cose_key"));
    Object id = said.get("sm2_id_hex");
    return id == null ? key : key.withSm2Id(Texts.unhex((String) id));
  }

  /**
   * The same SM2 key for another signer id than the default one, {@code 1234567812345678}.
   *
   * @param id at most 8,191 bytes
   * @return the key
   */
  public VerifyKey withSm2Id(byte[] id) {
    Map<String, Object> changed = new LinkedHashMap<>(request);
    changed.put("sm2_id_hex", Texts.hex(id));
    return new VerifyKey(changed);
  }

  /**
   * What is known of it.
   *
   * @return JSON: {@code {"algorithm","cose_key","spki_der","thumbprint","sm2_id_hex","sm2_z"}}
   */
  public String describe() {
    return Texts.string(Native.keyDescribe(Json.write(request)));
  }

  /**
   * Its algorithm; also the way to find out whether it is usable.
   *
   * @return the algorithm
   */
  public SignatureAlgorithm algorithm() {
    return Word.of(SignatureAlgorithm.class, (String) Json.object(Native.keyDescribe(Json.write(request))).get("algorithm"));
  }

  /**
   * Its SubjectPublicKeyInfo, for programs that read no other form.
   *
   * @return DER
   */
  public byte[] toSpki() {
    return Texts.unhex((String) Json.object(Native.keyDescribe(Json.write(request))).get("spki_der"));
  }

  /**
   * Its thumbprint (RFC 9679): SHA-256 of what the key is, without SM2's signer id.
   *
   * @return hex
   */
  public String thumbprint() {
    return (String) Json.object(Native.keyDescribe(Json.write(request))).get("thumbprint");
  }

  /**
   * The request form, for the JSON door.
   *
   * @return JSON
   */
  public String toJson() {
    return Texts.string(Json.write(request));
  }

  Map<String, Object> request() {
    return request;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifyKey && ((VerifyKey) other).request.equals(request);
  }

  @Override
  public int hashCode() {
    return request.hashCode();
  }

  @Override
  public String toString() {
    return "VerifyKey " + toJson();
  }
}
