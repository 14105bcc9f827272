package io.yinzheng;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An open ledger 账本: business events go in, blocks are sealed, proofs come out.
 *
 * <p>Any number of threads may use one ledger; their calls take turns, except that threads which append at one time share a
 * sync of the disk. One process writes a ledger's file; a second one gets {@link ErrorCode#LOCKED}.
 */
public final class Ledger extends Resource {
  Ledger(long handle) {
    super(handle);
  }

  /**
   * Starts a new ledger.
   *
   * @param hash of every entry and block
   * @param key the key that will sign the blocks
   * @param custody where its secret half is kept
   * @return a builder
   */
  public static LedgerCreator creating(HashAlgorithm hash, VerifyKey key, Custody custody) {
    return new LedgerCreator(hash, key, custody);
  }

  /**
   * Opens a ledger's file.
   *
   * @param file the file
   * @return a builder
   */
  public static LedgerOpener opening(Path file) {
    return new LedgerOpener(file);
  }

  /**
   * The same ledger for hosts that have JSON already: every call of the library, JSON in and JSON out.
   *
   * @return its JSON door
   */
  public LedgerJson json() {
    return new LedgerJson(this);
  }

  /**
   * Keys of this ledger: rotation, enrolment, revocation.
   *
   * @return its keys
   */
  public LedgerKeys keys() {
    return new LedgerKeys(this);
  }

  /**
   * What privacy asks for: erasing, holding, retention, another vault key.
   *
   * @return its private side
   */
  public LedgerPrivacy privacy() {
    return new LedgerPrivacy(this);
  }

  /**
   * Keys of single records, for a ledger whose host wraps them in its HSM.
   *
   * @return its record keys
   */
  public LedgerHostKeys hostKeys() {
    return new LedgerHostKeys(this);
  }

  /**
   * Timestamps of authorities over its blocks and entries.
   *
   * @return its timestamps
   */
  public LedgerTimestamps timestamps() {
    return new LedgerTimestamps(this);
  }

  /**
   * Copies a ledger's file as it stands at one moment, while others go on writing.
   *
   * @param from the ledger's file
   * @param to must not be there yet; on disk when this returns
   */
  public static void backup(Path from, Path to) {
    Native.ledgerBackup(Texts.utf8(from), Texts.utf8(to));
  }

  /**
   * Appends a record. When this returns, it is durable; the next block seals it.
   *
   * @param record the business event
   * @return where it is, and its public names
   */
  public Appended append(EvidenceRecord record) {
    return new Appended(json().append(Json.write(record.request())));
  }

  /**
   * Appends records in one durable step, all of them or none.
   *
   * @param records at most 100,000
   * @return where each of them is, in their order
   */
  public List<Appended> appendMany(List<EvidenceRecord> records) {
    List<Object> requests = new ArrayList<>(records.size());
    for (EvidenceRecord record : records) {
      requests.add(record.request());
    }
    return Reply.each(json().appendMany(Json.write(requests)), Appended::new);
  }

  /**
   * Appends an entry that was made outside: a further signer's statement, a renewal.
   *
   * @param entry its exact bytes
   * @return its sequence number
   */
  public long appendEntry(byte[] entry) {
    return Native.ledgerAppendEntry(handle(), entry);
  }

  /**
   * Gives a record its place in a dossier, and the bytes that a party must sign over it.
   *
   * @param record the business event
   * @param terms who signs
   * @return what is to be signed
   */
  public HeldRecord holdForSignature(EvidenceRecord record, SignerTerms terms) {
    Map<String, Object> request = new LinkedHashMap<>(record.request());
    request.put("signer", terms.request());
    return new HeldRecord(ToSign.of(Native.ledgerHoldForSignature(handle(), Json.write(request))));
  }

  /**
   * The records that wait for a signature.
   *
   * @return by their place in the ledger's own list
   */
  public List<HeldRecord> held() {
    return Reply.each(Native.ledgerHeld(handle()), HeldRecord::of);
  }

  /**
   * Takes the signature of a held record, verifies it, and appends the statement.
   *
   * @param id {@link HeldRecord#id()}
   * @param signature 64 bytes, or DER
   * @return where it is
   */
  public Appended finishStatement(long id, byte[] signature) {
    return new Appended(Native.ledgerFinishStatement(handle(), id, signature));
  }

  /**
   * Gives up a held record: a <em>refused</em> event takes its place.
   *
   * @param id {@link HeldRecord#id()}
   * @param reason why
   * @param time when, or null for the system's clock
   * @return the event's sequence number
   */
  public long dropStatement(long id, DropReason reason, TimeClaim time) {
    return Native.ledgerDropStatement(handle(), id, Texts.utf8(reason.word()), TimeClaim.json(time));
  }

  /**
   * Appends a record with a party's signature at once: {@link #holdForSignature} and {@link #finishStatement}. When the signer
   * fails, the record stays held.
   *
   * @param record the business event
   * @param signer the party's signer
   * @param role in which role it signs
   * @return where it is
   */
  public Appended appendSigned(EvidenceRecord record, Signer signer, Role role) {
    return appendSigned(record, signer, SignerTerms.of(signer.publicKey(), role).audience("ledger"));
  }

  /**
   * The same with more to say of the signer: above all the {@link SignerTerms#kid} of his enrolled key, without which a verifier
   * needs the key from elsewhere.
   *
   * @param record the business event
   * @param signer the party's signer
   * @param terms with the signer's public key
   * @return where it is
   */
  public Appended appendSigned(EvidenceRecord record, Signer signer, SignerTerms terms) {
    HeldRecord held = holdForSignature(record, terms);
    return finishStatement(held.id(), signer.sign(held.toSign()));
  }

