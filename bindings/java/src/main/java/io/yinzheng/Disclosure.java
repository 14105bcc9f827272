package io.yinzheng;

import java.util.Map;

/** A value of a record, for the host itself. {@link #disclosure()} shows it to whoever gets it. */
public final class Disclosure extends Reply {
  Disclosure(byte[] json) {
    super(json);
  }

  Disclosure(Map<String, Object> said) {
    super(said);
  }

  /**
   * The public name of the field.
   *
   * @return a name
   */
  public String name() {
    return text("name");
  }

  /**
   * The value in the format.
   *
   * @return its canonical bytes in hex
   */
  public String hex() {
    return text("hex");
  }

  /**
   * The value as people read it, in Chinese.
   *
   * @return text
   */
  public String zh() {
    return text("zh");
  }

  /**
   * The value as people read it, in English.
   *
   * @return text
   */
  public String en() {
    return text("en");
  }

  /**
   * Salt, value and name: what opens the commitment.
   *
   * @return hex, for {@link Proofs#disclose}
   */
  public String disclosure() {
    return text("disclosure");
  }
}
