package io.yinzheng;

import java.util.Objects;

/**
 * The one exception of this library. Its message says in English what is wrong, where, and what to do; it never holds the
 * value of a field, a key or a passphrase, so it may go into a log. {@link #number()} is for programs and support, and is
 * the same in every language.
 *
 * <p>What a verification finds is no exception: it stands in the {@link Verdict}.
 */
public class YinzhengException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int number;

  /** Called by the native library. */
  YinzhengException(int number, String message) {
    super(message);
    this.number = number;
  }

  /**
   * An exception that a {@link Signer} of the host throws: {@link ErrorCode#SIGNER_DECLINED} and its neighbours.
   *
   * @param code what is wrong
   * @param context where, and what was expected; must hold nothing secret
   * @param cause what led to it, or null
   */
  public YinzhengException(ErrorCode code, String context, Throwable cause) {
    super(text(Objects.requireNonNull(code, "code"), Objects.requireNonNull(context, "context")), cause);
    this.number = code.number();
  }

  private static String text(ErrorCode code, String context) {
    return "[" + code.number() + "] " + said(code.number(), Language.EN, "message") + ": " + context + ". "
        + said(code.number(), Language.EN, "advice");
  }

  private static String said(int number, Language language, String member) {
    byte[] info = Native.errorInfo(number, Texts.utf8(language.word()));
    return Texts.string(Native.jsonGet(info, Texts.utf8("/" + member)));
  }

  /**
   * The fixed number of the error.
   *
   * @return 101 to 999, see {@link ErrorCode}
   */
  public int number() {
    return number;
  }

  /**
   * The kind of error.
   *
   * @return its constant, or {@link ErrorCode#UNKNOWN} for a number newer than this class
   */
  public ErrorCode code() {
    return ErrorCode.of(number);
  }

  /**
   * What to do about it.
   *
   * @param language Chinese or English
   * @return one sentence
   */
  public String advice(Language language) {
    return said(number, language, "advice");
  }

  /**
   * What kind of error it is, in words, without the context that {@link #getMessage()} has.
   *
   * @param language Chinese or English
   * @return a few words
   */
  public String summary(Language language) {
    return said(number, language, "message");
  }
}
