//! Pages for courts, and archives of originals.

use super::*;

pub(super) const AT: &str = "2026-11-29T00:00:00Z";

fn index(place: &Place) -> Value {
    parse(&String::from_utf8(place.read("out/index.json")).unwrap())
}

pub(super) fn dossier(place: &Place) -> String {
    index(place)["dossier"].as_str().unwrap().to_owned()
}

fn page(place: &Place, more: &[&str]) -> String {
    let args = ["paper", more[0], "out/dossier.yzp", "--at", AT, "-o", "page", "--force"];
    let args: Vec<&str> = args.into_iter().chain(more[1..].iter().copied()).collect();
    place.ok(&args);
    String::from_utf8(place.read("page")).unwrap()
}

#[test]
fn certificates_are_the_same_from_a_proof_and_from_its_verdict() {
    let (place, _) = Place::sealed("credit-loan");
    let policy = ["--policy", "out/policy.json"];
    let page = page(&place, &[&["certificate"], &policy[..]].concat());
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains(&dossier(&place)));
    let verdict =
        place.json(&["verify", "out/dossier.yzp", "--policy", "out/policy.json", "--at", AT]);
    place.write("verdict.json", &verdict.to_string());
    place.ok(&["paper", "certificate", "verdict.json", "-o", "again.html"]);
    assert!(place.read("again.html") == page.as_bytes());
    place.fails(2, &["paper", "certificate", "verdict.json", "-o", "again.html"]);
    // Of a policy or a time that is given to a verdict nothing would be seen on the page.
    let id = format!("sha256:{}=x", "0".repeat(64));
    for more in [["--at", AT], policy, ["--trust", &id]] {
        let said = place.fails(
            2,
            &[&["paper", "certificate", "verdict.json", "-o", "n.html"], &more[..]].concat(),
        );
        assert!(said.contains("--policy, --trust or --at"), "{said}");
    }
    assert!(!place.path("n.html").exists());
}

#[test]
fn pages_mask_what_the_proof_shows_unless_told_otherwise() {
    let (place, _) = Place::sealed("credit-loan");
    place.ok(&[
        "prove",
        &dossier(&place),
        "--ledger",
        "out/ledgers",
        "--disclose",
        "all",
        "-o",
        "all.yzp",
    ]);
    let make = |more: &[&str]| {
        let args = ["paper", "certificate", "all.yzp", "--at", AT, "-o", "p.html", "--force"];
        place.ok(&args.into_iter().chain(more.iter().copied()).collect::<Vec<_>>());
        String::from_utf8(place.read("p.html")).unwrap()
    };
    let masked = make(&[]);
    assert!(masked.contains("139****") && !masked.contains("13900000001"));
    assert!(make(&["--full"]).contains("13900000001"));
}

#[test]
fn lists_annexes_and_receipts() {
    let (place, _) = Place::sealed("credit-loan");
    let originals = format!("{}/attachments", example("credit-loan"));
    let csv = ["paper", "list", "out/dossier.yzp", "--originals", &originals, "-o", "list.csv"];
    place.ok(&csv);
    let list = String::from_utf8(place.read("list.csv")).unwrap();
    assert!(list.starts_with("\u{feff}\"No.\"") && list.contains("digest fits"));
    assert!(!list.contains("not attached"));
    let contract = format!("{originals}/loan-agreement.txt");
    let annex = page(&place, &["annex", "--contract", &contract]);
    assert!(annex.contains("both digests of this file"));
    place.write("other.txt", "another contract");
    let annex = ["paper", "annex", "out/dossier.yzp", "--contract", "other.txt", "-o", "a.html"];
    place.fails(1, &annex);
    assert!(!place.path("a.html").exists());
    let steps = index(&place)["steps"].as_array().unwrap().clone();
    let record = |id: &str| {
        let step = steps.iter().find(|step| step["id"] == id).unwrap();
        step["record"].as_str().unwrap().to_owned()
    };
    assert!(page(&place, &["receipt", "--record", &record("s12")]).contains(&record("s12")));
    let unsigned = record("s13");
    place.fails(2, &["paper", "receipt", "out/dossier.yzp", "--record", &unsigned, "-o", "r.html"]);
}

#[test]
fn an_archive_of_originals_is_compared_with_the_ledger() {
    let (place, _) = archive();
    let check = ["check", "--originals", "archive", "--ledger", "out/ledgers/core.db"];
    let fine = place.json(&check);
    assert!(fine["fit"].as_u64() > Some(3) && fine["absent"].as_array().unwrap().is_empty());
    let path = place.path("archive/loan-agreement.txt");
    let mut bytes = fs::read(&path).unwrap();
    bytes[10] ^= 1;
    fs::write(&path, bytes).unwrap();
    let spoilt = place.run(&[&check[..], &["--json"]].concat());
    let said = parse(&spoilt.out);
    assert_eq!((spoilt.code, said["absent"].as_array().unwrap().len()), (1, 1));
    assert!(said["foreign"].to_string().contains("loan-agreement.txt"));
}

