//! Evidence packages, one and many.

use super::paper::{AT, dossier};
use super::*;

/// A package after a change of its files, with checksums that fit.
#[allow(clippy::unwrap_used)]
fn packed_again(package: &[u8], change: impl Fn(&str, &mut Vec<u8>)) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(package)).unwrap();
    let mut to = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut file = from.by_index(index).unwrap();
        let (name, mut bytes) = (file.name().unwrap().into_owned(), Vec::new());
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        change(&name, &mut bytes);
        to.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut to, &bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn a_package_is_made_checked_and_found_out() {
    let (place, _) = Place::sealed("credit-loan");
    let originals = format!("{}/attachments", example("credit-loan"));
    let number = dossier(&place);
    let made = place.json(&[
        "package",
        &number,
        "--for",
        "arbitration",
        "--ledger",
        "out/ledgers",
        "--originals",
        &originals,
        "--policy",
        "out/policy.json",
        "--at",
        AT,
        "-o",
        "p.zip",
    ]);
    assert_eq!((made["originals"].as_u64(), made["contradicted"].as_u64()), (Some(8), Some(0)));
    let verify = ["verify", "p.zip", "--policy", "out/policy.json", "--require", "ledger.origin"];
    let checked = place.json(&verify);
    assert_eq!(checked["verdict"]["summary"][0]["id"], "origin-checked");
    assert!(!checked["files"].to_string().contains("differs"));
    let piped = std::process::Command::new(env!("CARGO_BIN_EXE_yinzheng"))
        .args(["verify", "-", "--policy", "out/policy.json", "--json"])
        .current_dir(place.folder.path())
        .stdin(fs::File::open(place.path("p.zip")).unwrap())
        .output()
        .unwrap();
    let piped = parse(&String::from_utf8(piped.stdout).unwrap());
    assert_eq!((&piped["files"], &piped["preset"]), (&checked["files"], &checked["preset"]));
    // Without a policy of one's own the package's policy proves nothing.
    assert_eq!(place.run(&["verify", "p.zip", "--require", "ledger.origin"]).code, 3);
    let mut bytes = place.read("p.zip");
    let at = bytes.windows(15).position(|window| window == b"<!DOCTYPE html>").unwrap();
    bytes[at] = b'X';
    fs::write(place.path("spoilt.zip"), bytes).unwrap();
    place.fails(1, &["verify", "spoilt.zip"]);
    // A page that claims to be of another version is not compared, and the package is not found good.
    let other = packed_again(&place.read("p.zip"), |name, bytes| match name {
        "certificate.html" => bytes.push(b' '),
        "verdict.json" => {
            let json = String::from_utf8(std::mem::take(bytes)).unwrap();
            *bytes = json.replace("\"yinzheng 0.", "\"yinzheng 77.").into_bytes();
        }
        _ => {}
    });
    fs::write(place.path("other.zip"), other).unwrap();
    let other = place.run(&["verify", "other.zip", "--policy", "out/policy.json", "--json"]);
    let named = parse(&other.out)["not_compared"].to_string();
    assert_eq!(other.code, 3, "{}", other.err);
    assert_eq!(named, r#"["certificate.html","verdict.json"]"#);
    assert!(
        place
            .run(&["verify", "other.zip", "--policy", "out/policy.json"])
            .out
            .contains("certificate.html: not compared")
    );
    place.fails(
        2,
        &["package", &number, "--for", "court", "--ledger", "out/ledgers", "-o", "p.zip"],
    );
    let entries = fs::read_dir(place.folder.path()).unwrap();
    let part = entries
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".part"));
    assert_eq!(part.count(), 0);
}

#[test]
fn many_packages_are_made_in_one_run_and_only_once() {
    let (place, _) = Place::sealed("credit-loan");
    let number = dossier(&place);
    place.write("list.txt", &format!("# dossiers\n{number}\n\n"));
    let run =
        ["package", "--list", "list.txt", "--for", "court", "--ledger", "out/ledgers", "-o", "all"];
    assert_eq!(place.json(&run)["made"].as_u64(), Some(1));
    assert_eq!(place.json(&run)["kept"].as_u64(), Some(1));
    let index = || String::from_utf8(place.read("all/index.csv")).unwrap();
    let made = index();
    assert!(made.lines().count() == 2 && !made.contains(",,"), "{made}");
    assert!(made.contains(&format!("{number}.zip")));
    // A run that was broken off left half a row; one before it, a dossier that is in no list any more.
    let other = "D-0QH8-2GNT-E7E3-4328-CE01-5NHV-M24F";
    let old = format!("{other},{other}.zip,1,0,0,0,{},", "0".repeat(64));
    place.write("all/index.csv", &format!("{made}{old}\r\n{number},{number}.zip,7"));
    assert_eq!(place.json(&run)["kept"].as_u64(), Some(1));
    let kept = index();
    assert_eq!(kept.lines().count(), 3, "{kept}");
    assert!(made.lines().chain([old.as_str()]).all(|row| kept.lines().any(|one| one == row)));
    // Of a package that is another one now the row says nothing.
    let package = format!("all/{number}.zip");
    let mut bytes = place.read(&package);
    bytes[100] ^= 1;
    fs::write(place.path(&package), bytes).unwrap();
    place.json(&run);
    assert!(index().contains(&format!("{number},{number}.zip,,,,,")), "{}", index());
    // A line that is no number is told before anything is made.
    place.write("late.txt", &format!("{number}\nD-1234\n"));
    let late = [
        "package",
        "--list",
        "late.txt",
        "--for",
        "court",
        "--ledger",
        "out/ledgers",
        "-o",
        "late",
    ];
    place.fails(2, &late);
    assert!(!place.path("late").exists());
    for bad in ["../../etc", "D-1234", "x/y"] {
        place.write("bad.txt", &format!("{bad}\n"));
        place.fails(
            2,
            &[
                "package",
                "--list",
                "bad.txt",
                "--for",
                "court",
                "--ledger",
                "out/ledgers",
                "-o",
                "no",
            ],
        );
    }
}
