//! Dossiers as a whole: places present and missing, order, duplicates, citations, several ledgers.

use std::collections::{BTreeMap, HashSet};

use serde_json::json;

use super::case::Case;
use super::lines::Lines;
use super::verdict::{DossierPart, DossierView, Status};
use super::words::Say;
use super::{citations, lineage, signers};
use crate::hash::{Digest, hex};
use crate::number;
use crate::time::TimeClaim;

/// What is shown of all dossiers: by dossier, then by ledger.
pub(super) struct Dossiers(BTreeMap<[u8; 16], BTreeMap<usize, Vec<PlaceShown>>>);

/// A place that a proven entry takes.
struct PlaceShown {
    place: u64,
    /// Height and index: the order of sealing.
    position: (u64, u64),
    item: usize,
    digest: Digest,
    predecessor: Option<Digest>,
}

impl Dossiers {
    /// Gathers the places of all entries that are proven to be sealed.
    pub(super) fn of(case: &Case<'_>) -> Self {
        let mut dossiers: BTreeMap<[u8; 16], BTreeMap<usize, Vec<PlaceShown>>> = BTreeMap::new();
        for (at, item) in case.items.iter().enumerate() {
            if case.sealed(item) != Status::Proven {
                continue;
            }
            let header = item.receipt.block().header();
            let taken = match (case.record_at(at), item.entry) {
                (Some(record), _) => Some((
                    record.record.dossier,
                    record.record.place,
                    record.digest,
                    record.record.predecessor().copied(),
                )),
                (None, entry) => entry
                    .place()
                    .map(|place| (place.dossier, place.place, place.digest, place.predecessor)),
            };
            if let Some((dossier, place, digest, predecessor)) = taken {
                let position = (header.height, item.receipt.index());
                let shown = PlaceShown { place, position, item: at, digest, predecessor };
                dossiers.entry(dossier).or_default().entry(item.ledger).or_default().push(shown);
            }
        }
        for places in dossiers.values_mut().flat_map(BTreeMap::values_mut) {
            places.sort_by_key(|shown| (shown.place, shown.position));
        }
        Self(dossiers)
    }

    /// The records of each dossier, by their places in `records`.
    pub(super) fn records(&self, case: &Case<'_>) -> impl Iterator<Item = (&[u8; 16], Vec<usize>)> {
        let of_item =
            |item: usize| case.records.binary_search_by_key(&item, |record| record.item).ok();
        let records = self.0.iter().map(move |(id, parts)| {
            (id, parts.values().flatten().filter_map(|shown| of_item(shown.item)).collect())
        });
        records.collect::<Vec<_>>().into_iter()
    }

    /// The dossiers for the verdict.
    pub(super) fn views(&self, case: &Case<'_>) -> Vec<DossierView> {
        let view = |(id, parts): (&[u8; 16], &BTreeMap<usize, Vec<PlaceShown>>)| DossierView {
            number: number::preservation_number(id),
            parts: parts
                .iter()
                .map(|(ledger, places)| {
                    let before = begun_before(case, *ledger, parts, places);
                    part(case, *ledger, places, before.is_some())
                })
                .collect(),
        };
        self.0.iter().map(view).collect()
    }

    /// Says the lines of all dossiers and citations.
    pub(super) fn say(&self, case: &Case<'_>, lines: &mut Lines) {
        for (id, parts) in &self.0 {
            let number = number::preservation_number(id);
            for (ledger, places) in parts {
                let name = case.ledgers.get(*ledger).map(|ledger| hex::encode(&ledger.id.bytes));
                let before = begun_before(case, *ledger, parts, places);
                let shown = part(case, *ledger, places, before.is_some());
                place_lines(case, &number, *ledger, &shown, lines);
                order_lines(case, &number, name.as_deref(), places, before, lines);
            }
            if parts.len() > 1 {
                let say = if tied(case, parts) {
                    Say::DossierLedgersProven
                } else {
                    Say::DossierLedgersNotProven
                };
                lines.say(say, &number, json!({ "ledgers": parts.len() }));
            }
            let places = || parts.values().flatten();
            let digests: Vec<&Digest> = places().map(|shown| &shown.digest).collect();
            let of_item = |shown: &PlaceShown| {
                let at = case.records.binary_search_by_key(&shown.item, |record| record.item);
                case.records.get(at.ok()?)
            };
            let records: Vec<_> = places().filter_map(of_item).collect();
            signers::say(case, id, &digests, &records, lines);
        }
        for record in &case.records {
            citations::say(case, record, lines);
        }
    }
}

