//! Checking a ledger whole: what is damaged, and exactly where.

use std::hash::RandomState;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

use super::course::Course;
use super::examine::{Examined, Eye, Found, damaged};
use super::{Inner, Ledger};
use crate::error::{Error, ErrorCode, Result};
use crate::merkle;
use crate::store::Store;
use crate::vault::Vault;

/// The most threads that look at one time.
const THREADS: usize = 8;
/// More problems are not listed; such a file is not mended one by one.
const MOST: usize = 1000;

/// Something wrong that a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckProblem {
    /// Height of the block, where there is one.
    pub height: Option<u64>,
    /// Sequence number of the entry, where there is one.
    pub sequence: Option<u64>,
    /// What is wrong.
    pub error: Error,
}

/// The result of a full check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Blocks found right.
    pub blocks: u64,
    /// Entries checked, sealed or not.
    pub entries: u64,
    /// Values opened, when the vault key is there.
    pub values: u64,
    /// What is wrong, at most the first thousand; empty when nothing is.
    pub problems: Vec<CheckProblem>,
}

impl CheckReport {
    pub(super) fn note(&mut self, height: Option<u64>, sequence: Option<u64>, error: Error) {
        if !self.is_full() {
            self.problems.push(CheckProblem { height, sequence, error });
        }
    }

    /// Whether nothing more is listed.
    pub(super) fn is_full(&self) -> bool {
        self.problems.len() >= MOST
    }
}

impl Ledger {
    /// Checks everything: the store's own structures and every row, every block against the one before with all its entries and
    /// its signature, what leads to entries against the entries, and, with the vault key, that every value opens its
    /// commitment. `progress` gets done and total blocks.
    ///
    /// A store in a file is read by as many threads as there are processors, at most eight; other calls wait for the check of its
    /// structures alone, and in other stores until the next block. After a block that is damaged, the ones above are still checked against the
    /// history that they were signed over.
    ///
    /// # Errors
    /// Only when the store cannot be read at all; what is wrong stands in the report.
    pub fn check(&self, progress: impl FnMut(u64, u64)) -> Result<CheckReport> {
        let (check, readers) = {
            let inner = self.lock()?;
            let entries = inner.next_sequence()?;
            let state = inner.check_whole().and_then(|()| inner.check_state(entries));
            // Where the head is lost, the blocks may still be there.
            let blocks = inner.head.as_ref().map(|head| head.height() + 1);
            let blocks =
                blocks.map_or_else(|| inner.store.sizes().map(|sizes| sizes.blocks), Ok)?;
            (Check { eye: inner.eye(), blocks, entries, state }, readers(&*inner.store))
        };
        let mut course = Course::new(self, &check, progress);
        if readers.is_empty() {
            check.look_at_store(self).into_iter().try_for_each(|done| course.take(done))?;
            for height in 0..check.blocks {
                let inner = self.lock()?;
                let done = check.look(&*inner.store, height);
                drop(inner);
                course.take(done)?;
            }
        } else {
            check.look_with(self, readers, |done| course.take(done))?;
        }
        course.finish()
    }
}

/// Handles for threads to look with.
fn readers(store: &dyn Store) -> Vec<Box<dyn Store>> {
    let threads = thread::available_parallelism().map_or(1, |number| number.get().min(THREADS));
    (0..threads).map_while(|_| store.reader()).collect()
}

/// What a part of the work gave that can be done by itself.
pub(super) enum Done {
    Store(Vec<Error>),
    /// Sum over the rows of places.
    Places(Result<u64>),
    Block(u64, Box<Examined>),
}

/// What is checked.
pub(super) struct Check {
    pub(super) eye: Eye,
    pub(super) blocks: u64,
    pub(super) entries: u64,
    pub(super) state: Result<()>,
}

impl Check {
    fn look(&self, store: &dyn Store, height: u64) -> Done {
        Done::Block(height, Box::new(self.eye.block(store, height)))
    }

    /// What reads for long at a time has the ledger to itself: an erasure waits for it, and does not find its log held.
    fn look_at_store(&self, ledger: &Ledger) -> [Done; 2] {
        match ledger.lock() {
            Ok(inner) => {
                let places = self.eye.places(&*inner.store, self.entries);
                [Done::Store(inner.store.check()), Done::Places(places)]
            }
            Err(error) => [Done::Store(vec![error.clone()]), Done::Places(Err(error))],
        }
    }

