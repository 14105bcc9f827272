//! The state of a ledger after a block, and the only way from one block to the next.
//!
//! Sealing is a pure function: head and entries in, bytes to sign out; signature in, block and new head out. The
//! embedded ledger, a bank's own database, a replica and the verifier of a whole ledger all use this.

use super::{Block, BlockHeader, MAX_ENTRIES, history_leaf, leaves};
use crate::codec::{Item, Writer};
use crate::entry::Link;
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::key::LedgerKeys;
use crate::merkle::{self, Frontier};
use crate::sign::{PublicKey, Sign1, SigningRequest, sig_structure};

/// Everything that the next block depends on.
#[derive(Clone, Debug)]
pub struct Head {
    hash: HashAlg,
    ledger_id: [u8; 32],
    height: u64,
    block_hash: [u8; 32],
    sealed_digest: [u8; 32],
    next_sequence: u64,
    history: Frontier,
    keys: LedgerKeys,
    closed: bool,
}

/// A block whose bytes are fixed and that waits for its signature.
#[derive(Clone, Debug)]
pub struct PreparedBlock {
    /// The protected header's bytes.
    pub protected: Vec<u8>,
    /// Root of the block's tree.
    pub root: [u8; 32],
    /// Leaf 0 of the block: the link, or nothing where genesis is among the entries.
    pub link: Option<Vec<u8>>,
    /// The key that must sign.
    pub key: PublicKey,
}

/// A signed block with the head it leads to.
#[derive(Clone, Debug)]
pub struct SealedBlock {
    /// The block.
    pub block: Block,
    /// Root of its tree.
    pub root: [u8; 32],
    /// The state after it.
    pub head: Head,
}

impl PreparedBlock {
    /// The bytes to sign, in message form.
    pub fn to_be_signed(&self) -> Vec<u8> {
        sig_structure(&self.protected, &self.root)
    }

    /// What a signer is asked to sign, in message and digest form.
    pub fn signing_request(&self) -> SigningRequest {
        SigningRequest::new(&self.key, self.to_be_signed())
    }

    /// Puts the signature in, raw r‖s or DER, after verifying it with the expected key; gives the sealed bytes.
    ///
    /// # Errors
    /// `InvalidSignature` or `SignatureMismatch`, with what would have fitted; the prepared block stays as it is.
    pub fn sign(&self, signature: &[u8]) -> Result<Block> {
        self.sign_knowing(signature, &[])
    }

    /// As [`PreparedBlock::sign`]; `others` are keys that could have signed by mistake.
    ///
    /// # Errors
    /// As [`PreparedBlock::sign`].
    pub fn sign_knowing(&self, signature: &[u8], others: &[&PublicKey]) -> Result<Block> {
        let signature = self.signing_request().accept_knowing(signature, others)?;
        let message = Sign1 {
            protected: self.protected.clone(),
            unprotected: vec![0xa0],
            payload: None,
            signature: signature.bytes().to_vec(),
        };
        Block::parse(&message.encode())
    }
}

impl Head {
    /// Prepares block 0 of a new ledger: genesis, then at least the *opened* event.
    ///
    /// # Errors
    /// 3xx or 4xx when genesis cannot start a ledger, `ChainBroken` for too few entries, `LimitExceeded` for too many, or
    /// what [`Head::check`] would refuse about an entry.
    pub fn prepare_first(entries: &[&[u8]], begun_at: u64) -> Result<PreparedBlock> {
        let hash = leaves::read_genesis(entries)?.0.hash;
        let root = merkle::root(hash, &merkle::leaf_hashes(hash, entries));
        Self::prepare_with_root(None, (entries, entries.len() as u64), root, begun_at)
    }

    /// Prepares the block after this head over `entries` (without link).
    ///
    /// # Errors
    /// `NothingToSeal` without entries, `LimitExceeded` for too many, `LedgerClosed` after a *closed* event, or what
    /// [`Head::check`] would refuse about an entry: nobody signs a block that no reader takes.
    pub fn prepare(&self, entries: &[&[u8]], begun_at: u64) -> Result<PreparedBlock> {
        let link = self.next_link();
        let leaves: Vec<&[u8]> =
            core::iter::once(link.as_slice()).chain(entries.iter().copied()).collect();
        let root = merkle::root(self.hash, &merkle::leaf_hashes(self.hash, &leaves));
        Self::prepare_with_root(Some(self), (&leaves, leaves.len() as u64), root, begun_at)
    }

