//! The rules of profiles, asked of the values that are shown: consent, order, arithmetic, masks.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::case::{Case, RecordShown};
use super::dossiers::Dossiers;
use super::lines::Lines;
use super::records::profile_of;
use super::words::Say;
use crate::number;
use crate::profile::{Check, Opened, Other, Profile, Rule, RuleOutcome, RuleResult, Why, evaluate};
use crate::record::Relation;
use crate::value::parse::FieldType;

/// How many pairs of records are compared in one verification; a proof beyond it is not one of a bank's matters.
const PAIRS: usize = 2_000_000;

/// What a rule is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Consent,
    Order,
    Arithmetic,
}

/// Says the lines of all records, dossier by dossier.
pub(super) fn say(case: &Case<'_>, dossiers: &Dossiers, lines: &mut Lines) {
    let mut budget = PAIRS;
    for (id, members) in dossiers.records(case) {
        let before = lines.0.len();
        let mut by_profile: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for at in &members {
            if let Some(record) = case.records.get(*at) {
                by_profile.entry(&record.record.profile.id).or_default().push(*at);
            }
        }
        for at in &members {
            if let Some(record) = case.records.get(*at) {
                one(case, *at, record, &by_profile, &mut budget, lines);
            }
        }
        let cites = members.iter().filter_map(|at| case.records.get(*at)).any(|record| {
            record.record.citations.iter().any(|citation| citation.relation == Relation::Consent)
        });
        let ruled = lines.0.iter().skip(before).any(|line| line.check == "rule.consent");
        if !cites && !ruled {
            let number = number::preservation_number(id);
            lines.say(Say::ConsentNoneNotChecked, number, json!({}));
        }
    }
}

fn one(
    case: &Case<'_>,
    at: usize,
    record: &RecordShown<'_>,
    by_profile: &BTreeMap<&str, Vec<usize>>,
    budget: &mut usize,
    lines: &mut Lines,
) {
    let Some(profile) = profile_of(case, record) else { return };
    let needed = partners_needed(profile);
    let cited = |other: &RecordShown<'_>| {
        record.record.citations.iter().any(|citation| {
            citation.relation != Relation::Predecessor && citation.digest == other.digest
        })
    };
    // Of the same dossier, and whatever it cites elsewhere. A record that was corrected counts only where it is cited.
    let mut partners: BTreeSet<usize> = BTreeSet::new();
    for of in needed.keys() {
        partners.extend(by_profile.get(of).into_iter().flatten());
    }
    let (mut unseen, mut own) = (false, BTreeSet::new());
    for citation in &record.record.citations {
        let found = case.find(&citation.digest);
        if citation.relation != Relation::Predecessor {
            unseen |= found.is_empty();
            own.extend(found.iter().copied());
        }
    }
    partners.extend(&own);
    partners.remove(&at);
    if partners.len() > *budget {
        *budget = 0;
        let facts = json!({ "rule": null, "label": profile.id(), "skipped": true });
        lines.say(Say::RuleOrderNotProvenRecord, &record.number, facts);
        return;
    }
    *budget -= partners.len();
    let (mut others, mut numbers) = (Vec::new(), Vec::new());
    for other in partners.iter().filter_map(|at| case.records.get(*at)) {
        let id = other.record.profile.id.as_str();
        let Some(names) = needed.get(id) else { continue };
        let is_cited = cited(other);
        // Without its profile nobody says what the names of a record mean.
        let usable = case.stands(other) && profile_of(case, other).is_some();
        if !usable || (other.superseded_by.is_some() && !is_cited) {
            continue;
        }
        let mut fields = Opened::new();
        for name in names.iter().filter(|name| other.record.commitment(name).is_some()) {
            fields.put(name, other.value(name));
        }
        numbers.push(other.number.as_str());
        others.push(Other { profile: id, fields, cited: is_cited });
    }
    let mut fields = Opened::new();
    for field in &record.record.fields {
        fields.put(&field.name, record.value(&field.name));
    }
    for outcome in evaluate(profile, &fields, &others, unseen) {
        say_outcome(profile, record, &outcome, &numbers, lines);
    }
}

