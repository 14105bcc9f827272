package io.yinzheng;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;

/** What the tests share: a ledger in memory with its key, and an invented loan. */
final class Bank implements AutoCloseable {
  static final Instant NOW = Instant.ofEpochMilli(1_793_500_000_000L);
  static final Instant LATER = Instant.ofEpochMilli(1_793_600_000_000L);
  final byte[] vaultKey = Yinzheng.newVaultKey(VaultSuite.AES_256_GCM);
  final SoftwareKey key;
  final Ledger ledger;

  Bank() {
    this(HashAlgorithm.SHA_256, SignatureAlgorithm.ED25519);
  }

  Bank(HashAlgorithm hash, SignatureAlgorithm algorithm) {
    key = SoftwareKey.generate(algorithm);
    ledger = creator(hash, key).createInMemory(vaultKey);
    ledger.seal(key);
  }

  static LedgerCreator creator(HashAlgorithm hash, Signer key) {
    return Ledger.creating(hash, key.publicKey(), Custody.SOFTWARE).organisation("示例银行").created(TimeClaim.declared(NOW));
  }

  static EvidenceRecord.Builder loan(String amount) {
    return EvidenceRecord.of("loan.disbursement")
        .amount("借款金额", new BigDecimal(amount))
        .time("放款时间", OffsetDateTime.parse("2026-11-25T10:00:00+08:00"))
        .time(TimeClaim.declared(OffsetDateTime.parse("2026-11-25T10:00:01+08:00")).tier(ClockTier.NTP));
  }

  Appended append(String amount) {
    return ledger.append(loan(amount).build());
  }

  @Override
  public void close() {
    ledger.close();
    key.close();
  }
}
