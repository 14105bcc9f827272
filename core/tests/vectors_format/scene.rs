//! What the cases are made of: fixed keys, salts and records, and a ledger that grows block by block.

use yinzheng::block::{Block, Head};
use yinzheng::entry::{ContinueReason, Continues, Event, Facts, Genesis};
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::key::{Custody, KeyClaims, KeyEntry, KeyRole};
use yinzheng::random::Random;
use yinzheng::record::{ProfileRef, Record, RecordBuilder, RecordDraft, Relation};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::statement::{Role, Statement, StatementDraft, Terms};
use yinzheng::time::TimeClaim;
use yinzheng::value::{Field, FieldClass, Value};

use crate::testing::{key, key_entry, refs, sign_block};

/// The keys of the scene, by seed.
pub(crate) const LEDGER: u8 = 1;
pub(crate) const NEXT_LEDGER: u8 = 2;
pub(crate) const CUSTOMER: u8 = 3;
pub(crate) const WITNESS: u8 = 4;
pub(crate) const OTHER: u8 = 9;

pub(crate) const DOSSIER: [u8; 16] = *b"dossier-16-bytes";

/// Bytes that begin as a DER certificate does and mean nothing.
pub(crate) fn certificate(number: u8) -> Vec<u8> {
    [&[0x30, 0x40][..], &[number; 64]].concat()
}

pub(crate) fn profile(hash: HashAlg) -> ProfileRef {
    ProfileRef {
        id: "loan.disbursement".into(),
        version: 1,
        digest: Digest::of(hash, br#"{"profile":"loan.disbursement"}"#),
    }
}

/// A record with two fields, with the disclosures that open them.
pub(crate) fn draft(hash: HashAlg) -> RecordDraft {
    let field = |name: &str, text: &str| Field {
        name: name.into(),
        class: FieldClass::C2,
        value: Value::Text(text.into()),
    };
    RecordBuilder::new(profile(hash), TimeClaim::declared(1_793_491_200_000))
        .fields([field("loan.amount", "5000.00"), field("loan.purpose", "装修")])
        .build_with(&mut Random::fixed_for_tests("vectors"))
        .unwrap()
}

pub(crate) fn first_record(hash: HashAlg) -> Record {
    draft(hash).at(DOSSIER, 0, None).unwrap()
}

/// The record at place 1, which cites the first as its predecessor and another as a consent.
pub(crate) fn second_record(hash: HashAlg) -> Record {
    let mut draft = draft(hash);
    draft.citations.push(yinzheng::record::Citation {
        relation: Relation::Consent,
        digest: Digest::of(HashAlg::Sm3, b"a consent elsewhere"),
    });
    let first = Digest::of(hash, &first_record(hash).encode());
    draft.at(DOSSIER, 1, Some(first)).unwrap()
}

pub(crate) fn terms(role: Role) -> Terms {
    Terms {
        kid: None,
        role,
        issued_at: 1_793_491_201,
        displayed: None,
        audience: None,
        certificates: Vec::new(),
    }
}

pub(crate) fn statement(draft: &StatementDraft, key: &SoftwareKey) -> Vec<u8> {
    let bytes = draft.finish(key.sign(&draft.to_be_signed()).unwrap().bytes()).unwrap();
    Statement::parse(&bytes).unwrap().verify(key.public()).unwrap();
    bytes
}

pub(crate) fn event(facts: Facts) -> Vec<u8> {
    Event { time: TimeClaim::declared(1_793_491_200_000), facts }.encode()
}

pub(crate) fn genesis(hash: HashAlg, first_key: &KeyClaims, continues: bool) -> Genesis {
    let of = |bytes: &[u8]| Digest::of(HashAlg::Sha256, bytes);
    Genesis {
        hash,
        key_entry: KeyEntry::new(first_key).encode(),
        nonce: *b"sixteen byte non",
        created: TimeClaim::declared(1_793_491_200_000),
        organisation: "示例银行".into(),
        continues: continues.then(|| Continues {
            ledger_id: of(b"an older ledger"),
            height: 41,
            block_hash: of(b"its last block"),
            sealed_digest: of(b"its last sealed bytes"),
            reason: ContinueReason::NewHash,
        }),
    }
}

/// A block of the scene's ledger with its entries as sealed.
pub(crate) struct Sealed {
    pub(crate) sealed: Vec<u8>,
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) root: [u8; 32],
    pub(crate) block: Block,
    /// The state after it.
    pub(crate) head: Head,
    /// The key that signed it.
    pub(crate) key: SoftwareKey,
}

