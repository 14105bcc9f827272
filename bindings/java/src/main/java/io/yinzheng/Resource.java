package io.yinzheng;

/**
 * Something that is open in the native library until it is closed. After {@link #close()} every call fails with
 * {@link ErrorCode#INVALID_HANDLE}; calls that other threads have under way finish undisturbed. Closing twice does nothing.
 * What is forgotten stays open until the process ends; {@link Yinzheng#openHandles()} shows it.
 */
abstract class Resource implements AutoCloseable {
  private final long handle;

  Resource(long handle) {
    this.handle = handle;
  }

  /** The native library's number for it, which is never given again: a closed one is found out there. */
  final long handle() {
    return handle;
  }

  /** Closes it; the second time nothing happens. */
  @Override
  public void close() {
    try {
      Native.close(handle);
    } catch (YinzhengException closed) {
      if (closed.code() != ErrorCode.INVALID_HANDLE) {
        throw closed;
      }
    }
  }
}
