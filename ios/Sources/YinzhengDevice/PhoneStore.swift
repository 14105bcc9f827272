import Foundation

/// The folder of a phone's ledger.
public enum PhoneStore {
    /// Makes the folder, protects it, and keeps it out of backups.
    ///
    /// *Until first unlock*, not *complete*: a ledger whose files became unreadable while the screen locks would fail in the
    /// middle of a commit, and the lock file of SQLite with it. What is in the files needs no more: values are encrypted under the
    /// vault key, the rest is commitments.
    ///
    /// *Not in backups*: a store that is restored is an older store, and going on from it would sign a second block at a height
    /// that has one. The mirror finds that on this device; on another device the keys are missing anyway.
    ///
    /// The ledger is three files (`-wal` and `-shm` stand beside it): so a folder of its own.
    /// - Throws: ``ErrorCode/storage``, ``ErrorCode/diskFull``.
    public static func prepare(_ folder: URL) throws {
        try SystemFault.storing("preparing the ledger's folder") { try prepared(folder) }
    }

    private static func prepared(_ folder: URL) throws {
        #if os(iOS) || os(tvOS) || os(watchOS) || os(visionOS)
        let protection: [FileAttributeKey: Any] = [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication]
        #else
        let protection: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        #endif
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: protection)
        try FileManager.default.setAttributes(protection, ofItemAtPath: folder.path)
        #if canImport(Darwin)
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        var marked = folder
        try marked.setResourceValues(values)
        #endif
    }
}
