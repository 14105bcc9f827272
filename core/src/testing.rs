//! What the unit tests of several modules share: fixed keys, small ledgers, and tools to break things one by one.

use crate::block::{Block, BlockHeader, Head, PreparedBlock, SealedBlock};
use crate::codec::{Item, MapBuilder};
use crate::entry::{Event, Facts, Genesis, Link};
use crate::error::{ErrorCode, Result};
use crate::hash::{Digest, HashAlg};
use crate::key::{Custody, KeyClaims, KeyEntry, KeyRole};
use crate::merkle;
use crate::sign::{SigAlg, Sign1, SoftwareKey, sig_structure};
use crate::time::TimeClaim;

pub(crate) fn key(alg: SigAlg, seed: u8) -> SoftwareKey {
    SoftwareKey::from_seed(alg, &[seed; 32]).unwrap()
}

/// The error's code; what should have been refused was not when there is none.
#[track_caller]
pub(crate) fn code<T>(result: Result<T>) -> ErrorCode {
    match result {
        Ok(_) => panic!("this must be refused"),
        Err(error) => error.code(),
    }
}

pub(crate) fn refs(entries: &[Vec<u8>]) -> Vec<&[u8]> {
    entries.iter().map(Vec::as_slice).collect()
}

/// The encoded map with the item of `key` replaced or added.
pub(crate) fn with(map: &[u8], key: i64, value: &[u8]) -> Vec<u8> {
    rebuilt(map, None).put_raw(key, value).finish()
}

/// The encoded map without `key`.
pub(crate) fn without(map: &[u8], key: i64) -> Vec<u8> {
    rebuilt(map, Some(key)).finish()
}

fn rebuilt(map: &[u8], left_out: Option<i64>) -> MapBuilder {
    let map = Item::parse(map, map.len()).unwrap().map().unwrap();
    map.iter()
        .filter(|(key, _)| Some(*key) != left_out)
        .fold(MapBuilder::new(), |built, (key, value)| built.put_raw(key, value.bytes()))
}

/// The item of `key` in an encoded map.
pub(crate) fn part(map: &[u8], key: i64) -> Vec<u8> {
    Item::parse(map, map.len()).unwrap().map().unwrap().get(key).unwrap().bytes().to_vec()
}

/// An entry with so many optional keys that its map head has two bytes, or with 256 and more three.
pub(crate) fn padded(entry: &[u8], keys: i64) -> Vec<u8> {
    (0..keys).fold(rebuilt(entry, None), |built, key| built.put_raw(64 + key, &[0xf6])).finish()
}

/// A signed message over any header and payload.
pub(crate) fn signed(
    protected: &[u8],
    payload: &[u8],
    attached: bool,
    key: &SoftwareKey,
) -> Vec<u8> {
    let signature = key.sign(&sig_structure(protected, payload)).unwrap();
    let payload = attached.then(|| payload.to_vec());
    Sign1::new(protected.to_vec(), payload, signature.bytes().to_vec()).encode()
}

pub(crate) fn opened(ms: i64) -> Vec<u8> {
    let facts = Facts::Opened {
        library: "yinzheng test".into(),
        build: None,
        system: None,
        device: None,
        self_test_passed: Some(true),
        clock: None,
    };
    Event { time: TimeClaim::declared(ms), facts }.encode()
}

pub(crate) fn closed() -> Vec<u8> {
    let facts = Facts::Closed { successor_key: None, successor_nonce: None };
    Event { time: TimeClaim::declared(9), facts }.encode()
}

pub(crate) fn first_claims(key: &SoftwareKey) -> KeyClaims {
    KeyClaims::enrol(KeyRole::Ledger, key.public().clone(), Custody::Software, 0)
}

pub(crate) fn genesis_with(hash: HashAlg, first_key: &KeyClaims) -> Genesis {
    Genesis {
        hash,
        key_entry: KeyEntry::new(first_key).encode(),
        nonce: [7; 16],
        created: TimeClaim::declared(1),
        organisation: "测试银行".into(),
        continues: None,
    }
}

pub(crate) fn sign_block(prepared: &PreparedBlock, key: &SoftwareKey) -> Block {
    prepared.sign(key.sign(&prepared.to_be_signed()).unwrap().bytes()).unwrap()
}

