package io.yinzheng;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Who signs a statement 签署声明, and as what. Immutable; every method gives a new one. */
public final class SignerTerms {
  private final Map<String, Object> request;

  private SignerTerms(Map<String, Object> request) {
    this.request = Collections.unmodifiableMap(request);
  }

  private SignerTerms with(String name, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(request);
    changed.put(name, Objects.requireNonNull(value, name));
    return new SignerTerms(changed);
  }

  /**
   * A signer.
   *
   * @param key the public key
   * @param role in which role
   * @return the terms
   */
  public static SignerTerms of(VerifyKey key, Role role) {
    return new SignerTerms(new LinkedHashMap<String, Object>()).with("key", key.request()).with("role", role);
  }

  /**
   * When the statement is made; without it, when the record was captured.
   *
   * @param at seconds are kept
   * @return other terms
   */
  public SignerTerms issuedAt(Instant at) {
    return with("issued_at", at.getEpochSecond());
  }

  /**
   * The key entry that enrolled the key, see {@link LedgerKeys#enrol}.
   *
   * @param kid its digest, 64 hex digits
   * @return other terms
   */
  public SignerTerms kid(String kid) {
    return with("kid", kid);
  }

  /**
   * What was displayed to the signer.
   *
   * @param digest its digest, {@code sha256:…} or {@code sm3:…}
   * @return other terms
   */
  public SignerTerms displayed(String digest) {
    return with("displayed", digest);
  }

  /**
   * The ledger that the statement is meant for, so that it proves nothing in another.
   *
   * @param ledger its id, or {@code ledger} for the one that holds the record
   * @return other terms
   */
  public SignerTerms audience(String ledger) {
    return with("audience", ledger);
  }

  /**
   * The signer's certificate, and those above it.
   *
   * @param der each in DER
   * @return other terms
   */
  public SignerTerms certificates(List<byte[]> der) {
    List<String> list = new ArrayList<>();
    for (byte[] one : der) {
      list.add(Texts.hex(one));
    }
    return with("certificates", list);
  }

  Map<String, Object> request() {
    return request;
  }

  @Override
  public String toString() {
    return "SignerTerms " + request.get("role");
  }
}
