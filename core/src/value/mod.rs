//! Values of fields: what a bank's message said, read into types, with the original text and every
//! oddity kept beside it.
//!
//! A value is one of three things: `null` (captured as unknown), text exactly as captured (`""` is captured
//! empty), or a [`Typed`] value. The bytes are described in `docs/format.md` §6. Dirty input is read by
//! [`parse`]; what it finds odd becomes a [`Finding`], which is sealed with the value and never blocks it.
//!
//! `Debug` of values never prints their content, so that logs stay free of personal data.

mod cbor;
mod civil;
mod disclosure;
mod display;
pub mod escape;
mod finding;
pub mod parse;
mod parsed;
mod pattern;
#[cfg(test)]
mod tests;
mod text;
mod word;

use core::fmt;

use serde::Deserialize;

pub use civil::{DAY_MS, Date, Instant, OFFSET_MINUTES};
pub(crate) use disclosure::Encoded;
pub use disclosure::{Disclosure, Field, FieldClass};
pub use finding::Finding;
pub use parsed::{Attachment, Geo, Parsed};
pub use pattern::Pattern;
pub use word::word;

use crate::{Error, ErrorCode, Result};

/// Longest text of one value, in bytes of UTF-8.
pub const TEXT_BYTES: usize = 262_144;

/// Longest encoded disclosure, in bytes: room for a value with its normal form and its original text.
pub const DISCLOSURE_BYTES: usize = 1_048_576;

/// The two languages of everything that people read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// A word or sentence in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Label {
    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// The type of a typed value; the number is what stands in the bytes (`docs/format.md` §6).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(u8)]
#[allow(missing_docs)] // the names say it
pub enum Kind {
    Text = 0,
    Integer = 1,
    Decimal = 2,
    Money = 3,
    Rate = 4,
    Instant = 5,
    Date = 6,
    Flag = 7,
    Code = 8,
    Geo = 9,
    Attachment = 10,
    Bytes = 11,
    Masked = 12,
}

impl Kind {
    /// Every type, ascending by number.
    pub const ALL: &'static [Kind] = &[
        Kind::Text,
        Kind::Integer,
        Kind::Decimal,
        Kind::Money,
        Kind::Rate,
        Kind::Instant,
        Kind::Date,
        Kind::Flag,
        Kind::Code,
        Kind::Geo,
        Kind::Attachment,
        Kind::Bytes,
        Kind::Masked,
    ];

    /// The type with this number.
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.number() == number)
    }

    /// The fixed number.
    pub fn number(self) -> u64 {
        u64::from(self as u8)
    }

    /// Whether text of this type can fail to parse, so that only the original is kept.
    fn may_be_unparsed(self) -> bool {
        !matches!(self, Kind::Text | Kind::Attachment | Kind::Masked)
    }
}

/// The value of a field.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Captured as unknown: the message said `null`.
    Null,
    /// Text exactly as captured, nothing odd about it. `""` is captured empty.
    Text(String),
    /// Anything else.
    Typed(Typed),
}

/// A value with a type; made by [`Value::of`], [`Value::unparsed`] or a reader, and always valid.
#[derive(Clone, PartialEq, Eq)]
pub struct Typed {
    kind: Kind,
    parsed: Option<Parsed>,
    original: Option<String>,
    findings: Vec<Finding>,
}

impl Typed {
    /// The type.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The parsed content; `None` when the text could not be read as its type.
    pub fn parsed(&self) -> Option<&Parsed> {
        self.parsed.as_ref()
    }

    /// The original text, where the value came from text that differs from, or is not, its parsed form.
    pub fn original(&self) -> Option<&str> {
        self.original.as_deref()
    }

