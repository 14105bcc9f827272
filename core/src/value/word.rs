//! Words of the format's enumerations (roles, custodies, reasons, clock tiers, kinds of entries …) for people.

use std::sync::OnceLock;

use serde::Deserialize;

use super::Lang;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Word {
    word: String,
    zh: String,
}

/// The data file, read once. A file that does not parse is found by the tests.
fn words() -> &'static [Word] {
    static WORDS: OnceLock<Vec<Word>> = OnceLock::new();
    WORDS.get_or_init(|| {
        serde_json::from_str(include_str!("../../data/words.json")).unwrap_or_default()
    })
}

/// The word that files and output use for a value of an enumeration, as `name()` gives it, in the reader's language. The
/// Chinese stands in `core/data/words.json`; what is not in it stays as it is.
///
/// ```
/// use yinzheng::value::{Lang, word};
/// assert_eq!(word("customer", Lang::Zh), "客户");
/// assert_eq!(word("customer", Lang::En), "customer");
/// ```
pub fn word(name: &str, lang: Lang) -> &str {
    if lang == Lang::En {
        return name;
    }
    words().iter().find(|known| known.word == name).map_or(name, |known| &known.zh)
}
