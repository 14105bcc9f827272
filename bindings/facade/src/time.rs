//! Time claims in requests.

use serde::Deserialize;
use yinzheng::time::{Moment, NotBefore, NotBeforeKind, Tier, TimeClaim};
use yinzheng::{Error, ErrorCode, Result};

use crate::words::{digest, hex_n, named};

/// A time claim as requests write it: milliseconds alone (declared, UTC), or everything a claim can say.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum TimeWire {
    Declared(i64),
    Full(Box<FullTime>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FullTime {
    captured: MomentWire,
    occurred: Option<MomentWire>,
    tier: Option<String>,
    sync_age_ms: Option<u64>,
    uncertainty_ms: Option<u64>,
    monotonic_ms: Option<u64>,
    boot_id: Option<String>,
    not_before: Option<NotBeforeWire>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum MomentWire {
    Ms(i64),
    Full(FullMoment),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FullMoment {
    ms: i64,
    #[serde(default)]
    offset_minutes: i16,
    original: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotBeforeWire {
    kind: String,
    digest: String,
}

impl MomentWire {
    fn read(self) -> Moment {
        match self {
            MomentWire::Ms(ms) => Moment::new(ms, 0),
            MomentWire::Full(FullMoment { ms, offset_minutes, original }) => {
                Moment { unix_ms: ms, offset_minutes, original }
            }
        }
    }
}

/// The claim of a request. Without one the system's clock is read, and the claim says so: tier `device`.
pub(crate) fn time(wire: Option<TimeWire>) -> Result<TimeClaim> {
    let claim = match wire {
        None => TimeClaim::new(Moment::new(system_clock_ms(), 0), Tier::Device),
        Some(TimeWire::Declared(ms)) => TimeClaim::declared(ms),
        Some(TimeWire::Full(full)) => full.read()?,
    };
    claim.check().map_err(|error| error.within("time"))?;
    Ok(claim)
}

impl FullTime {
    fn read(self) -> Result<TimeClaim> {
        let tier = match &self.tier {
            None => Tier::Declared,
            Some(name) => named("tier", &Tier::ALL, Tier::name, name)?,
        };
        let not_before = match self.not_before {
            None => None,
            Some(wire) => {
                let kind = match wire.kind.as_str() {
                    "signed-nonce" => NotBeforeKind::SignedNonce,
                    "block" => NotBeforeKind::Block,
                    "token" => NotBeforeKind::Token,
                    _ => {
                        let what = "not_before: one of signed-nonce, block, token";
                        return Err(Error::new(ErrorCode::UnknownName, what));
                    }
                };
                Some(NotBefore { kind, digest: digest("not_before", &wire.digest)? })
            }
        };
        Ok(TimeClaim {
            occurred: self.occurred.map(MomentWire::read),
            captured: self.captured.read(),
            tier,
            sync_age_ms: self.sync_age_ms,
            uncertainty_ms: self.uncertainty_ms,
            monotonic_ms: self.monotonic_ms,
            boot_id: self.boot_id.map(|id| hex_n("boot_id", &id)).transpose()?,
            not_before,
        })
    }
}

fn system_clock_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or_default()
}

/// A time claim alone, as JSON; empty for the system's clock.
#[cfg(feature = "store")]
pub(crate) fn read(time: &[u8]) -> Result<TimeClaim> {
    self::time(if time.is_empty() { None } else { Some(crate::json::read("time", time)?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<TimeClaim> {
        time(Some(crate::json::read("time", json.as_bytes())?))
    }

    #[test]
    fn times_are_as_short_or_as_long_as_one_likes() {
        assert_eq!(read("5").unwrap(), TimeClaim::declared(5));
        assert_eq!(read(r#"{"captured":5}"#).unwrap(), TimeClaim::declared(5));
        let long = r#"{"captured":{"ms":9,"offset_minutes":480,"original":"08:00"},"occurred":{"ms":8},
            "tier":"ntp","sync_age_ms":1,"uncertainty_ms":2,"monotonic_ms":3,
            "boot_id":"000102030405060708090a0b0c0d0e0f","not_before":{"kind":"token",
            "digest":"sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"}}"#;
        let claim = read(long).unwrap();
        assert_eq!(claim.captured.offset_minutes, 480);
        assert_eq!((claim.tier, claim.monotonic_ms), (Tier::Ntp, Some(3)));
        let ours = time(None).unwrap();
        assert_eq!(ours.tier, Tier::Device);
        assert!(ours.captured.unix_ms > 1_600_000_000_000);
    }

    #[test]
    fn odd_times_are_refused() {
        for (json, number) in [
            ("null", 101),
            (r#""now""#, 101),
            ("1.5", 101),
            ("{}", 101),
            (r#"{"captured":5,"tier":"best"}"#, 102),
            (r#"{"captured":5,"clock":"x"}"#, 101),
            (r#"{"captured":{"ms":5,"offset_minutes":1440}}"#, 313),
            (r#"{"captured":{"ms":5,"offset_minutes":99999}}"#, 101),
            (r#"{"captured":{"ms":5,"original":""}}"#, 313),
            (r#"{"captured":5,"sync_age_ms":9007199254740992}"#, 313),
            (r#"{"captured":5,"sync_age_ms":-1}"#, 101),
            (r#"{"captured":5,"boot_id":"00"}"#, 101),
            (r#"{"captured":5,"not_before":{"kind":"hope","digest":""}}"#, 102),
            (r#"{"captured":5,"not_before":{"kind":"block","digest":"md5:00"}}"#, 401),
        ] {
            assert_eq!(read(json).unwrap_err().number(), number, "{json}");
        }
    }
}
