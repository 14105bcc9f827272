//! Time claims: when something happened, when it was captured, and whose clock said so (format §4).
//!
//! A time claim is what its author says. Only a timestamp token, a cited nonce or block, or a
//! countersignature turns it into more; the verdicts keep the two apart.

use crate::codec::{Item, MapBuilder, Writer, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;

const OFFSET_LIMIT: i16 = 1439;
const ORIGINAL_BYTES: usize = 64;

/// A point in time as captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
    pub unix_ms: i64,
    /// Offset of the local time from UTC in minutes, −1439 … 1439 (`+08:00` is 480).
    pub offset_minutes: i16,
    /// The text it was read from, exactly as captured (1–64 bytes).
    pub original: Option<String>,
}

impl Moment {
    /// A moment without an original text.
    pub fn new(unix_ms: i64, offset_minutes: i16) -> Self {
        Self { unix_ms, offset_minutes, original: None }
    }

    /// Writes `[ms, offset, ?original]`.
    pub fn write<'w>(&self, w: &'w mut Writer) -> &'w mut Writer {
        w.array(2 + usize::from(self.original.is_some()))
            .int(self.unix_ms)
            .int(i64::from(self.offset_minutes));
        if let Some(text) = &self.original {
            w.text(text);
        }
        w
    }

    /// Reads `[ms, offset, ?original]`.
    ///
    /// # Errors
    /// `WrongType`, or `OutOfRange` for an offset beyond ±1439 minutes or an original text of other than 1–64 bytes.
    pub fn read(item: Item<'_>) -> Result<Self> {
        let parts = item.array()?;
        let (ms, offset, original) = match parts.as_slice() {
            [ms, offset] => (ms, offset, None),
            [ms, offset, text] => (ms, offset, Some(text.text()?.to_owned())),
            _ => {
                return Err(Error::new(
                    ErrorCode::WrongType,
                    "a moment is [ms, offset, ?original]",
                ));
            }
        };
        let offset_minutes = i16::try_from(offset.int()?).unwrap_or(i16::MAX);
        let moment = Self { unix_ms: ms.int()?, offset_minutes, original };
        moment.check()?;
        Ok(moment)
    }

    fn check(&self) -> Result<()> {
        if !(-OFFSET_LIMIT..=OFFSET_LIMIT).contains(&self.offset_minutes) {
            return Err(Error::new(ErrorCode::OutOfRange, "offset from UTC beyond 1439 minutes"));
        }
        if self.original.as_ref().is_some_and(|text| !(1..=ORIGINAL_BYTES).contains(&text.len())) {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                "a moment's original text has 1 to 64 bytes",
            ));
        }
        Ok(())
    }
}

/// Whose clock made the claim, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Stated by somebody, no clock named.
    Declared = 0,
    /// The device's own clock, which its owner can set.
    Device = 1,
    /// A satellite fix.
    Gnss = 2,
    /// A clock synchronised by NTP; the age stands beside it.
    Ntp = 3,
    /// A time signed by a server.
    Server = 4,
    /// The time of a block of another chain.
    Chain = 5,
    /// An RFC 3161 timestamp authority.
    Tsa = 6,
}

impl Tier {
    /// All tiers, weakest first.
    pub const ALL: [Tier; 7] =
        [Tier::Declared, Tier::Device, Tier::Gnss, Tier::Ntp, Tier::Server, Tier::Chain, Tier::Tsa];

    /// The tier of a number.
    ///
    /// # Errors
    /// `OutOfRange` above 6.
    pub fn from_number(number: u64) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|tier| *tier as u64 == number)
            .ok_or_else(|| Error::new(ErrorCode::OutOfRange, "clock tier is 0 to 6"))
    }

    /// The word used in files and output.
    pub fn name(self) -> &'static str {
        match self {
            Tier::Declared => "declared",
            Tier::Device => "device",
            Tier::Gnss => "gnss",
            Tier::Ntp => "ntp",
            Tier::Server => "server",
            Tier::Chain => "chain",
            Tier::Tsa => "tsa",
        }
    }
}

/// What a not-before reference points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotBeforeKind {
    /// A nonce signed by somebody else.
    SignedNonce = 1,
    /// A block: its sealed digest.
    Block = 2,
    /// A timestamp token.
    Token = 3,
}

/// Something that existed before: the claim cannot be older than it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotBefore {
    /// What the digest is of.
    pub kind: NotBeforeKind,
    /// Digest of the thing, which must travel with the proof to count.
    pub digest: Digest,
}

