//! `yinzheng show`: a record, entry, block, dossier or file in readable form. It reads; it proves nothing.

mod file;

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};
use yinzheng::ErrorCode;
use yinzheng::entry::Entry;
use yinzheng::ledger::Ledger;
use yinzheng::number;
use yinzheng::profile::Profile;
use yinzheng::record::Record;
use yinzheng::value::{Disclosure, word};

use super::list;
use crate::args::{LedgerArg, Secrets};
use crate::failure::{Both, Failure, Result};
use crate::home::LedgerFiles;
use crate::output::{Done, Page, Pick, Screen, Tone, span};
use crate::target::Target;
use crate::values::Choice;
use crate::{describe, home, target, values};

/// What to show.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// R-…, D-…, a digest, a sequence number, block:3, or a file: proof, bundle, consistency proof, entry
    #[arg(value_name = "WHAT")]
    what: String,
    /// Values to show: all, none, profile (as the profile says), for:court (or regulator, customer, partner), or names, message keys, class:C1, class:C2
    #[arg(long, value_name = "WHICH", default_value = "profile")]
    disclose: String,
    #[command(flatten)]
    ledger: LedgerArg,
    #[command(flatten)]
    secrets: Secrets,
}

/// Runs the command.
pub(crate) fn run(args: &ShowArgs, screen: &Screen) -> Result<Done> {
    let choice = values::choice(&args.disclose)?;
    let path = Path::new(&args.what);
    if path.is_file() {
        return file::run(path, &choice, screen);
    }
    // A name is read before the ledger is opened, so that a wrong path is not answered with a missing ledger.
    let name = target::parse(&args.what)?;
    let ledger = home::open_reading(&LedgerFiles::of(&args.ledger)?, &args.secrets)?;
    let found = target::find(&ledger, &name)?.ok_or_else(|| target::not_found(&args.what))?;
    match found {
        Target::Block(height) => block(&ledger, height, screen),
        Target::Dossier(id, _) => {
            let number = number::preservation_number(&id);
            dossier(&ledger, &id, &number, screen)
        }
        Target::Sequence(sequence) => entry(&ledger, sequence, &choice, screen),
        Target::Record(row) => match row.sequence {
            Some(sequence) => entry(&ledger, sequence, &choice, screen),
            None => Err(Failure::input(
                Both::new(
                    "这条记录在等待签署，尚未成为条目",
                    "this record waits for a signature and is no entry yet",
                ),
                Both::new("签署之后再查看。", "Show it once it is signed."),
            )
            .on(args.what.clone())),
        },
    }
}

fn entry(ledger: &Ledger, sequence: u64, choice: &Choice, screen: &Screen) -> Result<Done> {
    let lang = screen.lang;
    let bytes = ledger.entry(sequence)?;
    let entry = Entry::parse(&bytes)?;
    let height = ledger.height_of(sequence)?;
    let facts = describe::entry(&entry, ledger.hash());
    let mut page = Page::new();
    let title = match entry.record() {
        Some((record, _)) => list::label_of(ledger, record, screen),
        None => word(facts.kind, lang).to_owned(),
    };
    page.line(span(title, Tone::Bold));
    let place = match height {
        Some(height) => lang.pick(
            format!("序号 {sequence}，区块 {height}"),
            format!("sequence number {sequence}, block {height}"),
        ),
        None => lang.pick(
            format!("序号 {sequence}，尚未封存：只是封存者自己的话"),
            format!("sequence number {sequence}, not sealed yet: only the sealer's own word"),
        ),
    };
    page.line(span(format!("  {place}"), if height.is_some() { Tone::Plain } else { Tone::Warn }));
    page.table(2, facts.rows(lang));
    let mut json = json!({ "sequence": sequence, "block": height, "entry": facts.json() });
    if let Some((record, _)) = entry.record() {
        let profile = list::profile_of(ledger, record);
        let kept = kept_values(ledger, sequence, choice, &mut page, screen)?;
        let shown: Vec<Disclosure> = kept
            .into_iter()
            .filter(|one| choice.shows(profile.as_ref(), record, &one.name))
            .collect();
        fields(&mut page, record, profile.as_ref(), &shown, screen);
        if let Value::Object(map) = &mut json {
            map.insert("fields".to_owned(), values::json(record, profile.as_ref(), &shown, lang));
        }
    }
    Ok(Done::fine(json, page))
}

