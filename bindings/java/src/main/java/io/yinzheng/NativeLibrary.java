package io.yinzheng;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.Locale;

/**
 * Finds and loads the native library: the file that the property {@code yinzheng.library} names; else
 * {@code libyinzheng_jni.so} in a folder of {@code java.library.path}; else the one bundled in a jar, which is written to a
 * new folder that only this user may open (below {@code yinzheng.native.dir}, or {@code java.io.tmpdir}), compared with its
 * SHA-256, loaded, and deleted again.
 */
final class NativeLibrary {
  private static final String NAME = "yinzheng_jni";

  private NativeLibrary() {}

  static void load() {
    String named = System.getProperty("yinzheng.library");
    if (named != null) {
      Path file = Paths.get(named).toAbsolutePath();
      if (!Files.isRegularFile(file)) {
        throw new UnsatisfiedLinkError("yinzheng: -Dyinzheng.library names " + file + ", which is no file");
      }
      load(file);
    } else if ("The Android Runtime".equals(System.getProperty("java.runtime.name")) || onPath()) {
      System.loadLibrary(NAME);
    } else {
      extract();
    }
    String version = Texts.string(Native.jsonGet(Native.version(), Texts.utf8("/version")));
    if (!version.equals(Yinzheng.VERSION)) {
      throw new UnsatisfiedLinkError(
          "yinzheng: the native library is version " + version + ", the jar " + Yinzheng.VERSION);
    }
  }

  private static boolean onPath() {
    for (String folder : System.getProperty("java.library.path", "").split(java.io.File.pathSeparator)) {
      if (!folder.isEmpty() && Files.isRegularFile(Paths.get(folder, System.mapLibraryName(NAME)))) {
        return true;
      }
    }
    return false;
  }

  private static void load(Path file) {
    try {
      System.load(file.toString());
    } catch (UnsatisfiedLinkError error) {
      UnsatisfiedLinkError clearer = new UnsatisfiedLinkError(
          "yinzheng: " + file + " cannot be loaded (" + error.getMessage() + "). " + advice(error.getMessage(), file));
      clearer.initCause(error);
      throw clearer;
    }
  }

  private static String advice(String said, Path file) {
    String reason = String.valueOf(said);
    if (reason.contains("failed to map segment") || reason.contains("Operation not permitted")) {
      return "The folder " + file.getParent() + " is probably mounted noexec: name another one with"
          + " -Dyinzheng.native.dir=FOLDER, or install the library and name it with -Dyinzheng.library=FILE";
    }
    if (reason.contains("GLIBC_") || reason.contains("ld-musl") || reason.contains("libc.musl")) {
      return "It is for another C library: take the jar with the classifier " + platform();
    }
    if (reason.contains("JNI version")) {
      return "It does not belong to this jar: use both of one version";
    }
    return "Is it for " + platform() + "?";
  }

  /** The classifier of the jar for this machine, such as {@code linux-x86_64} or {@code linux-aarch64-musl}. */
  static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String cpu = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    os = os.startsWith("mac") ? "macos" : os.startsWith("windows") ? "windows" : os.replace(' ', '-');
    cpu = cpu.equals("amd64") || cpu.equals("x64") ? "x86_64" : cpu.equals("arm64") ? "aarch64" : cpu;
    boolean musl = os.equals("linux") && Files.exists(Paths.get("/lib/ld-musl-" + cpu + ".so.1"))
        && !Files.exists(Paths.get("/lib64/ld-linux-x86-64.so.2")) && !Files.exists(Paths.get("/lib/ld-linux-aarch64.so.1"));
    return os + "-" + cpu + (musl ? "-musl" : "");
  }

  private static void extract() {
    String file = System.mapLibraryName(NAME);
    String resource = "/io/yinzheng/native/" + platform() + "/" + file;
    byte[] library = resource(resource);
    byte[] digest = resource(resource + ".sha256");
    if (library == null || digest == null) {
      throw new UnsatisfiedLinkError("yinzheng: no native library for " + platform()
          + ": add the jar with this classifier, put " + file + " into java.library.path, or name it with"
          + " -Dyinzheng.library=FILE");
    }
    String expected = Texts.string(digest).trim();
    compare(expected, library, resource);
    String base = System.getProperty("yinzheng.native.dir", System.getProperty("java.io.tmpdir"));
    Path folder = null;
    Path out = null;
    try {
      folder = privateFolder(Paths.get(base));
      out = folder.resolve(file).toAbsolutePath();
      Files.write(out, library, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      // What is loaded is what was checked, whatever happened to the disk in between.
      compare(expected, Files.readAllBytes(out), out.toString());
      load(out);
    } catch (IOException error) {
      UnsatisfiedLinkError clearer = new UnsatisfiedLinkError("yinzheng: the native library cannot be written below "
          + base + " (" + error + "): name another folder with -Dyinzheng.native.dir=FOLDER");
      clearer.initCause(error);
      throw clearer;
    } finally {
      remove(out);
      remove(folder);
    }
  }

  private static Path privateFolder(Path base) throws IOException {
    try {
      return Files.createTempDirectory(base, "yinzheng-", PosixFilePermissions.asFileAttribute(EnumSet.of(
          PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE)));
    } catch (UnsupportedOperationException notPosix) {
      return Files.createTempDirectory(base, "yinzheng-");
    }
  }

  /** A loaded library needs its file no more; where the system thinks otherwise it goes with the process. */
  private static void remove(Path path) {
    try {
      if (path != null) {
        Files.deleteIfExists(path);
      }
    } catch (IOException inUse) {
      path.toFile().deleteOnExit();
    }
  }

  private static void compare(String expected, byte[] library, String what) {
    try {
      String found = Texts.hex(MessageDigest.getInstance("SHA-256").digest(library));
      if (!found.equals(expected)) {
        throw new UnsatisfiedLinkError(
            "yinzheng: " + what + " has the SHA-256 " + found + ", expected " + expected + ": it is not loaded");
      }
    } catch (NoSuchAlgorithmException error) {
      throw new UnsatisfiedLinkError("yinzheng: this Java has no SHA-256");
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in = NativeLibrary.class.getResourceAsStream(name)) {
      if (in == null) {
        return null;
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] piece = new byte[65536];
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        out.write(piece, 0, read);
      }
      return out.toByteArray();
    } catch (IOException error) {
      return null;
    }
  }
}
