//! Group commit: records that several threads append at one time share one durable step.
//!
//! Each caller puts its record into the queue and then waits for the ledger. Whoever gets it writes all records that wait, in
//! the order they came, and leaves an answer for each. Every caller has one record in the queue at most, so the queue is no longer than there are
//! threads: a slow disk holds up the callers and fills no memory.

use std::sync::{Arc, Mutex, MutexGuard};

use super::append::Batch;
use super::types::{Appended, NewRecord};
use super::{Inner, Ledger};
use crate::error::{Error, ErrorCode, Result};

/// A record that waits to be written, and what became of it.
pub(super) struct Waiting {
    record: NewRecord,
    answer: Mutex<Option<Result<Appended>>>,
}

impl Waiting {
    fn answer(&self, answer: Result<Appended>) -> Result<()> {
        *held(&self.answer)? = Some(answer);
        Ok(())
    }
}

/// Records in the order they came.
pub(super) type Queue = Mutex<Vec<Arc<Waiting>>>;

fn held<T>(mutex: &Mutex<T>) -> Result<MutexGuard<'_, T>> {
    mutex.lock().map_err(|_| Error::new(ErrorCode::Poisoned, "a call on this ledger panicked"))
}

impl Ledger {
    /// Appends a record. When this returns, the record is durable; it is sealed by the next block. Threads that append at
    /// one time share a sync of the disk.
    ///
    /// # Errors
    /// As [`Ledger::append_many`].
    pub fn append(&self, record: NewRecord) -> Result<Appended> {
        let mine = Arc::new(Waiting { record, answer: Mutex::new(None) });
        held(&self.queue)?.push(Arc::clone(&mine));
        let mut inner = match self.lock_for_writing() {
            Ok(inner) => inner,
            Err(error) => {
                held(&self.queue)?.retain(|waiting| !Arc::ptr_eq(waiting, &mine));
                return Err(error);
            }
        };
        if held(&mine.answer)?.is_none() {
            let group = core::mem::take(&mut *held(&self.queue)?);
            inner.append_group(&group)?;
        }
        held(&mine.answer)?
            .take()
            .unwrap_or_else(|| Err(Error::new(ErrorCode::Internal, "a record without an answer")))
    }
}

impl Inner {
    /// Leaves an answer for each of the group.
    pub(super) fn append_group(&mut self, mut group: &[Arc<Waiting>]) -> Result<()> {
        while !group.is_empty() {
            match self.append_together(group) {
                Ok(answered) => group = group.get(answered..).unwrap_or_default(),
                Err(error) => {
                    return group.iter().try_for_each(|waiting| waiting.answer(Err(error.clone())));
                }
            }
        }
        Ok(())
    }

    /// Writes as many as can be written in one step, and says how many have their answer. A refused record keeps no other from
    /// being written; when the write itself fails, all of them learn it.
    pub(super) fn append_together(&mut self, group: &[Arc<Waiting>]) -> Result<usize> {
        let mut batch = Batch::default();
        let mut added: Vec<(&Waiting, Appended)> = Vec::with_capacity(group.len());
        let mut answered = 0;
        self.draw_for(group.len())?;
        for waiting in group {
            // It gives what the first one gave, and that can only be read once it is written.
            if self.is_repeated(&waiting.record, &batch) {
                break;
            }
            answered += 1;
            match self.add(&waiting.record, &mut batch) {
                Ok(appended) => added.push((waiting, appended)),
                Err(error) => waiting.answer(Err(error))?,
            }
        }
        self.random.forget();
        let written = self.write(batch);
        for (waiting, appended) in added {
            waiting.answer(written.clone().map(|()| appended))?;
        }
        Ok(answered)
    }
}
