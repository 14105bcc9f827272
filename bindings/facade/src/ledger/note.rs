//! What happens to the ledger itself, and words from outside.

use serde::Deserialize;
use yinzheng::anchor::{Outside, OutsideKind, PlatformReceipt, TargetKind};
use yinzheng::codec::{Item, limits};
use yinzheng::entry::{Event, Facts, ObservedHead};
use yinzheng::hash::Digest;
use yinzheng::ledger::Ledger;
use yinzheng::store::OutsideKey;
use yinzheng::{Error, ErrorCode, Result};

use crate::failure::Outcome;
use crate::handle::Handle;
use crate::keys::KeyWire;
use crate::time::{self, TimeWire};
use crate::words;
use crate::{guard, json};

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum NoteWire {
    Closed {
        successor: Option<KeyWire>,
        time: Option<TimeWire>,
    },
    Clock {
        step_ms: i64,
        boot_before: Option<String>,
        boot_after: Option<String>,
        time: Option<TimeWire>,
    },
    Restored {
        ledger_id: String,
        height: u64,
        block_hash: String,
        time: Option<TimeWire>,
    },
    Damage {
        at: u64,
        what: String,
        time: Option<TimeWire>,
    },
    ObservedHead {
        ledger_id: String,
        height: u64,
        block_hash: String,
        sealed_digest: String,
        time: Option<TimeWire>,
    },
}

impl NoteWire {
    fn append_to(self, ledger: &Ledger) -> Result<u64> {
        let id = |what, text: &Option<String>| {
            text.as_deref().map(|text| words::hex_n(what, text)).transpose()
        };
        let (facts, time) = match self {
            NoteWire::Closed { successor, time } => {
                let successor = successor.map(|key| key.read()).transpose()?;
                return ledger.close(time::time(time)?, successor.as_ref());
            }
            NoteWire::Clock { step_ms, boot_before, boot_after, time } => {
                let boot_before = id("boot_before", &boot_before)?;
                let boot_after = id("boot_after", &boot_after)?;
                (Facts::Clock { step_ms, boot_before, boot_after }, time)
            }
            NoteWire::Restored { ledger_id, height, block_hash, time } => {
                let ledger_id = words::digest("ledger_id", &ledger_id)?;
                let block_hash = words::digest("block_hash", &block_hash)?;
                (Facts::Restored { ledger_id, height, block_hash }, time)
            }
            NoteWire::Damage { at, what, time } => {
                let kinds = [(1, "block"), (2, "entry"), (3, "value")];
                let (what, _) = words::named("what", &kinds, |(_, name)| name, &what)?;
                (Facts::Damage { at, what }, time)
            }
            NoteWire::ObservedHead { ledger_id, height, block_hash, sealed_digest, time } => {
                let entry = ObservedHead {
                    ledger_id: words::digest("ledger_id", &ledger_id)?,
                    height,
                    block_hash: words::digest("block_hash", &block_hash)?,
                    sealed_digest: words::digest("sealed_digest", &sealed_digest)?,
                    time: time::time(time)?,
                };
                return ledger.append_entry(&entry.encode());
            }
        };
        ledger.append_entry(&Event { time: time::time(time)?, facts }.encode())
    }
}

/// Appends what happened to the ledger itself, and gives its sequence number. `kind` is one of `closed`
/// (?`successor`, the first key of the ledger that goes on from this one; nothing is appended afterwards), `clock` (`step_ms`, ?`boot_before`, ?`boot_after`), `restored`
/// (`ledger_id`, `height`, `block_hash`), `damage` (`at`, `what`: block, entry or value), and `observed-head` (`ledger_id`, `height`,
/// `block_hash`, `sealed_digest` of another ledger); each with ?`time`.
///
/// # Errors
/// `InvalidArgument`, `LedgerClosed`, 6xx.
pub fn ledger_note(ledger: Handle, request: &[u8]) -> Outcome<u64> {
    guard::with("ledger_note", ledger, |ledger: &Ledger| {
        json::object::<NoteWire>("request", request)?.append_to(ledger)
    })
}

