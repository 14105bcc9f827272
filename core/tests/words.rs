//! Every word that an enumeration of the format uses has its Chinese in `core/data/words.json`, once.

use std::collections::BTreeSet;

use serde::Deserialize;
use yinzheng::entry::{
    ContinueReason, EventCode, HoldAction, HoldReason, RefuseReason, TombstoneReason,
};
use yinzheng::key::{Custody, KeyAction, KeyRole, RevokeReason};
use yinzheng::record::Relation;
use yinzheng::statement::Role;
use yinzheng::time::Tier;
use yinzheng::value::{Lang, word};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    word: String,
    zh: String,
}

#[allow(clippy::expect_used)] // a test helper outside `#[test]`, see clippy.toml
fn rows() -> Vec<Row> {
    serde_json::from_str(include_str!("../data/words.json")).expect("words.json is a list of rows")
}

#[test]
fn every_word_of_an_enumeration_is_there() {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    names.extend(Role::ALL.iter().map(|role| role.name()));
    names.extend(KeyRole::ALL.iter().map(|role| role.name()));
    names.extend(KeyAction::ALL.iter().map(|action| action.name()));
    names.extend(Custody::ALL.iter().map(|custody| custody.name()));
    names.extend(RevokeReason::ALL.iter().map(|reason| reason.name()));
    names.extend(Relation::ALL.iter().map(|relation| relation.name()));
    names.extend(EventCode::ALL.iter().map(|code| code.name()));
    names.extend(RefuseReason::ALL.iter().map(|reason| reason.name()));
    names.extend(ContinueReason::ALL.iter().map(|reason| reason.name()));
    names.extend(TombstoneReason::ALL.iter().map(|reason| reason.name()));
    names.extend(HoldReason::ALL.iter().map(|reason| reason.name()));
    names.extend(HoldAction::ALL.iter().map(|action| action.name()));
    names.extend(Tier::ALL.iter().map(|tier| tier.name()));
    let known: BTreeSet<String> = rows().into_iter().map(|row| row.word).collect();
    let missing: Vec<&&str> = names.iter().filter(|name| !known.contains(**name)).collect();
    assert!(missing.is_empty(), "not in core/data/words.json: {missing:?}");
}

#[test]
fn each_word_stands_once_and_has_chinese() {
    let mut seen = BTreeSet::new();
    for row in rows() {
        assert!(row.zh.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{}", row.word);
        assert_eq!(word(&row.word, Lang::Zh), row.zh);
        assert_eq!(word(&row.word, Lang::En), row.word);
        assert!(seen.insert(row.word.clone()), "{} stands twice", row.word);
    }
    assert_eq!(word("no such word", Lang::Zh), "no such word");
}
