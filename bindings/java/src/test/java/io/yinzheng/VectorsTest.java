package io.yinzheng;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every vector of tests/vectors through Java, and a closing count. */
class VectorsTest {
  @Test
  void everyVectorComesOutAsItSays() throws Exception {
    System.out.println(all(new JavaDoor()));
  }

  /** Runs all, and fails with the list of those that came out otherwise. Gives the closing count. */
  static String all(Door door) throws Exception {
    Map<String, Consumer<VectorsOfBytes>> bytes = new LinkedHashMap<>();
    bytes.put("codec", VectorsOfBytes::codec);
    bytes.put("hash", VectorsOfBytes::hash);
    bytes.put("merkle", VectorsOfBytes::merkle);
    bytes.put("signature", VectorsOfBytes::signature);
    bytes.put("sm2_negative", VectorsOfBytes::sm2Negative);
    bytes.put("value", VectorsOfBytes::value);
    bytes.put("message", VectorsOfBytes::message);
    Map<String, Consumer<VectorsOfEvidence>> evidence = new LinkedHashMap<>();
    for (String alone : Arrays.asList("time", "number", "entry")) {
      evidence.put(alone, vectors -> vectors.readAlone(alone));
    }
    evidence.put("record", VectorsOfEvidence::record);
    evidence.put("key", VectorsOfEvidence::key);
    for (String signed : Arrays.asList("statement", "countersignature")) {
      evidence.put(signed, vectors -> vectors.signedBy(signed));
    }
    evidence.put("receipt", VectorsOfEvidence::receipt);
    evidence.put("block", VectorsOfEvidence::block);
    evidence.put("bundle", VectorsOfEvidence::bundle);
    evidence.put("verdict", VectorsOfEvidence::verdict);
    evidence.put("proof", VectorsOfEvidence::proof);
    evidence.put("profile", VectorsOfEvidence::profile);
    evidence.put("policy", VectorsOfEvidence::policy);

    List<String> failures = new ArrayList<>();
    StringBuilder said = new StringBuilder();
    int passed = 0;
    List<String> files = new ArrayList<>();
    for (Map.Entry<String, Consumer<VectorsOfBytes>> file : bytes.entrySet()) {
      VectorsOfBytes vectors = new VectorsOfBytes(door);
      file.getValue().accept(vectors);
      passed += counted(file.getKey(), vectors, failures, said);
      files.add(file.getKey());
    }
    for (Map.Entry<String, Consumer<VectorsOfEvidence>> file : evidence.entrySet()) {
      VectorsOfEvidence vectors = new VectorsOfEvidence(door);
      file.getValue().accept(vectors);
      passed += counted(file.getKey(), vectors, failures, said);
      files.add(file.getKey());
    }
    long there = Files.list(Vectors.repository().resolve("tests/vectors"))
        .filter(path -> path.toString().endsWith(".json")).count();
    assertEquals(there, files.size(), "a file of vectors is not run");
    assertEquals(0, Yinzheng.openHandles(), "something was not closed");
    said.append("vectors: ").append(passed).append(" passed, ").append(failures.size()).append(" failed");
    assertTrue(failures.isEmpty(), said + "\n" + String.join("\n", failures));
    return said.toString();
  }

  private static int counted(String file, Vectors vectors, List<String> failures, StringBuilder said) {
    assertTrue(vectors.passed() > 0, "nothing was run of " + file);
    for (String failure : vectors.failures()) {
      failures.add(file + ": " + failure);
    }
    said.append(String.format("%-18s %5d passed, %d failed%n", file, vectors.passed(), vectors.failures().size()));
    return vectors.passed();
  }
}
