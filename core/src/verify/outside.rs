//! Words from outside: who saw which block, and what that covers.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::case::{Case, RecordShown, Shown};
use super::hints;
use super::lines::{Lines, time_text};
use super::policy::PolicyRole;
use super::tokens::{self, Outcome, TokenShown};
use super::words::Say;
use crate::anchor::{Claim, Countersignature, Outside, PlatformReceipt, TargetKind};
use crate::entry::Body;
use crate::hash::{Digest, HashAlg, hex};
use crate::key::{KeyInForce, RevokeReason};
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
        (0..case.blocks.len()).map(|place| ended_since(case, place)).collect();
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
        Word::Countersignature(read) => countersignature(case, outside, read),
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

type Looked = (Say, Value, Option<Witness>);

fn countersignature(case: &Case<'_>, outside: &Outside, read: &Countersignature) -> Looked {
    // Two times stand in it, both by the countersigner's clock; the later one counts.
    let issued_ms = i64::try_from(read.issued_at).unwrap_or(i64::MAX).saturating_mul(1000);
    let time_ms = read.time.captured.unix_ms.max(issued_ms);
    let mut facts = json!({
        "issuer": read.issuer,
        "height": read.height,
        "ledger": hex::encode(&read.ledger_id.bytes),
        "time_ms": time_ms,
        "time": time_text(time_ms, read.time.captured.offset_minutes),
        "alg": read.alg.name(),
        "kid": hex::encode(&read.kid),
        "claim": read.claim.name(),
        "hint": "",
    });
    let mut add = |name: &str, value: Value| {
        if let Value::Object(facts) = &mut facts {
            facts.insert(name.to_owned(), value);
        }
    };
    // What it says of the block it stands beside needs no key: a copy under another name is none.
    if outside.digest != read.sealed_digest || names_another_block(case, read) {
        return (Say::OutsideCountersignatureContradictedTarget, facts, None);
    }
    let known: Vec<_> = case.policy.signers(&read.kid).collect();
    let Some((first, _)) = known.first() else {
        return (Say::OutsideCountersignatureNotProvenKey, facts, None);
    };
    add("name", json!(first.name));
    let Some((known, role)) = known.iter().find(|(known, _)| read.verify(&known.key).is_ok())
    else {
        add("hint", hints::words(hints::sm2(&first.key, &read.to_be_signed(), read.signature())));
        return (Say::OutsideCountersignatureContradictedSignature, facts, None);
    };
    add("name", json!(known.name));
    add("role", json!(PolicyRole::Signer(*role).name()));
    if case.policy.revoked_since(&known.thumbprint).is_some() {
        return (Say::OutsideCountersignatureNotProvenRevoked, facts, None);
    }
    let Some(place) = case.block_sealed_as(&read.sealed_digest) else {
        return match other_block_there(case, read) {
            true => (Say::OutsideCountersignatureContradictedFork, facts, None),
            false => (Say::OutsideCountersignatureNotProvenBlock, facts, None),
        };
    };
    let Some((at, ledger)) = case
        .blocks
        .get(place)
        .and_then(|block| Some((block.ledger, case.ledgers.get(block.ledger)?)))
    else {
        return (Say::OutsideCountersignatureNotProvenBlock, facts, None);
    };
    let say = match read.claim {
        Claim::Seen => Say::OutsideCountersignatureProvenSeen,
        Claim::Extends => Say::OutsideCountersignatureProvenExtends,
    };
    let witness = Witness {
        ledger: at,
        kind: WitnessKind::Countersigner(known.thumbprint, *role),
        name: known.name.clone(),
        time_ms,
        own: ledger.keys.as_ref().is_some_and(|keys| {
            keys.all().iter().any(|own| own.key.thumbprint() == known.thumbprint)
        }),
        covers: covered(case, at, place),
        entry: None,
    };
    (say, facts, Some(witness))
}

/// Whether the block with the sealed digest is shown, but is not the one that the other members of the payload name.
fn names_another_block(case: &Case<'_>, read: &Countersignature) -> bool {
    let place = case.block_sealed_as(&read.sealed_digest);
    let Some(block) = place.and_then(|place| case.blocks.get(place)) else { return false };
    let header = block.block.header();
    let typed = |bytes| Digest { alg: header.hash, bytes };
    read.ledger_id != typed(header.ledger_id)
        || read.height != header.height
        || block.hash.map(typed) != Some(read.block_hash)
}

/// Whether another signed block is shown at the height that the payload names.
fn other_block_there(case: &Case<'_>, read: &Countersignature) -> bool {
    let ledger = case.ledger_of(&read.ledger_id).and_then(|at| case.ledgers.get(at));
    ledger.is_some_and(|ledger| {
        case.blocks_at(ledger, read.height).any(|(_, block)| block.root.is_some())
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

/// Since when the key of a block is ended, unless something says that the block is older (format §14.6): a word from
/// outside that covers it, or a head of a later epoch that holds it, where no thief can have written the way there.
fn ended_since(case: &Case<'_>, place: usize) -> Option<i64> {
    let block = case.blocks.get(place)?;
    block.root?;
    let ledger = case.ledgers.get(block.ledger)?;
    let keys = ledger.keys.as_ref()?;
    let key = keys.at(block.height());
    let since = key_ended(case, block.ledger, &key.kid, &key.key.thumbprint())?;
    if witnesses(case, place).any(|witness| witness.time_ms < since) {
        return None;
    }
    let head = case.blocks.get(ledger.head)?;
    let head_key = keys.at(head.height());
    let later = head.root.is_some() && head_key.epoch > key.epoch && block.in_history == Some(true);
    let anchored = no_thief_between(case, block.ledger, keys.all(), key.epoch, head_key.epoch);
    if later && anchored && ended_since(case, ledger.head).is_none() {
        return None;
    }
    Some(since)
}

/// Whether nobody who holds ended keys could have written the rotations from one epoch to another: every ended key on the
/// way committed to the key after it, or the policy lists a key that came after the last one that did not.
fn no_thief_between(
    case: &Case<'_>,
    ledger: usize,
    keys: &[KeyInForce],
    from: Option<u64>,
    to: Option<u64>,
) -> bool {
    let open = keys.iter().rposition(|key| {
        let ended = key_ended(case, ledger, &key.kid, &key.key.thumbprint()).is_some();
        key.epoch >= from && key.epoch < to && ended && key.next_key.is_none()
    });
    let Some(open) = open else { return true };
    let later = keys.iter().skip(open + 1).filter(|key| key.epoch <= to);
    later.into_iter().any(|key| case.policy.ledger_key(&key.key).is_some())
}

/// Since when a key may be in other hands: by a sealed revocation of its ledger as lost or compromised, or by the policy.
pub(super) fn key_ended(
    case: &Case<'_>,
    ledger: usize,
    kid: &[u8; 32],
    thumbprint: &[u8; 32],
) -> Option<i64> {
    let revoked = case.ledgers.get(ledger).map(|ledger| ledger.revoked.as_slice());
    let in_other_hands =
        |reason: &RevokeReason| matches!(reason, RevokeReason::Lost | RevokeReason::Compromised);
    let sealed = revoked
        .unwrap_or_default()
        .iter()
        .filter(|(key, reason, _)| key == kid && in_other_hands(reason))
        .map(|(_, _, since)| *since);
    sealed.chain(case.policy.revoked_since(thumbprint)).min()
}
