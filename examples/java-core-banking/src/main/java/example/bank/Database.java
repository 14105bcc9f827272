package example.bank;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** The bank's own database. Nothing here knows of evidence but the columns that it fills. */
public final class Database {
  private final PGSimpleDataSource source = new PGSimpleDataSource();

  public Database(String url) {
    source.setUrl(url);
  }

  /** Work in one transaction. */
  interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  <T> T transaction(Work<T> work) {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      T result = work.in(connection);
      connection.commit();
      return result;
    } catch (SQLException error) {
      throw new IllegalStateException(error);
    }
  }

  /** The tables of both variants, made when they are not there. */
  public void migrate() {
    transaction(connection -> {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SELECT pg_advisory_xact_lock(1)");
        statement.execute("CREATE TABLE IF NOT EXISTS loan (note_number text PRIMARY KEY, amount numeric(18,2) NOT NULL,"
            + " disbursed_at timestamptz NOT NULL, offset_minutes int NOT NULL, preservation_number text)");
        statement.execute("CREATE TABLE IF NOT EXISTS account_entry (id bigserial PRIMARY KEY, note_number text NOT NULL UNIQUE,"
            + " amount numeric(18,2) NOT NULL)");
        // Outbox: what has still to become evidence. Written in the transaction of the loan itself.
        statement.execute("CREATE TABLE IF NOT EXISTS outbox (id bigserial PRIMARY KEY, note_number text NOT NULL UNIQUE)");
        statement.execute("CREATE TABLE IF NOT EXISTS head_mirror (one int PRIMARY KEY CHECK (one = 1), head text NOT NULL)");
        // Detached: the evidence itself.
        statement.execute("CREATE TABLE IF NOT EXISTS entry (sequence bigint PRIMARY KEY, bytes bytea NOT NULL,"
            + " note_number text UNIQUE, disclosures bytea, receipt bytea, height bigint)");
        statement.execute("CREATE TABLE IF NOT EXISTS block (height bigint PRIMARY KEY, bytes bytea NOT NULL,"
            + " history_leaf bytea NOT NULL)");
        statement.execute("CREATE TABLE IF NOT EXISTS head (one int PRIMARY KEY CHECK (one = 1), height bigint NOT NULL,"
            + " bytes bytea NOT NULL, draft bytea, to_sign bytea, info text, last bigint)");
      }
      return null;
    });
  }

  static int update(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int at = 0; at < values.length; at++) {
        statement.setObject(at + 1, values[at]);
      }
      return statement.executeUpdate();
    }
  }

  /** Reads a row. */
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  static <T> List<T> query(Connection connection, Row<T> read, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int at = 0; at < values.length; at++) {
        statement.setObject(at + 1, values[at]);
      }
      List<T> out = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          out.add(read.of(rows));
        }
      }
      return out;
    }
  }

  /** What the core bank does when a loan is paid out. */
  static void disburse(Connection connection, Loan loan) throws SQLException {
    update(connection, "INSERT INTO loan (note_number, amount, disbursed_at, offset_minutes) VALUES (?, ?, ?, ?)",
        loan.noteNumber, loan.amount, loan.disbursedAt, loan.disbursedAt.getOffset().getTotalSeconds() / 60);
    update(connection, "INSERT INTO account_entry (note_number, amount) VALUES (?, ?)", loan.noteNumber, loan.amount);
  }

  static Loan loan(ResultSet row) throws SQLException {
    // A timestamptz keeps the moment only; what the wall clock showed is evidence too.
    ZoneOffset offset = ZoneOffset.ofTotalSeconds(60 * row.getInt("offset_minutes"));
    return new Loan(row.getString("note_number"), row.getBigDecimal("amount"),
        row.getObject("disbursed_at", OffsetDateTime.class).withOffsetSameInstant(offset).truncatedTo(ChronoUnit.MILLIS));
  }

  public long count(String table) {
    return transaction(connection -> query(connection, row -> row.getLong(1), "SELECT count(*) FROM " + table).get(0));
  }
}
