package io.yinzheng;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The vectors of bytes, mathematics, values and signatures. */
class VectorsOfBytes extends Vectors {
  VectorsOfBytes(Door door) {
    super(door);
  }

  void codec() {
    inspected(list(file("codec"), "vectors"), "item");
  }

  void hash() {
    Map<String, Object> all = file("hash");
    for (Map<String, Object> each : list(all, "digests")) {
      HashAlgorithm alg = text(each, "alg").equals("-16") ? HashAlgorithm.SHA_256 : HashAlgorithm.SM3;
      count(each, Arrays.equals(door.digest(alg, bytes(each, "hex")), bytes(each, "digest")), "another digest");
      Came<Map<String, Object>> typed = inspect("digest", text(each, "wire"), null);
      count(each, typed.error == null && typed.value.get("digest").equals(each.get("text")), "another typed digest");
    }
    for (Map<String, Object> each : list(all, "twins")) {
      TwinDigest whole = door.twin(bytes(each, "hex"));
      boolean right = whole.equals(door.twinInPieces(bytes(each, "hex"))) && each.get("size").equals(whole.size())
          && each.get("sha256").equals(whole.sha256()) && each.get("sm3").equals(whole.sm3());
      count(each, right, "other digests");
    }
    inspected(list(all, "refused"), "digest");
  }

  void merkle() {
    Map<String, Object> all = file("merkle");
    List<Object> entries = values(all, "entries");
    for (Map<String, Object> suite : list(all, "suites")) {
      HashAlgorithm alg = Word.of(HashAlgorithm.class, text(suite, "name"));
      List<Object> leaves = values(suite, "leaf_hashes");
      for (int at = 0; at < leaves.size(); at++) {
        byte[] leaf = door.digest(alg, Texts.unhex("00" + entries.get(at)));
        count(suite, Texts.hex(leaf).equals(leaves.get(at)), "another leaf hash");
      }
      for (Map<String, Object> tree : list(suite, "trees")) {
        int size = ((Long) tree.get("size")).intValue();
        byte[] root = door.treeRoot(alg, nodes(leaves.subList(0, Math.min(size, leaves.size()))));
        count(suite, Arrays.equals(root, bytes(tree, "root")), "another root");
      }
      for (Map<String, Object> each : list(suite, "inclusion")) {
        Came<Void> came = run(() -> door.inclusion(alg, bytes(each, "leaf_hash"), (Long) each.get("index"),
            (Long) each.get("size"), nodes(values(each, "path")), bytes(each, "root")));
        if (judge(each, came.number(), text(each, "result"))) {
          count(each, true, "");
        }
      }
      for (Map<String, Object> each : list(suite, "consistency")) {
        Came<Void> came = run(() -> door.consistency(alg, (Long) each.get("first_size"), (Long) each.get("second_size"),
            bytes(each, "first_root"), bytes(each, "second_root"), nodes(values(each, "path"))));
        if (judge(each, came.number(), text(each, "result"))) {
          count(each, true, "");
        }
      }
    }
  }

  private static boolean told(Map<String, Object> expected, Map<String, Object> said, String... names) {
    for (String name : names) {
      if (!Objects.equals(expected.get(name), said.get(name))) {
        return false;
      }
    }
    return true;
  }

  void value() {
    Map<String, Object> all = file("value");
    for (Map<String, Object> each : list(all, "values")) {
      Came<Map<String, Object>> came = inspect("value", text(each, "hex"), null);
      count(each, came.error == null && told(each, came.value, "findings", "zh", "en"), "another value");
    }
    inspected(list(all, "refused"), "value");
    for (Map<String, Object> each : list(all, "readings")) {
      Map<String, Object> said = Json.object(Texts.utf8(door.readValue(text(each, "type"), text(each, "text"))));
      count(each, told(each, said, "hex", "findings", "zh", "en"), "another reading");
    }
    for (Map<String, Object> each : list(all, "disclosures")) {
      Came<Map<String, Object>> came = inspect("disclosure", text(each, "hex"), null);
      boolean right = came.error == null && told(each, came.value, "salt", "sha256", "sm3")
          && each.get("field").equals(came.value.get("name")) && each.get("value").equals(came.value.get("hex"));
      count(each, right, "another disclosure");
    }
  }

  private Came<byte[]> check(VerifyKey key, String message, String signature, SignatureForm form) {
    return tried(() -> door.signature(key, Texts.unhex(message), Texts.unhex(signature), form));
  }

