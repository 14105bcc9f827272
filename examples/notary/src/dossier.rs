//! A whole dossier 证据链, deposited under a notarial number.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::json;
use yinzheng::anchor::{Outside, OutsideKind, TargetKind};
use yinzheng::entry::Entry;
use yinzheng::hash::{Digest, HashAlg, hex};
use yinzheng::ledger::{Disclose, NewRecord, ProofRequest, Selection};
use yinzheng::number;
use yinzheng::profile::Profile;
use yinzheng::proof::Proof;
use yinzheng::record::{ProfileRef, RecordBuilder, Relation};
use yinzheng::time::TimeClaim;
use yinzheng::value::Lang;
use yinzheng::verify::{DeclaredTime, Policy, Status, verify};
use yinzheng::{Error, ErrorCode, Result};

use crate::bundle::forked;
use crate::{Answer, Desk, failed, write_whole};

const PROFILE: &[u8] = include_bytes!("deposit.profile.json");
/// As many records a record can cite.
const CITED: usize = 64;

/// A place that an entry takes: ledger, dossier, place, digest. A dossier is a line of its own in each ledger.
type Taken = ([u8; 32], [u8; 16], u64, Digest);

impl Desk {
    /// Takes the proof of a dossier that discloses nothing (`yinzheng prove --disclose none`) and answers. The same proof
    /// again gets the same answer.
    ///
    /// # Errors
    /// Only what is the notary's own trouble. What is wrong with the proof is an answer.
    pub fn take_dossier(&self, path: &Path, now: &TimeClaim) -> Result<Answer> {
        let bytes = fs::read(path).map_err(|error| failed(&error))?;
        let kept = self.deposit_path(&bytes);
        let proof = match kept.exists() {
            true => fs::read(kept).map_err(|error| failed(&error))?,
            false => match self.words_about(&bytes, now) {
                Err(why) => return Ok(Answer::refused(why)),
                Ok((proof, words)) => {
                    let deposited = self.deposit(&bytes, &proof, words, now)?;
                    write_whole(&kept, &deposited)?;
                    deposited
                }
            },
        };
        Ok(Answer::Deposited { number: number_in(&proof)?, proof })
    }

    /// Looks whether the proof is about ledgers as the notary holds them, shows no value, contradicts nothing and is whole; gives
    /// the notary's word about each ledger's head.
    fn words_about(&self, bytes: &[u8], now: &TimeClaim) -> Result<(Proof, Vec<Outside>)> {
        let proof = Proof::parse(bytes)?;
        if proof.items.iter().any(|item| !item.disclosures.is_empty()) {
            let what = "the proof shows values; hand in one that discloses nothing";
            return Err(Error::new(ErrorCode::InvalidArgument, what));
        }
        let taken = places(&proof)?;
        if taken.is_empty() {
            return Err(Error::new(ErrorCode::InvalidArgument, "no record is in the proof"));
        }
        if last_of_each(&taken).len() > CITED {
            let what = "more dossiers than one record can cite; hand them in one by one";
            return Err(Error::new(ErrorCode::LimitExceeded, what));
        }
        let dossiers = dossiers(&taken);
        let mut words = Vec::new();
        let mut known = Vec::new();
        for evidence in &proof.ledgers {
            let head = evidence.head()?;
            let header = head.header();
            let ledger = Digest { alg: header.hash, bytes: header.ledger_id };
            if self.fork_of(&ledger)?.is_some() {
                return Err(forked());
            }
            let replica = self.replica(&ledger, now)?.ok_or_else(|| {
                Error::new(ErrorCode::NotFound, "hand in this ledger's bundle first")
            })?;
            let held = replica.head_state()?;
            if held.sealed_digest() != &head.sealed_digest() {
                let what = "the proof's newest block is not the newest that is held; hand in bundle and proof together";
                return Err(Error::new(ErrorCode::HeadMismatch, what));
            }
            for dossier in &dossiers {
                for row in replica.dossier(dossier)? {
                    if !taken.contains(&(ledger.bytes, row.dossier, row.place, row.digest)) {
                        let what = "not the whole dossier: a record of this ledger is left out";
                        return Err(Error::new(ErrorCode::InvalidArgument, what));
                    }
                }
            }
            words.push(Outside {
                kind: OutsideKind::Countersignature,
                bytes: self.countersign(&held, now)?,
                target: TargetKind::Block,
                digest: Digest { alg: held.hash(), bytes: *held.sealed_digest() },
            });
            known.push(json!({ "id": hex::encode(&ledger.bytes), "hash": ledger.alg.name(), "name": "held" }));
        }
        let policy = json!({ "ledgers": known }).to_string();
        let at = DeclaredTime { unix_ms: now.captured.unix_ms };
        let verdict = verify(bytes, &Policy::parse(policy.as_bytes())?, at);
        if verdict.is_unreadable() || verdict.count(Status::Contradicted) > 0 {
            let what = "the verifier contradicts something in the proof";
            return Err(Error::new(ErrorCode::InvalidArgument, what));
        }
        Ok((proof, words))
    }

