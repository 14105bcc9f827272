//! `yinzheng prove`: a proof of chosen records with chosen values, or of two blocks that belong to one history.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use yinzheng::entry::Entry;
use yinzheng::hash::HashAlg;
use yinzheng::ledger::{Disclose, Ledger, ProofHead, ProofRequest, Selection};
use yinzheng::profile::Profile;
use yinzheng::proof::Proof;
use yinzheng::record::Record;
use yinzheng::{ErrorCode, hash};

use crate::args::{LedgerArg, Secrets};
use crate::failure::{Both, Failure, Result};
use crate::home::LedgerFiles;
use crate::output::{Done, Page, Pick, Screen, Span, Tone, program, span};
use crate::target::{Name, Target};
use crate::{files, home, target, values};

/// What to prove.
#[derive(Debug, Args)]
pub(crate) struct ProveArgs {
    /// Records R-…, dossiers D-…, digests or sequence numbers
    #[arg(required_unless_present = "consistency", value_name = "WHAT")]
    what: Vec<String>,
    /// A ledger; give it again for each ledger that a dossier spans, or name a folder with all of them
    #[arg(long, value_name = "PATH")]
    ledger: Vec<PathBuf>,
    /// Values to disclose: all, none, profile (as the profile says), for:court (or regulator, customer, partner), or names, message keys, class:C1, class:C2
    #[arg(long, value_name = "WHICH", default_value = "profile")]
    disclose: String,
    /// The block that the proof leads to: newest, witnessed (the newest with a timestamp or countersignature), or its height
    #[arg(long, value_name = "WHICH", default_value = "newest", conflicts_with = "consistency")]
    head: ProofHead,
    /// Prove that block A is in the history of block B
    #[arg(long, value_name = "A..B", conflicts_with = "what")]
    consistency: Option<String>,
    /// The proof's file; without it a name made of the number
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Overwrite it
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    secrets: Secrets,
}

/// Runs the command.
pub(crate) fn run(args: &ProveArgs, screen: &Screen) -> Result<Done> {
    // Names and choices are read before any ledger is opened: a slip of the pen is not answered with a missing ledger.
    let names = args.what.iter().map(|text| target::parse(text)).collect::<Result<Vec<_>>>()?;
    let choice = values::choice(&args.disclose)?;
    let ledgers = open(&args.ledger, &args.secrets)?;
    if let Some(range) = &args.consistency {
        return consistency(range, &ledgers, args, screen);
    }
    let proof = proof_of(&ledgers, &args.what, &names, &choice, args.head)?;
    let bytes = proof.encode()?;
    let path = args.out.clone().unwrap_or_else(|| default_name(&args.what, "yzp"));
    files::write(&path, &bytes, args.force)?;
    told(&path, &bytes, &proof, screen)
}

/// One proof of what is named, over all of these ledgers.
pub(super) fn proof_of(
    ledgers: &[Ledger],
    what: &[String],
    names: &[Name],
    choice: &values::Choice,
    head: ProofHead,
) -> Result<Proof> {
    let chosen = select(ledgers, what, names)?;
    let mut parts = Vec::new();
    for (ledger, sequences) in ledgers.iter().zip(&chosen) {
        if sequences.is_empty() {
            continue;
        }
        let bare = prove(ledger, sequences, Disclose::None, head)?;
        if *choice == values::Choice::None {
            parts.push(bare);
            continue;
        }
        let shown = Shown::of(&bare)?;
        for request in choice.requests(&shown.records())? {
            parts.push(prove(ledger, sequences, request, head)?);
        }
    }
    Ok(Proof::join(parts)?)
}

/// The ledgers named, or all in a folder, or the usual one.
pub(super) fn open(paths: &[PathBuf], secrets: &Secrets) -> Result<Vec<Ledger>> {
    let mut found = Vec::new();
    for path in paths {
        let inside = if path.is_dir() { home::databases(path) } else { Vec::new() };
        if inside.is_empty() {
            found.push(LedgerFiles::named(path)?);
        }
        found.extend(inside.iter().map(|db| LedgerFiles::at(db)));
    }
    if found.is_empty() {
        found.push(LedgerFiles::of(&LedgerArg { ledger: None })?);
    }
    found.iter().map(|files| home::open_reading(files, secrets)).collect()
}

