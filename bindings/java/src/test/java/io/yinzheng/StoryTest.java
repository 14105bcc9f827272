package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What works: one story through every part of the library. */
class StoryTest {
  @TempDir Path folder;

  @AfterEach
  void nothingIsLeftOpen() {
    assertEquals(0, Yinzheng.openHandles());
  }

  static void sound(Verdict verdict) {
    for (VerdictLine line : verdict.lines(Outcome.CONTRADICTED)) {
      // Rules about the business, which a single invented record breaks.
      assertTrue(line.check().startsWith("rule."), line.check() + ": " + line.says(Language.EN));
    }
    assertTrue(verdict.count(Outcome.PROVEN) > 0);
  }

  @ParameterizedTest
  @CsvSource({"SHA_256,ED25519", "SHA_256,P_256", "SM3,SM2"})
  void aLoanIsSealedProvenAndVerified(HashAlgorithm hash, SignatureAlgorithm algorithm) {
    Path file = folder.resolve("ledger.db");
    byte[] vaultKey = Yinzheng.newVaultKey(VaultSuite.SM4_GCM);
    try (SoftwareKey key = SoftwareKey.generate(algorithm)) {
      Head head;
      ToSign waiting;
      Appended second;
      try (Ledger ledger = Bank.creator(hash, key).create(file, vaultKey)) {
        assertEquals(0, ledger.seal(key).height());
        Appended first = ledger.append(Bank.loan("5000.00").attachment("借据", "text/plain", "借据", "x".getBytes(StandardCharsets.UTF_8)).build());
        EvidenceRecord next = Bank.loan("6000.00").businessId("loan-1").dossier(first.preservationNumber())
            .cite(Relation.EVIDENCE, first.digest()).build();
        second = ledger.append(next);
        assertEquals(1, second.place());
        assertFalse(second.replayed());
        assertTrue(ledger.append(next).replayed());
        assertTrue(second.missing().size() > 1);
        head = ledger.head();
        assertEquals(2, ledger.status().unsealed());
        assertTrue(ledger.due(2, Duration.ZERO, Bank.NOW));
        // Begun, then the process ends: the same bytes wait after the restart.
        waiting = ledger.begin(Bank.NOW);
      }
      try (Ledger ledger = Ledger.opening(file).vaultKey(vaultKey).expectedHead(Head.ofJson(head.toJson())).open()) {
        ToSign again = ledger.pending().get();
        assertArrayEquals(waiting.bytes(), again.bytes());
        assertEquals(algorithm != SignatureAlgorithm.ED25519, again.digest().isPresent());
        assertEquals(key.publicKey().describe(), again.key().describe());
        byte[] signature = again.digest().isPresent() ? key.signDigest(again.digest().get()) : key.sign(again);
        Sealed sealed = ledger.commit(signature);
        assertEquals(1, sealed.height());
        assertEquals(sealed.blockHash(), ledger.head().blockHash());

        byte[] proof = ledger.prove(ProofRequest.ofDossier(second.preservationNumber()).showAll());
        Verdict verdict = Verifier.verify(proof, Policy.NONE, Bank.LATER);
        sound(verdict);
        assertFalse(verdict.originProven());
        assertEquals(Outcome.PROVEN, verdict.records().get(1).sealed());
        assertEquals(Grade.SELF, verdict.records().get(1).grade());
        assertTrue(verdict.records().get(1).values(Language.ZH).get("loan.amount").contains("6000.00"));
        String id = head.ledgerId().substring(head.ledgerId().indexOf(':') + 1);
        Policy policy = Policy.ofJson("{\"ledgers\":[{\"id\":\"" + id + "\",\"hash\":\"" + hash.word() + "\",\"name\":\"示例银行\"}]}");
        assertTrue(Verifier.verify(proof, policy, Bank.LATER).originProven());
        assertTrue(Verifier.explain(proof, policy, Bank.LATER, Language.ZH).contains("核验"));
        proof[proof.length / 2] ^= 1;
        Verdict spoilt = Verifier.verify(proof, policy, Bank.LATER);
        assertTrue(spoilt.contradicted() || spoilt.count(Outcome.PROVEN) < verdict.count(Outcome.PROVEN));
        assertEquals(0, ledger.check().problems().size());
      }
    }
  }

