package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every error, produced from Java and read as a support engineer would. */
class ErrorsTest {
  @TempDir Path folder;

  private static final String DIGEST = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

  /** What no call from Java can lead to, and why. */
  private static final Map<Integer, String> ELSEWHERE = new java.util.TreeMap<>();

  static {
    ELSEWHERE.put(205, "needs a fault of the library: FaultyTest");
    ELSEWHERE.put(901, "needs a fault of the library: FaultyTest");
    ELSEWHERE.put(409, "needs an operating system without randomness");
    ELSEWHERE.put(415, "in a policy it is 107, in a token it is passed over, and a verdict tells it in a line");
    ELSEWHERE.put(505, "only a store changed behind the library gives it");
    ELSEWHERE.put(318, "evidence packages are not behind the facade yet");
    ELSEWHERE.put(607, "needs a full disk: LibraryTest");
  }

  @Test
  void everyErrorIsProducedAndRead() throws Exception {
    arguments();
    states();
    signers();
    ledgers();
    storage();
    TimestampsTest.refusals();
    PaperTest.refusals();
    // What readers of bytes refuse.
    VectorsTest.all(new JavaDoor());
    Set<Integer> all = new TreeSet<>();
    for (Object error : Json.array(Files.readAllBytes(Vectors.repository().resolve("core/data/errors.json")))) {
      all.add(((Long) ((Map<?, ?>) error).get("number")).intValue());
    }
    Set<Integer> unseen = new TreeSet<>(all);
    unseen.removeAll(Errors.SEEN);
    unseen.removeAll(ELSEWHERE.keySet());
    assertTrue(unseen.isEmpty(), "no test produces " + unseen);
    assertEquals(0, Yinzheng.openHandles());
  }

  @Test
  void theTableOfJavaIsTheLibrarys() throws IOException {
    Set<String> table = new TreeSet<>();
    for (Object one : Json.array(Files.readAllBytes(Vectors.repository().resolve("core/data/errors.json")))) {
      Map<?, ?> error = (Map<?, ?>) one;
      table.add(error.get("number") + " " + ((String) error.get("name")).toUpperCase(java.util.Locale.ROOT));
    }
    Set<String> java = new TreeSet<>();
    for (ErrorCode code : ErrorCode.values()) {
      if (code != ErrorCode.UNKNOWN) {
        java.add(code.number() + " " + code.name().replace("_", ""));
      }
    }
    assertEquals(table, java);
  }

  private void arguments() {
    try (Bank bank = new Bank()) {
      assertEquals(101, Errors.number(() -> bank.ledger.json().append(new byte[0])));
      assertEquals(102, Errors.number(() -> bank.ledger.append(EvidenceRecord.of("nothing").build())));
      assertEquals(103, Errors.number(() -> bank.ledger.append(
          EvidenceRecord.of("generic").text("支付密码", "13900001234").build())));
      assertEquals(104, Errors.number(() -> bank.ledger.dossiers("", 10_001)));
      assertEquals(105, Errors.number(() -> bank.ledger.append(EvidenceRecord.of("generic").message("[]").build())));
      assertEquals(105, Errors.number(() -> EvidenceRecord.of("generic").message("{}, \"place\": 1").build()));
      assertEquals(106, Errors.number(() -> Profile.load(new byte[0])));
      assertEquals(107, Errors.number(() -> Verifier.verify(new byte[0], Policy.ofJson("{"), Bank.NOW)));
      assertEquals(108, Errors.number(() -> bank.ledger.dossier("13900001234")));
      for (String json : new String[] {"", "[]", "{}", "{\"height\":\"1\"}", bank.ledger.head().toJson().replace("height", "h")}) {
        assertEquals(101, Errors.number(() -> Head.ofJson(json)), json);
      }
      bank.append("1.00");
      ToSign waiting = bank.ledger.begin();
      assertEquals(waiting.key().describe(), ToSign.ofStored(waiting.bytes(), waiting.infoJson()).key().describe());
      for (String json : new String[] {"", "[]", "{}", "{\"key\":1}", "{\"key\":{}}", waiting.infoJson().replace("cose_key", "k")}) {
        assertEquals(101, Errors.number(() -> ToSign.ofStored(waiting.bytes(), json)), json);
      }
      assertEquals(309, Errors.number(() -> bank.ledger.append(EvidenceRecord.of("generic").text("a", "\ud800").build())));
      assertEquals(309, Errors.number(() -> bank.ledger.json().append(new byte[] {'{', (byte) 0xff})));
    }
  }

  private void states() {
    try (Bank bank = new Bank()) {
      assertEquals(201, Errors.number(() -> bank.ledger.commit(new byte[64])));
      // Two threads that seal at once: both have signed the block.
      bank.append("1.00");
      byte[] signature = bank.key.sign(bank.ledger.begin());
      bank.ledger.commit(signature);
      assertEquals(201, Errors.number(() -> bank.ledger.commit(signature)));
      bank.append("2.00");
      bank.ledger.begin();
      assertEquals(202, Errors.number(() -> bank.ledger.commit(signature)));
      bank.ledger.seal(bank.key);
      assertEquals(506, Errors.number(() -> bank.ledger.begin()));
    }
    try (SoftwareKey key = SoftwareKey.generate(SignatureAlgorithm.P_256); Sealer one = Sealer.open(null);
        Sealer two = Sealer.open(null)) {
      Genesis genesis = Genesis.of(Bank.creator(HashAlgorithm.SHA_256, key));
      one.add(genesis.genesis()).add(genesis.opened());
      two.add(genesis.genesis()).add(genesis.opened()).add(DetachedRecord.first(Bank.loan("1.00").build()).entry());
      Draft draft = one.prepare(Bank.NOW);
      assertEquals(202, Errors.number(() -> two.finish(draft.bytes(), key.sign(draft.toSign()))));
    }
    Bank closed = new Bank();
    closed.close();
    assertEquals(204, Errors.number(() -> closed.ledger.status()));
    assertEquals(204, Errors.number(() -> closed.key.sign(new byte[0])));
  }

