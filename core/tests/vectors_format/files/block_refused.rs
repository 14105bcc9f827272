//! What `block.json` refuses: blocks that the holder of a ledger key might sign all the same, and messages that are no
//! blocks.

use yinzheng::block::{BlockHeader, Head};
use yinzheng::codec::Writer;
use yinzheng::entry::Facts;
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::key::{Custody, KeyClaims, KeyEntry, KeyRole, RevokeReason};
use yinzheng::sign::{SigAlg, Sign1, Signature, SoftwareKey};
use yinzheng::{claim, media, merkle};

use super::block::{States, beside};
use crate::Cases;
use crate::scene::{LEDGER, NEXT_LEDGER, OTHER, SUITES, Sealed, event, ledger};
use crate::testing::{
    closed, first_claims, forged, genesis_with, key, key_entry, link_to, negated_p256, next_header,
    opened, padded, part, rotation, signed, with, without,
};

const AFTER: &str = "sha256-ed25519-2";

pub(crate) fn add(cases: &mut Cases<'_>, states: &States) {
    let blocks = ledger(SUITES[0].1, SUITES[0].2);
    let scene =
        Scene { head: states.borrow()[AFTER].clone(), key: key(SigAlg::Ed25519, NEXT_LEDGER) };
    headers(cases, &scene);
    messages(cases, &scene);
    claims(cases, &scene);
    leaves(cases, &scene);
    rotations(cases, &blocks);
    chains(cases, &blocks, states);
    first_blocks(cases);
    signatures(cases);
}

/// The ledger after block 2, and the key that signs block 3.
struct Scene {
    head: Head,
    key: SoftwareKey,
}

impl Scene {
    fn entries(&self) -> Vec<Vec<u8>> {
        vec![link_to(&self.head), opened(1)]
    }

    fn header(&self) -> BlockHeader {
        next_header(&self.head, &self.entries())
    }
}

fn headers(cases: &mut Cases<'_>, scene: &Scene) {
    let entries = scene.entries();
    let mut lie = |name: &str, what: &str, header: BlockHeader, error: &str| {
        let sealed = forged(&header, &scene.key, &entries);
        cases.refuse(name, what, beside(Some(AFTER), &entries), &sealed, error);
    };
    let good = scene.header();
    let retired = scene.head.keys().all()[0].kid;
    lie(
        "alg",
        "the algorithm is not the key's",
        BlockHeader { alg: SigAlg::P256, ..good.clone() },
        "AlgorithmMismatch",
    );
    lie(
        "kid-unknown",
        "a key that nobody knows",
        BlockHeader { kid: [1; 32], ..good.clone() },
        "KeyNotInForce",
    );
    lie(
        "kid-retired",
        "the key entry before",
        BlockHeader { kid: retired, ..good.clone() },
        "KeyNotInForce",
    );
    lie(
        "epoch-0",
        "the epoch before",
        BlockHeader { key_epoch: 0, ..good.clone() },
        "KeyNotInForce",
    );
    lie("epoch-2", "the next epoch", BlockHeader { key_epoch: 2, ..good.clone() }, "KeyNotInForce");
    lie(
        "epoch-above-height",
        "an epoch that height 3 cannot have",
        BlockHeader { key_epoch: 4, ..good.clone() },
        "OutOfRange",
    );
    lie(
        "ledger-id",
        "another ledger",
        BlockHeader { ledger_id: [1; 32], ..good.clone() },
        "ChainBroken",
    );
    lie("height-2", "the height before", BlockHeader { height: 2, ..good.clone() }, "ChainBroken");
    lie("height-4", "a height left out", BlockHeader { height: 4, ..good.clone() }, "ChainBroken");
    lie(
        "entry-count-3",
        "one entry too many",
        BlockHeader { entry_count: 3, ..good.clone() },
        "ChainBroken",
    );
    lie(
        "entry-count-1",
        "less than two",
        BlockHeader { entry_count: 1, ..good.clone() },
        "OutOfRange",
    );
    lie(
        "entry-count-large",
        "16,777,217 entries",
        BlockHeader { entry_count: (1 << 24) + 1, ..good.clone() },
        "OutOfRange",
    );
    let sequence = good.first_sequence;
    lie(
        "sequence-before",
        "one number twice",
        BlockHeader { first_sequence: sequence - 1, ..good.clone() },
        "ChainBroken",
    );
    lie(
        "sequence-after",
        "a number left out",
        BlockHeader { first_sequence: sequence + 1, ..good.clone() },
        "ChainBroken",
    );
    lie(
        "sequence-low",
        "a number that height 3 cannot have",
        BlockHeader { first_sequence: 3, ..good.clone() },
        "OutOfRange",
    );
    lie(
        "previous-other",
        "another block before",
        BlockHeader { previous_block: Some([1; 32]), ..good.clone() },
        "ChainBroken",
    );
    lie(
        "previous-none",
        "no block before",
        BlockHeader { previous_block: None, ..good.clone() },
        "OutOfRange",
    );
    lie(
        "history-lies",
        "a history that never was",
        BlockHeader { history_root: [1; 32], ..good.clone() },
        "ChainBroken",
    );
    let empty = HashAlg::Sha256.digest(&[]);
    lie(
        "history-empty",
        "no history at height 3",
        BlockHeader { history_root: empty, ..good.clone() },
        "OutOfRange",
    );
    lie(
        "vds-sm3",
        "another tree hash than the ledger's",
        BlockHeader { hash: HashAlg::Sm3, ..good },
        "ChainBroken",
    );
}

