package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What must leave: the feed tells the host, and platforms are told what their interface takes. */
class FeedTest {
  @AfterEach
  void nothingIsLeftOpen() {
    assertEquals(0, Yinzheng.openHandles());
  }

  @Test
  void theFeedTellsWhatWasSealedAndGoesOnFromItsCursor() {
    try (Bank bank = new Bank()) {
      Feed start = bank.ledger.feed("", 100);
      assertEquals(Arrays.asList(FeedKind.OTHER, FeedKind.EVENT, FeedKind.BLOCK),
          start.items().stream().map(FeedItem::kind).collect(Collectors.toList()));
      Appended record = bank.append("1.00");
      assertEquals(Collections.emptyList(), bank.ledger.feed(start.next(), 100).items(), "appended is not sealed");
      assertEquals(start.next(), bank.ledger.feed(start.next(), 100).next());
      Sealed block = bank.ledger.seal(bank.key);
      Feed feed = bank.ledger.feed(start.next(), 100);
      FeedItem told = feed.items().get(0);
      assertEquals(FeedKind.RECORD, told.kind());
      assertEquals(OptionalLong.of(record.sequence()), told.sequence());
      assertEquals(Optional.of(record.digest()), told.digest());
      assertEquals(Optional.of(record.number()), told.number());
      assertEquals(Optional.of(record.preservationNumber()), told.preservationNumber());
      assertEquals(OptionalLong.of(0), told.place());
      assertEquals(Optional.empty(), told.role(), "nobody signed it");
      assertFalse(told.toJson().contains("1.00"), "no values");
      FeedItem sealed = feed.items().get(1);
      assertEquals(FeedKind.BLOCK, sealed.kind());
      assertEquals(1, sealed.height());
      assertEquals(OptionalLong.empty(), sealed.sequence());
      assertEquals(Optional.of(block.blockHash()), sealed.blockHash());
      assertEquals(feed.next(), sealed.next());
      assertEquals(told.next(), bank.ledger.feed(start.next(), 1).next());
      assertEquals(2, feed.items().size());
      assertEquals(feed, bank.ledger.feed(start.next(), 100), "the same at every reading");

      assertEquals(503, Errors.number(() -> bank.ledger.feed("7.0", 1)), "rolled back");
      for (String cursor : new String[] {"seven", "1", "1.", "-1.0", "01.0", "1.0 "}) {
        assertEquals(101, Errors.number(() -> bank.ledger.feed(cursor, 1)), cursor);
      }
      assertEquals(101, Errors.number(() -> bank.ledger.feed("", -1)));
      assertEquals(309, Errors.number(() -> bank.ledger.feed("\udc00", 1)));
      assertThrows(NullPointerException.class, () -> bank.ledger.feed(null, 1));
    }
  }

  @Test
  void everyKindIsTold() {
    try (Bank bank = new Bank(); SoftwareKey customer = SoftwareKey.generate(SignatureAlgorithm.P_256)) {
      Appended record = bank.ledger.appendSigned(Bank.loan("1.00").build(), customer, Role.CUSTOMER);
      Draft further = Statements.overDigest(record.digest(), SignerTerms.of(customer.publicKey(), Role.WITNESS).issuedAt(Bank.NOW));
      bank.ledger.appendEntry(Statements.finish(further.bytes(), customer.sign(further.toSign())));
      Draft enrol = bank.ledger.keys().enrol(KeyRole.CUSTOMER, customer.publicKey(), Custody.ENCLAVE, Bank.NOW);
      String kid = bank.ledger.keys().finish(enrol.bytes(), customer.sign(enrol.toSign()));
      List<Long> sequences = Collections.singletonList(record.sequence());
      bank.ledger.privacy().hold(sequences, HoldReason.AUDIT, "audit 1", null);
      bank.ledger.privacy().lift(sequences, HoldReason.AUDIT, "audit 1", null);
      bank.ledger.privacy().erase(sequences, EraseReason.ORDER, "order 1", null);
      Head head;
      try (Bank other = new Bank()) {
        head = other.ledger.head();
      }
      bank.ledger.json().note(Texts.utf8("{\"kind\":\"observed-head\",\"ledger_id\":\"" + head.ledgerId() + "\",\"height\":0,\"block_hash\":\"sha256:"
          + head.blockHash() + "\",\"sealed_digest\":\"sha256:"
          + head.sealedDigest() + "\",\"time\":1}"));
      bank.ledger.end(null, null);
      bank.ledger.seal(bank.key);
      List<FeedItem> items = bank.ledger.feed("", 100).items();
      Set<FeedKind> seen = EnumSet.noneOf(FeedKind.class);
      items.forEach(item -> seen.add(item.kind()));
      assertEquals(EnumSet.allOf(FeedKind.class), seen);
      assertEquals(Optional.of("customer"), one(items, FeedKind.RECORD).role());
      assertEquals(Optional.of(record.digest()), one(items, FeedKind.SIGNED).digest());
      assertEquals(Optional.of("witness"), one(items, FeedKind.SIGNED).role());
      assertEquals(Optional.of(kid), one(items, FeedKind.KEY).kid());
      assertEquals(Optional.of("enrol"), one(items, FeedKind.KEY).action());
      assertEquals(Arrays.asList(record.digest()), one(items, FeedKind.ERASED).records());
      assertEquals(Optional.of("set"), one(items, FeedKind.HOLD).action());
      assertEquals(Optional.of(head.ledgerId()), one(items, FeedKind.OBSERVED_HEAD).ledgerId());
      assertEquals(OptionalLong.of(0), one(items, FeedKind.OBSERVED_HEAD).ofHeight());
      assertTrue(items.stream().anyMatch(item -> item.event().equals(Optional.of("closed"))));
    }
  }

