//! Events: what happened to the ledger itself, sealed like everything else.

use crate::codec::{Item, Map, MapBuilder};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;
use crate::numbered::numbered;
use crate::time::{Tier, TimeClaim};

pub(super) const EVENT_KIND: u64 = 6;

numbered! {
    /// What happened.
    EventCode, "event code is 1 to 7":
    /// The ledger was opened and something about its environment was new.
    Opened = 1 "opened",
    /// The ledger was closed for good.
    Closed = 2 "closed",
    /// The clock jumped or the device was started again.
    Clock = 3 "clock",
    /// The ledger goes on after a restore.
    Restored = 4 "restored",
    /// A record held out for signature was dropped; this takes its place in the dossier.
    Refused = 5 "refused",
    /// Damage was found in the store.
    Damage = 6 "damage",
    /// The vault key was replaced, or an old one destroyed as the host says.
    Vault = 7 "vault",
}

numbered! {
    /// What became of a vault key.
    VaultStep, "vault step is 1 or 2":
    /// Every wrapped key is under another vault key now.
    Replaced = 1 "replaced",
    /// The host says that no copy of it is left.
    Destroyed = 2 "destroyed",
}

numbered! {
    /// Why a record was dropped.
    RefuseReason, "reason is 1 to 4":
    /// The signer said no.
    Declined = 1 "declined",
    /// No answer came.
    TimedOut = 2 "timed-out",
    /// The device or key was locked.
    Locked = 3 "locked",
    /// The bank withdrew it.
    Withdrawn = 4 "withdrawn",
}

impl RefuseReason {
    /// The reason that a signer's error stands for; `None` for errors after which asking again is the thing to do.
    pub fn of_signer(error: &Error) -> Option<Self> {
        match error.code() {
            ErrorCode::SignerDeclined => Some(RefuseReason::Declined),
            ErrorCode::SignerTimedOut => Some(RefuseReason::TimedOut),
            ErrorCode::SignerLocked => Some(RefuseReason::Locked),
            _ => None,
        }
    }
}

/// The facts of an event, by its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Facts {
    /// Environment at opening.
    Opened {
        /// Library name and version.
        library: String,
        /// Digest of the build, under SHA-256.
        build: Option<[u8; 32]>,
        /// Operating system.
        system: Option<String>,
        /// Device class, for example `server` or `phone`.
        device: Option<String>,
        /// Whether the cryptographic self-test passed.
        self_test_passed: Option<bool>,
        /// Tier of the clock in use.
        clock: Option<Tier>,
    },
    /// The successor, if there is one.
    Closed {
        /// H of the successor's first COSE_Key.
        successor_key: Option<[u8; 32]>,
        /// Its genesis nonce.
        successor_nonce: Option<[u8; 16]>,
    },
    /// A step of the wall clock against the monotonic one.
    Clock {
        /// Milliseconds, positive when the wall clock jumped forward.
        step_ms: i64,
        /// Boot id before.
        boot_before: Option<[u8; 16]>,
        /// Boot id after.
        boot_after: Option<[u8; 16]>,
    },
    /// What was restored.
    Restored {
        /// The ledger that was restored.
        ledger_id: Digest,
        /// Height of its last known block.
        height: u64,
        /// That block's hash.
        block_hash: Digest,
    },
    /// The place in the dossier that the dropped record would have taken.
    Refused {
        /// The dossier.
        dossier: [u8; 16],
        /// The place.
        place: u64,
        /// Digest of the dropped record: the next place cites it.
        record: Digest,
        /// Why.
        reason: Option<RefuseReason>,
        /// Digest of the record at the place before.
        predecessor: Option<Digest>,
    },
    /// A change of vault keys: what makes an erasure hold for old backups too.
    Vault {
        /// Id of the old vault key.
        key_id: [u8; 8],
        /// What became of it.
        step: VaultStep,
    },
    /// Where damage was found.
    Damage {
        /// Height of a block, or sequence number of an entry or value.
        at: u64,
        /// 1 block, 2 entry, 3 value.
        what: u64,
    },
}

/// An event with its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub time: TimeClaim,
    /// What.
    pub facts: Facts,
}

impl Event {
    /// The code of this event's facts.
    pub fn code(&self) -> EventCode {
        match self.facts {
            Facts::Opened { .. } => EventCode::Opened,
            Facts::Closed { .. } => EventCode::Closed,
            Facts::Clock { .. } => EventCode::Clock,
            Facts::Restored { .. } => EventCode::Restored,
            Facts::Refused { .. } => EventCode::Refused,
            Facts::Damage { .. } => EventCode::Damage,
            Facts::Vault { .. } => EventCode::Vault,
        }
    }

    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        let facts = self.facts.write();
        let map = MapBuilder::new()
            .put_uint(0, EVENT_KIND)
            .put_uint(1, self.code().number())
            .put(2, |w| self.time.write(w));
        if facts.is_empty() { map.finish() } else { map.put(3, |w| facts.write(w)).finish() }
    }

    /// Whether this is an event with a code that this version does not know: never PROVEN, but no reason to refuse it.
    pub(super) fn is_unknown(kind: u64, map: &Map<'_>) -> Result<bool> {
        if kind != EVENT_KIND {
            return Ok(false);
        }
        let known = EventCode::from_number(map.read(1, |code| code.count())?).is_ok();
        if !known {
            map.read(2, TimeClaim::read)?;
            map.read_opt(3, |facts| facts.map().map(|_| ()))?;
        }
        Ok(!known)
    }

    pub(super) fn read(map: &Map<'_>) -> Result<Self> {
        let code = map.read(1, |code| EventCode::from_number(code.uint()?))?;
        let time = map.read(2, TimeClaim::read)?;
        let empty = Item::parse(&[0xa0], 1)?;
        let facts = match map.get(3) {
            Some(facts) if facts.map()?.is_empty() => {
                return Err(Error::new(ErrorCode::OutOfRange, "empty facts are left out"));
            }
            Some(facts) => Facts::read(code, &facts.map()?),
            None => Facts::read(code, &empty.map()?),
        };
        Ok(Self { time, facts: facts.map_err(|error| error.within("facts"))? })
    }
}

