//! `attach`, `backup` and `sd-jwt`.

use yinzheng::anchor::{Claim, CountersignatureDraft};
use yinzheng::ledger::{Environment, Ledger, OpenOptions};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::statement::Role;
use yinzheng::store::SqliteStore;
use yinzheng::time::TimeClaim;

use super::*;

/// A notary's word over the newest block of a ledger.
fn countersigned(ledger: &Path, notary: &SoftwareKey) -> Vec<u8> {
    let options = OpenOptions {
        vault_key: None,
        expected_head: None,
        environment: Environment::default(),
        now: TimeClaim::declared(1_790_000_000_000),
        read_only: true,
    };
    let store = Box::new(SqliteStore::open_read_only(ledger).unwrap());
    let head = Ledger::open(store, options).unwrap().head_state().unwrap();
    let draft = CountersignatureDraft::new(
        &head,
        Claim::Extends,
        &TimeClaim::declared(1_790_000_000_000),
        notary.public(),
        "示例公证处",
        Some(Role::Notary),
    );
    draft.finish(notary.sign(&draft.to_be_signed()).unwrap().bytes()).unwrap()
}

#[test]
fn a_countersignature_is_kept_and_travels_in_proofs() {
    let (place, _) = Place::sealed("credit-loan");
    let core = "out/ledgers/core.db";
    let notary = SoftwareKey::from_seed(SigAlg::P256, &[7; 32]).unwrap();
    let word = countersigned(&place.path(core), &notary);
    fs::write(place.path("word.cbor"), &word).unwrap();
    let told = place.json(&["attach", "word.cbor", "--ledger", core]);
    assert_eq!(told["attached"][0]["issuer"], "示例公证处");
    // Once, however often it is handed in.
    place.ok(&["attach", "word.cbor", "word.cbor", "--ledger", core]);
    let number =
        place.json(&["list", "dossiers", "--ledger", core])["dossiers"][0]["dossier"].clone();
    place.ok(&[
        "prove",
        number.as_str().unwrap(),
        "--ledger",
        core,
        "--head",
        "witnessed",
        "-o",
        "p.yzp",
    ]);
    let run = place.run(&["verify", "p.yzp", "--json"]);
    let verdict: Value = serde_json::from_str(&run.out).unwrap();
    let lines = verdict["lines"].as_array().unwrap().iter();
    let found: Vec<&Value> =
        lines.filter(|line| line["check"] == "outside.countersignature").collect();
    assert_eq!(found.len(), 1, "{found:?}");
    let number = number.as_str().unwrap();
    let pack = |ledger: &str| {
        let to = ["--head", "witnessed", "-o", "p.zip"];
        place
            .run(&[&["package", number, "--for", "court", "--ledger", ledger], &to[..]].concat())
            .code
    };
    assert_eq!([pack("out/ledgers/phone.db"), pack(core)], [2, 0], "nobody saw the phone's blocks");
    // Another ledger's, a spoilt one and none at all are not kept, nor is what comes with them.
    for bytes in [&b""[..], b"junk", &word[..word.len() - 1]] {
        fs::write(place.path("bad.cbor"), bytes).unwrap();
        place.fails(2, &["attach", "word.cbor", "bad.cbor", "--ledger", core]);
    }
    let said = place.fails(2, &["attach", "word.cbor", "--ledger", "out/ledgers/phone.db"]);
    assert!(said.contains("fork"), "{said}");
    place.fails(2, &["attach", "none.cbor", "--ledger", core]);
    place.ok(&["check", "--ledger", core]);
}

#[test]
fn a_backup_is_the_ledger_as_it_stood() {
    let (place, _) = Place::sealed("credit-loan");
    let core = "out/ledgers/core.db";
    let told = place.json(&["backup", "copy.db", "--ledger", core]);
    place.ok(&["check", "--ledger", "copy.db"]);
    let records =
        |ledger: &str| place.json(&["list", "records", "--ledger", ledger])["records"].clone();
    assert_eq!(records("copy.db"), records(core));
    assert!(told["blocks"].as_u64().unwrap() > 0 && told["head"]["block_hash"].is_string());
    place.fails(2, &["backup", "copy.db", "--ledger", core]);
    place.fails(2, &["backup", "other.db", "--ledger", "nothing.db"]);
    assert!(!place.path("other.db").exists());
}

#[test]
fn disclosed_values_are_issued_as_an_sd_jwt() {
    let (place, _) = Place::sealed("credit-loan");
    let core = "out/ledgers/core.db";
    for alg in ["p256", "ed25519", "sm2"] {
        place.ok(&["keygen", alg, "-o", alg]);
    }
    let number = place.json(&["list", "records", "--ledger", core])["records"][0]["record"].clone();
    let number = number.as_str().unwrap();
    place.ok(&["prove", number, "--ledger", core, "--disclose", "all", "-o", "all.yzp"]);
    place.ok(&["prove", number, "--ledger", core, "--disclose", "none", "-o", "none.yzp"]);
    let issue = |proof: &str, alg: &str, more: &[&str]| {
        let key = format!("{alg}.key.pem");
        let args =
            ["sd-jwt", number, "--proof", proof, "--key", &key, "--issuer", "https://bank.example"];
        place.run(&[&args[..], &["-o", "x.sd-jwt", "--force", "--json"], more].concat())
    };
    let claims = |run: Run| parse(&run.out)["claims"].as_u64().unwrap();
    let all = claims(issue("all.yzp", "p256", &[]));
    assert!(all > 3);
    let text = String::from_utf8(place.read("x.sd-jwt")).unwrap();
    assert_eq!(text.matches('~').count() as u64, all + 1);
    assert_eq!(
        claims(issue(
            "all.yzp",
            "ed25519",
            &["--holder", "p256.public.pem", "--at", "2026-11-25T10:00:00+08:00"]
        )),
        all
    );
    assert_eq!(claims(issue("none.yzp", "p256", &[])), 0);
    assert_eq!(issue("all.yzp", "sm2", &[]).code, 5);
    assert_eq!(issue("all.yzp", "p256", &["--holder", "all.yzp"]).code, 2);
    assert_eq!(issue("all.yzp", "nobody", &[]).code, 5);
    let other =
        ["sd-jwt", "12", "--proof", "all.yzp", "--key", "p256.key.pem", "--issuer", "x", "-o", "y"];
    place.fails(2, &other);
    assert!(!place.path("y").exists());
}
