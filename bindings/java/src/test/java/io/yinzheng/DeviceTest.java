package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device says of itself: its environment at each open, and attestations of its keys. */
class DeviceTest {
  @TempDir
  Path folder;

  @Test
  void aChangedEnvironmentIsAnEventAndTheSameOneIsNone() {
    Path file = folder.resolve("ledger.db");
    byte[] vaultKey = Yinzheng.newVaultKey(VaultSuite.AES_256_GCM);
    try (SoftwareKey key = SoftwareKey.generate(SignatureAlgorithm.P_256)) {
      long entries;
      try (Ledger ledger = Bank.creator(HashAlgorithm.SHA_256, key).environment("Android 14", "phone").create(file, vaultKey)) {
        ledger.seal(key);
        entries = ledger.status().entries();
      }
      for (int again = 0; again < 2; again++) {
        try (Ledger ledger = Ledger.opening(file).vaultKey(vaultKey).environment("Android 14", "phone").open()) {
          assertEquals(entries, ledger.status().entries());
        }
      }
      try (Ledger ledger = Ledger.opening(file).vaultKey(vaultKey).environment("Android 15", "phone").open()) {
        assertEquals(entries + 1, ledger.status().entries());
        assertTrue(Texts.string(ledger.json().list(entries, 1)).contains("opened"));
      }
    }
  }

  @Test
  void anAttestationIsKeptAsItCame() {
    try (Bank bank = new Bank(); SoftwareKey customer = SoftwareKey.generate(SignatureAlgorithm.P_256)) {
      byte[] attestation = {1, 2, 3, (byte) 0xfe, (byte) 0xed};
      Draft draft = bank.ledger.keys().enrol(
          KeyRole.CUSTOMER, customer.publicKey(), Custody.ENCLAVE, Bank.NOW, "android-key", attestation);
      long at = bank.ledger.status().entries();
      String kid = bank.ledger.keys().finish(draft.bytes(), customer.sign(draft.toSign()));
      assertTrue(Texts.hex(bank.ledger.json().entry(at)).contains(Texts.hex(attestation)));
      try (SoftwareKey next = SoftwareKey.generate(SignatureAlgorithm.P_256)) {
        byte[] other = {4, 5, 6, (byte) 0xfe, (byte) 0xed};
        Draft replacing = bank.ledger.keys().replace(
            KeyRole.CUSTOMER, kid, next.publicKey(), Custody.ENCLAVE, Bank.NOW, "android-key-chain", other);
        long after = bank.ledger.status().entries();
        bank.ledger.keys().finish(replacing.bytes(), next.sign(replacing.toSign()));
        String entry = Texts.hex(bank.ledger.json().entry(after));
        assertTrue(entry.contains(Texts.hex(other)) && entry.contains(kid));
      }
      for (byte[] wrong : new byte[][] {new byte[0], new byte[16_385]}) {
        // Before the customer is asked.
        assertEquals(308, Errors.number(() -> bank.ledger.keys().enrol(
            KeyRole.CUSTOMER, customer.publicKey(), Custody.ENCLAVE, Bank.NOW, "android-key", wrong)), "" + wrong.length);
      }
    }
  }
}
