//! `yinzheng export`: a bundle for a replica or a verifier, the receipt of one entry, a kit that lets an expert check its
//! signatures with openssl alone, or what a platform wants to be told of a record.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::json;
use yinzheng::ErrorCode;
use yinzheng::codec::limits;
use yinzheng::entry::Entry;
use yinzheng::export::{KitFile, Platform, deposit, kit_of_record, kit_of_sequence};
use yinzheng::hash::Digest;
use yinzheng::ledger::{Disclose, Ledger, ProofRequest, Selection};
use yinzheng::number::{self, Number};
use yinzheng::proof::Proof;
use yinzheng::verify::Policy;

use crate::args::{LedgerArg, Secrets};
use crate::failure::{Both, Failure, Result, io};
use crate::home::LedgerFiles;
use crate::output::{Done, Page, Pick, Screen, Tone, program, span};
use crate::target::{self, Name, Target};
use crate::{files, home};

/// What to write, and where.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// First block of the bundle
    #[arg(long, value_name = "HEIGHT", default_value_t = 0)]
    from: u64,
    /// Last block of the bundle; without it the newest
    #[arg(long, value_name = "HEIGHT")]
    to: Option<u64>,
    /// Instead of a bundle: the RFC 9942 receipt of a record or entry, with the entry beside it
    #[arg(long, value_name = "WHAT", conflicts_with_all = ["from", "to"])]
    receipt: Option<String>,
    /// Instead of a bundle: a kit to check a record's or entry's signatures with openssl and none of our code
    #[arg(long, value_name = "WHAT", conflicts_with_all = ["from", "to", "receipt"], group = "about")]
    kit: Option<String>,
    /// Instead of a bundle: what a platform wants to be told of a record of --proof, as JSON to send
    #[arg(long, value_name = "R-…", conflicts_with_all = ["from", "to", "receipt"], group = "about", requires_all = ["platform", "proof"])]
    deposit: Option<String>,
    /// For a deposit: whose interface
    #[arg(long, value_parser = PossibleValuesParser::new(Platform::ALL.map(Platform::name)), requires = "deposit")]
    platform: Option<String>,
    /// For a kit or a deposit: take the record from this proof, not from a ledger
    #[arg(long, value_name = "FILE.yzp", requires = "about")]
    proof: Option<PathBuf>,
    /// For a kit: a policy that has keys which are not in the proof, such as a notary's
    #[arg(long, value_name = "FILE", requires = "kit")]
    policy: Option<PathBuf>,
    /// The file to write; for a receipt the entry goes to the same name with .entry.cbor; for a kit a folder
    #[arg(short, long, value_name = "PATH")]
    out: PathBuf,
    /// Overwrite it
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    ledger: LedgerArg,
}

/// Runs the command.
pub(crate) fn run(args: &ExportArgs, screen: &Screen) -> Result<Done> {
    let policy = match &args.policy {
        Some(path) => super::verify::read_policy(path)?,
        None => Policy::empty(),
    };
    if let Some(path) = &args.proof {
        let proof = Proof::parse(&files::read(path, limits::PROOF_BYTES)?);
        let proof = proof.map_err(|error| Failure::from(error).at(path))?;
        if let (Some(what), Some(platform)) = (&args.deposit, &args.platform) {
            return deposit_of(&proof, what, platform, args, screen);
        }
        if let Some(what) = &args.kit {
            return write_kit(kit_from_proof(&proof, what, &policy)?, args, screen);
        }
    }
    let wanted = args.kit.as_ref().or(args.receipt.as_ref());
    let name = wanted.map(|text| target::parse(text)).transpose()?;
    let ledger = home::open_reading(&LedgerFiles::of(&args.ledger)?, &Secrets::default())?;
    let (Some(text), Some(name)) = (wanted, name) else { return bundle(&ledger, args, screen) };
    let sequence = sequence_of(&ledger, text, &name)?;
    if args.kit.is_some() {
        let records = Selection::Sequences(vec![sequence]);
        let proof = ledger.prove(&ProofRequest { records, disclose: Disclose::None });
        let proof = proof.map_err(|error| match error.code() {
            ErrorCode::NotFound => nothing_sealed(),
            _ => Failure::from(error),
        })?;
        let kit = kit_of_sequence(&proof, &ledger.id(), sequence, &policy)?;
        return write_kit(kit, args, screen);
    }
    receipt(&ledger, sequence, args, screen)
}

