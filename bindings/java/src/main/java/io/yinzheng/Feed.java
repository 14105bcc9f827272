package io.yinzheng;

import java.util.List;

/** What was sealed from a cursor on: {@link Ledger#feed}. */
public final class Feed extends Reply {
  Feed(byte[] json) {
    super(json);
  }

  /**
   * What happened.
   *
   * @return in the order of the ledger; empty when nothing more is sealed yet
   */
  public List<FeedItem> items() {
    return each(objects("items"), FeedItem::new);
  }

  /**
   * Where to go on. Keep it once all items were dealt with.
   *
   * @return the cursor to hand in next time
   */
  public String next() {
    return text("next");
  }
}
