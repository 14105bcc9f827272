#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::*;
use crate::entry::{Body, Entry};
use crate::hash::TwinDigest;
use crate::paper::PaperOptions;
use crate::proof::Proof;
use crate::value::Lang;
use crate::verify::{DeclaredTime, Policy, Status};
use crate::{ErrorCode, Result};

/// One step of the example, signed by the customer, with the note that the customer saw.
const STEP: &[u8] = include_bytes!("fixture/step.yzp");
const KNOWN: &[u8] = include_bytes!("fixture/policy.json");
pub(super) const NOTE: &[u8] = include_bytes!("fixture/original.txt");
const AT: DeclaredTime = DeclaredTime { unix_ms: 1_800_000_000_000 };

/// Gives these bytes for whatever is asked for.
pub(super) struct Gives(pub(super) &'static [u8]);

impl Originals for Gives {
    fn open(&self, _: &TwinDigest) -> Result<Option<Box<dyn Read + '_>>> {
        Ok(Some(Box::new(self.0)))
    }
}

pub(super) struct Nothing;

impl Originals for Nothing {
    fn open(&self, _: &TwinDigest) -> Result<Option<Box<dyn Read + '_>>> {
        Ok(None)
    }
}

pub(super) fn known() -> Policy {
    Policy::parse(KNOWN).unwrap()
}

fn options(preset: Preset) -> PackageOptions {
    PackageOptions::new(preset, AT, &PaperOptions::new(Lang::Zh))
}

pub(super) fn packed(preset: Preset, originals: &dyn Originals) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    write(STEP, &known(), &options(preset), originals, &mut out).unwrap();
    out.into_inner()
}

pub(super) fn checked(zip: &[u8]) -> Result<Checked> {
    check(Cursor::new(zip), &known(), AT)
}

pub(super) fn code(zip: &[u8]) -> ErrorCode {
    checked(zip).unwrap_err().code()
}

/// The files of a package, in order.
pub(super) fn files(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(zip)).unwrap();
    let len = zip.len();
    let read = |index| {
        let mut file = zip.by_index(index).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (String::from_utf8(file.name_raw().to_vec()).unwrap(), bytes)
    };
    (0..len).map(read).collect()
}

