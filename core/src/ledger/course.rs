//! A check in its course: blocks in their order, what ties them together, and what is left when all were seen.

use std::collections::{BTreeMap, HashSet};
use std::mem;
use std::ops::Range;

use super::Ledger;
use super::check::{Check, CheckReport, Done};
use super::examine::{Examined, Found, damaged};
use crate::block::Head;
use crate::entry::Entry;
use crate::error::{Error, ErrorCode, Result};
use crate::merkle::Frontier;
use crate::store::PlaceRow;

/// Entries that are read at once.
const CHUNK: u64 = 1024;

/// How far a check has come.
pub(super) struct Course<'a, P> {
    ledger: &'a Ledger,
    check: &'a Check,
    progress: P,
    /// State after the block before; `None` at the beginning, and after a block that is damaged.
    before: Option<Head>,
    /// History of all blocks before; `None` after one that cannot be read at all.
    history: Option<Frontier>,
    /// The next block in order, and those that came early.
    height: u64,
    early: BTreeMap<u64, Box<Examined>>,
    found: Found,
    /// Entries that were looked at end here, but for those in `left`.
    end: u64,
    left: Vec<Range<u64>>,
    places: Result<u64>,
    of_store: Vec<Error>,
    report: CheckReport,
}

impl<'a, P: FnMut(u64, u64)> Course<'a, P> {
    pub(super) fn new(ledger: &'a Ledger, check: &'a Check, progress: P) -> Self {
        Self {
            ledger,
            check,
            progress,
            before: None,
            history: Some(Frontier::new(ledger.hash())),
            height: 0,
            early: BTreeMap::new(),
            found: Found::default(),
            end: 0,
            left: Vec::new(),
            places: Ok(0),
            of_store: Vec::new(),
            report: CheckReport::default(),
        }
    }

    pub(super) fn take(&mut self, done: Done) -> Result<()> {
        match done {
            Done::Store(errors) => self.of_store = errors,
            Done::Places(sum) => self.places = sum,
            Done::Block(height, examined) => {
                self.early.insert(height, examined);
            }
        }
        while let Some(examined) = self.early.remove(&self.height) {
            self.follow(*examined)?;
            self.height += 1;
            (self.progress)(self.height, self.check.blocks);
        }
        Ok(())
    }

    /// Takes the next block.
    fn follow(&mut self, mut examined: Examined) -> Result<()> {
        if let (Ok(stored), Some(found)) = (&examined.stored, examined.found.take())
            && stored.row.first >= self.end
        {
            self.left.push(self.end..stored.row.first);
            self.end = stored.row.first.saturating_add(stored.row.content);
            self.found.join(found);
        }
        let height = self.height;
        match self.check_block(examined) {
            Ok(()) => self.report.blocks += 1,
            Err(error) => {
                self.report.note(Some(height), None, error);
                self.ledger.lock()?.locate(height, &mut self.report);
            }
        }
        Ok(())
    }

    fn check_block(&mut self, examined: Examined) -> Result<()> {
        let before = self.before.take();
        let history = self.history.take();
        let stored = examined.stored?;
        let mut with_this = history.clone();
        if let Some(history) = &mut with_this {
            history.push(stored.row.history_leaf);
        }
        self.history = with_this;
        let leaves = examined.leaves?;
        if leaves.tree().root() != stored.root {
            return Err(damaged("entries do not lead to the root that was signed"));
        }
        let header = stored.block.header();
        if header.entry_count != leaves.tree().size() {
            return Err(damaged("the block names another number of entries"));
        }
        if before.is_some() || self.height == 0 {
            let sealed = Head::check_leaves(before.as_ref(), &stored.block, &leaves)?;
            self.before = Some(sealed.head);
        } else {
            // The state before is lost with a damaged block; signature, link and history still tie this one to the rest.
            let inner = self.ledger.lock()?;
            let keys = inner.head.as_ref().map_or(&inner.keys, Head::keys);
            stored.block.verify(&stored.root, &keys.at(self.height).key)?;
            if history.is_some_and(|history| history.root() != header.history_root) {
                return Err(Error::new(ErrorCode::ChainBroken, "history root"));
            }
        }
        examined.beside
    }