    /// Gives a number, seals it in the notary's own ledger, and puts everything into one file.
    fn deposit(
        &self,
        bytes: &[u8],
        proof: &Proof,
        words: Vec<Outside>,
        now: &TimeClaim,
    ) -> Result<Vec<u8>> {
        let so_far = self.own.dossiers(None, usize::MAX)?.len();
        let number = format!("{}存管字第{:06}号", self.name, so_far + 1);
        let taken = places(proof)?;
        let names: Vec<String> = dossiers(&taken).iter().map(number::preservation_number).collect();
        let message = json!({
            "公证编号": number,
            "保全号": names.join(" "),
            "记录数": taken.len(),
            "所交证据的摘要": Digest::of(HashAlg::Sha256, bytes).to_string(),
        });
        let profile = Profile::parse(PROFILE)?;
        let fields = profile.read(message.to_string().as_bytes(), &[])?.fields;
        let profile_ref = ProfileRef::of(&profile, self.own.hash());
        let mut record = RecordBuilder::new(profile_ref, now.clone()).fields(fields);
        // The last of each line is enough: each record names the one before.
        for digest in last_of_each(&taken) {
            record = record.cite(Relation::Evidence, digest);
        }
        // The number as business id: it is given once, whatever happens between the ledger and the file.
        let record = NewRecord::new(&profile, record.build()?).with_business_id(&number);
        let appended = self.own.append(record)?;
        self.seal(now)?;
        let own = self.own.prove(&ProofRequest {
            records: Selection::Sequences(vec![appended.sequence]),
            disclose: Disclose::All,
        })?;
        let mut notarised = proof.clone();
        notarised.outside.extend(words);
        Proof::join(vec![notarised, own])?.encode()
    }
}

fn places(proof: &Proof) -> Result<BTreeSet<Taken>> {
    let mut taken = BTreeSet::new();
    for item in &proof.items {
        if let Some(place) = Entry::parse(&item.entry)?.place() {
            let ledger = item.receipt()?.block().header().ledger_id;
            taken.insert((ledger, place.dossier, place.place, place.digest));
        }
    }
    Ok(taken)
}

fn dossiers(taken: &BTreeSet<Taken>) -> BTreeSet<[u8; 16]> {
    taken.iter().map(|(_, dossier, ..)| *dossier).collect()
}

/// The last entry of each line.
fn last_of_each(taken: &BTreeSet<Taken>) -> Vec<Digest> {
    let mut last: Vec<Taken> = Vec::new();
    for place in taken {
        match last.last_mut() {
            Some(before) if (before.0, before.1) == (place.0, place.1) => *before = *place,
            _ => last.push(*place),
        }
    }
    last.into_iter().map(|(.., digest)| digest).collect()
}

/// The number that stands in the notary's own record.
fn number_in(proof: &[u8]) -> Result<String> {
    let at = DeclaredTime { unix_ms: 0 };
    let verdict = verify(proof, &Policy::empty(), at);
    let fields = verdict.records.iter().flat_map(|record| &record.fields);
    let number = fields
        .filter(|field| field.name == "deposit.no")
        .find_map(|field| field.value.as_ref().map(|value| value.get(Lang::Zh).to_owned()));
    number.ok_or_else(|| Error::new(ErrorCode::NotFound, "no notarial number is in it"))
}
