//! Reads captured text into typed values. Nothing here fails on odd input: what does not parse is kept as
//! its original text with findings.

mod geo;
mod identity;
mod number;
mod time;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use identity::{id_cn18_fits, luhn_fits, uscc_fits};

use super::text::Clean;
use super::{Finding, Kind, Label, Parsed, Pattern, TEXT_BYTES, Value};
use crate::codec::Decimal;
use crate::{Error, ErrorCode, Result};

/// How a profile says that a field is to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Free text.
    Text,
    /// Identity number of 18 characters (GB 11643): check character and date of birth are looked at.
    IdCn18,
    /// Mobile number; its normal form is `+86` and 11 digits.
    MsisdnCn,
    /// Landline or mobile number.
    PhoneCn,
    /// Card number: 13 to 19 digits, Luhn check.
    Pan,
    /// Account number of any form.
    Account,
    /// Unified social credit code (GB 32100).
    Uscc,
    /// A code. With a code system it is a [`Kind::Code`], without one an identifier, kept as text.
    Code,
    /// A code out of the profile's own table; the message may carry the code or its label.
    Enum,
    /// Region code of 6 digits (GB/T 2260).
    Region,
    /// Hexadecimal digits, kept as text in lower case.
    Hex,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// An amount in the profile's currency.
    Money,
    /// A rate in the profile's unit.
    Rate,
    /// A point in time.
    Instant,
    /// A day of the calendar.
    Date,
    /// A day of the month, 1 to 31.
    Day,
    /// Yes or no.
    Flag,
    /// Latitude and longitude, in this order.
    Geo,
    /// A file, handed over beside the message.
    Attachment,
}

/// Everything a parser needs to know about one field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spec {
    /// How to read it.
    pub field_type: FieldType,
    /// Currency of [`FieldType::Money`].
    pub currency: Option<String>,
    /// Unit of [`FieldType::Rate`] and [`FieldType::Decimal`].
    pub unit: Option<String>,
    /// Code system.
    pub system: Option<String>,
    /// The codes and their labels; empty: any code is known.
    pub codes: BTreeMap<String, Label>,
    /// Form of the normal form of texts and codes.
    pub pattern: Option<Pattern>,
    /// Smallest number; for free text the least number of characters.
    pub min: Option<Decimal>,
    /// Largest number; for free text the greatest number of characters.
    pub max: Option<Decimal>,
    /// Offset from UTC in minutes for times that say none.
    pub offset: i16,
    /// Whether an empty value is a finding.
    pub required: bool,
}

impl Spec {
    /// A specification of a type with nothing else said, at UTC+8.
    pub fn of(field_type: FieldType) -> Self {
        Self {
            field_type,
            currency: None,
            unit: None,
            system: None,
            codes: BTreeMap::new(),
            pattern: None,
            min: None,
            max: None,
            offset: 480,
            required: false,
        }
    }

    /// Reads captured text. Odd text becomes findings, never an error.
    ///
    /// # Errors
    /// [`ErrorCode::TooLarge`] for text over [`TEXT_BYTES`], and content that no value can hold.
    pub fn read(&self, original: &str) -> Result<Value> {
        if original.len() > TEXT_BYTES {
            return Err(Error::new(
                ErrorCode::TooLarge,
                format!("value: text over {TEXT_BYTES} bytes"),
            ));
        }
        if original.is_empty() {
            let empty: &[Finding] = if self.required { &[Finding::EMPTY_REQUIRED] } else { &[] };
            return Value::of(Parsed::Text(String::new()), None, empty);
        }
        let mut out = match self.field_type {
            FieldType::Text => Outcome::text(Clean::free(original)),
            FieldType::Attachment => Outcome::text(Clean::free(original)),
            FieldType::IdCn18 => identity::id_cn18(Clean::token(original)),
            FieldType::MsisdnCn => identity::mobile(Clean::token(original)),
            FieldType::PhoneCn => identity::phone(Clean::token(original)),
            FieldType::Pan => identity::pan(Clean::token(original)),
            FieldType::Uscc => identity::uscc(Clean::token(original)),
            FieldType::Account => Outcome::text(Clean::token(original).squeeze()),
            FieldType::Hex => identity::hex(Clean::token(original)),
            FieldType::Code | FieldType::Enum | FieldType::Region => {
                self.code(Clean::token(original))
            }
            FieldType::Integer => number::integer(Clean::token(original)),
            FieldType::Decimal => number::decimal(Clean::token(original), self.unit.as_deref()),
            FieldType::Money => number::money(Clean::token(original), self.currency.as_deref()),
            FieldType::Rate => number::rate(Clean::token(original), self.unit.as_deref()),
            FieldType::Day => number::day(Clean::token(original)),
            FieldType::Instant => time::instant(Clean::token(original), self.offset),
            FieldType::Date => time::date(Clean::token(original)),
            FieldType::Flag => flag(Clean::token(original)),
            FieldType::Geo => geo::geo(Clean::token(original)),
        };
        self.measure(&mut out);
        if self.required && original.trim().is_empty() {
            out.findings.push(Finding::EMPTY_REQUIRED);
        }
        match out.parsed {
            Ok(parsed) => Value::of(parsed, Some(original.to_owned()), &out.findings),
            Err(kind) => Value::unparsed(kind, original.to_owned(), &out.findings),
        }
    }

