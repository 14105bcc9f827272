package io.yinzheng;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A record for detached sealing, with what opens its values: the host's secret. */
public final class DetachedRecord {
  private final byte[] entry;
  private final byte[] info;
  private final Map<String, Object> said;

  private DetachedRecord(byte[][] given) {
    entry = given[0];
    info = given[1];
    said = Json.object(info);
  }

  /**
   * The first record of a new dossier.
   *
   * @param record the business event
   * @return the entry, and what to keep beside it
   */
  public static DetachedRecord first(EvidenceRecord record) {
    return new DetachedRecord(Native.recordMake(Json.write(record.request())));
  }

  /**
   * The next record of a dossier, which {@code record} names.
   *
   * @param record the business event
   * @param place its place, from 1
   * @param predecessor digest of the record before, {@code sha256:…} or {@code sm3:…}
   * @return the entry, and what to keep beside it
   */
  public static DetachedRecord next(EvidenceRecord record, long place, String predecessor) {
    Map<String, Object> request = new LinkedHashMap<>(record.request());
    request.put("place", place);
    request.put("predecessor", Objects.requireNonNull(predecessor, "predecessor"));
    return new DetachedRecord(Native.recordMake(Json.write(request)));
  }

  /**
   * The entry.
   *
   * @return its exact bytes, a copy
   */
  public byte[] entry() {
    return entry.clone();
  }

  /**
   * The record's digest.
   *
   * @return {@code sha256:…} or {@code sm3:…}
   */
  public String digest() {
    return (String) said.get("digest");
  }

  /**
   * The record number 存证编号.
   *
   * @return {@code R-…}
   */
  public String number() {
    return (String) said.get("number");
  }

  /**
   * The preservation number 保全号.
   *
   * @return {@code D-…}
   */
  public String preservationNumber() {
    return (String) said.get("preservation_number");
  }

  /**
   * Salt, value and name of each field: keep them encrypted; whoever has one can see and show the value.
   *
   * @return hex
   */
  @SuppressWarnings("unchecked")
  public List<String> disclosures() {
    return (List<String>) said.get("disclosures");
  }

  /**
   * Everything about it, disclosures too.
   *
   * @return JSON
   */
  public String infoJson() {
    return Texts.string(info);
  }

  /** The record number, which is no secret. */
  @Override
  public String toString() {
    return "DetachedRecord " + number();
  }
}
