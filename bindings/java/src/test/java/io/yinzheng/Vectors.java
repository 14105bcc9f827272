package io.yinzheng;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** What the files of tests/vectors have in common: cases, their names, what must come out, and a count. */
class Vectors {
  final Door door;
  private final List<String> failures = new ArrayList<>();
  private int passed;
  private static final Map<String, Integer> NUMBERS = numbers();

  Vectors(Door door) {
    this.door = door;
  }

  private static Map<String, Integer> numbers() {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (int number = 1; number < 1000; number++) {
      try {
        Map<String, Object> said = Json.object(Native.errorInfo(number, Texts.utf8("en")));
        numbers.put((String) said.get("name"), number);
      } catch (YinzhengException none) {
        continue;
      }
    }
    return numbers;
  }

  static Path repository() {
    return Paths.get(System.getProperty("yinzheng.repository", "../..")).toAbsolutePath().normalize();
  }

  static Map<String, Object> file(String name) {
    try {
      return Json.object(Files.readAllBytes(repository().resolve("tests/vectors/" + name + ".json")));
    } catch (IOException error) {
      throw new AssertionError(error);
    }
  }

  int passed() {
    return passed;
  }

  List<String> failures() {
    return failures;
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> list(Map<String, Object> of, String name) {
    Object list = of.get(name);
    return (List<Map<String, Object>>) Objects.requireNonNull(list, name);
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Map<String, Object> of, String name) {
    return (Map<String, Object>) of.get(name);
  }

  @SuppressWarnings("unchecked")
  static List<Object> values(Map<String, Object> of, String name) {
    return (List<Object>) of.get(name);
  }

  static String text(Map<String, Object> of, String name) {
    Object text = of.get(name);
    return text == null ? null : String.valueOf(text);
  }

  static byte[] bytes(Map<String, Object> of, String name) {
    return Texts.unhex(text(of, name));
  }

  /** Nodes one after the other. */
  static byte[] nodes(List<Object> nodes) {
    StringBuilder all = new StringBuilder();
    for (Object node : nodes) {
      all.append(node);
    }
    return Texts.unhex(all.toString());
  }

  static String json(Object value) {
    return Texts.string(Json.write(value));
  }

  static VerifyKey key(Map<String, Object> key) {
    VerifyKey of = VerifyKey.ofCose(bytes(key, "cose_key"));
    return key.get("sm2_id") == null ? of : of.withSm2Id(bytes(key, "sm2_id"));
  }

  void count(Map<String, Object> about, boolean right, String what) {
    if (right) {
      passed++;
      return;
    }
    Object name = about.get("name") != null ? about.get("name") : about.get("what") != null ? about.get("what") : about.get("text");
    failures.add(name + ": " + what);
  }

  /** What came out of a call: a value, or an exception. */
  static final class Came<T> {
    final T value;
    final YinzhengException error;

    Came(T value, YinzhengException error) {
      this.value = value;
      this.error = error;
    }

    int number() {
      return error == null ? 0 : error.number();
    }
  }

  static <T> Came<T> tried(Callable<T> call) {
    try {
      return new Came<>(call.call(), null);
    } catch (YinzhengException error) {
      Errors.read(error);
      return new Came<>(null, error);
    } catch (Exception error) {
      throw new AssertionError(error);
    }
  }

  static Came<Void> run(Runnable call) {
    return tried(() -> {
      call.run();
      return null;
    });
  }

  /** Judges how a call came out. An expected refusal is counted here; true when it was rightly accepted. */
  boolean judge(Map<String, Object> about, int number, String result) {
    boolean ok = result == null || result.equals("ok");
    boolean right = number == (ok ? 0 : NUMBERS.get(result));
    if (!right || !ok) {
      count(about, right, "error " + number + ", expected " + result);
    }
    return right && ok;
  }

  void same(Map<String, Object> about, Object said, Object expected) {
    count(about, Objects.equals(said, expected), "said " + json(said) + ", expected " + json(expected));
  }

  /** Reads a piece; its facts as a map. */
  Came<Map<String, Object>> inspect(String kind, String hex, String beside) {
    return tried(() -> Json.object(Texts.utf8(door.inspect(kind, Texts.unhex(hex), beside))));
  }

  void inspected(List<Map<String, Object>> list, String kind) {
    for (Map<String, Object> each : list) {
      if (judge(each, inspect(kind, text(each, "hex"), null).number(), text(each, "result"))) {
        count(each, true, "");
      }
    }
  }
}
