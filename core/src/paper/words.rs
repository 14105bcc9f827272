//! The words of pages, in both languages: `core/data/paper.json`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::value::{Label, Lang};

/// The data file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// Headings, words and sentences by id.
    pub(super) words: BTreeMap<String, Label>,
    /// What records of a profile are offered to prove, by profile id.
    pub(super) proves: BTreeMap<String, Label>,
}

/// The data file, read once. A file that does not parse is found by the tests.
pub(super) fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        serde_json::from_str(include_str!("../../data/paper.json"))
            .unwrap_or_else(|_| Words { words: BTreeMap::new(), proves: BTreeMap::new() })
    })
}

/// A word or sentence. Tests find an id that is not in the file.
pub(super) fn word(id: &str, lang: Lang) -> &'static str {
    words().words.get(id).map_or("", |label| label.get(lang))
}

/// What a record of this profile is offered to prove.
pub(super) fn proves(profile: &str, lang: Lang) -> &'static str {
    let table = &words().proves;
    table.get(profile).or_else(|| table.get("")).map_or("", |label| label.get(lang))
}
