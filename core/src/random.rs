//! Randomness: from the operating system, and from nowhere else outside tests and published vectors.

use zeroize::{Zeroize, Zeroizing};

use crate::error::{Error, ErrorCode, Result};
use crate::hash::HashAlg;

/// A source of random bytes: the operating system's.
pub struct Random(Source);

enum Source {
    /// The operating system, with bytes that were drawn ahead.
    System(Zeroizing<Vec<u8>>),
    /// Bytes anybody can compute, for tests and vectors: SHA-256 of a label and a counter.
    Fixed { label: String, counter: u64 },
}

impl Random {
    /// The operating system's source.
    pub fn system() -> Self {
        Self(Source::System(Zeroizing::default()))
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
            Source::System(ahead) => match ahead.len().checked_sub(out.len()) {
                Some(left) if !out.is_empty() => {
                    if let Some(drawn) = ahead.get_mut(left..) {
                        out.copy_from_slice(drawn);
                        drawn.zeroize();
                    }
                    ahead.truncate(left);
                    Ok(())
                }
                _ => draw(out),
            },
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

    /// Draws `bytes` in one call to the operating system, for many small draws that follow. End with [`Random::forget`]: what was
    /// drawn must not outlive the call that uses it, least of all into a forked process.
    #[cfg(any(test, feature = "store"))]
    pub(crate) fn draw_ahead(&mut self, bytes: usize) -> Result<()> {
        if let Source::System(ahead) = &mut self.0 {
            let mut drawn = Zeroizing::new(vec![0; bytes]);
            draw(&mut drawn)?;
            *ahead = drawn;
        }
        Ok(())
    }

    /// Wipes what was drawn ahead.
    #[cfg(any(test, feature = "store"))]
    pub(crate) fn forget(&mut self) {
        if let Source::System(ahead) = &mut self.0 {
            *ahead = Zeroizing::default();
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

fn draw(out: &mut [u8]) -> Result<()> {
    getrandom::fill(out).map_err(|_| {
        Error::new(ErrorCode::RandomUnavailable, "the operating system's random source failed")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_ahead_is_used_once() {
        let mut random = Random::system();
        random.draw_ahead(100).unwrap();
        let draws: Vec<[u8; 16]> = (0..12).map(|_| random.array().unwrap()).collect();
        let mut unique = draws.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), draws.len());
        assert!(draws.iter().all(|draw| *draw != [0; 16]));
    }

    #[test]
    fn nothing_is_left_once_forgotten() {
        let mut random = Random::system();
        random.draw_ahead(64).unwrap();
        random.forget();
        assert!(matches!(&random.0, Source::System(ahead) if ahead.is_empty()));
        random.fill(&mut []).unwrap();
        let mut fixed = Random::fixed_for_tests("x");
        let first = Random::fixed_for_tests("x").array::<16>().unwrap();
        fixed.draw_ahead(64).unwrap();
        assert_eq!(fixed.array::<16>().unwrap(), first, "a fixed source stays as it is");
    }
}
