package example.bank;

import io.yinzheng.JcaSigner;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;

/** The ledger key in an HSM, through SunPKCS11. The secret half never leaves it: Java holds a reference. */
public final class HsmKey {
  private HsmKey() {}

  /**
   * A signer with the key of this alias.
   *
   * @param configuration of SunPKCS11: name, library, slot
   */
  public static JcaSigner open(Path configuration, char[] pin, String alias) {
    try {
      Provider provider = Security.getProvider("SunPKCS11").configure(configuration.toString());
      KeyStore token = KeyStore.getInstance("PKCS11", provider);
      token.load(null, pin);
      PrivateKey key = (PrivateKey) token.getKey(alias, null);
      if (key == null) {
        throw new IllegalStateException("the token has no key " + alias);
      }
      if (key.getEncoded() != null) {
        throw new IllegalStateException("a token that gives its secrets away is no HSM");
      }
      return JcaSigner.of(key, token.getCertificate(alias).getPublicKey()).withProvider(provider);
    } catch (GeneralSecurityException | java.io.IOException error) {
      throw new IllegalStateException("the HSM cannot be opened", error);
    }
  }
}
