package io.yinzheng;

/** The first two entries of a ledger that the host keeps itself. */
public final class Genesis {
  private final byte[][] given;

  private Genesis(byte[][] given) {
    this.given = given;
  }

  /**
   * Makes them.
   *
   * @param ledger what the ledger is made of
   * @return the entries
   */
  public static Genesis of(LedgerCreator ledger) {
    return new Genesis(Native.genesisMake(Json.write(ledger.request())));
  }

  /**
   * Entry 0.
   *
   * @return a copy
   */
  public byte[] genesis() {
    return given[0].clone();
  }

  /**
   * Entry 1, the <em>opened</em> event.
   *
   * @return a copy
   */
  public byte[] opened() {
    return given[1].clone();
  }

  /**
   * The id of the ledger.
   *
   * @return {@code sha256:…} or {@code sm3:…}
   */
  public String ledgerId() {
    return (String) Json.object(given[2]).get("ledger_id");
  }
}
