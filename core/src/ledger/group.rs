//! Group commit: records that several threads append at one time share one durable step.
//!
//! Each caller puts its record into the queue. One of them writes all that wait, in the order they came, and leaves an answer
//! for each, while the next group gathers. Every caller has one record in the queue at most, so the queue is no longer than
//! there are threads: a slow disk holds up the callers and fills no memory.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

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
    fn answer(&self, answer: Result<Appended>) {
        *held(&self.answer) = Some(answer);
    }

    fn answered(&self) -> Option<Result<Appended>> {
        held(&self.answer).take()
    }
}

/// Records in the order they came, and whose turn it is to write.
#[derive(Default)]
pub(super) struct Queue {
    pub(super) state: Mutex<State>,
    pub(super) turn: Condvar,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) waiting: Vec<Arc<Waiting>>,
    pub(super) writing: bool,
}

/// Nothing that holds one of these locks can panic half way.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A caller's turn to write for the group. When it ends, even by a panic, everybody has an answer and the next one's turn comes.
struct Turn<'a> {
    queue: &'a Queue,
    group: Vec<Arc<Waiting>>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        for waiting in &self.group {
            held(&waiting.answer).get_or_insert_with(|| {
                Err(Error::new(ErrorCode::Poisoned, "a call on this ledger panicked"))
            });
        }
        held(&self.queue.state).writing = false;
        self.queue.turn.notify_all();
    }
}

impl Ledger {
    /// Appends a record. When this returns, the record is durable; it is sealed by the next block. Threads that append at
    /// one time share a sync of the disk.
    ///
    /// # Errors
    /// As [`Ledger::append_many`].
    pub fn append(&self, record: NewRecord) -> Result<Appended> {
        let mine = Arc::new(Waiting { record, answer: Mutex::new(None) });
        let mut state = held(&self.queue.state);
        state.waiting.push(Arc::clone(&mine));
        while state.writing {
            state = self.queue.turn.wait(state).unwrap_or_else(PoisonError::into_inner);
            if let Some(answer) = mine.answered() {
                return answer;
            }
        }
        state.writing = true;
        let turn = Turn { queue: &self.queue, group: core::mem::take(&mut state.waiting) };
        drop(state);
        match self.lock_for_writing() {
            Ok(mut inner) => inner.append_group(&turn.group),
            Err(error) => turn.group.iter().for_each(|waiting| waiting.answer(Err(error.clone()))),
        }
        drop(turn);
        mine.answered()
            .unwrap_or_else(|| Err(Error::new(ErrorCode::Internal, "a record without an answer")))
    }
}

impl Inner {
    /// Leaves an answer for each of the group.
    pub(super) fn append_group(&mut self, mut group: &[Arc<Waiting>]) {
        while !group.is_empty() {
            match self.append_together(group) {
                Ok(answered) => group = group.get(answered..).unwrap_or_default(),
                Err(error) => {
                    return group.iter().for_each(|waiting| waiting.answer(Err(error.clone())));
                }
            }
        }
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
                Err(error) => waiting.answer(Err(error)),
            }
        }
        self.random.forget();
        let written = self.write(batch);
        for (waiting, appended) in added {
            waiting.answer(written.clone().map(|()| appended));
        }
        Ok(answered)
    }
}