  /**
   * Fixes the next block over all entries that are not sealed. Until {@link #commit(byte[])} the same bytes come again, also after
   * a restart: a block whose bytes were handed out is the only one ever offered at its height.
   *
   * @param now goes into the block as the declared time of its beginning
   * @return what the ledger key must sign
   */
  public ToSign begin(Instant now) {
    return ToSign.of(Native.ledgerBegin(handle(), now.getEpochSecond()));
  }

  /**
   * The same by the system's clock.
   *
   * @return what the ledger key must sign
   */
  public ToSign begin() {
    return begin(Instant.now());
  }

  /**
   * The block that waits for its signature.
   *
   * @return empty when there is none
   */
  public Optional<ToSign> pending() {
    return Optional.ofNullable(Native.ledgerPending(handle())).map(ToSign::of);
  }

  /**
   * Takes the signature over the pending block, verifies it with the key in force, and seals.
   *
   * @param signature 64 bytes, or DER
   * @return the block; mirror its height and hash elsewhere
   */
  public Sealed commit(byte[] signature) {
    return new Sealed(Native.ledgerCommit(handle(), signature));
  }

  /**
   * Seals what waits: {@link #begin()} and {@link #commit(byte[])}. Meant for one thread at a time. Of two that seal at once, both
   * may sign the same block and one seals it; the other gets {@link ErrorCode#NOTHING_PENDING}, or {@link ErrorCode#STALE_PENDING}
   * where the next block was begun meanwhile, and nothing is lost.
   *
   * @param signer has the ledger key
   * @return the block
   */
  public Sealed seal(Signer signer) {
    return commit(signer.sign(begin()));
  }

  /**
   * Whether it is time to seal: a block is pending, so many entries wait, or the oldest has waited so long.
   *
   * @param maxEntries 0 stands for 1,000
   * @param maxAge zero stands for 60 seconds
   * @param now the present
   * @return true when it is
   */
  public boolean due(long maxEntries, Duration maxAge, Instant now) {
    return Native.ledgerDue(handle(), maxEntries, maxAge.toMillis(), now.toEpochMilli());
  }

  /**
   * How the ledger stands.
   *
   * @return counts and head
   */
  public LedgerStatus status() {
    return new LedgerStatus(Native.ledgerStatus(handle()));
  }

  /**
   * The last signed block, for a mirror.
   *
   * @return its height and hash; {@link ErrorCode#NOT_FOUND} before block 0 is sealed
   */
  public Head head() {
    return new Head(Native.ledgerHead(handle()));
  }

  /**
   * Makes a proof (.yzp).
   *
   * @param request of which records, showing which values
   * @return the file's bytes
   */
  public byte[] prove(ProofRequest request) {
    return Native.ledgerProve(handle(), Json.write(request.request()));
  }

  /**
   * The values of a record, for the host itself.
   *
   * @param sequence where it is
   * @return its values
   */
  public List<Disclosure> disclosures(long sequence) {
    return Reply.each(Native.ledgerDisclosures(handle(), sequence), Disclosure::new);
  }

  /**
   * A dossier.
   *
   * @param dossier a preservation number 保全号, or an id in hex
   * @return its records in this ledger
   */
  public Dossier dossier(String dossier) {
    return new Dossier(Native.ledgerDossier(handle(), Texts.utf8(dossier)));
  }

  /**
   * Dossiers, a page at a time.
   *
   * @param after the last one of the page before, or empty
   * @param count at most 10,000
   * @return without their records
   */
  public List<Dossier> dossiers(String after, int count) {
    return Reply.each(Native.ledgerDossiers(handle(), Texts.utf8(after), count), Dossier::new);
  }

  /**
   * Tells a host what to send next, to authorities, platforms and customers: what was sealed, in order, each time the same.
   *
   * @param cursor {@link Feed#next()} or {@link FeedItem#next()} of what was dealt with, or empty for the beginning
   * @param limit at most so many items, and at most 10,000
   * @return what happened; {@link ErrorCode#HEAD_MISMATCH} when the cursor is beyond the head: the ledger was rolled back
   */
  public Feed feed(String cursor, int limit) {
    return new Feed(json().feed(cursor, limit));
  }

  /**
   * Checks everything that is stored. Takes as long as reading it all.
   *
   * @return what was found
   */
  public CheckReport check() {
    return new CheckReport(Native.ledgerCheck(handle()));
  }

  /**
   * Compares both clocks with what was captured last, and appends a clock event where the wall clock was set or the machine
   * started again.
   *
   * @param now with {@link TimeClaim#monotonic}
   * @return the event's sequence number, empty when there was nothing to note
   */
  public OptionalLong noteClock(TimeClaim now) {
    long sequence = Native.ledgerNoteClock(handle(), TimeClaim.json(Objects.requireNonNull(now, "now")));
    return sequence == 0 ? OptionalLong.empty() : OptionalLong.of(sequence);
  }

  /**
   * Proves that the ledger's key signed two blocks at one height: one here, another in the bundle.
   *
   * @param bundle blocks of the other branch
   * @return a proof that every verifier contradicts
   */
  public byte[] proveFork(byte[] bundle) {
    return Native.ledgerProveFork(handle(), bundle);
  }

  /**
   * Ends the ledger: nothing is appended afterwards. Seal once more.
   *
   * @param successor the first key of the ledger that goes on, or null
   * @param time when, or null for the system's clock
   * @return the event's sequence number
   */
  public long end(VerifyKey successor, TimeClaim time) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("kind", "closed");
    if (successor != null) {
      request.put("successor", successor.request());
    }
    if (time != null) {
      request.put("time", time.request());
    }
    return json().note(Json.write(request));
  }
}
