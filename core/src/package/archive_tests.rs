//! ZIPs that no writer of ours made.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{Cursor, Write};
use std::ops::Range;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::tests::{Gives, NOTE, Nothing, checked, code, files, packed, with, zip_bytes};
use super::*;
use crate::ErrorCode;

#[test]
fn names_that_are_not_plain_are_refused() {
    for name in [
        "../certificate.html",
        "/etc/passwd",
        "a/../../b",
        "a\\..\\b",
        "C:x",
        "a//b",
        ".hidden",
        "a/.b",
        "a b",
        "张三.txt",
        "a\u{202e}b",
        "",
        "folder/",
        "x\0y",
    ] {
        let zip = with(|files| files.push((name.into(), b"x".to_vec())));
        assert_eq!(code(&zip), ErrorCode::InvalidPackage, "{name:?}");
    }
    let long = with(|files| files.push(("a".repeat(200), b"x".to_vec())));
    assert_eq!(code(&long), ErrorCode::InvalidPackage);
}

#[test]
fn a_name_that_stands_twice_is_refused() {
    let folded = with(|files| files.push(("CERTIFICATE.html".into(), b"x".to_vec())));
    assert_eq!(code(&folded), ErrorCode::InvalidPackage);
    // No writer makes it: the second name is changed afterwards, in both places.
    let mut zip = with(|files| files.push(("certificate.htmx".into(), b"x".to_vec())));
    let places: Vec<usize> =
        (0..zip.len() - 16).filter(|at| &zip[*at..at + 16] == b"certificate.htmx").collect();
    assert_eq!(places.len(), 2);
    for at in places {
        zip[at + 15] = b'l';
    }
    assert_eq!(code(&zip), ErrorCode::InvalidPackage);
}

#[test]
fn a_file_that_other_programs_see_in_another_way_is_refused() {
    let zip = packed(Preset::Court, &Gives(NOTE));
    let name = b"certificate.html";
    let at = (30..zip.len())
        .find(|at| zip[at - 30..].starts_with(b"PK\x03\x04") && zip[*at..].starts_with(name))
        .unwrap();
    // Its name, size and checksum where it begins; the list at the end stays as it was.
    for byte in [at + 15, at - 30 + 22, at - 30 + 14] {
        let mut zip = zip.clone();
        zip[byte] ^= 1;
        assert_eq!(code(&zip), ErrorCode::InvalidPackage, "{byte}");
    }
    let more = [b"PK\x03\x04\x0a\0".as_slice(), &[0; 20], b"\x09\0\0\0more.html"].concat();
    let list = zip.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let mut zip = zip;
    let start = zip.len() - 22 + 16;
    let moved = u32::try_from(list + more.len()).unwrap().to_le_bytes();
    zip[start..start + 4].copy_from_slice(&moved);
    zip.splice(list..list, more);
    assert_eq!(code(&zip), ErrorCode::InvalidPackage, "not in the list");
}

#[test]
fn bombs_and_crowds_are_refused_before_they_are_unpacked() {
    let bomb = with(|files| files.push(("kits/zero.bin".into(), vec![0; 8 << 20])));
    assert!(bomb.len() < 1 << 20);
    assert_eq!(code(&bomb), ErrorCode::LimitExceeded);
    let mut crowd = packed(Preset::Court, &Nothing);
    let end = crowd.len() - 22;
    crowd[end + 8..end + 12].fill(0xff);
    assert_eq!(code(&crowd), ErrorCode::LimitExceeded);
    let many: Vec<_> = (0..=FILES).map(|at| (format!("f{at}"), Vec::new())).collect();
    assert_eq!(code(&zip_bytes(&many)), ErrorCode::LimitExceeded);
}

#[test]
fn a_size_that_lies_is_found() {
    let zip = packed(Preset::Court, &Nothing);
    let name = b"certificate.html";
    let at = (0..zip.len() - 46)
        .rfind(|at| zip[*at..].starts_with(b"PK\x01\x02") && zip[at + 46..].starts_with(name));
    for lie in [0u8, 0xff] {
        let mut zip = zip.clone();
        zip[at.unwrap() + 24] = lie;
        assert!(checked(&zip).is_err(), "{lie}");
    }
}

