//! Listing, showing, checking.

use super::*;

#[test]
fn a_ledger_is_listed_from_every_side() {
    let (place, _) = Place::sealed("credit-loan");
    let ledger = ["--ledger", "out/ledgers/phone.db"];
    let json = |what: &str| place.json(&["list", what, ledger[0], ledger[1]]);
    assert_eq!(json("ledger")["hash"], "SHA-256");
    assert_eq!(json("dossiers")["dossiers"].as_array().unwrap().len(), 1);
    let records = json("records")["records"].as_array().unwrap().clone();
    assert_eq!(records.len(), 8);
    assert_eq!(records[0]["signed_by"], "customer");
    assert_eq!(json("blocks")["blocks"].as_array().unwrap().len(), 9);
    let keys = json("keys")["keys"].as_array().unwrap().clone();
    assert_eq!(keys.len(), 2);
    assert!(keys.iter().any(|key| key["role"] == "customer" && key["state"] == "in force"));
    let dossier = records[0]["dossier"].as_str().unwrap();
    let some = place.json(&[
        "list",
        "records",
        "--dossier",
        dossier,
        "--limit",
        "3",
        ledger[0],
        ledger[1],
    ]);
    assert_eq!(some["records"].as_array().unwrap().len(), 3);
    for what in ["ledger", "dossiers", "records", "blocks", "keys"] {
        assert!(place.ok(&["list", what, ledger[0], ledger[1]]).lines().count() > 1, "{what}");
    }
    place.fails(2, &["list", "records", "--from", "x", ledger[0], ledger[1]]);
    place.fails(2, &["list", "--ledger", "none.db"]);
    place.fails(2, &["list", "--ledger", "out/ledgers"]);
    place.write("text.db", "this is no ledger at all, only some text in a file");
    place.fails(4, &["list", "--ledger", "text.db"]);
}