  private void signers() {
    assertEquals(410, Errors.number(() -> SoftwareKey.ofPkcs8("correct horse", "correct horse".toCharArray())));
    for (ErrorCode code : Arrays.asList(ErrorCode.SIGNER_DECLINED, ErrorCode.SIGNER_TIMED_OUT, ErrorCode.SIGNER_LOCKED,
        ErrorCode.SIGNER_KEY_GONE)) {
      try (Bank bank = new Bank()) {
        bank.append("1.00");
        Signer refuses = new Signer() {
          @Override
          public VerifyKey publicKey() {
            return bank.key.publicKey();
          }

          @Override
          public byte[] sign(ToSign toSign) {
            throw new YinzhengException(code, "the HSM of the test", null);
          }
        };
        assertEquals(code.number(), Errors.number(() -> bank.ledger.seal(refuses)));
        assertTrue(bank.ledger.pending().isPresent(), "the block goes on waiting");
        bank.ledger.seal(bank.key);
      }
    }
  }

  private void ledgers() {
    try (Bank bank = new Bank()) {
      Appended record = bank.ledger.append(Bank.loan("1.00").businessId("loan-1").build());
      assertEquals(501, Errors.number(() -> bank.ledger.append(Bank.loan("2.00").businessId("loan-1").build())));
      assertEquals(502, Errors.number(() -> bank.ledger.json().entry(99)));
      bank.ledger.seal(bank.key);
      assertEquals(504, Errors.number(() -> Bundles.importInto(
          folder.resolve("gap.db"), Bundles.export(bank.ledger, 1, 1))));
      assertEquals(508, Errors.number(() -> bank.ledger.keys().revoke(
          KeyRole.LEDGER, DIGEST.substring(7), RevokeReason.LOST, Bank.NOW)));
      bank.ledger.privacy().hold(Collections.singletonList(record.sequence()), HoldReason.AUDIT, "audit 1", null);
      assertEquals(510, Errors.number(() -> bank.ledger.privacy().eraseDossier(
          record.dossier(), EraseReason.ORDER, "order 1", null)));
      bank.ledger.privacy().lift(Collections.singletonList(record.sequence()), HoldReason.AUDIT, "audit 1", null);
      bank.ledger.privacy().eraseDossier(record.dossier(), EraseReason.ORDER, "order 1", null);
      assertEquals(509, Errors.number(() -> bank.ledger.disclosures(record.sequence())));
      bank.ledger.end(null, null);
      assertEquals(507, Errors.number(() -> bank.append("1.00")));
    }
  }

  private void storage() throws IOException {
    assertEquals(601, Errors.number(() -> TwinDigest.of(folder.resolve("nothing"))));
    Path file = folder.resolve("ledger.db");
    byte[] vaultKey = Yinzheng.newVaultKey(VaultSuite.AES_256_GCM);
    Head head;
    try (SoftwareKey key = SoftwareKey.generate(SignatureAlgorithm.P_256);
        Ledger ledger = Bank.creator(HashAlgorithm.SHA_256, key).create(file, vaultKey)) {
      ledger.append(Bank.loan("1.00").build());
      ledger.seal(key);
      head = ledger.head();
      assertEquals(602, Errors.number(() -> Ledger.opening(file).vaultKey(vaultKey).open()));
    }
    assertEquals(503, Errors.number(() -> Ledger.opening(file).expectedHead(head.height() + 1, head.blockHash()).open()));
    assertEquals(605, Errors.number(() -> Ledger.opening(file).vaultKey(new byte[32]).open()));
    // The key of an opener is wiped: a second try must not open the ledger with its values closed.
    LedgerOpener opener = Ledger.opening(file).vaultKey(new byte[32]);
    assertEquals(605, Errors.number(opener::open));
    assertEquals(101, Errors.number(opener::open));
    try (Ledger ledger = opener.vaultKey(vaultKey).open()) {
      assertFalse(ledger.disclosures(2).isEmpty());
    }
    assertEquals(101, Errors.number(opener::open));
    try (Ledger ledger = opener.vaultKey(vaultKey).open()) {
      assertEquals(head, ledger.head());
    }
    try (Ledger reader = Ledger.opening(file).readOnly().open()) {
      assertEquals(203, Errors.number(() -> reader.begin(Bank.NOW)));
    }
    Path text = Files.write(folder.resolve("text"), "no ledger at all, but long enough to be read\n".getBytes(StandardCharsets.UTF_8));
    assertEquals(606, Errors.number(() -> Ledger.opening(text).open()));

    // SQLite keeps the version of the schema at offset 60 of the file.
    byte[] whole = Files.readAllBytes(file);
    byte[] newer = whole.clone();
    ByteBuffer.wrap(newer).putInt(60, 99);
    Path later = Files.write(folder.resolve("newer.db"), newer);
    assertEquals(604, Errors.number(() -> Ledger.opening(later).open()));

    // A bit of a sealed entry, wherever it lies.
    int at = new String(whole, StandardCharsets.ISO_8859_1).indexOf(
        new String("示例银行".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    assertTrue(at > 0);
    byte[] flipped = whole.clone();
    flipped[at] ^= 1;
    Path damaged = Files.write(folder.resolve("damaged.db"), flipped);
    assertEquals(603, Errors.number(() -> {
      try (Ledger ledger = Ledger.opening(damaged).readOnly().open()) {
        ledger.json().receipt(0);
      }
    }));
  }
}
