//! Sealing single messages into the default ledger, or into one that is named.

use super::*;

const LOAN: &str =
    r#"{"借据号":"JJ1","借款金额":"5000.00","还款期数":"12","GPS":"39.9, 116.4","我行字段":"x"}"#;

#[test]
fn the_default_ledger_is_made_when_there_is_none() {
    let place = Place::new();
    place.write("m.json", LOAN);
    let first = place.run(&["seal", "m.json", "--profile", "loan.disbursement"]);
    assert_eq!(first.code, 0, "{}", first.err);
    for said in ["software key", "R-", "D-", "block 0", "no geodetic datum", "Disbursement"] {
        assert!(first.out.contains(said), "{said}: {}", first.out);
    }
    assert!(
        place.path("home/ledger.db").is_file() && place.path("home/SOFTWARE-KEYS.txt").is_file()
    );
    let second = place.json(&["seal", "m.json", "--profile", "loan.disbursement"]);
    assert_eq!(second["ledger_created"], false);
    assert_eq!(second["sealed_in_block"], 1);
    let findings = second["findings"]["device.location"].to_string();
    assert!(findings.contains("no-datum"), "{findings}");
    assert_eq!(place.json(&["list"])["blocks"], 2);
    place.ok(&["check"]);
}

#[test]
fn a_business_id_is_one_record_and_a_dossier_goes_on() {
    let place = Place::new();
    place.write("a.json", r#"{"a":"1"}"#).write("b.json", r#"{"a":"2"}"#);
    let first = place.json(&["seal", "a.json", "--business-id", "loan-1"]);
    let again = place.json(&["seal", "a.json", "--business-id", "loan-1"]);
    assert_eq!((&again["record"], &again["replayed"]), (&first["record"], &Value::Bool(true)));
    let told = place.fails(2, &["seal", "b.json", "--business-id", "loan-1"]);
    assert!(told.contains("[501]"), "{told}");
    let (record, dossier) = (first["record"].as_str().unwrap(), first["dossier"].as_str().unwrap());
    let next = place.json(&[
        "seal",
        "b.json",
        "--dossier",
        dossier,
        "--cite",
        record,
        "--supersedes",
        record,
    ]);
    assert_eq!((&next["place"], &next["dossier"]), (&Value::from(1), &first["dossier"]));
    let shown = place.ok(&["show", next["record"].as_str().unwrap()]);
    assert!(shown.contains("corrects") && shown.contains(record), "{shown}");
}

#[test]
fn appended_is_not_sealed_until_a_block_is() {
    let place = Place::new();
    place.write("a.json", r#"{"a":"1"}"#);
    let appended = place.json(&["seal", "a.json", "--append-only"]);
    assert!(appended["sealed_in_block"].is_null());
    let record = appended["record"].as_str().unwrap();
    assert!(place.fails(2, &["prove", record]).contains("seal --block"));
    assert!(place.ok(&["show", record]).contains("not sealed"));
    assert!(place.ok(&["seal", "--block"]).contains("block 0"));
    assert!(place.ok(&["seal", "--block"]).contains("Nothing waits"));
    place.ok(&["prove", record]);
}

#[test]
fn what_cannot_be_kept_or_read_is_refused_without_its_value() {
    let place = Place::new();
    for (message, said) in [
        (r#"{"支付密码":"246810"}"#, "[103]"),
        (r#"{"短信验证码":"246810"}"#, "[103]"),
        (r#"{"CVV2":"246810"}"#, "[103]"),
        (r#"{"a":"246810","a":"2"}"#, "[105]"),
        (r#"["246810"]"#, "[105]"),
        ("246810", "[105]"),
    ] {
        place.write("m.json", message);
        let told = place.fails(2, &["seal", "m.json"]);
        assert!(told.contains(said), "{message}: {told}");
        assert!(!told.contains("246810"), "{told}");
    }
}

#[test]
fn slips_of_the_pen_are_told() {
    let place = Place::new();
    place.write("m.json", r#"{"a":"1"}"#);
    assert!(place.fails(2, &["seal", "m.json", "--profile", "loan.disbursment"]).contains("loan"));
    place.fails(2, &["seal", "m.json", "--attach", "a"]);
    place.fails(2, &["seal", "m.json", "--attach", "doc=none.pdf"]);
    place.fails(2, &["seal", "m.json", "--dossier", "D-1"]);
    place.fails(2, &["seal", "m.json", "--cite", "R-1"]);
    place.fails(2, &["seal", "m.json", "--happened", "no.such.field"]);
    place.fails(2, &["seal", "none.json"]);
    assert_eq!(place.run(&["seal"]).code, 2);
    assert!(!place.path("home").exists(), "no ledger is made for what cannot be sealed");
}

#[test]
fn one_writer_at_a_time() {
    let place = Place::new();
    place.write("m.json", r#"{"a":"1"}"#);
    place.ok(&["seal", "m.json"]);
    let held = yinzheng::store::SqliteStore::open(place.path("home/ledger.db")).unwrap();
    assert!(place.fails(4, &["seal", "m.json"]).contains("[602]"));
    place.ok(&["list"]);
    drop(held);
    place.ok(&["seal", "m.json"]);
}
