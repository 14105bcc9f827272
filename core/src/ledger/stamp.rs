//! Timestamps 可信时间戳 for blocks and entries: the request goes out with the host, the answer comes back, perhaps into
//! another process.

use super::Ledger;
use crate::anchor::{Outside, OutsideKind, TargetKind, Timestamp, TimestampRequest};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::store::OutsideKey;
use crate::x509::Trust;

impl Ledger {
    /// The bytes that a timestamp about a block or an entry stamps: sealed bytes, or the entry's.
    ///
    /// # Errors
    /// `NotFound`; 6xx.
    pub fn stampable(&self, key: OutsideKey) -> Result<Vec<u8>> {
        let inner = self.lock()?;
        match key {
            OutsideKey::Block(height) => Ok(inner.stored_block(height)?.block.sealed_bytes()),
            OutsideKey::Entry(sequence) => inner.entry_at(sequence),
        }
    }

    /// A request for a timestamp. SHA-256 is what every authority takes; an SM3 stamp may stand beside it. Nothing is kept
    /// here: [`TimestampRequest::encode`] gives the bytes that go to the authority and that the host keeps until the answer is
    /// there.
    ///
    /// # Errors
    /// `NotFound`, `RandomUnavailable`; 6xx.
    pub fn timestamp_request(&self, key: OutsideKey, hash: HashAlg) -> Result<TimestampRequest> {
        TimestampRequest::new(hash, &self.stampable(key)?)
    }

    /// Takes an authority's answer to a request and keeps the token beside its block or entry. With `trust` its chain is
    /// checked now; without, only that it is signed by the certificate that it names.
    ///
    /// # Errors
    /// As [`TimestampRequest::accept`]; `DigestMismatch` too when the request was about something else; as
    /// [`Ledger::attach`].
    pub fn attach_timestamp(
        &self,
        key: OutsideKey,
        request: &TimestampRequest,
        response: &[u8],
        trust: Option<&Trust>,
    ) -> Result<Timestamp> {
        let bytes = self.stampable(key)?;
        if !request.imprint().is_of(&bytes) {
            return Err(Error::new(
                ErrorCode::DigestMismatch,
                "the request is about something else",
            ));
        }
        let token = request.accept(response, trust)?;
        let target = match key {
            OutsideKey::Block(_) => TargetKind::Block,
            OutsideKey::Entry(_) => TargetKind::Entry,
        };
        let digest = Digest::of(self.hash(), &bytes);
        let kind = OutsideKind::TimestampToken;
        self.attach(key, &Outside { kind, bytes: token.bytes().to_vec(), target, digest })?;
        Ok(token)
    }
}
