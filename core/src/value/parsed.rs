//! The parsed content of typed values, and what of it the format allows.

use core::fmt;

use super::{Date, Instant, Kind, TEXT_BYTES};
use crate::codec::{Decimal, limits};
use crate::hash::TwinDigest;
use crate::{Error, ErrorCode, Result};

/// The content of a value that could be read as its type.
#[derive(Clone, PartialEq, Eq)]
pub enum Parsed {
    /// Text in its normal form.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with its scale and, where the profile names one, its unit.
    Decimal {
        /// The number.
        value: Decimal,
        /// Its unit.
        unit: Option<String>,
    },
    /// An amount of money.
    Money {
        /// The amount, scale as captured.
        amount: Decimal,
        /// ISO 4217, three capital letters.
        currency: String,
    },
    /// A rate.
    Rate {
        /// The number before the unit: 23.4 for 23.4 % a year.
        value: Decimal,
        /// Its unit: `%/a` is percent a year.
        unit: String,
    },
    /// A point in time.
    Instant(Instant),
    /// A day.
    Date(Date),
    /// Yes or no.
    Flag(bool),
    /// A code out of a code system.
    Code {
        /// The code.
        code: String,
        /// The id of the code system.
        system: String,
    },
    /// A place.
    Geo(Geo),
    /// A file that belongs to the record, by its digests.
    Attachment(Attachment),
    /// Bytes.
    Bytes(Vec<u8>),
    /// The masked form of another field.
    Masked {
        /// What is shown.
        text: String,
        /// The id of the mask rule (see [`crate::profile::mask`]).
        rule: String,
    },
}

/// A place on Earth.
#[derive(Clone, PartialEq, Eq)]
pub struct Geo {
    /// Latitude in degrees, −90 to 90, north positive.
    pub lat: Decimal,
    /// Longitude in degrees, −180 to 180, east positive.
    pub lon: Decimal,
    /// Geodetic datum: `WGS-84`, `GCJ-02`, `BD-09` or `CGCS2000` where it was said.
    pub datum: Option<String>,
    /// Accuracy in metres, where it was said.
    pub accuracy: Option<Decimal>,
}

/// A file, by its media type, size, digests and title. The file itself stays with the host or in the vault.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Media type, such as `application/pdf`.
    pub media_type: String,
    /// Size and both digests.
    pub digest: TwinDigest,
    /// Title or file name, for people.
    pub title: String,
}

impl Parsed {
    /// The type.
    pub fn kind(&self) -> Kind {
        match self {
            Parsed::Text(_) => Kind::Text,
            Parsed::Integer(_) => Kind::Integer,
            Parsed::Decimal { .. } => Kind::Decimal,
            Parsed::Money { .. } => Kind::Money,
            Parsed::Rate { .. } => Kind::Rate,
            Parsed::Instant(_) => Kind::Instant,
            Parsed::Date(_) => Kind::Date,
            Parsed::Flag(_) => Kind::Flag,
            Parsed::Code { .. } => Kind::Code,
            Parsed::Geo(_) => Kind::Geo,
            Parsed::Attachment(_) => Kind::Attachment,
            Parsed::Bytes(_) => Kind::Bytes,
            Parsed::Masked { .. } => Kind::Masked,
        }
    }

    /// Whether the content is within the format.
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Parsed::Text(text) => sized(text.len(), TEXT_BYTES, "text"),
            Parsed::Bytes(bytes) => sized(bytes.len(), TEXT_BYTES, "bytes"),
            Parsed::Decimal { unit, .. } => {
                unit.as_deref().map_or(Ok(()), |unit| word(unit, "unit"))
            }
            Parsed::Money { currency, .. } => {
                let letters =
                    currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
                ensure(letters, "currency: three capital letters")
            }
            Parsed::Rate { unit, .. } => word(unit, "unit"),
            Parsed::Code { code, system } => {
                word(code, "code").and_then(|()| word(system, "code system"))
            }
            Parsed::Geo(geo) => geo.check(),
            Parsed::Attachment(file) => file.check(),
            Parsed::Masked { text, rule } => {
                sized(text.len(), TEXT_BYTES, "masked text").and_then(|()| word(rule, "mask rule"))
            }
            Parsed::Integer(_) | Parsed::Instant(_) | Parsed::Date(_) | Parsed::Flag(_) => Ok(()),
        }
    }
}

impl Geo {
    fn check(&self) -> Result<()> {
        ensure(within(self.lat, 90), "latitude: −90 to 90")?;
        ensure(within(self.lon, 180), "longitude: −180 to 180")?;
        ensure(self.accuracy.is_none_or(|m| m.mantissa >= 0), "accuracy: not negative")?;
        self.datum.as_deref().map_or(Ok(()), |datum| word(datum, "datum"))
    }
}

impl Attachment {
    fn check(&self) -> Result<()> {
        word(&self.media_type, "media type")?;
        ensure(self.digest.size <= limits::COUNT, "size: below 2^53")?;
        sized(self.title.len(), TEXT_BYTES, "title")
    }
}

/// Whether a coordinate lies between −limit and limit degrees.
pub(super) fn within(degrees: Decimal, limit: i64) -> bool {
    let at = |mantissa| Decimal { exponent: 0, mantissa };
    degrees.cmp_value(at(-limit)).is_ge() && degrees.cmp_value(at(limit)).is_le()
}

fn ensure(holds: bool, what: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::new(ErrorCode::OutOfRange, format!("value: {what}"))) }
}

/// Short text that names something: never empty, else absent and empty would mean the same.
fn word(text: &str, what: &str) -> Result<()> {
    ensure(
        (1..=limits::NAME_BYTES).contains(&text.len()),
        &format!("{what}: 1 to {} bytes", limits::NAME_BYTES),
    )
}

fn sized(len: usize, limit: usize, what: &str) -> Result<()> {
    if len <= limit {
        return Ok(());
    }
    Err(Error::new(ErrorCode::TooLarge, format!("value: {what} over {limit} bytes")))
}

impl fmt::Debug for Parsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parsed({:?})", self.kind())
    }
}

impl fmt::Debug for Geo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Geo(…)")
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attachment({} bytes)", self.digest.size)
    }
}
