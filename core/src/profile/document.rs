//! The file of a profile: its JSON form, read strictly. `core/profiles/README.md` describes every member.

use core::fmt;
use core::marker::PhantomData;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::mask::Mask;
use crate::value::parse::FieldType;
use crate::value::{FieldClass, Label};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) profile: String,
    pub(super) version: u32,
    pub(super) label: Label,
    pub(super) phase: Option<u8>,
    pub(super) default_offset: String,
    pub(super) fields: Vec<FieldDocument>,
    pub(super) refused: Vec<String>,
    pub(super) rules: Vec<RuleDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldDocument {
    pub(super) name: String,
    pub(super) label: Label,
    #[serde(rename = "type")]
    pub(super) field_type: FieldType,
    pub(super) class: FieldClass,
    pub(super) keys: Vec<String>,
    #[serde(default)]
    pub(super) required: bool,
    pub(super) currency: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) system: Option<String>,
    #[serde(default, deserialize_with = "each_once")]
    pub(super) codes: BTreeMap<String, Label>,
    pub(super) pattern: Option<String>,
    pub(super) min: Option<String>,
    pub(super) max: Option<String>,
    pub(super) disclose: Disclose,
    pub(super) mask: Option<Mask>,
    #[serde(default)]
    pub(super) sensitive: bool,
    pub(super) group: Option<String>,
    #[serde(default)]
    pub(super) shares: Vec<String>,
    pub(super) retain: Option<Retain>,
}

/// What a proof opens of a field unless told otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disclose {
    /// The value.
    Plain,
    /// The masked form only.
    Masked,
    /// Nothing.
    Withheld,
}

/// The shortest time that the law wants a value kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retain {
    /// The event that the time counts from.
    pub from: RetainFrom,
    /// Years after it.
    pub years: u8,
}

/// The event that a time of retention counts from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetainFrom {
    /// The end of the relationship with the customer.
    RelationshipEnd,
    /// The end of the transaction.
    TransactionEnd,
    /// The expiry of a certificate.
    CertificateExpiry,
}

/// A rule as written: which members it may have depends on its kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleDocument {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) label: Label,
    pub(super) basis: Option<String>,
    pub(super) of: Option<String>,
    #[serde(rename = "match")]
    pub(super) matching: Option<Vec<String>>,
    pub(super) this: Option<String>,
    pub(super) op: Option<String>,
    pub(super) that: Option<String>,
    pub(super) each: Option<bool>,
    pub(super) a: Option<String>,
    pub(super) b: Option<String>,
    pub(super) parts: Option<Vec<String>>,
    pub(super) total: Option<String>,
    pub(super) amount: Option<String>,
    pub(super) rate: Option<String>,
    pub(super) terms: Option<String>,
    pub(super) method: Option<String>,
    pub(super) result: Option<String>,
    pub(super) tolerance: Option<String>,
}

impl RuleDocument {
    /// The names of the members that are there, beside those that every rule has.
    pub(super) fn members(&self) -> Vec<&'static str> {
        [
            ("of", self.of.is_some()),
            ("match", self.matching.is_some()),
            ("this", self.this.is_some()),
            ("op", self.op.is_some()),
            ("that", self.that.is_some()),
            ("each", self.each.is_some()),
            ("a", self.a.is_some()),
            ("b", self.b.is_some()),
            ("parts", self.parts.is_some()),
            ("total", self.total.is_some()),
            ("amount", self.amount.is_some()),
            ("rate", self.rate.is_some()),
            ("terms", self.terms.is_some()),
            ("method", self.method.is_some()),
            ("result", self.result.is_some()),
            ("tolerance", self.tolerance.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, there)| there.then_some(name))
        .collect()
    }
}

/// A map whose keys stand once each; serde's own maps let the last one win.
fn each_once<'de, D, V>(deserializer: D) -> Result<BTreeMap<String, V>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
{
    struct Once<V>(PhantomData<V>);
    impl<'de, V: Deserialize<'de>> Visitor<'de> for Once<V> {
        type Value = BTreeMap<String, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object whose keys stand once each")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut out = BTreeMap::new();
            while let Some((key, value)) = map.next_entry::<String, V>()? {
                if out.insert(key, value).is_some() {
                    return Err(serde::de::Error::custom("a code stands twice"));
                }
            }
            Ok(out)
        }
    }
    deserializer.deserialize_map(Once(PhantomData))
}
