import Foundation
internal import YinzhengGenerated

/// Both digests of some bytes, SHA-256 and SM3, and how many they are.
public struct TwinDigest: JSONReply {
    let said: JSON
    static let required = ["size", "sha256", "sm3"]

    init(said: JSON) { self.said = said }

    /// Of bytes.
    public init(of bytes: Data) throws {
        let bytes = try checked("bytes", bytes)
        self = try .reply(native { try hashBytes(bytes: bytes.fit) })
    }

    /// Of a file, read piece by piece.
    public init(of file: URL) throws { self = try .reply(native { try hashFile(path: file.utf8Path.fit) }) }

    /// Of pieces, one after the other.
    public init(of pieces: some Sequence<Data>) throws {
        let hashing = Resource(try native { try hashBegin() })
        defer { hashing.close() }
        for piece in pieces {
            let piece = try checked("piece", piece)
            try hashing.use { try hashUpdate(hash: $0, piece: piece.fit) }
        }
        self = try .reply(hashing.use { try hashFinish(hash: $0) })
    }

    /// How many bytes.
    public var size: Int64 { number("size") }
    /// SHA-256, hex.
    public var sha256: String { text("sha256") }
    /// SM3, hex.
    public var sm3: String { text("sm3") }
}
