package io.yinzheng;

/** How far a record has come from its sealer's own word 证据等级. */
public enum Grade implements Word {
  /** 自证: nothing but the ledger's own seal. */
  SELF("self"),

  /** 对方签署: the other side signed. */
  COUNTERSIGNED_BY_PARTY("countersigned-by-party"),

  /** 他证: somebody in your policy saw it. */
  WITNESSED("witnessed"),

  /** 公证: a notary in your policy saw it. */
  NOTARISED("notarised");

  private final String word;

  Grade(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
