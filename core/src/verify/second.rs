//! The second opinion (feature `second-opinion`): every signature that was proven, and the digest of every entry and record,
//! once more with other people's code. One line says that the two agreed, or about what they did not.

use serde_json::json;

use super::case::Case;
use super::lines::Lines;
use super::statements;
use super::verdict::Status;
use super::words::Say;
use crate::entry::Body;
use crate::hash::HashAlg;
use crate::proof::Word;
use crate::sign::second_opinion::{self, Agreement};
use crate::sign::{PublicKey, SigAlg, Signature};

/// What was asked of both.
#[derive(Default)]
struct Asked {
    signatures: u64,
    digests: u64,
    algorithms: Vec<SigAlg>,
    differ: Vec<String>,
}

/// Asks about everything, and says the line.
pub(super) fn say(case: &Case<'_>, lines: &mut Lines) {
    let mut asked = Asked::default();
    blocks(case, &mut asked);
    statements(case, &mut asked);
    countersignatures(case, &mut asked);
    digests(case, &mut asked);
    asked.algorithms.sort_unstable();
    asked.algorithms.dedup();
    let names: Vec<String> = asked
        .algorithms
        .iter()
        .map(|alg| format!("{alg}: {}", second_opinion::implementations(*alg).join(" / ")))
        .collect();
    let facts = json!({
        "signatures": asked.signatures,
        "digests": asked.digests,
        "implementations": names.join("; "),
        "differ": asked.differ.join(", "),
    });
    let say = match asked.differ.is_empty() {
        true => Say::SecondOpinionProven,
        false => Say::SecondOpinionContradicted,
    };
    lines.say(say, "proof", facts);
}

impl Asked {
    fn signature(&mut self, subject: String, key: &PublicKey, message: &[u8], signature: &[u8]) {
        let agreed = Signature::from_outside(key.alg(), signature)
            .map(|signature| second_opinion::verify(key, message, &signature));
        self.signatures += 1;
        self.algorithms.push(key.alg());
        if agreed != Ok(Agreement::BothFit) {
            self.differ.push(subject);
        }
    }

    fn digest(&mut self, subject: &str, alg: HashAlg, bytes: &[u8]) {
        self.digests += 1;
        if second_opinion::digest(alg, bytes) != Agreement::BothFit {
            self.differ.push(subject.to_owned());
        }
    }
}

fn blocks(case: &Case<'_>, asked: &mut Asked) {
    for block in &case.blocks {
        let keys = case.ledgers.get(block.ledger).and_then(|ledger| ledger.keys.as_ref());
        if let (Some(root), Some(keys)) = (block.root, keys) {
            let message = block.block.to_be_signed(&root);
            let key = &keys.at(block.height()).key;
            asked.signature(
                format!("block {}", block.height()),
                key,
                &message,
                block.block.signature(),
            );
        }
    }
}

fn statements(case: &Case<'_>, asked: &mut Asked) {
    for item in case.items.iter().filter(|item| case.sealed(item) == Status::Proven) {
        let Body::Statement(statement) = &item.entry.body else { continue };
        let Some(key) = statements::key_of(case, item, statement) else { continue };
        if statement.verify(key).is_ok() {
            asked.signature(item.subject(), key, &statement.to_be_signed(), statement.signature());
        }
    }
}

fn countersignatures(case: &Case<'_>, asked: &mut Asked) {
    for (at, word) in case.reading.words.iter().enumerate() {
        let Word::Countersignature(read) = word else { continue };
        let mut known = case.policy.signers(&read.kid);
        if let Some((known, _)) = known.find(|(known, _)| read.verify(&known.key).is_ok()) {
            asked.signature(
                format!("outside:{at}"),
                &known.key,
                &read.to_be_signed(),
                read.signature(),
            );
        }
    }
}

fn digests(case: &Case<'_>, asked: &mut Asked) {
    for item in &case.items {
        let hash = item.receipt.block().header().hash;
        asked.digest(&item.subject(), hash, &[&[0], item.bytes].concat());
        if let Some((record, bytes)) = item.entry.record() {
            asked.digest(&item.subject(), record.hash, bytes);
        }
    }
}
