package example.bank;

import io.yinzheng.DetachedRecord;
import io.yinzheng.Draft;
import io.yinzheng.Genesis;
import io.yinzheng.HashAlgorithm;
import io.yinzheng.LedgerCreator;
import io.yinzheng.Profile;
import io.yinzheng.ProofItem;
import io.yinzheng.Proofs;
import io.yinzheng.SealedBlock;
import io.yinzheng.Sealer;
import io.yinzheng.Signer;
import io.yinzheng.ToSign;
import io.yinzheng.YinzhengException;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The second way: entries, blocks and head live in the bank's own database, and the loan and its evidence are one transaction.
 * Compare-and-set on the head row is the lock, so any number of instances may run. The library keeps nothing.
 */
public final class DetachedBank {
  private static final HashAlgorithm HASH = HashAlgorithm.SHA_256;

  private final Database database;
  private final Vault vault;
  private final Signer signer;

  public DetachedBank(Database database, byte[] vaultKey, Signer signer, LedgerCreator creator) {
    this.database = database;
    this.vault = new Vault(vaultKey);
    this.signer = signer;
    database.migrate();
    database.transaction(connection -> {
      // The first instance makes the ledger.
      if (Database.update(connection, "INSERT INTO head VALUES (1, -1, ''::bytea) ON CONFLICT (one) DO NOTHING") == 1) {
        Genesis genesis = Genesis.of(creator);
        Database.update(connection, "INSERT INTO entry (sequence, bytes) VALUES (0, ?), (1, ?)", genesis.genesis(), genesis.opened());
      }
      return null;
    });
    // What a crash left.
    seal();
  }

  /** Pays out a loan with its evidence, in one transaction: both are there or neither. Gives the preservation number 保全号. */
  public String disburse(Loan loan) {
    return database.transaction(connection -> disburse(connection, loan));
  }

  /** The same within the caller's transaction, whose commit or rollback decides about both. */
  String disburse(Connection connection, Loan loan) throws SQLException {
    Database.disburse(connection, loan);
    DetachedRecord record = DetachedRecord.first(loan.evidence().hash(HASH).build());
    // Whoever has this lock gives the next sequence number; it is held until the commit, so numbers have no gaps.
    Database.query(connection, row -> 0, "SELECT pg_advisory_xact_lock(2)");
    Database.update(connection, "INSERT INTO entry (sequence, bytes, note_number, disclosures)"
        + " VALUES ((SELECT max(sequence) + 1 FROM entry), ?, ?, ?)", record.entry(), loan.noteNumber,
        vault.lock(String.join(",", record.disclosures()), loan.noteNumber));
    Database.update(connection, "UPDATE loan SET preservation_number = ? WHERE note_number = ?",
        record.preservationNumber(), loan.noteNumber);
    return record.preservationNumber();
  }

  /** The head row as it was read: what is compared when the new one is set. */
  private static final class HeadRow {
    final long height;
    final byte[] bytes;
    final byte[] draft;
    final byte[] toSign;
    final String info;
    final long last;

    HeadRow(java.sql.ResultSet row) throws SQLException {
      height = row.getLong("height");
      bytes = row.getBytes("bytes");
      draft = row.getBytes("draft");
      toSign = row.getBytes("to_sign");
      info = row.getString("info");
      last = row.getLong("last");
    }
  }

  private static HeadRow head(Connection connection) throws SQLException {
    return Database.query(connection, HeadRow::new, "SELECT * FROM head").get(0);
  }

  private static List<byte[]> unsealed(Connection connection, long last) throws SQLException {
    return Database.query(connection, row -> row.getBytes(1),
        "SELECT bytes FROM entry WHERE height IS NULL AND sequence <= ? ORDER BY sequence", last);
  }

  private static Sealer sealer(HeadRow head, List<byte[]> entries) {
    Sealer sealer = Sealer.open(head.bytes.length == 0 ? null : head.bytes);
    try {
      entries.forEach(sealer::add);
      return sealer;
    } catch (RuntimeException | Error failed) {
      sealer.close();
      throw failed;
    }
  }

