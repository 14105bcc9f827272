import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.jcajce.spec.SM2ParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Verification kits read by BouncyCastle: every signature of all three algorithms. {@code java -cp bcprov.jar Check.java KIT …} */
public final class Check {
    private static int passed;
    private static int failed;

    private static void expect(String what, boolean found, boolean expected) {
        if (found == expected) {
            passed++;
        } else {
            failed++;
            System.out.println("FAILED bouncycastle: " + what + ": " + found);
        }
    }

    private static PublicKey key(Path pem, String algorithm) throws Exception {
        String text = Files.readString(pem).replaceAll("-----[^-]*-----", "").replaceAll("\\s", "");
        X509EncodedKeySpec spec = new X509EncodedKeySpec(Base64.getDecoder().decode(text));
        return KeyFactory.getInstance(algorithm, "BC").generatePublic(spec);
    }

    private static boolean verify(String algorithm, PublicKey key, byte[] userId, byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm, "BC");
            if (userId != null) {
                verifier.setParameter(new SM2ParameterSpec(userId));
            }
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (Exception refused) {
            return false;
        }
    }

    /** The user ID in the signature's command, where it is SM2. */
    private static byte[] userId(String commands, String name) {
        Matcher found = Pattern.compile("-pkeyopt (hex)?distid:(\\S+) -in " + name + "-tbs.bin").matcher(commands);
        if (!found.find()) {
            return null;
        }
        String id = found.group(2);
        if (found.group(1) == null) {
            return id.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        return java.util.HexFormat.of().parseHex(id);
    }

    private static byte[] spoilt(byte[] bytes) {
        byte[] copy = bytes.clone();
        copy[copy.length - 1] ^= 1;
        return copy;
    }

    private static void kit(Path folder) throws Exception {
        String commands = Files.readString(folder.resolve("COMMANDS.txt"));
        for (String name : names(folder)) {
            byte[] userId = userId(commands, name);
            boolean ed25519 = Files.exists(folder.resolve(name + "-signature.bin"));
            String algorithm = ed25519 ? "Ed25519" : userId != null ? "SM3withSM2" : "SHA256withECDSA";
            PublicKey key = key(folder.resolve(name + "-key.pem"), ed25519 ? "Ed25519" : "EC");
            byte[] message = Files.readAllBytes(folder.resolve(name + "-tbs.bin"));
            byte[] signature = Files.readAllBytes(folder.resolve(name + "-signature." + (ed25519 ? "bin" : "der")));
            String what = folder.getFileName() + " " + name + " " + algorithm;
            expect(what, verify(algorithm, key, userId, message, signature), true);
            expect(what + ", message spoilt", verify(algorithm, key, userId, spoilt(message), signature), false);
            expect(what + ", signature spoilt", verify(algorithm, key, userId, message, spoilt(signature)), false);
            if (userId != null) {
                expect(what + ", user ID spoilt", verify(algorithm, key, spoilt(userId), message, signature), false);
            }
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith("-key.pem"))
                    .map(file -> file.substring(0, file.length() - "-key.pem".length())).sorted()
                    .collect(Collectors.toList());
        }
    }

    public static void main(String[] folders) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        for (String folder : folders) {
            kit(Path.of(folder));
        }
        System.out.println("bouncycastle: " + passed + " passed, " + failed + " failed");
        System.exit(failed > 0 || passed == 0 ? 1 : 0);
    }
}