    /// As [`Head::prepare_first`] and [`Head::prepare`], for a caller that computed the root of the leaves (link or genesis
    /// first) just before, and counted them; those that [`leaves::apply`] passes over may be missing.
    pub(super) fn prepare_with_root(
        before: Option<&Head>,
        (leaves, entry_count): (&[&[u8]], u64),
        root: [u8; 32],
        begun_at: u64,
    ) -> Result<PreparedBlock> {
        if entry_count > MAX_ENTRIES {
            return Err(Error::new(
                ErrorCode::LimitExceeded,
                "at most 16,777,216 entries in a block",
            ));
        }
        let height = before.map_or(0, |head| head.height + 1);
        let (hash, ledger_id, keys) = match before {
            None => {
                leaves::read_genesis(leaves).map(|(genesis, id, keys)| (genesis.hash, id, keys))?
            }
            Some(head) if head.closed => {
                return Err(Error::new(ErrorCode::LedgerClosed, "a closed event was sealed"));
            }
            Some(_) if entry_count < 2 => {
                return Err(Error::new(ErrorCode::NothingToSeal, "no entries"));
            }
            Some(head) => (head.hash, head.ledger_id, head.keys.clone()),
        };
        leaves::apply(&mut keys.clone(), height, leaves.get(1..).unwrap_or_default())?;
        let key = keys.at(height);
        let header = BlockHeader {
            alg: key.key.alg(),
            kid: key.kid,
            hash,
            ledger_id,
            height,
            entry_count,
            first_sequence: before.map_or(0, |head| head.next_sequence),
            previous_block: before.map(|head| head.block_hash),
            history_root: before.map_or_else(|| hash.digest(&[]), |head| head.history.root()),
            key_epoch: key.epoch.unwrap_or_default(),
            begun_at,
        };
        Ok(PreparedBlock {
            protected: header.encode(),
            root,
            link: before.map(Head::next_link),
            key: key.key.clone(),
        })
    }

    /// Checks that a block with these entries (link or genesis first, as sealed) starts a ledger or follows `before`,
    /// signature included, and gives the state after it. This is the one check of a successor.
    ///
    /// # Errors
    /// `ChainBroken` when it does not follow, `KeyNotInForce`, `SignatureMismatch`, or what reading gives.
    pub fn check(before: Option<&Head>, sealed: &[u8], entries: &[&[u8]]) -> Result<SealedBlock> {
        let block = Block::parse(sealed)?;
        if block.header.entry_count != entries.len() as u64 {
            return Err(Error::new(
                ErrorCode::ChainBroken,
                "the entry count is not the number of entries",
            ));
        }
        let hash = block.header.hash;
        let root = merkle::root(hash, &merkle::leaf_hashes(hash, entries));
        Self::check_with_root(before, block, root, entries)
    }

    /// As [`Head::check`], for a caller that computed the root from the entries just before.
    pub(crate) fn check_with_root(
        before: Option<&Head>,
        block: Block,
        root: [u8; 32],
        entries: &[&[u8]],
    ) -> Result<SealedBlock> {
        let first = match before {
            None => {
                leaves::read_genesis(entries).map(|(genesis, id, keys)| (genesis.hash, id, keys))?
            }
            Some(head) => {
                head.check_follows(&block, entries)?;
                (head.hash, head.ledger_id, head.keys.clone())
            }
        };
        let (hash, ledger_id, mut keys) = first;
        let header = &block.header;
        if header.ledger_id != ledger_id
            || header.hash != hash
            || (before.is_none() && header.height != 0)
        {
            return Err(Error::new(ErrorCode::ChainBroken, "another ledger, hash or height"));
        }
        let key = keys.at(header.height);
        if header.kid != key.kid || Some(header.key_epoch) != key.epoch {
            return Err(Error::new(
                ErrorCode::KeyNotInForce,
                "the block names another key than the one in force",
            ));
        }
        block.verify(&root, &key.key)?;
        let closed = leaves::apply(&mut keys, header.height, entries.get(1..).unwrap_or_default())?;
        let mut history = match before {
            None => Frontier::new(hash),
            Some(head) => head.history.clone(),
        };
        let block_hash = block.block_hash(&root);
        let sealed_digest = block.sealed_digest();
        history.push(history_leaf(hash, header.height, &block_hash, &sealed_digest));
        let next_sequence = header.first_sequence + header.content_count();
        let head = Self {
            hash,
            ledger_id,
            height: header.height,
            block_hash,
            sealed_digest,
            next_sequence,
            history,
            keys,
            closed,
        };
        Ok(SealedBlock { block, root, head })
    }

