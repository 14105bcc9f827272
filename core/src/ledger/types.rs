//! What goes into a ledger and what comes back.

use std::sync::Arc;

use crate::hash::Digest;
use crate::number;
use crate::profile::Profile;
use crate::record::RecordDraft;
use crate::sign::{PublicKey, SigningRequest};

/// Which dossier a record belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dossier {
    /// A new one; the library draws its id.
    New,
    /// One that this or another ledger began.
    Existing([u8; 16]),
}

/// A record to append.
#[derive(Clone, Debug)]
pub struct NewRecord {
    /// The host's own id of this event, at most 256 bytes. Appending it again with the same content gives the same answer;
    /// with other content it is an error. It is not sealed, and kept only as a keyed digest.
    pub business_id: Option<String>,
    /// The dossier.
    pub dossier: Dossier,
    /// The record.
    pub draft: RecordDraft,
    /// The exact bytes of the profile file that the draft names.
    pub profile: Arc<[u8]>,
}

impl NewRecord {
    /// A record that follows `profile`, in a dossier of its own and without a business id.
    pub fn new(profile: &Profile, draft: RecordDraft) -> Self {
        Self {
            business_id: None,
            dossier: Dossier::New,
            draft,
            profile: Arc::from(profile.bytes()),
        }
    }

    /// The same record in a dossier that exists.
    #[must_use]
    pub fn in_dossier(mut self, dossier: [u8; 16]) -> Self {
        self.dossier = Dossier::Existing(dossier);
        self
    }

    /// The same record under the host's own id of this event.
    #[must_use]
    pub fn with_business_id(mut self, id: impl Into<String>) -> Self {
        self.business_id = Some(id.into());
        self
    }
}

/// A record that is in the ledger, durable, and not yet sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Sequence number of its entry.
    pub sequence: u64,
    /// Digest of the record.
    pub digest: Digest,
    /// Record number 存证编号.
    pub number: String,
    /// Dossier id.
    pub dossier: [u8; 16],
    /// Preservation number 保全号.
    pub preservation_number: String,
    /// Place in the dossier.
    pub place: u64,
    /// Whether it was there before, under the same business id.
    pub replayed: bool,
}

impl Appended {
    pub(super) fn new(
        sequence: u64,
        digest: Digest,
        dossier: [u8; 16],
        place: u64,
        replayed: bool,
    ) -> Self {
        Self {
            sequence,
            digest,
            number: number::record_number(&digest),
            dossier,
            preservation_number: number::preservation_number(&dossier),
            place,
            replayed,
        }
    }
}

/// A record that keeps its place and waits for a party's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Under this id the signature is handed in.
    pub id: u64,
    /// Digest of the record.
    pub digest: Digest,
    /// Dossier id.
    pub dossier: [u8; 16],
    /// Place in the dossier.
    pub place: u64,
    /// The bytes to sign.
    pub to_be_signed: Vec<u8>,
    /// The key that must sign them.
    pub key: PublicKey,
}

impl Held {
    /// What the party is asked to sign, in message and digest form.
    pub fn signing_request(&self) -> SigningRequest {
        SigningRequest::new(&self.key, self.to_be_signed.clone())
    }
}

/// A block that waits for its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its height.
    pub height: u64,
    /// Number of entries, link included.
    pub entries: u64,
    /// The bytes to sign: the same until committed, across restarts.
    pub to_be_signed: Vec<u8>,
    /// The ledger key that must sign them.
    pub key: PublicKey,
}

impl Pending {
    /// What the holder of the ledger key is asked to sign, in message and digest form.
    pub fn signing_request(&self) -> SigningRequest {
        SigningRequest::new(&self.key, self.to_be_signed.clone())
    }
}

/// A block that is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Height.
    pub height: u64,
    /// Block hash.
    pub block_hash: [u8; 32],
    /// Sealed digest: what outsiders stamp or countersign.
    pub sealed_digest: [u8; 32],
    /// Sequence number of its first entry that is not a link.
    pub first_sequence: u64,
    /// Number of its entries that are not links.
    pub entries: u64,
}

/// The last block: what the host mirrors in a key store or at a node, and hands over when it opens the ledger again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadInfo {
    /// Ledger id.
    pub ledger_id: Digest,
    /// Height.
    pub height: u64,
    /// Block hash.
    pub block_hash: [u8; 32],
    /// Sealed digest.
    pub sealed_digest: [u8; 32],
    /// Sequence number of the first entry that is not sealed.
    pub next_sequence: u64,
}
