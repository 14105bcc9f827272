//! TSTInfo: what the authority signed (RFC 3161 §2.4.2).

use der::asn1::{AnyRef, IntRef, ObjectIdentifier, UintRef};
use der::{Decode, Tag};

use super::Imprint;
use crate::error::{Error, ErrorCode, Result};
use crate::hash::hex;
use crate::x509::{Elements, context, whole};

const CODE: ErrorCode = ErrorCode::InvalidToken;
/// Largest nonce and serial number in bytes.
const NUMBER_BYTES: usize = 64;

#[derive(Clone, Debug)]
pub(super) struct Info {
    pub(super) policy: String,
    pub(super) imprint: Imprint,
    pub(super) serial: String,
    pub(super) time_ms: i64,
    pub(super) accuracy_ms: Option<u64>,
    pub(super) nonce: Option<Vec<u8>>,
}

impl Info {
    pub(super) fn parse(der: &[u8]) -> Result<Self> {
        let place = "TSTInfo";
        let mut fields = Elements::of(whole(der, CODE, place)?, Tag::Sequence, CODE, place)?;
        let version: UintRef<'_> = fields.read()?;
        if version.as_bytes() != [1] {
            return Err(Error::new(CODE, "a version of TSTInfo that is not 1"));
        }
        let policy: ObjectIdentifier = fields.read()?;
        let imprint = Imprint::read(fields.open(Tag::Sequence)?)?;
        let serial: IntRef<'_> = fields.read()?;
        let time = fields.any()?;
        let time_ms = match der::Tagged::tag(&time) {
            Tag::GeneralizedTime => time_ms(time.value()),
            _ => None,
        };
        let time_ms = time_ms.ok_or_else(|| Error::new(CODE, "genTime"))?;
        let accuracy_ms = match fields.optional(Tag::Sequence)? {
            Some(accuracy) => Some(read_accuracy(accuracy)?),
            None => None,
        };
        if let Some(ordering) = fields.optional(Tag::Boolean)?
            && ordering.value() != [0xff]
        {
            return Err(Error::new(CODE, "ordering"));
        }
        let nonce = match fields.optional(Tag::Integer)? {
            Some(nonce) => Some(number(nonce)?),
            None => None,
        };
        fields.optional(context(0, true))?;
        if let Some(extensions) = fields.optional(context(1, true))? {
            check_extensions(extensions)?;
        }
        fields.end()?;
        if serial.as_bytes().len() > NUMBER_BYTES {
            return Err(Error::new(CODE, "serial number"));
        }
        Ok(Self {
            policy: policy.to_string(),
            imprint,
            serial: hex::encode(serial.as_bytes()),
            time_ms,
            accuracy_ms,
            nonce,
        })
    }
}

/// A positive INTEGER without leading zeros.
pub(super) fn number(any: AnyRef<'_>) -> Result<Vec<u8>> {
    let bad = |_| Error::new(CODE, "nonce");
    let number: UintRef<'_> = any.decode_as().map_err(bad)?;
    match number.as_bytes().len() <= NUMBER_BYTES {
        true => Ok(number.as_bytes().to_vec()),
        false => Err(Error::new(CODE, "nonce")),
    }
}

/// Seconds, milliseconds and microseconds, rounded up to milliseconds.
fn read_accuracy(accuracy: AnyRef<'_>) -> Result<u64> {
    let mut fields = Elements::of(accuracy, Tag::Sequence, CODE, "accuracy")?;
    let seconds: u32 = match fields.optional(Tag::Integer)? {
        Some(seconds) => seconds.decode_as().map_err(|_| fields.bad())?,
        None => 0,
    };
    let small = |part: Option<u16>| match part {
        None => Ok(0),
        Some(part @ 1..=999) => Ok(part),
        Some(_) => Err(Error::new(CODE, "accuracy")),
    };
    let millis = small(fields.implicit_u16(0)?)?;
    let micros = small(fields.implicit_u16(1)?)?;
    fields.end()?;
    Ok(u64::from(seconds) * 1000 + u64::from(millis) + u64::from(micros > 0))
}

/// No extension is understood, so none may be critical.
fn check_extensions(list: AnyRef<'_>) -> Result<()> {
    let mut list = Elements::inside(list.value(), CODE, "extensions of TSTInfo")?;
    while !list.is_empty() {
        let extension = x509_cert::ext::Extension::from_der(list.raw()?).map_err(|_| list.bad())?;
        if extension.critical {
            return Err(Error::new(CODE, "a critical extension that is not understood"));
        }
    }
    Ok(())
}

/// `YYYYMMDDhhmmss[.f…]Z` (RFC 3161 §2.4.2) as milliseconds since 1970; parts of a millisecond are cut off.
pub(super) fn time_ms(text: &[u8]) -> Option<i64> {
    let text = core::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = match text.split_once('.') {
        Some((_, fraction)) if fraction.is_empty() || fraction.ends_with('0') => return None,
        Some((whole, fraction)) => (whole, fraction),
        None => (text, ""),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 14 || fraction.len() > 9 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let part = |from: usize, to: usize| whole.get(from..to)?.parse::<u16>().ok();
    let small = |from: usize| u8::try_from(part(from, from + 2)?).ok();
    let moment =
        der::DateTime::new(part(0, 4)?, small(4)?, small(6)?, small(8)?, small(10)?, small(12)?);
    let seconds = i64::try_from(moment.ok()?.unix_duration().as_secs()).ok()?;
    let millis: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    seconds.checked_mul(1000)?.checked_add(millis)
}
