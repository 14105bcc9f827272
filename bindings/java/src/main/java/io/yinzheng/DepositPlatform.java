package io.yinzheng;

/** A platform that takes digests into a chain of its own. What each is told stands in docs/operations.md. */
public enum DepositPlatform implements Word {
  /** 蚂蚁链 AntChain. */
  ANTCHAIN("antchain"),

  /** e签宝. */
  ESIGN("esign"),

  /** BTOE. */
  BTOE("btoe"),

  /** 百度 Baidu. */
  BAIDU("baidu"),

  /** 数字认证 BJCA. */
  BJCA("bjca"),

  /** CMEVI. */
  CMEVI("cmevi"),

  /** P3211: only for records that a party signed. */
  P3211("p3211"),

  /** The evidence sample of FISCO BCOS: only for records that a party signed. */
  FISCO("fisco");

  private final String word;

  DepositPlatform(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
