//! Values of records on the screen, and which of them to show or disclose.

use serde_json::{Map, Value, json};
use yinzheng::ledger::Disclose;
use yinzheng::profile::{self, Audience, MASKED, Profile};
use yinzheng::record::Record;
use yinzheng::value::escape::for_people;
use yinzheng::value::{Disclosure, FieldClass, Lang};

use crate::failure::{Both, Failure, Result};
use crate::output::{Page, Pick, Span, Tone, span};

/// What the caller wants disclosed, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    All,
    None,
    ByProfile,
    For(Audience),
    Chosen { names: Vec<String>, classes: Vec<FieldClass> },
}

/// Reads `all`, `none`, `profile`, `for:court` and the other audiences, or a list of names and `class:C1`, parted by commas.
pub(crate) fn choice(text: &str) -> Result<Choice> {
    match text {
        "all" => return Ok(Choice::All),
        "none" => return Ok(Choice::None),
        "profile" => return Ok(Choice::ByProfile),
        _ => {}
    }
    if let Some(audience) = text.strip_prefix("for:").and_then(|word| word.parse().ok()) {
        return Ok(Choice::For(audience));
    }
    let (mut names, mut classes) = (Vec::new(), Vec::new());
    for token in text.split(',').map(str::trim) {
        match token.strip_prefix("class:") {
            Some("C1" | "c1") => classes.push(FieldClass::C1),
            Some("C2" | "c2") => classes.push(FieldClass::C2),
            None if !token.is_empty() && !is_whole(token) => {
                names.push(token.to_owned());
            }
            _ => {
                return Err(Failure::input(
                    Both::new("看不懂要出示哪些字段值", "which values to disclose cannot be read"),
                    Both::new(
                        "请写 all、none、profile、for:court、for:regulator、for:customer、for:partner，或用逗号分隔的字段名、报文键名、class:C1、class:C2。",
                        "Write all, none, profile, for:court, for:regulator, for:customer, for:partner, or names, message keys, class:C1 and class:C2, parted by commas.",
                    ),
                )
                .on(text));
            }
        }
    }
    Ok(Choice::Chosen { names, classes })
}

/// Whether a word says all there is to say, and cannot stand in a list.
fn is_whole(token: &str) -> bool {
    matches!(token, "all" | "none" | "profile") || token.starts_with("for:")
}

impl Choice {
    /// The library's requests that together disclose what is chosen. Names may be those of records, keys of messages or
    /// labels; one that means no field of any record shown is refused.
    pub(crate) fn requests(&self, records: &[(&Record, &Profile)]) -> Result<Vec<Disclose>> {
        match self {
            Choice::All => Ok(vec![Disclose::All]),
            Choice::None => Ok(vec![Disclose::None]),
            Choice::ByProfile => Ok(vec![Disclose::ByProfile]),
            Choice::For(audience) => Ok(vec![Disclose::Audience(*audience)]),
            Choice::Chosen { names, classes } => {
                let mut wanted = Vec::new();
                for name in names {
                    let meant = meant_by(name, records);
                    if meant.is_empty() {
                        return Err(unknown(name, records));
                    }
                    wanted.extend(meant);
                }
                wanted.sort();
                wanted.dedup();
                let mut requests = Vec::new();
                if !wanted.is_empty() {
                    requests.push(Disclose::Names(wanted));
                }
                if !classes.is_empty() {
                    requests.push(Disclose::Classes(classes.clone()));
                }
                Ok(requests)
            }
        }
    }

    /// Whether a value of a record is shown.
    pub(crate) fn shows(&self, profile: Option<&Profile>, record: &Record, name: &str) -> bool {
        match self {
            Choice::All => true,
            Choice::None => false,
            Choice::ByProfile => profile.is_some_and(|profile| by_profile(profile, name)),
            Choice::For(audience) => {
                profile.is_some_and(|profile| profile.shows_to(*audience, name))
            }
            Choice::Chosen { names, classes } => {
                let named = names.iter().any(|wanted| match profile {
                    Some(profile) => {
                        meant_by(wanted, &[(record, profile)]).iter().any(|n| n == name)
                    }
                    None => wanted == name,
                });
                named || profile.is_some_and(|profile| classes.contains(&profile.field_class(name)))
            }
        }
    }
}

fn by_profile(profile: &Profile, name: &str) -> bool {
    let rule = |name: &str| profile.field(name).map(|field| field.disclose);
    match name.strip_suffix(MASKED) {
        Some(full) => rule(full) == Some(profile::Disclose::Masked),
        None => rule(name) == Some(profile::Disclose::Plain),
    }
}

