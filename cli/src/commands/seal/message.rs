//! Sealing one business message, and sealing the block that is due.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use yinzheng::ledger::{Appended, Ledger};
use yinzheng::number::{self, Number};
use yinzheng::profile::Profile;
use yinzheng::record::{Citation, Relation};
use yinzheng::sign::SigAlg;
use yinzheng::time::TimeClaim;

use super::SealArgs;
use super::draft::{self, Told};
use crate::failure::{Both, Failure, Result};
use crate::home::{LedgerFiles, NewLedger, Signing};
use crate::keyfile;
use crate::output::{Done, Page, Pick, Screen, Span, Tone, program, span};
use crate::{clock, home, profiles, target};

/// A ledger that was there, or was made.
struct Place {
    files: LedgerFiles,
    open: Signing,
    created: bool,
    made_up: bool,
}

/// A record that is appended, and perhaps sealed.
struct Outcome<'a> {
    place: &'a Place,
    profile: &'a Profile,
    told: Told,
    appended: Appended,
    height: Option<u64>,
}

/// Seals the message in the file at `path`. All that can be read is read before a ledger is made or opened.
pub(super) fn run(path: &Path, args: &SealArgs, screen: &Screen) -> Result<Done> {
    let profile = profiles::named(&args.profile)?;
    let dossier = args.dossier.as_deref().map(dossier).transpose()?;
    for text in args.cite.iter().chain(&args.supersedes) {
        target::parse(relation(text).1)?;
    }
    let files = attachments(&args.attach)?;
    let message = draft::read(&profile, path, &files, args.happened.as_deref(), screen)?;
    let place = open_or_create(args)?;
    let ledger = &place.open.ledger;
    let citations = citations(ledger, &args.cite)?;
    let supersedes = args.supersedes.as_deref().map(|text| target::digest(ledger, text));
    let time = TimeClaim { occurred: message.told.happened.clone(), ..clock::captured_now() };
    let (mut record, told) =
        message.into_record(&profile, ledger.hash(), time, &citations, supersedes.transpose()?)?;
    if let Some(id) = dossier {
        record = record.in_dossier(id);
    }
    if let Some(id) = &args.business_id {
        record = record.with_business_id(id);
    }
    let appended = ledger.append(record)?;
    if !args.append_only {
        place.open.seal_all(clock::seconds(clock::now_ms()))?;
    }
    let height = ledger.height_of(appended.sequence)?;
    let outcome = Outcome { place: &place, profile: &profile, told, appended, height };
    Ok(Done::fine(outcome.json(), outcome.page(screen)))
}

/// Seals everything that waits.
pub(super) fn seal_block(args: &SealArgs, screen: &Screen) -> Result<Done> {
    let files = LedgerFiles::of(&args.ledger)?;
    let open = home::open_signing(&files, &args.secrets)?;
    let blocks = open.seal_all(clock::seconds(clock::now_ms()))?;
    let json: Vec<Value> = blocks
        .iter()
        .map(|block| {
            json!({
                "height": block.height,
                "entries": block.entries,
                "first_sequence": block.first_sequence,
                "block_hash": yinzheng::hash::hex::encode(&block.block_hash),
                "sealed_digest": yinzheng::hash::hex::encode(&block.sealed_digest),
            })
        })
        .collect();
    let mut page = Page::new();
    if blocks.is_empty() {
        page.line(screen.lang.pick("没有等待封存的条目。", "Nothing waits to be sealed."));
    }
    for block in &blocks {
        let (height, entries) = (block.height, block.entries);
        page.line(screen.lang.pick(
            format!("已封存区块 {height}，{entries} 条"),
            format!("sealed block {height} with {entries} entries"),
        ));
    }
    Ok(Done::fine(json!({ "ledger": files.db, "blocks": json }), page))
}

fn open_or_create(args: &SealArgs) -> Result<Place> {
    let files = LedgerFiles::of(&args.ledger)?;
    if files.db.exists() {
        let open = home::open_signing(&files, &args.secrets)?;
        return Ok(Place { files, open, created: false, made_up: false });
    }
    let passphrase = keyfile::given_or_made_up(args.secrets.passphrase_file.as_deref())?;
    let unnamed = || "未命名机构（试用） unnamed, trying out".to_owned();
    let new = NewLedger {
        hash: args.hash.into(),
        alg: args.key.map(SigAlg::from),
        organisation: args.organisation.clone().unwrap_or_else(unnamed),
        created: clock::captured_now(),
    };
    let vault_key = args.secrets.vault_key.as_deref().map(keyfile::open_vault_key).transpose()?;
    let passphrase_file = args.secrets.passphrase_file.as_deref();
    let open = home::create(&files, new, &passphrase, passphrase_file, vault_key)?;
    let made_up = files.key.passphrase.is_file();
    Ok(Place { files, open, created: true, made_up })
}

fn attachments(list: &[String]) -> Result<Vec<(String, PathBuf)>> {
    list.iter()
        .map(|text| match text.split_once('=') {
            Some((field, path)) if !field.is_empty() && !path.is_empty() => {
                Ok((field.to_owned(), PathBuf::from(path)))
            }
            _ => Err(Failure::input(
                Both::new("附件要写成 字段=文件", "an attachment is written FIELD=FILE"),
                Both::new(
                    "例如 --attach doc.file=合同.pdf",
                    "For example --attach doc.file=contract.pdf",
                ),
            )
            .on(text.clone())),
        })
        .collect()
}

