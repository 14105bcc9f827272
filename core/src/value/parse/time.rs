//! Points in time and days, in the forms that real messages have.

use super::{Clean, Outcome, is_digits};
use crate::value::{DAY_MS, Date, Finding, Instant, Kind, Parsed};

/// Reads the front of a text.
struct Scan<'a>(&'a str);

impl Scan<'_> {
    /// Exactly `n` digits.
    fn digits(&mut self, n: usize) -> Option<u16> {
        let (front, rest) = self.0.split_at_checked(n)?;
        let value = is_digits(front).then(|| front.parse().ok()).flatten()?;
        self.0 = rest;
        Some(value)
    }

    fn one_of(&mut self, chars: &[char]) -> Option<char> {
        let c = self.0.chars().next().filter(|c| chars.contains(c))?;
        self.0 = self.0.get(c.len_utf8()..)?;
        Some(c)
    }
}

/// What stands in the text, before the calendar is asked.
struct Reading {
    ymd: (u16, u16, u16),
    /// Milliseconds of the day; `None` when there is no time of day.
    time: Option<i64>,
    /// Offset in minutes, where the text says one.
    zone: Option<i16>,
    findings: Vec<Finding>,
}

/// `YYYY-MM-DD` or `YYYY/MM/DD`.
fn ymd(scan: &mut Scan<'_>) -> Option<(u16, u16, u16)> {
    let year = scan.digits(4)?;
    let mark = scan.one_of(&['-', '/'])?;
    let month = scan.digits(2)?;
    scan.one_of(&[mark])?;
    Some((year, month, scan.digits(2)?))
}

/// `HH:MM:SS` with up to nine digits of a second behind a point. 24:00:00 is the end of the day.
fn time_of_day(scan: &mut Scan<'_>, findings: &mut Vec<Finding>) -> Option<i64> {
    let hour = scan.digits(2)?;
    scan.one_of(&[':'])?;
    let minute = scan.digits(2)?;
    scan.one_of(&[':'])?;
    let second = scan.digits(2)?;
    let mut total =
        i64::from(hour) * 3_600_000 + i64::from(minute) * 60_000 + i64::from(second) * 1_000;
    if scan.one_of(&['.']).is_some() {
        let end = scan.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(scan.0.len());
        let (fraction, rest) = scan.0.split_at_checked(end)?;
        if !(1..=9).contains(&fraction.len()) {
            return None;
        }
        let (kept, beyond) = fraction.split_at_checked(3).unwrap_or((fraction, ""));
        total += format!("{kept:0<3}").parse::<i64>().ok()?;
        if beyond.contains(|c| c != '0') {
            findings.push(Finding::PRECISION);
        }
        scan.0 = rest;
    }
    if minute > 59 || second > 59 || total > DAY_MS {
        findings.push(Finding::OUT_OF_RANGE);
        return None;
    }
    Some(total)
}

