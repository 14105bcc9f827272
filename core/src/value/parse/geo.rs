//! Coordinates: `31.230416, 121.473701`, latitude first, optionally with accuracy and datum behind.

use super::{Clean, Outcome};
use crate::codec::Decimal;
use crate::value::parsed::within;
use crate::value::{Finding, Geo, Kind, Parsed};

/// The names a datum goes by, and its one name here.
const DATUMS: &[(&str, &str)] = &[
    ("WGS84", "WGS-84"),
    ("WGS-84", "WGS-84"),
    ("GCJ02", "GCJ-02"),
    ("GCJ-02", "GCJ-02"),
    ("BD09", "BD-09"),
    ("BD-09", "BD-09"),
    ("CGCS2000", "CGCS2000"),
];

pub(super) fn geo(clean: Clean) -> Outcome {
    let mut clean = clean.squeeze();
    let upper = clean.text.to_uppercase();
    let (rest, datum) = take_datum(&upper);
    let (pair, accuracy) = take_accuracy(rest);
    let mut parts = pair.split([',', '，', ';']);
    let degrees = |part: Option<&str>| part.and_then(|p| p.parse::<Decimal>().ok());
    let (lat, lon) = (degrees(parts.next()), degrees(parts.next()));
    let (Some(lat), Some(lon), None) = (lat, lon, parts.next()) else {
        return Outcome::unparsed(Kind::Geo, clean, &[]);
    };
    // Swapped coordinates are not swapped back: which one the sender meant is not ours to guess.
    if !within(lat, 90) || !within(lon, 180) {
        return Outcome::unparsed(Kind::Geo, clean, &[Finding::OUT_OF_RANGE]);
    }
    if datum.is_none() {
        clean.find(Finding::NO_DATUM);
    }
    Outcome::ok(Parsed::Geo(Geo { lat, lon, datum: datum.map(str::to_owned), accuracy }), clean)
}

/// Takes `(WGS-84)`, `,WGS84` or `WGS84` off the end.
fn take_datum(text: &str) -> (&str, Option<&'static str>) {
    let bare = text.strip_suffix([')', '）']).unwrap_or(text);
    for (name, datum) in DATUMS {
        if let Some(rest) = bare.strip_suffix(name) {
            return (rest.trim_end_matches(['(', '（', ',', '，', ';']), Some(datum));
        }
    }
    (text, None)
}

/// Takes `±15M`, `,15M` (already in capitals) off the end.
fn take_accuracy(text: &str) -> (&str, Option<Decimal>) {
    let Some(body) = text.strip_suffix('M') else { return (text, None) };
    let Some((rest, metres)) = body.rsplit_once(['±', ',', ';']) else { return (text, None) };
    match metres.parse::<Decimal>() {
        Ok(metres) if metres.mantissa >= 0 => {
            (rest.trim_end_matches([',', '，', ';']), Some(metres))
        }
        _ => (text, None),
    }
}
