package io.yinzheng;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What can be done with proofs, wherever they come from. */
public final class Proofs {
  private Proofs() {}

  /**
   * One proof out of several, usually one of each ledger of a dossier.
   *
   * @param proofs at most 1,024
   * @return the joined proof
   */
  public static byte[] join(Collection<byte[]> proofs) {
    return Native.proofJoin(proofs.toArray(new byte[0][]));
  }

  /**
   * The same proof with more values of one record shown.
   *
   * @param proof the proof
   * @param record the record's digest, {@code sha256:…} or {@code sm3:…}
   * @param disclosures {@link Disclosure#disclosure()} of each value
   * @return another proof
   */
  public static byte[] disclose(byte[] proof, String record, Collection<String> disclosures) {
    return Native.proofDisclose(proof, Texts.utf8(record), Json.write(Objects.requireNonNull(disclosures, "disclosures")));
  }

  /**
   * The verification kit of a record: files with which an expert checks every signature by openssl alone.
   *
   * @param proof shows the record
   * @param about its digest; or a ledger id, a slash and a sequence number
   * @return the files by name
   */
  public static Map<String, byte[]> kit(byte[] proof, String about) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (Object row : Json.array(Native.proofKit(proof, Texts.utf8(about)))) {
      Map<?, ?> file = (Map<?, ?>) row;
      files.put((String) file.get("name"), Texts.unhex((String) file.get("hex")));
    }
    return Collections.unmodifiableMap(files);
  }

  /**
   * What to send to a platform that takes digests into its chain. Values go into it only where the platform takes some, and only
   * those that the proof shows. What it answers is kept with {@link LedgerJson#attach}.
   *
   * @param proof shows the record
   * @param record the record's digest, {@code sha256:…} or {@code sm3:…}
   * @param platform who is told
   * @return JSON, to be wrapped in the platform's own envelope
   * @throws YinzhengException {@link ErrorCode#NOT_FOUND} for another record; {@link ErrorCode#INVALID_ARGUMENT} where the platform
   *     takes a party's signature and there is none
   */
  public static String deposit(byte[] proof, String record, DepositPlatform platform) {
    return Texts.string(Native.proofDeposit(proof, Texts.utf8(record), Texts.utf8(platform.word())));
  }

  /**
   * A proof out of pieces that a host keeps itself (detached sealing).
   *
   * @param request JSON: {@code {"items","profiles","ledgers","outside"}}, all bytes in hex, see {@code docs/ffi.md}
   * @return the proof
   */
  public static byte[] assemble(byte[] request) {
    return Native.proofAssemble(request);
  }

  /**
   * The same for one ledger.
   *
   * @param items entries with their receipts, genesis and key entries among them
   * @param profiles the files of the records' profiles
   * @param head the newest block shown: its sealed bytes
   * @param history paths of the older blocks that are shown, by height; see {@link Sealer#historyPath}
   * @return the proof
   */
  public static byte[] assemble(Collection<ProofItem> items, Collection<byte[]> profiles, byte[] head,
      Map<Long, byte[]> history) {
    List<Object> rows = new ArrayList<>();
    for (ProofItem item : items) {
      rows.add(item.request());
    }
    List<Object> files = new ArrayList<>();
    for (byte[] profile : profiles) {
      files.add(Texts.hex(profile));
    }
    List<Object> paths = new ArrayList<>();
    for (Map.Entry<Long, byte[]> path : history.entrySet()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("height", path.getKey());
      row.put("path", Texts.hex(path.getValue()));
      paths.add(row);
    }
    Map<String, Object> ledger = new LinkedHashMap<>();
    ledger.put("head", Texts.hex(head));
    ledger.put("history", paths);
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("items", rows);
    request.put("profiles", files);
    request.put("ledgers", Collections.singletonList(ledger));
    return assemble(Json.write(request));
  }
}