  void signature() {
    Map<String, Object> all = file("signature");
    for (Map<String, Object> each : list(all, "keys")) {
      Map<String, Object> said = Json.object(Texts.utf8(door.describe(key(each))));
      count(each, told(each, said, "thumbprint", "spki_der", "sm2_z"), "another key");
    }
    inspected(list(all, "bad_keys"), "cose-key");
    for (Map<String, Object> each : list(all, "signatures")) {
      String signature = text(each, "signature");
      Came<byte[]> sealed = check(key(each), text(each, "message"), signature, SignatureForm.SEALED);
      Came<byte[]> given = check(key(each), text(each, "message"), text(each, "der"), SignatureForm.GIVEN);
      boolean right = sealed.error == null && given.error == null && Texts.hex(sealed.value).equals(signature)
          && Texts.hex(given.value).equals(signature);
      count(each, right, "it does not fit");
    }
    for (Map<String, Object> each : list(all, "forms")) {
      VerifyKey key = null;
      for (Map<String, Object> one : list(all, "keys")) {
        if (key == null && one.get("alg").equals(each.get("alg"))) {
          key = key(one);
        }
      }
      for (SignatureForm form : SignatureForm.values()) {
        // A form is judged before the signature in it, which belongs to no message here: what passes does not fit.
        int number = check(key, "00", text(each, "hex"), form).number();
        if (judge(each, number == ErrorCode.SIGNATURE_MISMATCH.number() ? 0 : number, text(each, form.word()))) {
          count(each, true, "");
        }
      }
    }
    for (Map<String, Object> each : list(all, "messages")) {
      Came<Map<String, Object>> said = inspect("message", text(each, "message"), null);
      boolean right = said.error == null && text(each, "sig_structure").contains(text(said.value, "protected"))
          && check(key(each), text(each, "sig_structure"), text(said.value, "signature"), SignatureForm.SEALED).error == null;
      count(each, right, "it does not fit");
    }
  }

  /** In this file an error is {"number", "name"}. */
  private static String errorOf(Map<String, Object> each) {
    return text(map(each, "error"), "name");
  }

  void sm2Negative() {
    Map<String, Object> all = file("sm2_negative");
    VerifyKey key = VerifyKey.ofRaw(SignatureAlgorithm.SM2, bytes(all, "key"));
    String message = text(all, "message");
    Map<String, Object> accepted = map(all, "accepted");
    boolean right = true;
    for (String form : new String[] {"signature", "der"}) {
      Came<byte[]> came = check(key, message, text(accepted, form), SignatureForm.GIVEN);
      right &= came.error == null && Arrays.equals(came.value, bytes(accepted, "signature"));
    }
    count(accepted, right, "it does not fit");
    for (Map<String, Object> each : list(all, "signatures")) {
      VerifyKey by = each.get("sm2_id") == null ? key : key.withSm2Id(bytes(each, "sm2_id"));
      judge(each, check(by, message, text(each, "signature"), SignatureForm.GIVEN).number(), errorOf(each));
    }
    for (Map<String, Object> each : list(all, "keys")) {
      VerifyKey bad = VerifyKey.ofRaw(SignatureAlgorithm.SM2, bytes(each, "sec1"));
      judge(each, tried(() -> door.describe(bad)).number(), errorOf(each));
    }
    for (Map<String, Object> each : list(all, "structures")) {
      VerifyKey bad = each.get("spki_der") != null
          ? VerifyKey.ofSpki(bytes(each, "spki_der")) : VerifyKey.ofCose(bytes(each, "cose_key"));
      judge(each, tried(() -> door.describe(bad)).number(), errorOf(each));
    }
  }

  private static boolean fieldsEqual(List<Map<String, Object>> expected, List<Map<String, Object>> said) {
    boolean equal = expected.size() == said.size();
    for (int at = 0; equal && at < expected.size(); at++) {
      equal = told(expected.get(at), said.get(at), "name", "class", "hex", "findings");
    }
    return equal;
  }

  void message() {
    Map<String, Object> all = file("message");
    for (String name : new String[] {"read", "refused"}) {
      for (Map<String, Object> each : list(all, name)) {
        Came<Map<String, Object>> said =
            tried(() -> Json.object(Texts.utf8(door.readMessage(text(each, "profile"), text(each, "message")))));
        if (judge(each, said.number(), text(each, "result"))) {
          boolean right = fieldsEqual(list(each, "fields"), list(said.value, "fields"))
              && Objects.equals(each.get("missing"), said.value.get("missing"));
          count(each, right, "other fields");
        }
      }
    }
  }
}
