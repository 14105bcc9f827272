//! `number.json`: format §12.

use serde_json::{Value, json};
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::number::{self, Number};

use crate::{Cases, hex, publish};

/// The text stands as itself and, in `hex`, as UTF-8, so that invisible characters are seen.
#[test]
fn vectors() {
    let mut cases = Cases::new(|_, bytes| {
        number::parse(core::str::from_utf8(bytes).unwrap()).map(|number| match number {
            Number::Preservation(id) => json!({"letter": "D", "bits": hex(id)}),
            Number::Record(bits) => json!({"letter": "R", "bits": hex(bits)}),
        })
    });
    accepted(&mut cases);
    refused(&mut cases);
    publish(
        "number",
        &json!({"about": "docs/format.md §12: numbers as people type them. See README.md.", "cases": cases.done()}),
    );
}

fn text(text: &str) -> Value {
    json!({"text": text})
}

fn accepted(cases: &mut Cases<'_>) {
    let mut ok = |name: &str, what: &str, number: &str| {
        cases.ok(name, what, text(number), number.as_bytes())
    };
    ok("d-zero", "the dossier id of 16 zero bytes", &number::preservation_number(&[0; 16]));
    ok("d-ones", "the dossier id of 128 one bits", &number::preservation_number(&[0xff; 16]));
    let id = core::array::from_fn(|at| at as u8);
    ok("d-counting", "the bytes 00 to 0f", &number::preservation_number(&id));
    let sha256 = Digest::of(HashAlg::Sha256, b"a record");
    ok("r-sha256", "the record digest SHA-256(\"a record\")", &number::record_number(&sha256));
    let sm3 = Digest::of(HashAlg::Sm3, b"a record");
    ok("r-sm3", "the record digest SM3(\"a record\")", &number::record_number(&sm3));
    ok(
        "r-ones",
        "a digest of 256 one bits",
        &number::record_number(&Digest { alg: HashAlg::Sha256, bytes: [0xff; 32] }),
    );
    let loose = number::preservation_number(&id).to_lowercase().replace('-', " ");
    ok("loose", "lower case, spaces for hyphens", &loose);
    let typed = number::preservation_number(&[1; 16]).replace('0', "o").replace('1', "l");
    ok("loose-letters", "o for 0, l for 1", &typed);
    let typed = number::preservation_number(&[1; 16]).replace('1', "I").replace('-', "");
    ok("bare", "I for 1, no hyphens", &typed);
}

fn refused(cases: &mut Cases<'_>) {
    let good = number::record_number(&Digest::of(HashAlg::Sha256, b"a record"));
    let zero = number::preservation_number(&[0; 16]);
    let changed = |at: usize, to: &str| {
        let mut wrong = good.clone();
        wrong.replace_range(at..=at, to);
        wrong
    };
    let other = |at: usize| changed(at, if &good[at..=at] == "0" { "2" } else { "0" });
    let twisted = |at: usize| {
        let mut symbols: Vec<char> = good.chars().collect();
        symbols.swap(at, at + 1);
        assert_ne!(symbols[at], symbols[at + 1]);
        symbols.into_iter().collect::<String>()
    };
    let ones = number::record_number(&Digest { alg: HashAlg::Sha256, bytes: [0xff; 32] });
    let list: Vec<(&str, &str, String)> = vec![
        ("empty", "nothing", String::new()),
        ("letter-only", "a letter alone", "D".into()),
        ("first-symbol", "the first symbol mistyped", other(2)),
        ("middle-symbol", "one in the middle mistyped", other(17)),
        ("last-symbol", "the last one, a check symbol, mistyped", other(35)),
        ("swapped-first", "two neighbours swapped", twisted(2)),
        ("swapped-last", "the two check symbols swapped", twisted(34)),
        ("short", "a symbol missing", good[..good.len() - 1].into()),
        ("long", "a symbol more", format!("{good}0")),
        ("twice", "the number twice", format!("{good}{good}")),
        ("no-letter", "the symbols alone", good[2..].into()),
        ("letter-x", "another letter", changed(0, "X")),
        ("letter-zero", "a digit where the letter stands", changed(0, "0")),
        ("u", "U is no symbol", changed(2, "U")),
        ("asterisk", "nor is *", changed(2, "*")),
        (
            "d-too-large",
            "a dossier's number with its two zero bits set",
            ones.replacen('R', "D", 1),
        ),
        ("full-width", "full-width digits", zero.replace('0', "\u{ff10}")),
        ("no-break-hyphen", "U+2011 is no hyphen", zero.replace('-', "\u{2011}")),
        ("no-break-space", "U+00A0 is no space", zero.replace('-', "\u{a0}")),
        ("tab", "nor is a tab", zero.replace('-', "\t")),
    ];
    for (name, what, number) in list {
        cases.refuse(name, what, text(&number), number.as_bytes(), "InvalidNumber");
    }
}
