package io.yinzheng;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A record that is durable, and will be in the next block. */
public final class Appended extends Reply {
  Appended(byte[] json) {
    super(json);
  }

  Appended(Map<String, Object> said) {
    super(said);
  }

  /**
   * Its number in the ledger.
   *
   * @return from 0 (genesis)
   */
  public long sequence() {
    return number("sequence");
  }

  /**
   * Its digest.
   *
   * @return {@code sha256:…} or {@code sm3:…}
   */
  public String digest() {
    return text("digest");
  }

  /**
   * The record number 存证编号: its name for people.
   *
   * @return {@code R-…}
   */
  public String number() {
    return text("number");
  }

  /**
   * The id of its dossier.
   *
   * @return 32 hex digits
   */
  public String dossier() {
    return text("dossier");
  }

  /**
   * The preservation number 保全号: the name of its dossier for people.
   *
   * @return {@code D-…}
   */
  public String preservationNumber() {
    return text("preservation_number");
  }

  /**
   * Its place in the dossier.
   *
   * @return from 0
   */
  public long place() {
    return number("place");
  }

  /**
   * Whether it had been appended before under the same business id.
   *
   * @return true when nothing was added now
   */
  public boolean replayed() {
    return flag("replayed");
  }

  /**
   * Fields of the profile that the message did not have.
   *
   * @return their names; empty after a signature
   */
  public List<String> missing() {
    return get("missing") == null ? Collections.<String>emptyList() : texts("missing");
  }

  /**
   * What was odd about captured values. It is sealed with them and stops nothing.
   *
   * @return numbers of findings, by the name of the field
   */
  @SuppressWarnings("unchecked")
  public Map<String, List<Long>> findings() {
    Map<String, List<Long>> out = new LinkedHashMap<>();
    for (Map<String, Object> one : objects("findings")) {
      out.put((String) one.get("name"), (List<Long>) one.get("findings"));
    }
    return Collections.unmodifiableMap(out);
  }

  /** The record number, which is no secret. */
  @Override
  public String toString() {
    return "Appended " + number() + " at " + sequence();
  }
}
