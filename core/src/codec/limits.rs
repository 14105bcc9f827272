//! The limits of the format, in one place. The same numbers stand in `core/data/limits.json`.

/// Largest entry (record, statement, key, …) in bytes; also the largest entry a `tlog-tiles` export can carry.
pub const ENTRY_BYTES: usize = 65_535;

/// Largest nesting of arrays, maps and tags in one item. A byte string that holds CBOR starts a new count.
pub const DEPTH: usize = 8;

/// Most fields in one record.
pub const FIELDS: usize = 512;

/// Most nodes in an inclusion or consistency path.
pub const PATH_NODES: usize = 63;

/// Largest signature in bytes, whatever its algorithm.
pub const SIGNATURE_BYTES: usize = 8_192;

/// Largest protected header of a signed message in bytes.
pub const HEADER_BYTES: usize = 32_768;

/// Largest count, size, height or index: 2^53 − 1, so that every language holds it exactly.
pub const COUNT: u64 = (1 << 53) - 1;

/// Largest evidence proof in bytes.
pub const PROOF_BYTES: usize = 64 * 1024 * 1024;

/// Largest field name, profile id or other name in bytes.
pub const NAME_BYTES: usize = 128;

/// Largest profile file in bytes.
pub const PROFILE_BYTES: usize = 64 * 1024;

/// Largest SM2 user id in bytes: its length in bits must fit 16 bits (GM/T 0003.2 §5.5).
pub const SM2_ID_BYTES: usize = 8_191;

/// Bytes of a salt, a nonce, a dossier id or a boot id.
pub const ID_BYTES: usize = 16;

/// Largest map key: 65,535. Keys above it are refused, so that no reader depends on how they sort.
pub const MAP_KEY: u64 = 65_535;

/// Most citations in one record.
pub const CITATIONS: usize = 64;

/// Largest certificate or attestation in bytes.
pub const CERTIFICATE_BYTES: usize = 16_384;

/// Most certificates in one chain.
pub const CERTIFICATES: usize = 8;

/// Most entries in one block, link included.
pub const BLOCK_ENTRIES: u64 = 16_777_216;

/// Most items in one proof.
pub const PROOF_ITEMS: usize = 65_536;
