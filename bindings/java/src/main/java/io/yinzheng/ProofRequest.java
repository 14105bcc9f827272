package io.yinzheng;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Which records a proof is of, and which of their values it shows. Immutable; at first nothing is shown. */
public final class ProofRequest {
  private final Map<String, Object> request;

  private ProofRequest(Map<String, Object> request) {
    this.request = Collections.unmodifiableMap(request);
  }

  private static ProofRequest of(String name, Object value) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put(name, Objects.requireNonNull(value, name));
    request.put("disclose", "none");
    return new ProofRequest(request);
  }

  private ProofRequest with(String name, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(request);
    changed.put(name, value);
    return new ProofRequest(changed);
  }

  private ProofRequest disclose(Object what) {
    return with("disclose", what);
  }

  /**
   * Of a whole dossier.
   *
   * @param dossier a preservation number 保全号, or an id in hex
   * @return the request
   */
  public static ProofRequest ofDossier(String dossier) {
    return of("dossier", dossier);
  }

  /**
   * Of single entries.
   *
   * @param sequences their sequence numbers
   * @return the request
   */
  public static ProofRequest ofEntries(Collection<Long> sequences) {
    return of("sequences", sequences);
  }

  /**
   * Shows every value.
   *
   * @return another request
   */
  public ProofRequest showAll() {
    return disclose("all");
  }

  /**
   * Shows what each record's profile shows by default.
   *
   * @return another request
   */
  public ProofRequest showByProfile() {
    return disclose("profile");
  }

  /**
   * Shows what each record's profile shows to a kind of reader.
   *
   * @param audience the reader
   * @return another request
   */
  public ProofRequest showFor(Audience audience) {
    return disclose("for:" + audience.word());
  }

  /**
   * Shows the values of these fields.
   *
   * @param names their public names
   * @return another request
   */
  public ProofRequest show(String... names) {
    return disclose(Collections.singletonMap("names", Arrays.asList(names.clone())));
  }

  /**
   * Shows the values of these classes.
   *
   * @param classes the classes
   * @return another request
   */
  public ProofRequest showClasses(FieldClass... classes) {
    return disclose(Collections.singletonMap("classes", Arrays.asList(classes.clone())));
  }

  /**
   * Leads to the newest block with a timestamp or countersignature that has the records in its history, so that one stamp a day
   * covers all of them. What was sealed after that block is not shown; without this a proof leads to the newest block.
   *
   * @return the request with it; {@link ErrorCode#NOT_FOUND} follows where there is no such block
   */
  public ProofRequest toWitnessed() {
    return with("head", "witnessed");
  }

  /**
   * Leads to a certain block.
   *
   * @param height its height
   * @return the request with it; {@link ErrorCode#NOT_FOUND} follows for records that were sealed later
   */
  public ProofRequest toBlock(long height) {
    return with("head", height);
  }

  Map<String, Object> request() {
    return request;
  }
}
