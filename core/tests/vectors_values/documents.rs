//! `profile.json` and `policy.json`: files that verifiers read beside a proof.

use serde_json::json;
use yinzheng::profile::Profile;
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::verify::Policy;

use crate::{common, hex};

const SMALL: &str = r#"{"profile":"test.small","version":3,"label":{"zh":"测试","en":"Test"},"phase":2,"default_offset":"+08:00","fields":[{"name":"a.b","label":{"zh":"甲","en":"A"},"type":"text","class":"C2","keys":["甲"],"disclose":"plain"}],"refused":["悄悄话"],"rules":[]}"#;

/// What is changed in the small profile, by what, and whether format §16 says so; the rest are rules of the library's own.
const PROFILES: &[(&str, &str, &str, bool)] = &[
    ("array", r#"{"profile""#, r#"["profile""#, true),
    ("space-before", r#"{"profile""#, r#" {"profile""#, true),
    ("mark", r#"{"profile""#, "\u{feff}{\"profile\"", true),
    ("trailing", r#""rules":[]}"#, r#""rules":[]}{}"#, false),
    ("cut", r#""rules":[]}"#, r#""rules":[]"#, false),
    ("member-unknown", r#""phase":2"#, r#""phase":2,"colour":"red""#, false),
    ("member-twice", r#""version":3"#, r#""version":3,"version":3"#, false),
    ("no-version", r#""version":3,"#, "", false),
    ("version-fraction", r#""version":3"#, r#""version":3.0"#, false),
    ("version-negative", r#""version":3"#, r#""version":-3"#, false),
    ("name-capital", "test.small", "Test.small", false),
    ("name-empty", "test.small", "", false),
    ("offset", "+08:00", "08:00", false),
    ("type-unknown", r#""type":"text""#, r#""type":"cash""#, false),
    ("class-unknown", r#""class":"C2""#, r#""class":"C4""#, false),
    ("key-empty", r#""keys":["甲"]"#, r#""keys":[""]"#, false),
    ("label-one-language", r#"{"zh":"甲","en":"A"}"#, r#"{"zh":"甲"}"#, false),
    ("refused-nothing", "悄悄话", "-", false),
];

#[test]
fn profile_vectors() {
    let mut cases = vec![
        json!({"name": "small", "text": SMALL, "hex": hex(SMALL), "result": "ok"}),
        json!({"name": "spaced", "text": format!("{SMALL}\n"), "hex": hex(format!("{SMALL}\n")), "result": "ok"}),
    ];
    for (name, from, to, format) in PROFILES {
        assert!(SMALL.contains(from), "{name}");
        let text = SMALL.replacen(from, to, 1);
        let error = Profile::parse(text.as_bytes()).expect_err(name);
        assert_eq!(error.code().name(), "InvalidProfile", "{name}");
        cases.push(json!({"name": name, "text": text, "hex": hex(&text), "result": "InvalidProfile", "format": format}));
    }
    assert!(
        cases
            .iter()
            .filter(|case| case["result"] == "ok")
            .all(|case| { Profile::parse(case["text"].as_str().unwrap().as_bytes()).is_ok() })
    );
    let file = json!({
        "about": "docs/format.md §16. `format` says whether the page asks a reader to refuse it; the others break rules of \
                  core/profiles/README.md, which never change what is proven about bytes.",
        "cases": cases,
    });
    common::assert_blessed("tests/vectors/profile.json", &common::pretty(&file));
}

fn key_line() -> String {
    let key = SoftwareKey::from_seed(SigAlg::P256, &[1; 32]).unwrap();
    format!(r#"{{"cose_key":"{}","role":"notary","name":"x"}}"#, hex(key.public().to_cose_key()))
}

fn refused_policies() -> Vec<(&'static str, String)> {
    let (key, id) = (key_line(), "00".repeat(32));
    let keys = |keys: String| format!(r#"{{"keys":[{keys}]}}"#);
    let ledger = |ledger: &str| format!(r#"{{"ledgers":[{{"id":"{id}",{ledger}}}]}}"#);
    vec![
        ("empty", String::new()),
        ("array", "[]".into()),
        ("trailing", "{} x".into()),
        ("member-unknown", r#"{"unknown":1}"#.into()),
        ("member-twice", r#"{"ledgers":[],"ledgers":[]}"#.into()),
        ("ledger-id-short", r#"{"ledgers":[{"id":"00","hash":"SM3","name":"x"}]}"#.into()),
        ("ledger-hash", ledger(r#""hash":"MD5","name":"x""#)),
        ("ledger-no-name", ledger(r#""hash":"SM3""#)),
        ("ledger-member", ledger(r#""hash":"SM3","name":"x","more":1"#)),
        ("key-twice", keys(format!("{key},{key}"))),
        ("key-role", keys(key.replace("notary", "king"))),
        ("key-user-id", keys(key.replace("\"role\"", "\"sm2_id\":\"x\",\"role\""))),
        ("key-two-forms", keys(key.replace("\"role\"", "\"spki_pem\":\"x\",\"role\""))),
        ("key-cbor", keys(key.replace("cose_key\":\"a5", "cose_key\":\"a4"))),
        ("key-none", keys(r#"{"role":"notary","name":"x"}"#.into())),
        ("key-pem", keys(r#"{"spki_pem":"nonsense","role":"notary","name":"x"}"#.into())),
        ("revoked-list", r#"{"revoked":[["00",0]]}"#.into()),
        ("revoked-hex", r#"{"revoked":[{"thumbprint":"zz","since_ms":0}]}"#.into()),
    ]
}

#[test]
fn policy_vectors() {
    let key = key_line();
    let accepted = [
        ("nothing", "{}".to_owned()),
        ("key", format!(r#"{{"keys":[{key}]}}"#)),
        (
            "ledger",
            format!(r#"{{"ledgers":[{{"id":"{}","hash":"SM3","name":"x"}}]}}"#, "00".repeat(32)),
        ),
        (
            "revoked",
            format!(r#"{{"revoked":[{{"thumbprint":"{}","since_ms":-1}}]}}"#, "0a".repeat(32)),
        ),
    ];
    let mut cases = Vec::new();
    for (name, text) in accepted {
        Policy::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        cases.push(json!({"name": name, "text": text, "hex": hex(&text), "result": "ok"}));
    }
    for (name, text) in refused_policies() {
        let error = Policy::parse(text.as_bytes()).expect_err(name);
        assert_eq!(error.code().name(), "InvalidPolicy", "{name}");
        cases.push(
            json!({"name": name, "text": text, "hex": hex(&text), "result": "InvalidPolicy"}),
        );
    }
    let file = json!({ "about": "docs/verdicts.md: policies, JSON as text.", "cases": cases });
    common::assert_blessed("tests/vectors/policy.json", &common::pretty(&file));
}
