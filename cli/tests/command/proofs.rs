//! Making proofs and checking them.

use super::*;

/// Number of the record of a step.
fn record(place: &Place, step: &str) -> String {
    let index = parse(&String::from_utf8(place.read("out/index.json")).unwrap());
    let steps = index["steps"].as_array().unwrap().clone();
    let found = steps.iter().find(|one| one["id"] == step).unwrap();
    found["record"].as_str().unwrap().to_owned()
}

fn dossier(place: &Place) -> String {
    let index = parse(&String::from_utf8(place.read("out/index.json")).unwrap());
    index["dossier"].as_str().unwrap().to_owned()
}

/// Fields of the only record of a verdict, by state.
fn fields(verdict: &Value, number: &str, state: &str) -> Vec<String> {
    let records = verdict["records"].as_array().unwrap();
    let record = records.iter().find(|record| record["number"] == number).unwrap();
    let fields = record["fields"].as_array().unwrap();
    let shown = fields.iter().filter(|field| field["state"] == state);
    shown.map(|field| field["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn exactly_the_chosen_values_are_disclosed() {
    let (place, _) = Place::sealed("credit-loan");
    let number = record(&place, "s13");
    let prove = |which: &str| {
        place.json(&[
            "prove",
            &number,
            "--ledger",
            "out/ledgers/core.db",
            "--disclose",
            which,
            "-o",
            "p.yzp",
            "--force",
        ]);
        place.json(&["verify", "p.yzp"])
    };
    assert!(fields(&prove("none"), &number, "shown").is_empty());
    let all = prove("all");
    assert!(fields(&all, &number, "withheld").is_empty());
    assert!(all.to_string().contains("13900000001"));
    assert_eq!(fields(&prove("loan.amount"), &number, "shown"), ["loan.amount"]);
    assert_eq!(
        fields(&prove("借款金额,Disbursed at"), &number, "shown").len(),
        2,
        "message keys and labels"
    );
    let profile = prove("profile");
    assert!(
        !profile.to_string().contains("13900000001")
            && !profile.to_string().contains("6200000000000000182")
    );
    let classed = fields(&prove("class:C1"), &number, "shown");
    assert!(!classed.is_empty() && classed.len() < fields(&all, &number, "shown").len());
    let mixed = fields(&prove("class:C1,subject.name"), &number, "shown");
    assert_eq!(mixed.len(), classed.len() + 1);
}

#[test]
fn a_dossier_over_two_ledgers_is_one_proof() {
    let (place, _) = Place::sealed("credit-loan");
    let number = dossier(&place);
    let told = place.json(&[
        "prove",
        &number,
        "--ledger",
        "out/ledgers",
        "--disclose",
        "none",
        "-o",
        "d.yzp",
    ]);
    assert_eq!(
        (told["ledgers"].as_u64(), told["records"].as_array().unwrap().len()),
        (Some(2), 20)
    );
    let part = place.json(&["prove", &number, "--ledger", "out/ledgers/core.db", "-o", "c.yzp"]);
    assert_eq!(part["records"].as_array().unwrap().len(), 12);
    let loose = number.to_lowercase().replace('-', " ");
    place.ok(&["prove", &loose, "--ledger", "out/ledgers/phone.db", "-o", "l.yzp"]);
}

#[test]
fn unusable_requests_for_proofs_are_told() {
    let (place, _) = Place::sealed("refused-application");
    let (number, ledger) = (record(&place, "s01"), "out/ledgers/bank.db");
    let with = |more: &[&str]| {
        let args: Vec<&str> =
            ["prove", "--ledger", ledger].into_iter().chain(more.iter().copied()).collect();
        place.fails(2, &args)
    };
    let mut wrong = number.clone();
    wrong.replace_range(10..11, if &wrong[10..11] == "0" { "1" } else { "0" });
    assert!(with(&[&wrong]).contains("[108]"), "a typing error is found");
    assert!(with(&["D-0000-0000-0000-0000-0000-0000-0000"]).contains("[502]"));
    with(&["99999"]);
    with(&["block:1"]);
    assert!(
        with(&[&number, "--disclose", "no.such.name"]).contains("subject"),
        "names that there are"
    );
    with(&[&number, "--disclose", "class:C3"]);
    with(&[&number, "--disclose", "all,none"]);
    place.write("taken.yzp", "x");
    assert!(with(&[&number, "-o", "taken.yzp"]).contains("--force"));
    with(&["--consistency", "2..1"]);
    with(&["--consistency", "0..99"]);
    with(&["--consistency", "one..two"]);
    place.fails(2, &["prove", &number, "--ledger", "none.db"]);
    place.write("wrong.key", "AES-256-GCM 00");
    place.fails(5, &["prove", &number, "--ledger", ledger, "--vault-key", "wrong.key"]);
    let other = format!("SM4-GCM {}", "0".repeat(32));
    place.write("other.key", &other);
    let told = place.fails(5, &["prove", &number, "--ledger", ledger, "--vault-key", "other.key"]);
    assert!(told.contains("[605]"), "{told}");
}

#[test]
fn a_changed_byte_is_never_passed_over() {
    let (place, _) = Place::sealed("refused-application");
    let good = place.read("out/dossier.yzp");
    for at in (0..good.len()).step_by(good.len() / 60) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x01;
        fs::write(place.path("changed.yzp"), &bytes).unwrap();
        let run = place.run(&["verify", "changed.yzp", "--policy", "out/policy.json"]);
        assert!(run.code == 1 || run.code == 2, "byte {at} of {}: exit {}", good.len(), run.code);
    }
    let cut = &good[..good.len() - 1];
    for (name, bytes) in [("cut", cut), ("empty", &[][..]), ("text", b"not a proof")] {
        fs::write(place.path("changed.yzp"), bytes).unwrap();
        let run = place.run(&["verify", "changed.yzp"]);
        assert_eq!(run.code, 2, "{name}");
        assert!(run.out.contains("unreadable"), "{name}: {}", run.out);
    }
}

#[test]
fn a_verdict_is_the_same_bytes_again() {
    let (place, _) = Place::sealed("refused-application");
    let args = [
        "verify",
        "out/dossier.yzp",
        "--policy",
        "out/policy.json",
        "--at",
        "2027-01-01T00:00:00Z",
        "--json",
    ];
    let (one, two) = (place.ok(&args), place.ok(&args));
    assert_eq!(one, two);
    let later = place.ok(&[
        "verify",
        "out/dossier.yzp",
        "--policy",
        "out/policy.json",
        "--at",
        "1800000000000",
        "--json",
    ]);
    assert_ne!(one, later, "the declared time is part of it");
    let kept = String::from_utf8(place.read("out/verdict.json")).unwrap();
    let at = parse(&kept)["inputs"]["declared_time_ms"].to_string();
    let again = place.ok(&[
        "verify",
        "out/dossier.yzp",
        "--policy",
        "out/policy.json",
        "--at",
        &at,
        "--json",
    ]);
    assert_eq!(again.trim_end(), kept.trim_end(), "what lies beside the proofs is that verdict");
}

#[test]
fn origin_takes_a_policy_and_what_is_required_must_be_proven() {
    let (place, _) = Place::sealed("refused-application");
    let proof = "out/dossier.yzp";
    let bare = place.run(&["verify", proof]);
    assert_eq!(bare.code, 0);
    assert!(bare.out.contains("integrity only, origin not checked"), "{}", bare.out);
    assert_eq!(place.run(&["verify", proof, "--require", "ledger.origin"]).code, 3);
    let id =
        place.json(&["list", "--ledger", "out/ledgers/bank.db"])["id"].as_str().unwrap().to_owned();
    let trust = format!("{id}=Example Bank");
    let known = place.ok(&["verify", proof, "--trust", &trust, "--require", "ledger.origin"]);
    assert!(known.contains("integrity and origin checked"), "{known}");
    let other = format!("sm3:{}", "0".repeat(64));
    assert_eq!(
        place.run(&["verify", proof, "--trust", &other, "--require", "ledger.origin"]).code,
        3
    );
    assert_eq!(
        place.run(&["verify", proof, "--require", "renewal"]).code,
        3,
        "not there is not proven"
    );
    assert_eq!(place.run(&["verify", proof, "--require", "all"]).code, 3);
    place.fails(2, &["verify", proof, "--require", "no.such.check"]);
    place.fails(2, &["verify", proof, "--trust", "bank"]);
    place.fails(2, &["verify", proof, "--at", "yesterday"]);
    place.fails(2, &["verify", "none.yzp"]);
    place.write("p.json", r#"{"ledgers":[],"x":1}"#);
    assert!(place.fails(2, &["verify", proof, "--policy", "p.json"]).contains("[107]"));
    let wanted = r#"{"require":{"signers":["notary"]}}"#;
    place.write("p.json", wanted);
    assert_eq!(
        place.run(&["verify", proof, "--policy", "p.json", "--require", "policy.signers"]).code,
        3
    );
}

#[test]
fn the_whole_verdict_is_told_when_asked() {
    let (place, _) = Place::sealed("refused-application");
    let long = place.ok(&["verify", "out/dossier.yzp", "--verbose"]);
    let short = place.ok(&["verify", "out/dossier.yzp"]);
    assert!(long.contains("※") && long.lines().count() > short.lines().count());
    for said in
        ["Records", "Grades", "Authenticity", "Relevance", "Lawfulness", "PROVEN", "NOT PROVEN"]
    {
        assert!(short.contains(said), "{said}: {short}");
    }
    let through = std::process::Command::new("sh")
        .args(["-c", &format!("cat out/dossier.yzp | {} verify -", env!("CARGO_BIN_EXE_yinzheng"))])
        .current_dir(place.folder.path())
        .output()
        .unwrap();
    assert!(through.status.success());
}

#[test]
fn two_blocks_are_tied_together() {
    let (place, _) = Place::sealed("credit-loan");
    let ledger = "out/ledgers/core.db";
    place.ok(&["prove", "--consistency", "2..5", "--ledger", ledger, "-o", "c.yzc"]);
    let bare = place.json(&["verify", "c.yzc"]);
    assert_eq!(
        (&bare["history"], &bare["signatures"]),
        (&Value::from("PROVEN"), &Value::from("NOT_CHECKED"))
    );
    let known = place.json(&["verify", "c.yzc", "--ledger", ledger]);
    assert_eq!(known["signatures"], "PROVEN");
    place.fails(2, &["verify", "c.yzc", "--ledger", "out/ledgers/phone.db"]);
    let good = place.read("c.yzc");
    for at in (0..good.len()).step_by(good.len() / 40) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x02;
        fs::write(place.path("c.yzc"), &bytes).unwrap();
        let run = place.run(&["verify", "c.yzc", "--ledger", ledger]);
        assert!(run.code != 0, "byte {at}: {}", run.out);
    }
}
