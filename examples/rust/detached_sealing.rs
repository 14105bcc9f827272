//! Sealing with the bank's own database instead of the embedded store.
//!
//! The ledger's rules are a state machine without I/O: [`Head`]. The bank keeps entries, blocks and the head row itself;
//! a compare-and-set on the head row is the lock, so several instances may run, and the database brings its own high
//! availability. Two rules must hold: the prepared block is stored before its bytes are signed, and it is the only one ever
//! offered at its height.
//!
//! ```sh
//! cargo run -p yinzheng --example detached_sealing
//! ```

#![allow(clippy::print_stdout)] // an example speaks to its reader

use yinzheng::Result;
use yinzheng::block::{Block, Head, PreparedBlock};
use yinzheng::entry::{Event, Facts, Genesis};
use yinzheng::hash::HashAlg;
use yinzheng::key::{Custody, KeyClaims, KeyEntry, KeyRole};
use yinzheng::merkle::{Tree, leaf_hashes};
use yinzheng::profile::builtin_by_id;
use yinzheng::proof::ProofBuilder;
use yinzheng::random::Random;
use yinzheng::record::{ProfileRef, RecordBuilder, RecordDraft};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::time::{Moment, Tier, TimeClaim};

/// Stands for the bank's transactional database. Every method would be one SQL statement, or a few in one transaction.
#[derive(Default)]
struct BankDatabase {
    /// Entries without links, by sequence number.
    entries: Vec<Vec<u8>>,
    /// Sealed bytes and all leaves, by height.
    blocks: Vec<(Vec<u8>, Vec<Vec<u8>>)>,
    /// The head row: [`Head::encode`], empty before block 0. Whoever changes it must name what it was.
    head: Vec<u8>,
    /// The block that waits for its signature, and how many entries it takes.
    prepared: Option<(PreparedBlock, usize)>,
}

impl BankDatabase {
    /// `UPDATE head SET … WHERE head = :before`, together with the block, in one transaction.
    fn store_block(
        &mut self,
        before: &[u8],
        head: &Head,
        block: &Block,
        leaves: Vec<Vec<u8>>,
    ) -> bool {
        if self.head != before {
            return false;
        }
        self.head = head.encode();
        self.blocks.push((block.sealed_bytes(), leaves));
        self.prepared = None;
        true
    }

    fn head(&self) -> Result<Option<Head>> {
        if self.head.is_empty() { Ok(None) } else { Head::decode(&self.head).map(Some) }
    }

    /// Entries that are in no block yet.
    fn unsealed(&self, head: Option<&Head>) -> &[Vec<u8>] {
        let first = head.map_or(0, Head::next_sequence);
        usize::try_from(first).ok().and_then(|first| self.entries.get(first..)).unwrap_or_default()
    }
}