/// Sequence numbers of what is named, ledger by ledger. What is in no ledger is an error; a dossier may be in several.
fn select(ledgers: &[Ledger], what: &[String], names: &[Name]) -> Result<Vec<BTreeSet<u64>>> {
    let mut chosen = vec![BTreeSet::new(); ledgers.len()];
    for (text, name) in what.iter().zip(names) {
        let mut known = false;
        for (ledger, sequences) in ledgers.iter().zip(&mut chosen) {
            let next = ledger.head()?.map_or(0, |head| head.next_sequence);
            let one = match target::find(ledger, name)? {
                None => continue,
                Some(Target::Dossier(_, places)) => {
                    let sealed = places.iter().filter_map(|row| row.sequence);
                    sequences.extend(sealed.filter(|sequence| *sequence < next));
                    None
                }
                Some(Target::Record(row)) => Some(row.sequence.unwrap_or(u64::MAX)),
                Some(Target::Sequence(sequence)) => Some(sequence),
                Some(Target::Block(_)) => return Err(block_named(text)),
            };
            if one.is_some_and(|sequence| sequence >= next) {
                return Err(not_sealed().on(text.clone()));
            }
            sequences.extend(one);
            known = true;
        }
        if !known {
            return Err(target::not_found(text));
        }
    }
    if chosen.iter().all(BTreeSet::is_empty) {
        return Err(not_sealed());
    }
    Ok(chosen)
}

fn block_named(text: &str) -> Failure {
    Failure::input(
        Both::new("区块不能单独出具证明", "a block is not proven by itself"),
        Both::new(
            "请写其中的记录，或用 --consistency A..B 证明两个区块同属一条历史。",
            "Name a record in it, or tie two blocks together with --consistency A..B.",
        ),
    )
    .on(text)
}

fn not_sealed() -> Failure {
    Failure::from(yinzheng::Error::new(ErrorCode::NotFound, "no sealed record")).next(Both::new(
        "记录尚未封存：先运行 yinzheng seal --block。",
        "The record is not sealed yet: run yinzheng seal --block first.",
    ))
}

fn prove(
    ledger: &Ledger,
    sequences: &BTreeSet<u64>,
    disclose: Disclose,
    head: ProofHead,
) -> Result<Proof> {
    let records = Selection::Sequences(sequences.iter().copied().collect());
    let request = ProofRequest { records, disclose };
    ledger.prove_under(&request, head).map_err(|error| match error.code() {
        ErrorCode::WrongVaultKey => Failure::from(error).next(Both::new(
            "出示字段值需要 --vault-key；不出示任何值：--disclose none。",
            "Disclosing values takes --vault-key; to disclose none: --disclose none.",
        )),
        ErrorCode::NotFound if head == ProofHead::Witnessed => Failure::from(error).next(Both::new(
            "记录所在区块之后尚无时间戳或会签：先运行 yinzheng timestamp，或不用 --head。",
            "No block from the records' own on has a timestamp or countersignature: run yinzheng timestamp first, or leave --head out.",
        )),
        _ => error.into(),
    })
}

/// The records in a proof with their profiles.
pub(crate) struct Shown {
    records: Vec<(Record, Vec<u8>)>,
    profiles: Vec<Profile>,
}

impl Shown {
    pub(crate) fn of(proof: &Proof) -> Result<Self> {
        let profiles: Vec<Profile> =
            proof.profiles.iter().filter_map(|file| Profile::parse(file).ok()).collect();
        let mut records = Vec::new();
        for item in &proof.items {
            if let Some((record, bytes)) = Entry::parse(&item.entry)?.record() {
                records.push((record.clone(), bytes.to_vec()));
            }
        }
        Ok(Self { records, profiles })
    }

