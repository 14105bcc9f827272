package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x509.CRLReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Timestamps of an authority that we did not write: asked for, carried away, attached, and proven; and all that is refused. */
class TimestampsTest {
  private static final byte[] DECLINED = {0x30, 5, 0x30, 3, 2, 1, 2};

  @TempDir Path folder;

  @AfterEach
  void nothingIsLeftOpen() {
    assertEquals(0, Yinzheng.openHandles());
  }

  private static List<Outcome> tokens(byte[] proof, Policy policy) {
    return Verifier.verify(proof, policy, Bank.LATER.plus(Duration.ofDays(90))).lines().stream()
        .filter(line -> line.check().equals("outside.token")).map(VerdictLine::outcome).collect(Collectors.toList());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStampComesBackIntoAnotherProcessAndTravelsInProofs(boolean sm2) throws Exception {
    Authority authority = new Authority(sm2, true);
    Path file = folder.resolve("ledger.db");
    byte[] vaultKey = Yinzheng.newVaultKey(VaultSuite.AES_256_GCM);
    HashAlgorithm hash = sm2 ? HashAlgorithm.SM3 : HashAlgorithm.SHA_256;
    Appended record;
    byte[] query;
    try (SoftwareKey key = SoftwareKey.generate(sm2 ? SignatureAlgorithm.SM2 : SignatureAlgorithm.P_256);
        Ledger ledger = Bank.creator(hash, key).create(file, vaultKey)) {
      ledger.seal(key);
      record = ledger.append(Bank.loan("1.00").build());
      assertEquals(1, ledger.seal(key).height());
      query = ledger.timestamps().requestForBlock(1, hash);
      assertNotEquals(Texts.hex(query), Texts.hex(ledger.timestamps().requestForBlock(1, hash)), "a nonce");
    }
    byte[] response = authority.answer(query, Authority.NOW);
    try (Ledger ledger = Ledger.opening(file).vaultKey(vaultKey).open()) {
      Timestamp stamp = ledger.timestamps().attachToBlock(1, query, response, authority.policy());
      assertEquals(Authority.NOW, stamp.time());
      assertEquals(Optional.of(Duration.ofSeconds(1)), stamp.accuracy());
      assertEquals(BigInteger.valueOf(0x1f5), stamp.serial());
      assertEquals("1.3.6.1.4.1.32473.1", stamp.policy());
      assertEquals(hash, stamp.hash());
      assertArrayEquals(Checks.digest(hash, ledger.json().block(1)[0]), Texts.unhex(stamp.imprint()));
      assertTrue(Texts.hex(response).endsWith(Texts.hex(stamp.token())));
      // Again, without looking at the chain: it is the same token.
      assertEquals(stamp, ledger.timestamps().attachToBlock(1, query, response, Policy.NONE));
      byte[] proof = ledger.prove(ProofRequest.ofDossier(record.dossier()).showFor(Audience.COURT));
      assertEquals(Arrays.asList(Outcome.PROVEN), tokens(proof, authority.policy()));
      assertEquals(Arrays.asList(Outcome.NOT_PROVEN), tokens(proof, Policy.NONE), "an authority that nobody knows");
      assertEquals(Grade.WITNESSED, grade(proof, authority));
    }
  }

  @Test
  void aProofMayLeadToTheStampedBlock() throws Exception {
    Authority authority = new Authority(false, true);
    try (Bank bank = new Bank()) {
      Appended old = bank.append("1.00");
      bank.ledger.seal(bank.key);
      Appended record = bank.append("2.00");
      bank.ledger.seal(bank.key);
      ProofRequest newest = ProofRequest.ofDossier(old.dossier());
      assertEquals(502, Errors.number(() -> bank.ledger.prove(newest.toWitnessed())), "nobody saw any");
      byte[] query = bank.ledger.timestamps().requestForBlock(2, HashAlgorithm.SHA_256);
      bank.ledger.timestamps().attachToBlock(2, query, authority.answer(query, Authority.NOW), authority.policy());
      Appended late = bank.append("3.00");
      bank.ledger.seal(bank.key);
      assertEquals(Grade.SELF, grade(bank.ledger.prove(newest), authority));
      assertEquals(Grade.SELF, grade(bank.ledger.prove(newest.toBlock(1)), authority));
      for (ProofRequest request : new ProofRequest[] {newest.toWitnessed(), newest.toBlock(2), newest.toBlock(9).toWitnessed().showAll(),
          ProofRequest.ofDossier(record.dossier()).toWitnessed()}) {
        assertEquals(Grade.WITNESSED, grade(bank.ledger.prove(request), authority));
      }
      assertEquals(502, Errors.number(() -> bank.ledger.prove(ProofRequest.ofDossier(late.dossier()).toWitnessed())), "sealed later");
      assertEquals(502, Errors.number(() -> bank.ledger.prove(ProofRequest.ofDossier(record.dossier()).toBlock(1))), "sealed later");
      assertEquals(502, Errors.number(() -> bank.ledger.prove(newest.toBlock(9))));
      assertEquals(101, Errors.number(() -> bank.ledger.prove(newest.toBlock(-1))));
    }
  }

  private static Grade grade(byte[] proof, Authority authority) throws Exception {
    return Verifier.verify(proof, authority.policy(), Bank.LATER.plus(Duration.ofDays(90))).records().get(0).grade();
  }

  @Test
  void anEntryIsStampedToo() throws Exception {
    Authority authority = new Authority(false, true);
    try (Bank bank = new Bank()) {
      Appended record = bank.append("1.00");
      bank.ledger.seal(bank.key);
      byte[] query = bank.ledger.timestamps().requestForEntry(record.sequence(), HashAlgorithm.SM3);
      Timestamp stamp = bank.ledger.timestamps().attachToEntry(
          record.sequence(), query, authority.answer(query, Authority.NOW), authority.policy());
      assertEquals(HashAlgorithm.SM3, stamp.hash());
      assertArrayEquals(Checks.digest(HashAlgorithm.SM3, bank.ledger.json().entry(record.sequence())), Texts.unhex(stamp.imprint()));
      byte[] proof = bank.ledger.prove(ProofRequest.ofDossier(record.dossier()));
      assertEquals(Arrays.asList(Outcome.PROVEN), tokens(proof, authority.policy()));
    }
  }

  @Test
  void whatIsRefusedIsNotKept() throws Exception {
    refusals();
  }

  /** Everything that is refused, each with its number. */
  static void refusals() throws Exception {
    Authority authority = new Authority(false, true);
    Authority stranger = new Authority(true, true);
    Authority noIssuer = new Authority(false, false);
    try (Bank bank = new Bank()) {
      Appended record = bank.append("1.00");
      bank.ledger.seal(bank.key);
      LedgerTimestamps stamps = bank.ledger.timestamps();
      assertEquals(502, Errors.number(() -> stamps.requestForBlock(9, HashAlgorithm.SM3)));
      assertEquals(502, Errors.number(() -> stamps.requestForEntry(99, HashAlgorithm.SM3)));
      for (String request : new String[] {"", "{}", "{\"height\":0,\"sequence\":0}", "{\"height\":-1}", "{\"height\":0,\"policy\":{}}"}) {
        assertEquals(101, Errors.number(() -> bank.ledger.json().timestampRequest(Texts.utf8(request))), request);
      }
      assertEquals(102, Errors.number(() -> bank.ledger.json().timestampRequest(Texts.utf8("{\"height\":0,\"hash\":\"MD5\"}"))));

      byte[] query = stamps.requestForBlock(1, HashAlgorithm.SHA_256);
      byte[] again = stamps.requestForBlock(1, HashAlgorithm.SHA_256);
      byte[] good = authority.answer(query, Authority.NOW);
      Policy known = authority.policy();
      refused(417, bank, query, DECLINED, known);
      for (byte[] junk : new byte[][] {{}, {1}, Texts.utf8("junk"), java.util.Arrays.copyOf(good, good.length - 1)}) {
        refused(416, bank, query, junk, known);
        refused(416, bank, junk, good, known);
      }
      refused(418, bank, again, good, known);
      refused(407, bank, stamps.requestForBlock(0, HashAlgorithm.SHA_256), good, known);
      assertEquals(407, Errors.number(() -> stamps.attachToBlock(0, query, good, known)));
      assertEquals(407, Errors.number(() -> stamps.attachToEntry(record.sequence(), query, good, known)));
      assertEquals(502, Errors.number(() -> stamps.attachToBlock(9, query, good, known)));
      refused(419, bank, query, good, stranger.policy());
      refused(419, bank, query, good, Policy.ofJson("{}"));
      refused(420, bank, query, authority.answer(query, Authority.BEGIN.minusSeconds(60)), known);
      refused(420, bank, query, authority.answer(query, Authority.END.plusSeconds(60)), known);
      refused(421, bank, query, noIssuer.answer(query, Authority.NOW), noIssuer.policy());
      byte[] superseded = authority.revoked(Authority.NOW.plusSeconds(60), CRLReason.superseded);
      refused(422, bank, query, good, authority.policy(authority.revoked(Authority.NOW.minusSeconds(60), CRLReason.superseded)));
      // Whoever stole the key dates his tokens back.
      refused(422, bank, query, good, authority.policy(authority.revoked(Authority.NOW.plusSeconds(60), CRLReason.keyCompromise)));
      refused(423, bank, query, authority.answer(query, Authority.NOW, authority.twin()), known);
      // The version of the certificate is 10, where 3 is the highest: it cannot be read, and is passed over.
      String version = Texts.hex(authority.certificate.getEncoded()).substring(0, 26);
      refused(419, bank, query, Texts.unhex(Texts.hex(good).replace(version, version.substring(0, 24) + "09")), known);
      byte[] spoilt = good.clone();
      spoilt[spoilt.length - 1] ^= 1;
      refused(404, bank, query, spoilt, known);
      // A policy that is none, or that says more than a policy may, next to it in the request.
      for (String policy : new String[] {"{", "[]", "{\"anchors\":1}", "{},\"sequence\":2", "{}}", "{} ,\"height\":0"}) {
        refused(107, bank, query, good, Policy.ofJson(policy));
      }
      refused(107, bank, query, good, Policy.ofFile(new byte[] {'{', (byte) 0xff, '}'}));

      byte[] proof = bank.ledger.prove(ProofRequest.ofDossier(record.dossier()));
      assertTrue(tokens(proof, known).isEmpty(), "nothing of it was kept");
      stamps.attachToBlock(1, query, good, authority.policy(superseded));
      byte[] stamped = bank.ledger.prove(ProofRequest.ofDossier(record.dossier()));
      assertFalse(tokens(stamped, known).isEmpty());
    }
  }

  private static void refused(int number, Bank bank, byte[] query, byte[] response, Policy policy) {
    assertEquals(number, Errors.number(() -> bank.ledger.timestamps().attachToBlock(1, query, response, policy)));
  }
}
