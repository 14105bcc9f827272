package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Faults of the library: they stay inside, and the machine lives. Runs with a library that can be told to panic. */
@Tag("faulty")
class FaultyTest {
  private static void struck(String point, Executable call) {
    Provoke.arm(Texts.utf8(point));
    assertEquals(901, Errors.number(call), point);
  }

  @Test
  void aPanicIsAnErrorAndPoisonsOnlyItsHandle() {
    try (Bank spared = new Bank(); Bank bank = new Bank()) {
      struck("ledger_append", () -> bank.append("1.00"));
      assertEquals(205, Errors.number(() -> bank.ledger.status()));
      assertEquals(205, Errors.number(() -> bank.append("1.00")));
      spared.append("1.00");
      struck("key_sign", () -> spared.key.sign(new byte[1]));
      assertEquals(205, Errors.number(() -> spared.key.sign(new byte[1])));
    }
    assertEquals(0, Yinzheng.openHandles());
  }

  @Test
  void callsWithoutAHandleFailOnceAndGoOn() {
    struck("version", Yinzheng::versionJson);
    Yinzheng.versionJson();
    struck("verify_proof", () -> Verifier.verify(new byte[0], Policy.NONE, Bank.NOW));
    assertTrue(Verifier.verify(new byte[0], Policy.NONE, Bank.NOW).count(Outcome.PROVEN) == 0);
    struck("hash_bytes", () -> TwinDigest.of(new byte[0]));
    struck("record_make", () -> DetachedRecord.first(Bank.loan("1.00").build()));
  }

  @Test
  void aPanicOutsideTheFacadeStaysInsideToo() {
    for (int round = 0; round < 1000; round++) {
      assertEquals(901, Errors.number(Provoke::outside));
    }
  }

  @Test
  void whatWasAcknowledgedIsThereAfterAFault(@TempDir Path folder) {
    Path file = folder.resolve("ledger.db");
    byte[] vaultKey = Yinzheng.newVaultKey(VaultSuite.AES_256_GCM);
    EvidenceRecord loan = Bank.loan("1.00").businessId("JJ-1").build();
    Appended acknowledged;
    try (SoftwareKey key = SoftwareKey.generate(SignatureAlgorithm.ED25519)) {
      try (Ledger ledger = Bank.creator(HashAlgorithm.SHA_256, key).create(file, vaultKey)) {
        ledger.seal(key);
        acknowledged = ledger.append(loan);
        assertFalse(acknowledged.replayed());
        struck("ledger_begin", ledger::begin);
        assertEquals(205, Errors.number(ledger::begin));
        assertEquals(205, Errors.number(() -> ledger.append(loan)));
      }
      try (Ledger ledger = Ledger.opening(file).vaultKey(vaultKey).open()) {
        Appended again = ledger.append(loan);
        assertTrue(again.replayed());
        assertEquals(acknowledged.number(), again.number());
        assertEquals(acknowledged.preservationNumber(), again.preservationNumber());
        assertEquals(3, ledger.status().entries(), "no second record");
        ledger.seal(key);
        assertEquals(0, ledger.check().problems().size());
      }
    }
    assertEquals(0, Yinzheng.openHandles());
  }
}