    /// Each record with the profile that it follows.
    fn records(&self) -> Vec<(&Record, &Profile)> {
        let profile = |record: &Record| {
            let digest = record.profile.digest;
            self.profiles.iter().find(|profile| profile.digest(digest.alg) == digest)
        };
        self.records.iter().filter_map(|(record, _)| Some((record, profile(record)?))).collect()
    }

    fn numbers(&self) -> Vec<String> {
        self.records
            .iter()
            .map(|(record, bytes)| yinzheng::number::record_number(&record.digest(bytes)))
            .collect()
    }
}

/// A file name out of the first thing named: `R-ABCD-EFGH.yzp`.
pub(crate) fn default_name(what: &[String], extension: &str) -> PathBuf {
    let first = what.first().map_or("proof", String::as_str);
    let front: String =
        first.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(11).collect();
    PathBuf::from(format!("{}.{extension}", front.trim_end_matches('-')))
}

fn told(path: &Path, bytes: &[u8], proof: &Proof, screen: &Screen) -> Result<Done> {
    let lang = screen.lang;
    let shown = Shown::of(proof)?;
    let disclosed: usize = proof.items.iter().map(|item| item.disclosures.len()).sum();
    let fields: usize = shown.records.iter().map(|(record, _)| record.fields.len()).sum();
    let numbers = shown.numbers();
    let withheld = fields.saturating_sub(disclosed);
    let digest = hash::hex::encode(&HashAlg::Sha256.digest(bytes));
    let mut page = Page::new();
    let records = numbers.len();
    page.line(span(
        lang.pick(format!("已出具证明：{records} 条记录"), format!("proof of {records} records")),
        Tone::Bold,
    ));
    let values = lang.pick(
        format!("出示 {disclosed} 个，不出示 {withheld} 个"),
        format!("{disclosed} disclosed, {withheld} withheld"),
    );
    let mut rows: Vec<Vec<Span>> = vec![
        vec![lang.pick("文件", "file").into(), path.display().to_string().into()],
        vec![lang.pick("大小", "size").into(), format!("{} B", bytes.len()).into()],
        vec!["SHA-256".into(), digest.clone().into()],
        vec![lang.pick("字段值", "values").into(), values.into()],
    ];
    rows.extend(
        numbers
            .iter()
            .map(|number| vec![lang.pick("记录", "record").into(), Span::from(number.clone())]),
    );
    page.table(2, rows);
    page.heading(lang.pick("接下来", "Next"));
    page.line(format!("  {} verify {}", program(), path.display()));
    let json = json!({
        "file": path, "size": bytes.len(), "sha256": digest, "records": numbers,
        "ledgers": proof.ledgers.len(), "disclosed": disclosed, "withheld": withheld,
    });
    Ok(Done::fine(json, page))
}

fn consistency(range: &str, ledgers: &[Ledger], args: &ProveArgs, screen: &Screen) -> Result<Done> {
    let heights = range.split_once("..").map(|(a, b)| (a.trim().parse(), b.trim().parse()));
    let (Some((Ok(older), Ok(newer))), [ledger]) = (heights, ledgers) else {
        return Err(Failure::input(
            Both::new(
                "一致性证明要写成 A..B，且只涉及一个账本",
                "a consistency proof is of A..B in one ledger",
            ),
            Both::new("例如 --consistency 3..7", "For example --consistency 3..7"),
        )
        .on(range));
    };
    let proof = ledger.consistency(older, newer)?;
    let bytes = proof.encode();
    let path =
        args.out.clone().unwrap_or_else(|| format!("consistency-{older}-{newer}.yzc").into());
    files::write(&path, &bytes, args.force)?;
    let mut page = Page::new();
    page.line(screen.lang.pick(
        format!("区块 {older} 及其之前的全部区块，都在区块 {newer} 的历史之中。"),
        format!("Block {older}, and all blocks before it, lie in the history of block {newer}."),
    ));
    page.line(format!("  {}", path.display()));
    let json = json!({
        "file": path, "size": bytes.len(), "ledger_id": ledger.id().to_string(),
        "older": older, "newer": newer,
    });
    Ok(Done::fine(json, page))
}
