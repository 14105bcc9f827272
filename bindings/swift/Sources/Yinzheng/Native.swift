import Foundation
internal import YinzhengGenerated

/// The most bytes of one input; every kind of input has its own, lower limit further inside.
let inputBytes = 1 << 30

/// Runs one call of the generated module: its error, and a panic that it reports, become ``YinzhengError``.
func native<T>(_ call: () throws -> T) throws -> T {
    do {
        return try call()
    } catch let Failure.Refused(number, message) {
        throw YinzhengError(number: Int(number), message: message)
    } catch let error as YinzhengError {
        throw error
    } catch {
        // What uniffi's own guard caught. Its text may hold what was being worked on, so it goes nowhere.
        throw YinzhengError(.internal, "beside the facade")
    }
}

extension Data {
    /// These bytes, where they fit through the boundary: its lengths have 31 bits, and what is longer would end the app. Every call of
    /// the generated module is given bytes through this, which a test sees to.
    var fit: Data { get throws { try checked("an input", self) } }
}

extension String {
    /// The same for texts, as UTF-8.
    var fit: Data {
        get throws {
            guard utf8.count <= inputBytes else { throw YinzhengError(.limitExceeded, "a text has more than 1 GiB") }
            return Data(utf8)
        }
    }
}

/// Refuses what would not fit through the boundary, before it is taken there.
func checked(_ name: String, _ bytes: Data) throws -> Data {
    guard bytes.count <= inputBytes else { throw YinzhengError(.limitExceeded, "\(name) has more than 1 GiB") }
    return bytes
}

/// A number that cannot be negative.
func unsigned(_ name: String, _ number: Int64) throws -> UInt64 {
    guard let number = UInt64(exactly: number) else { throw YinzhengError(.invalidArgument, "\(name) is negative") }
    return number
}

/// Sequence numbers, heights and counts: below 2^53.
func signed(_ number: UInt64) -> Int64 { Int64(clamping: number) }

/// Something of the library that lives longer than a call. Closed when nobody holds it, or earlier by ``close()``; then every
/// call on it is error 204.
final class Resource: Sendable {
    private let handle: UInt64

    init(_ handle: UInt64) { self.handle = handle }

    deinit { close() }

    func close() {
        // Closing twice is no fault here: the first to come did it.
        try? YinzhengGenerated.close(object: handle)
    }

    /// Runs a call with the handle, which stays open at least until the call ends.
    func use<T>(_ call: (UInt64) throws -> T) throws -> T {
        try withExtendedLifetime(self) { try native { try call(handle) } }
    }
}

extension Data {
    /// Two digits for each byte, `0` to `9` and `a` to `f`.
    var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        var out = [UInt8]()
        out.reserveCapacity(2 * count)
        for byte in self {
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
        return String(decoding: out, as: UTF8.self)
    }

    init(hex: String) throws {
        func digit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x61...0x66: byte - 0x61 + 10
            default: nil
            }
        }
        let digits = Array(hex.utf8)
        guard digits.count % 2 == 0 else {
            throw YinzhengError(.invalidArgument, "hex has two digits for each byte")
        }
        var out = Data(capacity: digits.count / 2)
        for at in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digit(digits[at]), let low = digit(digits[at + 1]) else {
                throw YinzhengError(.invalidArgument, "hex has digits 0 to 9 and a to f")
            }
            out.append(high << 4 | low)
        }
        self = out
    }
}

extension URL {
    /// A file's path as the library takes it.
    var utf8Path: Data { Data(path.utf8) }
}

extension Date {
    /// Milliseconds since 1970; what lies outside the 64-bit range is clamped and refused further inside.
    var milliseconds: Int64 { Int64(clamping: (timeIntervalSince1970 * 1000).rounded()) }
    /// Whole seconds since 1970, rounded down.
    var seconds: Int64 { Int64(clamping: timeIntervalSince1970.rounded(.down)) }
}

extension Int64 {
    /// The nearest integer that there is; not-a-number gives zero.
    init(clamping number: Double) {
        self = number.isNaN ? 0 : number >= 9.2e18 ? .max : number <= -9.2e18 ? .min : Int64(number)
    }
}
