package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

  private static String enrolled(Bank bank, SoftwareKey key, KeyRole role, String previous) {
    LedgerKeys keys = bank.ledger.keys();
    Draft draft = previous == null
        ? keys.enrol(role, key.publicKey(), Custody.SOFTWARE, Bank.NOW)
        : keys.replace(role, previous, key.publicKey(), Custody.SOFTWARE, Bank.NOW);
    assertEquals("possession", draft.toSign().content().what());
    return keys.finish(draft.bytes(), key.sign(draft.toSign()));
  }

  @Test
  void keysOfPartiesAreListedAndALostKidIsFound() {
    try (Bank bank = new Bank();
        SoftwareKey first = SoftwareKey.generate(SignatureAlgorithm.P_256);
        SoftwareKey second = SoftwareKey.generate(SignatureAlgorithm.SM2);
        SoftwareKey device = SoftwareKey.generate(SignatureAlgorithm.ED25519)) {
      LedgerKeys keys = bank.ledger.keys();
      assertEquals(0, keys.parties().size());
      assertFalse(keys.party(first.publicKey()).isPresent());
      String kid = enrolled(bank, first, KeyRole.CUSTOMER, null);
      assertEquals(kid, keys.party(first.publicKey()).get().kid());
      assertFalse(keys.party(first.publicKey()).get().height().isPresent(), "it is not sealed");
      bank.ledger.seal(bank.key);
      assertEquals(1, keys.party(VerifyKey.ofSpki(first.publicKey().toSpki())).get().height().getAsLong());
      String next = enrolled(bank, second, KeyRole.CUSTOMER, kid);
      String other = enrolled(bank, device, KeyRole.DEVICE, null);
      assertFalse(keys.party(first.publicKey()).isPresent(), "another one is in its place");
      keys.revoke(KeyRole.DEVICE, other, RevokeReason.LOST, Bank.NOW);
      assertFalse(keys.party(device.publicKey()).isPresent(), "it was revoked");
      StringBuilder said = new StringBuilder();
      for (PartyKey one : keys.parties()) {
        said.append(one.kid()).append(' ').append(one.role()).append(' ').append(one.custody()).append(' ')
            .append(one.endedBy().isPresent()).append('\n');
      }
      assertEquals(kid + " customer software true\n" + next + " customer software false\n" + other + " device software true\n", said.toString());
      String again = enrolled(bank, device, KeyRole.DEVICE, null);
      assertEquals(again, keys.party(device.publicKey()).get().kid());
    }
  }

  @Test
  void bytesThatWaitForASignatureSayWhatTheyAre() {
    try (Bank bank = new Bank(); SoftwareKey key = SoftwareKey.generate(SignatureAlgorithm.SM2);
        SoftwareKey other = SoftwareKey.generate(SignatureAlgorithm.P_256)) {
      String shown = "sm3:" + Texts.hex(new byte[32]);
      SignerTerms terms = SignerTerms.of(key.publicKey(), Role.CUSTOMER).displayed(shown);
      HeldRecord held = bank.ledger.holdForSignature(Bank.loan("1.00").build(), terms);
      SignedContent content = held.toSign().content(key.publicKey());
      assertEquals("statement", content.what());
      assertEquals(shown, content.displayed().get());
      assertEquals(held.digest(), content.recordDigest().get());
      assertArrayEquals(held.toSign().digest().get(), content.digest().get());
      assertFalse(held.toSign().content().digest().isPresent(), "whose digest, was not said");
      assertEquals(405, Errors.number(() -> held.toSign().content(other.publicKey())));
      bank.append("2.00");
      SignedContent block = bank.ledger.begin().content();
      assertEquals("block", block.what());
      assertFalse(block.displayed().isPresent() || block.recordDigest().isPresent());
      assertEquals(310, Errors.number(() -> ToSign.ofStored(new byte[] {(byte) 0xa0}, held.toSign().infoJson()).content()));
    }
  }

  @Test
  void aLedgerWhoseStoreIsGoneIsNamedByTheOneThatGoesOn() {
    try (Bank bank = new Bank(); SoftwareKey key = SoftwareKey.generate(SignatureAlgorithm.P_256)) {
      Head head = bank.ledger.head();
      try (Ledger next = Bank.creator(HashAlgorithm.SM3, key).continues(head, ContinueReason.KEY_LOST).createInMemory(bank.vaultKey)) {
        String genesis = Checks.inspect("entry", next.json().entry(0), null);
        assertTrue(genesis.contains(head.ledgerId()) && genesis.contains("sha256:" + head.blockHash()), genesis);
      }
    }
  }
}
