//! `yinzheng page`: one page for those who run a ledger.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use yinzheng::ErrorCode;
use yinzheng::entry::{Body, Entry};
use yinzheng::hash::hex;
use yinzheng::key::{KeyInForce, SignerKeys};
use yinzheng::ledger::Ledger;
use yinzheng::paper::{
    KeyFacts, LedgerFacts, PaperOptions, THRESHOLD_BYTES, Thresholds, ledger_page,
};
use yinzheng::value::escape::for_people;

use crate::args::{LedgerArg, Secrets};
use crate::failure::{Exit, Failure, Result};
use crate::home::LedgerFiles;
use crate::output::{Done, Page, Pick, Screen, Tone, span};
use crate::{clock, files, home};

/// Which ledger, and when to raise an alarm.
#[derive(Debug, Args)]
pub(crate) struct PageArgs {
    /// Thresholds (JSON): unsealed_entries, unsealed_seconds, unsigned_seconds, blocks_without_outside, held, findings, store_bytes
    #[arg(long, value_name = "FILE")]
    thresholds: Option<PathBuf>,
    /// The time now; without it the system's clock
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// Overwrite it
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    ledger: LedgerArg,
    #[command(flatten)]
    secrets: Secrets,
}

/// Runs the command. An alarm is exit code 1, so that a scheduler hears of it.
pub(crate) fn run(args: &PageArgs, screen: &Screen) -> Result<Done> {
    let thresholds = match &args.thresholds {
        Some(path) => Thresholds::parse(&files::read(path, THRESHOLD_BYTES)?)
            .map_err(|error| Failure::from(error).at(path))?,
        None => Thresholds::default(),
    };
    let now_ms = super::verify::declared(args.at.as_deref())?.unix_ms;
    let ledger = home::open_reading(&LedgerFiles::of(&args.ledger)?, &args.secrets)?;
    let facts = facts(&ledger, now_ms, screen)?;
    let page = ledger_page(&facts, &thresholds, &PaperOptions::new(screen.lang))?;
    files::write(&args.out, page.as_bytes(), args.force)?;
    let (gone, restricted) = (facts.values_gone, facts.values_restricted);
    let alarms = thresholds.alarms(&facts);
    let mut told = Page::new();
    told.line(span(args.out.display().to_string(), Tone::Bold));
    for (id, figure, limit) in &alarms {
        told.spans(vec![
            span("✗ ", Tone::Bad),
            span(format!("{id}: {figure} > {limit}"), Tone::Plain),
        ]);
    }
    if gone + restricted > 0 {
        told.line(screen.lang.pick(
            format!("  字段值已擦除或不在的记录 {gone} 条，限制披露的 {restricted} 条：其采集提示未计入"),
            format!("  findings leave out {gone} records whose values are erased or not there, and {restricted} that are restricted"),
        ));
    }
    let exit = if alarms.is_empty() { Exit::Fine } else { Exit::Contradicted };
    let alarms: Vec<_> = alarms
        .iter()
        .map(|(id, figure, limit)| json!({ "alarm": id, "figure": figure, "threshold": limit }))
        .collect();
    Ok(Done {
        exit,
        json: json!({
            "file": args.out, "alarms": alarms, "values_gone": gone,
            "values_restricted": restricted,
        }),
        page: told,
    })
}

/// Seconds from a time in the past; a clock that went back has waited no time.
fn age_s(now_ms: i64, since_ms: i64) -> u64 {
    u64::try_from(now_ms.saturating_sub(since_ms) / 1000).unwrap_or(0)
}

fn facts(ledger: &Ledger, now_ms: i64, screen: &Screen) -> Result<LedgerFacts> {
    let status = ledger.status()?;
    let since_s = status.pending_since_s.and_then(|s| i64::try_from(s).ok());
    let mut facts = LedgerFacts {
        id: ledger.id().to_string(),
        now: clock::text(now_ms, 0),
        blocks: status.blocks,
        entries: status.entries,
        store_bytes: status.store_bytes,
        unsealed: status.unsealed,
        unsealed_age_s: status.oldest_unsealed_ms.map(|since| age_s(now_ms, since)),
        unsigned_age_s: since_s.map(|since| age_s(now_ms, since.saturating_mul(1000))),
        held: status.held,
        last_outside: status.last_outside,
        closed: status.closed,
        ..LedgerFacts::default()
    };
    if let Some(head) = ledger.head()? {
        let begun = ledger.block(head.height)?.0.header().begun_at;
        let begun_ms = i64::try_from(begun).unwrap_or(0).saturating_mul(1000);
        facts.head = Some((head.height, hex::encode(&head.block_hash), clock::text(begun_ms, 0)));
    }
    let bar = screen.progress(status.entries, screen.lang.pick("读取记录", "reading records"));
    for sequence in 0..status.entries {
        bar.inc(1);
        entry(ledger, sequence, &mut facts)?;
    }
    bar.finish_and_clear();
    let mut signers = SignerKeys::new(ledger.hash(), ledger.id());
    for height in 0..status.blocks {
        for bytes in ledger.block(height)?.1 {
            if matches!(Entry::parse(&bytes)?.body, Body::Key(..)) {
                signers.apply(&bytes, height)?;
            }
        }
    }
    facts.keys = ledger.ledger_keys()?.iter().chain(signers.all()).map(key).collect();
    Ok(facts)
}

/// Counts one entry.
fn entry(ledger: &Ledger, sequence: u64, facts: &mut LedgerFacts) -> Result<()> {
    let bytes = ledger.entry(sequence)?;
    let entry = Entry::parse(&bytes)?;
    if let Body::Genesis(genesis) = &entry.body {
        facts.organisation = for_people(&genesis.organisation).into_owned();
    }
    let Some((record, _)) = entry.record() else { return Ok(()) };
    let captured = &record.time.captured;
    let day = clock::text(captured.unix_ms, captured.offset_minutes).chars().take(10).collect();
    let profile = for_people(&record.profile.id).into_owned();
    *facts.records.entry(day).or_default().entry(profile).or_default() += 1;
    let values = match ledger.disclosures(sequence) {
        Ok(values) => values,
        // Their findings are not known; the page says how many records that is.
        Err(error) if matches!(error.code(), ErrorCode::Erased | ErrorCode::NotFound) => {
            facts.values_gone += 1;
            return Ok(());
        }
        Err(error) if error.code() == ErrorCode::OnHold => {
            facts.values_restricted += 1;
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    for finding in values.iter().flat_map(|value| value.value.findings()) {
        let id = finding.id().map_or_else(|| finding.number().to_string(), str::to_owned);
        *facts.findings.entry(id).or_default() += 1;
    }
    Ok(())
}

fn key(key: &KeyInForce) -> KeyFacts {
    KeyFacts {
        role: key.role.name().to_owned(),
        algorithm: key.key.alg().name().to_owned(),
        custody: key.custody.name().to_owned(),
        kid: hex::encode(&key.kid),
        since: key.since,
        ended: key.ended.or(key.revoked.map(|(height, _)| height)),
        revoked: key.revoked.map(|(_, reason)| reason.name().to_owned()),
    }
}
