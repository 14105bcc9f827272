//! The keys that a proof and a policy give.

use super::Shown;
use crate::entry::Body;
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::key::{KeyRole, LedgerKeys, SignerKeys};
use crate::sign::PublicKey;
use crate::verify::Policy;

/// Keys of one ledger as the proof shows them, and those of the policy.
pub(super) struct Keys<'p> {
    ledger: LedgerKeys,
    signers: SignerKeys,
    policy: &'p Policy,
}

impl<'p> Keys<'p> {
    pub(super) fn of(items: &[Shown<'_>], policy: &'p Policy, ledger_id: [u8; 32]) -> Result<Self> {
        let mut found: Option<Self> = None;
        for shown in items {
            let header = shown.receipt.block().header();
            if header.ledger_id != ledger_id {
                continue;
            }
            let id = Digest { alg: header.hash, bytes: ledger_id };
            match (&shown.entry.body, &mut found) {
                (Body::Genesis(genesis), None) => {
                    let ledger = LedgerKeys::from_genesis(&genesis.key_entry, genesis.hash, id)?;
                    let signers = SignerKeys::new(genesis.hash, id);
                    found = Some(Self { ledger, signers, policy });
                }
                // An entry that does not hold brings no key in; the verdict says why.
                (Body::Key(_, claims), Some(keys)) => {
                    let _ = match claims.role {
                        KeyRole::Ledger => keys.ledger.apply(&shown.item.entry, header.height),
                        _ => keys.signers.apply(&shown.item.entry, header.height),
                    };
                }
                _ => {}
            }
        }
        found.ok_or_else(|| Error::new(ErrorCode::MissingKey, "the proof shows no genesis"))
    }

    /// The ledger key in force at a height.
    pub(super) fn of_block(&self, height: u64) -> &PublicKey {
        &self.ledger.at(height).key
    }

    /// The key of a signer: by its entry in the ledger, else by its thumbprint in the policy.
    pub(super) fn named(&self, kid: &[u8; 32]) -> Option<&PublicKey> {
        let signer = self.signers.by_kid(kid).map(|key| &key.key);
        let ledger = || self.ledger.by_kid(kid).map(|key| &key.key);
        signer.or_else(ledger).or_else(|| self.outsider(kid))
    }

    /// A key of the policy.
    pub(super) fn outsider(&self, thumbprint: &[u8; 32]) -> Option<&PublicKey> {
        let mut keys = self.policy.keys().iter();
        keys.find(|known| known.thumbprint == *thumbprint).map(|known| &known.key)
    }
}