#[test]
fn records_entries_blocks_dossiers_and_files_are_shown() {
    let (place, _) = Place::sealed("credit-loan");
    let core = ["--ledger", "out/ledgers/core.db"];
    let records =
        place.json(&["list", "records", core[0], core[1]])["records"].as_array().unwrap().clone();
    let record = records[5]["record"].as_str().unwrap();
    let shown = place.ok(&["show", record, core[0], core[1]]);
    for said in ["Disbursement", "5000.00 CNY", "withheld", "spaces before or after it", "****0182"]
    {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    assert!(!shown.contains("13900000001"), "what the profile withholds is not shown unasked");
    assert!(
        place.ok(&["show", record, "--disclose", "all", core[0], core[1]]).contains("13900000001")
    );
    let bare = place.json(&["show", record, "--disclose", "none", core[0], core[1]]);
    assert!(bare["fields"].as_array().unwrap().iter().all(|field| field["state"] == "withheld"));
    assert!(place.ok(&["show", "0", core[0], core[1]]).contains("genesis"));
    assert!(place.ok(&["show", "block:1", core[0], core[1]]).contains("Credit query"));
    let dossier = records[0]["dossier"].as_str().unwrap();
    assert!(place.ok(&["show", dossier, core[0], core[1]]).contains("Matter closed"));
    let digest = place.json(&["show", record, core[0], core[1]])["entry"]["digest"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(place.ok(&["show", &digest, core[0], core[1]]), shown, "by digest as by number");
    let proof = place.ok(&["show", "out/dossier.yzp"]);
    assert!(proof.contains("Disbursement") && proof.contains("only what it says"), "{proof}");
    let without =
        place.ok(&["show", record, core[0], core[1], "--vault-key", "out/ledgers/core.vault-key"]);
    assert_eq!(without, shown);
    fs::rename(place.path("out/ledgers/core.vault-key"), place.path("elsewhere")).unwrap();
    let closed = place.ok(&["show", record, core[0], core[1]]);
    assert!(closed.contains("--vault-key") && !closed.contains("5000.00"), "{closed}");
    place.fails(2, &["show", "block:99", core[0], core[1]]);
    place.fails(2, &["show", "99", core[0], core[1]]);
    place.fails(2, &["show", "R-1", core[0], core[1]]);
    place.fails(2, &["show", record, "--ledger", "out/ledgers/phone.db"]);
    place.write("rubbish.yzp", "rubbish");
    place.fails(2, &["show", "rubbish.yzp"]);
}

#[test]
fn hidden_characters_are_written_out() {
    let place = Place::new();
    let message = "{\"甲\\u202e乙\":\"x\"}";
    place.write("bad.json", message);
    place.fails(2, &["seal", "bad.json"]);
    place.write("m.json", "{\"甲\":\"张\\u202e三\\u200b \\u001b[31m\"}");
    let record = place.json(&["seal", "m.json", "--organisation", "示范\u{202e}银行"])["record"]
        .as_str()
        .unwrap()
        .to_owned();
    place.ok(&["prove", &record, "--disclose", "all", "-o", "p.yzp"]);
    for args in [
        vec!["show", &record, "--disclose", "all"],
        vec!["show", "0"],
        vec!["list"],
        vec!["show", "p.yzp"],
        vec!["verify", "p.yzp"],
        vec!["verify", "p.yzp", "--verbose"],
    ] {
        let out = place.ok(&args);
        for hidden in ['\u{202e}', '\u{200b}', '\u{1b}'] {
            assert!(!out.contains(hidden), "{args:?}: {}", hidden.escape_unicode());
        }
    }
    let shown = place.ok(&["show", &record, "--disclose", "all"]);
    assert!(shown.contains("张\\u{202e}三\\u{200b}"), "{shown}");
}

#[test]
fn a_whole_ledger_is_checked() {
    let (place, _) = Place::sealed("credit-loan");
    let db = "out/ledgers/core.db";
    let fine = place.json(&["check", "--ledger", db]);
    assert_eq!((fine["fine"].as_bool(), fine["blocks"].as_u64()), (Some(true), Some(8)));
    assert!(fine["values"].as_u64().unwrap() > 100);
    let head = place.json(&["list", "--ledger", db])["head"].clone();
    let mirror = format!("{}:{}", head["height"], head["block_hash"].as_str().unwrap());
    place.ok(&["check", "--ledger", db, "--head", &mirror]);
    let newer = mirror.replacen("7:", "8:", 1);
    assert!(place.fails(1, &["check", "--ledger", db, "--head", &newer]).contains("[503]"));
    let other = format!("7:{}", "0".repeat(64));
    place.fails(1, &["check", "--ledger", db, "--head", &other]);
    place.fails(2, &["check", "--ledger", db, "--head", "7"]);
    place.fails(2, &["check", "--ledger", "none.db"]);
}

#[test]
fn damage_in_the_file_is_found() {
    let (place, _) = Place::sealed("refused-application");
    let path = place.path("out/ledgers/bank.db");
    let good = fs::read(&path).unwrap();
    let record =
        place.json(&["list", "records", "--ledger", text(&path)])["records"][0]["record"].clone();
    assert!(record.is_string());
    // A name of a field stands in clear in the entry: that page is changed, and no other.
    let at = good.windows(12).position(|bytes| bytes == b"subject.name").unwrap();
    let mut bytes = good.clone();
    bytes[at] ^= 0x20;
    fs::write(&path, &bytes).unwrap();
    let run = place.run(&["check", "--ledger", text(&path)]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(
        run.out.contains("something is wrong") && run.out.contains("Keep the files"),
        "{}",
        run.out
    );
    let json = place.run(&["check", "--ledger", text(&path), "--json"]);
    assert_eq!(parse(&json.out)["fine"], false);
    fs::write(&path, &good).unwrap();
    place.ok(&["check", "--ledger", text(&path)]);
}
