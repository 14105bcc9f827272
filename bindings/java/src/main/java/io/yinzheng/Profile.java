package io.yinzheng;

/**
 * A profile 场景模板 of the host's own, open for records to name. Those that come with the library are named by their ids. For any
 * number of threads.
 */
public final class Profile extends Resource {
  private Profile(long handle) {
    super(handle);
  }

  /**
   * Reads a profile file.
   *
   * @param file its exact bytes
   * @return the profile, to be closed
   */
  public static Profile load(byte[] file) {
    return new Profile(Native.profileLoad(file));
  }

  private byte[] name() {
    return Texts.utf8(Long.toString(handle()));
  }

  /**
   * The profiles that come with the library.
   *
   * @return JSON: {@code [{"id","version","label","phase","fields","sha256","sm3"}]}
   */
  public static String listJson() {
    return Texts.string(Native.profileList());
  }

  /**
   * The exact bytes of a profile that comes with the library.
   *
   * @param id such as {@code loan.disbursement}
   * @return its file
   */
  public static byte[] file(String id) {
    return Native.profileFile(Texts.utf8(id));
  }

  /**
   * What this profile is.
   *
   * @return JSON, as of {@link #listJson()}
   */
  public String describeJson() {
    return Texts.string(Native.profileDescribe(name()));
  }

  /**
   * Reads a business message without sealing anything.
   *
   * @param message one JSON object
   * @return JSON: {@code {"fields":[…],"missing":[…]}}, which holds the values
   */
  public String readJson(String message) {
    return Texts.string(Native.profileRead(name(), Texts.utf8(message)));
  }

  /**
   * The same through a profile that comes with the library.
   *
   * @param id such as {@code loan.disbursement}
   * @param message one JSON object
   * @return JSON: {@code {"fields":[…],"missing":[…]}}, which holds the values
   */
  public static String readJson(String id, String message) {
    return Texts.string(Native.profileRead(Texts.utf8(id), Texts.utf8(message)));
  }

  /**
   * Reads a captured text as a type, without a profile.
   *
   * @param type a type of profile files, such as {@code money}
   * @param text the text
   * @return JSON: {@code {"hex","findings","zh","en"}}
   */
  public static String valueJson(String type, String text) {
    return Texts.string(Native.valueRead(Texts.utf8(type), Texts.utf8(text)));
  }
}
