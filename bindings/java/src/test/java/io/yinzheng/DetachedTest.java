package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Detached sealing: a whole ledger whose bytes only this test keeps. */
class DetachedTest {
  private static Sealer sealer(byte[] head, List<byte[]> entries) {
    Sealer sealer = Sealer.open(head);
    entries.forEach(sealer::add);
    return sealer;
  }

  @ParameterizedTest
  @CsvSource({"SHA_256,P_256", "SM3,SM2", "SHA_256,ED25519"})
  void aLedgerWithoutAStoreSealsAndProves(HashAlgorithm hash, SignatureAlgorithm algorithm) {
    try (SoftwareKey key = SoftwareKey.generate(algorithm)) {
      Genesis genesis = Genesis.of(Bank.creator(hash, key));
      List<byte[]> first = Arrays.asList(genesis.genesis(), genesis.opened());
      SealedBlock zero;
      byte[][] receipts = new byte[4][];
      try (Sealer sealer = sealer(null, first)) {
        Draft draft = sealer.prepare(Bank.NOW);
        zero = sealer.finish(draft.bytes(), key.sign(draft.toSign()));
        receipts[0] = sealer.receipt(zero.block(), 0);
        receipts[1] = sealer.receipt(zero.block(), 1);
        assertEquals(313, Errors.number(() -> sealer.receipt(zero.block(), 2)));
      }
      DetachedRecord one = DetachedRecord.first(Bank.loan("5000.00").hash(hash).build());
      DetachedRecord two = DetachedRecord.next(
          Bank.loan("6000.00").hash(hash).dossier(one.preservationNumber()).build(), 1, one.digest());
      List<byte[]> second = Arrays.asList(one.entry(), two.entry());
      Draft draft;
      try (Sealer sealer = sealer(zero.head(), second)) {
        draft = sealer.prepare(Bank.NOW);
      }
      SealedBlock sealed;
      // Another process goes on from what was stored.
      try (Sealer sealer = sealer(zero.head(), second)) {
        assertArrayEquals(draft.bytes(), sealer.prepare(Bank.NOW).bytes());
        sealed = sealer.finish(draft.bytes(), key.sign(draft.toSign()));
        receipts[2] = sealer.receipt(sealed.block(), 1);
        receipts[3] = sealer.receipt(sealed.block(), 2);
      }
      assertEquals(1, sealed.height());
      assertEquals(2, sealed.firstSequence());
      byte[] path = Sealer.historyPath(hash, zero.historyLeaf(), 0);
      byte[] proof = Proofs.assemble(
          Arrays.asList(
              new ProofItem(genesis.genesis(), receipts[0], Collections.emptyList()),
              new ProofItem(genesis.opened(), receipts[1], Collections.emptyList()),
              new ProofItem(one.entry(), receipts[2], one.disclosures()),
              new ProofItem(two.entry(), receipts[3], two.disclosures())),
          Collections.singletonList(Profile.file("loan.disbursement")), sealed.block(), Collections.singletonMap(0L, path));
      Verdict verdict = Verifier.verify(proof, Policy.NONE, Bank.LATER);
      StoryTest.sound(verdict);
      assertEquals(2, verdict.records().size());
      assertEquals(one.number(), verdict.records().get(0).number());
      assertTrue(Checks.inspect("head", sealed.head(), null).contains("\"height\":1"));
    }
    assertEquals(0, Yinzheng.openHandles());
  }

  @Test
  void aPartySignsARecordWithoutAStore() {
    try (SoftwareKey customer = SoftwareKey.generate(SignatureAlgorithm.SM2)) {
      DetachedRecord record = DetachedRecord.first(Bank.loan("1.00").build());
      Draft draft = Statements.overRecord(record.entry(), SignerTerms.of(customer.publicKey(), Role.CUSTOMER));
      byte[] entry = Statements.finish(draft.bytes(), customer.sign(draft.toSign()));
      assertTrue(Checks.inspect("entry", entry, null).contains("statement"));
      assertEquals(403, Errors.number(() -> Statements.finish(draft.bytes(), new byte[64])));
      byte[] other = customer.sign(new byte[1]);
      assertEquals(404, Errors.number(() -> Statements.finish(draft.bytes(), other)));
      assertEquals(301, Errors.number(() -> Statements.finish(new byte[0], other)));
    }
  }
}
