//! A small sealer for tests: ledgers made with fixed keys and salts, and proofs out of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use super::{LedgerEvidence, Proof, ProofItem};
use crate::anchor::{Claim, CountersignatureDraft, Outside, OutsideKind, TargetKind};
use crate::block::{Block, BlockHeader, Head, PreparedBlock, history_leaf};
use crate::entry::{Body, Entry, Event, Facts, Genesis};
use crate::hash::{Digest, HashAlg};
use crate::key::{Custody, KeyClaims, KeyEntry, KeyRole, RevokeReason, possession_to_be_signed};
use crate::merkle::Tree;
use crate::profile::Profile;
use crate::random::Random;
use crate::record::{ProfileRef, Record, RecordBuilder, RecordDraft, Relation};
use crate::sign::{SigAlg, SoftwareKey};
use crate::statement::{Role, StatementDraft, Terms};
use crate::time::{Moment, Tier, TimeClaim};
use crate::value::{Disclosure, Field};

/// 2026-03-01T00:00:00Z in seconds: when the scene begins.
pub(crate) const START: u64 = 1_772_323_200;

pub(crate) const CONSENT: &str = r#"{"profile":"consent.test","version":1,"label":{"zh":"测试授权","en":"Test consent"},"phase":2,"default_offset":"+08:00","fields":[
{"name":"subject.name","label":{"zh":"姓名","en":"Name"},"type":"text","class":"C2","keys":["姓名"],"disclose":"masked","mask":"name"},
{"name":"consent.id","label":{"zh":"授权编号","en":"Consent number"},"type":"code","class":"C2","keys":["授权编号"],"disclose":"plain"},
{"name":"consent.given_at","label":{"zh":"授权时间","en":"Given at"},"type":"instant","class":"C2","keys":["授权时间"],"disclose":"plain"},
{"name":"doc.file","label":{"zh":"授权书","en":"Letter"},"type":"attachment","class":"C2","keys":["授权书"],"disclose":"plain"}],
"refused":[],"rules":[]}"#;

pub(crate) const QUERY: &str = r#"{"profile":"query.test","version":1,"label":{"zh":"测试查询","en":"Test query"},"phase":3,"default_offset":"+08:00","fields":[
{"name":"consent.id","label":{"zh":"授权编号","en":"Consent number"},"type":"code","class":"C2","keys":["授权编号"],"disclose":"plain"},
{"name":"query.at","label":{"zh":"查询时间","en":"Queried at"},"type":"instant","class":"C2","keys":["查询时间"],"disclose":"plain"},
{"name":"query.answered","label":{"zh":"返回时间","en":"Answered at"},"type":"instant","class":"C2","keys":["返回时间"],"disclose":"plain"},
{"name":"loan.amount","label":{"zh":"金额","en":"Amount"},"type":"money","currency":"CNY","class":"C2","keys":["金额"],"disclose":"plain"},
{"name":"loan.limit","label":{"zh":"额度","en":"Limit"},"type":"money","currency":"CNY","class":"C2","keys":["额度"],"disclose":"plain"}],
"refused":[],"rules":[
{"id":"consent-before-query","kind":"after","of":"consent.test","match":["consent.id"],"this":"query.at","op":">=","that":"consent.given_at","label":{"zh":"先授权后查询","en":"Consent before the query"},"basis":"征信业管理条例 18"},
{"id":"query-cites-consent","kind":"requires","of":"consent.test","match":["consent.id"],"label":{"zh":"查询引用授权","en":"The query cites its consent"},"basis":"征信业管理条例 18"},
{"id":"asked-before-answered","kind":"le","a":"query.at","b":"query.answered","label":{"zh":"先查询后返回","en":"Asked before answered"},"basis":"x"},
{"id":"within-limit","kind":"le","a":"loan.amount","b":"loan.limit","label":{"zh":"不超过额度","en":"Within the limit"},"basis":"x"}]}"#;

pub(crate) fn key(alg: SigAlg, seed: u8) -> SoftwareKey {
    SoftwareKey::from_seed(alg, &[seed; 32]).unwrap()
}

/// A block as sealed.
pub(crate) struct Sealed {
    pub(crate) block: Block,
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) root: [u8; 32],
}

impl Sealed {
    pub(crate) fn tree(&self) -> Tree {
        let hash = self.block.header().hash;
        Tree::new(hash, crate::merkle::leaf_hashes(hash, &self.entries))
    }
}

/// A block of any header over any entries.
pub(crate) fn seal_any(header: &BlockHeader, entries: Vec<Vec<u8>>, key: &SoftwareKey) -> Sealed {
    let root = crate::merkle::root(header.hash, &crate::merkle::leaf_hashes(header.hash, &entries));
    let header = BlockHeader { entry_count: entries.len() as u64, ..header.clone() };
    let prepared =
        PreparedBlock { protected: header.encode(), root, link: None, key: key.public().clone() };
    Sealed { block: sign(&prepared, key), entries, root }
}

