//! Rules of a profile: order and arithmetic that the law or the contract asks for. They are checked when a
//! dossier is verified (see [`super::evaluate`]) and never block sealing.

use super::document::RuleDocument;
use crate::codec::{Decimal, limits};
use crate::value::Label;
use crate::{Error, ErrorCode, Result};

/// Most rules of a profile.
pub(super) const RULES: usize = 64;

/// One rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Its id, unique in the profile.
    pub id: String,
    /// What it says, for people.
    pub label: Label,
    /// Law and article it rests on.
    pub basis: Option<String>,
    /// What is checked.
    pub check: Check,
}

/// What a rule checks. Fields are named as in the profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Check {
    /// A field of this record against one of another record of the dossier.
    After {
        /// The profile of the other record.
        of: String,
        /// Fields that must be equal in both for the two to belong together.
        matching: Vec<String>,
        /// The field of this record.
        this: String,
        /// How the two compare.
        op: Op,
        /// The field of the other record.
        that: String,
        /// Whether every such record must agree (and none is nothing to ask), or one is enough.
        each: bool,
    },
    /// Two fields of this record.
    Compare {
        /// The left field.
        a: String,
        /// How the two compare.
        op: Op,
        /// The right field.
        b: String,
    },
    /// Parts add up to a total; parts that were not collected or are empty count nothing.
    Sum {
        /// The parts.
        parts: Vec<String>,
        /// The total.
        total: String,
    },
    /// Equal instalments (等额本息), computed again.
    Instalment {
        /// The principal.
        amount: String,
        /// The rate, percent a year.
        rate: String,
        /// The number of monthly instalments.
        terms: String,
        /// The method; the rule asks nothing unless it is equal instalments.
        method: String,
        /// The instalment as captured.
        result: String,
        /// How far the two may lie apart.
        tolerance: Decimal,
    },
    /// This record cites a record of another profile.
    Requires {
        /// The profile of the cited record.
        of: String,
        /// Fields that must be equal in both.
        matching: Vec<String>,
    },
}

/// How two values compare. There is no "earlier than": equal seconds and midnight occur.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    /// Not less, not earlier.
    NotLess,
    /// Not more, not later.
    NotMore,
    /// Equal.
    Equal,
}

impl Rule {
    /// Reads a rule. `known` says whether the profile has a field of a name.
    pub(super) fn of(raw: RuleDocument, known: &dyn Fn(&str) -> bool) -> Result<Self> {
        let bad = |what: &str| {
            let id: String = raw.id.chars().take(64).collect();
            Error::new(ErrorCode::InvalidProfile, format!("rule {id}: {what}"))
        };
        let (needed, allowed): (&[&str], &[&str]) = match raw.kind.as_str() {
            "after" => (&["of", "this", "op", "that"], &["match", "each"]),
            "le" | "ge" | "equal" => (&["a", "b"], &[]),
            "sum" => (&["parts", "total"], &[]),
            "instalment" => (&["amount", "rate", "terms", "method", "result"], &["tolerance"]),
            "requires" => (&["of"], &["match"]),
            _ => return Err(bad("unknown kind")),
        };
        let members = raw.members();
        if needed.iter().any(|member| !members.contains(member)) {
            return Err(bad("a member is missing"));
        }
        if members.iter().any(|member| !needed.contains(member) && !allowed.contains(member)) {
            return Err(bad("a member that its kind does not have"));
        }
        // A field of this record must be one of the profile's. `that` belongs to another profile.
        let ours = |name: &Option<String>| match name {
            Some(name) if known(name) => Ok(name.clone()),
            _ => Err(bad("a field that the profile does not have")),
        };
        let all_ours = |names: &Option<Vec<String>>| {
            let names = names.clone().unwrap_or_default();
            if names.iter().all(|name| known(name)) {
                return Ok(names);
            }
            Err(bad("a field that the profile does not have"))
        };
        let theirs = |name: &Option<String>| match name {
            Some(name) if super::is_name(name) => Ok(name.clone()),
            _ => Err(bad("not a name")),
        };
        let op = |op: &str| match op {
            ">=" | "ge" => Ok(Op::NotLess),
            "<=" | "le" => Ok(Op::NotMore),
            "==" | "equal" => Ok(Op::Equal),
            _ => Err(bad("op is >=, <= or ==")),
        };
        let check = match raw.kind.as_str() {
            "after" => Check::After {
                of: theirs(&raw.of)?,
                matching: all_ours(&raw.matching)?,
                this: ours(&raw.this)?,
                op: op(raw.op.as_deref().unwrap_or(""))?,
                that: theirs(&raw.that)?,
                each: raw.each.unwrap_or(false),
            },
            "sum" => Check::Sum { parts: all_ours(&raw.parts)?, total: ours(&raw.total)? },
            "instalment" => Check::Instalment {
                amount: ours(&raw.amount)?,
                rate: ours(&raw.rate)?,
                terms: ours(&raw.terms)?,
                method: ours(&raw.method)?,
                result: ours(&raw.result)?,
                tolerance: match raw.tolerance.as_deref().unwrap_or("0.01").parse::<Decimal>() {
                    Ok(tolerance) if tolerance.mantissa >= 0 => tolerance,
                    _ => return Err(bad("tolerance is a decimal, not negative")),
                },
            },
            "requires" => {
                Check::Requires { of: theirs(&raw.of)?, matching: all_ours(&raw.matching)? }
            }
            kind => Check::Compare { a: ours(&raw.a)?, op: op(kind)?, b: ours(&raw.b)? },
        };
        if raw.id.is_empty() || raw.id.len() > limits::NAME_BYTES {
            return Err(bad("id"));
        }
        Ok(Self { id: raw.id, label: raw.label, basis: raw.basis, check })
    }
}
