package io.yinzheng;

import java.util.Map;

/** A block that is sealed. Mirror height and block hash where a copy of the store does not reach. */
public final class Sealed extends Reply {
  Sealed(byte[] json) {
    super(json);
  }

  Sealed(Map<String, Object> said) {
    super(said);
  }

  /**
   * Its height.
   *
   * @return from 0
   */
  public long height() {
    return number("height");
  }

  /**
   * The identity of the chain up to here.
   *
   * @return 64 hex digits
   */
  public String blockHash() {
    return text("block_hash");
  }

  /**
   * What outsiders stamp and countersign.
   *
   * @return 64 hex digits
   */
  public String sealedDigest() {
    return text("sealed_digest");
  }

  /**
   * The first entry in it.
   *
   * @return a sequence number
   */
  public long firstSequence() {
    return number("first_sequence");
  }

  /**
   * How many entries it has, without the link.
   *
   * @return a count
   */
  public long entries() {
    return number("entries");
  }
}
