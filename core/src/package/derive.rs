//! The files of a package that follow from what was given.

use std::collections::{BTreeMap, BTreeSet};

use super::options::{PackageOptions, Preset};
use crate::anchor::{OutsideKind, TargetKind};
use crate::block::Block;
use crate::export::Kits;
use crate::hash::{TwinDigest, hex};
use crate::number;
use crate::paper::{self, Certificate};
use crate::proof::Proof;
use crate::verify::{FileView, Policy, Verdict};
use crate::{Error, ErrorCode, Result};

/// A file: its path and its bytes.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// Profiles whose files are contracts end so.
const CONTRACT: &str = "agreement";

/// In the place of a kit: why there is none.
pub(super) const NOT_MADE: &str = "NOT-MADE.txt";

/// Every file that follows from the rest. `originals` are those that are in the package.
pub(super) fn derive(
    proof: &[u8],
    policy: &Policy,
    verdict: &Verdict,
    options: &PackageOptions,
    originals: BTreeSet<TwinDigest>,
) -> Result<Files> {
    let mut files = Files::new();
    // Beside them stand proof, policy, what was asked for, and the originals.
    let room = super::FILES.saturating_sub(originals.len() + 3);
    let json = verdict.to_json().into_bytes();
    let paper = paper::PaperOptions { originals: Some(originals), ..options.paper() };
    let mut page = |name: &str, text: String| files.insert(name.to_owned(), text.into_bytes());
    page("certificate.html", paper::certificate(&json, Certificate::Preservation, &paper)?);
    if verdict.lines_of("statement.signature").next().is_some() {
        page("signing.html", paper::certificate(&json, Certificate::Signing, &paper)?);
    }
    page("evidence-list.html", paper::list_html(&json, &paper)?);
    page("evidence-list.csv", paper::list_csv(&json, &paper)?);
    page("README.txt", include_str!("../../data/package-readme.txt").to_owned());
    if options.preset == Preset::Arbitration {
        for (at, contract) in contracts(verdict).iter().enumerate() {
            let annex = paper::annex(&json, contract, &paper)?;
            page(&format!("annex-{}.html", at + 1), annex);
        }
    }
    files.insert("verdict.json".to_owned(), json);
    // A proof that cannot be read has a verdict that says so, and nothing to take out of it.
    if let Ok(proof) = Proof::parse(proof) {
        blocks(&proof, options.preset, &mut files)?;
        kits(&proof, policy, room, &mut files)?;
    }
    within(room, &files)?;
    Ok(files)
}

/// The files of agreements, each once; only what a proven record holds can have an annex.
fn contracts(verdict: &Verdict) -> Vec<TwinDigest> {
    let mut found: Vec<TwinDigest> = Vec::new();
    let agreements = verdict.records.iter().filter(|record| {
        record.profile.ends_with(CONTRACT) && record.sealed == crate::verify::Status::Proven
    });
    for file in agreements.flat_map(|record| &record.fields).filter_map(|field| field.file.as_ref())
    {
        if let Some(digest) = twin(file)
            && !found.contains(&digest)
        {
            found.push(digest);
        }
    }
    found
}

/// The digests of a file that a verdict names.
pub(super) fn twin(file: &FileView) -> Option<TwinDigest> {
    Some(TwinDigest {
        size: file.digest.size,
        sha256: hex::decode_n(&file.digest.sha256).ok()?,
        sm3: hex::decode_n(&file.digest.sm3).ok()?,
    })
}

/// Blocks that an outsider signed or stamped, as the bytes that he did it to, with the tokens beside them.
fn blocks(proof: &Proof, preset: Preset, files: &mut Files) -> Result<()> {
    let mut known: Vec<Block> = Vec::new();
    for item in &proof.items {
        known.push(item.receipt()?.block().clone());
    }
    for ledger in &proof.ledgers {
        let head = ledger.head()?;
        if preset == Preset::Notary {
            files.insert(format!("{}.cbor", place(&head)), head.sealed_bytes());
        }
        known.push(head);
    }
    let mut tokens: BTreeMap<String, usize> = BTreeMap::new();
    for word in proof.outside.iter().filter(|word| word.target == TargetKind::Block) {
        let named = |block: &&Block| {
            block.header().hash == word.digest.alg && block.sealed_digest() == word.digest.bytes
        };
        let Some(block) = known.iter().find(named) else { continue };
        let place = place(block);
        if word.kind == OutsideKind::TimestampToken {
            let count = tokens.entry(place.clone()).or_insert(0);
            *count += 1;
            files.insert(format!("{place}.token-{count}.tst"), word.bytes.clone());
        }
        files.insert(format!("{place}.cbor"), block.sealed_bytes());
    }
    Ok(())
}

/// Two ledgers may have blocks of one height, so each has its folder.
fn place(block: &Block) -> String {
    let id = hex::encode(&block.header().ledger_id);
    format!("blocks/{}/{}", id.get(..16).unwrap_or(&id), block.header().height)
}

/// A kit for every record, or the number of the error that kept it from being made.
pub(super) fn kits(proof: &Proof, policy: &Policy, room: usize, files: &mut Files) -> Result<()> {
    let kits = Kits::of(proof, policy)?;
    for record in kits.records() {
        let number = number::record_number(record);
        match kits.of_record(record) {
            Ok(kit) => {
                for file in kit {
                    files.insert(format!("kits/{number}/{}", file.name), file.bytes);
                }
            }
            Err(error) if error.code() == ErrorCode::Internal => return Err(error),
            // The number alone: a later version may word the error in another way.
            Err(error) => {
                let why =
                    format!("No kit could be made of this record: error {}\n", error.number());
                files.insert(format!("kits/{number}/{NOT_MADE}"), why.into_bytes());
            }
        }
        within(room, files)?;
    }
    Ok(())
}

fn within(room: usize, files: &Files) -> Result<()> {
    if files.len() > room {
        return Err(Error::new(ErrorCode::LimitExceeded, "files of a package"));
    }
    Ok(())
}
