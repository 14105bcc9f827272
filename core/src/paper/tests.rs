#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::PathBuf;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::*;
use crate::ErrorCode;
use crate::hash::{TwinDigest, hex};
use crate::profile::builtin;

/// A verdict on one step of the example: a customer's will to draw down, signed, with a loan note.
pub(super) const VERDICT: &str = include_str!("golden/verdict.json");

/// Every page of the verdict, by the name of its golden file.
fn pages(verdict: &[u8], lang: Lang) -> Vec<(&'static str, String)> {
    let options = PaperOptions {
        issuer: Some("示范商业银行股份有限公司".into()),
        purpose: Some("诉讼".into()),
        ..PaperOptions::new(lang)
    };
    let made = |name, page: Result<String>| (name, page.unwrap());
    vec![
        made("certificate", certificate(verdict, Certificate::Preservation, &options)),
        made("signing", certificate(verdict, Certificate::Signing, &options)),
        made("list", list_html(verdict, &options)),
        made("list.csv", list_csv(verdict, &options)),
        made("annex", annex(verdict, &contract(), &options)),
        made("receipt", receipt(verdict, &signed_record(), &options)),
    ]
}

use crate::Result;

pub(super) fn value() -> Value {
    serde_json::from_str(VERDICT).unwrap()
}

pub(super) fn signed_record() -> String {
    let verdict = value();
    let lines = verdict["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["check"] == "statement.signature").unwrap();
    line["subject"].as_str().unwrap().to_owned()
}

pub(super) fn contract() -> TwinDigest {
    let verdict = value();
    let records = verdict["records"].as_array().unwrap();
    let mut fields = records.iter().flat_map(|record| record["fields"].as_array().unwrap());
    let file = fields.find_map(|field| field["file"].as_object()).unwrap();
    TwinDigest {
        size: file["size"].as_u64().unwrap(),
        sha256: hex::decode_n(file["sha256"].as_str().unwrap()).unwrap(),
        sm3: hex::decode_n(file["sm3"].as_str().unwrap()).unwrap(),
    }
}

pub(super) fn made(verdict: &Value, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut verdict = verdict.clone();
    change(&mut verdict);
    serde_json::to_vec(&verdict).unwrap()
}

pub(super) fn page(verdict: &[u8]) -> String {
    certificate(verdict, Certificate::Preservation, &PaperOptions::new(Lang::Zh)).unwrap()
}

/// `YINZHENG_GOLDEN=write cargo test -p yinzheng paper::` writes them again; look at what changed before you keep it.
#[test]
fn pages_are_the_golden_ones_byte_for_byte() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/paper/golden"));
    for (lang, tail) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for (name, page) in pages(VERDICT.as_bytes(), lang) {
            let (stem, ext) = name.split_once('.').unwrap_or((name, "html"));
            let path = folder.join(format!("{stem}.{tail}.{ext}"));
            if std::env::var_os("YINZHENG_GOLDEN").is_some_and(|said| said == "write") {
                std::fs::write(&path, &page).unwrap();
            }
            let golden = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(golden == page, "{} is another page now", path.display());
        }
    }
}

#[test]
fn nothing_is_loaded_and_the_style_is_the_one_that_the_policy_allows() {
    for (name, page) in pages(VERDICT.as_bytes(), Lang::Zh) {
        if name.ends_with(".csv") {
            continue;
        }
        for outside in ["<script", "src=", "href=", "url(", "@import", "http:", "https:"] {
            assert!(!page.contains(outside), "{name}: {outside}");
        }
        let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        let hash = <base64ct::Base64 as base64ct::Encoding>::encode_string(&Sha256::digest(style));
        let policy = format!("default-src 'none'; style-src 'sha256-{hash}'");
        assert!(page.contains(&policy), "{name}");
        assert!(!page.contains(" style="), "{name}");
    }
}

/// Everything between `<` and `>`, and nothing else: what a browser takes for structure.
fn skeleton(page: &str) -> Vec<&str> {
    let body = page.split("<body>").nth(1).unwrap();
    let tags = body.split('<').skip(1).map(|rest| rest.split('>').next().unwrap());
    tags.filter(|tag| *tag != "wbr").collect()
}