impl Facts {
    fn write(&self) -> MapBuilder {
        let map = MapBuilder::new();
        match self {
            Facts::Opened { library, build, system, device, self_test_passed, clock } => map
                .put_text(1, library)
                .put_opt(2, build.as_ref(), |w, build| w.bstr(build))
                .put_opt(3, system.as_ref(), |w, system| w.text(system))
                .put_opt(4, device.as_ref(), |w, device| w.text(device))
                .put_opt(5, *self_test_passed, |w, passed| w.uint(if passed { 1 } else { 2 }))
                .put_opt(6, *clock, |w, tier| w.uint(tier as u64)),
            Facts::Closed { successor_key, successor_nonce } => map
                .put_opt(1, successor_key.as_ref(), |w, key| w.bstr(key))
                .put_opt(2, successor_nonce.as_ref(), |w, nonce| w.bstr(nonce)),
            Facts::Clock { step_ms, boot_before, boot_after } => map
                .put_int(1, *step_ms)
                .put_opt(2, boot_before.as_ref(), |w, id| w.bstr(id))
                .put_opt(3, boot_after.as_ref(), |w, id| w.bstr(id)),
            Facts::Restored { ledger_id, height, block_hash } => map
                .put(1, |w| ledger_id.write(w))
                .put_uint(2, *height)
                .put(3, |w| block_hash.write(w)),
            Facts::Refused { dossier, place, record, reason, predecessor } => map
                .put_bstr(1, dossier)
                .put_uint(2, *place)
                .put(3, |w| record.write(w))
                .put_opt(4, *reason, |w, reason| w.uint(reason.number()))
                .put_opt(5, predecessor.as_ref(), |w, digest| digest.write(w)),
            Facts::Damage { at, what } => map.put_uint(1, *at).put_uint(2, *what),
            Facts::Vault { key_id, step } => map.put_bstr(1, key_id).put_uint(2, step.number()),
        }
    }

    fn read(code: EventCode, map: &Map<'_>) -> Result<Self> {
        let last = match code {
            EventCode::Opened => 6,
            EventCode::Closed | EventCode::Damage | EventCode::Vault => 2,
            EventCode::Clock | EventCode::Restored => 3,
            EventCode::Refused => 5,
        };
        map.only([1, 2, 3, 4, 5, 6].get(..last).unwrap_or_default())?;
        Ok(match code {
            EventCode::Opened => Facts::Opened {
                library: map.read(1, |text| text.text())?.to_owned(),
                build: map.read_opt(2, |digest| digest.bstr32())?,
                system: map.read_opt(3, |text| Ok(text.text()?.to_owned()))?,
                device: map.read_opt(4, |text| Ok(text.text()?.to_owned()))?,
                self_test_passed: map.read_opt(5, |result| match result.uint()? {
                    1 => Ok(true),
                    2 => Ok(false),
                    _ => Err(Error::new(ErrorCode::OutOfRange, "self-test is 1 or 2")),
                })?,
                clock: map.read_opt(6, |tier| Tier::from_number(tier.uint()?))?,
            },
            EventCode::Closed => Facts::Closed {
                successor_key: map.read_opt(1, |key| key.bstr32())?,
                successor_nonce: map.read_opt(2, |nonce| nonce.bstr_n::<16>())?,
            },
            EventCode::Clock => Facts::Clock {
                step_ms: map.read(1, |step| step.int())?,
                boot_before: map.read_opt(2, |id| id.bstr_n::<16>())?,
                boot_after: map.read_opt(3, |id| id.bstr_n::<16>())?,
            },
            EventCode::Restored => {
                let ledger_id = map.read(1, Digest::read)?;
                let height = map.read(2, |height| height.count())?;
                let block_hash = map.read(3, Digest::read)?;
                Digest::same_hash(&[ledger_id, block_hash])?;
                Facts::Restored { ledger_id, height, block_hash }
            }
            EventCode::Refused => read_refused(map)?,
            EventCode::Vault => Facts::Vault {
                key_id: map.read(1, |id| id.bstr_n::<8>())?,
                step: map.read(2, |step| VaultStep::from_number(step.uint()?))?,
            },
            EventCode::Damage => Facts::Damage {
                at: map.read(1, |at| at.count())?,
                what: map.read(2, |what| match what.uint()? {
                    what @ 1..=3 => Ok(what),
                    _ => Err(Error::new(ErrorCode::OutOfRange, "damage is 1 to 3")),
                })?,
            },
        })
    }
}

fn read_refused(map: &Map<'_>) -> Result<Facts> {
    let place = map.read(2, |place| place.count())?;
    let predecessor = map.read_opt(5, Digest::read)?;
    if predecessor.is_some() != (place > 0) {
        return Err(Error::new(
            ErrorCode::OutOfRange,
            "every place but 0 names what took the place before",
        ));
    }
    Ok(Facts::Refused {
        dossier: map.read(1, |id| id.bstr_n::<16>())?,
        place,
        record: map.read(3, Digest::read)?,
        reason: map.read_opt(4, |reason| RefuseReason::from_number(reason.uint()?))?,
        predecessor,
    })
}