/// A ledger of four blocks: genesis with records to come; a record and a customer's key; a statement and a rotation of the
/// ledger key; what the new key seals.
pub(crate) fn ledger(hash: HashAlg, alg: SigAlg) -> Vec<Sealed> {
    let (old, new) = (key(alg, LEDGER), key(alg, NEXT_LEDGER));
    let claims = KeyClaims {
        next_key: Some(KeyClaims::commitment_to(new.public(), hash)),
        ..KeyClaims::enrol(KeyRole::Ledger, old.public().clone(), Custody::Hsm, 1_793_491_200_000)
    };
    let mut blocks = Vec::new();
    let first = [
        genesis(hash, &claims, false).encode(),
        event(Facts::Opened {
            library: "yinzheng 0.1.0".into(),
            build: None,
            system: None,
            device: Some("server".into()),
            self_test_passed: Some(true),
            clock: None,
        }),
    ];
    let prepared = Head::prepare_first(&refs(&first), 1_793_491_202).unwrap();
    let block = sign_block(&prepared, &old);
    push(&mut blocks, block, first.to_vec(), old);
    let id = blocks[0].head.ledger_id();

    let customer = key(SigAlg::Sm2, CUSTOMER);
    let enrolment = key_entry(
        &KeyClaims::enrol(KeyRole::Customer, customer.public().clone(), Custody::Shield, 0),
        &customer,
        &id,
    );
    let kid = KeyEntry::digest(&enrolment, hash);
    grow(&mut blocks, alg, &[first_record(hash).encode(), enrolment]);

    let terms = Terms { kid: Some(kid), audience: Some(id), ..terms(Role::Customer) };
    let signing = StatementDraft::over_record(&second_record(hash), customer.public(), &terms);
    let before = blocks[1].head.keys().newest().kid;
    let rotation = KeyClaims::rotate(
        KeyRole::Ledger,
        new.public().clone(),
        Custody::Hsm,
        1_793_491_203_000,
        before,
        Some(1),
    );
    let contents = [statement(&signing.unwrap(), &customer), key_entry(&rotation, &new, &id)];
    grow(&mut blocks, alg, &contents);

    let moved = event(Facts::Clock { step_ms: -250, boot_before: None, boot_after: None });
    grow(&mut blocks, alg, &[moved]);
    blocks
}

/// Seals the next block with the key in force.
pub(crate) fn grow(blocks: &mut Vec<Sealed>, alg: SigAlg, contents: &[Vec<u8>]) {
    let head = &blocks.last().unwrap().head;
    let prepared = head.prepare(&refs(contents), 1_793_491_202 + 60 * (head.height() + 1)).unwrap();
    let signer = [LEDGER, NEXT_LEDGER].map(|seed| key(alg, seed));
    let [old, new] = signer;
    let signer = if prepared.key == *old.public() { old } else { new };
    let block = sign_block(&prepared, &signer);
    let entries = [vec![prepared.link.unwrap()], contents.to_vec()].concat();
    push(blocks, block, entries, signer);
}

fn push(blocks: &mut Vec<Sealed>, block: Block, entries: Vec<Vec<u8>>, key: SoftwareKey) {
    let sealed = block.sealed_bytes();
    let checked =
        Head::check(blocks.last().map(|last| &last.head), &sealed, &refs(&entries)).unwrap();
    let (root, head) = (checked.root, checked.head);
    blocks.push(Sealed { sealed, entries, root, block, head, key });
}

/// The three suites that the vectors show.
pub(crate) const SUITES: [(&str, HashAlg, SigAlg); 3] = [
    ("sha256-ed25519", HashAlg::Sha256, SigAlg::Ed25519),
    ("sm3-sm2", HashAlg::Sm3, SigAlg::Sm2),
    ("sha256-p256", HashAlg::Sha256, SigAlg::P256),
];
