//! The page of a ledger for those who run it: how it stands, and what is past a threshold.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::html::Html;
use super::{PaperOptions, frame};
use crate::value::word;
use crate::{Error, ErrorCode, Result};

/// Largest file of thresholds, in bytes.
pub const THRESHOLD_BYTES: usize = 64 * 1024;

/// Days that the table of records shows; earlier ones are counted together.
const DAYS: usize = 31;

/// How a ledger stands, as its host sees it. No values are in it.
#[derive(Clone, Debug, Default)]
pub struct LedgerFacts {
    /// Ledger id, with its algorithm.
    pub id: String,
    /// The organisation's name for itself.
    pub organisation: String,
    /// When the page is made, RFC 3339.
    pub now: String,
    /// Signed blocks, entries, bytes on disk.
    pub blocks: u64,
    #[allow(missing_docs)]
    pub entries: u64,
    #[allow(missing_docs)]
    pub store_bytes: u64,
    /// Height, block hash and declared time of the newest block.
    pub head: Option<(u64, String, String)>,
    /// Entries in no signed block, and for how many seconds the oldest has waited.
    pub unsealed: u64,
    #[allow(missing_docs)]
    pub unsealed_age_s: Option<u64>,
    /// For how many seconds a block has waited for its signature.
    pub unsigned_age_s: Option<u64>,
    /// Records held out for a party's signature.
    pub held: u64,
    /// Height of the newest block that an outsider spoke about.
    pub last_outside: Option<u64>,
    /// Whether the ledger is closed.
    pub closed: bool,
    /// Records by day (`2026-11-29`) and profile.
    pub records: BTreeMap<String, BTreeMap<String, u64>>,
    /// Findings at capture, by id.
    pub findings: BTreeMap<String, u64>,
    /// Records whose values are erased or not there, so that their findings are not counted.
    pub values_gone: u64,
    /// Records whose disclosure is restricted, so that their findings are not counted.
    pub values_restricted: u64,
    /// Keys of the ledger and of signers.
    pub keys: Vec<KeyFacts>,
}

/// A key of a ledger.
#[derive(Clone, Debug)]
pub struct KeyFacts {
    /// Role, algorithm, custody, as words of the format.
    pub role: String,
    #[allow(missing_docs)]
    pub algorithm: String,
    #[allow(missing_docs)]
    pub custody: String,
    /// The `kid`, in hexadecimal.
    pub kid: String,
    /// Heights of the blocks that brought it in and ended it.
    pub since: u64,
    #[allow(missing_docs)]
    pub ended: Option<u64>,
    /// Why it was revoked.
    pub revoked: Option<String>,
}

/// Above which figures a page raises an alarm. A figure that is not given raises none.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// Entries in no signed block.
    pub unsealed_entries: Option<u64>,
    /// Seconds that the oldest of them has waited.
    pub unsealed_seconds: Option<u64>,
    /// Seconds that a block has waited for its signature.
    pub unsigned_seconds: Option<u64>,
    /// Blocks above the newest one that an outsider spoke about.
    pub blocks_without_outside: Option<u64>,
    /// Records held out for a signature.
    pub held: Option<u64>,
    /// Findings at capture, all together.
    pub findings: Option<u64>,
    /// Bytes on disk.
    pub store_bytes: Option<u64>,
}

impl Thresholds {
    /// Reads a file of thresholds (JSON).
    ///
    /// # Errors
    /// `InvalidArgument` for another form or an unknown member.
    pub fn parse(json: &[u8]) -> Result<Self> {
        let read = || serde_json::from_slice(json).ok();
        // A list would be taken for the members in order.
        let object = json.trim_ascii_start().starts_with(b"{");
        object
            .then(read)
            .flatten()
            .ok_or_else(|| Error::new(ErrorCode::InvalidArgument, "thresholds"))
    }

    /// The ids of the thresholds that a ledger is past, each with its figure and the threshold.
    pub fn alarms(&self, facts: &LedgerFacts) -> Vec<(&'static str, u64, u64)> {
        let without = match facts.last_outside {
            Some(height) => facts.blocks.saturating_sub(height.saturating_add(1)),
            None => facts.blocks,
        };
        let figures = [
            ("unsealed-entries", facts.unsealed, self.unsealed_entries),
            ("unsealed-seconds", facts.unsealed_age_s.unwrap_or(0), self.unsealed_seconds),
            ("unsigned-seconds", facts.unsigned_age_s.unwrap_or(0), self.unsigned_seconds),
            ("blocks-without-outside", without, self.blocks_without_outside),
            ("held", facts.held, self.held),
            ("findings", facts.findings.values().sum(), self.findings),
            ("store-bytes", facts.store_bytes, self.store_bytes),
        ];
        let past = |(id, figure, limit): (&'static str, u64, Option<u64>)| {
            limit.filter(|limit| figure > *limit).map(|limit| (id, figure, limit))
        };
        figures.into_iter().filter_map(past).collect()
    }
}

