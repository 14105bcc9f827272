//! Values as people read them, escaped (see [`super::escape`]).

use super::escape::for_people;
use super::{Finding, Lang, Parsed, Value};
use crate::hash::hex;

impl Value {
    /// The value for people, on one line, hidden characters written out.
    ///
    /// Findings and, where the value was normalised, the original text are not part of it: see
    /// [`Value::findings`] and [`Value::display_original`].
    pub fn display(&self, lang: Lang) -> String {
        let word =
            |zh: &str, en: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
        if self.is_empty() {
            return word("（采集时为空）", "(captured empty)");
        }
        match (self, self.parsed()) {
            (Value::Null, _) => word("（采集时为未知）", "(captured as unknown)"),
            (Value::Text(text), _) => for_people(text).into_owned(),
            // The midnight that stands in for an unknown time of day is not shown as if it were known.
            (_, Some(Parsed::Instant(at))) if self.findings().contains(&Finding::DATE_ONLY) => {
                at.to_string().split('T').next().unwrap_or_default().to_owned()
            }
            (_, Some(parsed)) => for_people(&parsed.plain(lang)).into_owned(),
            // Not parsed: the original is all there is.
            (_, None) => {
                self.original().map(|text| for_people(text).into_owned()).unwrap_or_default()
            }
        }
    }

    /// The original text for people, where it differs from what [`Value::display`] shows.
    pub fn display_original(&self, lang: Lang) -> Option<String> {
        let original = for_people(self.original()?).into_owned();
        (!self.is_empty() && original != self.display(lang)).then_some(original)
    }

    /// The value as plain text for masks and comparisons: the normal form of a text or code, coordinates as
    /// `lat,lon`, else the original.
    pub fn plain_text(&self) -> Option<String> {
        match self.parsed() {
            Some(Parsed::Text(text) | Parsed::Code { code: text, .. }) => Some(text.clone()),
            Some(Parsed::Geo(geo)) => Some(format!("{},{}", geo.lat, geo.lon)),
            _ => self.original().map(str::to_owned),
        }
    }
}

impl Parsed {
    fn plain(&self, lang: Lang) -> String {
        match self {
            Parsed::Text(text) | Parsed::Masked { text, .. } => text.clone(),
            Parsed::Integer(value) => value.to_string(),
            Parsed::Decimal { value, unit: None } => value.to_string(),
            Parsed::Decimal { value, unit: Some(unit) } => format!("{value} {unit}"),
            Parsed::Money { amount, currency } => format!("{amount} {currency}"),
            Parsed::Rate { value, unit } => match (unit.as_str(), lang) {
                ("%/a", Lang::Zh) => format!("{value}%（年）"),
                ("%/a", Lang::En) => format!("{value}% a year"),
                (unit, _) => format!("{value} {unit}"),
            },
            Parsed::Instant(at) => at.to_string(),
            Parsed::Date(date) => date.to_string(),
            Parsed::Flag(flag) => match (flag, lang) {
                (true, Lang::Zh) => "是",
                (false, Lang::Zh) => "否",
                (true, Lang::En) => "yes",
                (false, Lang::En) => "no",
            }
            .to_owned(),
            Parsed::Code { code, .. } => code.clone(),
            Parsed::Geo(geo) => {
                let datum = geo.datum.as_ref().map(|d| format!(" {d}")).unwrap_or_default();
                let accuracy = geo.accuracy.map(|m| format!(" ±{m} m")).unwrap_or_default();
                format!("{}, {}{datum}{accuracy}", geo.lat, geo.lon)
            }
            Parsed::Attachment(file) => {
                let size = file.digest.size;
                let sha256 = hex::encode(&file.digest.sha256);
                let bytes = if lang == Lang::Zh { "字节" } else { "bytes" };
                format!("{} ({}, {size} {bytes}, SHA-256 {sha256})", file.title, file.media_type)
            }
            Parsed::Bytes(bytes) => hex::encode(bytes),
        }
    }
}
