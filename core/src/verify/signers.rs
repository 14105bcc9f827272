//! Whose statements the policy asks for: single roles, and so many different keys out of several roles.

use core::fmt;
use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::json;

use super::case::{Case, RecordShown};
use super::lines::Lines;
use super::policy::{invalid, role};
use super::statements;
use super::words::Say;
use crate::error::Result;
use crate::hash::Digest;
use crate::number;
use crate::statement::Role;

/// So many signers of one record are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// How many, each with a key of its own.
    pub at_least: u64,
    /// In which roles.
    pub of: Vec<Role>,
    /// For every record shown of this profile; without it, for at least one record of every dossier.
    pub profile: Option<String>,
}

/// A role, or a threshold, as the policy's file has it.
pub(super) enum SignersLine {
    Role(String),
    Threshold(ThresholdLine),
}

impl<'de> Deserialize<'de> for SignersLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = SignersLine;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a role or a threshold")
            }

            fn visit_str<E>(self, name: &str) -> core::result::Result<Self::Value, E> {
                Ok(SignersLine::Role(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                map: A,
            ) -> core::result::Result<Self::Value, A::Error> {
                let line = ThresholdLine::deserialize(MapAccessDeserializer::new(map))?;
                Ok(SignersLine::Threshold(line))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ThresholdLine {
    at_least: u64,
    of: Vec<String>,
    profile: Option<String>,
}

/// Single roles, and thresholds.
pub(super) fn read(lines: Vec<SignersLine>) -> Result<(Vec<Role>, Vec<Threshold>)> {
    let (mut roles, mut thresholds) = (Vec::new(), Vec::new());
    for line in lines {
        match line {
            SignersLine::Role(name) => roles.push(role(&name)?),
            SignersLine::Threshold(line) => thresholds.push(Threshold::read(line)?),
        }
    }
    Ok((roles, thresholds))
}

impl Threshold {
    fn read(line: ThresholdLine) -> Result<Self> {
        let of: Vec<Role> = line.of.iter().map(|name| role(name)).collect::<Result<_>>()?;
        let different: BTreeSet<Role> = of.iter().copied().collect();
        if line.at_least == 0 || of.is_empty() || different.len() != of.len() {
            return Err(invalid("at_least is above 0, and `of` names roles, each once"));
        }
        Ok(Self { at_least: line.at_least, of, profile: line.profile })
    }

    /// How many different keys have signed a record in these roles, in statements that hold.
    fn signers(&self, case: &Case<'_>, record: &Digest) -> u64 {
        let over = statements::over(case, record).iter();
        let keys: BTreeSet<_> = over
            .filter(|statement| statement.holds && self.of.contains(&statement.role))
            .filter_map(|statement| statement.key.as_ref())
            .collect();
        u64::try_from(keys.len()).unwrap_or(u64::MAX)
    }

    fn say(&self, subject: &str, found: u64, lines: &mut Lines) {
        let say = match found >= self.at_least {
            true => Say::PolicySignersProvenThreshold,
            false => Say::PolicySignersNotProvenThreshold,
        };
        let roles: Vec<&str> = self.of.iter().map(|role| role.name()).collect();
        let facts = json!({
            "found": found,
            "wanted": self.at_least,
            "roles": roles,
            "profile": self.profile,
        });
        lines.say(say, subject, facts);
    }
}

/// Says what the policy asks of one dossier, whose entries with a place and whose records are these.
pub(super) fn say(
    case: &Case<'_>,
    dossier: &[u8; 16],
    digests: &[&Digest],
    records: &[&RecordShown<'_>],
    lines: &mut Lines,
) {
    let number = number::preservation_number(dossier);
    for role in case.policy.required_signers() {
        let signed = digests.iter().any(|digest| {
            let over = statements::over(case, digest);
            over.iter().any(|statement| statement.holds && statement.role == *role)
        });
        let say = match signed {
            true => Say::PolicySignersProven,
            false => Say::PolicySignersNotProven,
        };
        lines.say(say, &number, json!({ "role": role.name() }));
    }
    for threshold in case.policy.required_thresholds() {
        let Some(profile) = &threshold.profile else {
            let counts = digests.iter().map(|digest| threshold.signers(case, digest));
            threshold.say(&number, counts.max().unwrap_or(0), lines);
            continue;
        };
        let of_profile = records.iter().filter(|shown| shown.record.profile.id == *profile);
        for shown in of_profile {
            threshold.say(&shown.number, threshold.signers(case, &shown.digest), lines);
        }
    }
}
