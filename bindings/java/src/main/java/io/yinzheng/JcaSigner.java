package io.yinzheng;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Objects;

/**
 * Signs with a key of the Java platform: of a key store, of an HSM through SunPKCS11, or of another provider. For several
 * threads as far as the provider is. Immutable.
 *
 * <p>P-256 signs as {@code SHA256withECDSA}, Ed25519 as {@code Ed25519} (Java 15, or a provider), SM2 as {@code SM3withSM2}
 * of a provider such as BouncyCastle, with its default id {@code 1234567812345678}.
 */
public final class JcaSigner implements Signer {
  private final PrivateKey privateKey;
  private final VerifyKey publicKey;
  private final String algorithm;
  private final Provider provider;
  private final AlgorithmParameterSpec parameters;

  private JcaSigner(PrivateKey privateKey, VerifyKey publicKey, String algorithm, Provider provider,
      AlgorithmParameterSpec parameters) {
    this.privateKey = Objects.requireNonNull(privateKey, "privateKey");
    this.publicKey = publicKey;
    this.algorithm = algorithm;
    this.provider = provider;
    this.parameters = parameters;
  }

  /**
   * A signer whose provider is the one that Java finds for the key.
   *
   * @param privateKey the secret half; it may stay in its device
   * @param publicKey the public half, which says the algorithm
   * @return the signer
   */
  public static JcaSigner of(PrivateKey privateKey, java.security.PublicKey publicKey) {
    VerifyKey key = VerifyKey.of(publicKey);
    String algorithm;
    switch (key.algorithm()) {
      case ED25519:
        algorithm = "Ed25519";
        break;
      case SM2:
        algorithm = "SM3withSM2";
        break;
      default:
        algorithm = "SHA256withECDSA";
    }
    return new JcaSigner(privateKey, key, algorithm, null, null);
  }

  /**
   * The same with a certain provider.
   *
   * @param provider that of the key's device, or null for the first one that takes the key
   * @return another signer
   */
  public JcaSigner withProvider(Provider provider) {
    return new JcaSigner(privateKey, publicKey, algorithm, provider, parameters);
  }

  /**
   * The same with another SM2 signer id.
   *
   * @param id the id, as the public key has it in requests
   * @param parameters the provider's own parameters with this id, such as {@code SM2ParameterSpec}, or null for its own default
   * @return another signer
   */
  public JcaSigner withSm2Id(byte[] id, AlgorithmParameterSpec parameters) {
    return new JcaSigner(privateKey, publicKey.withSm2Id(id), algorithm, provider, parameters);
  }

  @Override
  public VerifyKey publicKey() {
    return publicKey;
  }

  @Override
  public byte[] sign(ToSign toSign) {
    try {
      Signature signature = provider == null
          ? Signature.getInstance(algorithm) : Signature.getInstance(algorithm, provider);
      if (parameters != null) {
        signature.setParameter(parameters);
      }
      signature.initSign(privateKey);
      signature.update(toSign.bytes());
      return signature.sign();
    } catch (NoSuchAlgorithmException error) {
      throw new YinzhengException(ErrorCode.UNSUPPORTED_ALGORITHM, "no provider has " + algorithm, error);
    } catch (InvalidKeyException error) {
      throw new YinzhengException(ErrorCode.SIGNER_KEY_GONE, "the provider does not take the key", error);
    } catch (GeneralSecurityException | ProviderException error) {
      throw new YinzhengException(ErrorCode.SIGNER_DECLINED, "the provider did not sign", error);
    }
  }
}
