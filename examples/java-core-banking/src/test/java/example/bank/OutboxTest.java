package example.bank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.yinzheng.ErrorCode;
import io.yinzheng.Signer;
import io.yinzheng.ToSign;
import io.yinzheng.VerifyKey;
import io.yinzheng.Yinzheng;
import io.yinzheng.YinzhengException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may go wrong around an outbox: files that are away, devices that are away, orders that fail, threads that meet. */
class OutboxTest {
  @TempDir Path folder;
  private final Database database = Service.database();
  private final Signer signer = Service.signer();

  /** An HSM that can be away. */
  private static final class Away implements Signer {
    private final Signer inner;
    final AtomicBoolean away = new AtomicBoolean();
    final AtomicBoolean asked = new AtomicBoolean();

    Away(Signer inner) {
      this.inner = inner;
    }

    @Override
    public VerifyKey publicKey() {
      return inner.publicKey();
    }

    @Override
    public byte[] sign(ToSign toSign) {
      if (away.get()) {
        asked.set(true);
        throw new YinzhengException(ErrorCode.SIGNER_TIMED_OUT, "the HSM is away", null);
      }
      return inner.sign(toSign);
    }
  }

  private interface Condition {
    boolean holds();
  }

  private static void eventually(Condition condition) throws InterruptedException {
    for (int wait = 0; wait < 200 && !condition.holds(); wait++) {
      Thread.sleep(50);
    }
    assertTrue(condition.holds());
  }

  @BeforeEach
  void empty() {
    database.migrate();
    database.transaction(connection -> Database.update(connection,
        "TRUNCATE loan, account_entry, outbox, head_mirror, entry, block, head"));
  }

  private List<String> mirror() {
    return database.transaction(connection -> Database.query(connection, row -> row.getString(1), "SELECT head FROM head_mirror"));
  }

  @Test
  void aLedgerFileThatIsMissingIsNotMadeAnew() throws Exception {
    try (OutboxBank bank = Service.outbox(database, folder, signer)) {
      bank.disburse(Service.loan("JJ1"));
      bank.seal();
    }
    List<String> mirrored = mirror();
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    assertThrows(IllegalStateException.class, () -> Service.outbox(database, elsewhere, signer));
    assertFalse(Files.exists(elsewhere.resolve("ledger.db")), "no second genesis");
    assertEquals(mirrored, mirror(), "the mirror still knows the first ledger");
    Service.outbox(database, folder, signer).close();
  }

  @Test
  void sealingGoesOnWhenTheHsmIsBack() throws Exception {
    Away hsm = new Away(signer);
    try (OutboxBank bank = Service.outbox(database, folder, hsm)) {
      hsm.away.set(true);
      bank.disburse(Service.loan("JJ1")).orElseThrow();
      eventually(hsm.asked::get);
      hsm.away.set(false);
      eventually(() -> bank.ledger().status().unsealed() == 0);
    }
  }

  @Test
  void aBankThatCannotStartLeavesNothingOpen() {
    long before = Yinzheng.openHandles();
    Away hsm = new Away(signer);
    hsm.away.set(true);
    assertThrows(YinzhengException.class, () -> Service.outbox(database, folder, hsm));
    assertEquals(before, Yinzheng.openHandles());
    hsm.away.set(false);
    Service.outbox(database, folder, hsm).close();
  }

  @Test
  void anOrderThatFailsIsEvidencePendingAndHoldsNobodyUp() {
    try (OutboxBank bank = Service.outbox(database, folder, signer)) {
      // Somebody gave this business id to other content: the ledger refuses the order, now and always.
      bank.ledger().append(new Loan("JJ1", new BigDecimal("1.00"), OffsetDateTime.now()).evidence().businessId("JJ1").build());
      assertEquals(Optional.empty(), bank.disburse(Service.loan("JJ1")), "paid out, evidence pending");
      assertEquals(1, database.count("account_entry"));
      assertTrue(bank.disburse(Service.loan("JJ2")).isPresent());
      database.transaction(connection -> Database.update(connection, "INSERT INTO outbox (note_number) VALUES ('JJ2')"));
      bank.deliver();
      assertEquals(1, database.count("outbox"), "the order behind it was carried out");
    }
    // Nor does it keep the service from starting.
    Service.outbox(database, folder, signer).close();
  }

  @Test
  void everyPaymentGetsItsNumberWhoeverCarriesItOut() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (OutboxBank bank = Service.outbox(database, folder, signer)) {
      AtomicBoolean over = new AtomicBoolean();
      Future<?> deliverer = threads.submit(() -> {
        while (!over.get()) {
          bank.deliver();
        }
      });
      List<Callable<Integer>> payers = new ArrayList<>();
      for (String name : new String[] {"A", "B"}) {
        payers.add(() -> {
          int numbers = 0;
          for (int loan = 0; loan < 100; loan++) {
            numbers += bank.disburse(Service.loan("JJ" + name + loan)).isPresent() ? 1 : 0;
          }
          return numbers;
        });
      }
      for (Future<Integer> payer : threads.invokeAll(payers)) {
        assertEquals(100, payer.get(), "none without a number");
      }
      over.set(true);
      deliverer.get();
      assertEquals(202, bank.ledger().status().entries(), "none twice");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void theWallClocksOffsetIsSealed() {
    try (OutboxBank bank = Service.outbox(database, folder, signer)) {
      bank.disburse(new Loan("JJ1", new BigDecimal("5000.00"), OffsetDateTime.parse("2026-11-25T10:00:00.123+08:00")));
      assertTrue(bank.ledger().disclosures(2).stream().anyMatch(value -> value.en().contains("2026-11-25T10:00:00.123+08:00")));
    }
  }

  private static int status(ProofServer server, String number) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/proofs/" + number)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()).statusCode();
  }

  @Test
  void theProofServerTellsWhatIsNotThereFromWhatIsBroken() throws Exception {
    Away hsm = new Away(signer);
    OutboxBank bank = Service.outbox(database, folder, hsm);
    try (ProofServer server = new ProofServer(bank::prove)) {
      hsm.away.set(true);
      String number = bank.disburse(Service.loan("JJ1")).orElseThrow();
      assertEquals(404, status(server, number), "not sealed yet");
      assertEquals(400, status(server, "nonsense"));
      hsm.away.set(false);
      bank.seal();
      assertEquals(200, status(server, number));
      bank.close();
      assertEquals(500, status(server, number), "a closed ledger is no missing proof");
    } finally {
      bank.close();
    }
  }
}
