//! One field of a profile.

use super::document::{Disclose, FieldDocument, Retain};
use super::mask::Mask;
use super::{MASKED, OTHER, TITLE, invalid, is_name, refused};
use crate::codec::{Decimal, limits};
use crate::value::escape::for_people;
use crate::value::parse::{FieldType, Spec};
use crate::value::{FieldClass, Label, Lang, Parsed, Pattern, Value};
use crate::{Error, Result};

/// What a profile says about one field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldSpec {
    /// The name; it stands in sealed records in clear.
    pub name: String,
    /// What it is called.
    pub label: Label,
    /// How delicate it is; never C3.
    pub class: FieldClass,
    /// How its text is read.
    pub spec: Spec,
    /// Keys of messages that mean this field.
    pub keys: Vec<String>,
    /// What a proof opens of it unless told otherwise.
    pub disclose: Disclose,
    /// How its masked form is made; [`Mask::None`]: it has none.
    pub mask: Mask,
    /// Sensitive personal information (个人信息保护法 28): asks for separate consent.
    pub sensitive: bool,
    /// The common group it belongs to.
    pub group: Option<String>,
    /// Fields that may hold the same value: opening one opens the other.
    pub shares: Vec<String>,
    /// The shortest time it must be kept.
    pub retain: Option<Retain>,
    /// Its name is that of a secret, and only the event may be kept: text that is not one is refused.
    pub(super) guarded: bool,
}

impl FieldSpec {
    pub(super) fn of(raw: FieldDocument, offset: i16) -> Result<Self> {
        let bad = |what: &str| invalid(format!("{}: {what}", raw.name));
        let reserved = raw.name.ends_with(MASKED)
            || raw.name.ends_with(TITLE) && raw.field_type == FieldType::Attachment;
        if !is_name(&raw.name)
            || raw.name.starts_with(OTHER)
            || raw.name.ends_with(MASKED)
            || reserved
        {
            return Err(bad("not a name, or a reserved one"));
        }
        if raw.keys.iter().any(|key| key.is_empty() || key.len() > limits::NAME_BYTES) {
            return Err(bad("keys: an empty or overlong one"));
        }
        if raw.class == FieldClass::C3 {
            return Err(bad("class C3 is never kept: list its keys under refused"));
        }
        let guarded = guarded(&raw)?;
        let bound = |text: &Option<String>| match text.as_deref().map(str::parse::<Decimal>) {
            None => Ok(None),
            Some(Ok(bound)) => Ok(Some(bound)),
            Some(Err(_)) => Err(bad("min and max are decimals")),
        };
        let (min, max) = (bound(&raw.min)?, bound(&raw.max)?);
        match raw.field_type {
            FieldType::Money if !raw.currency.as_deref().is_some_and(is_currency) => {
                return Err(bad("currency: three capital letters"));
            }
            FieldType::Rate if raw.unit.as_deref().is_none_or(str::is_empty) => {
                return Err(bad("rate without unit"));
            }
            FieldType::Enum if raw.codes.is_empty() || raw.system.is_none() => {
                return Err(bad("enum without codes or system"));
            }
            _ => {}
        }
        let words =
            [&raw.unit, &raw.system, &raw.group].into_iter().flatten().chain(raw.codes.keys());
        if words.into_iter().any(|word| word.is_empty() || word.len() > limits::NAME_BYTES) {
            return Err(bad("an empty or overlong unit, system, group or code"));
        }
        let mask = raw.mask.unwrap_or(Mask::None);
        if raw.disclose == Disclose::Masked && mask == Mask::None {
            return Err(bad("disclosed masked, without a mask"));
        }
        let pattern = raw
            .pattern
            .as_deref()
            .map(Pattern::parse)
            .transpose()
            .map_err(|e| e.within(&raw.name))?;
        let spec = Spec {
            field_type: raw.field_type,
            currency: raw.currency,
            unit: raw.unit,
            system: raw.system,
            codes: raw.codes,
            pattern,
            min,
            max,
            offset,
            required: raw.required,
        };
        Ok(Self {
            name: raw.name,
            label: raw.label,
            class: raw.class,
            spec,
            keys: raw.keys,
            disclose: raw.disclose,
            mask,
            sensitive: raw.sensitive,
            group: raw.group,
            shares: raw.shares,
            retain: raw.retain,
            guarded,
        })
    }

    /// The value for people; a code with its label.
    pub fn display(&self, value: &Value, lang: Lang) -> String {
        let shown = value.display(lang);
        match value.parsed() {
            Some(Parsed::Code { code, .. }) => match self.spec.codes.get(code) {
                Some(label) => format!("{} ({shown})", for_people(label.get(lang))),
                None => shown,
            },
            _ => shown,
        }
    }
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// Whether the field has the name of a secret. Then its type must be one that cannot hold it.
fn guarded(raw: &FieldDocument) -> Result<bool> {
    let mut guarded = false;
    for key in raw.keys.iter().chain([&raw.name]) {
        let Some(group) = refused::group_of(key)? else { continue };
        let cannot_hold =
            matches!(raw.field_type, FieldType::Instant | FieldType::Flag | FieldType::Enum);
        if raw.field_type != FieldType::Attachment && !(group.event && cannot_hold) {
            return Err(could_hold(&raw.name));
        }
        guarded = true;
    }
    Ok(guarded)
}

fn could_hold(name: &str) -> Error {
    invalid(format!(
        "{name}: could hold a secret (class C3); only an instant, a flag, a code or a file's digest may"
    ))
}