    /// Looks on threads of their own, and gives what they found as it comes.
    fn look_with(
        &self,
        ledger: &Ledger,
        readers: Vec<Box<dyn Store>>,
        mut take: impl FnMut(Done) -> Result<()>,
    ) -> Result<()> {
        let next = AtomicU64::new(0);
        let (give, given) = mpsc::sync_channel(2 * readers.len());
        thread::scope(|scope| {
            let of_store = give.clone();
            spawn(scope, move || {
                for found in self.look_at_store(ledger) {
                    // Nobody waits for it any more when another part failed.
                    let _ = of_store.send(found);
                }
            })?;
            for reader in readers {
                let (give, next) = (give.clone(), &next);
                spawn(scope, move || {
                    loop {
                        let height = next.fetch_add(1, Ordering::Relaxed);
                        let work = height < self.blocks;
                        if !work || give.send(self.look(&*reader, height)).is_err() {
                            return;
                        }
                    }
                })?;
            }
            drop(give);
            given.into_iter().try_for_each(&mut take)
        })
    }
}

/// A thread, or the system's refusal of one as an error. What was given to it is dropped then.
fn spawn<'s>(scope: &'s thread::Scope<'s, '_>, work: impl FnOnce() + Send + 's) -> Result<()> {
    let started = thread::Builder::new().spawn_scoped(scope, work);
    started.map(drop).map_err(|error| Error::new(ErrorCode::Storage, format!("a thread: {error}")))
}

impl Inner {
    fn eye(&self) -> Eye {
        let vault = self.vault.as_ref().filter(|vault| !vault.is_by_host());
        Eye {
            hash: self.hash,
            id: self.id,
            replica: self.replica,
            vault: vault.map(Vault::for_opening),
            sums: RandomState::new(),
        }
    }

    /// Notes what is wrong with an entry; not so when its values were wrapped anew while it was looked at.
    pub(super) fn note(&self, sequence: u64, error: Error, report: &mut CheckReport) {
        let again = || {
            let (store, mut found) = (&*self.store, Found::default());
            let bytes = self.entry_at(sequence)?;
            self.eye().entry(store, sequence, &bytes, store.vault(sequence), false, &mut found)
        };
        if error.code() != ErrorCode::WrongVaultKey || again().is_err() {
            let height = self.store.height_of(sequence).unwrap_or_default();
            report.note(height, Some(sequence), error);
        }
    }

    /// Names the entries of a block that are not the leaves of its stored tree.
    pub(super) fn locate(&self, height: u64, report: &mut CheckReport) {
        let (Ok(Some(row)), Ok(Some(flat))) = (self.store.block(height), self.store.tree(height))
        else {
            return;
        };
        for at in 0..row.content {
            let sequence = row.first + at;
            let leaf = merkle::flat_node(&flat, at + u64::from(height > 0));
            let same = self
                .entry_at(sequence)
                .map(|bytes| Some(merkle::leaf_hash(self.hash, &bytes)) == leaf);
            match same {
                Ok(true) => {}
                Ok(false) => {
                    report.note(Some(height), Some(sequence), damaged("not what was sealed"));
                }
                // Said once more, with its reason, when entries are gone through.
                Err(_) => {}
            }
        }
    }

    /// Records that are held, and rows that no entry leads to.
    pub(super) fn check_rest(
        &self,
        entries: u64,
        found: &Found,
        report: &mut CheckReport,
    ) -> Result<()> {
        let mut held = 0;
        match self.held_places() {
            Ok(places) => {
                for place in places {
                    held += 1;
                    if self.store.place(&place.dossier, place.place)? != Some(place) {
                        report.note(
                            None,
                            None,
                            damaged("a held record's place is not kept for it"),
                        );
                    }
                }
            }
            Err(error) => report.note(None, None, error),
        }
        // Appended meanwhile: then the numbers say nothing.
        if self.next_sequence()? != entries || !report.problems.is_empty() {
            return Ok(());
        }
        let sizes = self.store.sizes()?;
        let rows = [
            (sizes.places, found.sizes.places + held, "places"),
            (sizes.about, found.sizes.about, "rows of what entries are about"),
            (sizes.vault, found.sizes.vault, "values"),
            (sizes.blocks, self.head.as_ref().map_or(0, |head| head.height() + 1), "blocks"),
            (sizes.business_ids, sizes.business_ids.min(found.records), "business ids"),
        ];
        for (rows, right, what) in rows {
            if rows != right {
                let text = format!("{rows} {what}, but entries lead to {right}");
                report.note(None, None, damaged(&text));
            }
        }
        Ok(())
    }
}
