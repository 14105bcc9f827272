//! Lines about single records: profile, values shown, withheld, erased or on hold, findings.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::case::{Case, RecordShown};
use super::lines::Lines;
use super::verdict::Status;
use super::words::Say;
use crate::entry::{Body, Hold, Tombstone};
use crate::hash::Digest;
use crate::value::{Finding, Lang};

/// What sealed entries of a record's own ledger say about it.
pub(super) struct Marks<'a> {
    /// Digest of the record, with the ledger that says so.
    tombstones: Vec<(usize, Digest, &'a Tombstone)>,
    holds: Vec<(usize, Digest, &'a Hold)>,
}

impl<'a> Marks<'a> {
    /// Gathers tombstones and holds that are proven to be sealed.
    pub(super) fn of(case: &Case<'a>) -> Self {
        let mut marks = Self { tombstones: Vec::new(), holds: Vec::new() };
        for item in case.items.iter().filter(|item| case.sealed(item) == Status::Proven) {
            match &item.entry.body {
                Body::Tombstone(mark) => {
                    let each = mark.records.iter().map(|digest| (item.ledger, *digest, mark));
                    marks.tombstones.extend(each);
                }
                Body::Hold(mark) => {
                    let each = mark.records.iter().map(|digest| (item.ledger, *digest, mark));
                    marks.holds.extend(each);
                }
                _ => {}
            }
        }
        // Stable, so that several marks on one record keep the order in which they were sealed.
        marks.tombstones.sort_by_key(|(ledger, digest, _)| (*ledger, *digest));
        marks.holds.sort_by_key(|(ledger, digest, _)| (*ledger, *digest));
        marks
    }

    /// The tombstones on a record of this ledger.
    pub(super) fn tombstones(
        &self,
        ledger: usize,
        digest: &Digest,
    ) -> impl Iterator<Item = &'a Tombstone> {
        range(&self.tombstones, ledger, digest).iter().map(|(_, _, mark)| *mark)
    }

    fn holds(&self, ledger: usize, digest: &Digest) -> impl Iterator<Item = &'a Hold> {
        range(&self.holds, ledger, digest).iter().map(|(_, _, mark)| *mark)
    }

    /// The names of a record that a tombstone says are erased.
    pub(super) fn erased(&self, case: &Case<'_>, record: &RecordShown<'a>) -> BTreeSet<&'a str> {
        let Some(item) = case.item_of(record) else { return BTreeSet::new() };
        let all = || record.record.fields.iter().map(|field| field.name.as_str());
        let mut erased = BTreeSet::new();
        for mark in self.tombstones(item.ledger, &record.digest) {
            match &mark.names {
                None => erased.extend(all()),
                Some(names) => {
                    let named = names.iter().map(String::as_str);
                    erased.extend(named.filter(|name| record.record.commitment(name).is_some()));
                }
            }
        }
        erased
    }
}

fn range<'m, T>(
    marks: &'m [(usize, Digest, T)],
    ledger: usize,
    digest: &Digest,
) -> &'m [(usize, Digest, T)] {
    let key = (ledger, *digest);
    let from = marks.partition_point(|(ledger, digest, _)| (*ledger, *digest) < key);
    let to = marks.partition_point(|(ledger, digest, _)| (*ledger, *digest) <= key);
    marks.get(from..to).unwrap_or_default()
}

/// Says the lines of all records.
pub(super) fn say<'a>(case: &Case<'a>, marks: &Marks<'a>, lines: &mut Lines) {
    for record in &case.records {
        profile(case, record, lines);
        values(case, record, marks, lines);
    }
}

/// The profile that a record follows, when its file is shown and is what the record says.
pub(super) fn profile_of<'c>(
    case: &'c Case<'_>,
    record: &RecordShown<'_>,
) -> Option<&'c crate::profile::Profile> {
    let profile = case.profiles.get(record.profile?)?.as_ref().ok()?;
    let named = &record.record.profile;
    (profile.id() == named.id && u64::from(profile.version()) == named.version).then_some(profile)
}

