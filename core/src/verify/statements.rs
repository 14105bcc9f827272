//! Statements: whose signature it is, over which record, for which ledger, over what was displayed.

use serde_json::{Value, json};

use super::case::{Case, Shown};
use super::certificate::{self, Beside};
use super::ended::key_ended;
use super::lineage::{self, Meant};
use super::lines::{Lines, time_text};
use super::outside::witnesses_of_entry;
use super::verdict::Status;
use super::words::Say;
use super::{hints, policy::KnownKey};
use crate::entry::Body;
use crate::hash::{Digest, HashAlg, hex};
use crate::key::{KeyClaims, KeyRole};
use crate::number;
use crate::sign::PublicKey;
use crate::statement::{Role, Statement};
use crate::value::Parsed;

/// A statement, as it came out.
pub(super) struct StatementShown {
    /// The record that it is about, by its digest.
    pub(super) record: Digest,
    pub(super) role: Role,
    /// Thumbprint of the key, where one was found.
    pub(super) key: Option<[u8; 32]>,
    /// Whether everything that the grade rests on is proven: sealed, signature, key, role, ledger.
    pub(super) holds: bool,
    /// Whether the policy knows the key in this role.
    pub(super) known: bool,
    /// Whether the key is the ledger's own.
    pub(super) own: bool,
}

/// Where a key was found.
struct Found<'k> {
    key: &'k PublicKey,
    source: &'static str,
    /// Role of a sealed key entry.
    sealed: Option<KeyRole>,
    /// Whether the sealed key was in force when the statement was sealed.
    in_force: bool,
    /// The key in the policy, in the statement's role.
    known: Option<&'k KnownKey>,
    /// Roles that the policy gives the key, for a key that only the policy has.
    roles: Vec<&'static str>,
    since: Option<i64>,
}

/// Checks all statements and says their lines.
pub(super) fn check(case: &mut Case<'_>, lines: &mut Lines) {
    let mut checked = Vec::new();
    for item in &case.items {
        if let Body::Statement(statement) = &item.entry.body {
            checked.push(one(case, item, statement, lines));
        }
    }
    checked.sort_by_key(|statement: &StatementShown| statement.record);
    case.statements = checked;
}

/// The statements over a record.
pub(super) fn over<'c>(case: &'c Case<'_>, record: &Digest) -> &'c [StatementShown] {
    let from = case.statements.partition_point(|statement| statement.record < *record);
    let to = case.statements.partition_point(|statement| statement.record <= *record);
    case.statements.get(from..to).unwrap_or_default()
}

