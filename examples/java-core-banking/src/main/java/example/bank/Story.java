package example.bank;

import io.yinzheng.Language;
import io.yinzheng.Outcome;
import io.yinzheng.Policy;
import io.yinzheng.Signer;
import io.yinzheng.Verdict;
import io.yinzheng.VerdictLine;
import io.yinzheng.Verifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;

/** The story, both ways, once. */
public final class Story {
  private Story() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Database database = Service.database();
    Signer signer = Service.signer();
    System.out.println("ledger key in the HSM: " + signer.publicKey().algorithm());

    String note = "JJ" + System.nanoTime();
    try (OutboxBank bank = Service.outbox(database, folder, signer); ProofServer server = new ProofServer(bank::prove)) {
      String number = bank.disburse(Service.loan(note)).orElseThrow();
      System.out.println("outbox: loan " + note + " paid out, preservation number " + number);
      bank.seal();
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/proofs/" + number)).build();
      HttpResponse<byte[]> proof = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
      tell("outbox", proof.body());
    }

    String second = note + "D";
    DetachedBank bank = Service.detached(database, signer);
    String number = bank.disburse(Service.loan(second));
    System.out.println("detached: loan " + second + " paid out, preservation number " + number);
    bank.seal();
    tell("detached", bank.prove(second));
  }

  private static void tell(String way, byte[] proof) {
    Verdict verdict = Verifier.verify(proof, Policy.NONE, Instant.now());
    System.out.println(way + ": a proof of " + proof.length + " bytes. " + verdict);
    for (VerdictLine line : verdict.lines(Outcome.CONTRADICTED)) {
      System.out.println("  contradicted: " + line.check() + ", " + line.says(Language.EN));
    }
    if (verdict.records().size() != 1 || verdict.records().get(0).sealed() != Outcome.PROVEN) {
      throw new IllegalStateException("the loan is not proven to be sealed");
    }
  }
}
