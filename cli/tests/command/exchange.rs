//! Bundles, replicas, receipts, kits.

use super::*;

#[test]
fn a_bundle_makes_a_replica_and_may_come_again() {
    let (place, _) = Place::sealed("credit-loan");
    let phone = ["--ledger", "out/ledgers/phone.db"];
    place.ok(&["export", phone[0], phone[1], "-o", "phone.yzb"]);
    place.ok(&["verify", "phone.yzb", "--policy", "out/policy.json", "--require", "ledger.origin"]);
    assert!(place.ok(&["show", "phone.yzb"]).contains("0..8"));
    let first = place.json(&["import", "phone.yzb", "--ledger", "replica.db"]);
    assert_eq!((first["imported"].as_u64(), first["known"].as_u64()), (Some(9), Some(0)));
    let again = place.json(&["import", "phone.yzb", "--ledger", "replica.db"]);
    assert_eq!((again["imported"].as_u64(), again["known"].as_u64()), (Some(0), Some(9)));
    place.ok(&["check", "--ledger", "replica.db"]);
    let records = place.json(&["list", "records", "--ledger", "replica.db"]);
    let number = records["records"][0]["record"].as_str().unwrap();
    assert!(place.ok(&["show", number, "--ledger", "replica.db"]).contains("Legal agreement"));
    let part =
        place.json(&["export", phone[0], phone[1], "--from", "3", "--to", "5", "-o", "part.yzb"]);
    assert_eq!(part["blocks"], 3);
    assert!(place.fails(1, &["import", "part.yzb", "--ledger", "gap.db"]).contains("[504]"));
    assert!(!place.path("gap.db").exists(), "nothing was kept, nothing lies about");
    place.fails(2, &["import", "phone.yzb", "--ledger", "out/ledgers/phone.db"]);
    place.ok(&["export", "--ledger", "out/ledgers/core.db", "-o", "core.yzb"]);
    place.fails(2, &["import", "core.yzb", "--ledger", "replica.db"]);
}

#[test]
fn a_spoilt_bundle_is_not_taken_in() {
    let (place, _) = Place::sealed("refused-application");
    let bank = ["--ledger", "out/ledgers/bank.db"];
    place.ok(&["export", bank[0], bank[1], "-o", "good.yzb"]);
    assert!(place.fails(2, &["export", bank[0], bank[1], "-o", "good.yzb"]).contains("--force"));
    place.fails(2, &["export", bank[0], bank[1], "-o", "x.yzb", "--from", "9"]);
    place.fails(2, &["export", bank[0], bank[1], "-o", "x.yzb", "--to", "99"]);
    let good = place.read("good.yzb");
    for at in (0..good.len()).step_by(good.len() / 30) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        fs::write(place.path("bad.yzb"), &bytes).unwrap();
        let verified = place.run(&["verify", "bad.yzb"]);
        assert!(verified.code == 1 || verified.code == 2, "byte {at}: {}", verified.out);
        let taken = place.run(&["import", "bad.yzb", "--ledger", "bad.db"]);
        assert!(
            taken.code == 1 || taken.code == 2 || taken.code == 5,
            "byte {at}: {} {}",
            taken.code,
            taken.err
        );
        for name in ["bad.db", "bad.db-wal", "bad.db-shm"] {
            drop(fs::remove_file(place.path(name)));
        }
    }
    fs::write(place.path("cut.yzb"), &good[..good.len() - 1]).unwrap();
    assert_ne!(place.run(&["verify", "cut.yzb"]).code, 0);
    place.fails(2, &["import", "none.yzb", "--ledger", "x.db"]);
}

#[test]
fn a_receipt_travels_with_its_entry() {
    let (place, _) = Place::sealed("refused-application");
    let bank = ["--ledger", "out/ledgers/bank.db"];
    let told = place.json(&["export", bank[0], bank[1], "--receipt", "4", "-o", "r.cbor"]);
    let receipt = yinzheng::block::Receipt::parse(&place.read("r.cbor")).unwrap();
    assert_eq!(receipt.sequence(), told["sequence"].as_u64());
    receipt.root(&place.read("r.entry.cbor")).unwrap();
    assert!(place.ok(&["show", "r.entry.cbor"]).contains("digest"));
    place.fails(2, &["export", bank[0], bank[1], "--receipt", "99", "-o", "x.cbor"]);
    place.fails(2, &["export", bank[0], bank[1], "--receipt", "block:1", "-o", "x.cbor"]);
}

#[test]
fn a_platform_is_told_of_a_record() {
    let (place, _) = Place::sealed("credit-loan");
    let index = parse(&String::from_utf8(place.read("out/index.json")).unwrap());
    let record = index["steps"][0]["record"].as_str().unwrap();
    let deposit = |record: &str, more: &[&str]| {
        let mut words = vec!["export", "--deposit", record, "-o", "deposit.json"];
        words.extend(more);
        place.run(&words)
    };
    let proof = ["--proof", "out/dossier.yzp", "--platform", "btoe"];
    assert_eq!(deposit("R-0000-0000-0000-0000-0000-0000-0000", &proof).code, 2, "not in it");
    assert_eq!(deposit(record, &["--proof", "out/dossier.yzp", "--platform", "nobody"]).code, 2);
    assert_eq!(deposit(record, &proof[..2]).code, 2, "no platform");
    assert_eq!(deposit(record, &proof[2..]).code, 2, "no proof");
    assert_eq!(deposit(record, &["--kit", record, proof[0], proof[1], proof[2], proof[3]]).code, 2);
    assert_eq!(place.run(&["export", proof[0], proof[1], "-o", "x"]).code, 2, "about nothing");
    assert!(!place.path("deposit.json").exists() && !place.path("x").exists());
    assert_eq!(deposit(record, &proof).code, 0);
    let told = parse(&String::from_utf8(place.read("deposit.json")).unwrap());
    assert_eq!(told["BusinessId"], record);
}

#[test]
fn a_kit_is_written_from_a_ledger_or_a_proof() {
    let (place, _) = Place::sealed("credit-loan");
    let index = parse(&String::from_utf8(place.read("out/index.json")).unwrap());
    let record = index["steps"][0]["record"].as_str().unwrap();
    let phone = ["--ledger", "out/ledgers/phone.db"];
    place.ok(&["export", phone[0], phone[1], "--kit", record, "-o", "kit"]);
    place.ok(&["export", "--kit", record, "--proof", "out/dossier.yzp", "-o", "kit2"]);
    // A ledger's kit shows no values; a proof's has what the proof shows, besides.
    let commands =
        |kit: &str| String::from_utf8(place.read(&format!("{kit}/COMMANDS.txt"))).unwrap();
    assert!(
        commands("kit2").contains("value-01.cbor") && !commands("kit").contains("value-01.cbor")
    );
    for line in commands("kit").lines() {
        assert!(commands("kit2").contains(line), "{line}");
    }
    for name in ["entry.cbor", "receipt.cbor"] {
        assert_eq!(
            place.read(&format!("kit/{name}")),
            place.read(&format!("kit2/{name}")),
            "{name}"
        );
    }
    assert!(commands("kit").contains("openssl"));
    assert!(
        place
            .fails(2, &["export", phone[0], phone[1], "--kit", record, "-o", "kit"])
            .contains("--force")
    );
    place.fails(2, &["export", "--kit", "R-1", "--proof", "out/dossier.yzp", "-o", "kit3"]);
    let absent = "R-0000-0000-0000-0000-0000-0000-0000";
    place.fails(2, &["export", "--kit", absent, "--proof", "out/dossier.yzp", "-o", "kit3"]);
}
