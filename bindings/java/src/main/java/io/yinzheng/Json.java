package io.yinzheng;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small JSON reader and writer (RFC 8259), so that this library needs no other: strict, without recursion beyond
 * {@link #DEPTH}, numbers exact. Maps keep the order of members.
 */
final class Json {
  /** Deeper nesting is refused. */
  static final int DEPTH = 64;

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Text that is JSON already: it goes into a request exactly as it is. */
  static final class Raw {
    private final String json;

    Raw(String json) {
      this.json = json;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Raw && ((Raw) other).json.equals(json);
    }

    @Override
    public int hashCode() {
      return json.hashCode();
    }
  }

  static Object read(byte[] utf8) {
    return read(Texts.string(utf8));
  }

  static Object read(String text) {
    Json json = new Json(text);
    Object value = json.value(0);
    json.space();
    if (json.at != text.length()) {
      throw json.wrong("something after the end");
    }
    return value;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(byte[] utf8) {
    Object value = read(utf8);
    if (!(value instanceof Map)) {
      throw new YinzhengException(ErrorCode.INVALID_ARGUMENT, "expected a JSON object", null);
    }
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  static List<Object> array(byte[] utf8) {
    Object value = read(utf8);
    if (!(value instanceof List)) {
      throw new YinzhengException(ErrorCode.INVALID_ARGUMENT, "expected a JSON array", null);
    }
    return (List<Object>) value;
  }

  private YinzhengException wrong(String what) {
    return new YinzhengException(ErrorCode.INVALID_ARGUMENT, "not JSON: " + what + " at character " + at, null);
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean next(char wanted) {
    space();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void need(char wanted) {
    if (!next(wanted)) {
      throw wrong("expected " + wanted);
    }
  }

  private Object value(int depth) {
    if (depth > DEPTH) {
      throw wrong("nested too deep");
    }
    space();
    if (at == text.length()) {
      throw wrong("it ends too early");
    }
    switch (text.charAt(at)) {
      case '{':
        return map(depth);
      case '[':
        return list(depth);
      case '"':
        return string();
      case 't':
        return word("true", Boolean.TRUE);
      case 'f':
        return word("false", Boolean.FALSE);
      case 'n':
        return word("null", null);
      default:
        return number();
    }
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw wrong("an unknown word");
    }
    at += word.length();
    return value;
  }

  private Map<String, Object> map(int depth) {
    Map<String, Object> members = new LinkedHashMap<>();
    at++;
    if (next('}')) {
      return Collections.unmodifiableMap(members);
    }
    do {
      space();
      if (at == text.length() || text.charAt(at) != '"') {
        throw wrong("expected a name");
      }
      String name = string();
      need(':');
      Object value = value(depth + 1);
      if (members.containsKey(name)) {
        throw wrong("a name stands twice");
      }
      members.put(name, value);
    } while (next(','));
    need('}');
    return Collections.unmodifiableMap(members);
  }

  private List<Object> list(int depth) {
    List<Object> items = new ArrayList<>();
    at++;
    if (next(']')) {
      return Collections.unmodifiableList(items);
    }
    do {
      items.add(value(depth + 1));
    } while (next(','));
    need(']');
    return Collections.unmodifiableList(items);
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return out.toString();
      }
      if (c < ' ') {
        throw wrong("a control character");
      }
      out.append(c == '\\' ? escaped() : c);
    }
    throw wrong("a text without an end");
  }

  private char escaped() {
    at++;
    char c = at < text.length() ? text.charAt(at) : ' ';
    int simple = "\"\\/bfnrt".indexOf(c);
    if (simple >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(simple);
    }
    if (c != 'u' || at + 4 >= text.length()) {
      throw wrong("an unknown escape");
    }
    int code = 0;
    for (int digit = 1; digit <= 4; digit++) {
      char read = text.charAt(at + digit);
      int value = read < 128 ? Character.digit(read, 16) : -1;
      if (value < 0) {
        throw wrong("an unknown escape");
      }
      code = code << 4 | value;
    }
    at += 4;
    return (char) code;
  }

  private Object number() {
    int start = at;
    boolean whole = true;
    if (at < text.length() && text.charAt(at) == '-') {
      at++;
    }
    int digits = digits();
    if (digits == 0 || digits > 1 && text.charAt(at - digits) == '0') {
      throw wrong("no value");
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      whole = false;
      if (digits() == 0) {
        throw wrong("no digits");
      }
    }
    boolean exponent = at < text.length() && (text.charAt(at) | 32) == 'e';
    if (exponent) {
      at++;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      if (digits() == 0) {
        throw wrong("no digits");
      }
    }
    String number = text.substring(start, at);
    if (exponent || number.length() > 40) {
      // Never made into a number, which could take all memory when written out.
      return new Raw(number);
    }
    return whole && digits <= 18 ? (Object) Long.valueOf(number) : new BigDecimal(number);
  }

  private int digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - start;
  }

  static byte[] write(Object value) {
    StringBuilder out = new StringBuilder(512);
    write(out, value, 0);
    return Texts.utf8(out);
  }

  private static void write(StringBuilder out, Object value, int depth) {
    if (depth > DEPTH) {
      throw new YinzhengException(ErrorCode.TOO_DEEP, "JSON of a request", null);
    }
    if (value instanceof Raw) {
      out.append(((Raw) value).json);
    } else if (value instanceof CharSequence) {
      quote(out, (CharSequence) value);
    } else if (value instanceof Word) {
      quote(out, ((Word) value).word());
    } else if (value instanceof BigDecimal) {
      out.append(((BigDecimal) value).toPlainString());
    } else if (value instanceof Map) {
      char before = '{';
      for (Map.Entry<?, ?> member : ((Map<?, ?>) value).entrySet()) {
        quote(out.append(before), (String) member.getKey());
        write(out.append(':'), member.getValue(), depth + 1);
        before = ',';
      }
      out.append(before == '{' ? "{}" : "}");
    } else if (value instanceof Iterable) {
      char before = '[';
      for (Object item : (Iterable<?>) value) {
        write(out.append(before), item, depth + 1);
        before = ',';
      }
      out.append(before == '[' ? "[]" : "]");
    } else if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long) {
      out.append(value);
    } else {
      throw new YinzhengException(ErrorCode.INVALID_ARGUMENT, "no JSON for a " + value.getClass().getName(), null);
    }
  }

  private static void quote(StringBuilder out, CharSequence text) {
    out.append('"');
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
