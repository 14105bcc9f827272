package io.yinzheng;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A verdict 核验结论: a list of checks, each with its outcome, and never just "valid". The same evidence, policy and time give
 * the same bytes of {@link #toJson()} everywhere. docs/verdicts.md lists the checks.
 */
public final class Verdict extends Reply {
  Verdict(byte[] json) {
    super(json);
  }

  /**
   * Makes a page of this verdict, for people who decide. The same verdict and request give the same bytes.
   *
   * @param request which page
   * @return HTML, or for {@link PaperRequest#table} CSV
   * @throws YinzhengException {@link ErrorCode#NOT_FOUND}, {@link ErrorCode#DIGEST_MISMATCH}: see {@link PaperRequest}
   */
  public String paper(PaperRequest request) {
    return Texts.string(Native.verdictPaper(Texts.utf8(toJson()), Json.write(request.request())));
  }

  /**
   * Every check.
   *
   * @return in the order of the verdict
   */
  public List<VerdictLine> lines() {
    return each(objects("lines"), VerdictLine::new);
  }

  /**
   * The checks that came out in one way.
   *
   * @param outcome which
   * @return in the order of the verdict
   */
  public List<VerdictLine> lines(Outcome outcome) {
    Objects.requireNonNull(outcome, "outcome");
    List<VerdictLine> out = new ArrayList<>();
    for (VerdictLine line : lines()) {
      if (line.outcome() == outcome) {
        out.add(line);
      }
    }
    return Collections.unmodifiableList(out);
  }

  /**
   * How many checks came out in one way.
   *
   * @param outcome which
   * @return a count
   */
  public int count(Outcome outcome) {
    int count = 0;
    for (Map<String, Object> line : objects("lines")) {
      if (outcome.word().equals(line.get("status"))) {
        count++;
      }
    }
    return count;
  }

  /**
   * Whether anything shown contradicts itself or what it was sealed as. That nothing does is not that all is proven.
   *
   * @return true when at least one check is {@link Outcome#CONTRADICTED}
   */
  public boolean contradicted() {
    return count(Outcome.CONTRADICTED) > 0;
  }

  /**
   * The ids of the sentences of {@link #summary}: {@code unreadable}, or {@code contradicted} where anything is, then one of
   * {@code integrity-only}, {@code origin-in-part} and {@code origin-checked}, then counts.
   *
   * @return in the order of the verdict; docs/verdicts.md says what each means
   */
  public List<String> summaryIds() {
    List<String> out = new ArrayList<>();
    for (Map<String, Object> line : objects("summary")) {
      out.add((String) line.get("id"));
    }
    return Collections.unmodifiableList(out);
  }

  /**
   * Whether what was shown cannot be read at all.
   *
   * @return true when it cannot
   */
  public boolean unreadable() {
    return summaryIds().contains("unreadable");
  }

  /**
   * Whether the origin of every ledger shown is known from the policy. Without this a whole forged ledger looks the same.
   *
   * @return true when it is
   */
  public boolean originProven() {
    return summaryIds().contains("origin-checked");
  }

  /**
   * Whether the policy knows some of the ledgers shown, and others not.
   *
   * @return true when it does
   */
  public boolean originInPart() {
    return summaryIds().contains("origin-in-part");
  }

  /**
   * Sentences about the whole; the first one says what was checked at all.
   *
   * @param language Chinese or English
   * @return the sentences
   */
  public List<String> summary(Language language) {
    List<String> out = new ArrayList<>();
    for (Map<String, Object> line : objects("summary")) {
      out.add((String) line.get(language.word()));
    }
    return Collections.unmodifiableList(out);
  }

  /**
   * The records shown.
   *
   * @return in the order of the proof
   */
  public List<RecordVerdict> records() {
    return each(objects("records"), RecordVerdict::new);
  }

  /** Counts, without anything that was shown. */
  @Override
  public String toString() {
    return "Verdict: " + count(Outcome.PROVEN) + " proven, " + count(Outcome.CONTRADICTED) + " contradicted, "
        + count(Outcome.NOT_PROVEN) + " not proven, " + count(Outcome.NOT_CHECKED) + " not checked";
  }
}
