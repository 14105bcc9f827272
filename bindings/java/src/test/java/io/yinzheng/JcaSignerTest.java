package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.bouncycastle.jcajce.spec.SM2ParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

/** Keys of the Java platform seal, those of the JDK and those of BouncyCastle. */
class JcaSignerTest {
  private static final Provider BC = new BouncyCastleProvider();

  private static KeyPair pair(String algorithm, String curve, Provider provider) throws Exception {
    KeyPairGenerator generator = provider == null
        ? KeyPairGenerator.getInstance(algorithm) : KeyPairGenerator.getInstance(algorithm, provider);
    if (curve != null) {
      generator.initialize(new ECGenParameterSpec(curve), new SecureRandom());
    }
    return generator.generateKeyPair();
  }

  private static void seals(HashAlgorithm hash, Signer signer) {
    try (Ledger ledger = Bank.creator(hash, signer).createInMemory(Yinzheng.newVaultKey(VaultSuite.SM4_GCM))) {
      ledger.seal(signer);
      Appended record = ledger.append(Bank.loan("1.00").build());
      ledger.appendSigned(Bank.loan("2.00").dossier(record.dossier()).build(), signer, Role.LENDER);
      ledger.seal(signer);
      StoryTest.sound(Verifier.verify(ledger.prove(ProofRequest.ofDossier(record.dossier()).showAll()), Policy.NONE, Bank.LATER));
    }
    assertEquals(0, Yinzheng.openHandles());
  }

  @Test
  void p256OfTheJdk() throws Exception {
    KeyPair pair = pair("EC", "secp256r1", null);
    seals(HashAlgorithm.SHA_256, JcaSigner.of(pair.getPrivate(), pair.getPublic()));
  }

  @Test
  void ed25519OfTheJdk() throws Exception {
    assumeTrue(Double.parseDouble(System.getProperty("java.specification.version")) >= 15, "this Java has no Ed25519");
    KeyPair pair = pair("Ed25519", null, null);
    seals(HashAlgorithm.SHA_256, JcaSigner.of(pair.getPrivate(), pair.getPublic()));
  }

  @Test
  void everyAlgorithmOfBouncyCastle() throws Exception {
    for (String[] one : new String[][] {{"EC", "secp256r1"}, {"Ed25519", null}, {"EC", "sm2p256v1"}}) {
      KeyPair pair = pair(one[0], one[1], BC);
      JcaSigner signer = JcaSigner.of(pair.getPrivate(), pair.getPublic()).withProvider(BC);
      seals(HashAlgorithm.SM3, signer);
    }
  }

  @Test
  void sm2WithAnIdOfItsOwn() throws Exception {
    KeyPair pair = pair("EC", "sm2p256v1", BC);
    byte[] id = "ALICE123@YAHOO.COM".getBytes(StandardCharsets.US_ASCII);
    JcaSigner signer = JcaSigner.of(pair.getPrivate(), pair.getPublic()).withProvider(BC);
    seals(HashAlgorithm.SM3, signer.withSm2Id(id, new SM2ParameterSpec(id)));
    // The provider signs with the default id, the key asks for another: found out before anything is sealed.
    Signer mixed = signer.withSm2Id(id, null);
    try (Ledger ledger = Bank.creator(HashAlgorithm.SM3, mixed).createInMemory(new byte[32])) {
      assertEquals(404, Errors.number(() -> ledger.seal(mixed)));
      assertTrue(ledger.pending().isPresent());
    }
  }

  @Test
  void keysThatDoNotFitAreRefused() throws Exception {
    KeyPair one = pair("EC", "secp256r1", null);
    KeyPair other = pair("EC", "secp256r1", null);
    Signer wrong = JcaSigner.of(other.getPrivate(), one.getPublic());
    try (Ledger ledger = Bank.creator(HashAlgorithm.SHA_256, wrong).createInMemory(new byte[32])) {
      assertEquals(404, Errors.number(() -> ledger.seal(wrong)));
    }
    for (String[] bad : new String[][] {{"RSA", null, "401"}, {"EC", "secp384r1", "401"}}) {
      KeyPair pair = pair(bad[0], bad[1], null);
      int number = Errors.number(() -> JcaSigner.of(pair.getPrivate(), pair.getPublic()));
      assertTrue(Arrays.asList(401, 402).contains(number), bad[0] + " " + number);
    }
    KeyPair sm2 = pair("EC", "sm2p256v1", BC);
    Signer without = JcaSigner.of(sm2.getPrivate(), sm2.getPublic());
    try (Ledger ledger = Bank.creator(HashAlgorithm.SM3, without).createInMemory(new byte[32])) {
      assertEquals(401, Errors.number(() -> ledger.seal(without)), "no provider has SM3withSM2");
    }
    Signer foreign = JcaSigner.of(pair("RSA", null, null).getPrivate(), one.getPublic());
    try (Ledger ledger = Bank.creator(HashAlgorithm.SHA_256, foreign).createInMemory(new byte[32])) {
      assertEquals(414, Errors.number(() -> ledger.seal(foreign)), "the provider does not take the key");
    }
  }
}
