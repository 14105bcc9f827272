//! Randomness: from the operating system, and from nowhere else outside tests and published vectors.

use crate::error::{Error, ErrorCode, Result};
use crate::hash::HashAlg;

/// A source of random bytes: the operating system's.
pub struct Random(Source);

enum Source {
    System,
    /// Bytes anybody can compute, for tests and vectors: SHA-256 of a label and a counter.
    Fixed {
        label: String,
        counter: u64,
    },
}

impl Random {
    /// The operating system's source.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A source that everybody can predict. For tests and vectors only: salts, nonces and keys made with it protect nothing.
    #[doc(hidden)]
    pub fn fixed_for_tests(label: &str) -> Self {
        Self(Source::Fixed { label: label.to_owned(), counter: 0 })
    }

    /// Fills `out`.
    ///
    /// # Errors
    /// `RandomUnavailable` when the operating system gives none.
    pub fn fill(&mut self, out: &mut [u8]) -> Result<()> {
        match &mut self.0 {
            Source::System => getrandom::fill(out).map_err(|_| {
                Error::new(
                    ErrorCode::RandomUnavailable,
                    "the operating system's random source failed",
                )
            }),
            Source::Fixed { label, counter } => {
                for piece in out.chunks_mut(32) {
                    let block =
                        HashAlg::Sha256.digest_parts(&[label.as_bytes(), &counter.to_be_bytes()]);
                    *counter += 1;
                    for (to, from) in piece.iter_mut().zip(block) {
                        *to = from;
                    }
                }
                Ok(())
            }
        }
    }

    /// `N` random bytes.
    ///
    /// # Errors
    /// As [`Random::fill`].
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut out = [0; N];
        self.fill(&mut out)?;
        Ok(out)
    }
}
