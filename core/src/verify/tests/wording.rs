//! The data file and the code say the same sentences.

use std::collections::BTreeSet;

use super::super::grade::Grade;
use super::super::words::{Say, words};
use super::*;

/// Everything but the tests.
fn sources() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/verify");
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ext| ext == "rs") {
            all.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    all
}

#[test]
fn every_sentence_of_the_code_is_in_the_data_and_the_other_way_round() {
    let file: BTreeSet<(&str, &str)> = words()
        .checks
        .iter()
        .flat_map(|check| check.says.keys().map(|key| (check.id.as_str(), key.as_str())))
        .collect();
    let code: BTreeSet<(&str, &str)> =
        Say::ALL.iter().map(|say| (say.check(), say.outcome())).collect();
    assert_eq!(code.len(), Say::ALL.len(), "a sentence stands twice");
    assert_eq!(file, code);
}

#[test]
fn every_sentence_is_said_somewhere() {
    let sources = sources();
    for say in Say::ALL {
        assert!(sources.contains(&format!("Say::{say:?}")), "{say:?} is never said");
    }
}

#[test]
fn heads_statuses_and_outcomes_are_known() {
    for check in &words().checks {
        assert!(words().heads.contains_key(&check.head), "{}", check.id);
        assert!(!check.name.zh.is_empty() && !check.name.en.is_empty());
    }
    for status in Status::ALL {
        assert!(words().statuses.contains_key(status.name()));
    }
    let etsi = |name: &str| words().statuses[name].etsi.as_str();
    assert_eq!(etsi("PROVEN"), "TOTAL-PASSED");
    assert_eq!(etsi("CONTRADICTED"), "TOTAL-FAILED");
    assert_eq!(etsi("NOT_PROVEN"), "INDETERMINATE");
    for say in Say::ALL {
        let first = say.outcome().split('.').next().unwrap();
        let expected = match say.status() {
            Status::Proven => "proven",
            Status::Contradicted => "contradicted",
            Status::NotProven => "not-proven",
            Status::NotChecked => "not-checked",
        };
        assert_eq!(first, expected);
    }
    for grade in Grade::ALL {
        let (name, lift) = grade.words();
        assert!(!name.zh.is_empty() && !lift.en.is_empty());
    }
    assert_eq!(words().grades.len(), Grade::ALL.len());
}

#[test]
fn every_sentence_says_what_it_does_not_say_in_both_languages() {
    for say in Say::ALL {
        let (says, not) = (say.says(&serde_json::Map::new()), say.says_not());
        for text in [&says.zh, &says.en, &not.zh, &not.en] {
            assert!(!text.is_empty(), "{say:?}");
            assert!(!text.contains(['{', '}']), "{say:?}: {text}");
        }
        assert!(not.zh.ends_with('。') && not.en.ends_with('.'), "{say:?}");
    }
}

#[test]
fn both_languages_have_the_same_places_for_facts() {
    let places = |text: &str| -> BTreeSet<String> {
        let parts = text.split('{').skip(1);
        parts.map(|part| part.split('}').next().unwrap().to_owned()).collect()
    };
    for check in &words().checks {
        for (outcome, label) in &check.says {
            assert_eq!(places(&label.zh), places(&label.en), "{} {outcome}", check.id);
        }
    }
}

#[test]
fn every_check_is_on_the_page() {
    let page = include_str!("../../../../docs/verdicts.md");
    for check in &words().checks {
        assert!(page.contains(&format!("| `{}` |", check.id)), "{} is not listed", check.id);
    }
    let listed = page.lines().filter(|line| line.starts_with("| `") && line.contains(" | "));
    let ids: Vec<&str> = listed.filter_map(|line| line.split('`').nth(1)).collect();
    for id in ids.iter().filter(|id| id.contains('.') || **id == "renewal") {
        assert!(words().checks.iter().any(|check| check.id == *id), "{id} is no check");
    }
}

#[test]
fn hidden_characters_are_written_out_everywhere() {
    let mut lines = Lines::default();
    lines.say(
        Say::LedgerGenesisProven,
        "ledger:x",
        serde_json::json!({ "organisation": "张\u{202e}三银行" }),
    );
    let line = &lines.0[0];
    assert!(line.says.zh.contains("张\\u{202e}三银行"));
    assert_eq!(line.facts["organisation"], "张\\u{202e}三银行");
}