/// Block 0 of a ledger.
pub(crate) fn first(hash: HashAlg, key: &SoftwareKey) -> SealedBlock {
    first_with(&genesis_with(hash, &first_claims(key)), key)
}

pub(crate) fn first_with(genesis: &Genesis, key: &SoftwareKey) -> SealedBlock {
    let entries = [genesis.encode(), opened(1)];
    let entries = refs(&entries);
    let block = sign_block(&Head::prepare_first(&entries, 1).unwrap(), key);
    Head::check(None, &block.sealed_bytes(), &entries).unwrap()
}

/// The next block, with its entries as sealed.
pub(crate) fn next(
    head: &Head,
    key: &SoftwareKey,
    contents: &[Vec<u8>],
) -> Result<(SealedBlock, Vec<Vec<u8>>)> {
    let prepared = head.prepare(&refs(contents), 2)?;
    let block = sign_block(&prepared, key);
    let mut entries = vec![prepared.link.unwrap()];
    entries.extend(contents.iter().cloned());
    Head::check(Some(head), &block.sealed_bytes(), &refs(&entries)).map(|sealed| (sealed, entries))
}

/// The header that the next block over `entries` (link first) would have.
pub(crate) fn next_header(head: &Head, entries: &[Vec<u8>]) -> BlockHeader {
    let key = head.keys().at(head.height() + 1);
    BlockHeader {
        alg: key.key.alg(),
        kid: key.kid,
        hash: head.hash(),
        ledger_id: head.ledger_id().bytes,
        height: head.height() + 1,
        entry_count: entries.len() as u64,
        first_sequence: head.next_sequence(),
        previous_block: Some(*head.block_hash()),
        history_root: head.history_root(),
        key_epoch: key.epoch.unwrap(),
        begun_at: 2,
    }
}

pub(crate) fn link_to(head: &Head) -> Vec<u8> {
    Link { previous_block: *head.block_hash(), previous_sealed: *head.sealed_digest() }.encode()
}

/// A block that nobody honest would sign: any header over any entries.
pub(crate) fn forged(header: &BlockHeader, key: &SoftwareKey, entries: &[Vec<u8>]) -> Vec<u8> {
    let root = merkle::root(header.hash, &merkle::leaf_hashes(header.hash, entries));
    signed(&header.encode(), &root, false, key)
}

/// A key entry that is complete with possession for this ledger.
pub(crate) fn key_entry(claims: &KeyClaims, key: &SoftwareKey, ledger: &Digest) -> Vec<u8> {
    let message = crate::key::possession_to_be_signed(claims, ledger).unwrap();
    let signature = key.sign(&message).unwrap();
    KeyEntry::with_possession(claims, ledger, signature.bytes()).unwrap().encode()
}

/// Claims that rotate the ledger key after `head` to `key`.
pub(crate) fn rotation(head: &Head, key: &SoftwareKey) -> KeyClaims {
    let newest = head.keys().newest();
    let epoch = newest.epoch.map(|epoch| epoch + 1);
    KeyClaims::rotate(KeyRole::Ledger, key.public().clone(), Custody::Hsm, 5, newest.kid, epoch)
}

/// n − s on P-256: the other s that makes a signature good.
pub(crate) fn negated_p256(s: &[u8]) -> Vec<u8> {
    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let order = crate::hash::hex::decode(ORDER).unwrap();
    let mut borrow = 0i16;
    let mut out = vec![0; 32];
    for at in (0..32).rev() {
        let digit = i16::from(order[at]) - i16::from(s[at]) - borrow;
        borrow = i16::from(digit < 0);
        out[at] = (digit + 256 * borrow) as u8;
    }
    out
}

/// Asks of every bit of `good` that turning it over is noticed: `accepts` says whether bytes still count as good.
#[track_caller]
pub(crate) fn every_bit_counts(good: &[u8], accepts: impl Fn(&[u8]) -> bool) {
    assert!(accepts(good));
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.to_vec();
            bytes[at] ^= 1 << bit;
            assert!(!accepts(&bytes), "bit {bit} of byte {at} of {}", good.len());
        }
    }
}

/// Asks of every cut of `good` that it is refused.
#[track_caller]
pub(crate) fn every_cut_is_refused<T>(good: &[u8], read: impl Fn(&[u8]) -> Result<T>) {
    for end in 0..good.len() {
        assert!(read(&good[..end]).is_err(), "cut after {end} of {} bytes", good.len());
    }
}
