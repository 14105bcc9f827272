//! Random call sequences: bytes choose functions, parameters and what of earlier calls is handed in again. See `run.sh`.
#![no_main]
#![allow(unsafe_code)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;

/// Whatever path a call takes, it is in here.
static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();

fuzz_target!(|choices: &[u8]| {
    FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        std::env::set_current_dir(folder.path()).unwrap();
        folder
    });
    common::script::run(choices);
});