    fn check_follows(&self, block: &Block, entries: &[&[u8]]) -> Result<()> {
        let header = &block.header;
        let broken = |what: &str| Err(Error::new(ErrorCode::ChainBroken, what));
        if self.closed {
            return Err(Error::new(ErrorCode::LedgerClosed, "a closed event was sealed"));
        }
        if header.height != self.height + 1 || header.previous_block != Some(self.block_hash) {
            return broken("height or previous block hash");
        }
        if header.first_sequence != self.next_sequence {
            return broken("first sequence number");
        }
        if header.history_root != self.history.root() {
            return broken("history root");
        }
        if entries.first().copied() != Some(self.link().encode().as_slice()) {
            return broken("leaf 0 is not the link to the block before");
        }
        Ok(())
    }

    /// The bytes of leaf 0 of the block after this head.
    pub fn next_link(&self) -> Vec<u8> {
        self.link().encode()
    }

    fn link(&self) -> Link {
        Link { previous_block: self.block_hash, previous_sealed: self.sealed_digest }
    }

    /// The ledger's hash.
    pub fn hash(&self) -> HashAlg {
        self.hash
    }

    /// The ledger id.
    pub fn ledger_id(&self) -> Digest {
        Digest { alg: self.hash, bytes: self.ledger_id }
    }

    /// Height of the last block.
    pub fn height(&self) -> u64 {
        self.height
    }

    /// Block hash of the last block.
    pub fn block_hash(&self) -> &[u8; 32] {
        &self.block_hash
    }

    /// Sealed digest of the last block.
    pub fn sealed_digest(&self) -> &[u8; 32] {
        &self.sealed_digest
    }

    /// Sequence number that the next entry gets.
    pub fn next_sequence(&self) -> u64 {
        self.next_sequence
    }

    /// Keys of the ledger, epoch by epoch.
    pub fn keys(&self) -> &LedgerKeys {
        &self.keys
    }

    /// Whether a *closed* event was sealed.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Root of the history tree over all blocks up to this one: what the next block will carry.
    pub fn history_root(&self) -> [u8; 32] {
        self.history.root()
    }

    /// The state as bytes, for a store or a host that seals with its own database. Not part of the sealed format.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.array(8)
            .bstr(&self.ledger_id)
            .uint(self.height)
            .bstr(&self.block_hash)
            .bstr(&self.sealed_digest)
            .uint(self.next_sequence);
        self.history.write(&mut w);
        w.array(self.keys.log().len());
        for (height, entry) in self.keys.log() {
            w.array(2).uint(*height).bstr(entry);
        }
        w.array(2).bool(self.closed).int(self.hash.cose_id());
        w.finish()
    }

    /// Reads the state back.
    ///
    /// # Errors
    /// Any 3xx or 4xx when the bytes are not a head.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let parts = Item::parse(bytes, bytes.len())?.array_n::<8>()?;
        let [ledger_id, height, block_hash, sealed_digest, next_sequence, history, log, rest] =
            parts;
        let [closed, alg] = rest.array_n::<2>()?;
        let hash = HashAlg::from_cose_id(alg.int()?)?;
        let ledger_id = ledger_id.bstr32()?;
        let mut keys: Option<LedgerKeys> = None;
        for step in log.array()? {
            let [height, entry] = step.array_n::<2>()?;
            match &mut keys {
                None => {
                    keys = Some(LedgerKeys::from_genesis(
                        entry.bstr()?,
                        hash,
                        Digest { alg: hash, bytes: ledger_id },
                    )?)
                }
                Some(keys) => keys.apply(entry.bstr()?, height.count()?)?,
            }
        }
        let height = height.count()?;
        let history = Frontier::read(hash, history)?;
        if history.size() != height + 1 {
            return Err(Error::new(ErrorCode::OutOfRange, "a head's history has every block"));
        }
        Ok(Self {
            hash,
            ledger_id,
            height,
            block_hash: block_hash.bstr32()?,
            sealed_digest: sealed_digest.bstr32()?,
            next_sequence: next_sequence.count()?,
            history,
            keys: keys
                .ok_or_else(|| Error::new(ErrorCode::MissingKey, "a head has the genesis key"))?,
            closed: closed.bool()?,
        })
    }
}