  @Test
  void aCustomerSignsOrRefuses() {
    try (Bank bank = new Bank(); SoftwareKey customer = SoftwareKey.generate(SignatureAlgorithm.SM2)) {
      Appended signed = bank.ledger.appendSigned(Bank.loan("1.00").build(), customer, Role.CUSTOMER);
      SignerTerms terms = SignerTerms.of(customer.publicKey(), Role.CUSTOMER).audience("ledger");
      HeldRecord held = bank.ledger.holdForSignature(Bank.loan("2.00").dossier(signed.preservationNumber()).build(), terms);
      HeldRecord same = bank.ledger.held().get(0);
      assertArrayEquals(held.toSign().bytes(), same.toSign().bytes());
      assertEquals(held.number(), same.number());
      byte[] other = customer.sign(new byte[1]);
      assertEquals(404, Errors.number(() -> bank.ledger.finishStatement(held.id(), other)));
      bank.ledger.dropStatement(held.id(), DropReason.DECLINED, null);
      assertEquals(0, bank.ledger.held().size());
      bank.ledger.seal(bank.key);
      Verdict verdict = Verifier.verify(
          bank.ledger.prove(ProofRequest.ofDossier(signed.preservationNumber()).showByProfile()), Policy.NONE, Bank.LATER);
      assertEquals(1, verdict.records().size());
    }
  }

  @Test
  void keysComeAndGo() {
    try (Bank bank = new Bank(); SoftwareKey next = SoftwareKey.generate(SignatureAlgorithm.P_256);
        SoftwareKey customer = SoftwareKey.generate(SignatureAlgorithm.P_256)) {
      Draft rotation = bank.ledger.keys().rotate(next.publicKey(), Custody.SOFTWARE, Bank.NOW);
      bank.ledger.keys().finish(rotation.bytes(), next.sign(rotation.toSign()));
      Draft enrol = bank.ledger.keys().enrol(KeyRole.CUSTOMER, customer.publicKey(), Custody.ENCLAVE, Bank.NOW);
      String kid = bank.ledger.keys().finish(enrol.bytes(), customer.sign(enrol.toSign()));
      SignerTerms terms = SignerTerms.of(customer.publicKey(), Role.CUSTOMER).audience("ledger");
      Appended unnamed = bank.ledger.appendSigned(Bank.loan("1.00").build(), customer, Role.CUSTOMER);
      Appended named = bank.ledger.appendSigned(Bank.loan("2.00").build(), customer, terms.kid(kid));
      bank.ledger.seal(bank.key);
      for (Appended record : Arrays.asList(unnamed, named)) {
        Verdict verdict = Verifier.verify(
            bank.ledger.prove(ProofRequest.ofDossier(record.preservationNumber()).showByProfile()), Policy.NONE, Bank.LATER);
        assertEquals(record == named ? Grade.COUNTERSIGNED_BY_PARTY : Grade.SELF, verdict.records().get(0).grade());
      }
      bank.ledger.keys().revoke(KeyRole.CUSTOMER, kid, RevokeReason.LOST, Bank.NOW);
      bank.ledger.seal(next);
      List<LedgerKey> keys = bank.ledger.keys().list();
      assertEquals(2, keys.size());
      assertEquals(next.publicKey().describe(), keys.get(1).key().describe());
      assertTrue(keys.get(0).ended().isPresent());
      assertFalse(keys.get(1).revoked().isPresent());
    }
  }

