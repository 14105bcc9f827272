package io.yinzheng;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** How a ledger is opened; see {@link Ledger#opening}. Not for several threads at once. */
public final class LedgerOpener {
  private final Path file;
  private final Map<String, Object> request = new LinkedHashMap<>();
  private byte[] vaultKey = new byte[0];
  private boolean wiped;

  LedgerOpener(Path file) {
    this.file = Objects.requireNonNull(file, "file");
  }

  /**
   * The key of its values; without it they stay closed and no records are appended.
   *
   * @param key copied, and the copy is wiped by {@link #open()}, whether that succeeds or not
   * @return this
   */
  public LedgerOpener vaultKey(byte[] key) {
    byte[] copy = key.clone();
    Texts.wipe(vaultKey);
    vaultKey = copy;
    wiped = false;
    return this;
  }

  /**
   * The last block that the host knows of, from a mirror kept elsewhere: a store that is older, or another, is refused with
   * {@link ErrorCode#HEAD_MISMATCH}.
   *
   * @param height its height
   * @param blockHash its hash, 64 hex digits
   * @return this
   */
  public LedgerOpener expectedHead(long height, String blockHash) {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("height", height);
    head.put("block_hash", Objects.requireNonNull(blockHash, "blockHash"));
    request.put("expected_head", head);
    return this;
  }

  /**
   * The same.
   *
   * @param head what {@link Ledger#head()} gave
   * @return this
   */
  public LedgerOpener expectedHead(Head head) {
    return expectedHead(head.height(), head.blockHash());
  }

  /**
   * Opens it for reading only: beside the process that writes, or a replica.
   *
   * @return this
   */
  public LedgerOpener readOnly() {
    request.put("read_only", true);
    return this;
  }

  /**
   * The ledger was made with {@link LedgerCreator#wrappedByHost()}.
   *
   * @return this
   */
  public LedgerOpener wrappedByHost() {
    request.put("wrapped_by_host", true);
    return this;
  }

  /**
   * How many records one append takes (1 to 1,000,000; 100,000 otherwise), and how many entries may wait for a block before records are
   * refused with {@link ErrorCode#LIMIT_EXCEEDED} (10,000,000 otherwise). Until the ledger is closed; not kept.
   *
   * @param appendRecords records in one append
   * @param waitingEntries entries that wait
   * @return this
   */
  public LedgerOpener limits(int appendRecords, long waitingEntries) {
    request.put("limits", LedgerCreator.limitsOf(appendRecords, waitingEntries));
    return this;
  }

  /**
   * What time it is; without it the system's clock is read.
   *
   * @param time the claim
   * @return this
   */
  public LedgerOpener now(TimeClaim time) {
    request.put("now", time.request());
    return this;
  }

  /**
   * Where it runs now, as the sealer declares it. A change since the last time is sealed as an event.
   *
   * @param system operating system
   * @param device machine or phone
   * @return this
   */
  public LedgerOpener environment(String system, String device) {
    Map<String, Object> environment = new LinkedHashMap<>();
    environment.put("system", Objects.requireNonNull(system, "system"));
    environment.put("device", Objects.requireNonNull(device, "device"));
    request.put("environment", environment);
    return this;
  }

  /**
   * Opens it. Where a vault key was given, that is wiped now: to try again, give it again with {@link #vaultKey}.
   *
   * @return the ledger, to be closed
   * @throws YinzhengException also {@link ErrorCode#INVALID_ARGUMENT} the second time, when the key is not given again
   */
  public Ledger open() {
    if (wiped) {
      throw new YinzhengException(
          ErrorCode.INVALID_ARGUMENT, "the vault key was wiped when this ledger was opened before; give it again", null);
    }
    wiped = vaultKey.length > 0;
    try {
      return new Ledger(Native.ledgerOpen(Texts.utf8(file), vaultKey, Json.write(request)));
    } finally {
      Texts.wipe(vaultKey);
      vaultKey = new byte[0];
    }
  }
}
