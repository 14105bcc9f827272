//! The calendar.

use super::*;

#[test]
fn every_day_of_eleven_centuries() {
    let (mut year, mut month, mut day) = (1500u16, 1u8, 1u8);
    let mut days = Date::new(1500, 1, 1).unwrap().days();
    while year < 2601 {
        let date = Date::new(year, month, day).unwrap();
        assert_eq!(date.days(), days);
        assert_eq!(Date::from_days(days).unwrap(), date);
        days += 1;
        if Date::new(year, month, day + 1).is_ok() {
            day += 1;
        } else if month < 12 {
            (month, day) = (month + 1, 1);
        } else {
            (year, month, day) = (year + 1, 1, 1);
        }
    }
}

#[test]
fn known_days() {
    for (text, days) in [
        ("1970-01-01", 0),
        ("1969-12-31", -1),
        ("2000-02-29", 11_016),
        ("2000-03-01", 11_017),
        ("0001-01-01", -719_162),
        ("9999-12-31", 2_932_896),
    ] {
        let date = Date::parse(text).unwrap();
        assert_eq!(date.days(), days);
        assert_eq!(date.to_string(), text);
        assert_eq!(Date::from_days(days).unwrap(), date);
    }
    for days in [-719_163, 2_932_897, i64::MIN, i64::MAX] {
        assert!(Date::from_days(days).is_err());
    }
}

#[test]
fn no_such_day() {
    for (y, m, d) in [
        (0, 1, 1),
        (10_000, 1, 1),
        (2023, 2, 29),
        (1900, 2, 29),
        (2023, 0, 1),
        (2023, 13, 1),
        (2023, 4, 31),
        (2023, 1, 0),
        (2023, 1, 32),
    ] {
        assert!(Date::new(y, m, d).is_err(), "{y}-{m}-{d}");
    }
    for text in [
        "",
        "2023-1-01",
        "2023-01-1",
        "23-01-01",
        "+023-01-01",
        "2023-01-01 ",
        "2023-01-01-",
        "２０２３-01-01",
        "2023‐01‐01",
    ] {
        assert!(Date::parse(text).is_err(), "{text}");
    }
}

#[test]
fn instants_show_their_local_time() {
    for (ms, offset, shown) in [
        (0, 0, "1970-01-01T00:00:00+00:00"),
        (-1, 0, "1969-12-31T23:59:59.999+00:00"),
        (-1, 480, "1970-01-01T07:59:59.999+08:00"),
        (1_772_328_600_250, -210, "2026-02-28T22:00:00.250-03:30"),
        (951_782_399_000, 0, "2000-02-28T23:59:59+00:00"),
    ] {
        let at = Instant::new(ms, offset).unwrap();
        assert_eq!(at.to_string(), shown);
        let back = read(FieldType::Instant, shown);
        assert_eq!(back.parsed(), Some(&Parsed::Instant(at)), "{shown}");
        assert!(back.findings().is_empty());
    }
    for (ms, offset) in [
        (0, 1_440),
        (0, -1_440),
        (i64::MAX, 0),
        (i64::MIN, 0),
        (253_402_300_799_999, 1),
        (-62_135_596_800_000, -1),
    ] {
        assert!(Instant::new(ms, offset).is_err());
    }
}
