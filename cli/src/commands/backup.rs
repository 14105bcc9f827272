//! `yinzheng backup`: a copy of a ledger as it stands at one moment, while others go on writing.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use yinzheng::hash::hex;
use yinzheng::store::backup;

use crate::args::{LedgerArg, Secrets};
use crate::failure::{Failure, Result};
use crate::home::{self, LedgerFiles};
use crate::output::{Done, Page, Pick, Screen, Tone, span};

/// What to copy, and where to.
#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    ledger: LedgerArg,
    /// The copy's .db file; nothing may be there
    #[arg(value_name = "FILE.db")]
    to: PathBuf,
}

/// Runs the command.
pub(crate) fn run(args: &BackupArgs, screen: &Screen) -> Result<Done> {
    let files = LedgerFiles::of(&args.ledger)?;
    files.need()?;
    backup(&files.db, &args.to).map_err(|error| Failure::from(error).at(&args.to))?;
    // What is told is read from the copy: it opens.
    let copy = home::open_reading(&LedgerFiles::at(&args.to), &Secrets::default())?;
    let status = copy.status()?;
    let head = copy
        .head()?
        .map(|head| json!({ "height": head.height, "block_hash": hex::encode(&head.block_hash) }));
    let lang = screen.lang;
    let mut page = Page::new();
    page.line(span(
        lang.pick(
            format!("已备份：{} 个区块，{} 个条目", status.blocks, status.entries),
            format!("backed up: {} blocks, {} entries", status.blocks, status.entries),
        ),
        Tone::Bold,
    ));
    page.line(format!("  {}", args.to.display()));
    page.paragraph(
        2,
        span("", Tone::Plain),
        lang.pick(
            "密钥不在其中，请另行保管。用备份恢复后，若它落后于原账本，不得继续写入：请先核对链头，见 docs/operations.md。",
            "Keys are not in it; keep them elsewhere. A restored ledger that lags behind the one it replaces must not be written to: docs/operations.md says how to tell.",
        ),
        Tone::Dim,
    );
    let json = json!({ "file": args.to, "blocks": status.blocks, "entries": status.entries, "head": head });
    Ok(Done::fine(json, page))
}
