//! `yinzheng timestamp`: RFC 3161 timestamps 可信时间戳. The request is a file that you send to an authority, its answer is a file
//! that you hand in; the command itself asks nobody.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use yinzheng::ErrorCode;
use yinzheng::anchor::{Timestamp, TimestampRequest};
use yinzheng::ledger::Ledger;
use yinzheng::store::OutsideKey;
use yinzheng::verify::Policy;

use super::verify::read_policy;
use crate::args::{HashArg, LedgerArg, Secrets};
use crate::failure::{Both, Failure, Result};
use crate::home::{self, LedgerFiles};
use crate::output::{Done, Page, Pick, Screen, Tone, span};
use crate::target::{self, Target};
use crate::{clock, files};

/// The largest request or answer.
const BYTES: usize = 128 * 1024;

/// What to do.
#[derive(Debug, Args)]
pub(crate) struct TimestampArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write a request over a block's sealed bytes or an entry's bytes 生成请求
    Request {
        /// block:HEIGHT, a sequence number or R-…; without it the newest block
        #[arg(value_name = "WHAT")]
        what: Option<String>,
        #[command(flatten)]
        ledger: LedgerArg,
        /// Hash of the imprint
        #[arg(long, value_enum, default_value = "sha256")]
        hash: HashArg,
        /// The request; send it as application/timestamp-query, and keep it until the answer is attached
        #[arg(short, long, value_name = "FILE.tsq")]
        out: PathBuf,
        /// Overwrite it
        #[arg(long)]
        force: bool,
    },
    /// Check an authority's answer and keep its token in the ledger, for proofs to carry 附上应答
    Attach {
        /// What the request was about; without it the block with its imprint is looked for
        #[arg(value_name = "WHAT")]
        what: Option<String>,
        #[command(flatten)]
        ledger: LedgerArg,
        /// The request
        #[arg(long, value_name = "FILE.tsq")]
        request: PathBuf,
        /// The answer, application/timestamp-reply
        #[arg(long, value_name = "FILE.tsr")]
        response: PathBuf,
        /// A policy whose authorities the token must lead to; without it that is left to whoever verifies
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
        /// Write the token to a file too
        #[arg(short, long, value_name = "FILE.tst")]
        out: Option<PathBuf>,
    },
}

/// Runs the command.
pub(crate) fn run(args: &TimestampArgs, screen: &Screen) -> Result<Done> {
    match &args.what {
        What::Request { what, ledger, hash, out, force } => {
            let files = LedgerFiles::of(ledger)?;
            let ledger = home::open_reading(&files, &Secrets::default())?;
            let key = match what {
                Some(text) => key(&ledger, text)?,
                None => newest(&ledger)?,
            };
            let request = ledger.timestamp_request(key, (*hash).into())?;
            files::write(out, &request.encode(), *force)?;
            requested(key, &request, out, screen)
        }
        What::Attach { what, ledger, request, response, policy, out } => {
            let query = files::read(request, BYTES)?;
            let query = TimestampRequest::parse(&query)
                .map_err(|error| Failure::from(error).at(request))?;
            let answer = files::read(response, BYTES)?;
            let policy = policy.as_deref().map(read_policy).transpose()?;
            let files = LedgerFiles::of(ledger)?;
            let ledger = home::open_writing(&files)?;
            let key = match what {
                Some(text) => key(&ledger, text)?,
                None => with_imprint(&ledger, &query)?,
            };
            let trust = policy.as_ref().map(Policy::timestamp_trust);
            let token = ledger
                .attach_timestamp(key, &query, &answer, trust)
                .map_err(|error| Failure::from(error).at(response))?;
            if let Some(out) = out {
                files::write(out, token.bytes(), false)?;
            }
            attached(key, &token, policy.is_some(), screen)
        }
    }
}

fn key(ledger: &Ledger, text: &str) -> Result<OutsideKey> {
    match target::need(ledger, text)? {
        Target::Block(height) => Ok(OutsideKey::Block(height)),
        Target::Sequence(sequence) => Ok(OutsideKey::Entry(sequence)),
        Target::Record(row) if row.sequence.is_some() => {
            Ok(OutsideKey::Entry(row.sequence.unwrap_or_default()))
        }
        Target::Record(_) | Target::Dossier(..) => Err(Failure::input(
            Both::new("只能为区块或单个条目申请时间戳", "only a block or one entry can be stamped"),
            Both::new(
                "请写 block:3、序号或存证编号；为最新区块申请时间戳即覆盖之前的全部记录。",
                "Write block:3, a sequence number or a record number; a stamp on the newest block covers all records before it.",
            ),
        )
        .on(text)),
    }
}

