//! Rules asked of opened values. A pure function: the verifier calls it, and so may a bank before it seals.

use std::collections::BTreeMap;

use super::compare::{Relation, number, relate};
use super::instalment::{adds_up, equal_instalment_fits};
use super::rules::{Check, Op, Rule};
use super::{MASKED, Profile, mask};
use crate::codec::Decimal;
use crate::value::{Field, Parsed, Value};

/// The fields of a record as far as they are open: every name of the record, with its value where disclosed.
#[derive(Clone, Default, Debug)]
pub struct Opened<'a> {
    fields: BTreeMap<&'a str, Option<&'a Value>>,
}

impl<'a> Opened<'a> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A record with all its fields open, as its sealer sees it.
    pub fn all(fields: &'a [Field]) -> Self {
        Self { fields: fields.iter().map(|f| (f.name.as_str(), Some(&f.value))).collect() }
    }

    /// Adds a name of the record, and its value when it is open.
    pub fn put(&mut self, name: &'a str, value: Option<&'a Value>) {
        self.fields.insert(name, value);
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name).copied().flatten()
    }

    fn is_collected(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }
}

/// Another record of the dossier.
#[derive(Clone, Debug)]
pub struct Other<'a> {
    /// The id of its profile.
    pub profile: &'a str,
    /// Its fields.
    pub fields: Opened<'a>,
    /// Whether the record in question cites it for its content (not only as the one before it in the dossier).
    pub cited: bool,
}

/// What became of one rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleOutcome {
    /// The rule's id, or `masked:<name>` for the built-in check of a masked form.
    pub rule: String,
    /// The result.
    pub result: RuleResult,
    /// The fields of this record that were asked.
    pub fields: Vec<String>,
    /// The other records that were asked, as places in the list handed in.
    pub others: Vec<usize>,
}

/// Whether a rule holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RuleResult {
    /// It holds.
    Holds,
    /// It is broken: the values contradict it.
    Broken,
    /// It cannot be said. This is not a contradiction.
    NotDecidable(Why),
}

/// Why a rule cannot be answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// A field is withheld, erased, not collected, empty, unknown or unparsed.
    NotOpen,
    /// There is no record of the other profile that belongs to this one.
    NoRecord,
    /// The captured precision does not tell, such as a date without time of day.
    Imprecise,
    /// The values are not of one kind or unit, or too large to compute with.
    Unlike,
}

/// Asks every rule of the profile, and whether each masked form is that of its value.
///
/// `unseen_citations`: whether the record cites records that are not among `others`; then a missing predecessor
/// is not held against it. A rule that asks nothing of this record (`each` with no such record, another
/// repayment method) gives no outcome.
pub fn evaluate(
    profile: &Profile,
    record: &Opened<'_>,
    others: &[Other<'_>],
    unseen_citations: bool,
) -> Vec<RuleOutcome> {
    let asked = Asked { record, others, unseen_citations };
    let rules = profile.rules().iter().filter_map(|rule| asked.rule(rule));
    let masks =
        profile.fields().iter().filter_map(|field| asked.mask(&field.name, field.mask.id()));
    rules.chain(masks).collect()
}

struct Asked<'a> {
    record: &'a Opened<'a>,
    others: &'a [Other<'a>],
    unseen_citations: bool,
}

type Answer = (RuleResult, Vec<usize>);

