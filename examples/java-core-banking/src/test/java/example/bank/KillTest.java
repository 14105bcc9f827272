package example.bank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.yinzheng.ErrorCode;
import io.yinzheng.Ledger;
import io.yinzheng.Outcome;
import io.yinzheng.Policy;
import io.yinzheng.Signer;
import io.yinzheng.Verdict;
import io.yinzheng.VerdictLine;
import io.yinzheng.Verifier;
import io.yinzheng.Yinzheng;
import io.yinzheng.YinzhengException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service is killed in the middle, again and again, and nothing is lost: what was paid out has its evidence. */
class KillTest {
  private static final int KILLS = Integer.getInteger("kills", 4);

  @TempDir Path folder;
  private final Database database = Service.database();
  private final Signer signer = Service.signer();
  private final Random random = new Random(20261129);

  @BeforeEach
  void empty() {
    database.migrate();
    database.transaction(connection -> Database.update(connection,
        "TRUNCATE loan, account_entry, outbox, head_mirror, entry, block, head"));
  }

  /** Starts the service as a process of its own. */
  private Process start(String way, String name, Path said) throws Exception {
    return new ProcessBuilder(Paths.get(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-Xcheck:jni",
        "-Dyinzheng.library=" + System.getProperty("yinzheng.library"), "-cp", System.getProperty("java.class.path"),
        "example.bank.Service", way, folder.toString(), name)
        .redirectError(ProcessBuilder.Redirect.appendTo(errors(said).toFile()))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile())).start();
  }

  /** What a process said beside note numbers. */
  private static Path errors(Path said) {
    return said.resolveSibling(said.getFileName() + ".errors");
  }

  /** Waits until it has paid out some loans, and kills it at any moment after that. */
  private void killed(Process process, Path said) throws Exception {
    long before = lines(said);
    for (int wait = 0; wait < 1200 && lines(said) < before + 3; wait++) {
      assertTrue(process.isAlive(), () -> "it ended by itself: " + read(errors(said)));
      Thread.sleep(50);
    }
    assertTrue(lines(said) >= before + 3, () -> "it pays out nothing: " + read(errors(said)));
    Thread.sleep(random.nextInt(300));
    assertEquals(128 + 9, process.destroyForcibly().waitFor(), "it ended by itself before it was killed");
    noAlarm(said);
    noAlarm(errors(said));
  }

  /** What a machine says through -Xcheck:jni, or when it dies: wherever it says so, that is no success. */
  private static void noAlarm(Path file) throws java.io.IOException {
    String text = read(file);
    List<String> alarms = Files.readAllLines(Path.of("../../bindings/java/jni-alarms.txt"));
    assertFalse(alarms.isEmpty());
    for (String alarm : alarms) {
      assertFalse(text.contains(alarm), text);
    }
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8);
    } catch (java.io.IOException error) {
      return "";
    }
  }

  private static long lines(Path file) {
    return read(file).lines().count();
  }

  private List<String[]> loans() {
    return database.transaction(connection -> Database.query(connection,
        row -> new String[] {row.getString(1), row.getString(2)}, "SELECT note_number, preservation_number FROM loan"));
  }

  private static void sealed(byte[] proof, String note) {
    Verdict verdict = Verifier.verify(proof, Policy.NONE, Instant.now());
    assertEquals(1, verdict.records().size());
    assertEquals(Outcome.PROVEN, verdict.records().get(0).sealed());
    assertTrue(verdict.toJson().contains(note), "the note number is shown");
    for (VerdictLine line : verdict.lines(Outcome.CONTRADICTED)) {
      // Rules about the business, which a loan without a consent before it breaks.
      assertTrue(line.check().startsWith("rule."), line.check());
    }
  }

  /** Every loan that was said to be paid out is in the database. */
  private void nothingSaidIsLost(Path said, List<String[]> loans) {
    List<String> notes = new ArrayList<>();
    loans.forEach(loan -> notes.add(loan[0]));
    read(said).lines().forEach(line -> assertTrue(notes.contains(line), line));
    assertEquals(loans.size(), database.count("account_entry"));
    assertTrue(lines(said) > 0 && loans.size() >= lines(said));
  }

  @Test
  void outboxKilledAndReconciled() throws Exception {
    Path said = Files.createFile(folder.resolve("said"));
    for (int kill = 0; kill < KILLS; kill++) {
      killed(start("outbox", "A" + kill, said), said);
    }
    try (OutboxBank bank = Service.outbox(database, folder, signer)) {
      List<String[]> loans = loans();
      assertTrue(loans.size() >= 3 * KILLS, "only " + loans.size() + " loans");
      assertEquals(0, database.count("outbox"), "every order was carried out");
      nothingSaidIsLost(said, loans);
      // Genesis and the opened event, then one record for each loan: none missing, none twice.
      assertEquals(0, bank.ledger().status().unsealed());
      assertEquals(loans.size() + 2, bank.ledger().status().entries());
      assertEquals(List.of(), bank.ledger().check().problems());
      for (String[] loan : loans) {
        sealed(bank.prove(loan[1]), loan[0]);
      }
      System.out.println("outbox: " + KILLS + " kills, " + loans.size() + " loans, every one with its evidence");
    }
  }

  @Test
  void aCrashBetweenLedgerAndRowIsReconciled() {
    String number;
    try (OutboxBank bank = Service.outbox(database, folder, signer)) {
      number = bank.disburse(Service.loan("JJ1")).orElseThrow();
    }
    // As a crash leaves it after the ledger has the record and before the row has its number.
    database.transaction(connection -> {
      Database.update(connection, "UPDATE loan SET preservation_number = NULL");
      return Database.update(connection, "INSERT INTO outbox (note_number) VALUES ('JJ1')");
    });
    try (OutboxBank bank = Service.outbox(database, folder, signer)) {
      assertEquals(number, loans().get(0)[1], "the same number again");
      assertEquals(3, bank.ledger().status().entries(), "no second record");
      assertEquals(0, database.count("outbox"));
    }
  }

  @Test
  void aLedgerFileFromABackupIsRefused() throws Exception {
    Path copy = folder.resolve("copy.db");
    try (OutboxBank bank = Service.outbox(database, folder, signer)) {
      bank.disburse(Service.loan("JJ1"));
      bank.seal();
      Ledger.backup(folder.resolve("ledger.db"), copy);
      bank.disburse(Service.loan("JJ2"));
      bank.seal();
    }
    for (String left : new String[] {"ledger.db", "ledger.db-wal", "ledger.db-shm"}) {
      Files.deleteIfExists(folder.resolve(left));
    }
    Files.move(copy, folder.resolve("ledger.db"));
    YinzhengException refused =
        assertThrows(YinzhengException.class, () -> Service.outbox(database, folder, signer));
    assertEquals(ErrorCode.HEAD_MISMATCH, refused.code());
  }

  @Test
  void twoDetachedInstancesKilledOneAfterTheOther() throws Exception {
    Path first = Files.createFile(folder.resolve("first"));
    Path second = Files.createFile(folder.resolve("second"));
    Process other = start("detached", "B", second);
    for (int kill = 0; kill < KILLS; kill++) {
      killed(start("detached", "A" + kill, first), first);
      assertTrue(other.isAlive(), () -> "the other instance died: " + read(errors(second)));
    }
    killed(other, second);
    DetachedBank bank = Service.detached(database, signer);
    bank.seal();
    List<String[]> loans = loans();
    assertTrue(loans.size() >= 3 * (KILLS + 1), "only " + loans.size() + " loans");
    nothingSaidIsLost(first, loans);
    nothingSaidIsLost(second, loans);
    assertEquals(loans.size() + 2, database.count("entry"), "one record for each loan");
    for (String[] loan : loans) {
      assertFalse(loan[1] == null);
      sealed(bank.prove(loan[0]), loan[0]);
    }
    System.out.println("detached: two instances, " + (KILLS + 1) + " kills, " + loans.size() + " loans in "
        + database.count("block") + " blocks, every one with its evidence");
  }

  @Test
  void aTransactionThatIsRolledBackLeavesNoEvidence() {
    DetachedBank bank = Service.detached(database, signer);
    assertThrows(IllegalStateException.class, () -> database.transaction(connection -> {
      String number = bank.disburse(connection, Service.loan("JJ1"));
      assertEquals(List.of(number), Database.query(connection, row -> row.getString(1), "SELECT preservation_number FROM loan"));
      assertEquals(List.of(2L), Database.query(connection, row -> row.getLong(1), "SELECT max(sequence) FROM entry"));
      throw new SQLException("the core bank changes its mind");
    }));
    assertEquals(0, database.count("loan"));
    assertEquals(2, database.count("entry"), "genesis and the opened event only");
    // The sequence number is free again: the next loan leaves no gap, and is sealed.
    bank.disburse(Service.loan("JJ1"));
    bank.seal();
    sealed(bank.prove("JJ1"), "JJ1");
    assertEquals(3, database.count("entry"));
    assertThrows(IllegalStateException.class, () -> bank.disburse(Service.loan("JJ1")), "the note number is there already");
    assertEquals(3, database.count("entry"));
  }

  @Test
  void aSealerThatCannotBeFilledIsClosed() {
    DetachedBank bank = Service.detached(database, signer);
    long before = Yinzheng.openHandles();
    database.transaction(connection -> Database.update(connection,
        // More than an entry may have.
        "INSERT INTO entry (sequence, bytes) VALUES (2, convert_to(repeat('x', 65536), 'UTF8'))"));
    assertThrows(YinzhengException.class, bank::seal);
    assertEquals(before, Yinzheng.openHandles());
  }
}
