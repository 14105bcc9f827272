//! Many packages in one run: one after the other, so that memory does not grow with their number, and resumable: what is there is
//! not made again.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::json;
use yinzheng::hash::{TwinDigest, hex};
use yinzheng::number;
use yinzheng::verify::Status;

use super::index::{INDEX, Index};
use super::{Packer, not_a_list};
use crate::failure::{Exit, Failure, Result, io};
use crate::files;
use crate::output::{Done, Page, Pick, Screen, Tone, span};

/// Longest line of a list, in bytes.
const LINE: usize = 256;

/// Packs every dossier of a list. One that cannot be packed does not stop the next; the index says why.
pub(super) fn run(
    packer: &Packer,
    list: &Path,
    folder: &Path,
    force: bool,
    screen: &Screen,
) -> Result<Done> {
    // The whole list is read before anything is made: a bad line in it is told at once.
    let total = numbers(list)?.try_fold(0u64, |total, number| number.map(|_| total + 1))?;
    if total == 0 {
        return Err(not_a_list(list));
    }
    files::make_folder(folder)?;
    let mut index = Index::open(folder)?;
    let bar = screen.progress(total, screen.lang.pick("制作证据包", "packing"));
    let (mut made, mut kept, mut failed, mut contradicted) = (0u64, 0u64, 0u64, 0u64);
    for number in numbers(list)? {
        let number = number?;
        bar.inc(1);
        let name = format!("{number}.zip");
        let path = folder.join(&name);
        if path.exists() && !force {
            kept += 1;
            let sha256 = sha256(&path)?;
            match index.known(&number, &sha256) {
                Some(bad) => contradicted += u64::from(bad > 0),
                // It was made in another way: of its contents nothing is known here.
                None => index.put(&number, &format!("{name},,,,,{sha256},"))?,
            }
            continue;
        }
        match packer.dossier(std::slice::from_ref(&number), &path, force) {
            Ok(written) => {
                made += 1;
                let bad = written.verdict.count(Status::Contradicted);
                contradicted += u64::from(bad > 0);
                let (records, absent) = (written.verdict.records.len(), written.absent.len());
                let (originals, sha256) = (written.originals, sha256(&path)?);
                let row = format!("{name},{records},{originals},{absent},{bad},{sha256},");
                index.put(&number, &row)?;
            }
            // A full disk or a wrong key is the same for all that follow.
            Err(failure) if matches!(failure.exit, Exit::Storage | Exit::Key | Exit::Internal) => {
                return Err(failure);
            }
            Err(failure) => {
                failed += 1;
                let why = failure.what(screen.lang).replace('"', "'");
                index.put(&number, &format!(",,,,,,\"{why}\""))?;
            }
        }
    }
    bar.finish_and_clear();
    let index = index.finish()?;
    let lang = screen.lang;
    let mut page = Page::new();
    page.line(span(folder.display().to_string(), Tone::Bold));
    page.line(lang.pick(
        format!("  制作 {made} 份，已有 {kept} 份，失败 {failed} 份；有矛盾的 {contradicted} 份。索引：{INDEX}"),
        format!("  {made} made, {kept} were there, {failed} failed; {contradicted} hold contradictions. Index: {INDEX}"),
    ));
    let exit = match (failed, contradicted) {
        (0, 0) => Exit::Fine,
        (0, _) => Exit::Contradicted,
        _ => Exit::Input,
    };
    let json = json!({
        "folder": folder, "index": index, "made": made, "kept": kept, "failed": failed,
        "contradicted": contradicted,
    });
    Ok(Done { exit, json, page })
}

/// The numbers of a list, one a line, in their canonical form; empty lines and lines with `#` are passed over.
fn numbers(list: &Path) -> Result<impl Iterator<Item = Result<String>>> {
    let file = File::open(list).map_err(|error| io(list, &error))?;
    let list = list.to_owned();
    Ok(BufReader::new(file).split(b'\n').filter_map(move |line| {
        let line = match line {
            Ok(line) => line,
            Err(error) => return Some(Err(io(&list, &error))),
        };
        let text = std::str::from_utf8(line.get(..LINE.min(line.len()))?).unwrap_or("?").trim();
        if text.is_empty() || text.starts_with('#') {
            return None;
        }
        // It becomes a file's name: only what is a number may.
        let known = number::parse(text).map_err(|error| Failure::from(error).on(text).at(&list));
        Some(known.map(|_| text.to_ascii_uppercase()))
    }))
}

fn sha256(path: &Path) -> Result<String> {
    let file = File::open(path).map_err(|error| io(path, &error))?;
    let digest = TwinDigest::of_reader(file).map_err(|error| Failure::from(error).at(path))?;
    Ok(hex::encode(&digest.sha256))
}
