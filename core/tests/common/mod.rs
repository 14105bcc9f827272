//! What several tests share: known bytes in readable files, and skipping aloud.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Compares `fresh` with the file at `path`, relative to the repository's root, byte for byte: a known byte
/// moves only on purpose. With `YINZHENG_BLESS=1` in the environment the file is written instead.
pub fn assert_blessed(path: &str, fresh: &str) {
    let file = repository().join(path);
    if std::env::var_os("YINZHENG_BLESS").is_some_and(|value| value == "1") {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, fresh).unwrap();
        println!("wrote {path}");
        return;
    }
    let known = fs::read_to_string(&file).unwrap_or_default();
    if known == fresh {
        return;
    }
    let (mut known, mut fresh) = (known.lines(), fresh.lines());
    for line in 1.. {
        let (old, new) = (known.next(), fresh.next());
        assert!(
            old == new && old.is_some(),
            "{path}, line {line}\n known: {}\n fresh: {}\nIf this change is meant, run the tests once with \
             YINZHENG_BLESS=1, read the diff, and say in CHANGELOG.md why the bytes moved.",
            old.unwrap_or("(the end)"),
            new.unwrap_or("(the end)"),
        );
    }
}

/// JSON as the vector files hold it: two spaces, a newline at the end.
pub fn pretty(value: &serde_json::Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap();
    text.push('\n');
    text
}
