//! Named facts: for people in either language, for machines under fixed names. Everything sealed by others is escaped here,
//! once.

use serde_json::{Map, Value, json};
use yinzheng::hash::{Digest, hex};
use yinzheng::value::escape::for_people;
use yinzheng::value::{Lang, word};

use crate::output::{Pick, Span, Tone, span};

/// One thing to say.
struct Fact {
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    /// A word of an enumeration is told in the reader's language.
    text: Told,
}

enum Told {
    Text(String),
    Word(&'static str),
    Number(u64),
    List(Vec<(&'static str, String)>),
}

/// What there is to say about an entry or a block.
pub(crate) struct Facts {
    /// What it is, an English word for machines.
    pub(crate) kind: &'static str,
    list: Vec<Fact>,
}

impl Facts {
    pub(crate) fn new(kind: &'static str) -> Self {
        Self { kind, list: Vec::new() }
    }

    pub(crate) fn text(
        &mut self,
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        text: &str,
    ) -> &mut Self {
        self.add(key, zh, en, Told::Text(for_people(text).into_owned()))
    }

    pub(crate) fn word(
        &mut self,
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        word: &'static str,
    ) -> &mut Self {
        self.add(key, zh, en, Told::Word(word))
    }

    pub(crate) fn number(
        &mut self,
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        number: u64,
    ) -> &mut Self {
        self.add(key, zh, en, Told::Number(number))
    }

    pub(crate) fn digest(
        &mut self,
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        digest: &Digest,
    ) -> &mut Self {
        self.text(key, zh, en, &digest.to_string())
    }

    pub(crate) fn hex(
        &mut self,
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        bytes: &[u8],
    ) -> &mut Self {
        self.text(key, zh, en, &hex::encode(bytes))
    }

    /// Records with how each is meant.
    pub(crate) fn list(
        &mut self,
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        list: Vec<(&'static str, String)>,
    ) -> &mut Self {
        self.add(key, zh, en, Told::List(list))
    }

    fn add(
        &mut self,
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        text: Told,
    ) -> &mut Self {
        self.list.push(Fact { key, zh, en, text });
        self
    }

    /// The facts as rows of a table.
    pub(crate) fn rows(&self, lang: Lang) -> Vec<Vec<Span>> {
        let mut rows = Vec::with_capacity(self.list.len());
        for fact in &self.list {
            let name = || span(lang.pick(fact.zh, fact.en), Tone::Dim);
            match &fact.text {
                Told::Text(text) => rows.push(vec![name(), text.clone().into()]),
                Told::Word(name_of) => rows.push(vec![name(), word(name_of, lang).into()]),
                Told::Number(number) => rows.push(vec![name(), number.to_string().into()]),
                Told::List(list) => {
                    rows.extend(list.iter().map(|(how, what)| {
                        vec![name(), format!("{what}  {}", word(how, lang)).into()]
                    }));
                }
            }
        }
        rows
    }

    /// The facts as a JSON object.
    pub(crate) fn json(&self) -> Value {
        let mut map = Map::new();
        map.insert("kind".to_owned(), json!(self.kind));
        for fact in &self.list {
            let value = match &fact.text {
                Told::Text(text) => json!(text),
                Told::Word(word) => json!(word),
                Told::Number(number) => json!(number),
                Told::List(list) => list
                    .iter()
                    .map(|(how, what)| json!({"relation": how, "record": what}))
                    .collect(),
            };
            map.insert(fact.key.to_owned(), value);
        }
        Value::Object(map)
    }
}
