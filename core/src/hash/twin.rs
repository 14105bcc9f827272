//! Both digests of an attachment, in one pass.

use std::io::{ErrorKind, Read};

use sha2::Digest as _;

use crate::{Error, ErrorCode, Result};

/// Size, SHA-256 and SM3 of the same bytes. Attachments always carry both digests, so that the break of one
/// hash leaves the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TwinDigest {
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// SM3 of the bytes.
    pub sm3: [u8; 32],
}

const CHUNK: usize = 64 * 1024;

impl TwinDigest {
    /// Both digests of bytes in memory.
    pub fn of(bytes: &[u8]) -> Self {
        let mut state = State::default();
        bytes.chunks(CHUNK).for_each(|chunk| state.take(chunk));
        state.finish()
    }

    /// Both digests of everything `source` gives, read once. A read error is [`ErrorCode::Storage`].
    pub fn of_reader(source: impl Read) -> Result<Self> {
        Self::of_reader_with(source, |_| {})
    }

    /// As [`TwinDigest::of_reader`]; `progress` hears after every chunk how many bytes were read so far.
    pub fn of_reader_with(mut source: impl Read, mut progress: impl FnMut(u64)) -> Result<Self> {
        let mut buffer = vec![0u8; CHUNK];
        let mut state = State::default();
        loop {
            match source.read(&mut buffer) {
                Ok(0) => return Ok(state.finish()),
                Ok(n) => {
                    state.take(buffer.get(..n).unwrap_or_default());
                    progress(state.size);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    return Err(Error::new(
                        ErrorCode::Storage,
                        format!("reading: {}", error.kind()),
                    ));
                }
            }
        }
    }
}

#[derive(Default)]
struct State {
    size: u64,
    sha256: sha2::Sha256,
    sm3: sm3::Sm3,
}

impl State {
    fn take(&mut self, chunk: &[u8]) {
        self.size += chunk.len() as u64;
        self.sha256.update(chunk);
        self.sm3.update(chunk);
    }

    fn finish(self) -> TwinDigest {
        TwinDigest {
            size: self.size,
            sha256: self.sha256.finalize().into(),
            sm3: self.sm3.finalize().into(),
        }
    }
}