    /// What was odd about it, ascending.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Holds the rules of `docs/format.md` §6 between the parts, for writers and readers alike.
    fn check(self) -> Result<Self> {
        let refuse = |code, what: &str| Err(Error::new(code, format!("value: {what}")));
        if !self.findings.windows(2).all(|pair| pair.first() < pair.last()) {
            return refuse(ErrorCode::MapOrder, "findings ascend, each once");
        }
        if self.original.as_ref().is_some_and(|text| text.len() > TEXT_BYTES) {
            return refuse(ErrorCode::TooLarge, "original text");
        }
        let unparsed = self.findings.contains(&Finding::UNPARSED);
        let Some(parsed) = &self.parsed else {
            if !unparsed || self.original.is_none() || !self.kind.may_be_unparsed() {
                return refuse(ErrorCode::MissingKey, "no parsed content");
            }
            return Ok(self);
        };
        if unparsed {
            return refuse(ErrorCode::UnsupportedItem, "parsed, yet found unparsed");
        }
        parsed.check()?;
        match parsed {
            Parsed::Text(normal) => {
                if self.original.as_ref() == Some(normal) {
                    return refuse(
                        ErrorCode::UnsupportedItem,
                        "an original that is the normal form",
                    );
                }
                if self.original.is_none() && self.findings.is_empty() {
                    return refuse(ErrorCode::UnsupportedItem, "plain text in the long form");
                }
            }
            Parsed::Attachment(_) | Parsed::Masked { .. } if self.original.is_some() => {
                return refuse(ErrorCode::UnsupportedItem, "an original text where none can be");
            }
            _ => {}
        }
        Ok(self)
    }
}

impl Value {
    /// A typed value. `original` is the text it was read from; `findings` in any order.
    ///
    /// Text that has no findings and equals its original becomes [`Value::Text`]. Content outside the format
    /// (an impossible currency, a text over [`TEXT_BYTES`], …) is an error.
    pub fn of(parsed: Parsed, original: Option<String>, findings: &[Finding]) -> Result<Self> {
        let findings = sorted(findings);
        let original = match (&parsed, original) {
            (Parsed::Text(normal), Some(text)) if *normal == text => None,
            (_, original) => original,
        };
        if let (Parsed::Text(normal), None, true) = (&parsed, &original, findings.is_empty()) {
            parsed.check()?;
            return Ok(Value::Text(normal.clone()));
        }
        let kind = parsed.kind();
        Ok(Value::Typed(Typed { kind, parsed: Some(parsed), original, findings }.check()?))
    }

    /// A value whose text could not be read as its type. [`Finding::UNPARSED`] is added.
    pub fn unparsed(kind: Kind, original: String, findings: &[Finding]) -> Result<Self> {
        let mut findings = findings.to_vec();
        findings.push(Finding::UNPARSED);
        let findings = sorted(&findings);
        Ok(Value::Typed(Typed { kind, parsed: None, original: Some(original), findings }.check()?))
    }

    /// The type; `None` for [`Value::Null`].
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Value::Null => None,
            Value::Text(_) => Some(Kind::Text),
            Value::Typed(typed) => Some(typed.kind),
        }
    }

    /// The parsed content, where the value is typed and could be read.
    pub fn parsed(&self) -> Option<&Parsed> {
        match self {
            Value::Typed(typed) => typed.parsed(),
            _ => None,
        }
    }

    /// The text as captured, where the value came from text.
    pub fn original(&self) -> Option<&str> {
        match self {
            Value::Null => None,
            Value::Text(text) => Some(text),
            Value::Typed(typed) => match (&typed.original, &typed.parsed) {
                (Some(text), _) => Some(text),
                (None, Some(Parsed::Text(text))) => Some(text),
                _ => None,
            },
        }
    }

    /// What was odd about it, ascending.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Value::Typed(typed) => &typed.findings,
            _ => &[],
        }
    }

    /// Whether the field was captured empty: there, with nothing in it.
    pub fn is_empty(&self) -> bool {
        self.original() == Some("")
    }
}

fn sorted(findings: &[Finding]) -> Vec<Finding> {
    let mut findings = findings.to_vec();
    findings.sort_unstable();
    findings.dedup();
    findings
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("Value(null)"),
            Value::Text(text) => write!(f, "Value(text of {} bytes)", text.len()),
            Value::Typed(typed) => typed.fmt(f),
        }
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({:?}, findings {:?})", self.kind, self.findings)
    }
}
