package io.yinzheng;

/** How a record leans on another. */
public enum Relation implements Word {
  /** Any other record, also in another ledger. */
  REFERENCE("reference"),

  /** The consent that this record relies on. */
  CONSENT("consent"),

  /** Evidence that belongs to this record. */
  EVIDENCE("evidence");

  private final String word;

  Relation(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