fn messages(cases: &mut Cases<'_>, scene: &Scene) {
    let entries = scene.entries();
    let protected = scene.header().encode();
    let root = merkle::root(HashAlg::Sha256, &merkle::leaf_hashes(HashAlg::Sha256, &entries));
    let mut refuse = |name: &str, what: &str, sealed: &[u8], error: &str| {
        cases.refuse(name, what, beside(Some(AFTER), &entries), sealed, error);
    };
    let sign = |protected: &[u8]| signed(protected, &root, false, &scene.key);
    let typ = |typ: &str| sign(&with(&protected, 16, &Writer::new().text(typ).finish()));
    refuse("as-statement", "a statement's typ", &typ(media::STATEMENT), "WrongMediaType");
    refuse(
        "as-countersignature",
        "a countersignature's typ",
        &typ(media::COUNTERSIGNATURE),
        "WrongMediaType",
    );
    refuse("as-possession", "a possession's typ", &typ(media::POSSESSION), "WrongMediaType");
    for label in [1, 4, 15, 16, 395] {
        refuse(
            &format!("no-label-{label}"),
            "a header is missing",
            &sign(&without(&protected, label)),
            "MissingKey",
        );
    }
    refuse(
        "crit",
        "crit is refused",
        &sign(&with(&protected, 2, &[0x81, 0x01])),
        "UnknownCritical",
    );
    refuse("label-64", "no other header", &sign(&with(&protected, 64, &[0xf6])), "UnknownCritical");
    refuse(
        "vds-2",
        "another data structure",
        &sign(&with(&protected, 395, &[0x02])),
        "UnsupportedAlgorithm",
    );
    let good = Sign1::parse(&sign(&protected)).unwrap();
    refuse(
        "attached",
        "the root attached",
        &signed(&protected, &root, true, &scene.key),
        "WrongType",
    );
    refuse("untagged", "the tag is missing", &good.encode()[1..], "WrongType");
    refuse(
        "unprotected",
        "something in the unprotected header",
        &Sign1 { unprotected: vec![0xa1, 0x04, 0x40], ..good.clone() }.encode(),
        "UnknownCritical",
    );
    refuse("trailing", "a byte more", &[&good.encode()[..], &[0xf6]].concat(), "TrailingBytes");
    refuse("cut", "a byte less", &good.encode()[..good.encode().len() - 1], "Truncated");
}

