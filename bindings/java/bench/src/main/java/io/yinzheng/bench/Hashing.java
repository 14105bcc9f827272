package io.yinzheng.bench;

import io.yinzheng.Checks;
import io.yinzheng.HashAlgorithm;
import io.yinzheng.Yinzheng;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Digests and trees, through JNI and in BouncyCastle; and a call that does nothing. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Hashing {
  @Param({"SHA_256", "SM3"})
  public HashAlgorithm hash;

  private static final int LEAVES = 10_000;
  private final byte[] kilobyte = new byte[1024];
  private final byte[] block = new byte[65536];
  private final byte[] leaves = new byte[LEAVES * 32];

  private Digest digest() {
    return hash == HashAlgorithm.SHA_256 ? new SHA256Digest() : new SM3Digest();
  }

  @Setup
  public void fill() {
    for (int at = 0; at < leaves.length; at++) {
      leaves[at] = (byte) (at * 31 >> 3);
    }
    if (!java.util.Arrays.equals(treeYinzheng(), treeBouncyCastle())) {
      throw new AssertionError("two different roots");
    }
  }

  @Benchmark
  public long emptyCall() {
    return Yinzheng.openHandles();
  }

  @Benchmark
  public byte[] kilobyteYinzheng() {
    return Checks.digest(hash, kilobyte);
  }

  @Benchmark
  public byte[] kilobyteBouncyCastle() {
    return of(digest(), kilobyte);
  }

  @Benchmark
  public byte[] blockYinzheng() {
    return Checks.digest(hash, block);
  }

  @Benchmark
  public byte[] blockBouncyCastle() {
    return of(digest(), block);
  }

  private static byte[] of(Digest digest, byte[] bytes) {
    byte[] out = new byte[32];
    digest.update(bytes, 0, bytes.length);
    digest.doFinal(out, 0);
    return out;
  }

  @Benchmark
  public byte[] treeYinzheng() {
    return Checks.treeRoot(hash, leaves);
  }

  /** RFC 9162 §2.1: nodes in place, level by level, an odd one promoted. */
  @Benchmark
  public byte[] treeBouncyCastle() {
    byte[] nodes = leaves.clone();
    Digest digest = digest();
    for (int count = LEAVES; count > 1; count = (count + 1) / 2) {
      for (int at = 0; at + 1 < count; at += 2) {
        digest.update((byte) 1);
        digest.update(nodes, at * 32, 64);
        digest.doFinal(nodes, at * 16);
      }
      if (count % 2 == 1) {
        System.arraycopy(nodes, (count - 1) * 32, nodes, count / 2 * 32, 32);
      }
    }
    return java.util.Arrays.copyOf(nodes, 32);
  }
}
