package io.yinzheng;

/** A value that has a fixed word in requests and replies. */
interface Word {
  /**
   * The word in JSON.
   *
   * @return the word
   */
  String word();

  /** The value of a word, or null for one that this version does not know. */
  static <W extends Enum<W> & Word> W of(Class<W> all, String word) {
    for (W value : all.getEnumConstants()) {
      if (value.word().equals(word)) {
        return value;
      }
    }
    return null;
  }
}
