package io.yinzheng;

/** Which clock a time claim rests on, weakest first. */
public enum ClockTier implements Word {
  /** Somebody says so. */
  DECLARED("declared"),

  /** The system's own clock. */
  DEVICE("device"),

  /** Satellite navigation. */
  GNSS("gnss"),

  /** A clock synchronised by NTP. */
  NTP("ntp"),

  /** A time signed by a server. */
  SERVER("server"),

  /** The time of a block of another chain. */
  CHAIN("chain"),

  /** A timestamp authority, RFC 3161. */
  TSA("tsa");

  private final String word;

  ClockTier(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
