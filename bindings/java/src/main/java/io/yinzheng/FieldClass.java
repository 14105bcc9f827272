package io.yinzheng;

/** How sensitive a field is, JR/T 0171. C3 is refused and never kept. */
public enum FieldClass implements Word {
  /** Internal. */
  C1("C1"),

  /** Personal, financial. */
  C2("C2");

  private final String word;

  FieldClass(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
