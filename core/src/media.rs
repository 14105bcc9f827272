//! Media types of signed messages and their payloads. Every signed message says what it is (`typ`, RFC 9596), and
//! our readers demand the one they expect, so that one kind can never be shown as another (format §3).

/// `typ` of blocks and receipts.
pub const BLOCK: &str = "application/vnd.yinzheng.block+cose";
/// `typ` of statements.
pub const STATEMENT: &str = "application/vnd.yinzheng.statement+cose";
/// `typ` of countersignatures.
pub const COUNTERSIGNATURE: &str = "application/vnd.yinzheng.countersignature+cose";
/// `typ` of possession messages.
pub const POSSESSION: &str = "application/vnd.yinzheng.possession+cose";
/// Content type of a statement whose payload is a record.
pub const RECORD: &str = "application/vnd.yinzheng.record+cbor";
/// Content type of a statement whose payload names a record.
pub const REFERENCE: &str = "application/vnd.yinzheng.reference+cbor";