  private static FeedItem one(List<FeedItem> items, FeedKind kind) {
    return items.stream().filter(item -> item.kind() == kind).findFirst().get();
  }

  @Test
  void thisVersionKnowsEveryKindOfTheLibrary() throws Exception {
    String source = new String(Files.readAllBytes(Vectors.repository().resolve("core/src/ledger/feed.rs")), StandardCharsets.UTF_8);
    Matcher words = Pattern.compile("Happened::\\w+(?: \\{ \\.\\. })? => \"([a-z-]+)\"").matcher(source);
    Set<String> library = new TreeSet<>();
    while (words.find()) {
      library.add(words.group(1));
    }
    assertEquals(Arrays.stream(FeedKind.values()).map(FeedKind::word).collect(Collectors.toCollection(TreeSet::new)), library);
  }

  @Test
  void aPlatformIsToldWhatItsInterfaceTakes() {
    try (Bank bank = new Bank(HashAlgorithm.SM3, SignatureAlgorithm.SM2);
        SoftwareKey customer = SoftwareKey.generate(SignatureAlgorithm.SM2)) {
      Appended record = bank.append("5000.00");
      Appended signed = bank.ledger.appendSigned(Bank.loan("1.00").build(), customer, Role.CUSTOMER);
      bank.ledger.seal(bank.key);
      byte[] closed = bank.ledger.prove(ProofRequest.ofDossier(record.dossier()));
      byte[] open = bank.ledger.prove(ProofRequest.ofDossier(record.dossier()).showAll());
      byte[] statement = bank.ledger.prove(ProofRequest.ofDossier(signed.dossier()));
      for (DepositPlatform platform : DepositPlatform.values()) {
        assertNotNull(Json.object(Texts.utf8(Proofs.deposit(statement, signed.digest(), platform))), platform.word());
      }
      String told = Proofs.deposit(closed, record.digest(), DepositPlatform.BTOE);
      assertTrue(told.contains(record.number()) && told.contains(record.digest().substring(4)), told);
      assertFalse(Proofs.deposit(closed, record.digest(), DepositPlatform.ESIGN).contains("5000.00"), "not shown");
      assertTrue(Proofs.deposit(open, record.digest(), DepositPlatform.ESIGN).contains("5000.00"));

      assertEquals(101, Errors.number(() -> Proofs.deposit(closed, record.digest(), DepositPlatform.FISCO)), "nobody signed it");
      assertEquals(101, Errors.number(() -> Proofs.deposit(closed, record.digest(), DepositPlatform.P3211)));
      assertEquals(502, Errors.number(() -> Proofs.deposit(closed, signed.digest(), DepositPlatform.BTOE)));
      assertEquals(101, Errors.number(() -> Proofs.deposit(closed, "digest", DepositPlatform.BTOE)));
      assertEquals(301, Errors.number(() -> Proofs.deposit(new byte[0], record.digest(), DepositPlatform.BTOE)));
      assertThrows(NullPointerException.class, () -> Proofs.deposit(closed, record.digest(), null));
      // The library's own list of platforms, which it tells whoever names another.
      YinzhengException unknown = assertThrows(YinzhengException.class,
          () -> Native.proofDeposit(closed, Texts.utf8(record.digest()), Texts.utf8("nobody")));
      assertEquals(ErrorCode.UNKNOWN_NAME, unknown.code());
      String all = Arrays.stream(DepositPlatform.values()).map(DepositPlatform::word).collect(Collectors.joining(", "));
      assertTrue(unknown.getMessage().contains("one of " + all + "."), unknown.getMessage());
    }
  }
}
