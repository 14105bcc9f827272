package io.yinzheng;

import java.util.Map;

/** A block of detached sealing, for the host to keep. */
public final class SealedBlock {
  private final byte[] block;
  private final byte[] head;
  private final byte[] info;
  private final Map<String, Object> said;

  SealedBlock(byte[][] given) {
    block = given[0];
    head = given[1];
    info = given[2];
    said = Json.object(info);
  }

  /**
   * The block.
   *
   * @return its sealed bytes, a copy
   */
  public byte[] block() {
    return block.clone();
  }

  /**
   * The head after it.
   *
   * @return for the next {@link Sealer#open}, a copy
   */
  public byte[] head() {
    return head.clone();
  }

  /**
   * Its height.
   *
   * @return from 0
   */
  public long height() {
    return (Long) said.get("height");
  }

  /**
   * The sequence number of its first entry.
   *
   * @return a number
   */
  public long firstSequence() {
    return (Long) said.get("first_sequence");
  }

  /**
   * Its leaf in the history of later blocks.
   *
   * @return 32 bytes, for {@link Sealer#historyPath}
   */
  public byte[] historyLeaf() {
    return Texts.unhex((String) said.get("history_leaf"));
  }

  /**
   * Everything about it.
   *
   * @return JSON: {@code {"height","block_hash","sealed_digest","first_sequence","entries","history_leaf"}}
   */
  public String infoJson() {
    return Texts.string(info);
  }
}
