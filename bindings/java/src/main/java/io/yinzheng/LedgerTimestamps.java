package io.yinzheng;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Timestamps 可信时间戳 of RFC 3161 authorities over blocks and entries. The library has no network: it gives the request, you carry
 * it to the authority, and its answer may come back into another process, days later. A stamp on a block covers
 * every record before it, in proofs that lead to that block ({@link ProofRequest#toWitnessed}). docs/timestamps.md says what is
 * checked.
 */
public final class LedgerTimestamps {
  private final Ledger ledger;

  LedgerTimestamps(Ledger ledger) {
    this.ledger = ledger;
  }

  private static Map<String, Object> target(String name, long number) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put(name, number);
    return request;
  }

  private byte[] ask(Map<String, Object> request, HashAlgorithm hash) {
    request.put("hash", Objects.requireNonNull(hash, "hash"));
    return ledger.json().timestampRequest(Json.write(request));
  }

  private Timestamp attach(Map<String, Object> request, byte[] query, byte[] response, Policy policy) {
    if (policy.bytes().length > 0) {
      request.put("policy", policy.whole());
    }
    return new Timestamp(ledger.json().timestampAttach(Json.write(request), query, response));
  }

  /**
   * Asks for a timestamp over a sealed block.
   *
   * @param height its height
   * @param hash of the imprint: SHA-256 is what every authority takes
   * @return a {@code TimeStampReq} in DER with a random nonce: POST it as {@code application/timestamp-query}, and keep it until
   *     the answer is there
   */
  public byte[] requestForBlock(long height, HashAlgorithm hash) {
    return ask(target("height", height), hash);
  }

  /**
   * Asks for a timestamp over an entry, such as a party's statement.
   *
   * @param sequence its sequence number
   * @param hash of the imprint
   * @return as {@link #requestForBlock}
   */
  public byte[] requestForEntry(long sequence, HashAlgorithm hash) {
    return ask(target("sequence", sequence), hash);
  }

  /**
   * Takes the authority's answer and keeps the token beside its block, so that proofs carry it.
   *
   * @param height the block's height
   * @param query what {@link #requestForBlock} gave
   * @param response the authority's answer, {@code application/timestamp-reply}
   * @param policy names the authorities to believe; with {@link Policy#NONE} the chain of the certificate is not checked now
   * @return what the authority says
   * @throws YinzhengException {@link ErrorCode#AUTHORITY_DECLINED}, {@link ErrorCode#NONCE_MISMATCH}, {@link ErrorCode#DIGEST_MISMATCH},
   *     {@link ErrorCode#UNTRUSTED_CHAIN} and others of 4xx: nothing is kept then
   */
  public Timestamp attachToBlock(long height, byte[] query, byte[] response, Policy policy) {
    return attach(target("height", height), query, response, policy);
  }

  /**
   * The same beside an entry.
   *
   * @param sequence its sequence number
   * @param query what {@link #requestForEntry} gave
   * @param response the authority's answer
   * @param policy as for {@link #attachToBlock}
   * @return what the authority says
   */
  public Timestamp attachToEntry(long sequence, byte[] query, byte[] response, Policy policy) {
    return attach(target("sequence", sequence), query, response, policy);
  }
}
