package io.yinzheng;

/**
 * The native methods: those of the library's one boundary interface, by the same names. Bytes, numbers and handles cross,
 * texts as UTF-8; arrays of arrays are several results. Everything that fails throws {@link YinzhengException}. The
 * library's {@code docs/ffi.md} describes requests and replies.
 *
 * <p>Loading this class loads the library.
 */
final class Native {
  static {
    NativeLibrary.load();
  }

  private Native() {}

  // Versions, limits, errors, and the handles that are open.

  static native byte[] version();

  static native byte[] limits();

  static native byte[] errorInfo(int number, byte[] language);

  static native byte[] jsonGet(byte[] json, byte[] pointer);

  static native long handleCount();

  static native void close(long object);

  // The embedded ledger: opening, appending, signatures of parties, and sealing.

  static native byte[] vaultKeyGenerate(byte[] suite);

  static native long ledgerCreate(byte[] path, byte[] vaultKey, byte[] request);

  static native long ledgerOpen(byte[] path, byte[] vaultKey, byte[] request);

  static native byte[] ledgerAppend(long ledger, byte[] request);

  static native byte[] ledgerAppendMany(long ledger, byte[] requests);

  static native long ledgerAppendEntry(long ledger, byte[] entry);

  static native byte[][] ledgerHoldForSignature(long ledger, byte[] request);

  static native byte[] ledgerHeld(long ledger);

  static native byte[] ledgerFinishStatement(long ledger, long id, byte[] signature);

  static native long ledgerDropStatement(long ledger, long id, byte[] reason, byte[] time);

  static native byte[][] ledgerBegin(long ledger, long nowS);

  static native byte[][] ledgerPending(long ledger);

  static native byte[] ledgerCommit(long ledger, byte[] signature);

  static native boolean ledgerDue(long ledger, long maxEntries, long maxAgeMs, long nowMs);

  // What a ledger answers, and the proofs it makes.

  static native byte[] ledgerStatus(long ledger);

  static native byte[] ledgerHead(long ledger);

  static native byte[] ledgerHeadState(long ledger);

  static native byte[] ledgerEntry(long ledger, long sequence);

  static native byte[] ledgerReceipt(long ledger, long sequence);

  static native byte[][] ledgerBlock(long ledger, long height);

  static native byte[] ledgerList(long ledger, long first, long count);

  static native byte[] ledgerDossiers(long ledger, byte[] after, long count);

  static native byte[] ledgerDossier(long ledger, byte[] dossier);

  static native byte[] ledgerFind(long ledger, byte[] number);

  static native byte[] ledgerFeed(long ledger, byte[] cursor, long limit);

  static native byte[] ledgerCheck(long ledger);

  static native byte[] ledgerProve(long ledger, byte[] request);

  static native byte[] ledgerDisclosures(long ledger, long sequence);

  static native byte[] ledgerConsistency(long ledger, long older, long newer);

  // Keys of a ledger, erasure, holds, words from outside, bundles, and the ledger that goes on from another.

  static native long ledgerNote(long ledger, byte[] request);

  static native void ledgerAttach(long ledger, byte[] request);

  static native byte[] ledgerTimestampRequest(long ledger, byte[] request);

  static native byte[] ledgerTimestampAttach(long ledger, byte[] request, byte[] query, byte[] response);

  static native byte[][] ledgerKeyDraft(long ledger, byte[] request);

  static native byte[] ledgerKeyFinish(long ledger, byte[] draft, byte[] signature);

  static native long ledgerKeyRevoke(long ledger, byte[] request);

  static native byte[] ledgerKeys(long ledger);

  static native byte[] ledgerErase(long ledger, byte[] request);

  static native long ledgerHold(long ledger, byte[] request);

  static native byte[] ledgerRetention(long ledger, byte[] request);

  static native byte[] ledgerRewrap(long ledger, byte[] newVaultKey, byte[] time);

  static native long ledgerConfirmDestroyed(long ledger, byte[] oldKey, byte[] time);

  static native byte[] ledgerExport(long ledger, long first, long last);

  static native void ledgerExportFile(long ledger, long first, long last, byte[] path);

  static native byte[] replicaImport(byte[] path, byte[] bundle);

  static native byte[] replicaImportFile(byte[] path, byte[] file);

