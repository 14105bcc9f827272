//! The protected header of a block: everything a block claims, under its signature (format §8).

use crate::claim;
use crate::codec::{Item, MapBuilder, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{HashAlg, hex};
use crate::media;
use crate::sign::SigAlg;

/// `vds` of RFC 9942: an RFC 9162 tree over SHA-256.
const VDS_SHA256: i64 = 1;
/// Private use: an RFC 9162 tree over SM3.
const VDS_SM3: i64 = -66005;
/// Header label of `vds`.
const VDS: i64 = 395;

/// The most entries in one block.
pub const MAX_ENTRIES: u64 = 1 << 24;

/// What a block claims about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockHeader {
    /// Algorithm of the ledger key.
    pub alg: SigAlg,
    /// Digest of the key entry in force.
    pub kid: [u8; 32],
    /// The ledger's hash, as `vds` names it.
    pub hash: HashAlg,
    /// The ledger.
    pub ledger_id: [u8; 32],
    /// Height: 0, 1, 2 …
    pub height: u64,
    /// Number of entries, link included: the tree's size.
    pub entry_count: u64,
    /// Sequence number of the first entry that is not a link.
    pub first_sequence: u64,
    /// Hash of the block before; absent exactly in block 0.
    pub previous_block: Option<[u8; 32]>,
    /// RFC 9162 root over all earlier blocks.
    pub history_root: [u8; 32],
    /// Epoch of the ledger key.
    pub key_epoch: u64,
    /// Seconds since 1970: when the block was begun. Never "signed at".
    pub begun_at: u64,
}

impl BlockHeader {
    /// The protected header's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let id = hex::encode(&self.ledger_id);
        let claims = MapBuilder::new()
            .put_text(1, &id)
            .put_text(2, &format!("{id}/{}", self.height))
            .put_uint(6, self.begun_at)
            .put_bstr(claim::LEDGER_ID, &self.ledger_id)
            .put_uint(claim::HEIGHT, self.height)
            .put_uint(claim::ENTRY_COUNT, self.entry_count)
            .put_uint(claim::FIRST_SEQUENCE, self.first_sequence)
            .put_opt(claim::PREVIOUS_BLOCK, self.previous_block.as_ref(), |w, hash| w.bstr(hash))
            .put_bstr(claim::HISTORY_ROOT, &self.history_root)
            .put_uint(claim::KEY_EPOCH, self.key_epoch);
        MapBuilder::new()
            .put_int(1, self.alg.cose_id())
            .put_bstr(4, &self.kid)
            .put(15, |w| claims.write(w))
            .put_text(16, media::BLOCK)
            .put_int(VDS, if self.hash == HashAlg::Sha256 { VDS_SHA256 } else { VDS_SM3 })
            .finish()
    }

    /// Reads a protected header; everything that one block can say against itself is refused here.
    ///
    /// # Errors
    /// Any 3xx; `WrongMediaType` for another kind of signed message; `UnsupportedAlgorithm`.
    pub fn parse(protected: &[u8]) -> Result<Self> {
        let map = Item::parse(protected, limits::HEADER_BYTES)?.map()?;
        if map.read(16, |typ| typ.text())? != media::BLOCK {
            return Err(Error::new(ErrorCode::WrongMediaType, "expected a block"));
        }
        map.only(&[1, 4, 15, 16, VDS])?;
        let claims = map.read(15, |claims| claims.map())?;
        claims.only(&[
            1,
            2,
            6,
            claim::LEDGER_ID,
            claim::HEIGHT,
            claim::ENTRY_COUNT,
            claim::FIRST_SEQUENCE,
            claim::PREVIOUS_BLOCK,
            claim::HISTORY_ROOT,
            claim::KEY_EPOCH,
        ])?;
        let header = Self {
            alg: map.read(1, |alg| SigAlg::from_cose_id(alg.int()?))?,
            kid: map.read(4, |kid| kid.bstr32())?,
            hash: map.read(VDS, |vds| match vds.int()? {
                VDS_SHA256 => Ok(HashAlg::Sha256),
                VDS_SM3 => Ok(HashAlg::Sm3),
                _ => Err(Error::new(ErrorCode::UnsupportedAlgorithm, "vds is 1 or -66005")),
            })?,
            ledger_id: claims.read(claim::LEDGER_ID, |id| id.bstr32())?,
            height: claims.read(claim::HEIGHT, |height| height.count())?,
            entry_count: claims.read(claim::ENTRY_COUNT, |count| count.count())?,
            first_sequence: claims.read(claim::FIRST_SEQUENCE, |first| first.count())?,
            previous_block: claims.read_opt(claim::PREVIOUS_BLOCK, |hash| hash.bstr32())?,
            history_root: claims.read(claim::HISTORY_ROOT, |root| root.bstr32())?,
            key_epoch: claims.read(claim::KEY_EPOCH, |epoch| epoch.count())?,
            begun_at: claims.read(6, |iat| iat.count())?,
        };
        let id = hex::encode(&header.ledger_id);
        if claims.read(1, |iss| iss.text())? != id
            || claims.read(2, |sub| sub.text())? != format!("{id}/{}", header.height)
        {
            return Err(Error::new(
                ErrorCode::DigestMismatch,
                "iss and sub repeat ledger id and height",
            ));
        }
        header.check_shape()?;
        Ok(header)
    }

    /// The sequence number of leaf `index`; the link has none.
    pub fn sequence_of(&self, index: u64) -> Option<u64> {
        match self.height {
            0 => Some(index),
            _ => self.first_sequence.checked_add(index.checked_sub(1)?),
        }
        .filter(|_| index < self.entry_count)
    }

    /// Entries that are not links.
    pub fn content_count(&self) -> u64 {
        self.entry_count.saturating_sub(u64::from(self.height > 0))
    }

    fn check_shape(&self) -> Result<()> {
        if !(2..=MAX_ENTRIES).contains(&self.entry_count) {
            return Err(Error::new(ErrorCode::OutOfRange, "a block has 2 to 16,777,216 entries"));
        }
        if self.previous_block.is_some() != (self.height > 0) {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                "every block but the first names the one before",
            ));
        }
        let empty_history = self.hash.digest(&[]);
        if (self.height == 0) != (self.history_root == empty_history) {
            return Err(Error::new(ErrorCode::OutOfRange, "exactly block 0 has the empty history"));
        }
        // Block 0 has two entries at least, every other block one besides its link, and one rotation at most.
        let sequence_fits = match self.height {
            0 => self.first_sequence == 0,
            height => self.first_sequence > height,
        };
        if !sequence_fits || self.key_epoch > self.height {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                "a first sequence number or key epoch that no block of this height can have",
            ));
        }
        Ok(())
    }
}
