package example.bank;

import io.yinzheng.Appended;
import io.yinzheng.ErrorCode;
import io.yinzheng.Head;
import io.yinzheng.Ledger;
import io.yinzheng.ProofRequest;
import io.yinzheng.Signer;
import io.yinzheng.YinzhengException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The first way: a ledger with the embedded store, and an outbox. The loan and the order to make evidence of it are one
 * transaction of the database. The ledger is the authority for the evidence; the row keeps the preservation number. A crash
 * between the two leaves an order that is carried out again, and the business id makes that harmless.
 */
public final class OutboxBank implements AutoCloseable {
  private final Database database;
  private final Ledger ledger;
  private final Signer signer;
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

  public OutboxBank(Database database, Path file, byte[] vaultKey, Signer signer, LedgerMaker maker) {
    this.database = database;
    this.signer = signer;
    database.migrate();
    if (Files.exists(file)) {
      var opener = Ledger.opening(file).vaultKey(vaultKey);
      // The mirror lives where a copy of the store does not reach: a ledger file from a backup is refused.
      mirroredHead().forEach(opener::expectedHead);
      ledger = opener.open();
    } else {
      ledger = maker.make(file, vaultKey);
    }
    // What a crash left: orders not carried out, a block whose signature never came.
    ledger.pending().ifPresent(waiting -> ledger.commit(signer.sign(waiting)));
    deliver();
    seal();
    scheduler.scheduleWithFixedDelay(this::sealWhenDue, 100, 100, TimeUnit.MILLISECONDS);
  }

  /** Makes the ledger the first time. */
  public interface LedgerMaker {
    Ledger make(Path file, byte[] vaultKey);
  }

  private List<Head> mirroredHead() {
    return database.transaction(connection ->
        Database.query(connection, row -> Head.ofJson(row.getString(1)), "SELECT head FROM head_mirror"));
  }

  /** Pays out a loan, and makes evidence of it. Gives the preservation number 保全号. */
  public String disburse(Loan loan) {
    database.transaction(connection -> {
      Database.disburse(connection, loan);
      return Database.update(connection, "INSERT INTO outbox (note_number) VALUES (?)", loan.noteNumber);
    });
    deliver();
    return preservationNumber(loan.noteNumber);
  }

  /** Carries out what is in the outbox. May be called at any time, by anybody, again. */
  public void deliver() {
    while (database.transaction(connection -> {
      List<Loan> orders = Database.query(connection, Database::loan, "SELECT loan.* FROM outbox JOIN loan USING (note_number)"
          + " ORDER BY outbox.id LIMIT 1 FOR UPDATE OF outbox SKIP LOCKED");
      for (Loan loan : orders) {
        Appended appended = ledger.append(loan.evidence().businessId(loan.noteNumber).build());
        // A crash here is the case in question: evidence without a number in the row. The order is still there.
        Database.update(connection, "UPDATE loan SET preservation_number = ? WHERE note_number = ?",
            appended.preservationNumber(), loan.noteNumber);
        Database.update(connection, "DELETE FROM outbox WHERE note_number = ?", loan.noteNumber);
      }
      return !orders.isEmpty();
    })) {
      continue;
    }
  }

  private String preservationNumber(String noteNumber) {
    return database.transaction(connection -> Database.query(connection, row -> row.getString(1),
        "SELECT preservation_number FROM loan WHERE note_number = ?", noteNumber).get(0));
  }

  private void sealWhenDue() {
    if (ledger.due(100, Duration.ofMillis(300), Instant.now())) {
      seal();
    }
  }

  /** Seals what waits, and mirrors the head. */
  public synchronized void seal() {
    try {
      ledger.seal(signer);
    } catch (YinzhengException nothing) {
      if (nothing.code() != ErrorCode.NOTHING_TO_SEAL) {
        throw nothing;
      }
    }
    String head = ledger.head().toJson();
    database.transaction(connection -> Database.update(connection,
        "INSERT INTO head_mirror VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET head = excluded.head", head));
  }

  /** The proof that a caller asks for, with every value shown. */
  public byte[] prove(String preservationNumber) {
    return ledger.prove(ProofRequest.ofDossier(preservationNumber).showAll());
  }

  public Ledger ledger() {
    return ledger;
  }

  @Override
  public void close() {
    scheduler.shutdown();
    try {
      scheduler.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    ledger.close();
  }
}
