package io.yinzheng;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Keys of a ledger. A new key's holder signs to show that he has it: a draft, then {@link #finish}. */
public final class LedgerKeys {
  /** As many entries as one reply holds. */
  private static final long PAGE = 10_000;

  private final Ledger ledger;

  LedgerKeys(Ledger ledger) {
    this.ledger = ledger;
  }

  private static Map<String, Object> claims(KeyRole role, VerifyKey key, Custody custody, Instant effective) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("role", Objects.requireNonNull(role, "role"));
    request.put("key", key.request());
    request.put("custody", Objects.requireNonNull(custody, "custody"));
    request.put("effective_ms", effective.toEpochMilli());
    return request;
  }

  /**
   * The ledger keys, epoch by epoch.
   *
   * @return the first one first
   */
  public List<LedgerKey> list() {
    return Reply.each(Native.ledgerKeys(ledger.handle()), LedgerKey::new);
  }

  /**
   * The keys of parties (customers, devices, witnesses) that were ever enrolled, also those in no block yet. Reads the whole ledger, entry
   * by entry.
   *
   * @return the first one first
   */
  @SuppressWarnings("unchecked")
  public List<PartyKey> parties() {
    Map<String, Map<String, Object>> found = new LinkedHashMap<>();
    for (long first = 0; ; first += PAGE) {
      List<Object> rows = Json.array(ledger.json().list(first, PAGE));
      for (Object one : rows) {
        Map<String, Object> row = (Map<String, Object>) one;
        if (!"key".equals(row.get("kind")) || KeyRole.LEDGER.word().equals(row.get("role"))) {
          continue;
        }
        // A key in the place of another one ends that, and so does a revocation, which brings none in.
        Map<String, Object> previous = found.get((String) row.get("previous"));
        if (previous != null) {
          previous.put("ended_by", row.get("sequence"));
        }
        if (row.get("key") != null) {
          found.put((String) row.get("kid"), new LinkedHashMap<>(row));
        }
      }
      if (rows.size() < PAGE) {
        return Reply.each(new ArrayList<>(found.values()), PartyKey::new);
      }
    }
  }

  /**
   * The entry of a party's key that is in force: by it a kid is found again that the host has lost, also when the process was killed
   * between {@link #finish} and keeping what that gave.
   *
   * @param key the key, in any form
   * @return its newest entry; empty when it was never enrolled, or has ended
   */
  public Optional<PartyKey> party(VerifyKey key) {
    String wanted = key.describe();
    PartyKey newest = null;
    for (PartyKey one : parties()) {
      if (!one.endedBy().isPresent() && one.key().describe().equals(wanted)) {
        newest = one;
      }
    }
    return Optional.ofNullable(newest);
  }

  /**
   * Prepares the ledger key that follows the present one. It is in force from the block after the one that seals its entry.
   *
   * @param key the new key
   * @param custody where its secret half is kept
   * @param effective from when on, as declared
   * @return what the new key must sign
   */
  public Draft rotate(VerifyKey key, Custody custody, Instant effective) {
    return draft(Json.write(claims(KeyRole.LEDGER, key, custody, effective)));
  }

  /**
   * Prepares the entry of a party's key.
   *
   * @param role what it is for
   * @param key the key
   * @param custody where its secret half is kept
   * @param effective from when on, as declared
   * @return what the key must sign
   */
  public Draft enrol(KeyRole role, VerifyKey key, Custody custody, Instant effective) {
    return draft(Json.write(claims(role, key, custody, effective)));
  }

  /**
   * The same with an attestation of the device that holds the key, kept as evidence. The library does not look into it.
   *
   * @param role what it is for
   * @param key the key
   * @param custody where its secret half is kept
   * @param effective from when on, as declared
   * @param format what kind of attestation it is, such as {@code android-key-chain}
   * @param attestation as the platform gave it, 1 to 16,384 bytes
   * @return what the key must sign
   */
  public Draft enrol(KeyRole role, VerifyKey key, Custody custody, Instant effective, String format, byte[] attestation) {
    return attested(claims(role, key, custody, effective), format, attestation);
  }

  private Draft attested(Map<String, Object> request, String format, byte[] attestation) {
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("format", Objects.requireNonNull(format, "format"));
    evidence.put("bytes", Texts.hex(attestation));
    request.put("attestation", evidence);
    return draft(Json.write(request));
  }

  /**
   * Prepares the entry of a key that takes the place of a party's earlier one.
   *
   * @param role what it is for
   * @param previous the earlier key's entry, 64 hex digits
   * @param key the new key
   * @param custody where its secret half is kept
   * @param effective from when on, as declared
   * @return what the new key must sign
   */
  public Draft replace(KeyRole role, String previous, VerifyKey key, Custody custody, Instant effective) {
    return draft(Json.write(replacing(role, previous, key, custody, effective)));
  }

  private static Map<String, Object> replacing(KeyRole role, String previous, VerifyKey key, Custody custody, Instant effective) {
    Map<String, Object> request = claims(role, key, custody, effective);
    request.put("previous", Objects.requireNonNull(previous, "previous"));
    return request;
  }

  /**
   * The same with an attestation of the device that holds the new key, as {@link #enrol(KeyRole, VerifyKey, Custody, Instant,
   * String, byte[])} takes it.
   *
   * @param role what it is for
   * @param previous the earlier key's entry, 64 hex digits
   * @param key the new key
   * @param custody where its secret half is kept
   * @param effective from when on, as declared
   * @param format what kind of attestation it is
   * @param attestation as the platform gave it, 1 to 16,384 bytes
   * @return what the new key must sign
   */
  public Draft replace(
      KeyRole role, String previous, VerifyKey key, Custody custody, Instant effective, String format, byte[] attestation) {
    return attested(replacing(role, previous, key, custody, effective), format, attestation);
  }

  /**
   * The same with everything that a key entry can say: certificates, attestation, the announced next key.
   *
   * @param request JSON, see {@code docs/ffi.md}
   * @return what the new key must sign
   */
  public Draft draft(byte[] request) {
    return Draft.of(Native.ledgerKeyDraft(ledger.handle(), request));
  }

  /**
   * Takes the new key's own signature, and appends its entry.
   *
   * @param draft {@link Draft#bytes()}
   * @param signature 64 bytes, or DER
   * @return the entry's digest: the {@code kid} of what the key will sign, 64 hex digits
   */
  public String finish(byte[] draft, byte[] signature) {
    return Texts.hex(Native.ledgerKeyFinish(ledger.handle(), draft, signature));
  }

  /**
   * Ends a key.
   *
   * @param role what it was for
   * @param kid its entry, 64 hex digits
   * @param reason why
   * @param effective since when, as declared
   * @return the sequence number of the revocation
   */
  public long revoke(KeyRole role, String kid, RevokeReason reason, Instant effective) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("role", Objects.requireNonNull(role, "role"));
    request.put("previous", Objects.requireNonNull(kid, "kid"));
    request.put("reason", Objects.requireNonNull(reason, "reason"));
    request.put("effective_ms", effective.toEpochMilli());
    return Native.ledgerKeyRevoke(ledger.handle(), Json.write(request));
  }
}