/// When something happened and was captured, by whose clock (format §4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeClaim {
    /// When it happened, if it was before the capture.
    pub occurred: Option<Moment>,
    /// When it was captured, by the clock of `tier`.
    pub captured: Moment,
    /// Whose clock.
    pub tier: Tier,
    /// Milliseconds since the clock was last synchronised.
    pub sync_age_ms: Option<u64>,
    /// Uncertainty in milliseconds, to either side.
    pub uncertainty_ms: Option<u64>,
    /// Reading of the monotonic clock in milliseconds.
    pub monotonic_ms: Option<u64>,
    /// Boot id: monotonic readings compare only under one boot id.
    pub boot_id: Option<[u8; 16]>,
    /// Something that existed before.
    pub not_before: Option<NotBefore>,
}

impl TimeClaim {
    /// A claim with nothing but the capture time.
    pub fn new(captured: Moment, tier: Tier) -> Self {
        Self {
            occurred: None,
            captured,
            tier,
            sync_age_ms: None,
            uncertainty_ms: None,
            monotonic_ms: None,
            boot_id: None,
            not_before: None,
        }
    }

    /// A declared capture time in UTC, the least a claim can say.
    pub fn declared(unix_ms: i64) -> Self {
        Self::new(Moment::new(unix_ms, 0), Tier::Declared)
    }

    /// When it happened: `occurred` if stated, else the capture time.
    pub fn when(&self) -> &Moment {
        self.occurred.as_ref().unwrap_or(&self.captured)
    }

    /// Checks that the claim keeps to the format's limits, so that what is sealed can be read again.
    ///
    /// # Errors
    /// `OutOfRange`.
    pub fn check(&self) -> Result<()> {
        let numbers = [self.sync_age_ms, self.uncertainty_ms, self.monotonic_ms];
        if numbers.into_iter().flatten().any(|number| number > limits::COUNT) {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                "numbers of a time claim stay below 2^53",
            ));
        }
        self.occurred.iter().chain([&self.captured]).try_for_each(Moment::check)
    }

    /// Writes the claim's map.
    pub fn write<'w>(&self, w: &'w mut Writer) -> &'w mut Writer {
        let mut map = MapBuilder::new();
        if let Some(moment) = &self.occurred {
            map = map.put(0, |w| moment.write(w));
        }
        map = map.put(1, |w| self.captured.write(w)).put_uint(2, self.tier as u64);
        for (key, value) in
            [(3, self.sync_age_ms), (4, self.uncertainty_ms), (5, self.monotonic_ms)]
        {
            if let Some(value) = value {
                map = map.put_uint(key, value);
            }
        }
        if let Some(id) = &self.boot_id {
            map = map.put_bstr(6, id);
        }
        if let Some(before) = &self.not_before {
            map = map.put(7, |w| before.digest.write(w.array(2).uint(before.kind as u64)));
        }
        map.write(w)
    }

    /// Reads the claim's map.
    ///
    /// # Errors
    /// Any 3xx: a missing or unknown key, a value of another type or out of its range.
    pub fn read(item: Item<'_>) -> Result<Self> {
        let map = item.map()?;
        map.only(&[0, 1, 2, 3, 4, 5, 6, 7])?;
        Ok(Self {
            occurred: map.read_opt(0, Moment::read)?,
            captured: map.read(1, Moment::read)?,
            tier: map.read(2, |tier| Tier::from_number(tier.uint()?))?,
            sync_age_ms: map.read_opt(3, |age| age.count())?,
            uncertainty_ms: map.read_opt(4, |uncertainty| uncertainty.count())?,
            monotonic_ms: map.read_opt(5, |reading| reading.count())?,
            boot_id: map.read_opt(6, |id| id.bstr_n::<16>())?,
            not_before: map.read_opt(7, read_not_before)?,
        })
    }
}

fn read_not_before(item: Item<'_>) -> Result<NotBefore> {
    let [kind, digest] = item.array_n::<2>()?;
    let kind = match kind.uint()? {
        1 => NotBeforeKind::SignedNonce,
        2 => NotBeforeKind::Block,
        3 => NotBeforeKind::Token,
        _ => return Err(Error::new(ErrorCode::OutOfRange, "not-before kind is 1 to 3")),
    };
    Ok(NotBefore { kind, digest: Digest::read(digest)? })
}

#[cfg(test)]
mod tests;