fn one(
    case: &Case<'_>,
    item: &Shown<'_>,
    statement: &Statement,
    lines: &mut Lines,
) -> StatementShown {
    let record = statement.record_digest();
    let number = number::record_number(&record);
    let header = item.receipt.block().header();
    let found = find_key(case, item, statement);
    let facts = |more: Value| {
        let mut facts = json!({
            "role": statement.role.name(),
            "kid": hex::encode(&statement.kid),
            "alg": statement.alg.name(),
            "height": header.height,
            "index": item.receipt.index(),
        });
        if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
            facts.extend(more);
        }
        facts
    };
    let mut holds = case.sealed(item) == Status::Proven;
    let mut say = |good: bool, say: Say, more: Value| {
        holds &= good;
        lines.say(say, &number, facts(more));
    };
    let issued = claimed_ms(statement).and_then(|ms| time_text(ms, 0));
    match &found {
        None => say(false, Say::StatementSignatureNotProvenKey, json!({ "issued": issued })),
        Some(found) => {
            if statement.verify(found.key).is_err() {
                let hint = hints::sm2(found.key, &statement.to_be_signed(), statement.signature());
                let more = json!({ "source": found.source, "hint": hints::words(hint) });
                say(false, Say::StatementSignatureContradicted, more);
            } else if let Some(since) = found.since {
                let more = json!({ "source": found.source, "since": time_text(since, 0) });
                say(false, Say::StatementSignatureNotProvenRevoked, more);
            } else {
                let more = json!({
                    "source": found.source,
                    "issued": issued,
                    "known_as": found.known.map(|known| &known.name),
                });
                say(true, Say::StatementSignatureProven, more);
            }
            if found.sealed.is_some() {
                let sentence = match found.in_force {
                    true => Say::StatementKeyProven,
                    false => Say::StatementKeyContradicted,
                };
                say(found.in_force, sentence, json!({}));
            }
            let fits = match found.sealed {
                Some(role) => may_sign(role, statement.role) || found.known.is_some(),
                None => found.known.is_some(),
            };
            let key_role = match found.sealed {
                Some(role) => role.name().to_owned(),
                None => found.roles.join(", "),
            };
            let sentence =
                if fits { Say::StatementRoleProven } else { Say::StatementRoleContradicted };
            say(fits, sentence, json!({ "key_role": key_role }));
        }
    }
    match &statement.audience {
        None => say(true, Say::StatementAudienceNotProven, json!({})),
        Some(audience) => {
            let meant = lineage::meant_for(case, item.ledger, audience);
            let sentence = match meant {
                Meant::Here => Say::StatementAudienceProven,
                Meant::Before => Say::StatementAudienceProvenBefore,
                Meant::Perhaps => Say::StatementAudienceNotProvenBefore,
                Meant::Elsewhere => Say::StatementAudienceContradicted,
            };
            let good = matches!(meant, Meant::Here | Meant::Before);
            say(good, sentence, json!({ "audience": audience.to_string() }));
        }
    }
    if case.find(&record).is_empty() {
        say(false, Say::StatementRecordNotProven, json!({ "number": number }));
    } else {
        say(true, Say::StatementRecordProven, json!({ "number": number }));
    }
    match &statement.displayed {
        None => say(true, Say::StatementDisplayedNotProvenNone, json!({})),
        Some(digest) => {
            let field = displayed(case, &record, digest);
            let sentence = match field {
                Some(_) => Say::StatementDisplayedProven,
                None => Say::StatementDisplayedNotProven,
            };
            let more = json!({ "field": field, "displayed": digest.to_string() });
            say(true, sentence, more);
        }
    }
    if let Some(leaf) = statement.certificates.first() {
        let of_another = found.as_ref().is_some_and(|found| !certificate::is_of(leaf, found.key));
        if of_another {
            say(false, Say::StatementCertificateContradicted, json!({}));
        }
        let beside = Beside {
            certificates: &statement.certificates,
            attestations: 0,
            key: found.as_ref().map(|found| found.key),
            at_ms: claimed_ms(statement).unwrap_or(i64::MAX),
        };
        certificate::say(case, &beside, &number, lines);
    }
    StatementShown {
        record,
        role: statement.role,
        key: found.as_ref().map(|found| found.key.thumbprint()),
        holds,
        known: found.as_ref().is_some_and(|found| found.known.is_some()),
        own: found.is_some_and(|found| found.sealed == Some(KeyRole::Ledger)),
    }
}

/// When it was signed, as its signer claims, in milliseconds since 1970.
fn claimed_ms(statement: &Statement) -> Option<i64> {
    i64::try_from(statement.issued_at).ok()?.checked_mul(1000)
}

/// The key that a statement is checked with, for the second opinion.
#[cfg(feature = "second-opinion")]
pub(super) fn key_of<'c>(
    case: &'c Case<'_>,
    item: &Shown<'_>,
    statement: &Statement,
) -> Option<&'c PublicKey> {
    find_key(case, item, statement).map(|found| found.key)
}

