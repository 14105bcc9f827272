//! An archive of originals against the ledger: every attachment that a record names is looked for by its digests.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use yinzheng::ErrorCode;
use yinzheng::entry::Entry;
use yinzheng::hash::{TwinDigest, hex};
use yinzheng::ledger::Ledger;
use yinzheng::number;
use yinzheng::value::Parsed;

use crate::failure::{Exit, Failure, Result};
use crate::originals::Originals;
use crate::output::{Done, Page, Pick, Screen, Tone, span};

/// Names of what is missing that are told; the JSON has all.
const TOLD: usize = 20;

/// Compares a folder with the ledger.
pub(super) fn check(ledger: &Ledger, folder: &Path, screen: &Screen) -> Result<Done> {
    let wanted = attachments(ledger, screen)?;
    let originals = Originals::read(folder, screen)?;
    let absent: Vec<(&TwinDigest, &Vec<String>)> =
        wanted.iter().filter(|(digest, _)| originals.get(digest).is_none()).collect();
    let fit = wanted.len() - absent.len();
    let foreign: Vec<_> =
        originals.files().filter(|(_, digest)| !wanted.contains_key(digest)).collect();
    let lang = screen.lang;
    let mut page = Page::new();
    let fine = absent.is_empty();
    let (mark, tone) = if fine { ("✓ ", Tone::Good) } else { ("✗ ", Tone::Bad) };
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
    let json = json!({
        "id": ledger.id().to_string(), "fit": fit,
        "absent": absent.iter().map(|(digest, records)| json!({
            "sha256": hex::encode(&digest.sha256), "size": digest.size, "records": records,
        })).collect::<Vec<_>>(),
        "foreign": foreign.iter().map(|(path, _)| path).collect::<Vec<_>>(),
    });
    Ok(Done { exit: if fine { Exit::Fine } else { Exit::Contradicted }, json, page })
}

/// Every attachment that the ledger's records name, with the records. Erased values name nothing any more.
fn attachments(ledger: &Ledger, screen: &Screen) -> Result<BTreeMap<TwinDigest, Vec<String>>> {
    let entries = ledger.status()?.entries;
    let bar = screen.progress(entries, screen.lang.pick("读取记录", "reading records"));
    let mut wanted: BTreeMap<TwinDigest, Vec<String>> = BTreeMap::new();
    for sequence in 0..entries {
        bar.inc(1);
        let entry = ledger.entry(sequence)?;
        let entry = Entry::parse(&entry)?;
        let Some((record, bytes)) = entry.record() else { continue };
        let values = match ledger.disclosures(sequence) {
            Ok(values) => values,
            Err(error) if matches!(error.code(), ErrorCode::Erased | ErrorCode::NotFound) => {
                continue;
            }
            Err(error) => return Err(Failure::from(error)),
        };
        for value in values {
            if let Some(Parsed::Attachment(file)) = value.value.parsed() {
                let number = number::record_number(&record.digest(bytes));
                wanted.entry(file.digest).or_default().push(number);
            }
        }
    }
    bar.finish_and_clear();
    Ok(wanted)
}
