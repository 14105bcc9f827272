package io.yinzheng;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/** Size, SHA-256 and SM3 of an attachment. */
public final class TwinDigest extends Reply {
  private TwinDigest(byte[] json) {
    super(json);
  }

  /**
   * Of bytes in memory.
   *
   * @param bytes the attachment
   * @return its digests
   */
  public static TwinDigest of(byte[] bytes) {
    return new TwinDigest(Native.hashBytes(bytes));
  }

  /**
   * Of a file, read once in constant memory.
   *
   * @param file the attachment
   * @return its digests
   */
  public static TwinDigest of(Path file) {
    return new TwinDigest(Native.hashFile(Texts.utf8(file)));
  }

  /**
   * Of everything that a stream still gives. It is not closed.
   *
   * @param in the attachment
   * @return its digests
   * @throws IOException when reading fails
   */
  public static TwinDigest of(InputStream in) throws IOException {
    long hash = Native.hashBegin();
    try {
      byte[] piece = new byte[65536];
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        Native.hashUpdate(hash, read == piece.length ? piece : java.util.Arrays.copyOf(piece, read));
      }
      return new TwinDigest(Native.hashFinish(hash));
    } finally {
      Native.close(hash);
    }
  }

  /**
   * How long it is.
   *
   * @return bytes
   */
  public long size() {
    return number("size");
  }

  /**
   * SHA-256.
   *
   * @return 64 hex digits
   */
  public String sha256() {
    return text("sha256");
  }

  /**
   * SM3.
   *
   * @return 64 hex digits
   */
  public String sm3() {
    return text("sm3");
  }

  Map<String, Object> request() {
    return Json.object(Texts.utf8(toJson()));
  }
}
