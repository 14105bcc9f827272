//! Words from outside: who saw which block, and what that covers.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::case::{Case, RecordShown, Shown};
use super::lines::Lines;
use super::tokens::{self, Outcome, TokenShown};
use super::words::Say;
use super::{countersignatures, ended};
use crate::anchor::{Outside, PlatformReceipt, TargetKind};
use crate::entry::Body;
use crate::hash::{Digest, HashAlg, hex};
use crate::proof::Word;
use crate::statement::Role;

/// A word from outside, as it came out.
pub(super) struct OutsideShown {
    say: Say,
    facts: Value,
}

/// Somebody whom the policy knows saw a block or an entry that is shown.
pub(super) struct Witness {
    pub(super) ledger: usize,
    pub(super) kind: WitnessKind,
    /// Name in the policy.
    pub(super) name: String,
    /// When at the latest, by its own clock, milliseconds since 1970.
    pub(super) time_ms: i64,
    /// Whether the key is one of the ledger's own: then nobody outside said it.
    pub(super) own: bool,
    /// Blocks that it covers.
    pub(super) covers: BTreeSet<usize>,
    /// The entry that it is about, by its place in `items`, and the record in it or named by it.
    pub(super) entry: Option<(usize, Option<Digest>)>,
}

/// Who saw it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WitnessKind {
    /// A countersigner: thumbprint of its key, role in the policy.
    Countersigner([u8; 32], Role),
    /// A timestamp authority: fingerprint of its anchor.
    Authority([u8; 32]),
}

/// What comes of a word: what is said, and who saw which block.
pub(super) type Looked = (Say, Value, Option<Witness>);

/// Reads and checks all words from outside, then settles what stands of blocks whose key has ended.
pub(super) fn check(case: &mut Case<'_>) {
    let entries = entry_targets(case);
    case.tokens = look_at_tokens(case);
    let words = case.reading.proof.outside.iter().zip(&case.reading.words).zip(&case.tokens);
    let looked: Vec<Looked> = words
        .map(|((outside, word), token)| look(case, &entries, outside, word, token.as_ref()))
        .collect();
    for (say, facts, witness) in looked {
        case.outside.push(OutsideShown { say, facts });
        case.witnesses.extend(witness);
    }
    let ended: Vec<Option<i64>> =
        (0..case.blocks.len()).map(|place| ended::block_ended(case, place)).collect();
    for (block, since) in case.blocks.iter_mut().zip(ended) {
        block.ended = since;
    }
}

/// Says the lines.
pub(super) fn say(case: &Case<'_>, lines: &mut Lines) {
    for (at, shown) in case.outside.iter().enumerate() {
        lines.say(shown.say, format!("outside:{at}"), shown.facts.clone());
    }
    let countersigners = |kind: WitnessKind| match kind {
        WitnessKind::Countersigner(key, _) => Some(key),
        WitnessKind::Authority(_) => None,
    };
    let authorities = |kind: WitnessKind| match kind {
        WitnessKind::Authority(anchor) => Some(anchor),
        WitnessKind::Countersigner(..) => None,
    };
    let [proven, not_proven] =
        [Say::PolicyCountersignaturesProven, Say::PolicyCountersignaturesNotProven];
    let wanted = case.policy.required_countersignatures();
    asked_for(case, lines, wanted, countersigners, [proven, not_proven]);
    let [proven, not_proven] = [Say::PolicyTimestampsProven, Say::PolicyTimestampsNotProven];
    let wanted = case.policy.required_timestamps();
    asked_for(case, lines, wanted, authorities, [proven, not_proven]);
}

/// Says for every ledger whether so many different outsiders saw it.
fn asked_for(
    case: &Case<'_>,
    lines: &mut Lines,
    wanted: u64,
    who: impl Fn(WitnessKind) -> Option<[u8; 32]>,
    [proven, not_proven]: [Say; 2],
) {
    for (at, ledger) in case.ledgers.iter().enumerate().filter(|_| wanted > 0) {
        // A token over a single entry says nothing of the ledger.
        let others = case
            .witnesses
            .iter()
            .filter(|witness| witness.ledger == at && !witness.own && !witness.covers.is_empty());
        let different: BTreeSet<[u8; 32]> =
            others.filter_map(|witness| who(witness.kind)).collect();
        let found = u64::try_from(different.len()).unwrap_or(u64::MAX);
        let say = if found >= wanted { proven } else { not_proven };
        lines.say(say, ledger.subject(), json!({ "found": found, "wanted": wanted }));
    }
}

/// Witnesses that cover a block, in the order in which they were attached.
pub(super) fn witnesses<'c>(case: &'c Case<'_>, block: usize) -> impl Iterator<Item = &'c Witness> {
    case.witnesses.iter().filter(move |witness| witness.covers.contains(&block))
}

/// Witnesses that saw an entry: itself, or a block that covers it.
pub(super) fn witnesses_of_entry<'c>(
    case: &'c Case<'_>,
    item: &Shown<'_>,
) -> impl Iterator<Item = &'c Witness> {
    let (block, place) = (item.block, item.place);
    case.witnesses.iter().filter(move |witness| {
        let itself = witness.entry.is_some_and(|(entry, _)| entry == place);
        itself || witness.covers.contains(&block)
    })
}

/// Witnesses that saw a record: its entry, another entry that names its digest, or a block that covers it.
pub(super) fn witnesses_of_record<'c>(
    case: &'c Case<'_>,
    record: &RecordShown<'_>,
    item: &Shown<'_>,
) -> impl Iterator<Item = &'c Witness> {
    let (block, digest) = (item.block, record.digest);
    case.witnesses.iter().filter(move |witness| {
        let named = witness.entry.is_some_and(|(_, named)| named == Some(digest));
        named || witness.covers.contains(&block)
    })
}

