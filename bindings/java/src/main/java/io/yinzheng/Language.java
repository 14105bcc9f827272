package io.yinzheng;

/** A language for texts that people read. */
public enum Language implements Word {
  /** Chinese. */
  ZH("zh"),

  /** English. */
  EN("en");

  private final String word;

  Language(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
