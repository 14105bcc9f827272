//! Numbers of our private claims inside CWT claims (header label 15), format §2.

/// Ledger id, bare 32 bytes.
pub const LEDGER_ID: i64 = -65537;
/// Height of the block.
pub const HEIGHT: i64 = -65538;
/// Number of entries in the block, link included: the tree's size.
pub const ENTRY_COUNT: i64 = -65539;
/// Sequence number of the block's first entry that is not a link.
pub const FIRST_SEQUENCE: i64 = -65540;
/// Hash of the block before.
pub const PREVIOUS_BLOCK: i64 = -65541;
/// History root.
pub const HISTORY_ROOT: i64 = -65542;
/// Epoch of the ledger key.
pub const KEY_EPOCH: i64 = -65543;
/// Role of the signer.
pub const ROLE: i64 = -65544;
/// Digest of what was displayed to the signer.
pub const DISPLAYED: i64 = -65545;
/// Ledger id that the message is meant for.
pub const AUDIENCE: i64 = -65546;
