//! Record keys that the host wraps itself, in an HSM or a certified module, in two phases and without callbacks: keys are drawn,
//! the host wraps them and hands the wrapped form back, and appending uses up what is ready.

use std::collections::{HashMap, VecDeque};

use zeroize::Zeroizing;

use crate::error::{Error, ErrorCode, Result};
use crate::random::Random;

/// The most keys waiting, drawn or ready.
const WAITING: usize = 100_000;

/// A record key to be wrapped by the host.
pub struct RecordKey {
    /// Under this number the wrapped form is handed in.
    pub id: u64,
    /// The plain key.
    pub key: Zeroizing<Vec<u8>>,
}

impl core::fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "RecordKey({}, redacted)", self.id)
    }
}

/// Keys on their way to the host and back. Nothing of it is stored: what is lost with the process was never used.
#[derive(Default)]
pub(super) struct Pool {
    drawn: HashMap<u64, Zeroizing<Vec<u8>>>,
    ready: VecDeque<(Zeroizing<Vec<u8>>, Vec<u8>)>,
    next: u64,
}

impl Pool {
    pub(super) fn draw(
        &mut self,
        count: usize,
        len: usize,
        random: &mut Random,
    ) -> Result<Vec<RecordKey>> {
        if count > WAITING.saturating_sub(self.drawn.len() + self.ready.len()) {
            return Err(Error::new(
                ErrorCode::LimitExceeded,
                "at most 100,000 record keys wait at once",
            ));
        }
        let mut keys = Vec::with_capacity(count);
        for _ in 0..count {
            let mut key = Zeroizing::new(vec![0; len]);
            random.fill(&mut key)?;
            self.drawn.insert(self.next, key.clone());
            keys.push(RecordKey { id: self.next, key });
            self.next += 1;
        }
        Ok(keys)
    }

    pub(super) fn supply(&mut self, id: u64, wrapped: &[u8]) -> Result<()> {
        if wrapped.is_empty() || wrapped.len() > 4096 {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "a wrapped key has 1 to 4,096 bytes",
            ));
        }
        let key = self.drawn.remove(&id).ok_or_else(|| {
            Error::new(ErrorCode::NotFound, "no record key waits under this number")
        })?;
        self.ready.push_back((key, wrapped.to_vec()));
        Ok(())
    }

    pub(super) fn take(&mut self) -> Result<(Zeroizing<Vec<u8>>, Vec<u8>)> {
        self.ready.pop_front().ok_or_else(|| {
            Error::new(
                ErrorCode::WrongVaultKey,
                "no wrapped record key is ready: draw keys, wrap them and supply them",
            )
        })
    }

    pub(super) fn ready(&self) -> usize {
        self.ready.len()
    }
}