fn claims(cases: &mut Cases<'_>, scene: &Scene) {
    let entries = scene.entries();
    let protected = scene.header().encode();
    let root = merkle::root(HashAlg::Sha256, &merkle::leaf_hashes(HashAlg::Sha256, &entries));
    let good = part(&protected, 15);
    let mut refuse = |name: &str, what: &str, claims: Vec<u8>, error: &str| {
        let sealed = signed(&with(&protected, 15, &claims), &root, false, &scene.key);
        cases.refuse(name, what, beside(Some(AFTER), &entries), &sealed, error);
    };
    let id = crate::hex(scene.head.ledger_id().bytes);
    let text = |text: &str| Writer::new().text(text).finish();
    refuse(
        "iss-other",
        "another ledger in words",
        with(&good, 1, &text(&"0".repeat(64))),
        "DigestMismatch",
    );
    refuse(
        "iss-capital",
        "the ledger id in capitals",
        with(&good, 1, &text(&id.to_uppercase())),
        "DigestMismatch",
    );
    refuse(
        "sub-other",
        "another height in words",
        with(&good, 2, &text(&format!("{id}/4"))),
        "DigestMismatch",
    );
    refuse(
        "sub-zero",
        "a height with a zero in front",
        with(&good, 2, &text(&format!("{id}/03"))),
        "DigestMismatch",
    );
    refuse("no-iat", "no time", without(&good, 6), "MissingKey");
    refuse("iat-negative", "a time before 1970", with(&good, 6, &[0x20]), "WrongType");
    for (name, key) in [
        ("ledger-id", claim::LEDGER_ID),
        ("height", claim::HEIGHT),
        ("entry-count", claim::ENTRY_COUNT),
        ("first-sequence", claim::FIRST_SEQUENCE),
        ("history-root", claim::HISTORY_ROOT),
        ("key-epoch", claim::KEY_EPOCH),
    ] {
        refuse(&format!("no-{name}"), "a claim is missing", without(&good, key), "MissingKey");
    }
    refuse(
        "claim-role",
        "a statement's claim",
        with(&good, claim::ROLE, &[0x01]),
        "UnknownCritical",
    );
    refuse("claim-exp", "a claim that we do not use", with(&good, 4, &[0x01]), "UnknownCritical");
    refuse(
        "height-2-53",
        "2^53 is too large",
        with(&good, claim::HEIGHT, &Writer::new().uint(1 << 53).finish()),
        "OutOfRange",
    );
}

