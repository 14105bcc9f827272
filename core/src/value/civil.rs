//! Civil dates and times of day: the proleptic Gregorian calendar, years 1 to 9999, no leap seconds.
//!
//! Days are counted by the usual trick of starting the year in March, so that the leap day is the last
//! day of its year.

use core::fmt;

use crate::{Error, ErrorCode, Result};

const MINUTE_MS: i64 = 60_000;
/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;
/// Largest distance from UTC, in minutes either way.
pub const OFFSET_MINUTES: i16 = 1_439;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_DAYS: i64 = 719_468;
/// Days in 400 years, the period of the calendar.
const ERA_DAYS: i64 = 146_097;

/// A day of the calendar. Always valid; ordered by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The date, if the calendar has it: years 1 to 9999. Otherwise [`ErrorCode::OutOfRange`].
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self> {
        let valid = (1..=9999).contains(&year) && (1..=12).contains(&month);
        if !valid || day < 1 || day > days_in_month(year, month) {
            return Err(Error::new(ErrorCode::OutOfRange, "date: not a day of the calendar"));
        }
        Ok(Self { year, month, day })
    }

    /// Year, 1 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// Month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// Day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        let (m, d) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(m <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * ERA_DAYS + day_of_era - EPOCH_DAYS
    }

    /// The date that lies `days` after 1970-01-01, or [`ErrorCode::OutOfRange`].
    pub fn from_days(days: i64) -> Result<Self> {
        let range = || Error::new(ErrorCode::OutOfRange, "date: years 1 to 9999");
        let shifted = days.checked_add(EPOCH_DAYS).ok_or_else(range)?;
        let (era, doe) = (shifted.div_euclid(ERA_DAYS), shifted.rem_euclid(ERA_DAYS));
        let year_of_era = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let day_of_year = doe - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = (month_from_march + 2) % 12 + 1;
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        match (u16::try_from(year), u8::try_from(month), u8::try_from(day)) {
            (Ok(year), Ok(month), Ok(day)) => Self::new(year, month, day),
            _ => Err(range()),
        }
    }

    /// Reads exactly `YYYY-MM-DD`; anything else is [`ErrorCode::OutOfRange`].
    pub fn parse(text: &str) -> Result<Self> {
        let bad = || Error::new(ErrorCode::OutOfRange, "date: expected YYYY-MM-DD");
        let mut parts = text.split('-');
        let (Some(y), Some(m), Some(d), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(bad());
        };
        if (y.len(), m.len(), d.len()) != (4, 2, 2)
            || !text.bytes().all(|b| b == b'-' || b.is_ascii_digit())
        {
            return Err(bad());
        }
        match (y.parse(), m.parse(), d.parse()) {
            (Ok(y), Ok(m), Ok(d)) => Self::new(y, m, d),
            _ => Err(bad()),
        }
    }
}

impl fmt::Display for Date {
    /// `YYYY-MM-DD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

/// A point in time and the offset from UTC it was written with. Local time lies in the years 1 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Instant {
    ms: i64,
    offset: i16,
}

impl Instant {
    /// From milliseconds since 1970-01-01T00:00:00Z and the offset in minutes (±[`OFFSET_MINUTES`]).
    pub fn new(ms: i64, offset: i16) -> Result<Self> {
        let range =
            || Error::new(ErrorCode::OutOfRange, "time: years 1 to 9999, offset within a day");
        if !(-OFFSET_MINUTES..=OFFSET_MINUTES).contains(&offset) {
            return Err(range());
        }
        let local = ms.checked_add(i64::from(offset) * MINUTE_MS).ok_or_else(range)?;
        Date::from_days(local.div_euclid(DAY_MS)).map_err(|_| range())?;
        Ok(Self { ms, offset })
    }

    /// From a local date, milliseconds since local midnight (may be a whole day: 24:00) and the offset.
    pub fn from_local(date: Date, ms_of_day: i64, offset: i16) -> Result<Self> {
        if !(0..=DAY_MS).contains(&ms_of_day) {
            return Err(Error::new(ErrorCode::OutOfRange, "time: not a time of day"));
        }
        Self::new(date.days() * DAY_MS + ms_of_day - i64::from(offset) * MINUTE_MS, offset)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn ms(self) -> i64 {
        self.ms
    }

    /// Offset from UTC in minutes, east positive.
    pub fn offset(self) -> i16 {
        self.offset
    }

    /// Days since 1970-01-01 of the local date.
    pub fn local_days(self) -> i64 {
        (self.ms + i64::from(self.offset) * MINUTE_MS).div_euclid(DAY_MS)
    }
}

impl fmt::Display for Instant {
    /// RFC 3339: `2026-03-01T09:30:00+08:00`, with milliseconds only where there are some.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.ms + i64::from(self.offset) * MINUTE_MS;
        let date = Date::from_days(local.div_euclid(DAY_MS)).map_err(|_| fmt::Error)?;
        let (seconds, ms) = (local.rem_euclid(DAY_MS) / 1_000, local.rem_euclid(1_000));
        let (h, m, s) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        write!(f, "{date}T{h:02}:{m:02}:{s:02}")?;
        if ms != 0 {
            write!(f, ".{ms:03}")?;
        }
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}