/// What stands at the place before the first one shown of a ledger, in a ledger that it goes on from (format §5.5).
fn begun_before<'d>(
    case: &Case<'_>,
    ledger: usize,
    parts: &'d BTreeMap<usize, Vec<PlaceShown>>,
    places: &[PlaceShown],
) -> Option<&'d [PlaceShown]> {
    let wanted = places.first()?.place.checked_sub(1)?;
    lineage::before(case, ledger).find_map(|before| {
        let there = parts.get(&before)?;
        let from = there.partition_point(|shown| shown.place < wanted);
        let to = there.partition_point(|shown| shown.place <= wanted);
        there.get(from..to).filter(|same| !same.is_empty())
    })
}

fn part(case: &Case<'_>, ledger: usize, places: &[PlaceShown], begun_before: bool) -> DossierPart {
    let mut shown: Vec<u64> = places.iter().map(|shown| shown.place).collect();
    shown.dedup();
    let mut missing = Vec::new();
    let mut next = shown.first().filter(|_| begun_before).copied().unwrap_or_default();
    for place in &shown {
        if *place > next {
            missing.push([next, place - 1]);
        }
        next = place + 1;
    }
    DossierPart {
        ledger: case.ledgers.get(ledger).map(|l| hex::encode(&l.id.bytes)).unwrap_or_default(),
        last: next.saturating_sub(1),
        complete_up_to_last: missing.is_empty(),
        places: shown,
        missing,
    }
}

/// Ranges of places as people write them.
pub(super) fn ranges(ranges: &[[u64; 2]]) -> Vec<String> {
    let one = |[from, to]: &[u64; 2]| {
        if from == to { from.to_string() } else { format!("{from}–{to}") }
    };
    ranges.iter().map(one).collect()
}

fn place_lines(
    case: &Case<'_>,
    number: &str,
    ledger: usize,
    part: &DossierPart,
    lines: &mut Lines,
) {
    let genesis = case.ledgers.get(ledger).and_then(|ledger| ledger.genesis);
    let organisation = genesis.map(|genesis| &genesis.organisation);
    let ledger = &part.ledger;
    let facts = json!({
        "ledger": ledger,
        "organisation": organisation,
        "last": part.last,
        "shown": part.places.len(),
        "missing": ranges(&part.missing),
    });
    let say = match part.complete_up_to_last {
        true => Say::DossierPlacesProven,
        false => Say::DossierPlacesNotProven,
    };
    lines.say(say, number, facts);
    let at = super::lines::time_text(case.at.unix_ms, 0);
    let facts = json!({
        "ledger": ledger,
        "organisation": organisation,
        "last": part.last,
        "at": at,
    });
    lines.say(Say::DossierTailNotChecked, number, facts);
}

fn order_lines(
    case: &Case<'_>,
    number: &str,
    ledger: Option<&str>,
    places: &[PlaceShown],
    before: Option<&[PlaceShown]>,
    lines: &mut Lines,
) {
    let by_place: Vec<&[PlaceShown]> = places.chunk_by(|a, b| a.place == b.place).collect();
    for same in by_place.iter().filter(|same| !is_one(case, same)) {
        let positions: Vec<String> = same
            .iter()
            .filter_map(|shown| case.items.get(shown.item))
            .map(|item| item.subject())
            .collect();
        let place = same.first().map(|shown| shown.place);
        let facts = json!({ "ledger": ledger, "place": place, "entries": positions });
        lines.say(Say::DossierOnePerPlaceContradicted, number, facts);
    }
    let (mut pairs, mut broken) = (0u64, false);
    let digests: HashSet<Digest> = places.iter().map(|shown| shown.digest).collect();
    for shown in places.iter().filter(|shown| is_elsewhere(case, places, &digests, shown)) {
        broken = true;
        let facts = json!({ "ledger": ledger, "place": shown.place, "what": "other-place" });
        lines.say(Say::DossierOrderContradicted, number, facts);
    }
    if let (Some(before), Some(after)) = (before, by_place.first()) {
        pairs += 1;
        // The order of sealing in two ledgers is not compared: the one before had ended.
        let follows = |after: &PlaceShown| {
            before.iter().any(|before| Some(before.digest) == after.predecessor)
        };
        if let Some(after) = after.iter().find(|after| !follows(after)) {
            broken = true;
            let facts = json!({ "ledger": ledger, "place": after.place, "what": "predecessor" });
            lines.say(Say::DossierOrderContradicted, number, facts);
        }
    }
    for two in by_place.windows(2) {
        let [before, after] = two else { continue };
        let (Some(first), Some(second)) = (before.first(), after.first()) else { continue };
        if second.place != first.place + 1 {
            continue;
        }
        pairs += 1;
        let what = match after.iter().find_map(|after| wrong(before, after)) {
            None => continue,
            Some(what) => what,
        };
        broken = true;
        let facts = json!({ "ledger": ledger, "place": second.place, "what": what });
        lines.say(Say::DossierOrderContradicted, number, facts);
    }
    if pairs > 0 && !broken {
        lines.say(Say::DossierOrderProven, number, json!({ "ledger": ledger, "pairs": pairs }));
    }
    monotonic(case, number, ledger, &by_place, lines);
}