impl Asked<'_> {
    fn rule(&self, rule: &Rule) -> Option<RuleOutcome> {
        let (fields, (result, others)): (Vec<&str>, Answer) = match &rule.check {
            Check::After { of, matching, this, op, that, each } => {
                let fields = matching.iter().chain([this]).map(String::as_str).collect();
                (fields, self.after(of, matching, (this, *op, that), *each)?)
            }
            Check::Compare { a, op, b } => {
                let result = compare(self.record.value(a), *op, self.record.value(b));
                (vec![a.as_str(), b], (result, Vec::new()))
            }
            Check::Sum { parts, total } => {
                let fields = parts.iter().chain([total]).map(String::as_str).collect();
                (fields, (self.sum(parts, total), Vec::new()))
            }
            Check::Instalment { amount, rate, terms, method, result, tolerance } => {
                let fields = [amount, rate, terms, method, result].map(String::as_str);
                (fields.to_vec(), (self.instalment(fields, *tolerance)?, Vec::new()))
            }
            Check::Requires { of, matching } => {
                (matching.iter().map(String::as_str).collect(), self.requires(of, matching))
            }
        };
        let fields = fields.into_iter().map(str::to_owned).collect();
        Some(RuleOutcome { rule: rule.id.clone(), result, fields, others })
    }

    /// The records of a profile that belong to this one, and whether that could be told of all of them.
    fn partners(&self, of: &str, matching: &[String]) -> (Vec<(usize, &Other<'_>)>, bool) {
        let (mut partners, mut all_told) = (Vec::new(), true);
        for (place, other) in
            self.others.iter().enumerate().filter(|(_, other)| other.profile == of)
        {
            let answers = matching.iter().map(|name| {
                let pair = self.record.value(name).zip(other.fields.value(name));
                pair.and_then(|(ours, theirs)| relate(ours, theirs)?.holds(Op::Equal))
            });
            let answers: Vec<Option<bool>> = answers.collect();
            if answers.iter().all(|answer| *answer == Some(true)) {
                partners.push((place, other));
            } else if !answers.contains(&Some(false)) {
                all_told = false;
            }
        }
        (partners, all_told)
    }

    fn after(
        &self,
        of: &str,
        matching: &[String],
        (this, op, that): (&str, Op, &str),
        each: bool,
    ) -> Option<Answer> {
        let (mut partners, all_told) = self.partners(of, matching);
        // Its own partner is the one it cites, where it cites any.
        if !each && partners.iter().any(|(_, other)| other.cited) {
            partners.retain(|(_, other)| other.cited);
        }
        let places = partners.iter().map(|(place, _)| *place).collect();
        let mine = self.record.value(this);
        let results: Vec<_> =
            partners.iter().map(|(_, other)| compare(mine, op, other.fields.value(that))).collect();
        let open = results.iter().copied().find(|r| matches!(r, RuleResult::NotDecidable(_)));
        let untold = (!all_told).then_some(RuleResult::NotDecidable(Why::NotOpen));
        let (decisive, rest) = if each {
            (RuleResult::Broken, RuleResult::Holds)
        } else {
            (RuleResult::Holds, RuleResult::Broken)
        };
        let result = if results.contains(&decisive) {
            decisive
        } else if let Some(open) = open.or(untold) {
            open
        } else if !results.is_empty() {
            rest
        } else if each {
            return None;
        } else {
            RuleResult::NotDecidable(Why::NoRecord)
        };
        Some((result, places))
    }

    fn requires(&self, of: &str, matching: &[String]) -> Answer {
        let (partners, all_told) = self.partners(of, matching);
        let cited: Vec<_> =
            partners.iter().filter(|(_, other)| other.cited).map(|(place, _)| *place).collect();
        let result = match (cited.is_empty(), all_told, self.unseen_citations) {
            (false, _, _) => RuleResult::Holds,
            (true, true, false) => RuleResult::Broken,
            (true, false, _) => RuleResult::NotDecidable(Why::NotOpen),
            (true, true, true) => RuleResult::NotDecidable(Why::NoRecord),
        };
        (result, cited)
    }

    fn sum(&self, parts: &[String], total: &str) -> RuleResult {
        let not_open = RuleResult::NotDecidable(Why::NotOpen);
        let Some((total, unit)) = self.record.value(total).and_then(Value::parsed).and_then(number)
        else {
            return not_open;
        };
        let mut numbers = Vec::new();
        for part in parts.iter().filter(|part| self.record.is_collected(part)) {
            match self.record.value(part) {
                Some(value) if value.is_empty() || *value == Value::Null => {}
                Some(value) => match value.parsed().and_then(number) {
                    Some((number, part_unit)) if part_unit == unit => numbers.push(number),
                    Some(_) => return RuleResult::NotDecidable(Why::Unlike),
                    None => return not_open,
                },
                None => return not_open,
            }
        }
        if numbers.is_empty() {
            return not_open;
        }
        said(adds_up(&numbers, total))
    }

    fn instalment(
        &self,
        [amount, rate, terms, method, result]: [&str; 5],
        tolerance: Decimal,
    ) -> Option<RuleResult> {
        let equal = self.record.value(method).and_then(Value::plain_text);
        if equal.is_some_and(|method| method != "EQUAL_INSTALMENT" && method != "等额本息") {
            return None;
        }
        let parsed = |name| self.record.value(name).and_then(Value::parsed);
        let (
            Some(_),
            Some(Parsed::Money { amount, currency }),
            Some(Parsed::Rate { value: rate, unit }),
            Some(Parsed::Integer(terms)),
            Some(Parsed::Money { amount: result, currency: same }),
        ) = (
            self.record.value(method),
            parsed(amount),
            parsed(rate),
            parsed(terms),
            parsed(result),
        )
        else {
            return Some(RuleResult::NotDecidable(Why::NotOpen));
        };
        if currency != same || unit != "%/a" {
            return Some(RuleResult::NotDecidable(Why::Unlike));
        }
        Some(said(equal_instalment_fits(*amount, *rate, *terms, *result, tolerance)))
    }

    /// Whether a masked form is that of its value, when both are open.
    fn mask(&self, name: &str, rule: &str) -> Option<RuleOutcome> {
        let masked_name = format!("{name}{MASKED}");
        let (value, masked) = (self.record.value(name)?, self.record.value(&masked_name)?);
        let fits = match masked.parsed() {
            Some(Parsed::Masked { text, rule: said }) => {
                said == rule
                    && value.plain_text().and_then(|full| mask(rule, &full)).as_ref() == Some(text)
            }
            _ => false,
        };
        Some(RuleOutcome {
            rule: format!("masked:{name}"),
            result: said(Some(fits)),
            fields: vec![name.to_owned(), masked_name],
            others: Vec::new(),
        })
    }
}

fn said(answer: Option<bool>) -> RuleResult {
    match answer {
        Some(true) => RuleResult::Holds,
        Some(false) => RuleResult::Broken,
        None => RuleResult::NotDecidable(Why::Unlike),
    }
}

fn compare(a: Option<&Value>, op: Op, b: Option<&Value>) -> RuleResult {
    let Some(relation) = a.zip(b).and_then(|(a, b)| relate(a, b)) else {
        return RuleResult::NotDecidable(Why::NotOpen);
    };
    match relation.holds(op) {
        None if relation == Relation::Imprecise => RuleResult::NotDecidable(Why::Imprecise),
        answer => said(answer),
    }
}
