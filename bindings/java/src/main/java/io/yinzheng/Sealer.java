package io.yinzheng;

import java.time.Instant;

/**
 * Detached sealing: the host keeps entries, blocks and head in its own database, and asks the library for the rules only.
 *
 * <p>A sealer has the head and the entries that are to go into the next block. The order of things: {@link #open},
 * {@link #add} for each entry, {@link #prepare}; store the draft; sign; {@link #finish}; store block and new head in one
 * transaction that compares the head row with the head given to {@link #open}. After a crash the same head, entries and draft
 * go on from there. Once its draft was stored, a block is the only one ever offered at its height.
 */
public final class Sealer extends Resource {
  private Sealer(long handle) {
    super(handle);
  }

  /**
   * A sealer after a head.
   *
   * @param head the head, or null before block 0
   * @return a sealer, to be closed
   */
  public static Sealer open(byte[] head) {
    return new Sealer(Native.sealerOpen(head == null ? new byte[0] : head));
  }

  /**
   * Adds the next entry: genesis first where there is no head, never a link.
   *
   * @param entry its exact bytes
   * @return this
   */
  public Sealer add(byte[] entry) {
    Native.sealerAdd(handle(), entry);
    return this;
  }

  /**
   * Fixes the block over the added entries.
   *
   * @param begunAt goes into the block as the declared time of its beginning
   * @return the draft to store, and what the ledger key must sign
   */
  public Draft prepare(Instant begunAt) {
    return Draft.of(Native.sealerPrepare(handle(), begunAt.getEpochSecond()));
  }

  /**
   * Takes the signature over a draft, verifies it, and seals: also in another process, given the same head and entries.
   *
   * @param draft {@link Draft#bytes()}
   * @param signature 64 bytes, or DER
   * @return block and new head, for the host to keep
   */
  public SealedBlock finish(byte[] draft, byte[] signature) {
    return new SealedBlock(Native.sealerFinish(handle(), draft, signature));
  }

  /**
   * The receipt 回执 of an entry of a block that this sealer's head and entries lead to.
   *
   * @param block {@link SealedBlock#block()}
   * @param leaf entry number n that was added is leaf n + 1, in block 0 leaf n
   * @return the receipt, RFC 9942
   */
  public byte[] receipt(byte[] block, long leaf) {
    return Native.sealerReceipt(handle(), block, leaf);
  }

  /**
   * The path of an older block in the history: what a proof needs for every block that it shows besides the newest.
   *
   * @param hash of the ledger
   * @param leaves {@link SealedBlock#historyLeaf()} of each block below the newest, one after the other
   * @param height of the older block
   * @return the path, 32 bytes a node
   */
  public static byte[] historyPath(HashAlgorithm hash, byte[] leaves, long height) {
    return Native.historyPath(Texts.utf8(hash.word()), leaves, height);
  }
}