/// Digests of all entries under their ledger's hash, with their places, where a word from outside is about an entry.
fn entry_targets(case: &Case<'_>) -> HashMap<Digest, usize> {
    let wanted = |outside: &Outside| outside.target == TargetKind::Entry;
    if !case.reading.proof.outside.iter().any(wanted) {
        return HashMap::new();
    }
    let digest = |item: &Shown<'_>| Digest::of(item.receipt.block().header().hash, item.bytes);
    case.items.iter().enumerate().map(|(at, item)| (digest(item), at)).collect()
}

/// How each token came out.
fn look_at_tokens(case: &Case<'_>) -> Vec<Option<TokenShown>> {
    let words = case.reading.proof.outside.iter().zip(&case.reading.words);
    words
        .map(|(outside, word)| match word {
            Word::Token => Some(tokens::look(case, &outside.bytes)),
            Word::Countersignature(_) | Word::Platform(_) => None,
        })
        .collect()
}

fn look(
    case: &Case<'_>,
    entries: &HashMap<Digest, usize>,
    outside: &Outside,
    word: &Word,
    token: Option<&TokenShown>,
) -> Looked {
    let mut facts = json!({
        "kind": outside.kind.name(),
        "size": outside.bytes.len(),
        "sha256": hex::encode(&HashAlg::Sha256.digest(&outside.bytes)),
        "target": outside.target.name(),
        "target_digest": outside.digest.to_string(),
    });
    let is_shown = match outside.target {
        TargetKind::Block => case.block_sealed_as(&outside.digest).is_some(),
        TargetKind::Entry => entries.contains_key(&outside.digest),
    };
    let (say, more, witness) = match word {
        Word::Token => token_about(case, entries, outside, token),
        Word::Platform(receipt) => {
            let say = match is_shown {
                true => Say::OutsidePlatformNotChecked,
                false => Say::OutsidePlatformNotProven,
            };
            (say, platform(receipt), None)
        }
        Word::Countersignature(read) => countersignatures::look(case, outside, read),
    };
    if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
        facts.extend(more);
    }
    (say, facts, witness)
}

fn token_about(
    case: &Case<'_>,
    entries: &HashMap<Digest, usize>,
    outside: &Outside,
    token: Option<&TokenShown>,
) -> Looked {
    let facts = token.map_or_else(|| json!({}), |token| token.facts.clone());
    let place = match outside.target {
        TargetKind::Block => case.block_sealed_as(&outside.digest),
        TargetKind::Entry => entries.get(&outside.digest).copied(),
    };
    let (Some(token), Some(place)) = (token, place) else {
        return (Say::OutsideTokenNotProven, facts, None);
    };
    let (block, target) = match outside.target {
        TargetKind::Block => (case.blocks.get(place), None),
        TargetKind::Entry => {
            let item = case.items.get(place);
            (item.and_then(|item| case.block_of(item)), item)
        }
    };
    let Some(block) = block else { return (Say::OutsideTokenNotProven, facts, None) };
    let fits = match target {
        Some(item) => tokens::fits(&outside.bytes, item.bytes),
        None => tokens::fits(&outside.bytes, &block.block.sealed_bytes()),
    };
    let say = token.say(fits);
    let witness = match (&token.outcome, fits) {
        (Outcome::Holds(stamped), Some(true)) => Some(Witness {
            ledger: block.ledger,
            kind: WitnessKind::Authority(stamped.anchor),
            name: stamped.by.clone(),
            time_ms: stamped.latest_ms,
            own: false,
            covers: match target {
                None => covered(case, block.ledger, place),
                Some(_) => BTreeSet::new(),
            },
            entry: target.map(|item| (place, record_of(item))),
        }),
        _ => None,
    };
    (say, facts, witness)
}

/// The record that an entry is, holds, or is a signature over: whoever saw the entry saw the record's digest.
fn record_of(item: &Shown<'_>) -> Option<Digest> {
    match &item.entry.body {
        Body::Statement(statement) => Some(statement.record_digest()),
        _ => item.entry.record().map(|(record, bytes)| record.digest(bytes)),
    }
}

fn platform(receipt: &PlatformReceipt) -> Value {
    json!({
        "platform": receipt.platform,
        "id": receipt.id,
        "transaction": receipt.transaction,
        "height": receipt.height,
        "block_hash": receipt.block_hash,
        "time_ms": receipt.time_ms,
        "court_transaction": receipt.court_transaction,
    })
}

/// The blocks that a word about one block covers: that block; those that lead down from it without a gap; and, when it is
/// the head, all blocks in its history. Paths to the head say nothing about the history of a block below it: a sealer
/// that lies could have put into the head's tree what was not in the earlier one.
pub(super) fn covered(case: &Case<'_>, ledger: usize, place: usize) -> BTreeSet<usize> {
    let mut covered = BTreeSet::from([place]);
    let Some(ledger) = case.ledgers.get(ledger) else { return covered };
    if ledger.head == place {
        let in_history = |place: &usize| {
            case.blocks.get(*place).is_some_and(|block| block.in_history == Some(true))
        };
        covered.extend(ledger.blocks.iter().copied().filter(in_history));
        return covered;
    }
    let mut at = place;
    while let Some(Ok(previous)) = case.blocks.get(at).and_then(|block| block.follows) {
        covered.insert(previous);
        at = previous;
    }
    covered
}