/// A ZIP of these files, as another program may write it.
pub(super) fn zip_bytes(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(name.as_str(), deflated).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The package after a change of its files.
pub(super) fn with(change: impl FnOnce(&mut Vec<(String, Vec<u8>)>)) -> Vec<u8> {
    let mut all = files(&packed(Preset::Court, &Gives(NOTE)));
    change(&mut all);
    zip_bytes(&all)
}

fn outcome(checked: &Checked, path: &str) -> Outcome {
    checked.files.iter().find(|file| file.path == path).expect("such a file").outcome
}

#[test]
fn a_package_holds_everything_and_checks() {
    for preset in Preset::ALL {
        let zip = packed(preset, &Gives(NOTE));
        let checked = checked(&zip).unwrap();
        let bad: Vec<_> = checked.files.iter().filter(|file| file.outcome.is_bad()).collect();
        assert!(bad.is_empty(), "{bad:?}");
        assert_eq!(checked.verdict.count(Status::Contradicted), 0);
        assert!(checked.absent.is_empty());
        let paths: Vec<&str> = checked.files.iter().map(|file| file.path.as_str()).collect();
        for path in
            ["certificate.html", "signing.html", "evidence-list.csv", "verdict.json", "policy.json"]
        {
            assert!(paths.contains(&path), "{path}");
        }
        let starting = |front: &str| paths.iter().filter(|path| path.starts_with(front)).count();
        assert_eq!(starting("originals/"), 1);
        assert!(starting("kits/") > 5);
        assert_eq!(starting("blocks/") > 0, preset == Preset::Notary);
    }
}

#[test]
fn the_same_contents_give_the_same_bytes() {
    assert!(packed(Preset::Court, &Gives(NOTE)) == packed(Preset::Court, &Gives(NOTE)));
    assert!(packed(Preset::Court, &Gives(NOTE)) != packed(Preset::Court, &Nothing));
}

#[test]
fn a_package_that_was_packed_again_is_still_good() {
    let checked = checked(&with(|files| files.reverse())).unwrap();
    assert!(!checked.files.iter().any(|file| file.outcome.is_bad()));
}

#[test]
fn originals_that_are_not_there_are_told() {
    let checked = checked(&packed(Preset::Court, &Nothing)).unwrap();
    assert_eq!(checked.absent.len(), 1);
    assert!(!checked.files.iter().any(|file| file.outcome.is_bad()));
}

#[test]
fn an_original_that_is_not_the_sealed_one_is_not_packed() {
    let mut out = Cursor::new(Vec::new());
    for wrong in [&NOTE[1..], &NOTE[..NOTE.len() - 1], b"", b"another note"] {
        let refused = write(STEP, &known(), &options(Preset::Court), &Gives(wrong), &mut out);
        assert_eq!(refused.unwrap_err().code(), ErrorCode::DigestMismatch);
    }
}

#[test]
fn the_policy_in_the_package_does_not_speak_for_it() {
    let zip = packed(Preset::Court, &Gives(NOTE));
    let checked = check(Cursor::new(&zip), &Policy::empty(), AT).unwrap();
    assert_eq!(checked.verdict.summary[0].id, "integrity-only");
}

#[test]
fn what_was_changed_added_or_taken_away_is_named() {
    let edit = |path: &'static str| {
        with(move |files| files.iter_mut().find(|(name, _)| name == path).unwrap().1.push(b' '))
    };
    for path in
        ["certificate.html", "signing.html", "evidence-list.csv", "verdict.json", "README.txt"]
    {
        assert_eq!(outcome(&checked(&edit(path)).unwrap(), path), Outcome::Differs, "{path}");
        let without = with(|files| files.retain(|(name, _)| name != path));
        assert_eq!(outcome(&checked(&without).unwrap(), path), Outcome::Missing, "{path}");
    }
    let more = with(|files| files.push(("kits/x.txt".into(), b"run me".to_vec())));
    assert_eq!(outcome(&checked(&more).unwrap(), "kits/x.txt"), Outcome::Foreign);
    let named = |files: &Vec<(String, Vec<u8>)>| {
        files.iter().position(|(name, _)| name.starts_with(ORIGINALS)).unwrap()
    };
    let original = with(|files| {
        let at = named(files);
        files[at].1[0] ^= 1;
    });
    let checked = checked(&original).unwrap();
    assert!(
        checked
            .files
            .iter()
            .any(|file| { file.path.starts_with(ORIGINALS) && file.outcome == Outcome::Differs })
    );
}

#[test]
fn a_spoilt_proof_contradicts() {
    let zip = with(|files| {
        let proof = &mut files.iter_mut().find(|(name, _)| name == PROOF).unwrap().1;
        let middle = proof.len() / 2;
        proof[middle] ^= 1;
    });
    let checked = checked(&zip).unwrap();
    assert!(checked.verdict.count(Status::Contradicted) > 0);
    assert!(checked.files.iter().any(|file| file.outcome == Outcome::Differs));
}

#[test]
fn only_what_another_version_words_is_left_uncompared_and_nothing_else() {
    let other = |spoilt: &str, taken: &str| {
        let zip = with(|files| {
            of_another_version(files);
            if let Some(file) = files.iter_mut().find(|(name, _)| name.starts_with(spoilt)) {
                file.1.push(b' ');
            }
            files.retain(|(name, _)| name != taken);
        });
        checked(&zip).unwrap()
    };
    let pages = other("certificate.html", "");
    for path in ["certificate.html", "verdict.json"] {
        let outcome = outcome(&pages, path);
        assert!(outcome == Outcome::OtherVersion && outcome.is_open() && !outcome.is_bad());
    }
    assert_eq!(outcome(&pages, "signing.html"), Outcome::Same);
    for front in ["kits/", "README.txt"] {
        let checked = other(front, "");
        let differs = checked.files.iter().find(|file| file.outcome == Outcome::Differs);
        assert!(differs.expect("one differs").path.starts_with(front), "{front}");
    }
    let without = other("signing.html", "certificate.html");
    assert_eq!(outcome(&without, "certificate.html"), Outcome::Missing);
}

