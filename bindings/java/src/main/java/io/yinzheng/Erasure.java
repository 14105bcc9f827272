package io.yinzheng;

import java.util.List;
import java.util.Map;

/** What was erased. Every proof made before still verifies. */
public final class Erasure extends Reply {
  Erasure(byte[] json) {
    super(json);
  }

  Erasure(Map<String, Object> said) {
    super(said);
  }

  /**
   * The records concerned.
   *
   * @return their digests
   */
  public List<String> records() {
    return texts("records");
  }

  /**
   * The tombstones that were appended.
   *
   * @return their sequence numbers
   */
  @SuppressWarnings("unchecked")
  public List<Long> tombstones() {
    return (List<Long>) get("tombstones");
  }
}