fn bundle(ledger: &Ledger, args: &ExportArgs, screen: &Screen) -> Result<Done> {
    let head = ledger.head()?.ok_or_else(nothing_sealed)?;
    let last = args.to.unwrap_or(head.height);
    if args.from > last || last > head.height {
        return Err(Failure::input(
            Both::new("没有这个区块范围", "no such range of blocks"),
            Both::new(
                format!("账本有区块 0 至 {}。", head.height),
                format!("The ledger has blocks 0 to {}.", head.height),
            ),
        )
        .on(format!("{}..{last}", args.from)));
    }
    let file = files::create(&args.out, args.force).map_err(|error| io(&args.out, &error))?;
    let bar = screen.progress_bytes(None, screen.lang.pick("导出", "exporting"));
    let written = ledger
        .export(args.from, last, BufWriter::new(bar.wrap_write(&file)))
        .map_err(|error| Failure::from(error).at(&args.out))?;
    bar.finish_and_clear();
    drop(written);
    file.sync_all().map_err(|error| io(&args.out, &error))?;
    let size = file.metadata().map_or(0, |data| data.len());
    let lang = screen.lang;
    let (from, blocks) = (args.from, last - args.from + 1);
    let mut page = Page::new();
    page.line(span(
        lang.pick(
            format!("已导出区块 {from} 至 {last}，共 {blocks} 个，{size} 字节"),
            format!("exported blocks {from} to {last}: {blocks} blocks, {size} bytes"),
        ),
        Tone::Bold,
    ));
    page.line(format!("  {}", args.out.display()));
    page.paragraph(
        2,
        span("", Tone::Plain),
        lang.pick(
            "只含封存的条目，不含任何字段值、密钥和保管库。",
            "Sealed entries only: no values, no keys, nothing of the vault.",
        ),
        Tone::Dim,
    );
    page.heading(lang.pick("接下来", "Next"));
    let (program, out) = (program(), args.out.display());
    page.line(format!("  {program} verify {out}"));
    page.line(format!("  {program} import {out} --ledger replica.db"));
    let json = json!({
        "file": args.out, "ledger_id": ledger.id().to_string(),
        "first": from, "last": last, "blocks": blocks, "size": size,
    });
    Ok(Done::fine(json, page))
}

/// The entry that a name means.
fn sequence_of(ledger: &Ledger, what: &str, name: &Name) -> Result<u64> {
    let found = target::find(ledger, name)?.ok_or_else(|| target::not_found(what))?;
    let sequence = match found {
        Target::Sequence(sequence) => Some(sequence),
        Target::Record(row) => row.sequence,
        Target::Dossier(..) | Target::Block(_) => None,
    };
    sequence.ok_or_else(|| {
        Failure::input(
            Both::new("回执和核验包属于一个条目", "a receipt or kit belongs to one entry"),
            Both::new("请写存证编号 R-… 或序号。", "Name a record R-… or a sequence number."),
        )
        .on(what)
    })
}

/// The kit of a record, or of an entry of the only ledger, that a proof shows.
fn kit_from_proof(proof: &Proof, what: &str, policy: &Policy) -> Result<Vec<KitFile>> {
    match target::parse(what)? {
        Name::Number(wanted) => {
            if let Some(digest) = record_in(proof, &wanted)? {
                return Ok(kit_of_record(proof, &digest, policy)?);
            }
        }
        Name::Sequence(sequence) => {
            if let [ledger] = proof.ledgers.as_slice() {
                let head = ledger.head()?;
                let id = Digest { alg: head.header().hash, bytes: head.header().ledger_id };
                return Ok(kit_of_sequence(proof, &id, sequence, policy)?);
            }
        }
        Name::Block(_) => {}
    }
    Err(not_in_proof(what))
}

/// The digest of the record that a number names.
pub(super) fn record_in(proof: &Proof, wanted: &Number) -> Result<Option<Digest>> {
    for item in &proof.items {
        let entry = Entry::parse(&item.entry)?;
        let Some((record, bytes)) = entry.record() else { continue };
        let digest = record.digest(bytes);
        if number::parse(&number::record_number(&digest)).as_ref() == Ok(wanted) {
            return Ok(Some(digest));
        }
    }
    Ok(None)
}

