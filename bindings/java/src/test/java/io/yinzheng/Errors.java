package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.function.Executable;

/** Calls that must fail, and what a support engineer reads then. */
final class Errors {
  /** Every number that a test of this process has produced and read. */
  static final Set<Integer> SEEN = Collections.synchronizedSet(new TreeSet<Integer>());

  private Errors() {}

  /** The number of the error that a call ends with. */
  static int number(Executable call) {
    try {
      call.execute();
    } catch (YinzhengException error) {
      read(error);
      return error.number();
    } catch (Throwable other) {
      throw new AssertionError("expected a YinzhengException", other);
    }
    return fail("this must be refused");
  }

  /** The message says which error, what it means and what to do, in both languages, and no value of a field. */
  static void read(YinzhengException error) {
    String message = error.getMessage();
    assertTrue(message.startsWith("[" + error.number() + "] " + error.summary(Language.EN)), message);
    assertTrue(message.endsWith(". " + error.advice(Language.EN)), message);
    assertFalse(error.summary(Language.ZH).isEmpty());
    assertNotEquals(error.advice(Language.EN), error.advice(Language.ZH));
    assertNotEquals(ErrorCode.UNKNOWN, error.code(), message);
    assertEquals(error.number(), error.code().number());
    for (String secret : new String[] {"13900001234", "6222020000001234567", "correct horse"}) {
      assertFalse(message.contains(secret), "a value in a message");
    }
    SEEN.add(error.number());
  }
}