/// Compares both clocks with what was captured last, and appends a clock event where the wall clock was set by two seconds or more,
/// or the machine was started again: when the host hears that the clock was set, or wakes up. `now` is a JSON time claim with
/// `monotonic_ms` and `boot_id`; without them there is nothing to compare. Gives the event's sequence number, 0 for none.
///
/// # Errors
/// `InvalidMessage`, `OutOfRange`, `LedgerClosed`, 6xx.
pub fn ledger_note_clock(ledger: Handle, now: &[u8]) -> Outcome<u64> {
    guard::with("ledger_note_clock", ledger, |ledger: &Ledger| {
        Ok(ledger.note_clock(&time::read(now)?)?.unwrap_or(0))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachWire {
    height: Option<u64>,
    sequence: Option<u64>,
    kind: String,
    bytes: Option<String>,
    receipt: Option<ReceiptWire>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReceiptWire {
    platform: String,
    id: String,
    transaction: Option<String>,
    height: Option<u64>,
    block_hash: Option<String>,
    time_ms: Option<i64>,
    court_transaction: Option<String>,
    raw: String,
}

/// Keeps a word from outside beside a block (`height`) or an entry (`sequence`), so that proofs carry it: `{"height"|"sequence",
/// "kind":"countersignature|timestamp-token|platform-receipt", "bytes":hex}`; a platform's receipt may be given as
/// `"receipt":{"platform","id", ?"transaction", ?"height", ?"block_hash", ?"time_ms", ?"court_transaction", "raw":hex}` instead.
///
/// # Errors
/// `NotFound`, `InvalidArgument`, `UnknownName`, 3xx for a word in another form, 6xx.
pub fn ledger_attach(ledger: Handle, request: &[u8]) -> Outcome<()> {
    guard::with("ledger_attach", ledger, |ledger: &Ledger| {
        let wire: AttachWire = json::object("request", request)?;
        let kind = words::named("kind", OutsideKind::ALL, OutsideKind::name, &wire.kind)?;
        let bytes = match (&wire.bytes, wire.receipt) {
            (Some(bytes), None) => words::hex_bytes("bytes", bytes)?,
            (None, Some(receipt)) if kind == OutsideKind::PlatformReceipt => receipt.encode()?,
            _ => {
                let what = "either bytes, or receipt with kind platform-receipt";
                return Err(Error::new(ErrorCode::InvalidArgument, what));
            }
        };
        let (key, target, digest) = match (wire.height, wire.sequence) {
            (Some(height), None) => {
                let (block, _) = ledger.block(height)?;
                (OutsideKey::Block(height), TargetKind::Block, block.sealed_digest())
            }
            (None, Some(sequence)) => {
                let digest = ledger.hash().digest(&ledger.entry(sequence)?);
                (OutsideKey::Entry(sequence), TargetKind::Entry, digest)
            }
            _ => {
                return Err(Error::new(ErrorCode::InvalidArgument, "either height or sequence"));
            }
        };
        let digest = Digest { alg: ledger.hash(), bytes: digest };
        let outside = Outside { kind, bytes, target, digest };
        // What is kept must be what every reader of the proof takes.
        let mut w = yinzheng::codec::Writer::new();
        outside.write(&mut w);
        let encoded = w.finish();
        Outside::read(Item::parse(&encoded, 2 * limits::ENTRY_BYTES)?)?;
        ledger.attach(key, &outside)
    })
}

impl ReceiptWire {
    fn encode(self) -> Result<Vec<u8>> {
        let receipt = PlatformReceipt {
            platform: self.platform,
            id: self.id,
            transaction: self.transaction,
            height: self.height,
            block_hash: self.block_hash,
            time_ms: self.time_ms,
            court_transaction: self.court_transaction,
            raw: words::hex_bytes("raw", &self.raw)?,
        };
        let bytes = receipt.encode();
        PlatformReceipt::parse(&bytes)?;
        Ok(bytes)
    }
}