    pub(super) fn finish(mut self) -> Result<CheckReport> {
        let of_blocks = mem::take(&mut self.report.problems);
        for error in mem::take(&mut self.of_store) {
            self.report.note(None, None, error);
        }
        if let Err(error) = &self.check.state {
            self.report.note(None, None, error.clone());
        }
        for problem in of_blocks {
            self.report.note(problem.height, problem.sequence, problem.error);
        }
        self.check_head()?;
        let entries = self.check.entries;
        let mut left = mem::take(&mut self.left);
        left.push(self.end..entries);
        for range in left {
            self.look_at(range)?;
        }
        let mut problems = mem::take(&mut self.found.problems);
        problems.sort_by_key(|(sequence, _)| *sequence);
        for (sequence, error) in problems {
            if self.report.is_full() {
                break;
            }
            self.ledger.lock()?.note(sequence, error, &mut self.report);
        }
        let places = mem::replace(&mut self.places, Ok(0));
        match places {
            Ok(sum) if sum == self.found.places => {}
            Ok(_) => {
                let noted = self.report.problems.len();
                self.locate_places()?;
                if self.report.problems.len() == noted {
                    self.report.note(None, None, damaged("a place leads to no entry"));
                }
            }
            Err(error) => {
                let is_damaged = error.code() == ErrorCode::Damaged;
                self.report.note(None, None, error);
                if is_damaged {
                    self.locate_places()?;
                }
            }
        }
        self.report.entries = entries;
        self.report.values = self.found.values;
        self.ledger.lock()?.check_rest(entries, &self.found, &mut self.report)?;
        Ok(self.report)
    }

    fn check_head(&mut self) -> Result<()> {
        let inner = self.ledger.lock()?;
        if let (Some(last), Some(head)) = (&self.before, &inner.head)
            && last.height() == head.height()
            && last.encode() != head.encode()
        {
            let error = damaged("the stored head is not that of the blocks");
            self.report.note(Some(head.height()), None, error);
        }
        Ok(())
    }

    /// Looks at entries that are in no block, or in none that can be read.
    fn look_at(&mut self, range: Range<u64>) -> Result<()> {
        let mut next = range.start;
        while next < range.end {
            let inner = self.ledger.lock()?;
            let (store, eye) = (&*inner.store, &self.check.eye);
            let end = range.end.min(next + CHUNK);
            let words = store.entries_with_words(next, end - next).unwrap_or_else(|error| {
                self.report.note(None, None, error);
                HashSet::new()
            });
            match store.entries(next, end - next) {
                Ok(list) if list.len() as u64 == end - next => {
                    let list: Vec<&[u8]> = list.iter().map(Vec::as_slice).collect();
                    eye.entries(store, next, &list, &words, &mut self.found);
                }
                // One by one, so that only what is damaged is said to be.
                _ => {
                    for sequence in next..end {
                        match inner.entry_at(sequence) {
                            Ok(bytes) => {
                                eye.entries(store, sequence, &[&bytes], &words, &mut self.found);
                            }
                            Err(error) => self.report.note(None, Some(sequence), error),
                        }
                    }
                }
            }
            next = end;
        }
        Ok(())
    }

    /// Names the entries to which no place leads, once it is known that there are some.
    fn locate_places(&mut self) -> Result<()> {
        for sequence in 0..self.check.entries {
            let inner = self.ledger.lock()?;
            let Ok(bytes) = inner.entry_at(sequence) else { continue };
            let Some(place) = Entry::parse(&bytes).ok().and_then(|entry| entry.place()) else {
                continue;
            };
            let expected = PlaceRow {
                dossier: place.dossier,
                place: place.place,
                sequence: Some(sequence),
                digest: place.digest,
            };
            let error = match inner.store.place(&place.dossier, place.place) {
                Ok(found) if found == Some(expected) => continue,
                Ok(_) => damaged("its place in the dossier does not lead to it"),
                Err(error) => error,
            };
            inner.note(sequence, error, &mut self.report);
        }
        Ok(())
    }
}
