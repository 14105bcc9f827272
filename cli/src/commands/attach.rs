//! `yinzheng attach`: keeps countersignatures 会签 of others beside the blocks they are about, so that every later proof carries them.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use yinzheng::ErrorCode;
use yinzheng::anchor::{Countersignature, Outside, OutsideKind, TargetKind};
use yinzheng::codec::limits;
use yinzheng::hash::{Digest, hex};
use yinzheng::ledger::Ledger;
use yinzheng::store::OutsideKey;

use crate::args::LedgerArg;
use crate::failure::{Both, Failure, Result};
use crate::home::{self, LedgerFiles};
use crate::output::{Done, Page, Pick, Screen, Tone, span};
use crate::{clock, files};

/// What to keep, and where.
#[derive(Debug, Args)]
pub(crate) struct AttachArgs {
    /// Countersignatures, as a notary or another bank gave them
    #[arg(value_name = "FILE", required = true)]
    words: Vec<PathBuf>,
    #[command(flatten)]
    ledger: LedgerArg,
}

/// Runs the command. All are read and compared with the ledger before the first is kept.
pub(crate) fn run(args: &AttachArgs, screen: &Screen) -> Result<Done> {
    let files = LedgerFiles::of(&args.ledger)?;
    let ledger = home::open_writing(&files)?;
    let words = args.words.iter().map(|path| read(&ledger, path)).collect::<Result<Vec<_>>>()?;
    let mut page = Page::new();
    let mut kept = Vec::new();
    for (path, word, outside) in words {
        ledger
            .attach(OutsideKey::Block(word.height), &outside)
            .map_err(|error| Failure::from(error).at(path))?;
        let time = clock::text(word.time.captured.unix_ms, word.time.captured.offset_minutes);
        page.line(span(
            screen.lang.pick(
                format!("已附上会签：区块 {}，自称 {}，{time}", word.height, word.issuer),
                format!(
                    "attached a countersignature: block {}, {} as it calls itself, {time}",
                    word.height, word.issuer
                ),
            ),
            Tone::Bold,
        ));
        kept.push(told(&word, &time));
    }
    page.paragraph(
        2,
        span("", Tone::Plain),
        screen.lang.pick(
            "签名未核验：核验者在其策略中列出该会签者后，结论才会是“已证实”。yinzheng prove --head witnessed 出具以该区块为链头的证明。",
            "Signatures were not checked: a verifier calls them proven once the countersigner stands in his policy. yinzheng prove --head witnessed makes a proof that leads to that block.",
        ),
        Tone::Dim,
    );
    Ok(Done::fine(json!({ "attached": kept }), page))
}

/// A countersignature of a block of this ledger.
fn read<'p>(ledger: &Ledger, path: &'p Path) -> Result<(&'p Path, Countersignature, Outside)> {
    let bytes = files::read(path, limits::ENTRY_BYTES)?;
    let here = |error: yinzheng::Error| Failure::from(error).at(path);
    let word = Countersignature::parse(&bytes).map_err(here)?;
    let ours = match ledger.stampable(OutsideKey::Block(word.height)) {
        Ok(sealed) => {
            word.ledger_id == ledger.id()
                && word.sealed_digest == Digest::of(ledger.hash(), &sealed)
        }
        Err(error) if error.code() == ErrorCode::NotFound => false,
        Err(error) => return Err(error.into()),
    };
    if !ours {
        return Err(Failure::input(
            Both::new("该会签所指的区块不在此账本中", "the countersignature is about no block of this ledger"),
            Both::new(
                "请核对 --ledger；若会签者持有另一条历史，请保留该文件：它是分叉的证据。",
                "Check --ledger; if the countersigner holds another history, keep the file: it is evidence of a fork.",
            ),
        )
        .at(path));
    }
    let outside = Outside {
        kind: OutsideKind::Countersignature,
        target: TargetKind::Block,
        digest: word.sealed_digest,
        bytes,
    };
    Ok((path, word, outside))
}

fn told(word: &Countersignature, time: &str) -> Value {
    json!({
        "height": word.height,
        "issuer": word.issuer,
        "kid": hex::encode(&word.kid),
        "claim": word.claim.name(),
        "time": time,
    })
}
