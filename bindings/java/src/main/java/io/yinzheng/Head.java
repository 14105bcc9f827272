package io.yinzheng;

import java.util.Map;

/** The last signed block, for a mirror that the host keeps elsewhere: see {@link LedgerOpener#expectedHead(Head)}. */
public final class Head extends Reply {
  Head(byte[] json) {
    super(json);
  }

  Head(Map<String, Object> said) {
    super(said);
  }

  /**
   * Which ledger.
   *
   * @return {@code sha256:…} or {@code sm3:…}
   */
  public String ledgerId() {
    return text("ledger_id");
  }

  /**
   * Height of the block.
   *
   * @return from 0
   */
  public long height() {
    return number("height");
  }

  /**
   * Its hash.
   *
   * @return 64 hex digits
   */
  public String blockHash() {
    return text("block_hash");
  }

  /**
   * The digest of its sealed bytes.
   *
   * @return 64 hex digits
   */
  public String sealedDigest() {
    return text("sealed_digest");
  }

  /**
   * The sequence number of the next entry.
   *
   * @return a number
   */
  public long nextSequence() {
    return number("next_sequence");
  }

  /**
   * A head that the host kept as JSON.
   *
   * @param json what {@link #toJson()} gave
   * @return the head
   * @throws YinzhengException {@link ErrorCode#INVALID_ARGUMENT} for anything else
   */
  public static Head ofJson(String json) {
    Head head = new Head(Texts.utf8(json));
    for (String name : new String[] {"ledger_id", "block_hash", "sealed_digest"}) {
      head.must(name, String.class);
    }
    head.must("height", Long.class);
    head.must("next_sequence", Long.class);
    return head;
  }

  private void must(String name, Class<?> type) {
    if (!type.isInstance(get(name))) {
      throw new YinzhengException(ErrorCode.INVALID_ARGUMENT, "a stored head has no " + name, null);
    }
  }
}
