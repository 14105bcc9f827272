//! X.509 certificates (RFC 5280, GM/T 0015), what revokes them, and the one shape of CMS that timestamps have (RFC 5652,
//! GM/T 0010). It knows nothing of evidence: bytes and a moment go in, a chain or an error comes out.
//!
//! Everything that is hashed or verified is the bytes received, never a re-encoding: certificates in the field are not all
//! DER to the letter. That is why the signed data is read here element by element, while names, extensions and lists
//! are read by the crates `der` and `x509-cert`.

mod algorithm;
mod certificate;
mod chain;
mod crl;
mod elements;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
pub(crate) mod forge;
mod ocsp;
mod signed_data;
#[cfg(test)]
mod tests;

pub use certificate::Certificate;
pub use chain::{Chain, Purpose, Trust};
pub use crl::Crl;
pub use ocsp::OcspResponse;

pub(crate) use algorithm::Hash;
pub(crate) use elements::{Elements, context, object, whole};
pub(crate) use signed_data::SignedData;

/// Largest certificate in bytes (format §2).
pub const CERTIFICATE_BYTES: usize = 16_384;
/// Largest revocation list in bytes.
pub const CRL_BYTES: usize = 2 * 1024 * 1024;
/// Largest OCSP response in bytes.
pub const OCSP_BYTES: usize = 65_536;
