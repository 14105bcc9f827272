//! A notary that one can run. It keeps a replica of every ledger it is shown, countersigns the newest head when it extends what it
//! holds, and makes a proof of misbehaviour when it does not. A whole dossier gets a notarial number in the notary's own ledger.
//! Bundles and the proofs it takes hold salted commitments only: the notary never sees a value, and refuses to.

mod answer;
mod bundle;
mod desk;
mod dossier;

pub use answer::Answer;
pub use desk::Desk;

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;

use yinzheng::{Error, ErrorCode, Result};

/// What the file system said.
pub fn failed(error: &std::io::Error) -> Error {
    Error::new(ErrorCode::Storage, error.kind().to_string())
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| failed(&error))
}

/// Writes a file so that it is there whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let part = path.with_extension("part");
    let file = File::create(&part);
    let written = file.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.and_then(|()| fs::rename(&part, path)).map_err(|error| failed(&error))
}
