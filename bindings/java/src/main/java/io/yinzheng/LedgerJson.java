package io.yinzheng;

/**
 * The JSON door of a ledger, for hosts that have JSON already: requests and replies as the library's {@code docs/ffi.md}
 * describes them, in UTF-8. What is sealed (entries, receipts, proofs) comes as its exact bytes. For any number of threads.
 */
public final class LedgerJson {
  private final Ledger ledger;

  LedgerJson(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Appends a record; see {@link Ledger#append}.
   *
   * @param request one record
   * @return the reply
   */
  public byte[] append(byte[] request) {
    return Native.ledgerAppend(ledger.handle(), request);
  }

  /**
   * Appends records in one durable step, all of them or none.
   *
   * @param requests an array of records
   * @return an array of replies
   */
  public byte[] appendMany(byte[] requests) {
    return Native.ledgerAppendMany(ledger.handle(), requests);
  }

  /**
   * The records that wait for a signature.
   *
   * @return an array, each with {@code to_be_signed} in hex
   */
  public byte[] held() {
    return Native.ledgerHeld(ledger.handle());
  }

  /**
   * How the ledger stands.
   *
   * @return counts and head
   */
  public byte[] status() {
    return Native.ledgerStatus(ledger.handle());
  }

  /**
   * The state after the last block: for countersignatures, and to go on with detached sealing.
   *
   * @return CBOR, not JSON
   */
  public byte[] headState() {
    return Native.ledgerHeadState(ledger.handle());
  }

  /**
   * An entry.
   *
   * @param sequence where it is
   * @return its exact bytes, CBOR
   */
  public byte[] entry(long sequence) {
    return Native.ledgerEntry(ledger.handle(), sequence);
  }

  /**
   * The receipt of a sealed entry.
   *
   * @param sequence where the entry is
   * @return the receipt 回执, RFC 9942
   */
  public byte[] receipt(long sequence) {
    return Native.ledgerReceipt(ledger.handle(), sequence);
  }

  /**
   * Entries, as {@link Checks#inspect} tells them.
   *
   * @param first a sequence number
   * @param count at most 10,000
   * @return an array, each with {@code sequence} and {@code height}
   */
  public byte[] list(long first, long count) {
    return Native.ledgerList(ledger.handle(), first, count);
  }

  /**
   * What a number leads to.
   *
   * @param number a preservation number 保全号 or record number 存证编号
   * @return {@code {"kind":"dossier"|"record", …}}
   */
  public byte[] find(String number) {
    return Native.ledgerFind(ledger.handle(), Texts.utf8(number));
  }

  /**
   * Checks everything that is stored.
   *
   * @return counts and {@code problems}
   */
  public byte[] check() {
    return Native.ledgerCheck(ledger.handle());
  }

  /**
   * Makes a proof.
   *
   * @param request {@code {"dossier"|"sequences", "disclose", "head"}}
   * @return the proof, CBOR
   */
  public byte[] prove(byte[] request) {
    return Native.ledgerProve(ledger.handle(), request);
  }

  /**
   * A proof that one block is an ancestor of another.
   *
   * @param older height of a block
   * @param newer height of a later one
   * @return CBOR
   */
  public byte[] consistency(long older, long newer) {
    return Native.ledgerConsistency(ledger.handle(), older, newer);
  }

  /**
   * Appends what happened to the ledger itself.
   *
   * @param request {@code {"kind":"closed|clock|restored|damage|observed-head", …}}
   * @return its sequence number
   */
  public long note(byte[] request) {
    return Native.ledgerNote(ledger.handle(), request);
  }

  /**
   * Keeps a word from outside beside a block or an entry, so that proofs carry it.
   *
   * @param request {@code {"height"|"sequence", "kind", "bytes"|"receipt"}}
   */
  public void attach(byte[] request) {
    Native.ledgerAttach(ledger.handle(), request);
  }

  /**
   * What was sealed from a cursor on; see {@link Ledger#feed}.
   *
   * @param cursor where to go on, or empty for the beginning
   * @param limit at most 10,000
   * @return {@code {"items":[{"next","height","sequence","kind", …}],"next"}}
   */
  public byte[] feed(String cursor, long limit) {
    return Native.ledgerFeed(ledger.handle(), Texts.utf8(cursor), limit);
  }

  /**
   * Asks for a timestamp; see {@link LedgerTimestamps}.
   *
   * @param request {@code {"height"|"sequence", "hash"}}
   * @return {@code TimeStampReq}, DER
   */
  public byte[] timestampRequest(byte[] request) {
    return Native.ledgerTimestampRequest(ledger.handle(), request);
  }

  /**
   * Takes the authority's answer; see {@link LedgerTimestamps}.
   *
   * @param request {@code {"height"|"sequence", "policy"}}
   * @param query what {@link #timestampRequest} gave
   * @param response {@code TimeStampResp}, DER
   * @return {@code {"time_ms","accuracy_ms","serial","policy","hash","imprint","token"}}
   */
  public byte[] timestampAttach(byte[] request, byte[] query, byte[] response) {
    return Native.ledgerTimestampAttach(ledger.handle(), request, query, response);
  }

  /**
   * Ends a key.
   *
   * @param request {@code {"role","previous","reason","effective_ms"}}
   * @return the entry's sequence number
   */
  public long keyRevoke(byte[] request) {
    return Native.ledgerKeyRevoke(ledger.handle(), request);
  }

  /**
   * The ledger keys, epoch by epoch.
   *
   * @return an array
   */
  public byte[] keys() {
    return Native.ledgerKeys(ledger.handle());
  }

  /**
   * Erases values.
   *
   * @param request {@code {"records"|"record","names"|"dossier", "reason", "reference"}}
   * @return {@code {"tombstones","records","names"}}
   */
  public byte[] erase(byte[] request) {
    return Native.ledgerErase(ledger.handle(), request);
  }

  /**
   * Suspends erasure, restricts disclosure, or ends both.
   *
   * @param request {@code {"action","records","reason","reference"}}
   * @return the entry's sequence number
   */
  public long hold(byte[] request) {
    return Native.ledgerHold(ledger.handle(), request);
  }

  /**
   * Values whose time to keep is over, and those without one.
   *
   * @param request {@code {"dossier","now_ms", …}}
   * @return an array
   */
  public byte[] retention(byte[] request) {
    return Native.ledgerRetention(ledger.handle(), request);
  }

  /**
   * Gives a record its place in a dossier, and the bytes that a party must sign.
   *
   * @param request one record, with {@code "signer":{"key","role", …}}
   * @return what is to be signed
   */
  public HeldRecord holdForSignature(byte[] request) {
    return new HeldRecord(ToSign.of(Native.ledgerHoldForSignature(ledger.handle(), request)));
  }

  /**
   * A block.
   *
   * @param height its height
   * @return its sealed bytes, and what it claims as JSON
   */
  public byte[][] block(long height) {
    return Native.ledgerBlock(ledger.handle(), height);
  }
}
