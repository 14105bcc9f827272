package io.yinzheng;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Keys of single records, for hosts whose HSM wraps them: keys out, wrapped keys in, and the way back for reading. Each appended
 * record, tombstone and hold uses up one key. For ledgers made with {@link LedgerCreator#wrappedByHost()}.
 */
public final class LedgerHostKeys {
  private final Ledger ledger;

  LedgerHostKeys(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Draws keys, has each wrapped, and puts them ready. The bytes given to the wrapper are wiped afterwards.
   *
   * @param count how many
   * @param wrapper gives the wrapped form of a key, 1 to 4,096 bytes
   * @return how many are ready now
   */
  public long supply(int count, UnaryOperator<byte[]> wrapper) {
    Objects.requireNonNull(wrapper, "wrapper");
    long ready = 0;
    for (int one = 0; one < count; one++) {
      byte[][] key = new byte[1][];
      long id = Native.ledgerDrawRecordKey(ledger.handle(), key);
      try {
        ready = Native.ledgerSupplyWrappedKey(ledger.handle(), id, wrapper.apply(key[0]));
      } finally {
        Texts.wipe(key[0]);
      }
    }
    return ready;
  }

  /**
   * The wrapped key of an entry's values.
   *
   * @param sequence where it is
   * @return as it was supplied
   */
  public byte[] wrapped(long sequence) {
    return Native.ledgerWrappedKey(ledger.handle(), sequence);
  }

  /**
   * The values of a record, opened with its own key.
   *
   * @param sequence where it is
   * @param key what the host unwrapped
   * @return its values
   */
  public List<Disclosure> disclosures(long sequence, byte[] key) {
    return Reply.each(Native.ledgerDisclosuresWithKey(ledger.handle(), sequence, key), Disclosure::new);
  }

  /**
   * Erases some values of one record; what stays is opened with the record's own key and encrypted under a key that was supplied. That
   * one and another for the tombstone are used up. Whole records are erased without their keys ({@link LedgerPrivacy}).
   *
   * @param sequence where the record is
   * @param key what the host unwrapped
   * @param names public names of fields
   * @param reason why
   * @param reference on whose order
   * @param time when, or null
   * @return what was erased
   */
  public Erasure eraseValues(long sequence, byte[] key, List<String> names, EraseReason reason, String reference, TimeClaim time) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("record", sequence);
    request.put("names", Objects.requireNonNull(names, "names"));
    return new Erasure(Native.ledgerEraseWithKey(ledger.handle(), LedgerPrivacy.request(request, reason, reference, time), key));
  }

  /**
   * Puts another wrapped form of the same key in place, for a host that moves to another wrapping key.
   *
   * @param sequence where the record is
   * @param wrapped the new form
   */
  public void replace(long sequence, byte[] wrapped) {
    Native.ledgerReplaceWrappedKey(ledger.handle(), sequence, wrapped);
  }
}
