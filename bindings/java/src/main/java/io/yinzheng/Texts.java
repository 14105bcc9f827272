package io.yinzheng;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** Between Java's texts and bytes, strictly: what is no text is refused, never replaced by a question mark. */
final class Texts {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private Texts() {}

  static byte[] utf8(CharSequence text) {
    Objects.requireNonNull(text, "text");
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] out = new byte[bytes.remaining()];
      bytes.get(out);
      wipe(bytes.array());
      return out;
    } catch (CharacterCodingException half) {
      throw new YinzhengException(ErrorCode.INVALID_UTF8, "a text with half of a surrogate pair", null);
    }
  }

  static byte[] utf8(Path path) {
    return utf8(Objects.requireNonNull(path, "path").toString());
  }

  static String string(byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new YinzhengException(ErrorCode.INVALID_UTF8, "a reply", null);
    }
  }

  static String hex(byte[] bytes) {
    StringBuilder out = new StringBuilder(2 * bytes.length);
    for (byte b : bytes) {
      out.append(HEX[b >> 4 & 15]).append(HEX[b & 15]);
    }
    return out.toString();
  }

  static byte[] unhex(String hex) {
    if (hex.length() % 2 != 0) {
      throw new YinzhengException(ErrorCode.INVALID_ARGUMENT, "hex has two digits for each byte", null);
    }
    byte[] out = new byte[hex.length() / 2];
    for (int at = 0; at < out.length; at++) {
      int high = Character.digit(hex.charAt(2 * at), 16);
      int low = Character.digit(hex.charAt(2 * at + 1), 16);
      if (high < 0 || low < 0 || hex.charAt(2 * at) > 'f' || hex.charAt(2 * at + 1) > 'f') {
        throw new YinzhengException(ErrorCode.INVALID_ARGUMENT, "hex has digits 0 to 9 and a to f", null);
      }
      out[at] = (byte) (high << 4 | low);
    }
    return out;
  }

  static void wipe(byte[] secret) {
    java.util.Arrays.fill(secret, (byte) 0);
  }
}
