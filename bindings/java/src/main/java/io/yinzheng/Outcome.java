package io.yinzheng;

/** How a check came out. There is no single "valid". */
public enum Outcome implements Word {
  /** 已证实: what the line says was shown. */
  PROVEN("PROVEN"),

  /** 相矛盾: what is shown contradicts itself, or what it was sealed as. */
  CONTRADICTED("CONTRADICTED"),

  /** 未证实: what is shown does not suffice. */
  NOT_PROVEN("NOT_PROVEN"),

  /** 未核验: nothing to look at, or this version does not look. */
  NOT_CHECKED("NOT_CHECKED");

  private final String word;

  Outcome(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
