//! `yinzheng import`: a bundle into a replica, checked block by block before anything is kept.

use std::fs::File;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use yinzheng::ErrorCode;
use yinzheng::ledger::import;
use yinzheng::store::{SqliteStore, Store};

use crate::failure::{Both, Failure, Result, io};
use crate::output::{Done, Page, Pick, Screen, Tone, span};

/// What to take in, and where.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// A bundle (.yzb)
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    /// The replica's .db file; it is made when it is not there
    #[arg(long, value_name = "PATH")]
    ledger: PathBuf,
}

/// Runs the command.
pub(crate) fn run(args: &ImportArgs, screen: &Screen) -> Result<Done> {
    let file = File::open(&args.bundle).map_err(|error| io(&args.bundle, &error))?;
    let here = |error: yinzheng::Error| Failure::from(error).at(&args.ledger);
    let created = !args.ledger.exists();
    let mut store = match created {
        true => SqliteStore::create(&args.ledger).map_err(here)?,
        false => SqliteStore::open(&args.ledger).map_err(here)?,
    };
    let size = file.metadata().ok().map(|data| data.len());
    let bar = screen.progress_bytes(size, screen.lang.pick("导入", "importing"));
    let imported = import(&mut store, bar.wrap_read(file));
    bar.finish_and_clear();
    let report = match imported {
        Ok(report) => report,
        Err(error) => {
            let empty = store.next_sequence().is_ok_and(|next| next == 0);
            drop(store);
            if created && empty {
                // Nothing was kept; an empty file would only be in the way.
                for extension in ["db", "db-wal", "db-shm", "db.lock"] {
                    drop(std::fs::remove_file(args.ledger.with_extension(extension)));
                }
            }
            let failure = match error.code() {
                ErrorCode::InvalidArgument => Failure::from(error).next(Both::new(
                    "导入到一个副本：--ledger 指向新文件，或先前导入同一账本的副本。",
                    "Import into a replica: name a new file, or a replica of the same ledger.",
                )),
                _ => Failure::from(error),
            };
            return Err(failure.at(&args.bundle));
        }
    };
    let lang = screen.lang;
    let mut page = Page::new();
    page.line(span(
        lang.pick(
            format!(
                "已导入 {} 个区块，已有 {} 个；副本高度 {}",
                report.imported, report.known, report.height
            ),
            format!(
                "imported {} blocks, {} were there; the replica is at height {}",
                report.imported, report.known, report.height
            ),
        ),
        Tone::Bold,
    ));
    page.line(format!("  {}", args.ledger.display()));
    page.paragraph(
        2,
        span("", Tone::Plain),
        lang.pick(
            "副本只能读，没有字段值和密钥。",
            "A replica can only be read; it has no values and no keys.",
        ),
        Tone::Dim,
    );
    let json = json!({
        "ledger": args.ledger, "imported": report.imported, "known": report.known,
        "height": report.height,
    });
    Ok(Done::fine(json, page))
}
