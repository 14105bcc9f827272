package example.customer

import io.yinzheng.Appended
import io.yinzheng.Bundles
import io.yinzheng.EvidenceRecord
import io.yinzheng.HeldRecord
import io.yinzheng.Ledger
import io.yinzheng.Role
import io.yinzheng.SignerTerms
import io.yinzheng.TimeClaim
import io.yinzheng.VerifyKey
import java.math.BigDecimal

/** What the bank offers; invented. */
class Offer(val noteNo: String, val agreementNo: String, val amount: BigDecimal)

/**
 * The customer's side of a credit loan: what is put into the ledger, in which order. Nothing of Android in it, and no signer: the
 * screen brings the signature when the customer has given it.
 *
 * @param ledger the phone's ledger
 * @param customer the customer's key
 * @param kid its entry in the ledger: what makes the signature the customer's
 * @param now the phone's clocks
 * @param phone puts the facts about the phone into a record
 */
class LoanFlow(
    private val ledger: Ledger,
    private val customer: VerifyKey,
    private val kid: String,
    private val now: () -> TimeClaim,
    private val phone: (EvidenceRecord.Builder) -> Unit,
) {
    /**
     * The customer agrees to a text that was on the screen before.
     *
     * @return what the customer's key must sign. It waits in the ledger, also when the app is killed now
     */
    fun agree(reading: Read): HeldRecord {
        val record = document(EvidenceRecord.of("law.agreement"), reading).time("同意时间", reading.at)
        return hold(record.businessId("agree-${reading.version}"), reading)
    }

    /** The customer draws a loan on a note that was on the screen; [dossier] is the preservation number of what was agreed before. */
    fun draw(offer: Offer, reading: Read, dossier: String): HeldRecord {
        val record = document(EvidenceRecord.of("will.drawdown"), reading)
            .text("借据号", offer.noteNo).text("合同编号", offer.agreementNo)
            .amount("借款金额", offer.amount).time("点击借据确认时间", reading.at)
        return hold(record.dossier(dossier).businessId("draw-${offer.noteNo}"), reading)
    }

    private fun document(record: EvidenceRecord.Builder, reading: Read): EvidenceRecord.Builder {
        record.text("文本名称", reading.title).text("文本版本", reading.version)
            .attachment("文本原件", "text/plain; charset=utf-8", reading.title, reading.bytes)
            .time("展示时间", reading.shownAt).number("阅读时长", reading.seconds)
            .text("已阅读至末尾", if (reading.readToEnd) "true" else "false").text("确认方式", "SIGN")
            .text("滚动事件", reading.events)
        phone(record)
        return record.time(now())
    }

    private fun hold(record: EvidenceRecord.Builder, reading: Read): HeldRecord = ledger.holdForSignature(
        record.build(), SignerTerms.of(customer, Role.CUSTOMER).kid(kid).displayed(reading.digest).audience("ledger"),
    )

    /** What still waits for the customer after the app was killed: ask again, or drop it. */
    fun waiting(): List<HeldRecord> = ledger.held()

    /** The signature is there. Seal at once: until then the record is only the phone's word. */
    fun finish(held: HeldRecord, signature: ByteArray): Appended = ledger.finishStatement(held.id(), signature)

    /** Everything sealed, for the node: it checks every rule again before it keeps a byte, and may get it twice. */
    fun bundle(): ByteArray = Bundles.export(ledger, 0, ledger.head().height())
}
