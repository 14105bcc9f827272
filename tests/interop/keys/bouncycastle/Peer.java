import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jcajce.spec.SM2ParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;

/** BouncyCastle: key files and all three algorithms. Answers the questions that ../README.md describes. */
public final class Peer {
    private static final char[] PASSPHRASE = "correct horse 印证".toCharArray();
    private static final HexFormat HEX = HexFormat.of();
    private static final JcaPEMKeyConverter CONVERTER = new JcaPEMKeyConverter().setProvider("BC");

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String reply;
            try {
                reply = answer(line.split(" "));
            } catch (Exception error) {
                reply = ("error " + error).replace('\n', ' ');
            }
            out.println(reply);
        }
    }

    private static String answer(String[] w) throws Exception {
        switch (w[0]) {
            case "about":
                return "bouncycastle files Ed25519 P-256 SM2";
            case "make":
                return make(w[1], w[2]);
            case "sign": {
                Signature signer = signer(w[1], w[4]);
                signer.initSign(secret(w[2]));
                signer.update(unhex(w[5]));
                return HEX.formatHex(signer.sign());
            }
            case "sign-digest": {
                if (!w[1].equals("P-256")) {
                    return "unsupported";
                }
                Signature signer = Signature.getInstance("NONEwithECDSA", "BC");
                signer.initSign(secret(w[2]));
                signer.update(unhex(w[3]));
                return HEX.formatHex(signer.sign());
            }
            case "verify": {
                Signature verifier = signer(w[1], w[3]);
                verifier.initVerify(publicKey(w[2]));
                verifier.update(unhex(w[4]));
                return Boolean.toString(verifier.verify(unhex(w[5])));
            }
            default:
                return "unsupported";
        }
    }

    private static String make(String alg, String scheme) throws Exception {
        KeyPairGenerator generator;
        if (alg.equals("Ed25519")) {
            generator = KeyPairGenerator.getInstance("Ed25519", "BC");
        } else {
            generator = KeyPairGenerator.getInstance("EC", "BC");
            generator.initialize(new ECGenParameterSpec(alg.equals("SM2") ? "sm2p256v1" : "P-256"));
        }
        KeyPair pair = generator.generateKeyPair();
        // It has SM4, but does not find it by its number.
        if (!scheme.equals("aes")) {
            return "unsupported";
        }
        JcePKCSPBEOutputEncryptorBuilder encryptor =
            new JcePKCSPBEOutputEncryptorBuilder(NISTObjectIdentifiers.id_aes256_CBC)
                .setPRF(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE))
                .setProvider("BC");
        encryptor.setIterationCount(10_000);
        return pem(new JcaPKCS8Generator(pair.getPrivate(), encryptor.build(PASSPHRASE))) + " " + pem(pair.getPublic());
    }

    private static String pem(Object thing) throws Exception {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(thing);
        }
        return HEX.formatHex(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static Object read(String hex) throws Exception {
        try (PEMParser parser = new PEMParser(new StringReader(new String(unhex(hex), StandardCharsets.US_ASCII)))) {
            return parser.readObject();
        }
    }

    private static PrivateKey secret(String hex) throws Exception {
        PKCS8EncryptedPrivateKeyInfo file = (PKCS8EncryptedPrivateKeyInfo) read(hex);
        return CONVERTER.getPrivateKey(file.decryptPrivateKeyInfo(
            new JcePKCSPBEInputDecryptorProviderBuilder().setProvider("BC")
                .build(PASSPHRASE)));
    }

    private static PublicKey publicKey(String hex) throws Exception {
        return CONVERTER.getPublicKey((SubjectPublicKeyInfo) read(hex));
    }

    private static Signature signer(String alg, String sm2Id) throws Exception {
        switch (alg) {
            case "Ed25519":
                return Signature.getInstance("Ed25519", "BC");
            case "P-256":
                return Signature.getInstance("SHA256withECDSA", "BC");
            default:
                Signature signer = Signature.getInstance("SM3withSM2", "BC");
                signer.setParameter(new SM2ParameterSpec(unhex(sm2Id)));
                return signer;
        }
    }

    private static byte[] unhex(String word) {
        return word.equals("-") ? new byte[0] : HEX.parseHex(word);
    }
}
