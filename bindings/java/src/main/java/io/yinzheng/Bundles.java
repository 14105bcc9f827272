package io.yinzheng;

import java.nio.file.Path;

/** Blocks on their way to another machine: bundles out of a ledger, and into a replica that reads only. */
public final class Bundles {
  private Bundles() {}

  /**
   * Blocks as a bundle in memory.
   *
   * @param ledger where they are
   * @param first height of the first one
   * @param last height of the last one
   * @return the bundle
   */
  public static byte[] export(Ledger ledger, long first, long last) {
    return Native.ledgerExport(ledger.handle(), first, last);
  }

  /**
   * The same into a new file, with constant memory.
   *
   * @param ledger where they are
   * @param first height of the first one
   * @param last height of the last one
   * @param file must not be there yet
   */
  public static void export(Ledger ledger, long first, long last, Path file) {
    Native.ledgerExportFile(ledger.handle(), first, last, Texts.utf8(file));
  }

  /**
   * Takes a bundle into a replica; every block is checked before it is kept.
   *
   * @param replica its file, made when it is not there
   * @param bundle the bundle
   * @return JSON: {@code {"imported","known","height"}}
   */
  public static String importInto(Path replica, byte[] bundle) {
    return Texts.string(Native.replicaImport(Texts.utf8(replica), bundle));
  }

  /**
   * The same from a file, with constant memory.
   *
   * @param replica its file, made when it is not there
   * @param bundle the bundle's file
   * @return JSON: {@code {"imported","known","height"}}
   */
  public static String importInto(Path replica, Path bundle) {
    return Texts.string(Native.replicaImportFile(Texts.utf8(replica), Texts.utf8(bundle)));
  }
}
