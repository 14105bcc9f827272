package io.yinzheng;

import java.util.List;
import java.util.Map;

/** A dossier 证据链 of one ledger. */
public final class Dossier extends Reply {
  Dossier(byte[] json) {
    super(json);
  }

  Dossier(Map<String, Object> said) {
    super(said);
  }

  /**
   * Its id.
   *
   * @return 32 hex digits
   */
  public String id() {
    return text("dossier");
  }

  /**
   * Its preservation number 保全号.
   *
   * @return {@code D-…}
   */
  public String preservationNumber() {
    return text("preservation_number");
  }

  /**
   * Its records in this ledger.
   *
   * @return by place; empty where only the dossier was asked for
   */
  public List<DossierPlace> places() {
    return each(objects("places"), DossierPlace::new);
  }
}
