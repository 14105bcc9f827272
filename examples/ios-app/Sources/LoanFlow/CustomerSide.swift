import Foundation
import Yinzheng
import YinzhengDevice

/// The customer's side of the credit loan: the agreement that was read and signed, sealed on the phone before anything is sent.
public struct CustomerSide: Sendable {
    /// Who the customer is, as the app knows. Invented here.
    public struct Customer: Hashable, Sendable {
        /// Name.
        public let name: String
        /// Mobile number.
        public let mobile: String
        /// The number of the agreement 合同编号.
        public let agreementNumber: String

        /// A customer.
        public init(name: String, mobile: String, agreementNumber: String) {
            self.name = name
            self.mobile = mobile
            self.agreementNumber = agreementNumber
        }
    }

    /// What the app finds out about the phone. It decides nothing here: it is recorded, and read by whoever judges later.
    public struct Phone: Hashable, Sendable {
        /// Its model.
        public let model: String
        /// Its operating system.
        public let system: String
        /// The app's version.
        public let appVersion: String
        /// In the words of the profile: 未见异常, 系统权限被破解, 模拟器, 注入或调试, 未检查.
        public let cleanCheck: String

        /// A phone.
        public init(model: String, system: String, appVersion: String, cleanCheck: String) {
            self.model = model
            self.system = system
            self.appVersion = appVersion
            self.cleanCheck = cleanCheck
        }

        /// What stands in the ledger's *opened* events.
        public var environment: DeviceEnvironment { DeviceEnvironment(system: "\(system); \(cleanCheck)", device: model, clock: .device) }
    }

    /// Minutes that the customer's clock is ahead of UTC.
    static let offset = 480

    /// The phone's ledger.
    public let phone: PhoneLedger
    private let facts: Phone

    /// The customer's side, on an open ledger.
    public init(_ phone: PhoneLedger, facts: Phone) {
        self.phone = phone
        self.facts = facts
    }

    /// Enrols the customer's key, so that verifiers know whose signature it is. Gives its kid. At every start: a key that is enrolled
    /// already, perhaps by an app that was killed before it kept the kid, is not enrolled twice.
    /// - Parameter signer: the key, or a shield's `ShieldEnrolment`.
    public func enrol(_ signer: some Signer, custody: Custody, at now: Date) async throws -> String {
        if let there = try phone.ledger.keys.party(signer.publicKey) { return there.kid }
        let draft = try phone.ledger.keys.enrol(.customer, signer.publicKey, custody: custody, effective: now)
        return try phone.ledger.keys.finish(draft.bytes, signature: try await signer.sign(draft.toSign))
    }

    /// The record of an agreement: what was shown, how it was read, when it was signed.
    public func record(_ reading: Reading, by customer: Customer) throws -> EvidenceRecord {
        guard let agreedAt = reading.agreedAt else { throw Reading.NotYet.unread }
        let document = reading.document
        let time = { (date: Date) in FieldValue.time(date, offsetMinutes: Self.offset) }
        var record = EvidenceRecord("will.signing", businessId: customer.agreementNumber + "/" + document.title, [
            "合同编号": .text(customer.agreementNumber), "姓名": .text(customer.name), "手机号": .text(customer.mobile),
            "文本名称": .text(document.title), "文本版本": .text(document.version), "文本原件": .text(document.title),
            "页数": .number(Int64(document.pages)), "展示时间": time(reading.shownAt), "阅读秒数": .number(reading.seconds),
            "已阅读至末尾": .flag(reading.endReachedAt != nil), "确认方式": "签名", "签约确认时间": time(agreedAt), "渠道": "手机应用",
            "设备型号": .text(facts.model), "操作系统": .text(facts.system), "应用版本": .text(facts.appVersion),
            "清洁性检查结果": .text(facts.cleanCheck), "时钟状态": "未知",
        ])
        record.attachments = [try Attachment("文本原件", mediaType: "text/plain", title: document.title, bytes: document.bytes)]
        record.time = TimeClaim(agreedAt, offsetMinutes: Self.offset, tier: .device)
        return record
    }

    /// The customer signs what was read, and it is appended: durable, not sealed yet. After a cancelled or failed attempt, or a kill
    /// in its middle, call it again: what waits for this signer tells of the reading before, so it is given up, which is recorded.
    /// - Parameter signer: the customer's key in the hardware, or a shield. As displayed is sealed what the shield shows, else the text
    ///   that was read, which the record holds either way.
    public func sign(_ reading: Reading, by customer: Customer, with signer: some Signer, kid: String?) async throws -> Appended {
        // The customer is asked one thing at a time, so nothing else waits for this key.
        let key = try signer.publicKey.spki()
        for left in try phone.ledger.held() where try left.toSign.key.spki() == key {
            try phone.ledger.dropStatement(left.id, reason: .withdrawn)
        }
        return try await phone.ledger.appendSigned(record(reading, by: customer), by: signer, as: .customer, kid: kid,
                                            displayed: signer.displayed ?? reading.displayed())
    }

    /// Everything that is sealed, for a node, when there is a network again. Sending it twice does no harm.
    public func syncBundle(from height: Int64 = 0) throws -> Data {
        try Bundles.export(phone.ledger, first: height, last: phone.ledger.head().height)
    }
}
