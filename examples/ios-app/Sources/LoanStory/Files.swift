import Foundation
import Yinzheng
import YinzhengDevice

/// Secrets in files of a folder, in the place of the Keychain: for this example only.
struct FileDrawer: SecretStore {
    let folder: URL

    init(_ folder: URL) { self.folder = folder }

    func read(_ name: String) throws -> Data? {
        let file = folder.appendingPathComponent(name)
        return FileManager.default.fileExists(atPath: file.path) ? try Data(contentsOf: file) : nil
    }

    func write(_ name: String, _ secret: Data) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true,
                                                attributes: [.posixPermissions: 0o700])
        try secret.write(to: folder.appendingPathComponent(name), options: .atomic)
    }

    func remove(_ name: String) throws {
        let file = folder.appendingPathComponent(name)
        if FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
    }
}

/// Keys in files, in the place of the Secure Enclave: for this example only. It says so: its custody is `software`.
struct FileKeyStore: HardwareKeyStore {
    private let drawer: FileDrawer
    private let passphrase: Data

    init(_ drawer: FileDrawer) throws {
        self.drawer = drawer
        passphrase = try drawer.read("passphrase") ?? YinzhengLibrary.newVaultKey(.aes256Gcm)
        try drawer.write("passphrase", passphrase)
    }

    var custody: Custody { .software }

    private func fault<T>(_ call: () throws -> T) throws(HardwareKeyFault) -> T {
        do {
            return try call()
        } catch {
            throw .other(domain: "\(error)", code: 0)
        }
    }

    private func found(_ key: DeviceKey) throws(HardwareKeyFault) -> SoftwareKey? {
        try fault {
            try drawer.read(key.rawValue).map { try SoftwareKey(pkcs8: String(decoding: $0, as: UTF8.self), passphrase: passphrase) }
        }
    }

    func publicKey(_ key: DeviceKey) throws(HardwareKeyFault) -> Data? {
        guard let key = try found(key) else { return nil }
        return try fault { try Data(key.publicKey.spki().suffix(65)) }
    }

    func create(_ key: DeviceKey) throws(HardwareKeyFault) -> Data {
        try fault {
            let made = try SoftwareKey(.p256)
            try drawer.write(key.rawValue, Data(made.pkcs8(passphrase: passphrase).utf8))
            return try Data(made.publicKey.spki().suffix(65))
        }
    }

    func sign(_ message: Data, with key: DeviceKey, presence: (any PresenceContext)?) async throws(HardwareKeyFault) -> Data {
        guard let key = try found(key) else { throw .keyGone }
        return try fault { try key.sign(message: message) }
    }

    func remove(_ key: DeviceKey) throws(HardwareKeyFault) {
        try fault { try? FileManager.default.removeItem(at: drawer.folder.appendingPathComponent(key.rawValue)) }
    }
}
