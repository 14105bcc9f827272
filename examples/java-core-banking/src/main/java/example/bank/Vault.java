package example.bank;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** What opens the values is the bank's secret: AES-GCM with a random nonce, bound to the row that it stands in. */
final class Vault {
  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  Vault(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
  }

  private byte[] run(int mode, byte[] nonce, byte[] input, String row) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(128, nonce));
      cipher.updateAAD(row.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException error) {
      throw new IllegalStateException(error);
    }
  }

  byte[] lock(String text, String row) {
    byte[] nonce = new byte[12];
    random.nextBytes(nonce);
    byte[] locked = run(Cipher.ENCRYPT_MODE, nonce, text.getBytes(StandardCharsets.UTF_8), row);
    return ByteBuffer.allocate(12 + locked.length).put(nonce).put(locked).array();
  }

  String open(byte[] locked, String row) {
    ByteBuffer in = ByteBuffer.wrap(locked);
    byte[] nonce = new byte[12];
    byte[] text = new byte[locked.length - 12];
    in.get(nonce).get(text);
    return new String(run(Cipher.DECRYPT_MODE, nonce, text, row), StandardCharsets.UTF_8);
  }
}
