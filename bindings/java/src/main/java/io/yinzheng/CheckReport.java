package io.yinzheng;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What a check of everything that is stored found. */
public final class CheckReport extends Reply {
  CheckReport(byte[] json) {
    super(json);
  }

  CheckReport(Map<String, Object> said) {
    super(said);
  }

  /**
   * Blocks read.
   *
   * @return a count
   */
  public long blocks() {
    return number("blocks");
  }

  /**
   * Entries read.
   *
   * @return a count
   */
  public long entries() {
    return number("entries");
  }

  /**
   * Values opened.
   *
   * @return a count
   */
  public long values() {
    return number("values");
  }

  /**
   * What is wrong.
   *
   * @return one sentence each; empty when everything is as it was sealed
   */
  public List<String> problems() {
    List<String> out = new ArrayList<>();
    for (Map<String, Object> problem : objects("problems")) {
      out.add((String) problem.get("message"));
    }
    return Collections.unmodifiableList(out);
  }
}
