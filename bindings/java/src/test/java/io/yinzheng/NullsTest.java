package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Null at every parameter of every public method: a NullPointerException, for a bare array error 101, unless Javadoc says "or null". */
class NullsTest {
  /** Where null may stand: class, method and the parameter's place. */
  private static final Set<String> MAY = new TreeSet<>(Arrays.asList(
      "Checks.inspect 2", "JcaSigner.withProvider 0", "JcaSigner.withSm2Id 1", "Ledger.dropStatement 2", "Ledger.end 0", "Ledger.end 1",
      "LedgerCreator.continueFrom 2", "LedgerPrivacy.confirmDestroyed 1", "LedgerPrivacy.erase 3", "LedgerPrivacy.eraseDossier 3",
      "LedgerHostKeys.eraseValues 5", "LedgerPrivacy.eraseValues 4", "LedgerPrivacy.hold 3", "LedgerPrivacy.lift 3", "LedgerPrivacy.restrict 3",
      "LedgerPrivacy.rewrap 1", "Sealer.open 0", "Statements.countersign 4", "Statements.countersign 5", "YinzhengException.YinzhengException 2"));

  @TempDir Path folder;

  private final Map<Class<?>, Object> samples = new LinkedHashMap<>();

  /** Something of a type that a call would take. */
  private Object sample(Class<?> type) {
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    if (type.isArray() && !samples.containsKey(type)) {
      Object array = Array.newInstance(type.getComponentType(), 1);
      Array.set(array, 0, sample(type.getComponentType()));
      return array;
    }
    for (Map.Entry<Class<?>, Object> one : samples.entrySet()) {
      if (type.isAssignableFrom(one.getKey())) {
        return one.getValue();
      }
    }
    throw new AssertionError("no sample of " + type);
  }

  private <T> void add(Class<T> type, T value) {
    samples.put(type, value);
  }

