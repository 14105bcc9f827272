import java.io.FileReader;
import java.io.FileWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/** BouncyCastle as an authority for SM2 with SM3, and as a reader of tokens. */
public final class Authority {
    private static final ASN1ObjectIdentifier GM_SIGNED_DATA = new ASN1ObjectIdentifier("1.2.156.10197.6.1.4.2.2");

    public static void main(String[] w) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        if (w[0].equals("answer")) {
            answer(w[1], Path.of(w[2]), Path.of(w[3]), w[4]);
        } else {
            verify(Path.of(w[1]), Path.of(w[2]), w[3]);
        }
    }

    private static void answer(String arc, Path query, Path out, String rootFile) throws Exception {
        KeyPair root = pair();
        KeyPair stamper = pair();
        X509Certificate rootCertificate = certificate("CN=SM2 Root", root, "CN=SM2 Root", root, 1, true);
        X509Certificate certificate = certificate("CN=SM2 Stamper", stamper, "CN=SM2 Root", root, 2, false);
        DigestCalculator sha256 = new JcaDigestCalculatorProviderBuilder().setProvider("BC").build()
            .get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256));
        TimeStampTokenGenerator tokens = new TimeStampTokenGenerator(
            new JcaSimpleSignerInfoGeneratorBuilder().setProvider("BC").build("SM3withSM2", stamper.getPrivate(), certificate),
            sha256, new ASN1ObjectIdentifier("1.3.6.1.4.1.32473.1"));
        tokens.addCertificates(new JcaCertStore(List.of(certificate)));
        Set<ASN1ObjectIdentifier> digests = new HashSet<>(Set.of(TSPAlgorithms.SHA256, TSPAlgorithms.SM3));
        TimeStampRequest request = new TimeStampRequest(Files.readAllBytes(query));
        TimeStampResponse response = new TimeStampResponseGenerator(tokens, digests)
            .generateGrantedResponse(request, BigInteger.valueOf(5), new Date());
        response.validate(request);
        byte[] encoded = response.getEncoded();
        Files.write(out, arc.equals("gm") ? underGm(encoded) : encoded);
        try (JcaPEMWriter pem = new JcaPEMWriter(new FileWriter(rootFile))) {
            pem.writeObject(rootCertificate);
        }
    }

    /** The same response with the content type of GM/T 0010 around the signed data. */
    private static byte[] underGm(byte[] response) throws Exception {
        ASN1Sequence parts = ASN1Sequence.getInstance(response);
        ASN1EncodableVector info = new ASN1EncodableVector();
        info.add(GM_SIGNED_DATA);
        info.add(ASN1Sequence.getInstance(parts.getObjectAt(1)).getObjectAt(1));
        ASN1EncodableVector all = new ASN1EncodableVector();
        all.add(parts.getObjectAt(0));
        all.add(new DERSequence(info));
        return new DERSequence(all).getEncoded("DER");
    }

    private static void verify(Path token, Path data, String rootFile) throws Exception {
        ASN1Sequence info = ASN1Sequence.getInstance(Files.readAllBytes(token));
        ASN1EncodableVector pkcs7 = new ASN1EncodableVector();
        pkcs7.add(new ASN1ObjectIdentifier("1.2.840.113549.1.7.2"));
        pkcs7.add(info.getObjectAt(1));
        TimeStampToken read = new TimeStampToken(new CMSSignedData(new DERSequence(pkcs7).getEncoded()));
        X509CertificateHolder signer =
            (X509CertificateHolder) read.getCertificates().getMatches(read.getSID()).iterator().next();
        read.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(signer));
        String hash = read.getTimeStampInfo().getMessageImprintAlgOID().equals(TSPAlgorithms.SM3) ? "SM3" : "SHA-256";
        byte[] digest = java.security.MessageDigest.getInstance(hash, "BC").digest(Files.readAllBytes(data));
        if (!java.util.Arrays.equals(digest, read.getTimeStampInfo().getMessageImprintDigest())) {
            throw new IllegalStateException("another imprint");
        }
        try (PEMParser pem = new PEMParser(new FileReader(rootFile))) {
            X509CertificateHolder root = (X509CertificateHolder) pem.readObject();
            System.out.println("signed by " + signer.getSubject() + ", root " + root.getSubject());
        }
    }

    private static KeyPair pair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "BC");
        generator.initialize(new ECGenParameterSpec("sm2p256v1"));
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(String subject, KeyPair key, String issuer, KeyPair by, int number, boolean ca)
        throws Exception {
        Date from = new Date(System.currentTimeMillis() - 86_400_000L);
        Date until = new Date(System.currentTimeMillis() + 86_400_000L * 365);
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
            new X500Name(issuer), BigInteger.valueOf(number), from, until, new X500Name(subject), key.getPublic());
        if (ca) {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        } else {
            builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        }
        return new JcaX509CertificateConverter().setProvider("BC").getCertificate(
            builder.build(new JcaContentSignerBuilder("SM3withSM2").setProvider("BC").build(by.getPrivate())));
    }
}