  @Test
  void valuesAreShownHeldAndErased() {
    try (Bank bank = new Bank()) {
      Appended record = bank.append("5000.00");
      bank.ledger.seal(bank.key);
      List<Long> sequences = Collections.singletonList(record.sequence());
      byte[] closed = bank.ledger.prove(ProofRequest.ofEntries(sequences));
      Disclosure amount = bank.ledger.disclosures(record.sequence()).stream()
          .filter(value -> value.name().equals("loan.amount")).findFirst().get();
      byte[] open = Proofs.disclose(closed, record.digest(), Collections.singletonList(amount.disclosure()));
      assertEquals(1, Verifier.verify(open, Policy.NONE, Bank.LATER).records().get(0).values(Language.EN).size());
      assertArrayEquals(open, Proofs.join(Arrays.asList(open, open)));
      Map<String, byte[]> kit = Proofs.kit(open, record.digest());
      assertTrue(kit.keySet().toString().contains("COMMANDS"), kit.keySet().toString());

      LedgerPrivacy privacy = bank.ledger.privacy();
      privacy.hold(sequences, HoldReason.DISPUTE, "case 1", null);
      assertEquals(510, Errors.number(() -> privacy.erase(sequences, EraseReason.ORDER, "order 1", null)));
      privacy.restrict(sequences, HoldReason.DISPUTE, "case 1", null);
      assertEquals(510, Errors.number(() -> bank.ledger.disclosures(record.sequence())));
      privacy.lift(sequences, HoldReason.DISPUTE, "case 1", null);
      byte[] newKey = Yinzheng.newVaultKey(VaultSuite.AES_256_GCM);
      String moved = privacy.rewrap(newKey, null);
      privacy.confirmDestroyed((String) Json.object(Texts.utf8(moved)).get("old_key"), null);
      privacy.eraseValues(record.sequence(), Collections.singletonList("loan.amount"), EraseReason.PERSONS_REQUEST, "r", null);
      Erasure erased = privacy.eraseDossier(record.preservationNumber(), EraseReason.RETENTION_OVER, "rule 3", null);
      assertEquals(Collections.singletonList(record.digest()), erased.records());
      assertEquals(1, erased.tombstones().size());
      sound(Verifier.verify(open, Policy.NONE, Bank.LATER));
    }
  }

  @Test
  void bundlesReachAReplicaThatReadsOnly() throws Exception {
    try (Bank bank = new Bank()) {
      bank.append("1.00");
      bank.ledger.seal(bank.key);
      Path bundle = folder.resolve("blocks.yzb");
      Path replica = folder.resolve("replica.db");
      Bundles.export(bank.ledger, 0, 0, bundle);
      assertEquals(601, Errors.number(() -> Bundles.export(bank.ledger, 0, 0, bundle)));
      assertArrayEquals(Files.readAllBytes(bundle), Bundles.export(bank.ledger, 0, 0));
      Bundles.importInto(replica, bundle);
      assertTrue(Bundles.importInto(replica, Bundles.export(bank.ledger, 0, 1)).contains("\"imported\":1"));
      sound(Verifier.verifyBundle(bundle, Policy.NONE, Bank.LATER));
      sound(Verifier.verifyBundle(Bundles.export(bank.ledger, 0, 1), Policy.NONE, Bank.LATER));
      try (Ledger read = Ledger.opening(replica).readOnly().open()) {
        assertEquals(bank.ledger.head(), read.head());
        assertEquals(203, Errors.number(() -> read.begin(Bank.NOW)));
      }
    }
  }

  @Test
  void anotherBankCountersigns() {
    try (Bank bank = new Bank(HashAlgorithm.SM3, SignatureAlgorithm.SM2);
        SoftwareKey witness = SoftwareKey.generate(SignatureAlgorithm.P_256)) {
      Appended record = bank.append("1.00");
      bank.ledger.seal(bank.key);
      Draft draft = Statements.countersign(
          bank.ledger.json().headState(), witness.publicKey(), Claim.SEEN, "另一银行", Role.WITNESS, null);
      byte[] word = Statements.finishCountersignature(draft.bytes(), witness.sign(draft.toSign()));
      Statements.attach(bank.ledger, 1, word);
      Draft further = Statements.overDigest(
          record.digest(), SignerTerms.of(witness.publicKey(), Role.WITNESS).issuedAt(Bank.NOW));
      bank.ledger.appendEntry(Statements.finish(further.bytes(), witness.sign(further.toSign())));
      String pem = Texts.string(Json.write(witness.publicKey().request()));
      Policy policy = Policy.ofJson("{\"keys\":[" + pem.substring(0, pem.length() - 1)
          + ",\"role\":\"witness\",\"name\":\"另一银行\"}]}");
      byte[] proof = bank.ledger.prove(ProofRequest.ofDossier(record.dossier()).showFor(Audience.COURT));
      assertEquals(Grade.WITNESSED, Verifier.verify(proof, policy, Bank.LATER).records().get(0).grade());
    }
  }

  @Test
  void aLedgerEndsAndAnotherGoesOn() {
    try (Bank bank = new Bank(); SoftwareKey next = SoftwareKey.generate(SignatureAlgorithm.SM2)) {
      bank.append("1.00");
      bank.ledger.end(next.publicKey(), null);
      bank.ledger.seal(bank.key);
      Continued continued = Bank.creator(HashAlgorithm.SM3, next)
          .continueFrom(bank.ledger, ContinueReason.ROLLOVER, null, folder.resolve("2027.db"), bank.vaultKey);
      try (Ledger ledger = continued.ledger()) {
        ledger.seal(next);
        assertNotEquals(bank.ledger.head().ledgerId(), ledger.head().ledgerId());
        assertEquals(0, continued.held());
        assertEquals(507, Errors.number(() -> bank.append("2.00")));
      }
    }
  }

