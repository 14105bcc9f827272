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
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The first way: a ledger with the embedded store, and an outbox. The loan and the order to make evidence of it are one
 * transaction of the database. The ledger is the authority for the evidence; the row keeps the preservation number. A crash
 * between the two leaves an order that is carried out again, and the business id makes that harmless.
 */
public final class OutboxBank implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("example.bank");

  private final Database database;
  private final Ledger ledger;
  private final Signer signer;
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

  public OutboxBank(Database database, Path file, byte[] vaultKey, Signer signer, LedgerMaker maker) {
    this.database = database;
    this.signer = signer;
    database.migrate();
    List<Head> mirrored = mirroredHead();
    if (Files.exists(file)) {
      var opener = Ledger.opening(file).vaultKey(vaultKey);
      // The mirror lives where a copy of the store does not reach: a ledger file from a backup is refused.
      mirrored.forEach(opener::expectedHead);
      ledger = opener.open();
    } else if (mirrored.isEmpty()) {
      ledger = maker.make(file, vaultKey);
    } else {
      // A disk that is not mounted, a wrong folder. A new ledger here would take the place of the old one without a word.
      throw new IllegalStateException("the ledger file is missing, and the mirror knows a ledger with blocks up to height "
          + mirrored.get(0).height() + ": bring the file back; empty head_mirror by hand only when it is lost for good");
    }
    try {
      // What a crash left: orders not carried out, a block whose signature never came.
      ledger.pending().ifPresent(waiting -> ledger.commit(signer.sign(waiting)));
      deliver();
      seal();
    } catch (RuntimeException | Error failed) {
      close();
      throw failed;
    }
    scheduler.scheduleWithFixedDelay(() -> guarded("sealing", this::sealWhenDue), 100, 100, TimeUnit.MILLISECONDS);
    scheduler.scheduleWithFixedDelay(() -> guarded("the outbox", this::deliver), 10, 10, TimeUnit.SECONDS);
  }

  /** A task that throws is never run again by its scheduler: an HSM that is away for a minute must not end the sealing. */
  private static void guarded(String what, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException failed) {
      LOG.log(System.Logger.Level.WARNING, what + " failed and is tried again", failed);
    }
  }

  /** Makes the ledger the first time. */
  public interface LedgerMaker {
    Ledger make(Path file, byte[] vaultKey);
  }

  private List<Head> mirroredHead() {
    return database.transaction(connection ->
        Database.query(connection, row -> Head.ofJson(row.getString(1)), "SELECT head FROM head_mirror"));
  }

  /**
   * Pays out a loan, and makes evidence of it. When this returns, the loan is paid out. Gives the preservation number 保全号;
   * empty while the evidence is pending: its order stays in the outbox and is carried out later.
   */
  public Optional<String> disburse(Loan loan) {
    long order = database.transaction(connection -> {
      Database.disburse(connection, loan);
      return Database.query(connection, row -> row.getLong(1),
          "INSERT INTO outbox (note_number) VALUES (?) RETURNING id", loan.noteNumber).get(0);
    });
    try {
      carryOut(order);
      return Optional.ofNullable(preservationNumber(loan.noteNumber));
    } catch (RuntimeException failed) {
      // The money has moved. Whoever takes this for a payment that failed pays twice.
      pending(order, failed);
      return Optional.empty();
    }
  }

  /**
   * Carries out what is in the outbox. May be called at any time, by anybody, again. An order that fails is logged and stays; it
   * does not hold up those behind it.
   */
  public void deliver() {
    List<Long> orders = database.transaction(connection ->
        Database.query(connection, row -> row.getLong(1), "SELECT id FROM outbox ORDER BY id"));
    for (long order : orders) {
      try {
        carryOut(order);
      } catch (RuntimeException failed) {
        pending(order, failed);
      }
    }
  }

  private static void pending(long order, RuntimeException failed) {
    LOG.log(System.Logger.Level.WARNING, "evidence pending: order " + order + " stays in the outbox", failed);
  }

  /** Carries out one order. When somebody else is at it, waits: afterwards the number is there, or the order still is. */
  private void carryOut(long order) {
    database.transaction(connection -> {
      List<Loan> loans = Database.query(connection, Database::loan,
          "SELECT loan.* FROM outbox JOIN loan USING (note_number) WHERE outbox.id = ? FOR UPDATE OF outbox", order);
      for (Loan loan : loans) {
        Appended appended = ledger.append(loan.evidence().businessId(loan.noteNumber).build());
        // A crash here is the case in question: evidence without a number in the row. The order is still there.
        Database.update(connection, "UPDATE loan SET preservation_number = ? WHERE note_number = ?",
            appended.preservationNumber(), loan.noteNumber);
        Database.update(connection, "DELETE FROM outbox WHERE id = ?", order);
      }
      return null;
    });
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
