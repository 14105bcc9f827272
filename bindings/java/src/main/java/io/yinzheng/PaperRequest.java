package io.yinzheng;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which page to make of a verdict, see {@link Verdict#paper}: for people who decide, as one offline HTML file without script.
 * Values are masked unless {@link #inFull()}. Immutable: each method gives another request. docs/evidence-in-court.md shows the pages.
 */
public final class PaperRequest {
  private final Map<String, Object> request;

  private PaperRequest(Map<String, Object> request) {
    this.request = Collections.unmodifiableMap(request);
  }

  private static PaperRequest of(String kind, Language language) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("kind", kind);
    request.put("lang", language.word());
    return new PaperRequest(request);
  }

  private PaperRequest with(String name, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(request);
    changed.put(name, Objects.requireNonNull(value, name));
    return new PaperRequest(changed);
  }

  /**
   * The certificate 存证证明 over every record shown.
   *
   * @param language of the page
   * @return the request
   */
  public static PaperRequest certificate(Language language) {
    return of("certificate", language);
  }

  /**
   * The certificate 签约证明 over what was signed, and by whom.
   *
   * @param language of the page
   * @return the request
   */
  public static PaperRequest signing(Language language) {
    return of("signing", language);
  }

  /**
   * The evidence list 证据目录.
   *
   * @param language of the page
   * @return the request
   */
  public static PaperRequest list(Language language) {
    return of("list", language);
  }

  /**
   * The evidence list as a table (CSV in UTF-8).
   *
   * @param language of the table
   * @return the request
   */
  public static PaperRequest table(Language language) {
    return of("list.csv", language);
  }

  /**
   * The annex 合同附页 of a contract.
   *
   * @param language of the page
   * @param contract digests of the contract's file
   * @return the request; {@link ErrorCode#DIGEST_MISMATCH} follows when no record holds that file
   */
  public static PaperRequest annex(Language language, TwinDigest contract) {
    return of("annex", language).with("contract", contract.request());
  }

  /**
   * A signer's receipt 签署回执.
   *
   * @param language of the page
   * @param record number of the record that was signed, {@code R-…}
   * @return the request; {@link ErrorCode#NOT_FOUND} follows for another record, and for one that nobody signed
   */
  public static PaperRequest receipt(Language language, String record) {
    return of("receipt", language).with("record", record);
  }

  /**
   * Writes values in full.
   *
   * @return another request
   */
  public PaperRequest inFull() {
    return with("full", true);
  }

  /**
   * Gives the page the issuer's own number.
   *
   * @param number the number
   * @return another request
   */
  public PaperRequest number(String number) {
    return with("number", number);
  }

  /**
   * Names who issues it.
   *
   * @param name the name
   * @return another request
   */
  public PaperRequest issuer(String name) {
    return with("issuer", name);
  }

  /**
   * Names who asked for it, and in which standing.
   *
   * @param name the name
   * @return another request
   */
  public PaperRequest applicant(String name) {
    return with("applicant", name);
  }

  /**
   * Says what for.
   *
   * @param text the purpose
   * @return another request
   */
  public PaperRequest purpose(String text) {
    return with("purpose", text);
  }

  /**
   * Says which originals go with the page; without it nobody looked.
   *
   * @param digests of the files
   * @return another request
   */
  public PaperRequest originals(Collection<TwinDigest> digests) {
    List<Object> list = new ArrayList<>();
    for (TwinDigest digest : digests) {
      list.add(digest.request());
    }
    return with("originals", list);
  }

  Map<String, Object> request() {
    return request;
  }
}
