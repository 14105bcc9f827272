package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the native library comes from, each time in a process of its own; and what only Linux as root can show. */
class LibraryTest {
  @TempDir Path folder;

  private final Path library = Paths.get(System.getProperty("yinzheng.library"));

  /** What the process of these tests does. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) {
      System.out.println("loaded " + Yinzheng.versionJson() + " " + NativeLibrary.platform());
    }
  }

  /** Everything that a new process says, with these options and this folder before the classes. */
  private String probe(Path resources, String... options) throws Exception {
    List<String> command = new ArrayList<>(
        Arrays.asList(Paths.get(System.getProperty("java.home"), "bin", "java").toString(), "-Xcheck:jni", "-Xmx256m"));
    command.addAll(Arrays.asList(options));
    String classes = Paths.get(Native.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    String tests = Paths.get(Probe.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    command.addAll(Arrays.asList("-cp", resources + ":" + classes + ":" + tests, Probe.class.getName()));
    Path out = Files.createTempFile(folder, "said", "");
    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start().waitFor();
    String said = new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
    for (String alarm : Files.readAllLines(Vectors.repository().resolve("bindings/java/jni-alarms.txt"))) {
      assertTrue(!said.contains(alarm), said);
    }
    return said;
  }

  private static void contains(String said, String... parts) {
    for (String part : parts) {
      assertTrue(said.contains(part), said);
    }
  }

  /** A folder that looks like the jar with the classifier of this machine. */
  private Path bundle(byte[] bytes, String digest) throws IOException {
    Path jar = Files.createTempDirectory(folder, "jar");
    Path place = Files.createDirectories(jar.resolve("io/yinzheng/native/" + NativeLibrary.platform()));
    Files.write(place.resolve("libyinzheng_jni.so"), bytes);
    Files.write(place.resolve("libyinzheng_jni.so.sha256"), (digest + "\n").getBytes(StandardCharsets.US_ASCII));
    return jar;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return Texts.hex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static long entries(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.count();
    }
  }

  @Test
  void thePropertyComesFirst() throws Exception {
    contains(probe(folder, "-Dyinzheng.library=" + library), "loaded {\"version\":\"" + Yinzheng.VERSION);
    contains(probe(folder, "-Dyinzheng.library=" + folder.resolve("nothing.so")), "UnsatisfiedLinkError", "which is no file");
    Path text = Files.write(folder.resolve("text.so"), new byte[] {1, 2, 3});
    contains(probe(folder, "-Dyinzheng.library=" + text), "UnsatisfiedLinkError", "cannot be loaded", NativeLibrary.platform());
  }

  @Test
  void thenTheLibraryPath() throws Exception {
    contains(probe(folder, "-Djava.library.path=" + library.getParent()), "loaded");
  }

  @Test
  void thenTheJarAndNothingIsLeftOfIt() throws Exception {
    byte[] bytes = Files.readAllBytes(library);
    Path dir = Files.createDirectory(folder.resolve("native"));
    contains(probe(bundle(bytes, sha256(bytes)), "-Dyinzheng.native.dir=" + dir), "loaded");
    assertEquals(0, entries(dir), "the folder is gone again");
  }

  @Test
  void aLibraryWithAnotherDigestIsNotLoaded() throws Exception {
    byte[] bytes = Files.readAllBytes(library);
    String digest = sha256(bytes);
    bytes[bytes.length / 2] ^= 1;
    contains(probe(bundle(bytes, digest)), "UnsatisfiedLinkError", "it is not loaded");
  }

  @Test
  void withoutAnyTheClassifierIsNamed() throws Exception {
    contains(probe(folder), "UnsatisfiedLinkError", "no native library for " + NativeLibrary.platform(), "classifier");
    contains(probe(bundle(new byte[1], sha256(new byte[1])), "-Dyinzheng.native.dir=/nowhere"), "cannot be written",
        "yinzheng.native.dir");
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(File.createTempFile("run", null)).start().waitFor();
  }

  /** A file system of its own, or a test that says it was skipped. */
  private Path mounted(String options) throws Exception {
    Path mount = Files.createTempDirectory(folder, "mount");
    assumeTrue(System.getProperty("user.name").equals("root")
        && run("mount", "-t", "tmpfs", "-o", options, "tmpfs", mount.toString()) == 0, "nobody may mount here");
    return mount;
  }

  @Test
  void aFolderThatForbidsExecutionIsSaidSo() throws Exception {
    assumeTrue(System.getenv("YINZHENG_EMULATED") == null, "an emulator reads what it executes as data");
    byte[] bytes = Files.readAllBytes(library);
    Path jar = bundle(bytes, sha256(bytes));
    Path mount = mounted("noexec,size=64m");
    try {
      contains(probe(jar, "-Djava.io.tmpdir=" + mount), "UnsatisfiedLinkError", "noexec", "-Dyinzheng.native.dir=FOLDER");
      assertEquals(0, entries(mount));
      contains(probe(jar, "-Djava.io.tmpdir=" + mount, "-Dyinzheng.native.dir=" + folder), "loaded");
    } finally {
      run("umount", mount.toString());
    }
  }

  @Test
  void aFullDiskIsAnErrorAndWhatWasAcknowledgedStays() throws Exception {
    Path mount = mounted("size=1m");
    Path file = mount.resolve("ledger.db");
    byte[] vaultKey = Yinzheng.newVaultKey(VaultSuite.AES_256_GCM);
    long acknowledged = 0;
    try (SoftwareKey key = SoftwareKey.generate(SignatureAlgorithm.P_256)) {
      try (Ledger ledger = Bank.creator(HashAlgorithm.SHA_256, key).create(file, vaultKey)) {
        int number = 0;
        for (int at = 0; number == 0 && at < 10_000; at++) {
          try {
            ledger.append(EvidenceRecord.of("generic").text("备注", new String(new char[20_000]).replace('\0', 'x')).build());
            acknowledged++;
          } catch (YinzhengException full) {
            Errors.read(full);
            number = full.number();
          }
        }
        assertEquals(607, number);
      }
      try (Ledger ledger = Ledger.opening(file).vaultKey(vaultKey).readOnly().open()) {
        assertEquals(acknowledged + 2, ledger.status().entries());
      }
    } finally {
      run("umount", mount.toString());
    }
  }
}
