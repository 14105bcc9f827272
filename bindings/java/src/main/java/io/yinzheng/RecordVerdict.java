package io.yinzheng;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a verdict says of one record. */
public final class RecordVerdict extends Reply {
  RecordVerdict(byte[] json) {
    super(json);
  }

  RecordVerdict(Map<String, Object> said) {
    super(said);
  }

  /**
   * Record number 存证编号.
   *
   * @return {@code R-…}
   */
  public String number() {
    return text("number");
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
   * Preservation number 保全号 of its dossier.
   *
   * @return {@code D-…}
   */
  public String preservationNumber() {
    return text("dossier");
  }

  /**
   * Its place in the dossier, within its ledger.
   *
   * @return from 0
   */
  public long place() {
    return number("place");
  }

  /**
   * The id of its profile.
   *
   * @return such as {@code loan.disbursement}
   */
  public String profile() {
    return text("profile");
  }

  /**
   * Whether it is proven to be in a signed block.
   *
   * @return the outcome
   */
  public Outcome sealed() {
    return Word.of(Outcome.class, text("sealed"));
  }

  /**
   * How far it has come from its sealer's own word.
   *
   * @return the grade
   */
  public Grade grade() {
    return Word.of(Grade.class, text("grade"));
  }

  /**
   * The values shown, as people read them.
   *
   * @param language Chinese or English
   * @return by the public name of the field
   */
  public Map<String, String> values(Language language) {
    Map<String, String> out = new LinkedHashMap<>();
    for (Map<String, Object> field : objects("fields")) {
      Map<?, ?> value = (Map<?, ?>) field.get("value");
      if (value != null) {
        out.put((String) field.get("name"), (String) value.get(language.word()));
      }
    }
    return Collections.unmodifiableMap(out);
  }
}
