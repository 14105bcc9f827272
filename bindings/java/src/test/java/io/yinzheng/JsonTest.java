package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The small JSON reader and writer. */
class JsonTest {
  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "null", "true", "[1,-2,0]", "\"x\"", "{\"a\":[{\"b\":null}],\"c\":\"\\\"\\\\\"}",
      "123456789012345678", "12345678901234567890", "1.50", "\"借款\"", "\"\\u0001\"", "[[],{}]", "1e5", "-1.5E+3"})
  void whatIsWrittenIsWhatWasRead(String json) {
    assertEquals(json, Texts.string(Json.write(Json.read(json))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "-", "1.", ".5", "1e", "+1", "tru",
      "nul", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u12\"", "\"\n\"", "[1] 2", "{1:2}", "[1 2]", "'a'", "NaN", "\ufeff{}", "0x1", "\"\\u١٢٣٤\""})
  void whatIsNoJsonIsRefused(String json) {
    assertEquals(101, Errors.number(() -> Json.read(json)));
  }

  @Test
  void depthAndLengthAreBounded() {
    String deep = String.join("", Collections.nCopies(100_000, "["));
    assertEquals(101, Errors.number(() -> Json.read(deep)));
    Object nested = "x";
    for (int level = 0; level < 70; level++) {
      nested = Collections.singletonList(nested);
    }
    Object tooDeep = nested;
    assertEquals(307, Errors.number(() -> Json.write(tooDeep)));
    // A number whose digits would fill the memory stays a text.
    assertEquals("1e999999999", Texts.string(Json.write(Json.read("1e999999999"))));
  }

  @Test
  void escapesAndSurrogatesAreExact() {
    assertEquals("\ud83d\ude00/\b\f\n\r\t", Json.read("\"\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\""));
    assertEquals(309, Errors.number(() -> Json.write("\udc00")));
    assertEquals(309, Errors.number(() -> Json.read(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'})));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", 1);
    map.put("a", Arrays.asList(Outcome.PROVEN, true, null, new java.math.BigDecimal("5000.00"), 7L));
    assertEquals("{\"z\":1,\"a\":[\"PROVEN\",true,null,5000.00,7]}", Texts.string(Json.write(map)));
    assertEquals(101, Errors.number(() -> Json.write(1.5)));
    assertEquals(101, Errors.number(() -> Texts.unhex("0")));
    assertEquals(101, Errors.number(() -> Texts.unhex("zz")));
  }
}