/// The verdict says that another version of the program made it.
fn of_another_version(files: &mut [(String, Vec<u8>)]) {
    for (_, bytes) in files.iter_mut().filter(|(name, _)| name == "verdict.json") {
        let json = String::from_utf8(bytes.clone()).unwrap();
        *bytes = json.replace("\"yinzheng 0.", "\"yinzheng 77.").into_bytes();
    }
}

#[test]
fn a_kit_that_cannot_be_made_is_named_and_not_left_out() {
    let mut proof = Proof::parse(STEP).unwrap();
    let kits = |proof: &Proof, room| {
        let mut files = derive::Files::new();
        derive::kits(proof, &known(), room, &mut files).map(|()| files)
    };
    assert!(!kits(&proof, FILES).unwrap().keys().any(|name| name.ends_with(derive::NOT_MADE)));
    assert_eq!(kits(&proof, 5).unwrap_err().code(), ErrorCode::LimitExceeded);
    // The keys of the ledger begin with its genesis.
    proof.items.retain(|item| !matches!(Entry::parse(&item.entry).unwrap().body, Body::Genesis(_)));
    let files = kits(&proof, FILES).unwrap();
    let [(name, why)] = Vec::from_iter(files).try_into().unwrap();
    assert!(name.starts_with("kits/R-") && name.ends_with("/NOT-MADE.txt"), "{name}");
    let number = ErrorCode::MissingKey.number();
    assert!(String::from_utf8(why).unwrap().ends_with(&format!("error {number}\n")));
}

#[test]
fn of_two_files_with_one_sha256_each_is_wanted() {
    let mut verdict = crate::verify::verify(STEP, &known(), AT);
    assert_eq!(write::named(&verdict).len(), 1);
    let twice = verdict.records[0].fields.clone();
    verdict.records[0].fields.extend(twice);
    assert_eq!(write::named(&verdict).len(), 1);
    let files = verdict.records[0].fields.iter_mut().filter_map(|field| field.file.as_mut());
    files.last().unwrap().digest.sm3 = "00".repeat(32);
    assert_eq!(write::named(&verdict).len(), 2);
}

#[test]
fn what_is_no_package_is_refused() {
    for bytes in
        [&b""[..], b"PK", STEP, &[0; 64], b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"]
    {
        assert_eq!(code(bytes), ErrorCode::InvalidPackage);
    }
    for lost in [PROOF, OPTIONS] {
        let zip = with(|files| files.retain(|(name, _)| name != lost));
        assert_eq!(code(&zip), ErrorCode::InvalidPackage, "{lost}");
    }
    let put = |name: &'static str, bytes: &'static [u8]| {
        with(move |files| files.iter_mut().find(|(one, _)| one == name).unwrap().1 = bytes.to_vec())
    };
    for json in [&b"{}"[..], b"[]", b"", br#"{"package":1,"preset":"court","at_ms":1,"lang":"fr","full":false,"number":null,"issuer":null,"applicant":null,"purpose":null}"#,
        br#"{"package":2,"preset":"court","at_ms":1,"lang":"zh","full":false,"number":null,"issuer":null,"applicant":null,"purpose":null}"#,
        br#"{ "package":1,"preset":"court","at_ms":1,"lang":"zh","full":false,"number":null,"issuer":null,"applicant":null,"purpose":null}"#] {
        assert_eq!(code(&put(OPTIONS, json)), ErrorCode::InvalidPackage);
    }
    assert_eq!(code(&put(POLICY, b"{\"unknown\":1}")), ErrorCode::InvalidPolicy);
    let mut comment = packed(Preset::Court, &Nothing);
    let end = comment.len() - 2;
    comment[end] = 1;
    comment.push(b'x');
    assert_eq!(code(&comment), ErrorCode::InvalidPackage);
}
