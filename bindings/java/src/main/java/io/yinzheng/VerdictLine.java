package io.yinzheng;

import java.util.Map;

/** One check on one thing. */
public final class VerdictLine extends Reply {
  VerdictLine(byte[] json) {
    super(json);
  }

  VerdictLine(Map<String, Object> said) {
    super(said);
  }

  /**
   * The head of the courts that it stands under.
   *
   * @return {@code authenticity} 真实性, {@code relevance} 关联性 or {@code lawfulness} 合法性
   */
  public String head() {
    return text("head");
  }

  /**
   * The id of the check, listed in docs/verdicts.md.
   *
   * @return such as {@code block.signature}
   */
  public String check() {
    return text("check");
  }

  /**
   * What it is about.
   *
   * @return a record number, a preservation number, {@code ledger:…}, {@code block:…}, …
   */
  public String subject() {
    return text("subject");
  }

  /**
   * The outcome in detail.
   *
   * @return the status in small letters, after a dot a reason where there are several
   */
  public String reason() {
    return text("outcome");
  }

  /**
   * How it came out.
   *
   * @return the outcome
   */
  public Outcome outcome() {
    return Word.of(Outcome.class, text("status"));
  }

  /**
   * What the line says.
   *
   * @param language Chinese or English
   * @return a sentence
   */
  public String says(Language language) {
    return (String) part("says").get(language.word());
  }

  /**
   * What it does not say.
   *
   * @param language Chinese or English
   * @return a sentence
   */
  public String saysNot(Language language) {
    return (String) part("says_not").get(language.word());
  }
}