/// The page as one HTML file.
///
/// # Errors
/// `LimitExceeded` when the id is no ledger's.
pub fn ledger_page(
    facts: &LedgerFacts,
    thresholds: &Thresholds,
    options: &PaperOptions,
) -> Result<String> {
    let mut html = frame::open(options, "ledger-page", &facts.id);
    frame::front(&mut html, options, "ledger-page", &[&facts.id], &facts.id)?;
    let alarms = thresholds.alarms(facts);
    for (id, figure, limit) in &alarms {
        html.markup("<p class=\"banner bad\">✗ ").word(id).markup(" ").number(*figure);
        html.markup(" &gt; ").number(*limit).markup("</p>");
    }
    if *thresholds == Thresholds::default() {
        html.markup("<p class=\"banner open\">? ").word("no-thresholds").markup("</p>");
    } else if alarms.is_empty() {
        html.markup("<p class=\"banner good\">✓ ").word("no-alarm").markup("</p>");
    }
    standing(&mut html, facts);
    records(&mut html, facts);
    keys(&mut html, facts);
    html.part("findings-part").columns(&["finding", "count"]);
    for (id, count) in &facts.findings {
        html.markup("<tr>").cell("finding").code(id).markup("</td>").cell("count").number(*count);
        html.markup("</td></tr>");
    }
    html.markup("</tbody></table>");
    for (id, count) in
        [("values-gone", facts.values_gone), ("values-restricted", facts.values_restricted)]
    {
        if count > 0 {
            html.markup("<p><small>").word(id).markup(" ").number(count).markup("</small></p>");
        }
    }
    html.markup("<footer>").word("ledger-page-is");
    html.markup("</footer>\n</body>\n</html>\n");
    Ok(html.finish())
}

fn standing(html: &mut Html, facts: &LedgerFacts) {
    html.part("standing").markup("<dl>").fact("calls-itself", &facts.organisation);
    html.term("made-at").time(&facts.now).markup("</dd>").term("blocks-entries");
    html.number(facts.blocks).markup(" / ").number(facts.entries).markup("</dd>");
    html.term("store-bytes").number(facts.store_bytes).markup("</dd>").term("newest-block");
    match &facts.head {
        Some((height, hash, begun)) => {
            html.number(*height).markup(" ").code(hash).markup("<br><small>").word("begun");
            html.markup(" ").time(begun).markup("</small></dd>");
        }
        None => drop(html.markup("–</dd>")),
    }
    html.term("unsealed-entries").number(facts.unsealed);
    for (name, age) in
        [("unsealed-seconds", facts.unsealed_age_s), ("unsigned-seconds", facts.unsigned_age_s)]
    {
        html.markup("</dd>").term(name);
        match age {
            Some(age) => html.number(age),
            None => html.markup("–"),
        };
    }
    html.markup("</dd>").term("held").number(facts.held).markup("</dd>").term("last-outside");
    match facts.last_outside {
        Some(height) => html.word("block").markup(" ").number(height),
        None => html.markup("<span class=\"open\">? ").word("no-outside").markup("</span>"),
    };
    html.markup("</dd>");
    if facts.closed {
        html.term("state").word("closed").markup("</dd>");
    }
    html.markup("</dl>\n");
}

/// Records of the newest days by profile.
fn records(html: &mut Html, facts: &LedgerFacts) {
    html.part("records-by-day").markup("<table><thead><tr><th>").word("day").markup("</th>");
    let profiles: BTreeSet<&str> =
        facts.records.values().flat_map(|day| day.keys().map(String::as_str)).collect();
    html.markup("<th>").word("profile").markup("</th><th>").word("count");
    html.markup("</th></tr></thead><tbody>");
    let skipped = facts.records.len().saturating_sub(DAYS);
    let row = |html: &mut Html, day: &str, profile: &str, count: u64| {
        html.markup("<tr>").cell("day").value(day).markup("</td>").cell("profile").code(profile);
        html.markup("</td>").cell("count").number(count).markup("</td></tr>");
    };
    for profile in &profiles {
        let earlier = facts.records.values().take(skipped).filter_map(|day| day.get(*profile));
        let count: u64 = earlier.sum();
        if count > 0 {
            row(html, "…", profile, count);
        }
    }
    for (day, counts) in facts.records.iter().skip(skipped) {
        for (profile, count) in counts {
            row(html, day, profile, *count);
        }
    }
    html.markup("</tbody></table>\n");
}

fn keys(html: &mut Html, facts: &LedgerFacts) {
    let lang = html.lang;
    html.part("keys").columns(&["role", "algorithm", "custody", "since", "ended", "kid"]);
    for key in &facts.keys {
        html.markup("<tr>").cell("role").value(word(&key.role, lang)).markup("</td>");
        html.cell("algorithm").value(&key.algorithm).markup("</td>").cell("custody");
        html.value(word(&key.custody, lang)).markup("</td>").cell("since").number(key.since);
        html.markup("</td>").cell("ended");
        match (key.ended, &key.revoked) {
            (Some(ended), None) => drop(html.number(ended)),
            (ended, Some(why)) => {
                html.markup("<span class=\"bad\">").number(ended.unwrap_or(0)).markup(" ");
                html.value(word(why, lang)).markup("</span>");
            }
            (None, None) => drop(html.markup("–")),
        }
        html.markup("</td>").cell("kid").code(&key.kid).markup("</td></tr>");
    }
    html.markup("</tbody></table>\n");
}
