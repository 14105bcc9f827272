package io.yinzheng;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a new ledger is made of; see {@link Ledger#creating}. Not for several threads at once. */
public final class LedgerCreator {
  private final Map<String, Object> request = new LinkedHashMap<>();
  private final Map<String, Object> environment = new LinkedHashMap<>();

  LedgerCreator(HashAlgorithm hash, VerifyKey key, Custody custody) {
    request.put("hash", Objects.requireNonNull(hash, "hash"));
    request.put("key", key.request());
    request.put("custody", Objects.requireNonNull(custody, "custody"));
    request.put("organisation", "");
  }

  private LedgerCreator put(String name, Object value) {
    request.put(name, Objects.requireNonNull(value, name));
    return this;
  }

  /**
   * The organisation that seals, as it calls itself.
   *
   * @param name such as {@code 示例银行}
   * @return this
   */
  public LedgerCreator organisation(String name) {
    return put("organisation", name);
  }

  /**
   * The certificate of the ledger key, and those above it.
   *
   * @param der each in DER
   * @return this
   */
  public LedgerCreator certificates(List<byte[]> der) {
    List<String> list = new ArrayList<>();
    for (byte[] one : der) {
      list.add(Texts.hex(one));
    }
    return put("certificates", list);
  }

  /**
   * Announces the next ledger key, which nobody can take over then without having it.
   *
   * @param digest thumbprint of that key, 64 hex digits
   * @return this
   */
  public LedgerCreator nextKey(String digest) {
    return put("next_key", digest);
  }

  /**
   * When it is made; without it the system's clock is read.
   *
   * @param time the claim
   * @return this
   */
  public LedgerCreator created(TimeClaim time) {
    return put("created", time.request());
  }

  /**
   * The ledger that it goes on from, when that one's store is gone and only its head is known. {@link #continueFrom} is for a store that
   * is still there.
   *
   * @param head the head that was known last
   * @param reason why
   * @return this
   */
  public LedgerCreator continues(Head head, ContinueReason reason) {
    // Digests that point outside their ledger are typed; those of a head are bare, and of its ledger's hash.
    String hash = head.ledgerId().substring(0, head.ledgerId().indexOf(':') + 1);
    Map<String, Object> other = new LinkedHashMap<>();
    other.put("ledger_id", head.ledgerId());
    other.put("height", head.height());
    other.put("block_hash", hash + head.blockHash());
    other.put("sealed_digest", hash + head.sealedDigest());
    other.put("reason", Objects.requireNonNull(reason, "reason"));
    return put("continues", other);
  }

  /**
   * Where it runs, as the sealer declares it.
   *
   * @param system operating system
   * @param device machine or phone
   * @return this
   */
  public LedgerCreator environment(String system, String device) {
    environment.put("system", Objects.requireNonNull(system, "system"));
    environment.put("device", Objects.requireNonNull(device, "device"));
    return put("environment", environment);
  }

  /**
   * The host's HSM wraps the key of every record, see {@link LedgerHostKeys}; the vault key then only keys the digests of
   * business ids.
   *
   * @return this
   */
  public LedgerCreator wrappedByHost() {
    return put("wrapped_by_host", true);
  }

  /**
   * How many records one append takes (1 to 1,000,000; 100,000 otherwise), and how many entries may wait for a block before records are
   * refused with {@link ErrorCode#LIMIT_EXCEEDED} (10,000,000 otherwise). Until the ledger is closed; not kept.
   *
   * @param appendRecords records in one append
   * @param waitingEntries entries that wait
   * @return this
   */
  public LedgerCreator limits(int appendRecords, long waitingEntries) {
    return put("limits", limitsOf(appendRecords, waitingEntries));
  }

  static Map<String, Object> limitsOf(int appendRecords, long waitingEntries) {
    Map<String, Object> limits = new LinkedHashMap<>();
    limits.put("append_records", appendRecords);
    limits.put("waiting_entries", waitingEntries);
    return limits;
  }

  Map<String, Object> request() {
    return request;
  }

  /**
   * Makes the ledger in a new file. Block 0 is sealed like every other.
   *
   * @param file must not be there yet
   * @param vaultKey what its values are encrypted with; copied, and the library's copy is wiped
   * @return the open ledger
   */
  public Ledger create(Path file, byte[] vaultKey) {
    return new Ledger(Native.ledgerCreate(Texts.utf8(file), vaultKey, Json.write(request)));
  }

  /**
   * Makes a ledger that nothing is left of when it is closed: for tests and demonstrations.
   *
   * @param vaultKey what its values are encrypted with
   * @return the open ledger
   */
  public Ledger createInMemory(byte[] vaultKey) {
    put("in_memory", true);
    return new Ledger(Native.ledgerCreate(new byte[0], vaultKey, Json.write(request)));
  }

  /**
   * Makes the ledger in a new file that goes on from another one, which ends. What that one never sealed is taken over, held
   * records too.
   *
   * @param old the ledger that ends, open for writing; it stays open
   * @param reason why
   * @param lastKnown a later head of the old ledger, where the host knows one after a restore, or null
   * @param file must not be there yet
   * @param vaultKey the old ledger's
   * @return the new ledger, and what was taken over
   */
  public Continued continueFrom(Ledger old, ContinueReason reason, Head lastKnown, Path file, byte[] vaultKey) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("reason", Objects.requireNonNull(reason, "reason"));
    all.put("create", request);
    if (lastKnown != null) {
      all.put("last_known", Json.object(Texts.utf8(lastKnown.toJson())));
    }
    byte[][] said = new byte[1][];
    long handle = Native.ledgerContinue(old.handle(), Texts.utf8(file), vaultKey, Json.write(all), said);
    return new Continued(new Ledger(handle), said[0]);
  }
}
