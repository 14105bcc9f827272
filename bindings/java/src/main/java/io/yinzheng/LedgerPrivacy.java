package io.yinzheng;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What privacy asks of a ledger. Of the reference (a letter, a decision) only a salted commitment is sealed. Times may be null:
 * then the system's clock is read.
 */
public final class LedgerPrivacy {
  private final Ledger ledger;

  LedgerPrivacy(Ledger ledger) {
    this.ledger = ledger;
  }

  static byte[] request(Map<String, Object> request, EraseReason reason, String reference, TimeClaim time) {
    request.put("reason", Objects.requireNonNull(reason, "reason"));
    request.put("reference", Objects.requireNonNull(reference, "reference"));
    if (time != null) {
      request.put("time", time.request());
    }
    return Json.write(request);
  }

  private Erasure erase(Map<String, Object> request, EraseReason reason, String reference, TimeClaim time) {
    return new Erasure(Native.ledgerErase(ledger.handle(), request(request, reason, reference, time)));
  }

  /**
   * Erases all values of records: their keys and ciphertexts are destroyed, and a tombstone says so.
   *
   * @param records sequence numbers
   * @param reason why
   * @param reference on whose order
   * @param time when, or null
   * @return what was erased
   */
  public Erasure erase(List<Long> records, EraseReason reason, String reference, TimeClaim time) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("records", Objects.requireNonNull(records, "records"));
    return erase(request, reason, reference, time);
  }

  /**
   * Erases some values of one record.
   *
   * @param record its sequence number
   * @param names public names of fields
   * @param reason why
   * @param reference on whose order
   * @param time when, or null
   * @return what was erased
   */
  public Erasure eraseValues(long record, List<String> names, EraseReason reason, String reference, TimeClaim time) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("record", record);
    request.put("names", Objects.requireNonNull(names, "names"));
    return erase(request, reason, reference, time);
  }

  /**
   * Erases all values of a dossier.
   *
   * @param dossier a preservation number 保全号, or an id in hex
   * @param reason why
   * @param reference on whose order
   * @param time when, or null
   * @return what was erased
   */
  public Erasure eraseDossier(String dossier, EraseReason reason, String reference, TimeClaim time) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("dossier", Objects.requireNonNull(dossier, "dossier"));
    return erase(request, reason, reference, time);
  }

  private long mark(String action, List<Long> records, HoldReason reason, String reference, TimeClaim time) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("action", action);
    request.put("records", Objects.requireNonNull(records, "records"));
    request.put("reason", Objects.requireNonNull(reason, "reason"));
    request.put("reference", Objects.requireNonNull(reference, "reference"));
    if (time != null) {
      request.put("time", time.request());
    }
    return Native.ledgerHold(ledger.handle(), Json.write(request));
  }

  /**
   * Suspends erasure.
   *
   * @param records sequence numbers
   * @param reason why
   * @param reference on whose order
   * @param time when, or null
   * @return the sequence number of the entry that says so
   */
  public long hold(List<Long> records, HoldReason reason, String reference, TimeClaim time) {
    return mark("set", records, reason, reference, time);
  }

  /**
   * Blocks disclosure too.
   *
   * @param records sequence numbers
   * @param reason why
   * @param reference on whose order
   * @param time when, or null
   * @return the sequence number of the entry that says so
   */
  public long restrict(List<Long> records, HoldReason reason, String reference, TimeClaim time) {
    return mark("restrict", records, reason, reference, time);
  }

  /**
   * Ends both.
   *
   * @param records sequence numbers
   * @param reason why they were marked
   * @param reference on whose order
   * @param time when, or null
   * @return the sequence number of the entry that says so
   */
  public long lift(List<Long> records, HoldReason reason, String reference, TimeClaim time) {
    return mark("lift", records, reason, reference, time);
  }

  /**
   * Moves every value under another vault key, which is in use afterwards.
   *
   * @param newVaultKey of the same length as the old one, or of the other suite
   * @param time when, or null
   * @return JSON: {@code {"moved","moved_before","old_key"}}
   */
  public String rewrap(byte[] newVaultKey, TimeClaim time) {
    return Texts.string(Native.ledgerRewrap(ledger.handle(), newVaultKey, TimeClaim.json(time)));
  }

  /**
   * Takes the host's word that no copy of an old vault key is left, and seals it.
   *
   * @param oldKey {@code old_key} of {@link #rewrap}
   * @param time when, or null
   * @return the event's sequence number
   */
  public long confirmDestroyed(String oldKey, TimeClaim time) {
    return Native.ledgerConfirmDestroyed(ledger.handle(), Texts.utf8(oldKey), TimeClaim.json(time));
  }
}
