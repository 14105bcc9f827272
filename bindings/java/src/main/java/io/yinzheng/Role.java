package io.yinzheng;

/** In which role somebody signs a statement 签署声明. */
public enum Role implements Word {
  /** The customer. */
  CUSTOMER("customer"),

  /** The customer's device. */
  DEVICE("device"),

  /** The lender. */
  LENDER("lender"),

  /** Somebody who saw it. */
  WITNESS("witness"),

  /** The platform that runs the app. */
  PLATFORM("platform"),

  /** An agent of the customer. */
  AGENT("agent"),

  /** A guarantor. */
  GUARANTOR("guarantor"),

  /** A teller at the counter. */
  TELLER("teller"),

  /** A notary. */
  NOTARY("notary"),

  /** The customer's own bank. */
  CUSTOMERS_BANK("customers-bank");

  private final String word;

  Role(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