fn leaves(cases: &mut Cases<'_>, scene: &Scene) {
    let link = link_to(&scene.head);
    let mut refuse = |name: &str, what: &str, entries: &[Vec<u8>], error: &str| {
        let sealed = forged(&next_header(&scene.head, entries), &scene.key, entries);
        cases.refuse(name, what, beside(Some(AFTER), entries), &sealed, error);
    };
    let genesis = genesis_with(HashAlg::Sha256, &first_claims(&scene.key)).encode();
    let other = Writer::new().bstr(&[1; 32]).finish();
    refuse("no-link", "no link", &[opened(1), opened(2)], "ChainBroken");
    refuse("link-alone-twice", "nothing but links", &[link.clone(), link.clone()], "ChainBroken");
    refuse(
        "link-other-block",
        "a link to another block",
        &[with(&link, 1, &other), opened(1)],
        "ChainBroken",
    );
    refuse(
        "link-other-sealed",
        "a link that names another signature",
        &[with(&link, 2, &other), opened(1)],
        "ChainBroken",
    );
    refuse(
        "link-optional-key",
        "a link has three keys",
        &[with(&link, 64, &[0xf6]), opened(1)],
        "ChainBroken",
    );
    refuse("link-second", "a second link", &[link.clone(), opened(1), link.clone()], "ChainBroken");
    refuse(
        "link-hidden",
        "a second link behind a map head of three bytes",
        &[link.clone(), padded(&link, 260)],
        "ChainBroken",
    );
    refuse("genesis-again", "a second genesis", &[link.clone(), genesis.clone()], "ChainBroken");
    refuse(
        "genesis-hidden",
        "a second genesis behind a map head of two bytes",
        &[link.clone(), padded(&genesis, 30)],
        "ChainBroken",
    );
    refuse(
        "after-closed",
        "an entry after closed",
        &[link.clone(), closed(), opened(1)],
        "LedgerClosed",
    );
    refuse("closed-twice", "closed twice", &[link.clone(), closed(), closed()], "LedgerClosed");
    refuse("leaf-empty", "a leaf of no bytes", &[link.clone(), vec![]], "WrongType");
    refuse("leaf-array", "a leaf that is no entry", &[link.clone(), vec![0x80]], "WrongType");
    refuse(
        "leaf-reference",
        "the payload of a statement",
        &[link.clone(), with(&link, 0, &[0x09])],
        "WrongKind",
    );
    refuse(
        "leaf-countersignature",
        "the payload of a countersignature",
        &[link, with(&genesis, 0, &[0x0a])],
        "WrongKind",
    );

    // The signed block is good; the entries shown are not those it was signed over.
    let good = scene.entries();
    let sealed = forged(&scene.header(), &scene.key, &good);
    let mut shown = |name: &str, what: &str, entries: &[Vec<u8>], error: &str| {
        cases.refuse(name, what, beside(Some(AFTER), entries), &sealed, error);
    };
    shown(
        "entry-changed",
        "another entry than was signed",
        &[good[0].clone(), opened(2)],
        "SignatureMismatch",
    );
    shown("entry-left-out", "an entry is missing", &good[..1], "ChainBroken");
    shown("entry-added", "an entry more", &[&good[..], &[opened(2)]].concat(), "ChainBroken");
    shown(
        "entry-optional-key",
        "the entry with a key more",
        &[good[0].clone(), with(&good[1], 64, &[0xf6])],
        "SignatureMismatch",
    );
    shown(
        "entries-swapped",
        "the entries in another order",
        &[good[1].clone(), good[0].clone()],
        "ChainBroken",
    );
}