/// Whether what an entry names as taking the place before is shown to have taken another one.
fn is_elsewhere(
    case: &Case<'_>,
    places: &[PlaceShown],
    digests: &HashSet<Digest>,
    after: &PlaceShown,
) -> bool {
    let (Some(named), Some(before)) = (after.predecessor, after.place.checked_sub(1)) else {
        return false;
    };
    let dossier = case.record_at(after.item).map(|record| record.record.dossier);
    let mut records = case.find(&named).iter().filter_map(|at| case.records.get(*at));
    records.any(|record| {
        record.record.place != before || dossier.is_some_and(|id| id != record.record.dossier)
    }) || {
        let from = places.partition_point(|shown| shown.place < before);
        let at = places.get(from).filter(|shown| shown.place == before);
        at.is_none() && digests.contains(&named)
    }
}

/// Whether what takes one place is one: the same record may be sealed twice, bare or in a statement.
fn is_one(case: &Case<'_>, same: &[PlaceShown]) -> bool {
    let first = same.first().map(|shown| shown.digest);
    let is_record = |shown: &PlaceShown| case.record_at(shown.item).is_some();
    same.len() == 1 || same.iter().all(|shown| Some(shown.digest) == first && is_record(shown))
}

fn wrong(before: &[PlaceShown], after: &PlaceShown) -> Option<&'static str> {
    let Some(named) = before.iter().find(|before| Some(before.digest) == after.predecessor) else {
        return Some("predecessor");
    };
    (named.position >= after.position).then_some("sealed-before")
}

fn monotonic(
    case: &Case<'_>,
    number: &str,
    ledger: Option<&str>,
    by_place: &[&[PlaceShown]],
    lines: &mut Lines,
) {
    let reading = |time: &TimeClaim| Some((time.boot_id?, time.monotonic_ms?));
    let mut last: Option<([u8; 16], u64)> = None;
    let (mut compared, mut fell) = (0u64, None);
    for shown in by_place.iter().filter_map(|same| same.first()) {
        let record = case.record_at(shown.item);
        let Some((boot, at)) = record.and_then(|record| reading(&record.record.time)) else {
            continue;
        };
        if let Some((before_boot, before)) = last
            && before_boot == boot
        {
            compared += 1;
            if at < before {
                fell.get_or_insert(shown.place);
            }
        }
        last = Some((boot, at));
    }
    if let Some(place) = fell {
        let facts = json!({ "ledger": ledger, "place": place });
        lines.say(Say::RecordMonotonicContradicted, number, facts);
    } else if compared > 0 {
        let facts = json!({ "ledger": ledger, "compared": compared });
        lines.say(Say::RecordMonotonicProven, number, facts);
    }
}

/// Whether citations that are shown tie the ledgers of a dossier into one.
fn tied(case: &Case<'_>, parts: &BTreeMap<usize, Vec<PlaceShown>>) -> bool {
    let mut group: BTreeMap<usize, usize> = parts.keys().map(|ledger| (*ledger, *ledger)).collect();
    let items = parts.iter().flat_map(|(ledger, places)| places.iter().map(|p| (*ledger, p.item)));
    for (ledger, item) in items {
        let Some(record) = case.record_at(item) else { continue };
        for citation in &record.record.citations {
            let cited = case.find(&citation.digest).iter().filter_map(|at| case.records.get(*at));
            for cited in cited.filter(|cited| cited.record.dossier == record.record.dossier) {
                let Some(there) = case.item_of(cited).map(|item| item.ledger) else { continue };
                let (Some(a), Some(b)) = (group.get(&ledger).copied(), group.get(&there).copied())
                else {
                    continue;
                };
                if a != b && case.stands(cited) {
                    group.values_mut().filter(|of| **of == b).for_each(|of| *of = a);
                }
            }
        }
    }
    let first = group.values().next().copied();
    group.values().all(|of| Some(*of) == first)
}
