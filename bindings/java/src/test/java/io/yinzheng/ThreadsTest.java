package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * 32 threads seal and verify while others close what they work on: no crash, no error but those of closed handles, nothing left
 * open, memory flat. {@code -Dyinzheng.seconds=60} runs it longer.
 */
class ThreadsTest {
  private static final int THREADS = 32;

  private final AtomicReference<Bank> current = new AtomicReference<>();
  private final AtomicLong appended = new AtomicLong();
  private final AtomicLong verified = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  private void work(int thread, long until) {
    Random random = new Random(thread);
    while (System.nanoTime() < until && failures.isEmpty()) {
      Bank bank = current.get();
      try {
        if (random.nextInt(200) == 0) {
          // Whoever replaces it closes it, with all others at work on it.
          Bank fresh = new Bank();
          if (current.compareAndSet(bank, fresh)) {
            bank.close();
            closed.incrementAndGet();
          } else {
            fresh.close();
          }
          continue;
        }
        Appended record = bank.append("1.00");
        appended.incrementAndGet();
        byte[] signature = bank.key.sign(bank.ledger.begin());
        try {
          bank.ledger.commit(signature);
        } catch (YinzhengException raced) {
          // Another thread sealed this block, or began the next one.
          expect(raced, ErrorCode.NOTHING_PENDING, ErrorCode.SIGNATURE_MISMATCH, ErrorCode.STALE_PENDING);
        }
        byte[] proof = bank.ledger.prove(ProofRequest.ofDossier(record.dossier()).showAll());
        Verdict verdict = Verifier.verify(proof, Policy.NONE, Bank.LATER);
        if (verdict.records().get(0).sealed() != Outcome.PROVEN) {
          throw new AssertionError(verdict.toString());
        }
        verified.incrementAndGet();
      } catch (YinzhengException error) {
        try {
          expect(error, ErrorCode.INVALID_HANDLE, ErrorCode.NOTHING_TO_SEAL, ErrorCode.NOT_FOUND);
        } catch (YinzhengException unexpected) {
          failures.add(unexpected);
        }
      } catch (Throwable error) {
        failures.add(error);
      }
    }
  }

  private static void expect(YinzhengException error, ErrorCode... codes) {
    for (ErrorCode code : codes) {
      if (error.code() == code) {
        return;
      }
    }
    throw error;
  }

  /** Resident memory in KiB, on Linux. */
  private static long resident() throws IOException {
    for (String line : Files.readAllLines(Paths.get("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("no VmRSS");
  }

  private void round(long seconds) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    current.set(new Bank());
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    for (int thread = 0; thread < THREADS; thread++) {
      int seed = thread;
      pool.execute(() -> work(seed, until));
    }
    pool.shutdown();
    assertTrue(pool.awaitTermination(seconds + 60, TimeUnit.SECONDS), "threads hang");
    current.get().close();
  }

  @Test
  void threadsSealAndVerifyWhileOthersClose() throws Exception {
    long seconds = Long.getLong("yinzheng.seconds", 6);
    round(Math.max(1, seconds / 3));
    System.gc();
    long warm = resident();
    round(Math.max(1, seconds - seconds / 3));
    System.gc();
    long after = resident();
    System.out.printf("threads: %d appended, %d verified, %d closed under way; resident %d KiB warm, %d KiB after%n",
        appended.get(), verified.get(), closed.get(), warm, after);
    assertTrue(failures.isEmpty(), () -> failures.size() + " failures, first " + failures.peek());
    // An emulator does little in the same time.
    long least = System.getenv("YINZHENG_EMULATED") == null ? 5 * seconds : 0;
    assertTrue(verified.get() > least && closed.get() > 0, "hardly anything was done");
    assertEquals(0, Yinzheng.openHandles());
    assertTrue(after < warm + 64 * 1024, "memory grew from " + warm + " to " + after + " KiB");
  }
}
