package io.yinzheng.bench;

import io.yinzheng.Appended;
import io.yinzheng.Checks;
import io.yinzheng.Custody;
import io.yinzheng.EvidenceRecord;
import io.yinzheng.HashAlgorithm;
import io.yinzheng.Ledger;
import io.yinzheng.Policy;
import io.yinzheng.ProofRequest;
import io.yinzheng.SignatureAlgorithm;
import io.yinzheng.SignatureForm;
import io.yinzheng.SoftwareKey;
import io.yinzheng.TimeClaim;
import io.yinzheng.VaultSuite;
import io.yinzheng.Verdict;
import io.yinzheng.Verifier;
import io.yinzheng.Yinzheng;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Records of 30 fields appended and verified; beside it BouncyCastle doing their hashing and signatures, and nothing else. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Evidence {
  /** The suites that banks use: one of each world. */
  public enum Suite {
    SHA256_ED25519,
    SM3_SM2
  }

  @Param public Suite suite;

  private static final int FIELDS = 30;
  private final BouncyCastleProvider provider = new BouncyCastleProvider();
  private final byte[] value = new byte[48];
  private final byte[] entry = new byte[1600];
  private SoftwareKey key;
  private Ledger ledger;
  private EvidenceRecord record;
  private byte[] message;
  private byte[] signature;
  private byte[] foreignSignature;
  private PublicKey foreign;
  private byte[] proof;
  private int waiting;

  private boolean sm() {
    return suite == Suite.SM3_SM2;
  }

  @Setup
  public void open() throws Exception {
    key = SoftwareKey.generate(sm() ? SignatureAlgorithm.SM2 : SignatureAlgorithm.ED25519);
    ledger = Ledger.creating(sm() ? HashAlgorithm.SM3 : HashAlgorithm.SHA_256, key.publicKey(), Custody.SOFTWARE)
        .organisation("示例银行").createInMemory(Yinzheng.newVaultKey(VaultSuite.AES_256_GCM));
    ledger.seal(key);
    EvidenceRecord.Builder builder = EvidenceRecord.of("generic").time(TimeClaim.declared(Instant.ofEpochMilli(1_793_500_000_000L)));
    for (int field = 0; field < FIELDS; field++) {
      builder.text("字段" + field, "一个三十字节左右的值 " + field);
    }
    record = builder.build();
    Appended appended = ledger.append(record);
    ledger.seal(key);
    proof = ledger.prove(ProofRequest.ofDossier(appended.dossier()).showAll());
    message = new byte[700];
    new SecureRandom().nextBytes(message);
    signature = key.sign(message);
    foreign = KeyFactory.getInstance(sm() ? "EC" : "Ed25519", provider).generatePublic(new X509EncodedKeySpec(key.publicKey().toSpki()));
    foreignSignature = sm() ? der(signature) : signature;
    if (!signatureBouncyCastle()) {
      throw new AssertionError("BouncyCastle does not take the signature");
    }
  }

  private static byte[] der(byte[] raw) throws Exception {
    return new DERSequence(new ASN1Integer[] {
      new ASN1Integer(new java.math.BigInteger(1, java.util.Arrays.copyOf(raw, 32))),
      new ASN1Integer(new java.math.BigInteger(1, java.util.Arrays.copyOfRange(raw, 32, 64)))
    }).getEncoded();
  }

  @TearDown
  public void close() {
    ledger.close();
    key.close();
  }

  /** One record made, encrypted, stored and synced in memory; every thousandth call seals a block. */
  @Benchmark
  public Appended appendYinzheng() {
    Appended appended = ledger.append(record);
    if (++waiting == 1000) {
      waiting = 0;
      ledger.seal(key);
    }
    return appended;
  }

  /** The hashing that this record must have, and no more: 30 commitments, leaf and node. */
  @Benchmark
  public byte[] hashingOfARecordBouncyCastle() {
    Digest digest = sm() ? new SM3Digest() : new SHA256Digest();
    byte[] out = new byte[32];
    for (int field = 0; field < FIELDS; field++) {
      digest.update(value, 0, value.length);
      digest.doFinal(out, 0);
    }
    digest.update(entry, 0, entry.length);
    digest.doFinal(out, 0);
    digest.update(entry, 0, 65);
    digest.doFinal(out, 0);
    return out;
  }

  @Benchmark
  public byte[] signatureYinzheng() {
    return Checks.signature(key.publicKey(), message, signature, SignatureForm.SEALED);
  }

  @Benchmark
  public boolean signatureBouncyCastle() throws Exception {
    Signature verifier = Signature.getInstance(sm() ? "SM3withSM2" : "Ed25519", provider);
    verifier.initVerify(foreign);
    verifier.update(message);
    return verifier.verify(foreignSignature);
  }

  @Benchmark
  public Verdict verifyProofYinzheng() {
    return Verifier.verify(proof, Policy.NONE, Instant.ofEpochMilli(1_793_600_000_000L));
  }
}
