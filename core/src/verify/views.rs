//! Records and ledgers as the verdict lists them.

use std::collections::BTreeSet;

use super::case::{Case, RecordShown};
use super::grade::Grade;
use super::ledgers::{Origin, begun, origin};
use super::records::{Marks, profile_of};
use super::verdict::{FieldView, FileView, InputDigest, LedgerView, RecordView, Text};
use super::{statements, time};
use crate::hash::hex;
use crate::number;
use crate::profile::{Audience, FieldSpec, MASKED, Profile};
use crate::value::escape::for_people;
use crate::value::{Disclosure, Lang, Parsed, Value};

/// All ledgers.
pub(super) fn ledgers(case: &Case<'_>) -> Vec<LedgerView> {
    let view = |ledger| {
        let known_as = match origin(case, ledger) {
            Origin::Ledger(name) => Some(for_people(name).into_owned()),
            Origin::Key(known) => Some(for_people(&known.name).into_owned()),
            Origin::Unproven | Origin::Unknown | Origin::NoPolicy => None,
        };
        let head = case.blocks.get(ledger.head);
        LedgerView {
            id: hex::encode(&ledger.id.bytes),
            hash: ledger.hash().name(),
            organisation: ledger
                .genesis
                .map(|genesis| for_people(&genesis.organisation).into_owned()),
            known_as,
            head_height: head.map_or(0, |head| head.height()),
            head_digest: head.map(|head| hex::encode(&head.sealed_digest)).unwrap_or_default(),
            head_begun: head.and_then(|head| begun(head.block.header())),
            blocks: u64::try_from(ledger.blocks.len()).unwrap_or(u64::MAX),
        }
    };
    case.ledgers.iter().map(view).collect()
}

/// All records.
pub(super) fn records<'a>(case: &Case<'a>, marks: &Marks<'a>) -> Vec<RecordView> {
    case.records.iter().filter_map(|record| view(case, marks, record)).collect()
}

fn view<'a>(case: &Case<'a>, marks: &Marks<'a>, shown: &RecordShown<'a>) -> Option<RecordView> {
    let item = case.item_of(shown)?;
    let header = item.receipt.block().header();
    let record = shown.record;
    let profile = profile_of(case, shown);
    let grade = Grade::of(case, shown);
    let (grade_name, lift) = grade.words();
    let signed = statements::over(case, &shown.digest).iter().filter(|statement| statement.holds);
    let signed: BTreeSet<_> = signed.map(|statement| statement.role).collect();
    let by = shown.superseded_by.and_then(|by| case.records.get(by));
    let label = match profile {
        Some(profile) => both(|lang| for_people(profile.label(lang)).into_owned()),
        None => both(|_| for_people(&record.profile.id).into_owned()),
    };
    Some(RecordView {
        number: shown.number.clone(),
        digest: shown.digest.to_string(),
        ledger: hex::encode(&header.ledger_id),
        height: header.height,
        sequence: item.receipt.sequence(),
        sealed: case.sealed(item),
        dossier: number::preservation_number(&record.dossier),
        place: record.place,
        profile: for_people(&record.profile.id).into_owned(),
        profile_version: record.profile.version,
        label,
        happened: time::text(record.time.when()),
        captured: time::text(&record.time.captured),
        clock: record.time.tier.name(),
        signed_by: signed.into_iter().map(|role| role.name()).collect(),
        grade: grade.id(),
        grade_name,
        lift,
        superseded_by: by.map(|by| by.number.clone()),
        fields: fields(case, marks, shown, profile),
        not_collected: not_collected(shown, profile),
    })
}

fn both(text: impl Fn(Lang) -> String) -> Text {
    Text { zh: text(Lang::Zh), en: text(Lang::En) }
}

fn fields<'a>(
    case: &Case<'a>,
    marks: &Marks<'a>,
    shown: &RecordShown<'a>,
    profile: Option<&Profile>,
) -> Vec<FieldView> {
    let erased = marks.erased(case, shown);
    let names = shown.record.fields.iter().map(|field| field.name.as_str());
    let mut fields: Vec<FieldView> = names
        .map(|name| {
            let at = shown.values.binary_search_by(|(one, _)| one.name.as_str().cmp(name)).ok();
            let (state, value) = match at.and_then(|at| shown.values.get(at)) {
                Some((one, true)) => ("shown", Some(*one)),
                Some((_, false)) => ("mismatch", None),
                None if erased.contains(name) => ("erased", None),
                None => ("withheld", None),
            };
            field(name, state, value, profile)
        })
        .collect();
    // What is shown under a name that the record does not have fits nothing.
    let strays =
        shown.values.iter().filter(|(one, _)| shown.record.commitment(&one.name).is_none());
    fields.extend(strays.map(|(one, _)| field(&one.name, "mismatch", None, profile)));
    fields
}

fn field(
    name: &str,
    state: &'static str,
    value: Option<&Disclosure>,
    profile: Option<&Profile>,
) -> FieldView {
    let spec = profile.and_then(|profile| profile.field(name));
    let display = |lang| {
        value.map(|one| match spec {
            Some(spec) => spec.display(&one.value, lang),
            None => one.value.display(lang),
        })
    };
    FieldView {
        name: for_people(name).into_owned(),
        label: both(|lang| match profile {
            Some(profile) => profile.field_label(name, lang),
            None => for_people(name).into_owned(),
        }),
        state,
        value: display(Lang::Zh).zip(display(Lang::En)).map(|(zh, en)| Text { zh, en }),
        masked: value
            .zip(profile)
            .and_then(|(one, profile)| masked(profile, spec, name, &one.value)),
        file: value.and_then(|one| match one.value.parsed() {
            Some(Parsed::Attachment(file)) => Some(FileView {
                media_type: for_people(&file.media_type).into_owned(),
                digest: InputDigest::of(&file.digest),
            }),
            _ => None,
        }),
        original: value.and_then(|one| one.value.display_original(Lang::En)),
        findings: value
            .map(|one| {
                let findings = one.value.findings().iter();
                findings
                    .map(|f| f.id().map_or_else(|| f.number().to_string(), str::to_owned))
                    .collect()
            })
            .unwrap_or_default(),
    }
}

/// What is shown where personal data is masked: the rule is the one for a regulator.
fn masked(profile: &Profile, spec: Option<&FieldSpec>, name: &str, value: &Value) -> Option<Text> {
    let shown = |name: &str| profile.shows_to(Audience::Regulator, name);
    let base = name.strip_suffix(MASKED);
    if shown(name) || base.is_some_and(shown) {
        return Some(both(|lang| match spec {
            Some(spec) => spec.display(value, lang),
            None => value.display(lang),
        }));
    }
    if !shown(&format!("{name}{MASKED}")) {
        return None;
    }
    let text = spec?.mask.apply(&value.plain_text()?)?;
    Some(both(|_| for_people(&text).into_owned()))
}

fn not_collected(shown: &RecordShown<'_>, profile: Option<&Profile>) -> Vec<String> {
    let fields = profile.map(Profile::fields).unwrap_or_default().iter();
    fields
        .filter(|field| shown.record.commitment(&field.name).is_none())
        .map(|field| field.name.clone())
        .collect()
}
