package example.bank;

import io.yinzheng.EvidenceRecord;
import io.yinzheng.TimeClaim;
import java.math.BigDecimal;
import java.time.OffsetDateTime;

/** A loan that is paid out. Everything about it is invented. */
public final class Loan {
  final String noteNumber;
  final BigDecimal amount;
  final OffsetDateTime disbursedAt;

  public Loan(String noteNumber, BigDecimal amount, OffsetDateTime disbursedAt) {
    this.noteNumber = noteNumber;
    this.amount = amount;
    this.disbursedAt = disbursedAt;
  }

  /** The evidence of it. Only what the row holds goes in, so that it can be made again, the same to the byte, after a crash. */
  EvidenceRecord.Builder evidence() {
    return EvidenceRecord.of("loan.disbursement")
        .text("借据号", noteNumber)
        .text("姓名", "苏示例")
        .text("手机号", "13900000001")
        .amount("借款金额", amount)
        .time("放款时间", disbursedAt)
        .text("贷款发放人", "示范商业银行股份有限公司")
        .time(TimeClaim.declared(disbursedAt));
  }
}