/// `Z`, `+08:00`, `+0800` or `+08`.
fn zone(scan: &mut Scan<'_>) -> Option<i16> {
    if scan.one_of(&['Z', 'z']).is_some() {
        return Some(0);
    }
    let sign = if scan.one_of(&['+', '-'])? == '-' { -1 } else { 1 };
    let hours = i16::try_from(scan.digits(2)?).ok()?;
    let colon = scan.one_of(&[':']).is_some();
    let minutes =
        if colon || !scan.0.is_empty() { i16::try_from(scan.digits(2)?).ok()? } else { 0 };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn read(text: &str) -> Result<Reading, Vec<Finding>> {
    let mut findings = Vec::new();
    if is_digits(text) {
        return compact(text);
    }
    let mut scan = Scan(text);
    let Some(ymd) = ymd(&mut scan) else { return Err(findings) };
    if scan.0.is_empty() {
        return Ok(Reading { ymd, time: None, zone: None, findings });
    }
    let spaces = scan.0.len() - scan.0.trim_start().len();
    scan.0 = scan.0.trim_start();
    if spaces == 0 && scan.one_of(&['T', 't']).is_none() {
        return Err(findings);
    }
    if spaces > 1 {
        findings.push(Finding::INNER_SPACES);
    }
    let Some(time) = time_of_day(&mut scan, &mut findings) else { return Err(findings) };
    if scan.0.starts_with(char::is_whitespace) {
        findings.push(Finding::INNER_SPACES);
        scan.0 = scan.0.trim_start();
    }
    let said = !scan.0.is_empty();
    let zone = if said { zone(&mut scan) } else { None };
    if said && (zone.is_none() || !scan.0.is_empty()) {
        return Err(findings);
    }
    Ok(Reading { ymd, time: Some(time), zone, findings })
}

/// `YYYYMMDD`, `YYYYMMDDHHMMSS`, or a bare day of one or two digits.
fn compact(text: &str) -> Result<Reading, Vec<Finding>> {
    let mut scan = Scan(text);
    let date = |scan: &mut Scan<'_>| Some((scan.digits(4)?, scan.digits(2)?, scan.digits(2)?));
    match (text.len(), date(&mut scan)) {
        (1 | 2, _) => Err(vec![Finding::DAY_ONLY]),
        (8, Some(ymd)) => Ok(Reading { ymd, time: None, zone: None, findings: Vec::new() }),
        (14, Some(ymd)) => {
            let (Some(h), Some(m), Some(s)) = (scan.digits(2), scan.digits(2), scan.digits(2))
            else {
                return Err(Vec::new());
            };
            let mut findings = Vec::new();
            let colons = format!("{h:02}:{m:02}:{s:02}");
            let time = time_of_day(&mut Scan(&colons), &mut findings);
            match time {
                Some(time) => Ok(Reading { ymd, time: Some(time), zone: None, findings }),
                None => Err(findings),
            }
        }
        _ => Err(Vec::new()),
    }
}

fn on_calendar((year, month, day): (u16, u16, u16)) -> Option<Date> {
    Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()
}

/// A point in time. Without a zone the profile's offset is assumed; a date without time of day is taken as
/// its first moment. Both are findings. Thirteen digits are milliseconds since 1970, as Java writes them.
pub(super) fn instant(mut clean: Clean, offset: i16) -> Outcome {
    if clean.text.len() == 13 && is_digits(&clean.text) {
        let at = clean.text.parse().ok().and_then(|ms| Instant::new(ms, offset).ok());
        return match at {
            Some(at) => Outcome::ok(Parsed::Instant(at), clean),
            None => Outcome::unparsed(Kind::Instant, clean, &[]),
        };
    }
    let reading = match read(&clean.text) {
        Ok(reading) => reading,
        Err(findings) => return Outcome::unparsed(Kind::Instant, clean, &findings),
    };
    for finding in &reading.findings {
        clean.find(*finding);
    }
    let Some(date) = on_calendar(reading.ymd) else {
        return Outcome::unparsed(Kind::Instant, clean, &[Finding::INVALID_DATE]);
    };
    if reading.time.is_none() {
        clean.find(Finding::DATE_ONLY);
    }
    if reading.zone.is_none() {
        clean.find(Finding::NO_ZONE);
    }
    let offset = reading.zone.unwrap_or(offset);
    match Instant::from_local(date, reading.time.unwrap_or(0), offset) {
        Ok(at) => Outcome::ok(Parsed::Instant(at), clean),
        Err(_) => Outcome::unparsed(Kind::Instant, clean, &[Finding::OUT_OF_RANGE]),
    }
}

/// A day. A time of day beside it that is not midnight is a finding, and stays in the original text.
pub(super) fn date(mut clean: Clean) -> Outcome {
    let reading = match read(&clean.text) {
        Ok(reading) => reading,
        Err(findings) => return Outcome::unparsed(Kind::Date, clean, &findings),
    };
    for finding in &reading.findings {
        clean.find(*finding);
    }
    if reading.time.is_some_and(|ms| ms != 0) {
        clean.find(Finding::PRECISION);
    }
    match on_calendar(reading.ymd) {
        Some(date) => Outcome::ok(Parsed::Date(date), clean),
        None => Outcome::unparsed(Kind::Date, clean, &[Finding::INVALID_DATE]),
    }
}