fn meant_by(word: &str, records: &[(&Record, &Profile)]) -> Vec<String> {
    let mut meant = Vec::new();
    for (record, profile) in records {
        let label = |field: &&profile::FieldSpec| field.label.zh == word || field.label.en == word;
        let known = profile.field_by_key(word).or_else(|| profile.fields().iter().find(label));
        for name in [Some(word), known.map(|field| field.name.as_str())].into_iter().flatten() {
            if record.commitment(name).is_some() {
                meant.push(name.to_owned());
            }
        }
    }
    meant
}

/// So many of the names that there are stand in an error.
const NAMES_TOLD: usize = 60;

fn unknown(name: &str, records: &[(&Record, &Profile)]) -> Failure {
    let mut names: Vec<&str> = records
        .iter()
        .flat_map(|(record, _)| record.fields.iter().map(|field| field.name.as_str()))
        .collect();
    names.sort_unstable();
    names.dedup();
    let more = if names.len() > NAMES_TOLD { " …" } else { "" };
    names.truncate(NAMES_TOLD);
    let list = names.join(", ");
    Failure::input(
        Both::new("所选记录中没有这个字段", "no record chosen has this field"),
        Both::new(format!("有这些字段：{list}{more}"), format!("There are: {list}{more}")),
    )
    .on(for_people(name))
}

/// A record's fields with the values that are shown.
pub(crate) fn table(
    page: &mut Page,
    record: &Record,
    profile: Option<&Profile>,
    shown: &[Disclosure],
    lang: Lang,
) {
    let mut rows = Vec::with_capacity(record.fields.len());
    let mut withheld = Vec::new();
    for field in &record.fields {
        let label = label(profile, &field.name, lang);
        match shown.iter().find(|disclosure| disclosure.name == field.name) {
            Some(disclosure) => {
                let mut row: Vec<Span> =
                    vec![label.into(), value(profile, disclosure, lang).into()];
                if let Some(odd) = oddities(disclosure, lang) {
                    row.push(span(odd, Tone::Warn));
                }
                rows.push(row);
            }
            None => withheld.push(label),
        }
    }
    page.table(2, rows);
    if !withheld.is_empty() {
        let lead = lang.pick("未出示：", "withheld: ");
        let names = withheld.join(lang.pick("、", ", "));
        page.paragraph(2, span(lead, Tone::Dim), &names, Tone::Dim);
    }
}

fn label(profile: Option<&Profile>, name: &str, lang: Lang) -> String {
    profile.map_or_else(|| for_people(name).into_owned(), |profile| profile.field_label(name, lang))
}

fn value(profile: Option<&Profile>, disclosure: &Disclosure, lang: Lang) -> String {
    match profile.and_then(|profile| profile.field(&disclosure.name)) {
        Some(field) => field.display(&disclosure.value, lang),
        None => disclosure.value.display(lang),
    }
}

fn oddities(disclosure: &Disclosure, lang: Lang) -> Option<String> {
    let findings = disclosure.value.findings();
    if findings.is_empty() {
        return None;
    }
    let mut words: Vec<String> = findings.iter().map(|finding| finding.label(lang)).collect();
    if let Some(original) = disclosure.value.display_original(lang) {
        words.push(lang.pick(format!("原文“{original}”"), format!("captured as \"{original}\"")));
    }
    Some(words.join(lang.pick("；", "; ")))
}

/// The same for machines, values and labels in the language of the output.
pub(crate) fn json(
    record: &Record,
    profile: Option<&Profile>,
    shown: &[Disclosure],
    lang: Lang,
) -> Value {
    let fields = record.fields.iter().map(|field| {
        let mut map = Map::new();
        map.insert("name".to_owned(), json!(field.name));
        map.insert("label".to_owned(), json!(label(profile, &field.name, lang)));
        match shown.iter().find(|disclosure| disclosure.name == field.name) {
            Some(disclosure) => {
                let findings: Vec<Option<&str>> =
                    disclosure.value.findings().iter().map(|finding| finding.id()).collect();
                map.insert("state".to_owned(), json!("shown"));
                map.insert("value".to_owned(), json!(value(profile, disclosure, lang)));
                map.insert("original".to_owned(), json!(disclosure.value.display_original(lang)));
                map.insert("findings".to_owned(), json!(findings));
            }
            None => {
                map.insert("state".to_owned(), json!("withheld"));
            }
        }
        Value::Object(map)
    });
    fields.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_read() {
        assert_eq!(choice("all").unwrap(), Choice::All);
        let mixed = choice("subject.name, class:C1").unwrap();
        let expected =
            Choice::Chosen { names: vec!["subject.name".into()], classes: vec![FieldClass::C1] };
        assert_eq!(mixed, expected);
        assert_eq!(choice("for:court").unwrap(), Choice::For(Audience::Court));
        for wrong in ["", "a,", "class:C3", "class:", "a,all", "for:", "for:judge", "a,for:court"] {
            assert!(choice(wrong).is_err(), "{wrong}");
        }
    }
}
