package io.yinzheng;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** An answer of the library: immutable, and still the JSON that it came as. Equal when the JSON is. */
public abstract class Reply {
  private final byte[] json;
  private final Map<String, Object> said;

  Reply(byte[] json) {
    this.json = json;
    this.said = Json.object(json);
  }

  /** A part of a longer answer. */
  Reply(Map<String, Object> said) {
    this.json = null;
    this.said = said;
  }

  /**
   * The answer as the library gave it.
   *
   * @return JSON
   */
  public final String toJson() {
    return Texts.string(json != null ? json : Json.write(said));
  }

  final Object get(String name) {
    return said.get(name);
  }

  final String text(String name) {
    return (String) said.get(name);
  }

  final long number(String name) {
    return (Long) said.get(name);
  }

  final boolean flag(String name) {
    return (Boolean) said.get(name);
  }

  final byte[] bytes(String name) {
    return Texts.unhex(text(name));
  }

  @SuppressWarnings("unchecked")
  final List<String> texts(String name) {
    return (List<String>) said.get(name);
  }

  @SuppressWarnings("unchecked")
  final List<Map<String, Object>> objects(String name) {
    Object list = said.get(name);
    return list == null ? Collections.<Map<String, Object>>emptyList() : (List<Map<String, Object>>) list;
  }

  @SuppressWarnings("unchecked")
  final Map<String, Object> part(String name) {
    return (Map<String, Object>) said.get(name);
  }

  interface Make<T> {
    T of(Map<String, Object> said);
  }

  /** The members of an array, each as an answer of its own. */
  @SuppressWarnings("unchecked")
  static <T> List<T> each(byte[] array, Make<T> make) {
    return each((List<Map<String, Object>>) (List<?>) Json.array(array), make);
  }

  static <T> List<T> each(List<Map<String, Object>> array, Make<T> make) {
    List<T> out = new ArrayList<>(array.size());
    for (Map<String, Object> one : array) {
      out.add(make.of(one));
    }
    return Collections.unmodifiableList(out);
  }

  @Override
  public final boolean equals(Object other) {
    return other != null && other.getClass() == getClass() && said.equals(((Reply) other).said);
  }

  @Override
  public final int hashCode() {
    return Objects.hashCode(said);
  }

  /** Only the kind: an answer may hold values of fields, which do not belong into a log. */
  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
