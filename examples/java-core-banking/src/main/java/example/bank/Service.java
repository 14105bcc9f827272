package example.bank;

import io.yinzheng.Custody;
import io.yinzheng.HashAlgorithm;
import io.yinzheng.Ledger;
import io.yinzheng.LedgerCreator;
import io.yinzheng.Signer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** What both ways share: keys, and the wiring. {@code main} pays out loans for ever, until somebody kills it. */
public final class Service {
  private Service() {}

  /** In a bank: out of a key store. Here out of an environment variable, so that every process of the example has the same. */
  public static byte[] vaultKey() {
    try {
      String secret = System.getenv().getOrDefault("BANK_VAULT_SECRET", "only for this example");
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException error) {
      throw new IllegalStateException(error);
    }
  }

  public static Signer signer() {
    return HsmKey.open(Path.of(System.getenv("BANK_PKCS11")), System.getenv("BANK_PIN").toCharArray(), "ledger");
  }

  public static Database database() {
    return new Database(System.getenv("BANK_DATABASE"));
  }

  static LedgerCreator creator(Signer signer) {
    return Ledger.creating(HashAlgorithm.SHA_256, signer.publicKey(), Custody.HSM).organisation("示范商业银行股份有限公司");
  }

  public static OutboxBank outbox(Database database, Path folder, Signer signer) {
    return new OutboxBank(database, folder.resolve("ledger.db"), vaultKey(), signer,
        (file, vaultKey) -> creator(signer).create(file, vaultKey));
  }

  public static DetachedBank detached(Database database, Signer signer) {
    return new DetachedBank(database, vaultKey(), signer, creator(signer));
  }

  public static Loan loan(String noteNumber) {
    return new Loan(noteNumber, new BigDecimal("5000.00"), OffsetDateTime.now().truncatedTo(ChronoUnit.MILLIS));
  }

  /** {@code outbox FOLDER NAME} or {@code detached - NAME}: says each note number once its loan is paid out. */
  public static void main(String[] arguments) {
    Database database = database();
    Signer signer = signer();
    String name = arguments[2];
    OutboxBank outbox = arguments[0].equals("outbox") ? outbox(database, Path.of(arguments[1]), signer) : null;
    DetachedBank detached = outbox == null ? detached(database, signer) : null;
    for (long number = System.nanoTime(); ; number++) {
      String note = "JJ" + name + number;
      if (outbox != null) {
        outbox.disburse(loan(note));
      } else {
        detached.disburse(loan(note));
        if (number % 5 == 0) {
          detached.seal();
        }
      }
      System.out.println(note);
      System.out.flush();
    }
  }
}
