package io.yinzheng;

/** What happened in a ledger. */
public enum FeedKind implements Word {
  /** A block was sealed, after all of its entries: what an authority stamps and a notary countersigns. */
  BLOCK("block"),

  /** A record was sealed. */
  RECORD("record"),

  /** A further party signed a record. */
  SIGNED("signed"),

  /** A key came in, was replaced, or ended. */
  KEY("key"),

  /** Values were erased: whoever got them erases them too. */
  ERASED("erased"),

  /** A hold was set or lifted, or disclosure restricted. */
  HOLD("hold"),

  /** Something happened to the ledger itself. */
  EVENT("event"),

  /** Another ledger's head was seen. */
  OBSERVED_HEAD("observed-head"),

  /** The beginning, a renewal, or what this version does not know. */
  OTHER("other");

  private final String word;

  FeedKind(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