/// Ledger keys that change against the rules, in block 1.
fn rotations(cases: &mut Cases<'_>, blocks: &[Sealed]) {
    let head = &blocks[0].head;
    let (old, new, other) = (
        key(SigAlg::Ed25519, LEDGER),
        key(SigAlg::Ed25519, NEXT_LEDGER),
        key(SigAlg::Ed25519, OTHER),
    );
    let id = head.ledger_id();
    let mut refuse = |name: &str, what: &str, contents: &[Vec<u8>], error: &str| {
        let entries = [vec![link_to(head)], contents.to_vec()].concat();
        let sealed = forged(&next_header(head, &entries), &old, &entries);
        cases.refuse(name, what, beside(Some("sha256-ed25519-0"), &entries), &sealed, error);
    };
    let claims = rotation(head, &new);
    let good = key_entry(&claims, &new, &id);
    let kid = KeyEntry::digest(&good, HashAlg::Sha256);
    let again = KeyClaims { previous: Some(kid), epoch: Some(2), ..rotation(head, &other) };
    let first = head.keys().newest().kid;
    refuse(
        "rotation-not-committed",
        "not the key that genesis committed to",
        &[key_entry(&rotation(head, &other), &other, &id)],
        "DigestMismatch",
    );
    refuse(
        "rotation-twice",
        "two rotations in one block",
        &[good.clone(), key_entry(&again, &other, &id)],
        "OutOfRange",
    );
    refuse(
        "rotation-replayed",
        "the same rotation again",
        &[good.clone(), good.clone()],
        "KeyNotInForce",
    );
    refuse(
        "rotation-epoch",
        "epoch 2 after 0",
        &[key_entry(&KeyClaims { epoch: Some(2), ..claims.clone() }, &new, &id)],
        "OutOfRange",
    );
    refuse(
        "rotation-from-nowhere",
        "another entry before",
        &[key_entry(&KeyClaims { previous: Some([7; 32]), ..claims.clone() }, &new, &id)],
        "KeyNotInForce",
    );
    refuse(
        "rotation-other-ledger",
        "possession was shown to another ledger",
        &[key_entry(&claims, &new, &Digest { alg: HashAlg::Sha256, bytes: [7; 32] })],
        "DigestMismatch",
    );
    refuse(
        "rotation-no-possession",
        "possession was not shown",
        &[KeyEntry::new(&claims).encode()],
        "MissingKey",
    );
    refuse(
        "rotation-hidden-false",
        "a false rotation behind a map head of three bytes",
        &[padded(&key_entry(&rotation(head, &other), &other, &id), 260)],
        "DigestMismatch",
    );
    let enrol = KeyClaims::enrol(KeyRole::Ledger, new.public().clone(), Custody::Hsm, 0);
    refuse(
        "ledger-key-enrolled",
        "a second ledger key",
        &[key_entry(&enrol, &new, &id)],
        "OutOfRange",
    );
    let revoke = |kid| {
        KeyEntry::new(&KeyClaims::revoke(KeyRole::Ledger, kid, RevokeReason::Lost, 0)).encode()
    };
    refuse("revoked-in-force", "the key in force is revoked", &[revoke(first)], "KeyNotInForce");
    refuse(
        "revoked-in-its-last-block",
        "the key is revoked in the block it still signs",
        &[good.clone(), revoke(first)],
        "KeyNotInForce",
    );
    refuse("revoked-newest", "the key to come is revoked", &[good, revoke(kid)], "KeyNotInForce");
}

fn chains(cases: &mut Cases<'_>, blocks: &[Sealed], states: &States) {
    let mut refuse = |name: &str, what: &str, after: Option<&str>, one: &Sealed, error: &str| {
        cases.refuse(name, what, beside(after, &one.entries), &one.sealed, error);
    };
    let name = |height: usize| format!("sha256-ed25519-{height}");
    refuse("left-out", "a block left out", Some(&name(0)), &blocks[2], "ChainBroken");
    refuse(
        "omitted-rotation",
        "the block with the rotation left out",
        Some(&name(1)),
        &blocks[3],
        "ChainBroken",
    );
    refuse("repeated", "the same block again", Some(&name(2)), &blocks[2], "ChainBroken");
    refuse("backwards", "the block before again", Some(&name(3)), &blocks[2], "ChainBroken");
    refuse("genesis-later", "block 0 again", Some(&name(0)), &blocks[0], "ChainBroken");
    refuse("without-genesis", "block 1 as the first", None, &blocks[1], "ChainBroken");
    let [_, (sm3, hash, alg), _] = SUITES;
    refuse(
        "other-ledger",
        "the block of another ledger",
        Some(&name(1)),
        &ledger(hash, alg)[2],
        "ChainBroken",
    );
    refuse(
        "other-ledgers-after",
        "after the block of another ledger",
        Some(&format!("{sm3}-1")),
        &blocks[2],
        "ChainBroken",
    );
    refuse(
        "other-branch",
        "after the other block 3",
        Some("fork"),
        &child(&blocks[3].head),
        "ChainBroken",
    );

    let old = key(SigAlg::Ed25519, LEDGER);
    let head = &states.borrow()[AFTER];
    let entries = vec![link_to(head), opened(1)];
    let mut sign = |name: &str, what: &str, header: BlockHeader, error: &str| {
        cases.refuse(
            name,
            what,
            beside(Some(AFTER), &entries),
            &forged(&header, &old, &entries),
            error,
        );
    };
    let good = next_header(head, &entries);
    let retired = BlockHeader { kid: head.keys().all()[0].kid, key_epoch: 0, ..good.clone() };
    sign("retired-key", "sealed by the retired key in its own name", retired, "KeyNotInForce");
    sign(
        "retired-key-hidden",
        "sealed by the retired key in the new one's name",
        good,
        "SignatureMismatch",
    );
    let head = &states.borrow()["closed"];
    let entries = vec![link_to(head), opened(1)];
    let sealed = forged(&next_header(head, &entries), &key(SigAlg::Ed25519, NEXT_LEDGER), &entries);
    cases.refuse(
        "after-the-last",
        "a block after closed",
        beside(Some("closed"), &entries),
        &sealed,
        "LedgerClosed",
    );
    let head = &states.borrow()["rotation-hidden"];
    let entries = vec![link_to(head), opened(1)];
    let header = BlockHeader {
        alg: SigAlg::Ed25519,
        kid: head.keys().all()[1].kid,
        key_epoch: 1,
        ..next_header(head, &entries)
    };
    let sealed = forged(&header, &key(SigAlg::Ed25519, NEXT_LEDGER), &entries);
    cases.refuse(
        "hidden-rotation-overlooked",
        "sealed as if the hidden rotation were not there",
        beside(Some("rotation-hidden"), &entries),
        &sealed,
        "KeyNotInForce",
    );
}

