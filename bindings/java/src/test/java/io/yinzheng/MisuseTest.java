package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closed, null, huge, foreign: every native method answers with an error, none with a crash. */
class MisuseTest {
  @AfterEach
  void nothingIsLeftOpen() {
    assertEquals(0, Yinzheng.openHandles());
  }

  /** Which paths are among the arguments. */
  private enum Paths {
    NONE,
    ANY
  }

  private interface Arguments {
    Object of(Class<?> type);
  }

  /** Methods that make files would make them of any name. */
  private static final java.util.regex.Pattern MAKES_FILES =
      java.util.regex.Pattern.compile("ledgerCreate|ledgerContinue|ledgerExportFile|ledgerBackup|replicaImport.*");

  /** Calls every native method; it must return or throw the one exception. Gives how many methods there are. */
  private static int every(Paths paths, Arguments arguments) throws Exception {
    int methods = 0;
    for (Method method : Native.class.getDeclaredMethods()) {
      if (!Modifier.isNative(method.getModifiers())) {
        continue;
      }
      methods++;
      if (paths == Paths.ANY && MAKES_FILES.matcher(method.getName()).matches()) {
        continue;
      }
      Object[] given = Arrays.stream(method.getParameterTypes()).map(arguments::of).toArray();
      try {
        Object result = method.invoke(null, given);
        if (result instanceof Long && method.getReturnType() == long.class && !method.getName().equals("handleCount")
            && (Long) result > 1L << 40) {
          Native.close((Long) result);
        }
      } catch (InvocationTargetException failed) {
        assertTrue(failed.getCause() instanceof YinzhengException, method.getName() + ": " + failed.getCause());
        Errors.read((YinzhengException) failed.getCause());
      }
    }
    return methods;
  }

  @Test
  void noMethodTakesNull() throws Exception {
    int methods = every(Paths.NONE, type -> type == long.class ? (Object) 0L : type == int.class ? (Object) 0 : null);
    assertTrue(methods > 80, "only " + methods);
  }

  @Test
  void noMethodTakesAnyNumberOrEmptyArrays() throws Exception {
    for (long number : new long[] {-1, 0, 1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 52, 12345}) {
      every(Paths.NONE, type -> type == long.class ? (Object) number
          : type == int.class ? (Object) (int) number
          : type == byte[].class ? new byte[0] : new byte[][] {null});
    }
  }

  /** The type of the object that a method works on, by the first word of its name. */
  private static final java.util.regex.Pattern OBJECT = java.util.regex.Pattern.compile("^(ledger|key|sealer|hash)(?=[A-Z])");

  @Test
  void noMethodTakesHandlesOfAnotherTypeNorClosedOnes() throws Exception {
    Bank gone = new Bank();
    gone.close();
    long closed = gone.ledger.handle();
    long hash = Native.hashBegin();
    int methods = 0;
    try (Bank bank = new Bank(); Sealer sealer = Sealer.open(null)) {
      Map<String, Long> objects = new LinkedHashMap<>();
      objects.put("ledger", bank.ledger.handle());
      objects.put("key", bank.key.handle());
      objects.put("sealer", sealer.handle());
      objects.put("hash", hash);
      for (Method method : Native.class.getDeclaredMethods()) {
        java.util.regex.Matcher type = OBJECT.matcher(method.getName());
        if (!type.find() || method.getParameterCount() == 0 || method.getParameterTypes()[0] != long.class) {
          continue;
        }
        methods++;
        Map<String, Long> wrong = new LinkedHashMap<>(objects);
        wrong.remove(type.group());
        wrong.put("closed", closed);
        for (Map.Entry<String, Long> handle : wrong.entrySet()) {
          Object[] given = Arrays.stream(method.getParameterTypes()).map(one ->
              one == long.class ? (Object) 0L : one == byte[].class ? new byte[0] : new byte[1][]).toArray();
          given[0] = handle.getValue();
          String what = method.getName() + " of " + handle.getKey();
          InvocationTargetException failed = assertThrows(InvocationTargetException.class, () -> method.invoke(null, given), what);
          assertEquals(204, ((YinzhengException) failed.getCause()).number(), what);
        }
      }
    } finally {
      Native.close(hash);
    }
    assertTrue(methods > 55, "only " + methods);
  }

  /** Functions of C that have no native method, and why. */
  private static final Map<String, String> C_ONLY = new LinkedHashMap<>();

  static {
    C_ONLY.put("abiVersion", "jar and library find out by their methods, when they are loaded");
    C_ONLY.put("bufferCount", "replies are arrays of Java");
    C_ONLY.put("bufferFree", "replies are arrays of Java");
    C_ONLY.put("hashFd", "Java has no descriptors: hashFile, or hashBegin and pieces");
  }