    fn code(&self, clean: Clean) -> Outcome {
        let system = match (&self.system, self.field_type) {
            (Some(system), _) => system.clone(),
            (None, FieldType::Region) => "GB/T 2260".to_owned(),
            (None, _) => return Outcome::text(clean),
        };
        if clean.text.is_empty() || clean.text.len() > crate::codec::limits::NAME_BYTES {
            return Outcome::unparsed(Kind::Code, clean, &[]);
        }
        let mut out = Outcome { parsed: Err(Kind::Code), findings: clean.findings };
        let known = self
            .codes
            .get_key_value(&clean.text)
            .map(|(code, _)| code)
            .or_else(|| self.by_label(&clean.text));
        if known.is_none() && !self.codes.is_empty() {
            out.findings.push(Finding::UNKNOWN_CODE);
        }
        let code = known.cloned().unwrap_or(clean.text);
        if self.field_type == FieldType::Region && !(code.len() == 6 && is_digits(&code)) {
            out.findings.push(Finding::PATTERN);
        }
        out.parsed = Ok(Parsed::Code { code, system });
        out
    }

    /// The code that has this label, when exactly one has.
    fn by_label(&self, text: &str) -> Option<&String> {
        let mut found = self.codes.iter().filter(|(_, label)| label.zh == text || label.en == text);
        match (found.next(), found.next()) {
            (Some((code, _)), None) => Some(code),
            _ => None,
        }
    }

    /// Pattern and range, for values that parsed.
    fn measure(&self, out: &mut Outcome) {
        let Ok(parsed) = &out.parsed else { return };
        let mut findings = Vec::new();
        let whole = |mantissa| Some(Decimal { exponent: 0, mantissa });
        let size = match parsed {
            Parsed::Text(text) | Parsed::Code { code: text, .. } => {
                if self.pattern.as_ref().is_some_and(|pattern| !pattern.fits(text)) {
                    findings.push(Finding::PATTERN);
                }
                i64::try_from(text.chars().count()).ok().and_then(whole)
            }
            Parsed::Integer(value) => whole(*value),
            Parsed::Decimal { value, .. } | Parsed::Rate { value, .. } => Some(*value),
            Parsed::Money { amount, .. } => Some(*amount),
            _ => None,
        };
        if let Some(size) = size {
            let low = self.min.is_some_and(|min| size.cmp_value(min).is_lt());
            let high = self.max.is_some_and(|max| size.cmp_value(max).is_gt());
            if low || high {
                findings.push(Finding::OUT_OF_RANGE);
            }
        }
        out.findings.extend(findings);
    }
}

/// What a parser made of a text: content, or the type it could not be read as.
struct Outcome {
    parsed: core::result::Result<Parsed, Kind>,
    findings: Vec<Finding>,
}

impl Outcome {
    fn ok(parsed: Parsed, clean: Clean) -> Self {
        Self { parsed: Ok(parsed), findings: clean.findings }
    }

    fn text(clean: Clean) -> Self {
        Self { parsed: Ok(Parsed::Text(clean.text)), findings: clean.findings }
    }

    fn unparsed(kind: Kind, clean: Clean, more: &[Finding]) -> Self {
        let mut findings = clean.findings;
        findings.extend_from_slice(more);
        Self { parsed: Err(kind), findings }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn flag(clean: Clean) -> Outcome {
    match clean.text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "是" => Outcome::ok(Parsed::Flag(true), clean),
        "false" | "no" | "n" | "0" | "否" => Outcome::ok(Parsed::Flag(false), clean),
        _ => Outcome::unparsed(Kind::Flag, clean, &[]),
    }
}