/// A ledger with everything its owner knows.
pub(crate) struct Bank {
    pub(crate) hash: HashAlg,
    pub(crate) key: SoftwareKey,
    pub(crate) head: Head,
    pub(crate) blocks: Vec<Sealed>,
    pub(crate) pending: Vec<Vec<u8>>,
    /// Next place and last digest, by dossier.
    pub(crate) places: BTreeMap<[u8; 16], (u64, Digest)>,
    pub(crate) disclosures: BTreeMap<Digest, Vec<Disclosure>>,
    pub(crate) profiles: Vec<Vec<u8>>,
    pub(crate) random: Random,
    /// Seconds since 1970.
    pub(crate) now: u64,
}

pub(crate) fn opened() -> Vec<u8> {
    let facts = Facts::Opened {
        library: "yinzheng test".into(),
        build: None,
        system: Some("test".into()),
        device: Some("server".into()),
        self_test_passed: Some(true),
        clock: None,
    };
    Event { time: TimeClaim::declared(START as i64 * 1000), facts }.encode()
}

pub(crate) fn genesis(hash: HashAlg, key: &SoftwareKey, name: &str) -> Genesis {
    let claims = KeyClaims::enrol(KeyRole::Ledger, key.public().clone(), Custody::Software, 0);
    Genesis {
        hash,
        key_entry: KeyEntry::new(&claims).encode(),
        nonce: [7; 16],
        created: TimeClaim::declared(START as i64 * 1000),
        organisation: name.into(),
        continues: None,
    }
}

pub(crate) fn sign(prepared: &PreparedBlock, key: &SoftwareKey) -> Block {
    prepared.sign(key.sign(&prepared.to_be_signed()).unwrap().bytes()).unwrap()
}

fn refs(entries: &[Vec<u8>]) -> Vec<&[u8]> {
    entries.iter().map(Vec::as_slice).collect()
}

impl Bank {
    pub(crate) fn new(hash: HashAlg, alg: SigAlg, seed: u8) -> Self {
        let key = key(alg, seed);
        let genesis = genesis(hash, &key, &format!("测试银行 {seed}"));
        Self::start(key, genesis, seed)
    }

    pub(crate) fn start(key: SoftwareKey, genesis: Genesis, seed: u8) -> Self {
        let entries = vec![genesis.encode(), opened()];
        let block = sign(&Head::prepare_first(&refs(&entries), START).unwrap(), &key);
        let sealed = Head::check(None, &block.sealed_bytes(), &refs(&entries)).unwrap();
        Self {
            hash: genesis.hash,
            key,
            head: sealed.head,
            blocks: vec![Sealed { block, entries, root: sealed.root }],
            pending: Vec::new(),
            places: BTreeMap::new(),
            disclosures: BTreeMap::new(),
            profiles: Vec::new(),
            random: Random::fixed_for_tests(&format!("scene {seed}")),
            now: START,
        }
    }

    pub(crate) fn id(&self) -> Digest {
        self.head.ledger_id()
    }

    pub(crate) fn push(&mut self, entry: Vec<u8>) -> Vec<u8> {
        self.pending.push(entry.clone());
        entry
    }

    /// Seals what is pending; gives the height.
    pub(crate) fn seal(&mut self) -> u64 {
        self.now += 60;
        let contents = std::mem::take(&mut self.pending);
        let prepared = self.head.prepare(&refs(&contents), self.now).unwrap();
        let block = sign(&prepared, &self.key);
        let mut entries = vec![prepared.link.unwrap()];
        entries.extend(contents);
        let sealed = Head::check(Some(&self.head), &block.sealed_bytes(), &refs(&entries)).unwrap();
        self.head = sealed.head;
        self.blocks.push(Sealed { block, entries, root: sealed.root });
        self.head.height()
    }

    /// Seals what is pending as a sealer would who keeps no rule: `change` may do anything to header and entries
    /// (link first) before they are signed. The ledger's own head stays where it was.
    pub(crate) fn forge(&mut self, change: impl FnOnce(&mut BlockHeader, &mut Vec<Vec<u8>>)) {
        self.now += 60;
        let contents = std::mem::take(&mut self.pending);
        let prepared = self.head.prepare(&refs(&contents), self.now).unwrap();
        let mut header = BlockHeader::parse(&prepared.protected).unwrap();
        let mut entries = vec![prepared.link.unwrap()];
        entries.extend(contents);
        change(&mut header, &mut entries);
        self.blocks.push(seal_any(&header, entries, &self.key));
    }

