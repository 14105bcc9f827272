package io.yinzheng;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One thing that happened in a ledger: digests, numbers and words, never a value or a person. Which of them it has depends on
 * its {@link #kind()}; {@link #toJson()} has them all.
 */
public final class FeedItem extends Reply {
  FeedItem(Map<String, Object> said) {
    super(said);
  }

  private Optional<String> maybe(String name) {
    return Optional.ofNullable(text(name));
  }

  private OptionalLong maybeNumber(String name) {
    return get(name) == null ? OptionalLong.empty() : OptionalLong.of(number(name));
  }

  /**
   * What it was.
   *
   * @return {@link FeedKind#OTHER} also for what this version does not know
   */
  public FeedKind kind() {
    FeedKind kind = Word.of(FeedKind.class, text("kind"));
    return kind == null ? FeedKind.OTHER : kind;
  }

  /**
   * Where to go on once this item was dealt with.
   *
   * @return a cursor
   */
  public String next() {
    return text("next");
  }

  /**
   * The block that it is sealed in.
   *
   * @return its height
   */
  public long height() {
    return number("height");
  }

  /**
   * The entry.
   *
   * @return its sequence number, empty for a block
   */
  public OptionalLong sequence() {
    return maybeNumber("sequence");
  }

  /**
   * The hash of a block.
   *
   * @return 64 hex digits
   */
  public Optional<String> blockHash() {
    return maybe("block_hash");
  }

  /**
   * The digest of a block with its signature.
   *
   * @return 64 hex digits
   */
  public Optional<String> sealedDigest() {
    return maybe("sealed_digest");
  }

  /**
   * The record that was sealed, or that a further party signed.
   *
   * @return its digest, {@code sha256:…} or {@code sm3:…}
   */
  public Optional<String> digest() {
    return get("digest") == null ? maybe("record") : maybe("digest");
  }

  /**
   * The record number 存证编号 of a record that was sealed.
   *
   * @return {@code R-…}
   */
  public Optional<String> number() {
    return maybe("number");
  }

  /**
   * The preservation number 保全号 of its dossier.
   *
   * @return {@code D-…}
   */
  public Optional<String> preservationNumber() {
    return maybe("preservation_number");
  }

  /**
   * Its place in the dossier.
   *
   * @return from 0
   */
  public OptionalLong place() {
    return maybeNumber("place");
  }

  /**
   * Who signed the record, or whose key it is.
   *
   * @return a word of {@link Role}, of {@link KeyRole} for a key
   */
  public Optional<String> role() {
    return get("role") == null ? maybe("signed_by") : maybe("role");
  }

  /**
   * What was done with a key, or with a hold.
   *
   * @return a word, such as {@code enrol} or {@code set}
   */
  public Optional<String> action() {
    return maybe("action");
  }

  /**
   * The key.
   *
   * @return the digest of its entry, 64 hex digits
   */
  public Optional<String> kid() {
    return maybe("kid");
  }

  /**
   * Records of an erasure or a hold.
   *
   * @return their digests
   */
  public List<String> records() {
    return get("records") == null ? Collections.<String>emptyList() : texts("records");
  }

  /**
   * What happened to the ledger itself.
   *
   * @return a word, such as {@code closed}
   */
  public Optional<String> event() {
    return maybe("event");
  }

  /**
   * The other ledger whose head was seen.
   *
   * @return {@code sha256:…} or {@code sm3:…}
   */
  public Optional<String> ledgerId() {
    return maybe("ledger_id");
  }

  /**
   * The height of that head.
   *
   * @return a height
   */
  public OptionalLong ofHeight() {
    return maybeNumber("of_height");
  }

  @Override
  public String toString() {
    return "FeedItem " + kind() + " at " + next();
  }
}
