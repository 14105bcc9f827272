//! The bytes of values (`docs/format.md` §6): one writer, one strict reader. What the reader accepts, the
//! writer writes back byte for byte.

use super::{Attachment, Date, Finding, Geo, Instant, Kind, Parsed, TEXT_BYTES, Typed, Value};
use crate::codec::{Item, Kind as Major, Map, MapBuilder, Writer};
use crate::hash::TwinDigest;
use crate::{Error, ErrorCode, Result};

const TYPE: i64 = 0;
const CONTENT: i64 = 1;
const ORIGINAL: i64 = 2;
const FINDINGS: i64 = 3;
const QUALIFIER: i64 = 4;
const ACCURACY: i64 = 5;

impl Value {
    /// Writes the value as one item.
    pub fn write<'w>(&self, w: &'w mut Writer) -> &'w mut Writer {
        match self {
            Value::Null => w.null(),
            Value::Text(text) => w.text(text),
            Value::Typed(typed) => typed.write(w),
        }
    }

    /// The encoded value.
    pub fn encode(&self) -> Vec<u8> {
        self.write(&mut Writer::new()).finish()
    }

    /// Reads a value. Every form but the one a writer makes is refused; a type of a later version is
    /// [`ErrorCode::UnknownCritical`].
    pub fn read(item: Item<'_>) -> Result<Self> {
        match item.kind() {
            Major::Null => Ok(Value::Null),
            Major::Text => Ok(Value::Text(text(item)?)),
            _ => Ok(Value::Typed(Typed::read(item.map()?)?)),
        }
    }
}

impl Typed {
    fn write<'w>(&self, w: &'w mut Writer) -> &'w mut Writer {
        let mut map = MapBuilder::new().put_uint(TYPE, self.kind.number());
        if let Some(parsed) = &self.parsed {
            map = parsed.write(map);
        }
        if let Some(original) = &self.original {
            map = map.put_text(ORIGINAL, original);
        }
        if !self.findings.is_empty() {
            map = map.put(FINDINGS, |w| {
                w.array(self.findings.len());
                for finding in &self.findings {
                    w.uint(u64::from(finding.number()));
                }
                w
            });
        }
        map.write(w)
    }

    fn read(map: Map<'_>) -> Result<Self> {
        let number = map.need(TYPE)?.uint()?;
        let kind = Kind::from_number(number).ok_or_else(|| {
            Error::new(ErrorCode::UnknownCritical, format!("value: type {number}"))
        })?;
        let parsed = map.read_opt(CONTENT, |item| Parsed::read(kind, item, &map))?;
        let known: &[i64] = match (&parsed, kind) {
            (None, _) => &[TYPE, ORIGINAL, FINDINGS],
            (Some(_), Kind::Geo) => &[TYPE, CONTENT, ORIGINAL, FINDINGS, QUALIFIER, ACCURACY],
            (Some(_), kind) if has_qualifier(kind) => {
                &[TYPE, CONTENT, ORIGINAL, FINDINGS, QUALIFIER]
            }
            (Some(_), _) => &[TYPE, CONTENT, ORIGINAL, FINDINGS],
        };
        map.only(known)?;
        let original = map.read_opt(ORIGINAL, text)?;
        let findings = map.read_opt(FINDINGS, findings)?.unwrap_or_default();
        Typed { kind, parsed, original, findings }.check()
    }
}

fn has_qualifier(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Decimal | Kind::Money | Kind::Rate | Kind::Instant | Kind::Code | Kind::Masked
    )
}