    /// A draft after a profile, from a business message, happened at the scene's clock.
    pub(crate) fn draft(
        &mut self,
        profile: &str,
        message: &str,
        cites: &[(Relation, Digest)],
    ) -> RecordDraft {
        let read = Profile::parse(profile.as_bytes()).unwrap();
        let fields = read.read(message.as_bytes(), &[]).unwrap().fields;
        self.draft_of(profile, fields, cites)
    }

    pub(crate) fn draft_of(
        &mut self,
        profile: &str,
        fields: Vec<Field>,
        cites: &[(Relation, Digest)],
    ) -> RecordDraft {
        self.now += 1;
        self.profiles.push(profile.as_bytes().to_vec());
        let read = Profile::parse(profile.as_bytes()).unwrap();
        let reference = ProfileRef {
            id: read.id().into(),
            version: u64::from(read.version()),
            digest: read.digest(self.hash),
        };
        let time = TimeClaim::new(Moment::new(self.now as i64 * 1000, 480), Tier::Server);
        let builder = RecordBuilder::new(reference, time).fields(fields);
        let builder = cites
            .iter()
            .fold(builder, |builder, (relation, digest)| builder.cite(*relation, *digest));
        builder.build_with(&mut self.random).unwrap()
    }

    /// Gives a draft its place.
    pub(crate) fn place(&mut self, dossier: [u8; 16], draft: &RecordDraft) -> (Record, Digest) {
        let (place, before) = match self.places.get(&dossier) {
            Some((place, digest)) => (*place, Some(*digest)),
            None => (0, None),
        };
        let record = draft.at(dossier, place, before).unwrap();
        let digest = record.digest(&record.encode());
        self.places.insert(dossier, (place + 1, digest));
        self.disclosures.insert(digest, draft.disclosures.clone());
        (record, digest)
    }

    pub(crate) fn record(&mut self, dossier: [u8; 16], draft: &RecordDraft) -> Digest {
        let (record, digest) = self.place(dossier, draft);
        self.push(record.encode());
        digest
    }

    /// Enrols a signer's key; gives its kid.
    pub(crate) fn enrol(&mut self, role: KeyRole, key: &SoftwareKey) -> [u8; 32] {
        let claims = KeyClaims::enrol(role, key.public().clone(), Custody::Shield, 0);
        let entry = self.with_possession(&claims, key);
        self.push(entry.clone());
        KeyEntry::digest(&entry, self.hash)
    }

    pub(crate) fn with_possession(&self, claims: &KeyClaims, key: &SoftwareKey) -> Vec<u8> {
        let message = possession_to_be_signed(claims, &self.id()).unwrap();
        let signature = key.sign(&message).unwrap();
        KeyEntry::with_possession(claims, &self.id(), signature.bytes()).unwrap().encode()
    }

    /// Rotates the ledger key: seals the rotation with the old key, then uses the new one.
    pub(crate) fn rotate(&mut self, new: SoftwareKey) -> [u8; 32] {
        let newest = self.head.keys().newest();
        let epoch = newest.epoch.map(|epoch| epoch + 1);
        let (kid, public) = (newest.kid, new.public().clone());
        let claims =
            KeyClaims::rotate(KeyRole::Ledger, public, Custody::Hsm, self.now_ms(), kid, epoch);
        let entry = self.with_possession(&claims, &new);
        self.push(entry);
        self.seal();
        self.key = new;
        kid
    }

    pub(crate) fn revoke(&mut self, role: KeyRole, kid: [u8; 32], reason: RevokeReason, ms: i64) {
        self.push(KeyEntry::new(&KeyClaims::revoke(role, kid, reason, ms)).encode());
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.now as i64 * 1000
    }

    pub(crate) fn terms(&self, kid: Option<[u8; 32]>, role: Role) -> Terms {
        Terms {
            kid,
            role,
            issued_at: self.now,
            displayed: None,
            audience: Some(self.id()),
            certificates: Vec::new(),
        }
    }

    /// A first signer's statement over a draft.
    pub(crate) fn signed_record(
        &mut self,
        dossier: [u8; 16],
        draft: &RecordDraft,
        key: &SoftwareKey,
        terms: &Terms,
    ) -> Digest {
        let (record, digest) = self.place(dossier, draft);
        let draft = StatementDraft::over_record(&record, key.public(), terms).unwrap();
        let bytes = draft.finish(key.sign(&draft.to_be_signed()).unwrap().bytes()).unwrap();
        self.push(bytes);
        digest
    }

    /// A further signer's statement.
    pub(crate) fn signed_digest(&mut self, record: Digest, key: &SoftwareKey, terms: &Terms) {
        let draft = StatementDraft::over_digest(record, key.public(), terms).unwrap();
        let bytes = draft.finish(key.sign(&draft.to_be_signed()).unwrap().bytes()).unwrap();
        self.push(bytes);
    }

