//! What is due for erasure: the shortest times to keep that profiles name, counted from events that the host knows.

use super::Ledger;
use crate::entry::Entry;
use crate::error::{Error, ErrorCode, Result};
use crate::profile::{Profile, RetainFrom};
use crate::value::{DAY_MS, Date, Disclosure};

/// When the events happened that times of retention count from, milliseconds since 1970. What has not happened is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetentionStarts {
    /// End of the relationship with the customer.
    pub relationship_end: Option<i64>,
    /// End of the transaction.
    pub transaction_end: Option<i64>,
    /// Expiry of the certificate.
    pub certificate_expiry: Option<i64>,
}

/// Values of one record, by how long they must be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Sequence number of the record.
    pub sequence: u64,
    /// Names whose time to keep is over.
    pub over: Vec<String>,
    /// Names whose profile gives no time: keep them as short as their purpose allows (个人信息保护法 19).
    pub unbounded: Vec<String>,
    /// Whether a hold suspends their erasure.
    pub held: bool,
}

impl RetentionStarts {
    /// Whether a time of `years` after `from` is over at `now_ms`. An anniversary that the calendar lacks (29 February) is the
    /// day after.
    ///
    /// # Errors
    /// `OutOfRange` for times outside the years 1 to 9999.
    pub fn is_over(&self, from: RetainFrom, years: u8, now_ms: i64) -> Result<bool> {
        let start = match from {
            RetainFrom::RelationshipEnd => self.relationship_end,
            RetainFrom::TransactionEnd => self.transaction_end,
            RetainFrom::CertificateExpiry => self.certificate_expiry,
        };
        let Some(start) = start else { return Ok(false) };
        let day = Date::from_days(start.div_euclid(DAY_MS))?;
        let year = day.year() + u16::from(years);
        let anniversary =
            Date::new(year, day.month(), day.day()).or_else(|_| Date::new(year, 3, 1))?;
        let end = anniversary
            .days()
            .checked_mul(DAY_MS)
            .and_then(|ms| ms.checked_add(start.rem_euclid(DAY_MS)));
        Ok(end.is_some_and(|end| end <= now_ms))
    }
}

impl Ledger {
    /// Values of a dossier whose time to keep is over, and those without one; erased ones are left out. Nothing is erased by
    /// this call: see [`Ledger::erase`].
    ///
    /// # Errors
    /// `NotFound` for a dossier that is not here, `WrongVaultKey` without the vault key, `OutOfRange`, 6xx.
    pub fn due(
        &self,
        dossier: &[u8; 16],
        starts: &RetentionStarts,
        now_ms: i64,
    ) -> Result<Vec<Due>> {
        let inner = self.lock()?;
        let places = inner.store.places(dossier)?;
        if places.is_empty() {
            return Err(Error::new(ErrorCode::NotFound, "no record of this dossier is here"));
        }
        let mut due = Vec::new();
        for sequence in places.into_iter().filter_map(|place| place.sequence) {
            let bytes = inner.entry_at(sequence)?;
            let entry = Entry::parse(&bytes)?;
            let Some((record, record_bytes)) = entry.record() else { continue };
            let digest = record.digest(record_bytes);
            let kept = inner.kept(sequence, &digest)?;
            let profile = Profile::parse(&inner.profile_of(record)?)?;
            let (over, unbounded) = sort(&profile, &kept, starts, now_ms)?;
            if !over.is_empty() || !unbounded.is_empty() {
                due.push(Due { sequence, over, unbounded, held: inner.hold_state(&digest)?.held });
            }
        }
        Ok(due)
    }
}

/// Names whose time is over, and names without one. A masked form goes with its field.
fn sort(
    profile: &Profile,
    kept: &[Disclosure],
    starts: &RetentionStarts,
    now_ms: i64,
) -> Result<(Vec<String>, Vec<String>)> {
    let (mut over, mut unbounded) = (Vec::new(), Vec::new());
    for disclosure in kept {
        let name = disclosure.name.as_str();
        let base =
            name.strip_suffix(".masked").or_else(|| name.strip_suffix(".title")).unwrap_or(name);
        let field = profile.field(name).or_else(|| profile.field(base));
        match field.and_then(|field| field.retain) {
            Some(retain) if starts.is_over(retain.from, retain.years, now_ms)? => {
                over.push(name.to_owned())
            }
            Some(_) => {}
            None => unbounded.push(name.to_owned()),
        }
    }
    Ok((over, unbounded))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(year: u16, month: u8, day: u8) -> i64 {
        Date::new(year, month, day).unwrap().days() * DAY_MS
    }

    #[test]
    fn a_time_is_over_on_its_anniversary_and_not_before() {
        let starts = RetentionStarts {
            relationship_end: Some(ms(2026, 11, 25) + 5),
            ..RetentionStarts::default()
        };
        let over = |now| starts.is_over(RetainFrom::RelationshipEnd, 10, now).unwrap();
        assert!(!over(ms(2036, 11, 25) + 4));
        assert!(over(ms(2036, 11, 25) + 5));
        assert!(
            !starts.is_over(RetainFrom::TransactionEnd, 0, i64::MAX).unwrap(),
            "what has not happened is never over"
        );
    }

    #[test]
    fn a_leap_day_has_its_anniversary_a_day_later() {
        let starts = RetentionStarts {
            transaction_end: Some(ms(2028, 2, 29)),
            ..RetentionStarts::default()
        };
        assert!(!starts.is_over(RetainFrom::TransactionEnd, 1, ms(2029, 3, 1) - 1).unwrap());
        assert!(starts.is_over(RetainFrom::TransactionEnd, 1, ms(2029, 3, 1)).unwrap());
        assert!(starts.is_over(RetainFrom::TransactionEnd, 4, ms(2032, 2, 29)).unwrap());
    }

    #[test]
    fn times_outside_the_calendar_are_refused() {
        let starts =
            RetentionStarts { transaction_end: Some(i64::MAX), ..RetentionStarts::default() };
        assert_eq!(
            starts.is_over(RetainFrom::TransactionEnd, 1, 0).unwrap_err().code(),
            ErrorCode::OutOfRange
        );
        let starts =
            RetentionStarts { transaction_end: Some(ms(9999, 1, 1)), ..RetentionStarts::default() };
        assert_eq!(
            starts.is_over(RetainFrom::TransactionEnd, 1, 0).unwrap_err().code(),
            ErrorCode::OutOfRange
        );
    }
}