fn main() -> Result<()> {
    let key = SoftwareKey::generate(SigAlg::Sm2)?; // a bank would ask its HSM
    let mut database = BankDatabase::default();

    // Block 0: genesis and the opened event.
    let claims = KeyClaims::enrol(KeyRole::Ledger, key.public().clone(), Custody::Hsm, 0);
    let genesis = Genesis {
        hash: HashAlg::Sm3,
        key_entry: KeyEntry::new(&claims).encode(),
        nonce: Random::system().array()?,
        created: TimeClaim::declared(1_793_500_000_000),
        organisation: "示例银行股份有限公司".to_owned(),
        continues: None,
    };
    let opened = Facts::Opened {
        library: "detached sealing example".to_owned(),
        build: None,
        system: None,
        device: Some("server".to_owned()),
        self_test_passed: None,
        clock: Some(Tier::Ntp),
    };
    database.entries.push(genesis.encode());
    database.entries.push(Event { time: genesis.created.clone(), facts: opened }.encode());
    seal(&mut database, &key)?;

    // A decision, sealed in the same flow as the business row.
    let draft = decision(r#"{"授信状态":"通过","授信额度":"50000.00"}"#)?;
    let record = draft.at(Random::system().array()?, 0, None)?;
    database.entries.push(record.encode());
    seal(&mut database, &key)?;

    // Another instance that still holds the old head cannot put a second block at that height.
    let stale = Vec::new();
    let head = database.head()?.ok_or_else(missing)?;
    let (sealed, leaves) = database.blocks.last().cloned().ok_or_else(missing)?;
    assert!(!database.store_block(&stale, &head, &Block::parse(&sealed)?, leaves));

    // A proof for the record, from what the database holds.
    let mut proof = ProofBuilder::new(HashAlg::Sm3, head.ledger_id().bytes);
    for (height, (sealed, leaves)) in database.blocks.iter().enumerate() {
        let block = Block::parse(sealed)?;
        let tree = Tree::new(HashAlg::Sm3, leaf_hashes(HashAlg::Sm3, leaves));
        for (index, leaf) in (0..).zip(leaves) {
            let opens = if *leaf == record.encode() { draft.disclosures.as_slice() } else { &[] };
            proof.item(leaf.clone(), &block.receipt(index, tree.path(index)?), opens);
        }
        if height == 0 {
            let root = tree.root();
            let leaf = yinzheng::block::history_leaf(
                HashAlg::Sm3,
                0,
                &block.block_hash(&root),
                &block.sealed_digest(),
            );
            proof.history(0, Tree::new(HashAlg::Sm3, vec![leaf]).path(0)?);
        } else {
            proof.head(sealed);
        }
    }
    proof.profile(&profile_bytes()?);
    let proof = proof.finish()?.encode()?;
    println!(
        "ledger {}\n{} blocks, proof of {} bytes",
        head.ledger_id(),
        database.blocks.len(),
        proof.len()
    );
    Ok(())
}

/// Prepare, store, sign, check, store: what an instance does on its timer.
fn seal(database: &mut BankDatabase, key: &SoftwareKey) -> Result<()> {
    let before = database.head.clone();
    let head = database.head()?;
    let (prepared, count) = match &database.prepared {
        Some(waiting) => waiting.clone(), // an earlier run died here: the same bytes again, never others
        None => {
            let entries: Vec<&[u8]> =
                database.unsealed(head.as_ref()).iter().map(Vec::as_slice).collect();
            let prepared = match &head {
                None => Head::prepare_first(&entries, 1_793_500_000)?,
                Some(head) => head.prepare(&entries, 1_793_500_000)?,
            };
            let waiting = (prepared, entries.len());
            database.prepared = Some(waiting.clone());
            waiting
        }
    };
    let signature = key.sign(&prepared.to_be_signed())?; // in an HSM, perhaps minutes later
    let block = prepared.sign(&signature.to_der())?;
    let entries = database.unsealed(head.as_ref()).iter().take(count).cloned();
    let leaves: Vec<Vec<u8>> = prepared.link.into_iter().chain(entries).collect();
    let refs: Vec<&[u8]> = leaves.iter().map(Vec::as_slice).collect();
    let sealed = Head::check(head.as_ref(), &block.sealed_bytes(), &refs)?;
    if !database.store_block(&before, &sealed.head, &block, leaves) {
        println!("another instance was faster; nothing is lost, its block holds the entries");
    }
    Ok(())
}

fn decision(message: &str) -> Result<RecordDraft> {
    let profile = builtin_by_id("credit.decision").ok_or_else(missing)?;
    let fields = profile.read(message.as_bytes(), &[])?.fields;
    let time = TimeClaim::new(Moment::new(1_793_500_100_000, 480), Tier::Ntp);
    RecordBuilder::new(ProfileRef::of(profile, HashAlg::Sm3), time).fields(fields).build()
}

fn profile_bytes() -> Result<Vec<u8>> {
    Ok(builtin_by_id("credit.decision").ok_or_else(missing)?.bytes().to_vec())
}

fn missing() -> yinzheng::Error {
    yinzheng::Error::new(yinzheng::ErrorCode::NotFound, "the example's own data")
}