  static native long ledgerContinue(long old, byte[] path, byte[] vaultKey, byte[] request, byte[][] info);

  // Software keys.

  static native long keyGenerate(byte[] algorithm);

  static native long keyFromPkcs8(byte[] pem, byte[] passphrase);

  static native byte[] keyToPkcs8(long key, byte[] passphrase);

  static native byte[] keyPublic(long key);

  static native byte[] keySign(long key, byte[] message);

  static native byte[] keySignDigest(long key, byte[] digest);

  // Sealing for hosts that keep entries, blocks and head themselves; statements and countersignatures.

  static native byte[][] genesisMake(byte[] request);

  static native byte[][] recordMake(byte[] request);

  static native long sealerOpen(byte[] head);

  static native void sealerAdd(long sealer, byte[] entry);

  static native byte[][] sealerPrepare(long sealer, long begunAt);

  static native byte[][] sealerFinish(long sealer, byte[] draft, byte[] signature);

  static native byte[] sealerReceipt(long sealer, byte[] block, long leaf);

  static native byte[] historyPath(byte[] hash, byte[] leaves, long height);

  static native byte[][] statementDraft(byte[] record, byte[] request);

  static native byte[] statementFinish(byte[] draft, byte[] signature);

  static native byte[][] countersignatureDraft(byte[] head, byte[] request);

  static native byte[] countersignatureFinish(byte[] draft, byte[] signature);

  // Verifying, proofs, profiles, and public keys.

  static native byte[] keyDescribe(byte[] key);

  static native byte[] profileList();

  static native long profileLoad(byte[] file);

  static native byte[] profileDescribe(byte[] profile);

  static native byte[] profileFile(byte[] profile);

  static native byte[] profileRead(byte[] profile, byte[] message);

  static native byte[] valueRead(byte[] fieldType, byte[] text);

  static native byte[] proofJoin(byte[][] proofs);

  static native byte[] proofDisclose(byte[] proof, byte[] record, byte[] disclosures);

  static native byte[] proofKit(byte[] proof, byte[] about);

  static native byte[] proofDeposit(byte[] proof, byte[] record, byte[] platform);

  static native byte[] verdictPaper(byte[] verdict, byte[] request);

  static native byte[] proofAssemble(byte[] request);

  static native byte[] verifyProof(byte[] proof, byte[] policy, long atMs, byte[] form);

  static native byte[] verifyBundle(byte[] bundle, byte[] policy, long atMs, byte[] form);

  static native byte[] verifyBundleFile(byte[] file, byte[] policy, long atMs, byte[] form);

  // Single checks, and digests of attachments.

  static native byte[] inspect(byte[] kind, byte[] bytes, byte[] beside);

  static native byte[] digest(byte[] hash, byte[] bytes);

  static native byte[] checkSignature(byte[] key, byte[] message, byte[] signature, byte[] form);

  static native byte[] treeRoot(byte[] hash, byte[] leafHashes);

  static native void checkInclusion(byte[] hash, byte[] leafHash, long index, long size, byte[] path, byte[] root);

  static native void checkConsistency(byte[] hash, long firstSize, long secondSize, byte[] firstRoot, byte[] secondRoot, byte[] path);

  static native byte[] hashBytes(byte[] bytes);

  static native byte[] hashFile(byte[] path);

  static native long hashBegin();

  static native void hashUpdate(long hash, byte[] piece);

  static native byte[] hashFinish(long hash);

  // Keys of records that the host's HSM wraps; clocks, copies and proofs of forks.

  static native long ledgerDrawRecordKey(long ledger, byte[][] key);

  static native long ledgerSupplyWrappedKey(long ledger, long id, byte[] wrapped);

  static native byte[] ledgerWrappedKey(long ledger, long sequence);

  static native byte[] ledgerDisclosuresWithKey(long ledger, long sequence, byte[] key);

  static native byte[] ledgerEraseWithKey(long ledger, byte[] request, byte[] key);

  static native void ledgerReplaceWrappedKey(long ledger, long sequence, byte[] wrapped);

  static native long ledgerNoteClock(long ledger, byte[] now);

  static native byte[] ledgerProveFork(long ledger, byte[] bundle);

  static native void ledgerBackup(byte[] from, byte[] to);
}