/// A good block 4.
fn child(head: &Head) -> Sealed {
    let signer = key(SigAlg::Ed25519, NEXT_LEDGER);
    let moved = event(Facts::Clock { step_ms: 5, boot_before: None, boot_after: None });
    let (sealed, entries) = crate::testing::next(head, &signer, &[moved]).unwrap();
    Sealed {
        sealed: sealed.block.sealed_bytes(),
        entries,
        root: sealed.root,
        block: sealed.block,
        head: sealed.head,
        key: signer,
    }
}

fn first_blocks(cases: &mut Cases<'_>) {
    let signer = key(SigAlg::Sm2, LEDGER);
    let hash = HashAlg::Sm3;
    let genesis = genesis_with(hash, &first_claims(&signer));
    let good = vec![genesis.encode(), opened(1)];
    let id = hash.digest(&good[0]);
    let kid = KeyEntry::digest(&genesis.key_entry, hash);
    let header = BlockHeader {
        alg: SigAlg::Sm2,
        kid,
        hash,
        ledger_id: id,
        height: 0,
        entry_count: 2,
        first_sequence: 0,
        previous_block: None,
        history_root: hash.digest(&[]),
        key_epoch: 0,
        begun_at: 1,
    };
    let mut refuse = |name: &str,
                      what: &str,
                      header: BlockHeader,
                      entries: &[Vec<u8>],
                      error: &str| {
        let header = BlockHeader { entry_count: (entries.len() as u64).max(2), ..header };
        cases.refuse(name, what, beside(None, entries), &forged(&header, &signer, entries), error);
    };
    let of = |header: &BlockHeader, genesis: &[u8]| BlockHeader {
        ledger_id: hash.digest(genesis),
        ..header.clone()
    };
    refuse(
        "first-id",
        "the ledger id is not the digest of genesis",
        BlockHeader { ledger_id: [1; 32], ..header.clone() },
        &good,
        "ChainBroken",
    );
    refuse(
        "first-kid",
        "the key is not genesis' first",
        BlockHeader { kid: [1; 32], ..header.clone() },
        &good,
        "KeyNotInForce",
    );
    refuse(
        "first-height",
        "genesis at height 1",
        BlockHeader {
            height: 1,
            previous_block: Some([1; 32]),
            history_root: [1; 32],
            first_sequence: 2,
            ..header.clone()
        },
        &good,
        "ChainBroken",
    );
    refuse(
        "first-previous",
        "a block before block 0",
        BlockHeader { previous_block: Some([1; 32]), ..header.clone() },
        &good,
        "OutOfRange",
    );
    refuse(
        "first-history",
        "a history before block 0",
        BlockHeader { history_root: [1; 32], ..header.clone() },
        &good,
        "OutOfRange",
    );
    refuse(
        "first-history-hash",
        "the empty history under another hash",
        BlockHeader { history_root: HashAlg::Sha256.digest(&[]), ..header.clone() },
        &good,
        "OutOfRange",
    );
    refuse(
        "first-sequence",
        "genesis is number 0",
        BlockHeader { first_sequence: 1, ..header.clone() },
        &good,
        "OutOfRange",
    );
    refuse(
        "first-epoch",
        "genesis has epoch 0",
        BlockHeader { key_epoch: 1, ..header.clone() },
        &good,
        "OutOfRange",
    );
    refuse(
        "first-vds",
        "another tree hash than genesis says",
        BlockHeader {
            hash: HashAlg::Sha256,
            history_root: HashAlg::Sha256.digest(&[]),
            ..header.clone()
        },
        &good,
        "ChainBroken",
    );
    refuse("first-alone", "genesis alone", header.clone(), &good[..1], "ChainBroken");
    refuse(
        "first-order",
        "opened before genesis",
        of(&header, &good[1]),
        &[good[1].clone(), good[0].clone()],
        "ChainBroken",
    );
    refuse(
        "first-not-opened",
        "no opened event",
        header.clone(),
        &[good[0].clone(), closed()],
        "ChainBroken",
    );
    refuse(
        "first-two-genesis",
        "two genesis entries",
        header.clone(),
        &[good[0].clone(), opened(1), good[0].clone()],
        "ChainBroken",
    );
    let mut other = genesis.clone();
    other.organisation = "另一家银行".into();
    refuse(
        "first-foreign-genesis",
        "the genesis of another ledger",
        header.clone(),
        &[other.encode(), opened(1)],
        "ChainBroken",
    );
    let mut shown = genesis;
    shown.key_entry =
        key_entry(&first_claims(&signer), &signer, &Digest { alg: hash, bytes: [0; 32] });
    let bytes = shown.encode();
    refuse(
        "first-possession",
        "the first key with a possession",
        of(&header, &bytes),
        &[bytes.clone(), opened(1)],
        "UnknownCritical",
    );
}

