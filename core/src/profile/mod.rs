//! Profiles 场景模板: the dictionary of one kind of record. A profile names the fields, maps the bank's own
//! keys to them, says how to read, mask and keep each, and which order rules the law puts on them.
//!
//! A record carries the digest of the exact bytes of its profile and a proof carries the file, so a published
//! version never changes. `core/profiles/README.md` describes the file; [`builtin`] gives those that come
//! with the library.

mod audience;
mod builtin;
mod compare;
mod document;
mod evaluate;
mod field;
mod instalment;
mod mask;
mod message;
mod read;
mod refused;
mod rules;
#[cfg(test)]
mod tests;

use core::fmt;
use std::collections::HashMap;

pub use audience::Audience;
pub use builtin::{builtin, builtin_by_id};
pub use document::{Disclose, Retain, RetainFrom};
pub use evaluate::{Opened, Other, RuleOutcome, RuleResult, Why, evaluate};
pub use field::FieldSpec;
pub use mask::{Mask, mask};
pub use message::MESSAGE_BYTES;
pub use read::MessageReading;
pub use rules::{Check, Op, Rule};

use crate::codec::limits;
use crate::hash::{Digest, HashAlg};
use crate::value::escape::{for_people, is_hidden};
use crate::value::{FieldClass, Label, Lang};
use crate::{Error, ErrorCode, Result};

/// Behind the name of a field: its masked form.
pub const MASKED: &str = ".masked";
/// Behind the name of an attachment: the text that the message had for it.
pub const TITLE: &str = ".title";
/// Before the key of a message that the profile does not know.
pub const OTHER: &str = "other.";

/// A profile, read and checked.
#[derive(Clone)]
pub struct Profile {
    bytes: Vec<u8>,
    id: String,
    version: u32,
    label: Label,
    phase: Option<u8>,
    offset: i16,
    fields: Vec<FieldSpec>,
    /// Places in `fields`, by name and by every key.
    index: HashMap<String, usize>,
    /// Refused keys, in normal form.
    refused: Vec<String>,
    rules: Vec<Rule>,
}

