//! Showing files: proofs, bundles, consistency proofs, single entries.

use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use yinzheng::bundle::BundleReader;
use yinzheng::codec::limits;
use yinzheng::entry::Entry;
use yinzheng::hash::HashAlg;
use yinzheng::profile::Profile;
use yinzheng::proof::{ConsistencyProof, Proof};
use yinzheng::value::{Disclosure, word};

use crate::commands::verify::Kind;
use crate::failure::{Both, Failure, Result, io};
use crate::output::{Done, Page, Pick, Screen, Tone, span};
use crate::values::Choice;
use crate::{describe, files, values};

/// Shows the file at `path`.
pub(super) fn run(path: &Path, choice: &Choice, screen: &Screen) -> Result<Done> {
    let here = |error: yinzheng::Error| Failure::from(error).at(path);
    let mut head = [0; 32];
    let got = {
        let mut file = std::fs::File::open(path).map_err(|error| io(path, &error))?;
        file.read(&mut head).map_err(|error| io(path, &error))?
    };
    match Kind::of(head.get(..got).unwrap_or_default()) {
        Kind::Bundle => bundle(path, screen),
        Kind::Consistency => {
            let proof =
                ConsistencyProof::parse(&files::read(path, limits::PROOF_BYTES)?).map_err(here)?;
            let mut page = Page::new();
            page.line(span(screen.lang.pick("一致性证明", "Consistency proof"), Tone::Bold));
            let mut json = Vec::new();
            for block in [proof.older(), proof.newer()] {
                let facts = describe::header(block.header(), &block.sealed_digest());
                page.blank();
                page.table(2, facts.rows(screen.lang));
                json.push(facts.json());
            }
            Ok(Done::fine(json!({"consistency": json}), page))
        }
        Kind::Proof => {
            let bytes = files::read(path, limits::PROOF_BYTES)?;
            match Proof::parse(&bytes) {
                Ok(proof) => of_proof(path, &proof, choice, screen),
                // A single entry, as `export --receipt` writes it, is worth a try before the file is refused.
                Err(error) => match Entry::parse(&bytes) {
                    Ok(entry) => {
                        let facts = describe::entry(&entry, HashAlg::Sha256);
                        let mut page = Page::new();
                        page.line(span(word(facts.kind, screen.lang), Tone::Bold));
                        page.table(2, facts.rows(screen.lang));
                        Ok(Done::fine(json!({"entry": facts.json()}), page))
                    }
                    Err(_) => Err(here(error).next(Both::new(
                        "这不是 .yzp、.yzb、.yzc 或条目文件，或已被改动。",
                        "This is no .yzp, .yzb, .yzc or entry file, or it was changed.",
                    ))),
                },
            }
        }
    }
}

fn of_proof(path: &Path, proof: &Proof, choice: &Choice, screen: &Screen) -> Result<Done> {
    let lang = screen.lang;
    let profiles: Vec<Profile> =
        proof.profiles.iter().filter_map(|file| Profile::parse(file).ok()).collect();
    let mut page = Page::new();
    page.line(span(path.display().to_string(), Tone::Bold));
    page.paragraph(
        2,
        span("! ", Tone::Warn),
        lang.pick(
            "以下只是读出，未经核验；核验：yinzheng verify。",
            "This is only what it says; to check it: yinzheng verify.",
        ),
        Tone::Plain,
    );
    let mut json = Vec::new();
    for item in &proof.items {
        let entry = Entry::parse(&item.entry)?;
        let receipt = item.receipt()?;
        let header = receipt.block().header();
        let facts = describe::entry(&entry, header.hash);
        let profile = entry.record().and_then(|(record, _)| {
            let digest = record.profile.digest;
            profiles.iter().find(|profile| profile.digest(digest.alg) == digest)
        });
        let label = profile.map_or(word(facts.kind, lang), |profile| profile.label(lang));
        let ledger = yinzheng::hash::hex::encode(&header.ledger_id);
        let at = format!(
            "{}…/{}/{}",
            ledger.get(..8).unwrap_or_default(),
            header.height,
            receipt.index()
        );
        page.blank();
        page.spans(vec![
            span(yinzheng::value::escape::for_people(label), Tone::Bold),
            span(format!("  {at}"), Tone::Dim),
        ]);
        page.table(2, facts.rows(lang));
        let mut one = json!({
            "ledger": ledger, "height": header.height, "index": receipt.index(),
            "sequence": receipt.sequence(), "entry": facts.json(),
        });
        if let Some((record, _)) = entry.record() {
            let disclosed: Vec<Disclosure> = item
                .disclosures
                .iter()
                .map(|bytes| Disclosure::parse(bytes))
                .collect::<yinzheng::Result<Vec<_>>>()?
                .into_iter()
                .filter(|_| *choice != Choice::None)
                .collect();
            values::table(&mut page, record, profile, &disclosed, lang);
            if let Value::Object(map) = &mut one {
                map.insert("fields".to_owned(), values::json(record, profile, &disclosed, lang));
            }
        }
        json.push(one);
    }
    let json = json!({
        "file": path, "items": json, "ledgers": proof.ledgers.len(),
        "profiles": proof.profiles.len(), "outside": proof.outside.len(),
    });
    Ok(Done::fine(json, page))
}

fn bundle(path: &Path, screen: &Screen) -> Result<Done> {
    let here = |error: yinzheng::Error| Failure::from(error).at(path);
    let file = std::fs::File::open(path).map_err(|error| io(path, &error))?;
    let mut reader = BundleReader::new(std::io::BufReader::new(file)).map_err(here)?;
    let header = reader.header().clone();
    let (mut blocks, mut entries) = (0u64, 0u64);
    while let Some(block) = reader.next_block().map_err(here)? {
        blocks += 1;
        entries += block.entries.len() as u64;
    }
    let lang = screen.lang;
    let mut page = Page::new();
    page.line(span(path.display().to_string(), Tone::Bold));
    page.table(
        2,
        vec![
            vec![lang.pick("账本编号", "ledger id").into(), header.ledger_id.to_string().into()],
            vec![
                lang.pick("高度", "heights").into(),
                format!("{}..{}", header.first, header.last).into(),
            ],
            vec![lang.pick("区块", "blocks").into(), blocks.to_string().into()],
            vec![
                lang.pick("条目（含链接）", "entries, links included").into(),
                entries.to_string().into(),
            ],
        ],
    );
    let json = json!({
        "file": PathBuf::from(path), "ledger_id": header.ledger_id.to_string(),
        "first": header.first, "last": header.last, "blocks": blocks, "entries": entries,
    });
    Ok(Done::fine(json, page))
}
