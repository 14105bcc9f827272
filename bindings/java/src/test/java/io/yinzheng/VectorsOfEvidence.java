package io.yinzheng;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The vectors of what is said, sealed and witnessed, and of whole files with their verdicts. */
class VectorsOfEvidence extends Vectors {
  VectorsOfEvidence(Door door) {
    super(door);
  }

  /** One case: read with what stands beside it, judged, its facts compared. Gives what was said where it was accepted. */
  private Map<String, Object> one(Map<String, Object> each, String kind, Object beside) {
    Came<Map<String, Object>> came = inspect(kind, text(each, "hex"), beside == null ? null : json(beside));
    if (!judge(each, came.number(), text(each, "result"))) {
      return null;
    }
    Map<String, Object> said = new LinkedHashMap<>(came.value);
    said.remove("head");
    if (each.get("facts") == null) {
      count(each, true, "");
    } else {
      same(each, said, each.get("facts"));
    }
    return came.value;
  }

  void readAlone(String file) {
    for (Map<String, Object> each : list(file(file), "cases")) {
      one(each, file, null);
    }
  }

  void record() {
    for (Map<String, Object> each : list(file("record"), "cases")) {
      Object open = each.get("disclosures");
      one(each, "record", open == null ? null : Collections.singletonMap("disclosures", open));
    }
  }

  void key() {
    Map<String, Object> all = file("key");
    for (Map<String, Object> each : list(all, "cases")) {
      Object ledger = each.get("ledger_id");
      one(each, "key", ledger == null ? null : Collections.singletonMap("ledger_id", ledger));
    }
    for (Map<String, Object> each : list(all, "chains")) {
      Map<String, Object> beside = new LinkedHashMap<>();
      beside.put("ledger_id", each.get("ledger_id"));
      beside.put("first", each.get("first"));
      List<Object> entries = new ArrayList<>();
      List<Object> heights = new ArrayList<>();
      for (Map<String, Object> entry : list(each, "entries")) {
        entries.add(entry.get("hex"));
        heights.add(entry.get("height"));
      }
      beside.put("entries", entries);
      beside.put("heights", heights);
      Came<Map<String, Object>> came = inspect("key-chain", "", json(beside));
      if (judge(each, came.number(), text(each, "result"))) {
        same(each, came.value, each.get("facts"));
      } else if (came.error != null) {
        count(each, came.error.getMessage().contains("entry " + each.get("at")), "the message does not say which entry");
      }
    }
  }

  void signedBy(String file) {
    for (Map<String, Object> each : list(file(file), "cases")) {
      one(each, file, Collections.singletonMap("key", key(map(each, "key")).request()));
    }
  }

  void receipt() {
    for (Map<String, Object> each : list(file("receipt"), "cases")) {
      Map<String, Object> beside = new LinkedHashMap<>();
      beside.put("entry", each.get("entry"));
      beside.put("key", key(map(each, "key")).request());
      one(each, "receipt", beside);
    }
  }

  void block() {
    chained("block");
  }

  void bundle() {
    chained("bundle");
  }

  /** Cases that come after the head of another, which was accepted. */
  private void chained(String file) {
    Map<Object, Object> heads = new HashMap<>();
    for (Map<String, Object> each : list(file(file), "cases")) {
      Map<String, Object> beside = new LinkedHashMap<>();
      if (each.get("entries") != null) {
        beside.put("entries", each.get("entries"));
      }
      Object after = each.get("after");
      if (after != null) {
        if (!heads.containsKey(after)) {
          count(each, false, "it comes after " + after + ", which was not accepted");
          continue;
        }
        beside.put("after", heads.get(after));
      }
      Map<String, Object> said = one(each, file, beside);
      if (said != null) {
        heads.put(each.get("name"), said.get("head"));
      }
    }
  }

  private Came<Verdict> verdictOn(Map<String, Object> each, boolean bundle) {
    Policy policy = each.get("policy") == null ? Policy.NONE : Policy.ofJson(text(each, "policy"));
    byte[] read = bytes(each, "hex");
    return tried(() -> bundle ? door.verifyBundle(read, policy) : door.verify(read, policy));
  }

  private static boolean unreadable(Verdict verdict) {
    return verdict.unreadable();
  }

  private static boolean has(Verdict verdict, Outcome outcome, Object check) {
    for (VerdictLine line : verdict.lines(outcome)) {
      if (line.check().equals(check)) {
        return true;
      }
    }
    return false;
  }

  private static String classOf(Verdict verdict) {
    if (unreadable(verdict)) {
      return "refused";
    }
    if (verdict.contradicted()) {
      return "contradicted";
    }
    boolean open = has(verdict, Outcome.NOT_PROVEN, "entry.in-block") || has(verdict, Outcome.NOT_PROVEN, "bundle.blocks");
    return open ? "not-proven" : "proven";
  }

  void verdict() {
    for (Map<String, Object> each : list(file("verdict"), "cases")) {
      boolean bundle = "bundle".equals(each.get("kind"));
      Came<Verdict> said = verdictOn(each, bundle);
      String found = said.error == null ? classOf(said.value) : "no verdict";
      String expected = text(each, "class");
      // A bundle is read as a stream: what its readers refuse comes after blocks that they have judged.
      List<String> bad = Arrays.asList("refused", "contradicted");
      count(each, found.equals(expected) || bundle && bad.contains(expected) && bad.contains(found), found);
    }
  }

  private static boolean named(Map<String, Object> each, Verdict verdict, Outcome outcome) {
    List<Object> checks = values(each, "checks");
    for (Object check : checks == null ? Collections.emptyList() : checks) {
      if (!has(verdict, outcome, check)) {
        return false;
      }
    }
    return true;
  }

  void proof() {
    for (Map<String, Object> each : list(file("proof"), "cases")) {
      String result = text(each, "result");
      Came<Verdict> said = verdictOn(each, false);
      int number = inspect("proof", text(each, "hex"), null).number();
      if (said.error != null) {
        count(each, false, "no verdict");
      } else if (result.equals("contradicted")) {
        boolean right = number == 0 && said.value.contradicted() && named(each, said.value, Outcome.CONTRADICTED);
        count(each, right, "not contradicted");
      } else if (result.equals("ok") || result.equals("not-proven")) {
        boolean right = number == 0 && !unreadable(said.value) && !said.value.contradicted()
            && named(each, said.value, Outcome.NOT_PROVEN);
        count(each, right, "another verdict");
      } else {
        boolean refused = !judge(each, number, result);
        count(each, refused && unreadable(said.value), "it was read");
      }
    }
  }

  void profile() {
    for (Map<String, Object> each : list(file("profile"), "cases")) {
      if (judge(each, run(() -> door.loadProfile(bytes(each, "hex"))).number(), text(each, "result"))) {
        count(each, true, "");
      }
    }
  }

  void policy() {
    for (Map<String, Object> each : list(file("policy"), "cases")) {
      byte[] text = bytes(each, "hex");
      int number = tried(() -> door.verify(new byte[0], Policy.ofFile(text))).number();
      if (text.length == 0) {
        count(each, number == 0, "nothing is a policy that knows nothing");
      } else if (judge(each, number, text(each, "result"))) {
        count(each, true, "");
      }
    }
  }
}