impl Profile {
    /// Reads the exact bytes of a profile file.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidProfile`] for anything but strict JSON of the known members: an unknown or missing
    /// member, a member twice, a name twice, a key that two fields claim, a rule about a field that is not
    /// there, a field that could hold a secret (class C3).
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > limits::PROFILE_BYTES {
            return Err(invalid(format!("over {} bytes", limits::PROFILE_BYTES)));
        }
        if bytes.first() != Some(&b'{') {
            return Err(invalid("a profile starts with {"));
        }
        let file: document::Document =
            serde_json::from_slice(bytes).map_err(|e| invalid(e.to_string()))?;
        if !is_name(&file.profile) {
            return Err(invalid("profile: not a name"));
        }
        if file.fields.len() > limits::FIELDS || file.rules.len() > rules::RULES {
            return Err(invalid("too many fields or rules"));
        }
        let offset = offset(&file.default_offset)
            .ok_or_else(|| invalid("default_offset: expected +08:00"))?;
        let fields: Vec<_> =
            file.fields.into_iter().map(|f| FieldSpec::of(f, offset)).collect::<Result<_>>()?;
        let refused: Vec<_> = file.refused.iter().map(|key| refused::normal(key)).collect();
        if refused.iter().any(String::is_empty) {
            return Err(invalid("refused: a key without letters"));
        }
        let index = index(&fields, &refused)?;
        let known = |name: &str| fields.iter().any(|field| field.name == name);
        // The other field may stand in another record of the matter, so its profile is not asked.
        if fields.iter().flat_map(|field| &field.shares).any(|name| !is_name(name)) {
            return Err(invalid("shares: not a name"));
        }
        let rules: Vec<_> =
            file.rules.into_iter().map(|rule| Rule::of(rule, &known)).collect::<Result<_>>()?;
        let mut ids: Vec<_> = rules.iter().map(|rule: &Rule| &rule.id).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(invalid("two rules of one id"));
        }
        Ok(Self {
            bytes: bytes.to_vec(),
            id: file.profile,
            version: file.version,
            label: file.label,
            phase: file.phase,
            offset,
            fields,
            index,
            refused,
            rules,
        })
    }

    /// The id, such as `loan.disbursement`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The version. A published version never changes.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The exact bytes of the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The digest of the exact bytes.
    pub fn digest(&self, alg: HashAlg) -> Digest {
        Digest::of(alg, &self.bytes)
    }

    /// What it is called.
    pub fn label(&self, lang: Lang) -> &str {
        self.label.get(lang)
    }

    /// The step 环节 of the matter that its records belong to.
    pub fn phase(&self) -> Option<u8> {
        self.phase
    }

    /// Offset from UTC in minutes for times that say none.
    pub fn default_offset(&self) -> i16 {
        self.offset
    }

    /// All fields, in the order of the file.
    pub fn fields(&self) -> &[FieldSpec] {
        &self.fields
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that a key of a message means: one of its keys, or its name. Nested keys are joined by dots.
    pub fn field_by_key(&self, key: &str) -> Option<&FieldSpec> {
        self.index.get(key).and_then(|place| self.fields.get(*place))
    }

    /// All rules.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What a field of a record is called, for people: also masked forms, titles and keys that the profile
    /// does not know.
    pub fn field_label(&self, name: &str, lang: Lang) -> String {
        let with = |base: &str, zh: &str, en: &str| {
            let word = if lang == Lang::Zh { zh } else { en };
            self.field(base).map(|field| format!("{}{word}", for_people(field.label.get(lang))))
        };
        let masked = || with(name.strip_suffix(MASKED)?, "（脱敏）", " (masked)");
        let title = || with(name.strip_suffix(TITLE)?, "（标题）", " (title)");
        with(name, "", "")
            .or_else(masked)
            .or_else(title)
            .unwrap_or_else(|| for_people(name.strip_prefix(OTHER).unwrap_or(name)).into_owned())
    }

    /// The class of a field of a record; what the profile does not know counts as personal (C2).
    pub fn field_class(&self, name: &str) -> FieldClass {
        let base = name.strip_suffix(MASKED).or_else(|| name.strip_suffix(TITLE)).unwrap_or(name);
        self.field(base).map_or(FieldClass::C2, |field| field.class)
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Profile({} {})", self.id, self.version)
    }
}

/// Finds fields by name and key. No two fields share one, and none is a refused key.
fn index(fields: &[FieldSpec], refused: &[String]) -> Result<HashMap<String, usize>> {
    let mut index = HashMap::new();
    for (place, field) in fields.iter().enumerate() {
        for key in field.keys.iter().chain([&field.name]) {
            if refused.contains(&refused::normal(key)) {
                return Err(invalid(format!("{}: a key that is refused", field.name)));
            }
            if index.insert(key.clone(), place).is_some_and(|before| before != place) {
                return Err(invalid(format!("{}: a name or key of another field", field.name)));
            }
        }
    }
    let distinct = fields.iter().map(|field| &field.name).collect::<std::collections::HashSet<_>>();
    if distinct.len() != fields.len() {
        return Err(invalid("two fields of one name"));
    }
    Ok(index)
}

/// Names of profiles, fields and rules' partners: small letters, digits, `_`, parted by single dots.
fn is_name(name: &str) -> bool {
    let segment = |s: &str| {
        !s.is_empty()
            && s.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    name.len() <= limits::NAME_BYTES - MASKED.len() && name.split('.').all(segment)
}

/// `+08:00` in minutes.
fn offset(text: &str) -> Option<i16> {
    let (sign, rest) = text.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':')?;
    let number = |s: &str| {
        (s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit()))
            .then(|| s.parse::<i16>().ok())
            .flatten()
    };
    let minutes = number(hours).filter(|h| *h < 24)? * 60 + number(minutes).filter(|m| *m < 60)?;
    match sign {
        "+" => Some(minutes),
        "-" => Some(-minutes),
        _ => None,
    }
}

fn invalid(what: impl AsRef<str>) -> Error {
    let what: String = what.as_ref().chars().filter(|c| !is_hidden(*c)).take(200).collect();
    Error::new(ErrorCode::InvalidProfile, format!("profile: {what}"))
}
