//! An archive of originals against the ledger: every attachment that a record names is looked for by its digests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::json;
use yinzheng::ErrorCode;
use yinzheng::entry::{Body, Entry};
use yinzheng::hash::{Digest, TwinDigest, hex};
use yinzheng::ledger::Ledger;
use yinzheng::number;
use yinzheng::value::Parsed;

use crate::failure::{Exit, Failure, Result};
use crate::originals::Originals;
use crate::output::{Done, Page, Pick, Screen, Tone, span};

/// Names of what is missing that are told; the JSON has all.
const TOLD: usize = 20;

/// What the records say about originals, and of which records nobody can say it.
#[derive(Default)]
struct Wanted {
    /// Every attachment, with the records that name it.
    files: BTreeMap<TwinDigest, Vec<String>>,
    /// Records with values that a tombstone says are erased.
    erased: usize,
    /// Records whose disclosure is restricted.
    restricted: Vec<String>,
    /// Records with values that are not there, though nobody erased them.
    lost: Vec<String>,
}

/// Compares a folder with the ledger.
pub(super) fn check(ledger: &Ledger, folder: &Path, screen: &Screen) -> Result<Done> {
    let told = attachments(ledger, screen)?;
    let wanted = &told.files;
    let originals = Originals::read(folder, screen)?;
    let absent: Vec<(&TwinDigest, &Vec<String>)> =
        wanted.iter().filter(|(digest, _)| originals.get(digest).is_none()).collect();
    let fit = wanted.len() - absent.len();
    let foreign: Vec<_> =
        originals.files().filter(|(_, digest)| !wanted.contains_key(digest)).collect();
    let lang = screen.lang;
    let mut page = Page::new();
    let exit = match (absent.is_empty() && told.lost.is_empty(), told.restricted.is_empty()) {
        (false, _) => Exit::Contradicted,
        (true, false) => Exit::NotProven,
        (true, true) => Exit::Fine,
    };
    let (mark, tone) = match exit {
        Exit::Fine => ("✓ ", Tone::Good),
        Exit::NotProven => ("? ", Tone::Warn),
        _ => ("✗ ", Tone::Bad),
    };
    let (missing, others) = (absent.len(), foreign.len());
    let result = lang.pick(
        format!("账本所载原件相符 {fit} 份，缺失或已改动 {missing} 份；目录中另有 {others} 份账本未记载的文件"),
        format!("{fit} originals fit, {missing} are missing or changed; {others} other files are in the folder"),
    );
    page.spans(vec![span(mark, tone), span(result, Tone::Bold)]);
    for (digest, records) in absent.iter().take(TOLD) {
        let sha256 = hex::encode(&digest.sha256);
        page.line(format!("  SHA-256 {sha256}  {}", records.join(", ")));
    }
    if missing > TOLD {
        page.line(format!("  … +{}", missing - TOLD));
    }
    unread(&mut page, &told, screen);
    let json = json!({
        "id": ledger.id().to_string(), "fit": fit,
        "erased": told.erased, "restricted": told.restricted, "lost": told.lost,
        "absent": absent.iter().map(|(digest, records)| json!({
            "sha256": hex::encode(&digest.sha256), "size": digest.size, "records": records,
        })).collect::<Vec<_>>(),
        "foreign": foreign.iter().map(|(path, _)| path).collect::<Vec<_>>(),
    });
    Ok(Done { exit, json, page })
}

/// Records that were not compared, and why.
fn unread(page: &mut Page, told: &Wanted, screen: &Screen) {
    let lang = screen.lang;
    let (erased, restricted, lost) = (told.erased, told.restricted.len(), told.lost.len());
    if erased > 0 {
        page.line(lang.pick(
            format!("  已擦除（有擦除条目为据）而未比对的记录：{erased}"),
            format!("  records not compared since values of them were erased, as tombstones say: {erased}"),
        ));
    }
    if restricted > 0 {
        let note = lang.pick(
            format!("限制披露而未比对的记录：{restricted}"),
            format!("records not compared since their disclosure is restricted: {restricted}"),
        );
        page.paragraph(2, span("? ", Tone::Warn), &note, Tone::Plain);
    }
    if lost > 0 {
        let note = lang.pick(
            format!("字段值不在、又无擦除条目的记录：{lost}；请运行 yinzheng check"),
            format!("records whose values are not there, though nobody erased them: {lost}; run yinzheng check"),
        );
        page.paragraph(2, span("✗ ", Tone::Bad), &note, Tone::Plain);
    }
    for number in told.restricted.iter().chain(&told.lost).take(TOLD) {
        page.line(format!("  {number}"));
    }
}

/// Every attachment that the ledger's records name, and the records that cannot be asked.
fn attachments(ledger: &Ledger, screen: &Screen) -> Result<Wanted> {
    let entries = ledger.status()?.entries;
    let bar = screen.progress(entries, screen.lang.pick("读取记录", "reading records"));
    let mut wanted = Wanted::default();
    // Names whose values are not there, by record; a tombstone that explains them stands behind the record.
    let mut gaps: BTreeMap<Digest, BTreeSet<String>> = BTreeMap::new();
    for sequence in 0..entries {
        bar.inc(1);
        let entry = ledger.entry(sequence)?;
        let entry = Entry::parse(&entry)?;
        if let Body::Tombstone(tombstone) = &entry.body {
            for record in &tombstone.records {
                let Some(gap) = gaps.get_mut(record) else { continue };
                match &tombstone.names {
                    None => gap.clear(),
                    Some(names) => gap.retain(|name| !names.contains(name)),
                }
            }
        }
        let Some((record, bytes)) = entry.record() else { continue };
        let digest = record.digest(bytes);
        let values = match ledger.disclosures(sequence) {
            Ok(values) => values,
            Err(error) if error.code() == ErrorCode::OnHold => {
                wanted.restricted.push(number::record_number(&digest));
                continue;
            }
            Err(error) if matches!(error.code(), ErrorCode::Erased | ErrorCode::NotFound) => {
                Vec::new()
            }
            Err(error) => return Err(Failure::from(error)),
        };
        if values.len() < record.fields.len() {
            let mut gap: BTreeSet<String> =
                record.fields.iter().map(|field| field.name.clone()).collect();
            for value in &values {
                gap.remove(&value.name);
            }
            gaps.insert(digest, gap);
        }
        for value in values {
            if let Some(Parsed::Attachment(file)) = value.value.parsed() {
                wanted.files.entry(file.digest).or_default().push(number::record_number(&digest));
            }
        }
    }
    bar.finish_and_clear();
    wanted.erased = gaps.values().filter(|gap| gap.is_empty()).count();
    let lost = gaps.iter().filter(|(_, gap)| !gap.is_empty());
    wanted.lost = lost.map(|(record, _)| number::record_number(record)).collect();
    Ok(wanted)
}
