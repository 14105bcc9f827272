//! The system's clock, and times that people type. The library itself never reads a clock.

use std::time::{SystemTime, UNIX_EPOCH};

use yinzheng::time::{Moment, Tier, TimeClaim};
use yinzheng::value::parse::{FieldType, Spec};
use yinzheng::value::{Instant, Parsed};

use crate::failure::{Both, Failure, Result};

/// Milliseconds since 1970 by the system's clock; a clock before 1970 counts as 1970.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A claim that something was captured now, by this machine's clock.
pub(crate) fn captured_now() -> TimeClaim {
    TimeClaim::new(Moment::new(now_ms(), 0), Tier::Device)
}

/// Whole seconds, as blocks and statements carry them.
pub(crate) fn seconds(ms: i64) -> u64 {
    u64::try_from(ms.div_euclid(1000)).unwrap_or(0)
}

/// A time as typed: RFC 3339, or milliseconds since 1970.
pub(crate) fn parse(text: &str) -> Result<i64> {
    if let Ok(ms) = text.parse::<i64>() {
        return Ok(ms);
    }
    let value = Spec::of(FieldType::Instant).read(text)?;
    match value.parsed() {
        Some(Parsed::Instant(at)) => Ok(at.ms()),
        _ => Err(Failure::input(
            Both::new("无法读取这个时间", "this time cannot be read"),
            Both::new(
                "请写成 2026-10-08T20:00:00+08:00，或自 1970 年起的毫秒数。",
                "Write 2026-10-08T20:00:00+08:00, or milliseconds since 1970.",
            ),
        )),
    }
}

/// RFC 3339 for people; a time outside the years 1 to 9999 as its number.
pub(crate) fn text(ms: i64, offset_minutes: i16) -> String {
    Instant::new(ms, offset_minutes).map_or_else(|_| format!("{ms} ms"), |at| at.to_string())
}

/// A moment for people: date and time in its own offset, without the offset.
pub(crate) fn local(moment: &Moment) -> String {
    let text = text(moment.unix_ms, moment.offset_minutes);
    text.get(..19).unwrap_or(&text).replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        assert_eq!(parse("1760000000000").unwrap(), 1_760_000_000_000);
        assert_eq!(parse("2026-10-08T20:00:00+08:00").unwrap(), 1_791_460_800_000);
        assert!(parse("yesterday").is_err());
        assert_eq!(text(1_791_460_800_000, 480), "2026-10-08T20:00:00+08:00");
        assert_eq!(local(&Moment::new(1_791_460_800_000, 480)), "2026-10-08 20:00:00");
        assert_eq!(text(i64::MAX, 0), format!("{} ms", i64::MAX));
    }
}