    pub(crate) fn history(&self, below: u64) -> Vec<[u8; 32]> {
        self.blocks
            .iter()
            .take(below as usize)
            .map(|sealed| {
                let header = sealed.block.header();
                history_leaf(
                    self.hash,
                    header.height,
                    &sealed.block.block_hash(&sealed.root),
                    &sealed.block.sealed_digest(),
                )
            })
            .collect()
    }

    /// A proof of what `show` picks (height, index, entry), up to the head; genesis, key entries and the head's link
    /// always go in.
    pub(crate) fn prove_with(
        &self,
        show: impl Fn(u64, u64, &[u8]) -> bool,
        disclose: impl Fn(&Digest, &str) -> bool,
        outside: &[Outside],
    ) -> Proof {
        let last = self.blocks.len() as u64 - 1;
        let tree = Tree::new(self.hash, self.history(last));
        // Put together by hand, so that a proof can also show what no builder would take.
        let (mut items, mut profiles, mut history) = (Vec::new(), Vec::new(), Vec::new());
        for (sealed, height) in self.blocks.iter().zip(0u64..) {
            let paths = sealed.tree();
            let mut shown = false;
            for (bytes, index) in sealed.entries.iter().zip(0u64..) {
                let entry = Entry::parse(bytes);
                let needed = match entry.as_ref().map(|entry| &entry.body) {
                    Ok(Body::Genesis(_) | Body::Key(..)) => true,
                    _ => height == last && index == 0,
                };
                if !needed && !show(height, index, bytes) {
                    continue;
                }
                shown = true;
                let mut open = Vec::new();
                if let Ok(Some((record, bytes))) = entry.as_ref().map(|entry| entry.record()) {
                    let digest = record.digest(bytes);
                    let all = self.disclosures.get(&digest).cloned().unwrap_or_default();
                    open = all.into_iter().filter(|one| disclose(&digest, &one.name)).collect();
                    for profile in &self.profiles {
                        if Digest::of(record.hash, profile) == record.profile.digest {
                            profiles.push(profile.clone());
                        }
                    }
                }
                let receipt = sealed.block.receipt(index, paths.path(index).unwrap());
                items.push(ProofItem {
                    entry: bytes.clone(),
                    receipt: receipt.encode(),
                    disclosures: open.iter().map(Disclosure::encode).collect(),
                });
            }
            if shown && height < last {
                history.push((height, tree.path(height).unwrap()));
            }
        }
        let head = self.blocks[last as usize].block.sealed_bytes();
        let ledgers = vec![LedgerEvidence { head, history }];
        super::join::in_order(Proof { items, profiles, ledgers, outside: outside.to_vec() })
            .unwrap()
    }

    /// Everything, all values open.
    pub(crate) fn prove(&self) -> Proof {
        self.prove_with(|_, _, _| true, |_, _| true, &[])
    }

    /// An outsider signs the head.
    pub(crate) fn countersign(&self, by: &SoftwareKey, role: Option<Role>, ms: i64) -> Outside {
        countersign(&self.head, by, role, ms, Claim::Seen)
    }
}

pub(crate) fn countersign(
    head: &Head,
    by: &SoftwareKey,
    role: Option<Role>,
    ms: i64,
    claim: Claim,
) -> Outside {
    let time = TimeClaim::declared(ms);
    let draft = CountersignatureDraft::new(head, claim, &time, by.public(), "Notary 公证处", role);
    let bytes = draft.finish(by.sign(&draft.to_be_signed()).unwrap().bytes()).unwrap();
    Outside {
        kind: OutsideKind::Countersignature,
        bytes,
        target: TargetKind::Block,
        digest: Digest { alg: head.hash(), bytes: *head.sealed_digest() },
    }
}

/// A consent signed by the customer and a query that cites it, in one ledger: three blocks.
pub(crate) fn simple(hash: HashAlg, alg: SigAlg) -> Bank {
    let mut bank = Bank::new(hash, alg, 1);
    let customer = key(SigAlg::P256, 9);
    let kid = bank.enrol(KeyRole::Customer, &customer);
    bank.seal();
    let draft = bank.draft(
        CONSENT,
        r#"{"姓名":"张三","授权编号":"A1","授权时间":"2026-03-01 08:01:00"}"#,
        &[],
    );
    let terms = bank.terms(Some(kid), Role::Customer);
    let consent = bank.signed_record([1; 16], &draft, &customer, &terms);
    bank.seal();
    let draft = bank.draft(
        QUERY,
        r#"{"授权编号":"A1","查询时间":"2026-03-01 08:02:00","返回时间":"2026-03-01 08:02:01","金额":"5000.00","额度":"8000"}"#,
        &[(Relation::Consent, consent)],
    );
    bank.record([1; 16], &draft);
    bank.seal();
    bank
}