  @Test
  void manyGoInTogetherAndAreFound() {
    try (Bank bank = new Bank()) {
      List<Appended> three = bank.ledger.appendMany(
          Arrays.asList(Bank.loan("1.00").build(), Bank.loan("2.00").build(), Bank.loan("3.00").build()));
      assertEquals(3, three.size());
      YinzhengException refused = assertThrows(YinzhengException.class, () -> bank.ledger.appendMany(
          Arrays.asList(Bank.loan("1.00").build(), EvidenceRecord.of("generic").text("支付密码", "1").build())));
      assertEquals(ErrorCode.REFUSED_FIELD, refused.code());
      assertTrue(refused.getMessage().contains("record 1"), refused.getMessage());
      assertEquals(5, bank.ledger.status().entries(), "all or none");
      Dossier dossier = bank.ledger.dossier(three.get(2).preservationNumber());
      assertEquals(three.get(2).number(), dossier.places().get(0).number());
      assertEquals(3, bank.ledger.dossiers("", 10).size());
      assertTrue(Texts.string(bank.ledger.json().find(three.get(0).number())).contains("\"kind\":\"record\""));
    }
  }

  @Test
  void aLedgerTakesAsMuchAtOnceAsItsHostSays() {
    try (SoftwareKey key = SoftwareKey.generate(SignatureAlgorithm.P_256);
        Ledger ledger = Bank.creator(HashAlgorithm.SHA_256, key).limits(1, 2).createInMemory(new byte[32])) {
      ledger.seal(key);
      assertEquals(104, Errors.number(() -> ledger.appendMany(Arrays.asList(Bank.loan("1.00").build(), Bank.loan("2.00").build()))));
      ledger.append(Bank.loan("1.00").build());
      ledger.append(Bank.loan("2.00").build());
      assertEquals(104, Errors.number(() -> ledger.append(Bank.loan("3.00").build())), "seal first");
      ledger.seal(key);
      ledger.append(Bank.loan("3.00").build());
      assertEquals(101, Errors.number(() -> Bank.creator(HashAlgorithm.SHA_256, key).limits(0, 1).createInMemory(new byte[32])));
    }
  }

  @Test
  void anHsmWrapsTheKeysOfRecords() {
    try (SoftwareKey key = SoftwareKey.generate(SignatureAlgorithm.P_256);
        Ledger ledger = Bank.creator(HashAlgorithm.SHA_256, key).wrappedByHost().createInMemory(new byte[32])) {
      // The "HSM" of this test turns every bit.
      java.util.function.UnaryOperator<byte[]> hsm = bytes -> {
        byte[] out = bytes.clone();
        for (int at = 0; at < out.length; at++) {
          out[at] = (byte) ~out[at];
        }
        return out;
      };
      assertThrows(YinzhengException.class, () -> ledger.append(Bank.loan("1.00").build()), "no key is ready");
      assertEquals(2, ledger.hostKeys().supply(2, hsm));
      Appended record = ledger.append(Bank.loan("1.00").build());
      byte[] wrapped = ledger.hostKeys().wrapped(record.sequence());
      List<Disclosure> values = ledger.hostKeys().disclosures(record.sequence(), hsm.apply(wrapped));
      assertTrue(values.stream().anyMatch(value -> value.en().contains("1.00")));
      assertEquals(603, Errors.number(() -> ledger.hostKeys().disclosures(record.sequence(), wrapped)));
      List<String> amount = Collections.singletonList("loan.amount");
      assertEquals(603, Errors.number(
          () -> ledger.hostKeys().eraseValues(record.sequence(), wrapped, amount, EraseReason.ORDER, "r", null)));
      ledger.hostKeys().supply(2, hsm);
      ledger.hostKeys().eraseValues(record.sequence(), hsm.apply(wrapped), amount, EraseReason.ORDER, "r", null);
      byte[] renewed = ledger.hostKeys().wrapped(record.sequence());
      List<Disclosure> left = ledger.hostKeys().disclosures(record.sequence(), hsm.apply(renewed));
      assertTrue(left.stream().noneMatch(value -> value.en().contains("1.00")));
      ledger.hostKeys().replace(record.sequence(), new byte[] {1});
      assertArrayEquals(new byte[] {1}, ledger.hostKeys().wrapped(record.sequence()));
    }
    try (Bank bank = new Bank()) {
      assertEquals(101, Errors.number(() -> bank.ledger.hostKeys().supply(1, bytes -> bytes)));
    }
  }