/// The key: among the ledger's sealed key entries by digest, else in the policy by thumbprint.
fn find_key<'c>(case: &'c Case<'_>, item: &Shown<'_>, statement: &Statement) -> Option<Found<'c>> {
    let ledger = case.ledgers.get(item.ledger)?;
    let in_policy = |thumbprint: &[u8; 32]| {
        let mut known = case.policy.signers(thumbprint);
        known.find(|(_, role)| *role == statement.role).map(|(known, _)| known)
    };
    let older = |since: i64| {
        let older = witnesses_of_entry(case, item).any(|witness| witness.time_ms < since);
        (!older).then_some(since)
    };
    let sealed = ledger
        .signers
        .by_kid(&statement.kid)
        .or_else(|| ledger.keys.as_ref()?.by_kid(&statement.kid));
    if let Some(key) = sealed {
        let thumbprint = key.key.thumbprint();
        let known = in_policy(&thumbprint);
        return Some(Found {
            key: &key.key,
            source: if known.is_some() { "ledger and policy" } else { "ledger" },
            sealed: Some(key.role),
            in_force: ledger.in_use.get(&key.kid).is_some_and(|(start, end)| {
                *start < item.position() && end.is_none_or(|end| item.position() < end)
            }),
            known,
            roles: Vec::new(),
            since: key_ended(case, item.ledger, &key.kid, &thumbprint).and_then(older),
        });
    }
    if let Some(found) = key_before(case, item, statement, &in_policy, &older) {
        return Some(found);
    }
    let known = case.policy.signers(&statement.kid).map(|(known, _)| known);
    let known: Vec<&KnownKey> = known.collect();
    let fits = known.iter().find(|known| statement.verify(&known.key).is_ok());
    let first = fits.or(known.first())?;
    Some(Found {
        key: &first.key,
        source: "policy",
        sealed: None,
        in_force: true,
        known: in_policy(&statement.kid),
        roles: known.iter().map(|known| known.role.name()).collect(),
        since: case.policy.revoked_since(&statement.kid).and_then(older),
    })
}

/// A key that a ledger before this one sealed, for a statement that was taken over (format §5.5).
fn key_before<'c>(
    case: &'c Case<'_>,
    item: &Shown<'_>,
    statement: &Statement,
    in_policy: &dyn Fn(&[u8; 32]) -> Option<&'c KnownKey>,
    older: &dyn Fn(i64) -> Option<i64>,
) -> Option<Found<'c>> {
    let in_ledger = |ledger: usize| {
        let shown = case.ledgers.get(ledger)?;
        Some((ledger, shown, shown.signers.by_kid(&statement.kid)?))
    };
    let (ledger, shown, key) = lineage::before(case, item.ledger).find_map(in_ledger)?;
    // Its end may stand there, or among what was taken over with the statement.
    let ends_it = |other: &&Shown<'_>| {
        let names = |claims: &KeyClaims| claims.previous == Some(statement.kid);
        other.ledger == item.ledger
            && other.position() < item.position()
            && matches!(&other.entry.body, Body::Key(_, claims) if names(claims))
    };
    let ended = shown.in_use.get(&key.kid).is_none_or(|(_, end)| end.is_some())
        || case.items.iter().find(ends_it).is_some();
    let thumbprint = key.key.thumbprint();
    let known = in_policy(&thumbprint);
    Some(Found {
        key: &key.key,
        source: if known.is_some() { "ledger before and policy" } else { "ledger before" },
        sealed: Some(key.role),
        in_force: !ended,
        known,
        roles: Vec::new(),
        since: key_ended(case, ledger, &key.kid, &thumbprint).and_then(older),
    })
}

/// In which roles a key that the ledger enrolled may sign (format §5.1).
fn may_sign(key: KeyRole, role: Role) -> bool {
    match key {
        KeyRole::Ledger => matches!(role, Role::Lender | Role::Platform | Role::Teller),
        KeyRole::Customer => matches!(role, Role::Customer | Role::Agent | Role::Guarantor),
        KeyRole::Device => role == Role::Device,
        KeyRole::Witness => {
            matches!(role, Role::Witness | Role::Teller | Role::Notary | Role::CustomersBank)
        }
    }
}

/// The field of the record whose file has this digest.
fn displayed(case: &Case<'_>, record: &Digest, digest: &Digest) -> Option<String> {
    let records = case.find(record).iter().filter_map(|at| case.records.get(*at));
    for record in records {
        for (one, _) in record.values.iter().filter(|(_, fits)| *fits) {
            if let Some(Parsed::Attachment(file)) = one.value.parsed() {
                let bytes = match digest.alg {
                    HashAlg::Sha256 => file.digest.sha256,
                    HashAlg::Sm3 => file.digest.sm3,
                };
                if bytes == digest.bytes {
                    return Some(one.name.clone());
                }
            }
        }
    }
    None
}
