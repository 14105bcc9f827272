// The words of the library, as cases. The raw value is the word in requests and replies.

/// A hash of the format.
public enum HashAlgorithm: String, CaseIterable, Sendable {
    /// FIPS 180-4.
    case sha256 = "SHA-256"
    /// GM/T 0004.
    case sm3 = "SM3"
}

/// A signature algorithm of the format.
public enum SignatureAlgorithm: String, CaseIterable, Sendable {
    /// RFC 8032.
    case ed25519 = "Ed25519"
    /// ECDSA with P-256 and SHA-256, FIPS 186-5.
    case p256 = "P-256"
    /// GM/T 0003, with SM3.
    case sm2 = "SM2"
}

/// Which forms of a signature are accepted.
public enum SignatureForm: String, CaseIterable, Sendable {
    /// 64 bytes or DER; a high s is turned into the low one.
    case given = "given"
    /// Exactly as this library seals it.
    case sealed = "sealed"
    /// 64 bytes; a high s passes.
    case outside = "outside"
}

/// What a ledger's values are encrypted with.
public enum VaultSuite: String, CaseIterable, Sendable {
    /// A key of 32 bytes.
    case aes256Gcm = "AES-256-GCM"
    /// A key of 16 bytes, GM/T 0002.
    case sm4Gcm = "SM4-GCM"
}

/// Where a secret key is kept, as its holder declares it; only a certificate or an attestation supports it.
public enum Custody: String, CaseIterable, Sendable {
    /// Nothing is said.
    case unknown = "unknown"
    /// A hardware key store of a device.
    case hardware = "hardware"
    /// A secure enclave.
    case enclave = "enclave"
    /// A mobile shield 手机盾 or USB shield.
    case shield = "shield"
    /// A hardware security module.
    case hsm = "hsm"
    /// A provider holds it for the signer.
    case hosted = "hosted"
    /// Made for one transaction, then destroyed.
    case oneTime = "one-time"
    /// Split between a device and a server 协同签名.
    case coSigned = "co-signed"
    /// A file or memory.
    case software = "software"
}

/// In which role somebody signs a statement 签署声明.
public enum Role: String, CaseIterable, Sendable {
    /// The customer.
    case customer = "customer"
    /// The customer's device.
    case device = "device"
    /// The lender.
    case lender = "lender"
    /// Somebody who saw it.
    case witness = "witness"
    /// The platform that runs the app.
    case platform = "platform"
    /// An agent of the customer.
    case agent = "agent"
    /// A guarantor.
    case guarantor = "guarantor"
    /// A teller at the counter.
    case teller = "teller"
    /// A notary.
    case notary = "notary"
    /// The customer's own bank.
    case customersBank = "customers-bank"
}

/// What a key of a ledger is for.
public enum KeyRole: String, CaseIterable, Sendable {
    /// Signs the blocks.
    case ledger = "ledger"
    /// Signs statements of the customer.
    case customer = "customer"
    /// Signs statements of a device.
    case device = "device"
    /// Signs statements of a witness.
    case witness = "witness"
}

/// Why a key ended.
public enum RevokeReason: String, CaseIterable, Sendable {
    /// Its time was over.
    case retired = "retired"
    /// It is lost.
    case lost = "lost"
    /// Somebody else may have it.
    case compromised = "compromised"
    /// Another took its place.
    case superseded = "superseded"
}

/// Which clock a time claim rests on, weakest first.
public enum ClockTier: String, CaseIterable, Sendable {
    /// Somebody says so.
    case declared = "declared"
    /// The system's own clock.
    case device = "device"
    /// Satellite navigation.
    case gnss = "gnss"
    /// A clock synchronised by NTP.
    case ntp = "ntp"
    /// A time signed by a server.
    case server = "server"
    /// The time of a block of another chain.
    case chain = "chain"
    /// A timestamp authority, RFC 3161.
    case tsa = "tsa"
}

/// How a record leans on another.
public enum Relation: String, CaseIterable, Sendable {
    /// Any other record, also in another ledger.
    case reference = "reference"
    /// The consent that this record relies on.
    case consent = "consent"
    /// Evidence that belongs to this record.
    case evidence = "evidence"
}

/// How sensitive a field is, JR/T 0171. C3 is refused and never kept.
public enum FieldClass: String, CaseIterable, Sendable {
    /// Internal.
    case c1 = "C1"
    /// Personal, financial.
    case c2 = "C2"
}

