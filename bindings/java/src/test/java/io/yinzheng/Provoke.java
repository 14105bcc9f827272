package io.yinzheng;

/** Panics on demand, where the library was built with the feature {@code test-panic}. */
final class Provoke {
  static {
    // Loads the library, which registers the methods below.
    Yinzheng.openHandles();
  }

  private Provoke() {}

  /** The call of this name panics the next time. */
  static native void arm(byte[] point);

  /** Panics in the lines around the facade. */
  static native void outside();
}
