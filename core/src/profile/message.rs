//! Reading of business messages: one JSON object, flattened to paths and texts. Numbers keep their exact
//! token; duplicate keys, other top levels and outsized messages are refused.

use core::fmt;
use std::collections::HashSet;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::codec::limits;
use crate::{Error, ErrorCode, Result};

/// Largest message in bytes.
pub const MESSAGE_BYTES: usize = 1_048_576;

/// What stood behind a path: `None` for `null`, else the text. An empty array or object is captured empty.
pub(super) type Leaf = (String, Option<String>);

/// Flattens a message: `{"设备":{"GPS":"…"}}` gives `设备.GPS`, `{"contacts":[{"name":"…"}]}` gives
/// `contacts.0.name`. Two ways to one path are refused like a key that stands twice.
pub(super) fn flatten(message: &[u8]) -> Result<Vec<Leaf>> {
    if message.len() > MESSAGE_BYTES {
        return Err(Error::new(
            ErrorCode::LimitExceeded,
            format!("message: over {MESSAGE_BYTES} bytes"),
        ));
    }
    let text = core::str::from_utf8(message).map_err(|_| invalid("not UTF-8"))?;
    let root: &RawValue = parse(text)?;
    if !root.get().starts_with('{') {
        return Err(invalid("the top level is not an object"));
    }
    let mut leaves = Vec::new();
    walk(root, String::new(), 0, &mut leaves)?;
    let mut paths: Vec<&str> = leaves.iter().map(|(path, _)| path.as_str()).collect();
    paths.sort_unstable();
    if paths.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(invalid("two keys lead to the same path"));
    }
    Ok(leaves)
}

fn walk(value: &RawValue, path: String, depth: usize, leaves: &mut Vec<Leaf>) -> Result<()> {
    if depth > limits::DEPTH {
        let what = format!("message: nested over {} levels", limits::DEPTH);
        return Err(Error::new(ErrorCode::LimitExceeded, what));
    }
    let token = value.get();
    let text = match token.as_bytes().first() {
        Some(b'{') => {
            let Object(members) = parse(token)?;
            if !members.is_empty() || path.is_empty() {
                let mut members = members.into_iter();
                return members.try_for_each(|(key, value)| {
                    walk(value, join(&path, &key)?, depth + 1, leaves)
                });
            }
            Some(String::new())
        }
        Some(b'[') => {
            let elements: Vec<&RawValue> = parse(token)?;
            if !elements.is_empty() {
                let mut elements = elements.into_iter().enumerate();
                return elements.try_for_each(|(i, value)| {
                    walk(value, join(&path, &i.to_string())?, depth + 1, leaves)
                });
            }
            Some(String::new())
        }
        Some(b'"') => Some(parse(token)?),
        Some(b'n') => None,
        // A number or a flag: its exact token.
        _ => Some(token.to_owned()),
    };
    if leaves.len() >= limits::FIELDS {
        return Err(Error::new(
            ErrorCode::LimitExceeded,
            format!("message: over {} fields", limits::FIELDS),
        ));
    }
    leaves.push((path, text));
    Ok(())
}

fn join(path: &str, key: &str) -> Result<String> {
    if key.is_empty() {
        return Err(invalid("an empty key"));
    }
    if path.len() + key.len() >= limits::NAME_BYTES {
        return Err(Error::new(
            ErrorCode::LimitExceeded,
            format!("message: a key over {} bytes", limits::NAME_BYTES),
        ));
    }
    Ok(if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") })
}

fn invalid(what: &str) -> Error {
    Error::new(ErrorCode::InvalidMessage, format!("message: {what}"))
}

/// Parses JSON. The parser's own words are not passed on: they may quote a value.
fn parse<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => {
            invalid("a key stands twice, or the top level is not an object")
        }
        _ => invalid(&format!("not JSON at line {}, column {}", error.line(), error.column())),
    })
}

/// The members of an object in their order, each key once.
struct Object<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> core::result::Result<Object<'de>, A::Error> {
                let mut members = Vec::new();
                let mut seen = HashSet::new();
                while let Some(member) = map.next_entry::<String, &'de RawValue>()? {
                    if !seen.insert(member.0.clone()) {
                        return Err(serde::de::Error::custom("twice"));
                    }
                    members.push(member);
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}