fn profile(case: &Case<'_>, record: &RecordShown<'_>, lines: &mut Lines) {
    let named = &record.record.profile;
    let facts = json!({
        "profile": named.id,
        "version": named.version,
        "digest": named.digest.to_string(),
    });
    let file = record.profile.and_then(|at| Some((at, case.profiles.get(at)?)));
    let say = match file {
        None => Say::RecordProfileNotProven,
        Some(_) if profile_of(case, record).is_some() => Say::RecordProfileProven,
        Some((at, parsed)) => {
            // A file of a later version may have members that this one does not know: it still is what it is.
            let bytes = case.reading.proof.profiles.get(at).map_or(&[][..], Vec::as_slice);
            if parsed.is_err() && is_named(bytes, &named.id, named.version) {
                Say::RecordProfileNotChecked
            } else {
                Say::RecordProfileContradicted
            }
        }
    };
    lines.say(say, &record.number, facts);
}

/// Whether a file says this id and version of itself.
fn is_named(bytes: &[u8], id: &str, version: u64) -> bool {
    let file: serde_json::Value = match serde_json::from_slice(bytes) {
        Ok(file) => file,
        Err(_) => return false,
    };
    file.get("profile").and_then(|name| name.as_str()) == Some(id)
        && file.get("version").and_then(|number| number.as_u64()) == Some(version)
}

fn values<'a>(case: &Case<'a>, record: &RecordShown<'a>, marks: &Marks<'a>, lines: &mut Lines) {
    let number = &record.number;
    let wrong: Vec<&str> =
        record.values.iter().filter(|(_, fits)| !fits).map(|(one, _)| one.name.as_str()).collect();
    let shown: BTreeSet<&str> =
        record.values.iter().filter(|(_, fits)| *fits).map(|(one, _)| one.name.as_str()).collect();
    if !wrong.is_empty() {
        let facts = json!({ "names": wrong, "shown": shown.len() });
        lines.say(Say::RecordValuesContradicted, number, facts);
    } else if shown.is_empty() {
        lines.say(Say::RecordValuesNotChecked, number, json!({ "shown": 0 }));
    } else {
        lines.say(Say::RecordValuesProven, number, json!({ "shown": shown.len() }));
    }
    let erased = marks.erased(case, record);
    let names = record.record.fields.iter().map(|field| field.name.as_str());
    let withheld: Vec<&str> =
        names.filter(|name| !shown.contains(name) && !erased.contains(name)).collect();
    if !withheld.is_empty() {
        let facts = json!({ "withheld": withheld.len(), "names": withheld });
        lines.say(Say::RecordWithheldNotChecked, number, facts);
    }
    let ledger = case.item_of(record).map_or(usize::MAX, |item| item.ledger);
    if !erased.is_empty() {
        let reason = marks.tombstones(ledger, &record.digest).last().map(|mark| mark.reason.name());
        let still: Vec<&str> = erased.intersection(&shown).copied().collect();
        if still.is_empty() {
            let facts = json!({ "erased": erased.len(), "reason": reason, "names": erased });
            lines.say(Say::RecordErasedProven, number, facts);
        } else {
            let facts = json!({ "erased": erased.len(), "reason": reason, "names": still });
            lines.say(Say::RecordErasedNotProven, number, facts);
        }
    }
    for hold in marks.holds(ledger, &record.digest) {
        let facts = json!({ "action": hold.action.name(), "reason": hold.reason.name() });
        lines.say(Say::RecordHoldProven, number, facts);
    }
    findings(record, lines);
}

/// One line for each kind of finding, so that what many records have in common reads alike.
fn findings(record: &RecordShown<'_>, lines: &mut Lines) {
    let mut found: BTreeMap<Finding, Vec<&str>> = BTreeMap::new();
    for (one, _) in record.values.iter().filter(|(_, fits)| *fits) {
        for finding in one.value.findings() {
            found.entry(*finding).or_default().push(&one.name);
        }
    }
    for (finding, fields) in found {
        let facts = json!({
            "finding": { "zh": finding.label(Lang::Zh), "en": finding.label(Lang::En) },
            "number": finding.number(),
            "fields": fields,
        });
        lines.say(Say::RecordFindingsNotProven, &record.number, facts);
    }
}