  /** Seals what waits. Two instances at once: one of them wins, the other finds its work done. */
  public void seal() {
    // The draft is stored before its bytes are signed: it is the only block ever offered at its height.
    database.transaction(connection -> {
      HeadRow head = Database.query(connection, HeadRow::new, "SELECT * FROM head FOR UPDATE").get(0);
      if (head.draft == null) {
        List<Long> last = Database.query(connection, row -> row.getLong(1),
            "SELECT max(sequence) FROM entry WHERE height IS NULL HAVING count(*) > 0");
        if (!last.isEmpty()) {
          try (Sealer sealer = sealer(head, unsealed(connection, last.get(0)))) {
            Draft draft = sealer.prepare(Instant.now());
            Database.update(connection, "UPDATE head SET draft = ?, to_sign = ?, info = ?, last = ?",
                draft.bytes(), draft.toSign().bytes(), draft.toSign().infoJson(), last.get(0));
          }
        }
      }
      return null;
    });
    HeadRow head = database.transaction(DetachedBank::head);
    if (head.draft == null) {
      return;
    }
    List<byte[]> entries = database.transaction(connection -> unsealed(connection, head.last));
    try (Sealer sealer = sealer(head, entries)) {
      byte[] signature = signer.sign(ToSign.ofStored(head.toSign, head.info));
      SealedBlock sealed = sealer.finish(head.draft, signature);
      database.transaction(connection -> {
        // Compare and set: of two instances that signed the same draft, one stores.
        int won = Database.update(connection, "UPDATE head SET height = ?, bytes = ?, draft = NULL, to_sign = NULL, info = NULL"
            + " WHERE height = ? AND bytes = ?", sealed.height(), sealed.head(), head.height, head.bytes);
        if (won == 1) {
          Database.update(connection, "INSERT INTO block VALUES (?, ?, ?)", sealed.height(), sealed.block(), sealed.historyLeaf());
          long leaf = sealed.height() == 0 ? 0 : 1;
          for (long sequence = sealed.firstSequence(); sequence <= head.last; sequence++, leaf++) {
            Database.update(connection, "UPDATE entry SET height = ?, receipt = ? WHERE sequence = ?",
                sealed.height(), sealer.receipt(sealed.block(), leaf), sequence);
          }
        }
        return null;
      });
    } catch (YinzhengException raced) {
      // The other instance sealed between our two readings: head and entries no longer belong to the draft.
      if (database.transaction(DetachedBank::head).height == head.height) {
        throw raced;
      }
    }
  }

  /** The proof of one loan, with every value shown: assembled from rows. */
  public byte[] prove(String noteNumber) {
    return database.transaction(connection -> {
      List<ProofItem> items = new ArrayList<>();
      Set<Long> heights = new TreeSet<>();
      Database.query(connection, row -> {
        byte[] locked = row.getBytes("disclosures");
        List<String> shown = locked == null ? List.of() : Arrays.asList(vault.open(locked, noteNumber).split(","));
        heights.add(row.getLong("height"));
        return items.add(new ProofItem(row.getBytes("bytes"), row.getBytes("receipt"), shown));
      }, "SELECT * FROM entry WHERE height IS NOT NULL AND (sequence < 2 OR note_number = ?) ORDER BY sequence", noteNumber);
      // The head of a proof is the newest block that it shows.
      long newest = Collections.max(heights);
      ByteArrayOutputStream leaves = new ByteArrayOutputStream();
      Database.query(connection, row -> {
        leaves.writeBytes(row.getBytes(1));
        return 0;
      }, "SELECT history_leaf FROM block WHERE height < ? ORDER BY height", newest);
      Map<Long, byte[]> history = new LinkedHashMap<>();
      for (long height : heights) {
        if (height != newest) {
          history.put(height, Sealer.historyPath(HASH, leaves.toByteArray(), height));
        }
      }
      byte[] block = Database.query(connection, row -> row.getBytes(1), "SELECT bytes FROM block WHERE height = ?", newest).get(0);
      return Proofs.assemble(items, List.of(Profile.file("loan.disbursement")), block, history);
    });
  }
}
