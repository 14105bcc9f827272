import Foundation

/// What a proof is about, and which values it shows: none, unless asked.
public struct ProofRequest: Hashable, Sendable {
    private let about: JSON
    private var shown: JSON = "none"
    private var head: JSON?

    private init(about: JSON) { self.about = about }

    /// All records of a dossier, by id or preservation number 保全号.
    public static func dossier(_ dossier: String) -> ProofRequest { .init(about: .of(["dossier": .text(dossier)])) }
    /// Single entries, by their numbers.
    public static func entries(_ sequences: [Int64]) -> ProofRequest { .init(about: .of(["sequences": .integers(sequences)])) }

    private func changed(_ change: (inout ProofRequest) -> Void) -> ProofRequest {
        var copy = self
        change(&copy)
        return copy
    }

    /// Shows every value.
    public func showingAll() -> ProofRequest { changed { $0.shown = "all" } }
    /// Shows what each field's profile says.
    public func showingByProfile() -> ProofRequest { changed { $0.shown = "profile" } }
    /// Shows what the profiles say for an audience.
    public func showing(for audience: Audience) -> ProofRequest { changed { $0.shown = .text("for:" + audience.rawValue) } }
    /// Shows these fields.
    public func showing(names: [String]) -> ProofRequest { changed { $0.shown = .of(["names": .texts(names)]) } }
    /// Shows the fields of these classes.
    public func showing(classes: [FieldClass]) -> ProofRequest {
        changed { $0.shown = .of(["classes": .texts(classes.map(\.rawValue))]) }
    }
    /// Leads to the last block that somebody outside has seen or stamped.
    public func toWitnessed() -> ProofRequest { changed { $0.head = "witnessed" } }
    /// Leads to this block.
    public func toBlock(_ height: Int64) -> ProofRequest { changed { $0.head = .integer(height) } }

    var request: JSON { about.with("disclose", shown).with("head", head) }
}