fn signatures(cases: &mut Cases<'_>) {
    for (suite, hash, alg) in SUITES {
        let blocks = ledger(hash, alg);
        let good = Sign1::parse(&blocks[3].sealed).unwrap();
        let after = format!("{suite}-2");
        let mut refuse = |name: &str, what: &str, signature: Vec<u8>, error: &str| {
            let sealed = Sign1 { signature, ..good.clone() }.encode();
            cases.refuse(
                &format!("{name}-{suite}"),
                what,
                beside(Some(&after), &blocks[3].entries),
                &sealed,
                error,
            );
        };
        let mut flipped = good.signature.clone();
        flipped[40] ^= 1;
        refuse("signature-flipped", "one bit", flipped, "SignatureMismatch");
        refuse(
            "signature-zeros",
            "zeros",
            vec![0; 64],
            if alg == SigAlg::Ed25519 { "SignatureMismatch" } else { "InvalidSignature" },
        );
        refuse("signature-63", "63 bytes", good.signature[..63].to_vec(), "InvalidSignature");
        refuse(
            "signature-before",
            "the signature of the block before",
            Sign1::parse(&blocks[2].sealed).unwrap().signature,
            "SignatureMismatch",
        );
        if alg != SigAlg::Ed25519 {
            let der = Signature::from_canonical(alg, &good.signature).unwrap().to_der();
            refuse("signature-der", "DER is not sealed", der, "InvalidSignature");
        }
        if alg == SigAlg::P256 {
            let high = [&good.signature[..32], &negated_p256(&good.signature[32..])].concat();
            refuse("signature-high-s", "the other s", high, "HighS");
        }
    }
}