fn newest(ledger: &Ledger) -> Result<OutsideKey> {
    let head = ledger
        .head()?
        .ok_or_else(|| yinzheng::Error::new(ErrorCode::NotFound, "no block is sealed yet"))?;
    Ok(OutsideKey::Block(head.height))
}

/// The block whose sealed bytes have the request's imprint, newest first.
fn with_imprint(ledger: &Ledger, request: &TimestampRequest) -> Result<OutsideKey> {
    for height in (0..ledger.status()?.blocks).rev() {
        let key = OutsideKey::Block(height);
        if request.imprint().is_of(&ledger.stampable(key)?) {
            return Ok(key);
        }
    }
    Err(Failure::input(
        Both::new(
            "账本中没有该请求所指的区块",
            "no block of this ledger is what the request is about",
        ),
        Both::new(
            "请核对 --ledger；若请求的是条目，请写明其序号。",
            "Check --ledger; for an entry name its sequence number.",
        ),
    ))
}

fn about(key: OutsideKey, screen: &Screen) -> (String, Value) {
    match key {
        OutsideKey::Block(height) => (
            screen.lang.pick(format!("区块 {height}"), format!("block {height}")),
            json!({ "height": height }),
        ),
        OutsideKey::Entry(sequence) => (
            screen.lang.pick(format!("条目 {sequence}"), format!("entry {sequence}")),
            json!({ "sequence": sequence }),
        ),
    }
}

fn requested(
    key: OutsideKey,
    request: &TimestampRequest,
    out: &Path,
    screen: &Screen,
) -> Result<Done> {
    let lang = screen.lang;
    let (what, target) = about(key, screen);
    let mut page = Page::new();
    page.line(span(
        lang.pick(format!("已生成时间戳请求：{what}"), format!("made a timestamp request: {what}")),
        Tone::Bold,
    ));
    page.line(format!("  {}", out.display()));
    page.line(format!("  {} {}", request.imprint().hash(), request.imprint().hex()));
    page.paragraph(
        2,
        span("", Tone::Plain),
        lang.pick(
            "把该文件发给时间戳机构（curl -H 'Content-Type: application/timestamp-query' --data-binary @文件 网址 -o 应答），再用 yinzheng timestamp attach 附上应答。请保留该请求。",
            "Send the file to an authority (curl -H 'Content-Type: application/timestamp-query' --data-binary @FILE URL -o ANSWER) and hand its answer to yinzheng timestamp attach. Keep the request until then.",
        ),
        Tone::Dim,
    );
    let json = json!({
        "file": out,
        "target": target,
        "hash": request.imprint().hash(),
        "imprint": request.imprint().hex(),
    });
    Ok(Done::fine(json, page))
}

fn attached(key: OutsideKey, token: &Timestamp, checked: bool, screen: &Screen) -> Result<Done> {
    let lang = screen.lang;
    let (what, target) = about(key, screen);
    let time = clock::text(token.time_ms(), 0);
    let mut page = Page::new();
    page.line(span(
        lang.pick(
            format!("已附上时间戳：{what}，{time}"),
            format!("attached a timestamp: {what}, {time}"),
        ),
        Tone::Bold,
    ));
    page.paragraph(
        2,
        span("", Tone::Plain),
        match checked {
            true => lang.pick(
                "令牌的证书链通向核验策略所列机构。",
                "The token leads to an authority of the policy.",
            ),
            false => lang.pick(
                "未核验证书链：核验者在其策略中列出该机构后，结论才会是“已证实”。",
                "Its chain was not checked: a verifier calls it proven once the authority stands in his policy.",
            ),
        },
        Tone::Dim,
    );
    let json = json!({
        "target": target,
        "time_ms": token.time_ms(),
        "time": time,
        "accuracy_ms": token.accuracy_ms(),
        "serial": token.serial(),
        "policy": token.policy(),
        "hash": token.imprint().hash(),
        "imprint": token.imprint().hex(),
        "chain_checked": checked,
    });
    Ok(Done::fine(json, page))
}
