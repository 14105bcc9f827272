package io.yinzheng;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An entry of a proof that a host assembles itself: the entry, its receipt, and the values that are shown. */
public final class ProofItem {
  private final Map<String, Object> request = new LinkedHashMap<>();

  /**
   * An entry.
   *
   * @param entry its exact bytes
   * @param receipt its receipt, see {@link Sealer#receipt}
   * @param disclosures the values shown, hex as {@link DetachedRecord#disclosures()} gives them; may be empty
   */
  public ProofItem(byte[] entry, byte[] receipt, List<String> disclosures) {
    request.put("entry", Texts.hex(entry));
    request.put("receipt", Texts.hex(receipt));
    request.put("disclosures", new ArrayList<>(disclosures));
  }

  Map<String, Object> request() {
    return request;
  }
}