impl Parsed {
    fn write(&self, map: MapBuilder) -> MapBuilder {
        match self {
            Parsed::Text(text) => map.put_text(CONTENT, text),
            Parsed::Integer(value) => map.put_int(CONTENT, *value),
            Parsed::Decimal { value, unit } => map.put(CONTENT, |w| w.decimal(*value)).put_opt(
                QUALIFIER,
                unit.as_deref(),
                |w, unit| w.text(unit),
            ),
            Parsed::Money { amount: value, currency: qualifier }
            | Parsed::Rate { value, unit: qualifier } => {
                map.put(CONTENT, |w| w.decimal(*value)).put_text(QUALIFIER, qualifier)
            }
            Parsed::Instant(at) => {
                map.put_int(CONTENT, at.ms()).put_int(QUALIFIER, i64::from(at.offset()))
            }
            Parsed::Date(date) => map.put_text(CONTENT, &date.to_string()),
            Parsed::Flag(flag) => map.put(CONTENT, |w| w.bool(*flag)),
            Parsed::Code { code, system } => {
                map.put_text(CONTENT, code).put_text(QUALIFIER, system)
            }
            Parsed::Geo(geo) => map
                .put(CONTENT, |w| w.array(2).decimal(geo.lat).decimal(geo.lon))
                .put_opt(QUALIFIER, geo.datum.as_deref(), |w, datum| w.text(datum))
                .put_opt(ACCURACY, geo.accuracy, |w, metres| w.decimal(metres)),
            Parsed::Attachment(file) => map.put(CONTENT, |w| {
                let digest = &file.digest;
                w.array(5).text(&file.media_type).uint(digest.size);
                w.bstr(&digest.sha256).bstr(&digest.sm3).text(&file.title)
            }),
            Parsed::Bytes(bytes) => map.put_bstr(CONTENT, bytes),
            Parsed::Masked { text, rule } => map.put_text(CONTENT, text).put_text(QUALIFIER, rule),
        }
    }

    fn read(kind: Kind, item: Item<'_>, map: &Map<'_>) -> Result<Self> {
        let qualifier = || map.read(QUALIFIER, text);
        Ok(match kind {
            Kind::Text => Parsed::Text(text(item)?),
            Kind::Integer => Parsed::Integer(item.int()?),
            Kind::Decimal => {
                Parsed::Decimal { value: item.decimal()?, unit: map.read_opt(QUALIFIER, text)? }
            }
            Kind::Money => Parsed::Money { amount: item.decimal()?, currency: qualifier()? },
            Kind::Rate => Parsed::Rate { value: item.decimal()?, unit: qualifier()? },
            Kind::Instant => {
                let offset = i16::try_from(map.need(QUALIFIER)?.int()?)
                    .map_err(|_| Error::new(ErrorCode::OutOfRange, "value: offset in minutes"))?;
                Parsed::Instant(Instant::new(item.int()?, offset)?)
            }
            Kind::Date => Parsed::Date(Date::parse(item.text()?)?),
            Kind::Flag => Parsed::Flag(item.bool()?),
            Kind::Code => Parsed::Code { code: text(item)?, system: qualifier()? },
            Kind::Geo => {
                let [lat, lon] = item.array_n()?;
                Parsed::Geo(Geo {
                    lat: lat.decimal()?,
                    lon: lon.decimal()?,
                    datum: map.read_opt(QUALIFIER, text)?,
                    accuracy: map.read_opt(ACCURACY, |item| item.decimal())?,
                })
            }
            Kind::Attachment => {
                let [media_type, size, sha256, sm3, title] = item.array_n()?;
                let digest = TwinDigest {
                    size: size.count()?,
                    sha256: sha256.bstr32()?,
                    sm3: sm3.bstr32()?,
                };
                Parsed::Attachment(Attachment {
                    media_type: text(media_type)?,
                    digest,
                    title: text(title)?,
                })
            }
            Kind::Bytes => Parsed::Bytes(item.bstr()?.to_vec()),
            Kind::Masked => Parsed::Masked { text: text(item)?, rule: qualifier()? },
        })
    }
}

fn text(item: Item<'_>) -> Result<String> {
    let text = item.text()?;
    if text.len() > TEXT_BYTES {
        return Err(Error::new(ErrorCode::TooLarge, "value: text"));
    }
    Ok(text.to_owned())
}

/// The list of findings: there only when there are some. Their order is [`Typed::check`]'s business.
fn findings(item: Item<'_>) -> Result<Vec<Finding>> {
    let range =
        || Error::new(ErrorCode::OutOfRange, "value: findings are 1 to 65,535, at least one");
    let mut list = Vec::new();
    for element in item.elements()? {
        let number = u16::try_from(element.uint()?).map_err(|_| range())?;
        list.push(Finding::from_number(number).ok_or_else(range)?);
    }
    if list.is_empty() { Err(range()) } else { Ok(list) }
}
