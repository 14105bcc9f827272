package io.yinzheng;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Signed words as two-phase calls of their own: statements 签署声明 of further signers, and countersignatures 会签. */
public final class Statements {
  private Statements() {}

  /**
   * Prepares a statement over a record's own bytes: detached sealing, the first signer. The record travels inside.
   *
   * @param record the bytes of the record
   * @param terms who signs
   * @return what is to be signed
   */
  public static Draft overRecord(byte[] record, SignerTerms terms) {
    return Draft.of(Native.statementDraft(record, Json.write(Collections.singletonMap("signer", terms.request()))));
  }

  /**
   * Prepares a statement over a record's digest: each further signer.
   *
   * @param digest {@code sha256:…} or {@code sm3:…}
   * @param terms who signs, with {@link SignerTerms#issuedAt}
   * @return what is to be signed
   */
  public static Draft overDigest(String digest, SignerTerms terms) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("signer", terms.request());
    request.put("record", Objects.requireNonNull(digest, "digest"));
    return Draft.of(Native.statementDraft(new byte[0], Json.write(request)));
  }

  /**
   * Takes the signature over a statement's draft and verifies it.
   *
   * @param draft {@link Draft#bytes()}
   * @param signature 64 bytes, or DER
   * @return the entry, for {@link Ledger#appendEntry} or a {@link Sealer}
   */
  public static byte[] finish(byte[] draft, byte[] signature) {
    return Native.statementFinish(draft, signature);
  }

  /**
   * Prepares a countersignature over a ledger's head, by a node, a notary or another bank.
   *
   * @param headState {@link LedgerJson#headState()}
   * @param key the countersigner's key
   * @param claim what it says of the head
   * @param issuer who it is, as it calls itself
   * @param role in which role, or null
   * @param time when, or null for the system's clock
   * @return what is to be signed
   */
  public static Draft countersign(byte[] headState, VerifyKey key, Claim claim, String issuer, Role role, TimeClaim time) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("key", key.request());
    request.put("claim", Objects.requireNonNull(claim, "claim"));
    request.put("issuer", Objects.requireNonNull(issuer, "issuer"));
    if (role != null) {
      request.put("role", role);
    }
    if (time != null) {
      request.put("time", time.request());
    }
    return Draft.of(Native.countersignatureDraft(headState, Json.write(request)));
  }

  /**
   * Takes the signature over a countersignature's draft and verifies it.
   *
   * @param draft {@link Draft#bytes()}
   * @param signature 64 bytes, or DER
   * @return the message, for {@link LedgerJson#attach}
   */
  public static byte[] finishCountersignature(byte[] draft, byte[] signature) {
    return Native.countersignatureFinish(draft, signature);
  }

  /**
   * Keeps a countersignature beside the block that it is about, so that proofs carry it.
   *
   * @param ledger the ledger
   * @param height the block
   * @param countersignature the message
   */
  public static void attach(Ledger ledger, long height, byte[] countersignature) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("height", height);
    request.put("kind", "countersignature");
    request.put("bytes", Texts.hex(countersignature));
    ledger.json().attach(Json.write(request));
  }
}