#[test]
fn links_are_refused() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files(&packed(Preset::Court, &Nothing)) {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.add_symlink("kits/link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    assert_eq!(code(&zip.finish().unwrap().into_inner()), ErrorCode::InvalidPackage);
}

/// Where the bytes of the files lie.
fn contents(zip: &[u8]) -> Vec<Range<usize>> {
    let mut zip = ZipArchive::new(Cursor::new(zip)).unwrap();
    let len = zip.len();
    let range = |at| {
        let file = zip.by_index(at).unwrap();
        let start = usize::try_from(file.data_start().unwrap()).unwrap();
        start..start + usize::try_from(file.compressed_size()).unwrap()
    };
    (0..len).map(range).collect()
}

#[test]
fn damage_to_a_file_is_found_and_damage_around_it_hides_nothing() {
    let zip = packed(Preset::Court, &Gives(NOTE));
    let whole = checked(&zip).unwrap();
    let contents = contents(&zip);
    let spoilt = |at: usize| {
        let mut spoilt = zip.clone();
        spoilt[at] ^= 0x55;
        checked(&spoilt)
    };
    for range in &contents {
        // The checksum of the ZIP is not the only one, but the first.
        let found = spoilt(range.start + range.len() / 2).unwrap_err();
        assert_eq!(found.code(), ErrorCode::DigestMismatch, "{range:?}");
    }
    let around: Vec<usize> =
        (0..zip.len()).filter(|at| !contents.iter().any(|range| range.contains(at))).collect();
    let mut silent = 0;
    for at in around.iter().step_by(around.len() / 120) {
        match spoilt(*at) {
            Err(error) => assert_ne!(error.code(), ErrorCode::Internal, "{at}"),
            Ok(checked) if checked.files.iter().any(|file| file.outcome.is_bad()) => {}
            // A byte of a time, or of what nobody reads: then every file came out as it did.
            Ok(checked) => {
                silent += 1;
                assert!(checked.files == whole.files, "{at}");
            }
        }
        assert!(checked(&zip[..*at]).is_err(), "{at}");
    }
    assert!(silent < 60, "{silent} of 120 were not found");
}

/// Last records of a ZIP, as its first are not looked at: files here, files, bytes of the list, its start.
fn end(files: [u64; 2], bytes: u64, start: u64) -> Vec<u8> {
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    for number in files {
        end.extend_from_slice(&number.to_le_bytes()[..2]);
    }
    end.extend_from_slice(&bytes.to_le_bytes()[..4]);
    end.extend_from_slice(&start.to_le_bytes()[..4]);
    end.extend_from_slice(&[0; 2]);
    end
}

/// The same for large ones (ZIP64), with its locator.
fn end_64(files: u64, bytes: u64, start: u64) -> Vec<u8> {
    let mut end = b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0".to_vec();
    for number in [files, files, bytes, start] {
        end.extend_from_slice(&number.to_le_bytes());
    }
    end.extend_from_slice(b"PK\x06\x07\0\0\0\0");
    end.extend_from_slice(&(start + bytes).to_le_bytes());
    end.extend_from_slice(&1u32.to_le_bytes());
    end
}

/// A package with other last records, made of the number of files, the bytes of the list and its start.
fn ended(records: impl FnOnce(u64, u64, u64) -> Vec<u8>) -> Vec<u8> {
    let mut zip = packed(Preset::Court, &Gives(NOTE));
    let end = zip.split_off(zip.len() - 22);
    let number = |from: usize, to: usize| {
        end[from..to].iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    };
    zip.extend(records(number(10, 12), number(12, 16), number(16, 20)));
    zip
}

const WIDE: u64 = 0xffff_ffff;

#[test]
fn a_large_archives_records_are_read_too() {
    let zip = ended(|files, bytes, start| {
        [end_64(files, bytes, start), end([files, files], bytes, WIDE)].concat()
    });
    assert!(!checked(&zip).unwrap().files.iter().any(|file| file.outcome.is_bad()));
}

#[test]
fn the_number_of_files_is_looked_at_before_their_list_is_read() {
    let many = FILES as u64 + 1;
    let list = many * 46;
    // Nothing in the list can be read: whoever tries to read it says something else.
    let mut zeros = b"PK\x01\x02".to_vec();
    zeros.resize(usize::try_from(list).unwrap(), 0);
    let narrow = [zeros.clone(), end([many, many], list, 0)].concat();
    assert_eq!(code(&narrow), ErrorCode::LimitExceeded);
    for small in [1, 0xffff] {
        let wide = [zeros.clone(), end_64(many, list, 0), end([small, small], list, WIDE)];
        assert_eq!(code(&wide.concat()), ErrorCode::LimitExceeded, "{small}");
    }
    let long = FILES as u64 * 512 + 1;
    zeros.resize(usize::try_from(long).unwrap(), 0);
    let long = [zeros, end([1, 1], long, 0)].concat();
    assert_eq!(code(&long), ErrorCode::LimitExceeded);
}

#[test]
fn a_list_that_is_not_where_the_last_records_say_is_refused() {
    type Records = fn(u64, u64, u64) -> Vec<u8>;
    let cases: [(&str, Records); 8] = [
        ("two numbers of files", |n, bytes, start| end([n - 1, n], bytes, start)),
        ("a shorter list", |n, bytes, start| end([n; 2], bytes - 1, start)),
        ("a later list", |n, bytes, start| end([n; 2], bytes, start + 1)),
        ("more files than fit", |n, bytes, start| end([n * 4; 2], bytes, start)),
        ("no files", |_, _, start| end([0; 2], 0, start)),
        ("a comment", |n, bytes, start| {
            let mut end = end([n; 2], bytes, start);
            end[20] = 1;
            end
        }),
        ("two disks", |n, bytes, start| {
            let mut end = end([n; 2], bytes, start);
            end[4] = 1;
            end
        }),
        ("bytes behind the list", |n, bytes, start| {
            [vec![0; 8], end([n; 2], bytes, start)].concat()
        }),
    ];
    for (what, records) in cases {
        assert_eq!(code(&ended(records)), ErrorCode::InvalidPackage, "{what}");
    }
    // In the records of large archives: every number, and where the locator leads.
    for byte in [4, 16, 20, 24, 32, 40, 48, 60, 64, 72] {
        let zip = ended(|files, bytes, start| {
            let mut records = [end_64(files, bytes, start), end([files; 2], bytes, WIDE)].concat();
            records[byte] += 2;
            records
        });
        assert_eq!(code(&zip), ErrorCode::InvalidPackage, "{byte}");
    }
    // A list that cannot be read is not sought elsewhere, such as in a file of the archive.
    let inner = packed(Preset::Court, &Gives(NOTE));
    let mut list = b"PK\x01\x02".to_vec();
    list.resize(46, 0xff);
    let outer = [inner.clone(), list, end([1; 2], 46, inner.len() as u64)].concat();
    assert_eq!(code(&outer), ErrorCode::InvalidPackage);
}
