//! One writer a ledger: an operating-system lock on a file beside the store, so that it also holds between processes
//! and vanishes with the process that held it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorCode, Result};

/// Held as long as the ledger is open for writing.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the store at `path`.
    pub(super) fn take(path: &Path) -> Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(lock_path(path))
            .map_err(|error| {
                Error::new(ErrorCode::Storage, format!("lock file: {}", error.kind()))
            })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => {
                Err(Error::new(ErrorCode::Locked, "the ledger is open elsewhere"))
            }
            Err(TryLockError::Error(error)) => {
                Err(Error::new(ErrorCode::Storage, format!("lock file: {}", error.kind())))
            }
        }
    }
}

fn lock_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
