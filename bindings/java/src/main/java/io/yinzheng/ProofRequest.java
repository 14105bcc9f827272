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

  private ProofRequest disclose(Object what) {
    Map<String, Object> changed = new LinkedHashMap<>(request);
    changed.put("disclose", what);
    return new ProofRequest(changed);
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

  Map<String, Object> request() {
    return request;
  }
}
