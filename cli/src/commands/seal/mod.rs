//! `yinzheng seal`: a folder with a whole story, one business message, or just the block that is due.

mod draft;
mod message;
mod policy;
mod run;
mod screen;
mod story;

use std::path::PathBuf;

use clap::Args;

use crate::args::{AlgArg, HashArg, LedgerArg, Secrets};
use crate::failure::{Both, Failure, Result};
use crate::output::{Done, Screen};

/// What to seal, and where.
#[derive(Debug, Args)]
pub(crate) struct SealArgs {
    /// A folder with a story.json, or a message: one JSON object
    #[arg(required_unless_present = "block")]
    path: Option<PathBuf>,

    /// Folder of a story's output; without it out/<name of the story>
    #[arg(long, value_name = "DIR", help_heading = "A story 整个事项")]
    out: Option<PathBuf>,
    /// Delete the output of an earlier run first
    #[arg(long, help_heading = "A story 整个事项")]
    fresh: bool,

    /// Profile of the message: an id (yinzheng profile list) or a file
    #[arg(
        long,
        value_name = "ID|FILE",
        default_value = "generic",
        help_heading = "One message 单个报文"
    )]
    profile: String,
    /// The dossier it belongs to, D-…; without it a new one
    #[arg(long, value_name = "D-…", help_heading = "One message 单个报文")]
    dossier: Option<String>,
    /// A file that belongs to the message, by field name or key
    #[arg(long, value_name = "FIELD=FILE", help_heading = "One message 单个报文")]
    attach: Vec<String>,
    /// Field that says when it happened
    #[arg(long, value_name = "FIELD", help_heading = "One message 单个报文")]
    happened: Option<String>,
    /// A record it cites, R-… of this ledger or a digest; `consent=` or `evidence=` before it says how
    #[arg(long, value_name = "RECORD", help_heading = "One message 单个报文")]
    cite: Vec<String>,
    /// The record that it corrects
    #[arg(long, value_name = "RECORD", help_heading = "One message 单个报文")]
    supersedes: Option<String>,
    /// Your own id of this event: sealing it again with the same content gives the same record
    #[arg(long, value_name = "ID", help_heading = "One message 单个报文")]
    business_id: Option<String>,
    /// Append only; a later `seal --block` seals it
    #[arg(long, help_heading = "One message 单个报文")]
    append_only: bool,
    /// Seal a block over everything that waits
    #[arg(long, help_heading = "One message 单个报文")]
    block: bool,

    #[command(flatten)]
    ledger: LedgerArg,
    #[command(flatten)]
    secrets: Secrets,
    /// Hash of the ledger, if it must be made first
    #[arg(
        long,
        value_enum,
        value_name = "HASH",
        default_value = "sha256",
        help_heading = "A new ledger 新账本"
    )]
    hash: HashArg,
    /// Algorithm of its software key, ed25519 without it; a key that lies beside its place already is used as it is
    #[arg(long, value_enum, value_name = "ALG", help_heading = "A new ledger 新账本")]
    key: Option<AlgArg>,
    /// Name of the sealing organisation
    #[arg(long, value_name = "NAME", help_heading = "A new ledger 新账本")]
    organisation: Option<String>,
}

/// Runs the command.
pub(crate) fn run(args: &SealArgs, screen: &Screen) -> Result<Done> {
    match &args.path {
        Some(path) if path.is_dir() => story::run(path, args, screen),
        Some(path) if !path.exists() => Err(Failure::input(
            Both::new("没有这个文件或文件夹", "no such file or folder"),
            Both::new(
                "请给出含 story.json 的文件夹，例如 examples/credit-loan，或一个报文文件。",
                "Name a folder with a story.json, for example examples/credit-loan, or a message file.",
            ),
        )
        .at(path)),
        Some(path) => message::run(path, args, screen),
        None => message::seal_block(args, screen),
    }
}