/// A kind of reader that a proof is made for; each profile says what it sees.
public enum Audience: String, CaseIterable, Sendable {
    /// A court, an arbitration body or a notary.
    case court = "court"
    /// A supervisor.
    case regulator = "regulator"
    /// The person or firm that the record is about.
    case customer = "customer"
    /// Another institution.
    case partner = "partner"
}

/// How a check came out. There is no single "valid".
public enum Outcome: String, CaseIterable, Sendable {
    /// 已证实: what the line says was shown.
    case proven = "PROVEN"
    /// 相矛盾: what is shown contradicts itself, or what it was sealed as.
    case contradicted = "CONTRADICTED"
    /// 未证实: what is shown does not suffice.
    case notProven = "NOT_PROVEN"
    /// 未核验: nothing to look at, or this version does not look.
    case notChecked = "NOT_CHECKED"
}

/// How far a record has come from its sealer's own word 证据等级.
public enum Grade: String, CaseIterable, Sendable {
    /// 自证: nothing but the ledger's own seal.
    case ownWord = "self"
    /// 对方签署: the other side signed.
    case countersignedByParty = "countersigned-by-party"
    /// 他证: somebody in your policy saw it.
    case witnessed = "witnessed"
    /// 公证: a notary in your policy saw it.
    case notarised = "notarised"
}

/// A language for texts that people read.
public enum Language: String, CaseIterable, Sendable {
    /// Chinese.
    case zh = "zh"
    /// English.
    case en = "en"
}

/// Why a held record was not signed.
public enum DropReason: String, CaseIterable, Sendable {
    /// The signer said no.
    case declined = "declined"
    /// The signer gave no answer in time.
    case timedOut = "timed-out"
    /// The signer was locked.
    case locked = "locked"
    /// The host took it back.
    case withdrawn = "withdrawn"
}

/// Why values are erased.
public enum EraseReason: String, CaseIterable, Sendable {
    /// The time to keep them is over.
    case retentionOver = "retention-over"
    /// The person asked for it.
    case personsRequest = "persons-request"
    /// An authority ordered it.
    case order = "order"
    /// They should not have been captured.
    case error = "error"
}

/// Why erasure is suspended or disclosure restricted.
public enum HoldReason: String, CaseIterable, Sendable {
    /// A dispute.
    case dispute = "dispute"
    /// An investigation.
    case investigation = "investigation"
    /// An audit.
    case audit = "audit"
    /// The person asked for it.
    case personsRequest = "persons-request"
}

/// Why a ledger goes on in another.
public enum ContinueReason: String, CaseIterable, Sendable {
    /// By size or year: the old one was closed.
    case rollover = "rollover"
    /// The store came back from a backup.
    case restore = "restore"
    /// The ledger key is lost.
    case keyLost = "key-lost"
    /// Another hash from now on.
    case newHash = "new-hash"
}

/// What a countersigner says of a head.
public enum Claim: String, CaseIterable, Sendable {
    /// It was shown to me.
    case seen = "seen"
    /// It goes on from what I hold.
    case extends = "extends"
}

/// What happened in a ledger.
public enum FeedKind: String, CaseIterable, Sendable {
    /// A block was sealed, after all of its entries: what an authority stamps and a notary countersigns.
    case block = "block"
    /// A record was sealed.
    case record = "record"
    /// A further party signed a record.
    case signed = "signed"
    /// A key came in, was replaced, or ended.
    case key = "key"
    /// Values were erased: whoever got them erases them too.
    case erased = "erased"
    /// A hold was set or lifted, or disclosure restricted.
    case hold = "hold"
    /// Something happened to the ledger itself.
    case event = "event"
    /// Another ledger's head was seen.
    case observedHead = "observed-head"
    /// The beginning, a renewal, or what this version does not know.
    case other = "other"
}

/// A platform that takes digests into a chain of its own. What each is told stands in docs/operations.md.
public enum DepositPlatform: String, CaseIterable, Sendable {
    /// 蚂蚁链 AntChain.
    case antchain = "antchain"
    /// e签宝.
    case esign = "esign"
    /// BTOE.
    case btoe = "btoe"
    /// 百度 Baidu.
    case baidu = "baidu"
    /// 数字认证 BJCA.
    case bjca = "bjca"
    /// CMEVI.
    case cmevi = "cmevi"
    /// P3211: only for records that a party signed.
    case p3211 = "p3211"
    /// The evidence sample of FISCO BCOS: only for records that a party signed.
    case fisco = "fisco"
}