/// The example's ledger as its host opens it to erase.
#[allow(clippy::unwrap_used)]
fn hosts(place: &Place) -> yinzheng::ledger::Ledger {
    use yinzheng::vault::{VaultKey, VaultSuite};
    let line = String::from_utf8(place.read("out/ledgers/core.vault-key")).unwrap();
    let (name, digits) = line.trim_end().split_once(' ').unwrap();
    let suite = *VaultSuite::ALL.iter().find(|suite| suite.name() == name).unwrap();
    let key = VaultKey::from_slice(suite, &yinzheng::hash::hex::decode(digits).unwrap()).unwrap();
    let options = yinzheng::ledger::OpenOptions {
        vault_key: Some(key),
        expected_head: None,
        environment: yinzheng::ledger::Environment::default(),
        now: yinzheng::time::TimeClaim::declared(8),
        read_only: false,
    };
    let store = yinzheng::store::SqliteStore::open(place.path("out/ledgers/core.db")).unwrap();
    yinzheng::ledger::Ledger::open(Box::new(store), options).unwrap()
}

/// An example with its archive of originals, and the sequence numbers of records that name one.
#[allow(clippy::unwrap_used)]
fn archive() -> (Place, Vec<u64>) {
    let (place, _) = Place::sealed("credit-loan");
    fs::create_dir(place.path("archive")).unwrap();
    for file in fs::read_dir(format!("{}/attachments", example("credit-loan"))).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), place.path("archive").join(file.file_name())).unwrap();
    }
    let ledger = hosts(&place);
    let names = |sequence: &u64| {
        let values = ledger.disclosures(*sequence).unwrap_or_default();
        values.iter().any(|value| {
            matches!(value.value.parsed(), Some(yinzheng::value::Parsed::Attachment(_)))
        })
    };
    let named = (0..ledger.status().unwrap().entries).filter(names).collect();
    drop(ledger);
    (place, named)
}

const CHECK: [&str; 6] =
    ["check", "--originals", "archive", "--ledger", "out/ledgers/core.db", "--json"];

#[test]
fn records_that_were_erased_are_counted_and_do_not_spoil_the_archive() {
    use yinzheng::entry::TombstoneReason;
    use yinzheng::ledger::{EraseRequest, EraseTarget};
    let (place, named) = archive();
    let erase = |target| {
        let request = EraseRequest {
            target,
            reason: TombstoneReason::PersonsRequest,
            reference: "请求 42".into(),
            time: yinzheng::time::TimeClaim::declared(8),
        };
        hosts(&place).erase(&request).unwrap();
    };
    erase(EraseTarget::Records(vec![named[0]]));
    let name = hosts(&place).disclosures(named[1]).unwrap()[0].name.clone();
    erase(EraseTarget::Fields(named[1], vec![name]));
    let said = place.json(&CHECK[..5]);
    assert_eq!((said["erased"].as_u64(), said["lost"].to_string()), (Some(2), "[]".into()));
    let page = ["page", "--ledger", "out/ledgers/core.db", "--at", AT, "-o", "core.html"];
    assert_eq!(place.json(&page)["values_gone"].as_u64(), Some(1));
}

#[test]
fn a_restricted_record_is_counted_and_stops_neither_the_archive_nor_the_page() {
    use yinzheng::entry::{HoldAction, HoldReason};
    let (place, named) = archive();
    let hold = yinzheng::ledger::HoldRequest {
        action: HoldAction::Restrict,
        records: vec![named[0]],
        reason: HoldReason::Dispute,
        reference: "案 7".into(),
        time: yinzheng::time::TimeClaim::declared(8),
    };
    hosts(&place).hold(&hold).unwrap();
    let run = place.run(&CHECK);
    let said = parse(&run.out);
    assert_eq!((run.code, said["restricted"].as_array().map(Vec::len)), (3, Some(1)));
    assert!(!place.run(&CHECK[..5]).out.contains('✓'));
    let page = ["page", "--ledger", "out/ledgers/core.db", "--at", AT, "-o", "core.html"];
    assert_eq!(place.json(&page)["values_restricted"].as_u64(), Some(1));
}

#[test]
fn values_that_are_lost_are_not_taken_for_erased_ones() {
    use yinzheng::store::{Changes, SqliteStore, Store};
    let (place, named) = archive();
    let mut store = SqliteStore::open(place.path("out/ledgers/core.db")).unwrap();
    store.apply(&Changes { erased: named.clone(), ..Changes::default() }).unwrap();
    drop(store);
    let run = place.run(&CHECK);
    let said = parse(&run.out);
    assert_eq!((run.code, said["lost"].as_array().map(Vec::len)), (1, Some(named.len())));
    assert!(!place.run(&CHECK[..5]).out.contains('✓'));
}

#[test]
fn a_ledgers_page_tells_how_it_stands_and_alarms() {
    let (place, _) = Place::sealed("credit-loan");
    let make =
        ["page", "--ledger", "out/ledgers/core.db", "--at", AT, "-o", "core.html", "--force"];
    assert!(place.json(&make)["alarms"].as_array().unwrap().is_empty());
    let page = String::from_utf8(place.read("core.html")).unwrap();
    assert!(page.contains("loan.repayment") && !page.contains("13900000001"));
    place.write("alarms.json", r#"{"blocks_without_outside": 1, "unsealed_entries": 1000000}"#);
    let alarmed = place.run(&[&make[..], &["--thresholds", "alarms.json", "--json"]].concat());
    let alarms = parse(&alarmed.out)["alarms"].as_array().unwrap().clone();
    assert_eq!((alarmed.code, alarms.len()), (1, 1));
    assert_eq!(alarms[0]["alarm"], "blocks-without-outside");
    place.write("alarms.json", r#"{"unknown": 1}"#);
    place.fails(2, &[&make[..], &["--thresholds", "alarms.json"]].concat());
}
