//! `yinzheng export`: a bundle for a replica or a verifier, or the receipt of one entry.

use std::fs::OpenOptions;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use yinzheng::ErrorCode;
use yinzheng::ledger::Ledger;

use crate::args::{LedgerArg, Secrets};
use crate::failure::{Both, Failure, Result, io};
use crate::home::LedgerFiles;
use crate::output::{Done, Page, Pick, Screen, Tone, span};
use crate::target::{self, Target};
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
    /// The file to write; for a receipt the entry goes to the same name with .entry.cbor
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// Overwrite it
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    ledger: LedgerArg,
}

/// Runs the command.
pub(crate) fn run(args: &ExportArgs, screen: &Screen) -> Result<Done> {
    let ledger = home::open_reading(&LedgerFiles::of(&args.ledger)?, &Secrets::default())?;
    match &args.receipt {
        Some(what) => receipt(&ledger, what, args, screen),
        None => bundle(&ledger, args, screen),
    }
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
    let mut options = OpenOptions::new();
    options.write(true);
    if args.force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let file = options.open(&args.out).map_err(|error| io(&args.out, &error))?;
    let written = ledger
        .export(args.from, last, BufWriter::new(file))
        .map_err(|error| Failure::from(error).at(&args.out))?;
    let file = written.into_inner().map_err(|error| io(&args.out, error.error()))?;
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
            "只含封存的条目，不含任何字段值、密钥和保险箱。",
            "Sealed entries only: no values, no keys, nothing of the vault.",
        ),
        Tone::Dim,
    );
    page.heading(lang.pick("接下来", "Next"));
    page.line(format!(
        "  yinzheng verify {0}\n  yinzheng import {0} --ledger replica.db",
        args.out.display()
    ));
    let json = json!({
        "file": args.out, "ledger_id": ledger.id().to_string(),
        "first": from, "last": last, "blocks": blocks, "size": size,
    });
    Ok(Done::fine(json, page))
}

fn receipt(ledger: &Ledger, what: &str, args: &ExportArgs, screen: &Screen) -> Result<Done> {
    let sequence = match target::need(ledger, what)? {
        Target::Sequence(sequence) => Some(sequence),
        Target::Record(row) => row.sequence,
        Target::Dossier(..) | Target::Block(_) => None,
    };
    let sequence = sequence.ok_or_else(|| {
        Failure::input(
            Both::new("回执属于一个条目", "a receipt belongs to one entry"),
            Both::new("请写存证编号 R-… 或序号。", "Name a record R-… or a sequence number."),
        )
        .on(what)
    })?;
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