  private static List<Class<?>> classes() throws Exception {
    Path root = Paths.get(Native.class.getProtectionDomain().getCodeSource().getLocation().toURI()).resolve("io/yinzheng");
    List<Class<?>> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(root)) {
      for (Path file : files.sorted().collect(Collectors.toList())) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.equals("package-info.class")) {
          all.add(Class.forName("io.yinzheng." + name.substring(0, name.length() - ".class".length()), false, Native.class.getClassLoader()));
        }
      }
    }
    return all;
  }

  @Test
  void nullIsRefusedWhereItMayNotStand() throws Exception {
    long before = Yinzheng.openHandles();
    try (Bank bank = new Bank(); Sealer sealer = Sealer.open(null)) {
      fill(bank, sealer);
      List<String> silent = new ArrayList<>();
      Set<String> allowed = new TreeSet<>();
      int calls = 0;
      for (Class<?> type : classes()) {
        if (!Modifier.isPublic(type.getModifiers())) {
          continue;
        }
        List<Executable> all = new ArrayList<>(Arrays.asList(type.getDeclaredMethods()));
        all.addAll(Arrays.asList(type.getDeclaredConstructors()));
        for (Executable one : all) {
          if (!Modifier.isPublic(one.getModifiers()) || one.isSynthetic() || one.getName().equals("equals")
              || Modifier.isAbstract(one.getModifiers())) {
            continue;
          }
          for (int at = 0; at < one.getParameterCount(); at++) {
            String what = type.getSimpleName() + "." + one.getName().replaceFirst(".*\\.", "") + " " + at;
            if (one.getParameterTypes()[at].isPrimitive() || MAY.contains(what) && allowed.add(what)) {
              continue;
            }
            calls++;
            String said = without(type, one, at);
            if (said != null) {
              silent.add(what + ": " + said);
            }
          }
        }
      }
      assertEquals(Collections.emptyList(), silent);
      assertEquals(MAY, allowed, "Javadoc says null may stand there, and nothing is there");
      assertTrue(calls > 100, "only " + calls);
    } finally {
      ((Profile) samples.get(Profile.class)).close();
    }
    assertEquals(before, Yinzheng.openHandles());
  }

  /** Calls it with null in one place. Says what is wrong. */
  private String without(Class<?> type, Executable one, int at) throws Exception {
    Object[] given = Arrays.stream(one.getParameterTypes()).map(this::sample).toArray();
    given[at] = null;
    try {
      if (one instanceof Method) {
        ((Method) one).invoke(Modifier.isStatic(one.getModifiers()) ? null : sample(type), given);
      } else {
        ((java.lang.reflect.Constructor<?>) one).newInstance(given);
      }
      return "null is taken";
    } catch (InvocationTargetException failed) {
      Throwable cause = failed.getCause();
      boolean array = one.getParameterTypes()[at] == byte[].class;
      return cause instanceof NullPointerException
          || array && cause instanceof YinzhengException && ((YinzhengException) cause).number() == 101 ? null : cause.toString();
    }
  }

  private void fill(Bank bank, Sealer sealer) throws Exception {
    Appended record = bank.append("1.00");
    Sealed block = bank.ledger.seal(bank.key);
    byte[] proof = bank.ledger.prove(ProofRequest.ofDossier(record.dossier()).showAll());
    Verdict verdict = Verifier.verify(proof, Policy.NONE, Bank.LATER);
    for (Class<?> number : new Class<?>[] {long.class, int.class}) {
      samples.put(number, number == long.class ? (Object) 0L : (Object) 0);
    }
    samples.put(boolean.class, false);
    add(byte[].class, new byte[1]);
    add(char[].class, "x".toCharArray());
    add(String.class, "x");
    add(Path.class, Files.write(folder.resolve("x"), new byte[1]));
    add(Instant.class, Bank.NOW);
    add(OffsetDateTime.class, OffsetDateTime.parse("2026-11-25T10:00:00+08:00"));
    add(LocalDate.class, LocalDate.parse("2026-11-25"));
    add(Duration.class, Duration.ZERO);
    add(BigDecimal.class, BigDecimal.ONE);
    samples.put(List.class, Collections.emptyList());
    samples.put(Map.class, Collections.emptyMap());
    samples.put(UnaryOperator.class, UnaryOperator.identity());
    add(InputStream.class, new ByteArrayInputStream(new byte[0]));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    add(java.security.PublicKey.class, pair.getPublic());
    add(java.security.PrivateKey.class, pair.getPrivate());
    add(java.security.Provider.class, Security.getProviders()[0]);
    add(ECGenParameterSpec.class, new ECGenParameterSpec("secp256r1"));
    add(JcaSigner.class, JcaSigner.of(pair.getPrivate(), pair.getPublic()));
    add(SoftwareKey.class, bank.key);
    add(VerifyKey.class, bank.key.publicKey());
    add(Ledger.class, bank.ledger);
    add(LedgerJson.class, bank.ledger.json());
    add(LedgerKeys.class, bank.ledger.keys());
    add(LedgerPrivacy.class, bank.ledger.privacy());
    add(LedgerHostKeys.class, bank.ledger.hostKeys());
    add(LedgerTimestamps.class, bank.ledger.timestamps());
    add(LedgerCreator.class, Bank.creator(HashAlgorithm.SHA_256, bank.key));
    add(LedgerOpener.class, Ledger.opening(folder.resolve("x")));
    add(Sealer.class, sealer);
    add(Head.class, bank.ledger.head());
    add(Sealed.class, block);
    add(Verdict.class, verdict);
    add(VerdictLine.class, verdict.lines().get(0));
    add(RecordVerdict.class, verdict.records().get(0));
    add(Policy.class, Policy.NONE);
    add(ProofRequest.class, ProofRequest.ofDossier("x"));
    add(PaperRequest.class, PaperRequest.list(Language.EN));
    add(ProofItem.class, new ProofItem(new byte[1], new byte[1], Collections.emptyList()));
    add(EvidenceRecord.class, Bank.loan("1.00").build());
    add(EvidenceRecord.Builder.class, EvidenceRecord.of("generic"));
    add(SignerTerms.class, SignerTerms.of(bank.key.publicKey(), Role.CUSTOMER));
    add(TimeClaim.class, TimeClaim.declared(Bank.NOW));
    add(TwinDigest.class, TwinDigest.of(new byte[1]));
    add(Profile.class, Profile.load(Profile.file("generic")));
    add(ToSign.class, bankToSign(bank));
    add(Throwable.class, new Throwable());
    add(YinzhengException.class, new YinzhengException(ErrorCode.NOT_FOUND, "x", null));
  }

  private static ToSign bankToSign(Bank bank) {
    bank.append("2.00");
    return bank.ledger.begin();
  }
}