fn citations(ledger: &Ledger, list: &[String]) -> Result<Vec<Citation>> {
    list.iter()
        .map(|text| {
            let (relation, record) = relation(text);
            Ok(Citation { relation, digest: target::digest(ledger, record)? })
        })
        .collect()
}

/// How a record is cited, and its name.
fn relation(text: &str) -> (Relation, &str) {
    match text.split_once('=') {
        Some(("consent", record)) => (Relation::Consent, record),
        Some(("evidence", record)) => (Relation::Evidence, record),
        Some(("reference", record)) => (Relation::Reference, record),
        _ => (Relation::Reference, text),
    }
}

fn dossier(text: &str) -> Result<[u8; 16]> {
    match number::parse(text).map_err(|error| Failure::from(error).on(text))? {
        Number::Preservation(id) => Ok(id),
        Number::Record(_) => Err(Failure::input(
            Both::new("这是存证编号，不是保全号", "this is a record number, not a dossier's"),
            Both::new("保全号以 D- 开头。", "A dossier's number begins with D-."),
        )
        .on(text)),
    }
}

impl Outcome<'_> {
    fn json(&self) -> Value {
        let findings: serde_json::Map<String, Value> = self
            .told
            .odd
            .iter()
            .map(|(name, findings)| {
                let ids: Vec<_> = findings.iter().map(|finding| finding.id()).collect();
                (name.clone(), json!(ids))
            })
            .collect();
        json!({
            "record": self.appended.number,
            "digest": self.appended.digest.to_string(),
            "dossier": self.appended.preservation_number,
            "place": self.appended.place,
            "sequence": self.appended.sequence,
            "replayed": self.appended.replayed,
            "sealed_in_block": self.height,
            "profile": self.profile.id(),
            "fields": self.told.fields,
            "findings": findings,
            "missing": self.told.missing,
            "ledger": self.place.files.db,
            "ledger_id": self.place.open.ledger.id().to_string(),
            "ledger_created": self.place.created,
            "custody": "software",
        })
    }

    fn page(&self, screen: &Screen) -> Page {
        let lang = screen.lang;
        let mut page = Page::new();
        let label = self.profile.label(lang).to_owned();
        let done = match (self.appended.replayed, self.height) {
            (true, _) => lang.pick("先前已封存", "sealed before"),
            (false, Some(_)) => lang.pick("已封存", "sealed"),
            (false, None) => lang.pick("已写入，尚未封存", "appended, not sealed yet"),
        };
        page.spans(vec![span(label, Tone::Bold), "  ".into(), span(done, Tone::Good)]);
        let height = match self.height {
            Some(height) => lang.pick(format!("区块 {height}"), format!("block {height}")),
            None => lang.pick("尚无区块", "no block yet").to_owned(),
        };
        let (place, sequence) = (self.appended.place, self.appended.sequence);
        let where_ = lang.pick(
            format!("证据链位次 {place}，账本序号 {sequence}，{height}"),
            format!("place {place} in the dossier, sequence number {sequence}, {height}"),
        );
        let mut rows: Vec<Vec<Span>> = vec![
            vec![lang.pick("存证编号", "record").into(), self.appended.number.clone().into()],
            vec![
                lang.pick("保全号", "dossier").into(),
                self.appended.preservation_number.clone().into(),
            ],
            vec![lang.pick("位置", "where").into(), where_.into()],
            vec![lang.pick("字段", "fields").into(), self.told.fields.to_string().into()],
        ];
        for (name, findings) in &self.told.odd {
            let words: Vec<String> = findings.iter().map(|finding| finding.label(lang)).collect();
            let told = format!("{}: {}", self.profile.field_label(name, lang), words.join("; "));
            rows.push(vec![lang.pick("提示", "finding").into(), span(told, Tone::Warn)]);
        }
        for name in &self.told.missing {
            let told = self.profile.field_label(name, lang);
            rows.push(vec![lang.pick("缺必填", "missing").into(), span(told, Tone::Warn)]);
        }
        rows.push(vec![
            lang.pick("账本", "ledger").into(),
            self.place.files.db.display().to_string().into(),
        ]);
        page.table(2, rows);
        if self.place.created {
            let warning = if self.place.made_up {
                lang.pick(
                    "已新建账本，密钥是软件密钥，供试用：口令自动生成，就放在账本旁边。",
                    "A new ledger was made with a software key, for trying out: its made-up passphrase lies beside it.",
                )
            } else {
                lang.pick(
                    "已新建账本，密钥是软件密钥。",
                    "A new ledger was made with a software key.",
                )
            };
            page.paragraph(2, span("! ", Tone::Warn), warning, Tone::Plain);
        }
        page.heading(lang.pick("接下来", "Next"));
        let next = if self.height.is_some() {
            format!("  {} prove {}", program(), self.appended.number)
        } else {
            format!("  {} seal --block", program())
        };
        page.line(next);
        page
    }
}