  @Test
  void everyFunctionOfTheCDoorHasANativeMethod() throws Exception {
    Set<String> wanted = new TreeSet<>();
    for (String symbol : Files.readAllLines(Vectors.repository().resolve("ffi/abi/symbols.txt"))) {
      StringBuilder name = new StringBuilder();
      for (String word : symbol.trim().substring("yz_".length()).split("_")) {
        name.append(name.length() == 0 ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
      }
      wanted.add(name.toString());
    }
    assertTrue(wanted.containsAll(C_ONLY.keySet()));
    wanted.removeAll(C_ONLY.keySet());
    Set<String> natives = new TreeSet<>();
    for (Method method : Native.class.getDeclaredMethods()) {
      if (Modifier.isNative(method.getModifiers())) {
        natives.add(method.getName());
      }
    }
    assertEquals(wanted, natives);
  }

  @Test
  void randomBytesAreRefusedByEveryMethod() throws Exception {
    Random random = new Random(20261129);
    for (int round = 0; round < 200; round++) {
      every(Paths.ANY, type -> {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return type == long.class ? (Object) random.nextLong() : type == int.class ? (Object) random.nextInt()
            : type == byte[].class ? bytes : new byte[][] {bytes, bytes};
      });
    }
  }

  @Test
  void tooMuchIsOverALimit() {
    assertEquals(104, Errors.number(() -> Proofs.join(Collections.nCopies(1025, new byte[0]))));
    assertEquals(104, Errors.number(() -> Proofs.join(Collections.emptyList())));
    byte[] huge = new byte[70 << 20];
    huge[0] = 123;
    try (Bank bank = new Bank()) {
      assertEquals(104, Errors.number(() -> bank.ledger.json().append(huge)));
    }
    assertEquals(0, Verifier.verify(huge, Policy.NONE, Bank.NOW).count(Outcome.PROVEN));
    try (Sealer sealer = Sealer.open(null)) {
      assertEquals(104, Errors.number(() -> sealer.add(new byte[65536])));
    }
  }

  @Test
  void numbersThatWouldFillTheMemoryAreRefusedBefore() {
    for (String number : new String[] {"1e999999999", "1e-999999999", "-1e2147483647", "1e19", "1e-19", "9223372036854775808", "12e18",
        "0e99", "123456789012.123456789"}) {
      EvidenceRecord.Builder loan = EvidenceRecord.of("generic");
      assertEquals(104, Errors.number(() -> loan.amount("借款金额", new BigDecimal(number))), number);
    }
    for (String number : new String[] {"5000.00", "9223372036854775807", "-9223372036854775807", "1e18", "1e-18", "0.000000000000000000"}) {
      String json = EvidenceRecord.of("generic").amount("借款金额", new BigDecimal(number)).build().toJson();
      assertTrue(json.contains('"' + new BigDecimal(number).toPlainString() + '"'), json);
    }
  }

  @Test
  void aLedgerThatGoesOnIsNotMadeWithoutRoomForTheAnswer(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("next.db");
    try (Bank bank = new Bank(); SoftwareKey next = SoftwareKey.generate(SignatureAlgorithm.P_256)) {
      bank.ledger.end(next.publicKey(), null);
      bank.ledger.seal(bank.key);
      Map<String, Object> request = new LinkedHashMap<>();
      request.put("reason", ContinueReason.ROLLOVER);
      request.put("create", Bank.creator(HashAlgorithm.SHA_256, next).request());
      byte[] json = Json.write(request);
      long open = Yinzheng.openHandles();
      for (byte[][] info : new byte[][][] {null, {}}) {
        assertEquals(101, Errors.number(() ->
            Native.ledgerContinue(bank.ledger.handle(), Texts.utf8(file), bank.vaultKey, json, info)));
        assertEquals(open, Yinzheng.openHandles());
        assertFalse(Files.exists(file));
      }
      Native.close(Native.ledgerContinue(bank.ledger.handle(), Texts.utf8(file), bank.vaultKey, json, new byte[1][]));
    }
  }

  @Test
  void closingTwiceDoesNothingAndOthersGoOn() {
    Bank bank = new Bank();
    bank.close();
    assertDoesNotThrow(bank::close);
    try (Bank other = new Bank()) {
      bank.close();
      other.append("1.00");
    }
  }

  @Test
  void javasOwnNullsAreNullPointerExceptions() {
    assertThrows(NullPointerException.class, () -> EvidenceRecord.of((String) null));
    assertThrows(NullPointerException.class, () -> EvidenceRecord.of("generic").text(null, "x"));
    assertThrows(NullPointerException.class, () -> EvidenceRecord.of("generic").text("x", null));
    assertThrows(NullPointerException.class, () -> Ledger.opening(null));
    assertThrows(NullPointerException.class, () -> Policy.ofJson(null));
    assertThrows(NullPointerException.class, () -> Proofs.join(null));
    assertEquals(101, Errors.number(() -> Verifier.verify(null, Policy.NONE, Bank.NOW)));
  }
}
