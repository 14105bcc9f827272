//! The file itself: making, locking, opening, and files that are no ledger.

use std::fs;

use super::*;

fn code<T: core::fmt::Debug>(result: Result<T>) -> ErrorCode {
    result.unwrap_err().code()
}

#[test]
fn what_is_no_ledger_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("empty"), []).unwrap();
    fs::write(
        at("text"),
        "a text that is longer than SQLite's header, and is no ledger at all ".repeat(9),
    )
    .unwrap();
    raw(&at("other")).execute_batch("CREATE TABLE a(b)").unwrap();
    raw(&at("claimed")).execute_batch("PRAGMA application_id=7; PRAGMA user_version=1").unwrap();
    for name in ["missing", "folder", "empty", "text", "other", "claimed"] {
        assert_eq!(code(SqliteStore::open(at(name))), ErrorCode::NotALedger, "{name}");
        assert_eq!(code(SqliteStore::open_read_only(at(name))), ErrorCode::NotALedger, "{name}");
    }
    for name in ["folder", "text", "other", "claimed"] {
        assert_eq!(code(SqliteStore::create(at(name))), ErrorCode::InvalidArgument, "{name}");
    }
    assert_eq!(code(SqliteStore::create(at("no/such/folder"))), ErrorCode::Storage);
    assert!(fs::read_to_string(at("text")).unwrap().starts_with("a text"), "left alone");
    assert!(!at("missing").exists(), "opening makes nothing");
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    raw(&path).execute_batch("PRAGMA user_version=2").unwrap();
    let before = fs::read(&path).unwrap();
    assert_eq!(code(SqliteStore::open(&path)), ErrorCode::SchemaTooNew);
    assert_eq!(code(SqliteStore::open_read_only(&path)), ErrorCode::SchemaTooNew);
    assert_eq!(code(SqliteStore::create(&path)), ErrorCode::InvalidArgument);
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn making_a_file_may_be_repeated_until_a_ledger_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    // What a crash can leave: nothing in the file, a header alone, the tables without a row.
    fs::write(&path, []).unwrap();
    drop(SqliteStore::create(&path).unwrap());
    fs::remove_file(&path).unwrap();
    raw(&path).execute_batch("PRAGMA page_size=8192; PRAGMA journal_mode=WAL").unwrap();
    drop(SqliteStore::create(&path).unwrap());
    let mut store = SqliteStore::create(&path).unwrap();
    store.apply(&Changes { entries: entries(0, 1), ..Changes::default() }).unwrap();
    drop(store);
    assert_eq!(code(SqliteStore::create(&path)), ErrorCode::InvalidArgument);
    assert_eq!(SqliteStore::open(&path).unwrap().next_sequence().unwrap(), 1);
}

#[test]
fn one_writer_whatever_the_file_is_called() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let mut names = vec![path.clone(), inner.join("../ledger.db")];
    #[cfg(unix)]
    {
        let link = inner.join("link.db");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        names.push(link);
    }
    let writer = SqliteStore::open(&path).unwrap();
    for name in &names {
        assert_eq!(code(SqliteStore::open(name)), ErrorCode::Locked, "{}", name.display());
        assert_eq!(code(SqliteStore::create(name)), ErrorCode::Locked, "{}", name.display());
        assert_eq!(SqliteStore::open_read_only(name).unwrap().next_sequence().unwrap(), 5);
    }
    drop(writer);
    for name in &names {
        SqliteStore::open(name).unwrap();
    }
}

#[test]
fn a_writer_that_got_past_the_lock_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let mut first = SqliteStore::open(&path).unwrap();
    // A tool that tidies up "stale" lock files.
    fs::remove_file(folder.path().join("ledger.db.lock")).unwrap();
    let mut second = SqliteStore::open(&path).unwrap();
    let begin = |value: u8| Changes {
        expected: vec![("pending", Some(vec![]))],
        meta: vec![("pending", Some(vec![value]))],
        ..Changes::default()
    };
    second.apply(&begin(2)).unwrap();
    assert_eq!(code(first.apply(&begin(1))), ErrorCode::Locked);
    assert_eq!(first.meta("pending").unwrap(), Some(vec![2]), "one block is pending, not two");
    let append = Changes { entries: entries(5, 2), ..Changes::default() };
    second.apply(&append).unwrap();
    assert_eq!(code(first.apply(&append)), ErrorCode::Damaged);
    assert_eq!(second.entries(0, 9).unwrap().len(), 7);
    assert_eq!(second.check(), []);
}

#[test]
fn a_reader_sees_what_the_writer_adds() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let mut writer = SqliteStore::open(&path).unwrap();
    let mut reader = SqliteStore::open_read_only(&path).unwrap();
    writer.apply(&Changes { entries: entries(5, 2), ..Changes::default() }).unwrap();
    assert_eq!(reader.entries(0, 9).unwrap().len(), 7);
    let write = Changes { meta: vec![("head", None)], ..Changes::default() };
    assert_eq!(code(reader.apply(&write)), ErrorCode::ReadOnly);
    drop(writer);
    assert_eq!(reader.entries(0, 9).unwrap().len(), 7, "the writer left");
    assert_eq!(reader.check(), []);
}