/// The values in the vault; without its key, or once erased, none, and a word about it.
fn kept_values(
    ledger: &Ledger,
    sequence: u64,
    choice: &Choice,
    page: &mut Page,
    screen: &Screen,
) -> Result<Vec<Disclosure>> {
    if *choice == Choice::None {
        return Ok(Vec::new());
    }
    let why = match ledger.disclosures(sequence) {
        Ok(kept) => return Ok(kept),
        Err(error) if error.code() == ErrorCode::WrongVaultKey => screen.lang.pick(
            "没有保管库密钥，字段值打不开；用 --vault-key 给出。",
            "Without the vault key the values stay closed: give it with --vault-key.",
        ),
        Err(error) if error.code() == ErrorCode::Erased => screen.lang.pick(
            "这里没有保存字段值：已擦除，或这是副本。",
            "No values are kept here: they were erased, or this is a replica.",
        ),
        Err(error) => return Err(error.into()),
    };
    page.blank();
    page.paragraph(2, span("! ", Tone::Warn), why, Tone::Plain);
    Ok(Vec::new())
}

fn fields(
    page: &mut Page,
    record: &Record,
    profile: Option<&Profile>,
    shown: &[Disclosure],
    screen: &Screen,
) {
    page.heading(screen.lang.pick("字段", "Fields"));
    values::table(page, record, profile, shown, screen.lang);
}

fn block(ledger: &Ledger, height: u64, screen: &Screen) -> Result<Done> {
    let lang = screen.lang;
    let (block, entries) = ledger.block(height)?;
    let facts = describe::header(block.header(), &block.sealed_digest());
    let mut page = Page::new();
    page.line(span(lang.pick(format!("区块 {height}"), format!("Block {height}")), Tone::Bold));
    page.table(2, facts.rows(lang));
    page.heading(lang.pick("条目", "Entries"));
    let mut rows = Vec::with_capacity(entries.len());
    let mut json = Vec::with_capacity(entries.len());
    for (index, bytes) in (0u64..).zip(&entries) {
        let entry = Entry::parse(bytes)?;
        let sequence = block.header().sequence_of(index);
        let kind = describe::kind(&entry.body);
        let number =
            entry.record().map(|(record, bytes)| number::record_number(&record.digest(bytes)));
        let label = entry.record().map(|(record, _)| list::label_of(ledger, record, screen));
        rows.push(vec![
            sequence.map_or_else(|| "–".to_owned(), |sequence| sequence.to_string()).into(),
            word(kind, lang).into(),
            label.unwrap_or_default().into(),
            number.clone().unwrap_or_default().into(),
        ]);
        json.push(json!({"index": index, "sequence": sequence, "kind": kind, "record": number, "bytes": bytes.len()}));
    }
    page.table(2, rows);
    Ok(Done::fine(json!({"block": facts.json(), "entries": json}), page))
}

fn dossier(ledger: &Ledger, id: &[u8; 16], name: &str, screen: &Screen) -> Result<Done> {
    let lang = screen.lang;
    let mut page = Page::new();
    page.line(span(format!("{} {name}", lang.pick("证据链", "Dossier")), Tone::Bold));
    let mut rows = Vec::new();
    let mut json = Vec::new();
    for row in ledger.dossier(id)? {
        let number = number::record_number(&row.digest);
        let (label, when) = match row.sequence {
            None => (lang.pick("等待签署", "waits for a signature").to_owned(), String::new()),
            Some(sequence) => {
                let bytes = ledger.entry(sequence)?;
                match Entry::parse(&bytes)?.record() {
                    Some((record, _)) => (
                        list::label_of(ledger, record, screen),
                        crate::clock::local(record.time.when()),
                    ),
                    None => (
                        lang.pick("未签，位次保留", "dropped, its place is kept").to_owned(),
                        String::new(),
                    ),
                }
            }
        };
        json.push(
            json!({"place": row.place, "sequence": row.sequence, "record": number, "label": label}),
        );
        rows.push(vec![
            row.place.to_string().into(),
            when.into(),
            label.into(),
            span(number, Tone::Dim),
        ]);
    }
    page.table(2, rows);
    page.paragraph(
        2,
        span("! ", Tone::Warn),
        lang.pick(
            "只含这一个账本中的记录；同一证据链可能还有别的账本。",
            "Records of this ledger only; the dossier may go on in others.",
        ),
        Tone::Plain,
    );
    Ok(Done::fine(json!({"dossier": name, "places": json}), page))
}
