package io.yinzheng;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How a ledger stands. */
public final class LedgerStatus extends Reply {
  LedgerStatus(byte[] json) {
    super(json);
  }

  LedgerStatus(Map<String, Object> said) {
    super(said);
  }

  /**
   * Which ledger.
   *
   * @return {@code sha256:…} or {@code sm3:…}
   */
  public String ledgerId() {
    return text("ledger_id");
  }

  /**
   * Its hash.
   *
   * @return {@code SHA-256} or {@code SM3}
   */
  public String hash() {
    return text("hash");
  }

  /**
   * Sealed blocks.
   *
   * @return a count
   */
  public long blocks() {
    return number("blocks");
  }

  /**
   * All entries.
   *
   * @return a count
   */
  public long entries() {
    return number("entries");
  }

  /**
   * Entries that wait for a block: until then only your own word.
   *
   * @return a count
   */
  public long unsealed() {
    return number("unsealed");
  }

  /**
   * Since when the oldest of them waits.
   *
   * @return milliseconds since 1970, empty when none does
   */
  public OptionalLong oldestUnsealedMs() {
    return get("oldest_unsealed_ms") == null ? OptionalLong.empty() : OptionalLong.of(number("oldest_unsealed_ms"));
  }

  /**
   * Whether a block waits for its signature.
   *
   * @return true or false
   */
  public boolean pending() {
    return flag("pending");
  }

  /**
   * Records that wait for a signature of a party.
   *
   * @return a count
   */
  public long held() {
    return number("held");
  }

  /**
   * Whether the ledger has ended.
   *
   * @return true or false
   */
  public boolean closed() {
    return flag("closed");
  }

  /**
   * The last signed block.
   *
   * @return empty before block 0 is sealed
   */
  public Optional<Head> head() {
    return Optional.ofNullable(part("head")).map(Head::new);
  }
}