  @Test
  void aCloneSignsAnotherBlockAndIsProvenToHaveForked() {
    Path file = folder.resolve("ledger.db");
    Path clone = folder.resolve("clone.db");
    byte[] vaultKey = Yinzheng.newVaultKey(VaultSuite.AES_256_GCM);
    try (SoftwareKey key = SoftwareKey.generate(SignatureAlgorithm.P_256);
        Ledger ledger = Bank.creator(HashAlgorithm.SHA_256, key).create(file, vaultKey)) {
      ledger.seal(key);
      Ledger.backup(file, clone);
      assertEquals(101, Errors.number(() -> Ledger.backup(file, clone)));
      ledger.append(Bank.loan("1.00").build());
      ledger.seal(key);
      byte[] other;
      try (Ledger second = Ledger.opening(clone).vaultKey(vaultKey).open()) {
        second.append(Bank.loan("2.00").build());
        second.seal(key);
        other = Bundles.export(second, 0, 1);
      }
      Verdict verdict = Verifier.verify(ledger.proveFork(other), Policy.NONE, Bank.LATER);
      assertTrue(verdict.lines(Outcome.CONTRADICTED).stream().anyMatch(line -> line.check().equals("ledger.one-history")));
      assertEquals(502, Errors.number(() -> ledger.proveFork(Bundles.export(ledger, 0, 1))));
    }
  }

  @Test
  void aPolicyThatKnowsOneOfTwoLedgersSaysSo() {
    try (Bank known = new Bank(); Bank unknown = new Bank(HashAlgorithm.SM3, SignatureAlgorithm.SM2)) {
      List<byte[]> proofs = new java.util.ArrayList<>();
      for (Bank bank : Arrays.asList(known, unknown)) {
        Appended record = bank.append("1.00");
        bank.ledger.seal(bank.key);
        proofs.add(bank.ledger.prove(ProofRequest.ofDossier(record.dossier())));
      }
      String id = known.ledger.head().ledgerId().substring("sha256:".length());
      Policy policy = Policy.ofJson("{\"ledgers\":[{\"id\":\"" + id + "\",\"hash\":\"SHA-256\",\"name\":\"示例银行\"}]}");
      origin(proofs.get(0), policy, "origin-checked", true, false);
      origin(proofs.get(1), policy, "integrity-only", false, false);
      origin(Proofs.join(proofs), policy, "origin-in-part", false, true);
      origin(Proofs.join(proofs), Policy.NONE, "integrity-only", false, false);
    }
    Verdict nothing = Verifier.verify(new byte[] {1}, Policy.NONE, Bank.LATER);
    assertEquals(Collections.singletonList("unreadable"), nothing.summaryIds());
    assertTrue(nothing.unreadable() && !nothing.originProven() && !nothing.originInPart());
  }

  private static void origin(byte[] proof, Policy policy, String id, boolean proven, boolean inPart) {
    Verdict verdict = Verifier.verify(proof, policy, Bank.LATER);
    assertTrue(verdict.summaryIds().contains(id), id + " " + verdict.summaryIds());
    assertEquals(proven, verdict.originProven(), id);
    assertEquals(inPart, verdict.originInPart(), id);
    assertFalse(verdict.unreadable());
  }

  @Test
  void aClockThatWasSetIsNoted() {
    try (Bank bank = new Bank()) {
      byte[] boot = new byte[16];
      TimeClaim before = TimeClaim.declared(Bank.NOW).monotonic(Duration.ofSeconds(10), boot);
      bank.ledger.append(Bank.loan("1.00").time(before).build());
      assertFalse(bank.ledger.noteClock(TimeClaim.declared(Bank.NOW.plusSeconds(5)).monotonic(Duration.ofSeconds(15), boot)).isPresent());
      assertTrue(bank.ledger.noteClock(TimeClaim.declared(Bank.NOW.plusSeconds(99)).monotonic(Duration.ofSeconds(16), boot)).isPresent());
    }
  }
}
