//! What a test plants, and the search for it in bytes.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Pieces of planted bytes by their first eight, with what they are. Where ciphertext is long, its pieces stand apart: an overwritten
/// beginning would not hide the rest.
#[derive(Default)]
pub(crate) struct Planted(HashMap<u64, (Vec<u8>, String)>);

fn head(bytes: &[u8]) -> u64 {
    u64::from_be_bytes(bytes[..8].try_into().unwrap())
}

impl Planted {
    pub(crate) fn add(&mut self, what: &str, bytes: &[u8]) {
        for piece in bytes.chunks(16).filter(|piece| piece.len() >= 11) {
            self.0.insert(head(piece), (piece.to_vec(), what.into()));
        }
    }

    /// What another planted, too.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().map(|(head, piece)| (*head, piece.clone())));
    }

    /// What of it stands in `bytes`, and where.
    pub(crate) fn found(&self, bytes: &[u8]) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        for at in 0..bytes.len().saturating_sub(8) {
            if bytes[at] == 0 && bytes[at + 1] == 0 {
                continue;
            }
            if let Some((piece, what)) = self.0.get(&head(&bytes[at..]))
                && bytes[at..].starts_with(piece)
            {
                found.push((what.clone(), at));
            }
        }
        found
    }
}

/// What must be gone, what must still be found (else the search is blind), and what was never to be there.
#[derive(Default)]
pub(crate) struct Traces {
    pub(crate) gone: Planted,
    pub(crate) kept: Planted,
    pub(crate) never: Planted,
}

pub(crate) fn search(bytes: &[u8], traces: &Traces, whose: &str) {
    for (planted, why) in [(&traces.gone, "was erased"), (&traces.never, "must never be written")] {
        let found = planted.found(bytes);
        let first = &found[..found.len().min(8)];
        assert!(
            found.is_empty(),
            "{whose}: {} remains of what {why}, such as {first:?}",
            found.len()
        );
    }
}

/// Every file of the folder, whatever SQLite made there.
pub(crate) fn search_files(folder: &Path, traces: &Traces, when: &str) {
    let mut all = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        if file.is_file() {
            let bytes = fs::read(&file).unwrap();
            search(&bytes, traces, &format!("{} {when}", file.display()));
            all.extend(bytes);
        }
    }
    assert!(!traces.kept.found(&all).is_empty(), "the search finds what was kept");
}
