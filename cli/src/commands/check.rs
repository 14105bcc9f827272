//! `yinzheng check`: everything in a ledger, block by block.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use yinzheng::hash::hex;
use yinzheng::ledger::CheckProblem;

use crate::args::{LedgerArg, Secrets};
use crate::failure::{Both, Exit, Failure, Result};
use crate::home::{self, LedgerFiles};
use crate::output::{Done, Page, Pick, Screen, Tone, span};

mod archive;

/// Which ledger, and what is known of it.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// A head that you wrote down earlier, as `yinzheng list` shows it: the ledger must still contain it
    #[arg(long, value_name = "HEIGHT:HASH")]
    head: Option<String>,
    /// Instead: hash every file in this folder and compare with the attachments that the ledger's records name. Takes the vault key
    #[arg(long, value_name = "DIR", conflicts_with = "head")]
    originals: Option<PathBuf>,
    #[command(flatten)]
    ledger: LedgerArg,
    #[command(flatten)]
    secrets: Secrets,
}

/// Runs the command.
pub(crate) fn run(args: &CheckArgs, screen: &Screen) -> Result<Done> {
    let files = LedgerFiles::of(&args.ledger)?;
    if let Some(folder) = &args.originals {
        let ledger = home::open_reading(&files, &args.secrets)?;
        return archive::check(&ledger, folder, screen);
    }
    let head = args.head.as_deref().map(parse_head).transpose()?;
    let ledger = home::open_expecting(&files, &args.secrets, head)?;
    let bar = screen.progress(0, screen.lang.pick("检查", "checking"));
    let report = ledger.check(|done, total| {
        bar.set_length(total);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    let lang = screen.lang;
    let mut page = Page::new();
    let (blocks, entries, values) = (report.blocks, report.entries, report.values);
    let fine = report.problems.is_empty();
    let (mark, tone) = if fine { ("✓ ", Tone::Good) } else { ("✗ ", Tone::Bad) };
    let result = match fine {
        true => lang.pick("未发现问题", "nothing is wrong"),
        false => lang.pick("发现问题", "something is wrong"),
    };
    page.spans(vec![span(mark, tone), span(result, Tone::Bold)]);
    page.line(lang.pick(
        format!(
            "  已检查 {blocks} 个区块、{entries} 条目、{values} 个字段值：{}",
            files.db.display()
        ),
        format!(
            "  checked {blocks} blocks, {entries} entries, {values} values: {}",
            files.db.display()
        ),
    ));
    for problem in &report.problems {
        page.paragraph(2, span("✗ ", Tone::Bad), &told(problem, screen), Tone::Plain);
    }
    if fine && args.head.is_none() {
        page.paragraph(
            2,
            span("! ", Tone::Warn),
            lang.pick(
                "整个账本被删除或退回旧版，从账本自身看不出来；把链头记在别处，用 --head 对照。",
                "A ledger that was rolled back looks whole by itself: keep its head elsewhere and compare it with --head.",
            ),
            Tone::Plain,
        );
    }
    if !fine {
        page.paragraph(
            2,
            span("→ ", Tone::Warn),
            lang.pick(
                "原样保留这些文件，不要再写入；从副本或备份恢复。",
                "Keep the files as they are and write nothing more; restore from a replica or backup.",
            ),
            Tone::Plain,
        );
    }
    let problems: Vec<Value> = report
        .problems
        .iter()
        .map(|problem| {
            json!({
                "height": problem.height, "sequence": problem.sequence,
                "number": problem.error.number(), "message": problem.error.to_string(),
            })
        })
        .collect();
    let json = json!({
        "ledger": files.db, "id": ledger.id().to_string(), "fine": fine,
        "blocks": blocks, "entries": entries, "values": values, "problems": problems,
    });
    Ok(Done { exit: if fine { Exit::Fine } else { Exit::Contradicted }, json, page })
}

fn told(problem: &CheckProblem, screen: &Screen) -> String {
    let lang = screen.lang;
    let mut place = String::new();
    if let Some(height) = problem.height {
        place += &lang.pick(format!("区块 {height} "), format!("block {height} "));
    }
    if let Some(sequence) = problem.sequence {
        place += &lang.pick(format!("序号 {sequence} "), format!("sequence number {sequence} "));
    }
    place + &Failure::from(problem.error.clone()).what(lang)
}

fn parse_head(text: &str) -> Result<yinzheng::ledger::ExpectedHead> {
    let read = || {
        let (height, hash) = text.split_once(':')?;
        let block_hash = hex::decode_n::<32>(hash).ok()?;
        Some(yinzheng::ledger::ExpectedHead { height: height.parse().ok()?, block_hash })
    };
    read().ok_or_else(|| {
        Failure::input(
            Both::new("链头要写成 高度:区块哈希", "a head is written HEIGHT:HASH"),
            Both::new(
                "照抄 yinzheng list 显示的“链头”一行。",
                "Copy the line \"head\" that yinzheng list shows.",
            ),
        )
        .on(text)
    })
}
