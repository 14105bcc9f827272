package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Pages out of verdicts. What they say is tested in the core; here, that each is made, and what is refused. */
class PaperTest {
  @Test
  void everyPageIsMadeOfAVerdict() {
    try (Bank bank = new Bank(HashAlgorithm.SM3, SignatureAlgorithm.SM2);
        SoftwareKey customer = SoftwareKey.generate(SignatureAlgorithm.SM2)) {
      Appended signed = bank.ledger.appendSigned(Bank.loan("5000.00").build(), customer, Role.CUSTOMER);
      Appended plain = bank.append("1.00");
      bank.ledger.seal(bank.key);
      byte[] proof = bank.ledger.prove(ProofRequest.ofEntries(Arrays.asList(signed.sequence(), plain.sequence())).showAll());
      Verdict verdict = Verifier.verify(proof, Policy.NONE, Bank.LATER);
      for (Language language : Language.values()) {
        for (PaperRequest request : new PaperRequest[] {PaperRequest.certificate(language), PaperRequest.signing(language),
            PaperRequest.list(language), PaperRequest.receipt(language, signed.number())}) {
          String page = verdict.paper(request.issuer("示例<b>银行").applicant("王示例").purpose("诉讼").number("ZM-1"));
          assertTrue(page.startsWith("<!DOCTYPE html>") && page.contains(signed.number()) && page.contains("ZM-1"), page);
          assertFalse(page.contains("<b>"), page);
          assertEquals(page, verdict.paper(request.issuer("示例<b>银行").applicant("王示例").purpose("诉讼").number("ZM-1")));
        }
      }
      PaperRequest certificate = PaperRequest.certificate(Language.ZH);
      assertNotEquals(verdict.paper(certificate), verdict.paper(certificate.inFull()));
      TwinDigest other = TwinDigest.of(new byte[] {1});
      PaperRequest table = PaperRequest.table(Language.EN).originals(Collections.singleton(other));
      assertTrue(verdict.paper(table).contains(plain.number()));

      assertEquals(407, Errors.number(() -> verdict.paper(PaperRequest.annex(Language.ZH, other))));
      assertEquals(502, Errors.number(() -> verdict.paper(PaperRequest.receipt(Language.ZH, plain.number()))), "nobody signed it");
      assertEquals(502, Errors.number(() -> verdict.paper(PaperRequest.receipt(Language.ZH, "R-0"))));
      refusals();
    }
    assertEquals(0, Yinzheng.openHandles());
  }

  static void refusals() {
    byte[] request = Json.write(PaperRequest.list(Language.ZH).request());
    for (String junk : new String[] {"", "{}", "[]", "\u0000"}) {
      assertEquals(109, Errors.number(() -> Native.verdictPaper(Texts.utf8(junk), request)));
    }
    assertEquals(101, Errors.number(() -> Native.verdictPaper(new byte[0], new byte[0])));
    assertEquals(102, Errors.number(() -> Native.verdictPaper(new byte[0], Texts.utf8("{\"kind\":\"poster\",\"lang\":\"zh\"}"))));
  }
}