/// Every text that a bank, a customer or an outsider can choose, replaced.
fn replaced(value: &mut Value, text: &str) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|one| replaced(one, text)),
        Value::Object(map) => {
            // Enumerations and references choose what is on the page; a stranger cannot choose them freely.
            let fixed = [
                "status", "sealed", "state", "check", "head", "subject", "id", "kid", "number",
                "ledger", "dossier", "inputs", "profile", "file",
            ];
            for (name, one) in map.iter_mut().filter(|(name, _)| !fixed.contains(&name.as_str())) {
                match one {
                    Value::String(old) if name != "name" || !old.starts_with("subject.") => {
                        *old = text.to_owned();
                    }
                    other => replaced(other, text),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn hostile_text_changes_no_structure_and_hides_nothing() {
    let plain = made(&value(), |verdict| replaced(verdict, "x"));
    let hostile = [
        "</bdi></dd></dl><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "<!--",
        "]]>",
        "<style>*{display:none}</style>",
        "</body></html>",
        "\u{202e}张三\u{202d}",
        "张\u{200b}三\u{2066}",
        "\u{feff}\u{0}\u{7}\u{1b}[2J",
        "&lt;b&gt; &amp; &#x202e;",
        "مثال عربي 123",
        "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        "\r\n\t",
    ];
    for text in hostile {
        let spoilt = made(&value(), |verdict| replaced(verdict, text));
        let options = PaperOptions {
            issuer: Some(text.into()),
            number: Some(text.into()),
            ..PaperOptions::new(Lang::Zh)
        };
        let calm =
            PaperOptions { issuer: Some("x".into()), number: Some("x".into()), ..options.clone() };
        for kind in [Certificate::Preservation, Certificate::Signing] {
            let page = certificate(&spoilt, kind, &options).unwrap();
            let expected = certificate(&plain, kind, &calm).unwrap();
            assert_eq!(skeleton(&page), skeleton(&expected), "{text:?}");
            let hidden = page.chars().find(|c| crate::value::escape::is_hidden(*c) && *c != '\n');
            assert_eq!(hidden, None, "{text:?}");
        }
        let page = list_html(&spoilt, &options).unwrap();
        assert_eq!(skeleton(&page), skeleton(&list_html(&plain, &calm).unwrap()), "{text:?}");
    }
}

#[test]
fn a_long_text_is_not_dropped_silently() {
    let long = "长".repeat(5_000);
    let page = page(&made(&value(), |verdict| verdict["ledgers"][0]["organisation"] = json!(long)));
    assert!(page.contains("5000") && page.contains(&"长".repeat(2_000)));
}

#[test]
fn values_are_masked_unless_they_are_asked_for() {
    let secret = |verdict: &mut Value| {
        let fields = verdict["records"][0]["fields"].as_array_mut().unwrap();
        fields.push(
            json!({"name": "subject.name", "label": {"zh": "姓名", "en": "Name"}, "state": "shown",
            "value": {"zh": "欧阳示例", "en": "欧阳示例"}, "masked": {"zh": "欧***", "en": "欧***"},
            "file": null, "original": "  欧阳示例", "findings": []}),
        );
        fields.push(json!({"name": "x.secret", "label": {"zh": "密", "en": "S"}, "state": "shown",
            "value": {"zh": "不可见之值", "en": "不可见之值"}, "masked": null, "file": null, "original": null, "findings": []}));
    };
    let verdict = made(&value(), secret);
    let masked = page(&verdict);
    assert!(
        masked.contains("欧***") && !masked.contains("欧阳示例") && !masked.contains("不可见之值")
    );
    let options = PaperOptions { full: true, ..PaperOptions::new(Lang::Zh) };
    let full = certificate(&verdict, Certificate::Preservation, &options).unwrap();
    assert!(full.contains("欧阳示例") && full.contains("不可见之值"));
}

#[test]
fn every_certificate_says_what_it_does_not_prove() {
    let bare = made(&value(), |verdict| {
        for part in ["lines", "records", "dossiers", "ledgers"] {
            verdict[part] = json!([]);
        }
    });
    let page = page(&bare);
    assert!(page.contains(words::word("not-1", Lang::Zh)));
    assert!(page.contains(words::word("nothing-after", Lang::Zh)));
}

#[test]
fn what_is_no_verdict_is_refused_and_its_text_is_not_told() {
    let code = |bytes: &[u8]| {
        certificate(bytes, Certificate::Preservation, &PaperOptions::new(Lang::En)).unwrap_err()
    };
    assert_eq!(code(b"").code(), ErrorCode::InvalidVerdict);
    assert_eq!(code(b"[]").code(), ErrorCode::InvalidVerdict);
    for part in ["summary", "inputs", "ledgers", "dossiers", "records", "lines"] {
        let without = made(&value(), |verdict| drop(verdict.as_object_mut().unwrap().remove(part)));
        assert_eq!(code(&without).code(), ErrorCode::InvalidVerdict, "{part}");
    }
    let odd = code(&made(&value(), |verdict| verdict["lines"][0]["status"] = json!("张三的秘密")));
    assert_eq!(odd.code(), ErrorCode::InvalidVerdict);
    assert!(!odd.to_string().contains("张三"), "{odd}");
    let large = vec![b' '; VERDICT_BYTES + 1];
    assert_eq!(code(&large).code(), ErrorCode::LimitExceeded);
}

#[test]
fn what_a_newer_verdict_says_more_is_no_hindrance() {
    let newer = made(&value(), |verdict| {
        verdict["certificates"] = json!([{ "issuer": "CN=x" }]);
        verdict["records"][0]["not_before"] = json!("2026-01-01T00:00:00Z");
        verdict["lines"][0]["more"] = json!(1);
    });
    assert_eq!(page(&newer), page(VERDICT.as_bytes()));
}

#[test]
fn an_annex_is_for_the_sealed_file_only() {
    let options = PaperOptions::new(Lang::Zh);
    let wrong = |change: fn(&mut TwinDigest)| {
        let mut digest = contract();
        change(&mut digest);
        annex(VERDICT.as_bytes(), &digest, &options).unwrap_err().code()
    };
    assert_eq!(wrong(|digest| digest.size += 1), ErrorCode::DigestMismatch);
    assert_eq!(wrong(|digest| digest.sha256[0] ^= 1), ErrorCode::DigestMismatch);
    assert_eq!(wrong(|digest| digest.sm3[31] ^= 1), ErrorCode::DigestMismatch);
    let unsealed = made(&value(), |verdict| {
        for record in verdict["records"].as_array_mut().unwrap() {
            record["sealed"] = json!("NOT_PROVEN");
        }
    });
    let refused = annex(&unsealed, &contract(), &options).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::DigestMismatch);
}

#[test]
fn a_receipt_is_for_a_signed_record_that_is_shown() {
    let options = PaperOptions::new(Lang::Zh);
    let unknown = receipt(VERDICT.as_bytes(), "R-0000", &options).unwrap_err();
    assert_eq!(unknown.code(), ErrorCode::NotFound);
    let number = signed_record();
    let unsigned = made(&value(), |verdict| {
        let lines = verdict["lines"].as_array_mut().unwrap();
        lines.retain(|line| line["check"] != "statement.signature");
    });
    assert_eq!(receipt(&unsigned, &number, &options).unwrap_err().code(), ErrorCode::NotFound);
}

#[test]
fn every_word_is_there_in_both_languages_and_is_used() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/paper");
    let mut sources = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ext| ext == "rs")
            && !path.to_string_lossy().ends_with("tests.rs")
        {
            sources.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    assert!(words::words().words.len() > 50, "the data file does not parse");
    for (id, label) in &words::words().words {
        assert!(!label.zh.is_empty() && !label.en.is_empty(), "{id}");
        assert!(label.en.is_ascii() || label.en.contains(['※', '×']), "{id}: {}", label.en);
        assert!(sources.contains(&format!("\"{id}\"")), "nothing says {id}");
    }
    for call in [".word(", ".cell(", ".term(", ".fact(", ".part("] {
        for rest in sources.split(call).skip(1) {
            let Some(id) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
                continue;
            };
            assert!(words::words().words.contains_key(id), "no word {id}");
        }
    }
    let page = page(VERDICT.as_bytes());
    assert!(!page.contains("<h1></h1>") && !page.contains("<th></th><th></th>"), "an empty word");
    for profile in builtin() {
        let id = profile.id();
        if id != "generic" {
            assert!(words::words().proves.contains_key(id), "what does {id} prove?");
        }
    }
}
