//! A business message becomes fields: known keys are read as their types, unknown ones are kept as text, and
//! what must never be kept is refused.

use std::collections::BTreeMap;

use super::message::flatten;
use super::{FieldSpec, MASKED, OTHER, Profile, TITLE, refused};
use crate::codec::limits;
use crate::value::escape::is_hidden;
use crate::value::parse::{FieldType, Spec};
use crate::value::{Attachment, Field, FieldClass, Finding, Parsed, Value};
use crate::{Error, ErrorCode, Result};

/// Digits in a row that make an unknown key look like somebody's number. Names stand in records in clear.
const DIGITS_OF_A_VALUE: usize = 7;

/// What a message gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageReading {
    /// The fields, ascending by name, each name once; masked forms are fields of their own.
    pub fields: Vec<Field>,
    /// Required fields that the message does not have at all. They are reported, and block nothing.
    pub missing: Vec<String>,
}

impl Profile {
    /// Reads a business message (one JSON object) and the files that belong to it, by field name or key.
    ///
    /// A key that stands for no field is kept as `other.<key>`, class C2. A label that is there but empty is
    /// captured empty, `null` captured as unknown, a label that is absent is no field. Masked forms are added.
    ///
    /// # Errors
    /// [`ErrorCode::RefusedField`] names a field that must not be kept, never its value;
    /// [`ErrorCode::InvalidMessage`] for anything but one object of distinct keys, for two keys of one field and
    /// for keys that look like personal data; [`ErrorCode::LimitExceeded`].
    pub fn read(
        &self,
        message: &[u8],
        attachments: &[(String, Attachment)],
    ) -> Result<MessageReading> {
        let mut fields = Collected::default();
        for (path, text) in flatten(message)? {
            match self.field_by_key(&path) {
                Some(spec) => fields.add_known(spec, &path, text.as_deref())?,
                None => {
                    self.check_unknown(&path, text.as_deref())?;
                    fields.add(
                        format!("{OTHER}{path}"),
                        FieldClass::C2,
                        plain(text.as_deref())?,
                    )?;
                }
            }
        }
        for (key, file) in attachments {
            let value = Value::of(Parsed::Attachment(file.clone()), None, &[])?;
            match self.field_by_key(key) {
                Some(spec) if spec.spec.field_type == FieldType::Attachment => {
                    // An empty label for the file gives way to the file.
                    fields.0.retain(|name, (_, value)| {
                        *name != spec.name || !(*value == Value::Null || value.is_empty())
                    });
                    fields.add(spec.name.clone(), spec.class, value)?;
                }
                Some(spec) => {
                    let what = format!("{}: a file where the profile has none", spec.name);
                    return Err(Error::new(ErrorCode::InvalidArgument, what));
                }
                None => {
                    self.check_unknown(key, None)?;
                    fields.add(format!("{OTHER}{key}"), FieldClass::C2, value)?;
                }
            }
        }
        self.add_masks(&mut fields)?;
        if fields.0.len() > limits::FIELDS {
            return Err(Error::new(
                ErrorCode::LimitExceeded,
                format!("record: over {} fields", limits::FIELDS),
            ));
        }
        let required = self.fields().iter().filter(|field| field.spec.required);
        let missing =
            required.filter(|f| !fields.0.contains_key(&f.name)).map(|f| f.name.clone()).collect();
        let fields = fields
            .0
            .into_iter()
            .map(|(name, (class, value))| Field { name, class, value })
            .collect();
        Ok(MessageReading { fields, missing })
    }

    /// What a key must not be that the profile does not know.
    fn check_unknown(&self, path: &str, text: Option<&str>) -> Result<()> {
        if self.refused.contains(&refused::normal(path)) {
            return Err(refused::refuse(path, "refused by the profile"));
        }
        if let Some(group) = refused::group_of(path)?
            && !(group.event && text.is_some_and(is_event_time))
        {
            return Err(group.refuse(path));
        }
        if path.chars().any(|c| is_hidden(c) || c.is_control()) {
            return Err(Error::new(
                ErrorCode::InvalidMessage,
                "message: a key with invisible characters",
            ));
        }
        let mut run = 0;
        for c in path.chars() {
            run = if c.is_numeric() { run + 1 } else { 0 };
            if run >= DIGITS_OF_A_VALUE {
                return Err(Error::new(
                    ErrorCode::InvalidMessage,
                    "message: a key that looks like a number of somebody",
                ));
            }
        }
        if OTHER.len() + path.len() > limits::NAME_BYTES {
            return Err(Error::new(ErrorCode::LimitExceeded, "message: a key that is too long"));
        }
        Ok(())
    }

    /// Adds `<name>.masked` for every field that has a mask and something to mask.
    fn add_masks(&self, fields: &mut Collected) -> Result<()> {
        for spec in self.fields() {
            let Some((class, value)) = fields.0.get(&spec.name) else { continue };
            if let Some(masked) = spec.masked(value)? {
                let class = *class;
                fields.add(format!("{}{MASKED}", spec.name), class, masked)?;
            }
        }
        Ok(())
    }
}

impl FieldSpec {
    /// The masked form of a value; `None` where the profile says no mask or there is nothing to mask.
    pub fn masked(&self, value: &Value) -> Result<Option<Value>> {
        let shown = value
            .plain_text()
            .filter(|text| !text.is_empty())
            .and_then(|text| self.mask.apply(&text));
        let Some(text) = shown else { return Ok(None) };
        let masked = Parsed::Masked { text, rule: self.mask.id().to_owned() };
        Value::of(masked, None, &[]).map(Some)
    }
}

/// Fields by name, each once.
#[derive(Default)]
struct Collected(BTreeMap<String, (FieldClass, Value)>);

impl Collected {
    fn add(&mut self, name: String, class: FieldClass, value: Value) -> Result<()> {
        if self.0.contains_key(&name) {
            return Err(Error::new(
                ErrorCode::InvalidMessage,
                format!("message: two keys for {name}"),
            ));
        }
        self.0.insert(name, (class, value));
        Ok(())
    }

    fn add_known(&mut self, spec: &FieldSpec, path: &str, text: Option<&str>) -> Result<()> {
        if spec.spec.field_type == FieldType::Attachment
            && text.is_some_and(|text| !text.is_empty())
        {
            // What the message says about a file is its title; the file itself comes beside the message.
            return self.add(format!("{}{TITLE}", spec.name), spec.class, plain(text)?);
        }
        let value = match text {
            None => Value::Null,
            Some(text) => spec.spec.read(text).map_err(|e| e.within(&spec.name))?,
        };
        if spec.guarded && !is_only_event(&value) {
            return Err(refused::refuse(path, "only the event and its time may be kept"));
        }
        self.add(spec.name.clone(), spec.class, value)
    }
}

fn plain(text: Option<&str>) -> Result<Value> {
    text.map_or(Ok(Value::Null), |text| Spec::of(FieldType::Text).read(text))
}

/// Whether a value under the name of a secret says nothing but that and when something happened. A text that
/// could not be read, or a bare date, might be the secret itself.
fn is_only_event(value: &Value) -> bool {
    let doubtful = [Finding::UNPARSED, Finding::UNKNOWN_CODE, Finding::DATE_ONLY];
    !value.findings().iter().any(|finding| doubtful.contains(finding))
}

/// Whether the text under an unknown name of a secret is plainly a date with a time of day. Digits alone are
/// not: they might be the secret.
fn is_event_time(text: &str) -> bool {
    let value = Spec::of(FieldType::Instant).read(text);
    text.contains(':') && value.is_ok_and(|value| is_only_event(&value))
}