/// The profiles that rules compare with, and the fields they look at there.
fn partners_needed(profile: &Profile) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut needed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for rule in profile.rules() {
        let (of, matching, that) = match &rule.check {
            Check::After { of, matching, that, .. } => (of, matching, Some(that)),
            Check::Requires { of, matching } => (of, matching, None),
            _ => continue,
        };
        let names = needed.entry(of.as_str()).or_default();
        names.extend(matching.iter().chain(that).map(String::as_str));
    }
    needed
}

fn say_outcome(
    profile: &Profile,
    record: &RecordShown<'_>,
    outcome: &RuleOutcome,
    numbers: &[&str],
    lines: &mut Lines,
) {
    let with: Vec<&&str> = outcome.others.iter().filter_map(|at| numbers.get(*at)).collect();
    if let Some(field) = outcome.rule.strip_prefix("masked:") {
        let say = match outcome.result {
            RuleResult::Holds => Say::ValueMaskedProven,
            _ => Say::ValueMaskedContradicted,
        };
        lines.say(say, &record.number, json!({ "field": field }));
        return;
    }
    let Some(rule) = profile.rules().iter().find(|rule| rule.id == outcome.rule) else { return };
    let facts: Value = json!({
        "rule": rule.id,
        "label": { "zh": rule.label.zh, "en": rule.label.en },
        "basis": rule.basis,
        "fields": outcome.fields,
        "with": with,
    });
    lines.say(sentence(topic(profile, rule), outcome.result), &record.number, facts);
}

fn topic(profile: &Profile, rule: &Rule) -> Topic {
    let about_consent = |name: &str| name.starts_with("consent.") || name.starts_with("auth.");
    let is_time = |name: &String| {
        profile.field(name).is_some_and(|field| {
            matches!(field.spec.field_type, FieldType::Instant | FieldType::Date | FieldType::Day)
        })
    };
    match &rule.check {
        Check::After { of, .. } | Check::Requires { of, .. } if about_consent(of) => Topic::Consent,
        Check::After { this, .. } if !is_time(this) => Topic::Arithmetic,
        Check::After { .. } | Check::Requires { .. } => Topic::Order,
        Check::Compare { a, b, .. } if about_consent(a) || about_consent(b) => Topic::Consent,
        Check::Compare { a, b, .. } if is_time(a) || is_time(b) => Topic::Order,
        Check::Compare { .. } | Check::Sum { .. } | Check::Instalment { .. } => Topic::Arithmetic,
    }
}

fn sentence(topic: Topic, result: RuleResult) -> Say {
    let [consent, order, arithmetic] = match result {
        RuleResult::Holds => {
            [Say::RuleConsentProven, Say::RuleOrderProven, Say::RuleArithmeticProven]
        }
        RuleResult::Broken => [
            Say::RuleConsentContradicted,
            Say::RuleOrderContradicted,
            Say::RuleArithmeticContradicted,
        ],
        RuleResult::NotDecidable(Why::NotOpen) => [
            Say::RuleConsentNotProvenValues,
            Say::RuleOrderNotProvenValues,
            Say::RuleArithmeticNotProvenValues,
        ],
        RuleResult::NotDecidable(Why::NoRecord) => [
            Say::RuleConsentNotProvenRecord,
            Say::RuleOrderNotProvenRecord,
            Say::RuleArithmeticNotProvenRecord,
        ],
        RuleResult::NotDecidable(Why::Imprecise) => [
            Say::RuleConsentNotProvenPrecision,
            Say::RuleOrderNotProvenPrecision,
            Say::RuleArithmeticNotProvenPrecision,
        ],
        RuleResult::NotDecidable(Why::Unlike) => [
            Say::RuleConsentNotProvenUnits,
            Say::RuleOrderNotProvenUnits,
            Say::RuleArithmeticNotProvenUnits,
        ],
    };
    match topic {
        Topic::Consent => consent,
        Topic::Order => order,
        Topic::Arithmetic => arithmetic,
    }
}
