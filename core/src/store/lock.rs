//! One writer a ledger: an operating-system lock on a file beside the store, so that it also holds between processes
//! and vanishes with the process that held it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorCode, Result};

/// Held as long as the ledger is open for writing.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock of the store at `path`.
    pub(super) fn take(path: &Path) -> Result<Self> {
        let failed = |error: std::io::Error| {
            Error::new(ErrorCode::Storage, format!("lock file: {}", error.kind()))
        };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(lock_path(path).map_err(failed)?)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => {
                Err(Error::new(ErrorCode::Locked, "the ledger is open elsewhere"))
            }
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

impl Drop for Lock {
    /// Unlocks in so many words: a process that another thread is just starting has a copy of the handle until it has become
    /// its program, and closing ours alone would leave the ledger locked that long.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

/// Beside the file itself, whatever links lead to it: SQLite keeps its log there too, and two names must not be two locks.
fn lock_path(path: &Path) -> std::io::Result<PathBuf> {
    let mut name = if path.exists() {
        path.canonicalize()?
    } else {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.unwrap_or(Path::new(".")).canonicalize()?.join(path.file_name().unwrap_or_default())
    }
    .into_os_string();
    name.push(".lock");
    Ok(PathBuf::from(name))
}
