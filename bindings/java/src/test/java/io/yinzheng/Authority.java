package io.yinzheng;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/** A timestamp authority that we did not write: BouncyCastle, with a root of its own. */
final class Authority {
  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant NOW = Instant.parse("2026-11-29T12:00:00.250Z");
  static final Instant END = Instant.parse("2028-01-01T00:00:00Z");
  private static final Provider BC = new BouncyCastleProvider();

  private final String signature;
  private final KeyPair rootKey;
  private final KeyPair key;
  final X509Certificate root;
  final X509Certificate certificate;

  /**
   * An authority.
   *
   * @param sm2 SM2 with SM3, else ECDSA over P-256
   * @param mayIssue whether its root says that it is an authority
   */
  Authority(boolean sm2, boolean mayIssue) throws Exception {
    signature = sm2 ? "SM3withSM2" : "SHA256withECDSA";
    rootKey = pair(sm2);
    key = pair(sm2);
    root = certificate("CN=Root", rootKey, 1, mayIssue);
    certificate = certificate("CN=Stamper", key, 2, false);
  }

  private static KeyPair pair(boolean sm2) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
    generator.initialize(new ECGenParameterSpec(sm2 ? "sm2p256v1" : "secp256r1"), new SecureRandom());
    return generator.generateKeyPair();
  }

  private X509Certificate certificate(String subject, KeyPair of, int number, boolean issues) throws Exception {
    JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(new X500Name("CN=Root"), BigInteger.valueOf(number),
        Date.from(BEGIN), Date.from(END), new X500Name(subject), of.getPublic());
    if (of == rootKey) {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(issues));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(issues ? KeyUsage.keyCertSign | KeyUsage.cRLSign
          : KeyUsage.digitalSignature));
    } else {
      builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    }
    return new JcaX509CertificateConverter().setProvider(BC).getCertificate(
        builder.build(new JcaContentSignerBuilder(signature).setProvider(BC).build(rootKey.getPrivate())));
  }

  /** A second certificate of the same key, issuer and number, with other bytes. */
  X509Certificate twin() throws Exception {
    return certificate("CN=Twin", key, 2, false);
  }

  byte[] answer(byte[] query, Instant at) throws Exception {
    return answer(query, at, certificate);
  }

  /** The answer to a request, with a certificate in it that may be another than the one that the signer names. */
  byte[] answer(byte[] query, Instant at, X509Certificate enclosed) throws Exception {
    TimeStampTokenGenerator tokens = new TimeStampTokenGenerator(
        new JcaSimpleSignerInfoGeneratorBuilder().setProvider(BC).build(signature, key.getPrivate(), certificate),
        new JcaDigestCalculatorProviderBuilder().setProvider(BC).build()
            .get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256)),
        new ASN1ObjectIdentifier("1.3.6.1.4.1.32473.1"));
    tokens.addCertificates(new JcaCertStore(Collections.singletonList(enclosed)));
    tokens.setAccuracySeconds(1);
    tokens.setResolution(TimeStampTokenGenerator.R_MILLISECONDS);
    Set<ASN1ObjectIdentifier> hashes = new HashSet<>();
    hashes.add(TSPAlgorithms.SHA256);
    hashes.add(TSPAlgorithms.SM3);
    return new TimeStampResponseGenerator(tokens, hashes)
        .generateGrantedResponse(new TimeStampRequest(query), BigInteger.valueOf(0x1f5), Date.from(at)).getEncoded();
  }

  /** A list that revokes the certificate, for a reason of RFC 5280. */
  byte[] revoked(Instant at, int reason) throws Exception {
    X509v2CRLBuilder list = new X509v2CRLBuilder(new X500Name("CN=Root"), Date.from(at));
    list.setNextUpdate(Date.from(END));
    list.addCRLEntry(certificate.getSerialNumber(), Date.from(at), reason);
    return list.build(new JcaContentSignerBuilder(signature).setProvider(BC).build(rootKey.getPrivate())).getEncoded();
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END " + kind + "-----\n";
  }

  /** A policy that believes this authority, and knows these revocation lists. */
  Policy policy(byte[]... lists) throws Exception {
    Map<String, Object> anchor = new LinkedHashMap<>();
    anchor.put("certificate_pem", pem("CERTIFICATE", root.getEncoded()));
    anchor.put("for", Collections.singletonList("timestamps"));
    anchor.put("name", "示例授时中心");
    List<String> crls = new ArrayList<>();
    for (byte[] list : lists) {
      crls.add(pem("X509 CRL", list));
    }
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("anchors", Collections.singletonList(anchor));
    policy.put("crls_pem", crls);
    return Policy.ofFile(Json.write(policy));
  }
}