pub(super) fn not_in_proof(what: &str) -> Failure {
    Failure::from(yinzheng::Error::new(ErrorCode::NotFound, "not in this proof"))
        .next(Both::new(
            "请写证明中的存证编号 R-…；yinzheng show 文件.yzp 会列出它们。",
            "Name a record R-… of the proof; yinzheng show FILE.yzp lists them.",
        ))
        .on(what)
}

fn deposit_of(
    proof: &Proof,
    what: &str,
    platform: &str,
    args: &ExportArgs,
    screen: &Screen,
) -> Result<Done> {
    let digest = match target::parse(what)? {
        Name::Number(wanted) => record_in(proof, &wanted)?,
        Name::Sequence(_) | Name::Block(_) => None,
    };
    let digest = digest.ok_or_else(|| not_in_proof(what))?;
    let named = Platform::ALL.into_iter().find(|named| named.name() == platform);
    let named = named.ok_or_else(|| not_in_proof(platform))?;
    files::write(&args.out, &deposit(proof, &digest, named)?, args.force)?;
    let lang = screen.lang;
    let mut page = Page::new();
    page.line(span(lang.pick("平台存证数据", "For the platform"), Tone::Bold));
    page.line(format!("  {}", args.out.display()));
    page.paragraph(
        2,
        span("", Tone::Plain),
        lang.pick(
            "由您的系统发送；平台的回执用 attach 接口存回账本。",
            "Your system sends it; keep what the platform answers as a platform receipt beside the entry.",
        ),
        Tone::Dim,
    );
    let json = json!({ "file": args.out, "platform": platform, "record": digest.to_string() });
    Ok(Done::fine(json, page))
}

fn write_kit(kit: Vec<KitFile>, args: &ExportArgs, screen: &Screen) -> Result<Done> {
    files::make_folder(&args.out)?;
    let mut written = Vec::with_capacity(kit.len());
    for file in kit {
        let path = args.out.join(&file.name);
        files::write(&path, &file.bytes, args.force)?;
        written.push(path);
    }
    let lang = screen.lang;
    let mut page = Page::new();
    page.line(span(lang.pick("核验包", "Verification kit"), Tone::Bold));
    for path in &written {
        page.line(format!("  {}", path.display()));
    }
    page.paragraph(
        2,
        span("→ ", Tone::Plain),
        lang.pick(
            "COMMANDS.txt 中是逐条命令：只用 openssl，不用本程序，即可核验其中的每个签名。",
            "COMMANDS.txt has the exact commands: every signature can be checked with openssl and none of our code.",
        ),
        Tone::Plain,
    );
    Ok(Done::fine(json!({ "folder": args.out, "files": written }), page))
}

fn receipt(ledger: &Ledger, sequence: u64, args: &ExportArgs, screen: &Screen) -> Result<Done> {
    let entry = ledger.entry(sequence)?;
    let receipt = ledger.receipt(sequence).map_err(|error| match error.code() {
        ErrorCode::NotFound => nothing_sealed(),
        _ => Failure::from(error),
    })?;
    let beside = entry_path(&args.out);
    files::write(&args.out, &receipt.encode(), args.force)?;
    files::write(&beside, &entry, args.force)?;
    let header = receipt.block().header();
    let mut page = Page::new();
    page.line(span(
        screen.lang.pick("回执（RFC 9942）与条目", "Receipt (RFC 9942) and entry"),
        Tone::Bold,
    ));
    page.line(format!("  {}", args.out.display()));
    page.line(format!("  {}", beside.display()));
    let json = json!({
        "receipt": args.out, "entry": beside, "sequence": sequence,
        "height": header.height, "index": receipt.index(), "size": header.entry_count,
    });
    Ok(Done::fine(json, page))
}

fn entry_path(receipt: &Path) -> PathBuf {
    receipt.with_extension("entry.cbor")
}

fn nothing_sealed() -> Failure {
    Failure::from(yinzheng::Error::new(ErrorCode::NotFound, "not in a signed block")).next(
        Both::new("先运行 yinzheng seal --block 封存。", "Seal it first: yinzheng seal --block."),
    )
}
