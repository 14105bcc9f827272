//! Sealing whole stories.

use super::*;

#[test]
fn every_example_is_sealed_proven_and_contradicts_nothing() {
    for name in EXAMPLES {
        let (place, run) = Place::sealed(name);
        let index = parse(&String::from_utf8(place.read("out/index.json")).unwrap());
        let steps = index["steps"].as_array().unwrap();
        assert!(!steps.is_empty());
        for step in steps {
            let number = step["record"].as_str().unwrap();
            assert!(run.out.contains(number), "{name}: {number} is on the screen");
            let proof = step["proof"].as_str().unwrap();
            let verdict = place.json(&["verify", proof, "--policy", "out/policy.json"]);
            let records = verdict["records"].as_array().unwrap();
            assert!(records.iter().any(|record| record["number"] == number), "{name}: {proof}");
        }
        let verdict = place.json(&["verify", "out/dossier.yzp", "--policy", "out/policy.json"]);
        assert_eq!(verdict["records"].as_array().unwrap().len(), steps.len());
        let summary = verdict["summary"].to_string();
        assert!(summary.contains("origin-checked"), "{name}: {summary}");
        let signed = steps.iter().filter(|step| step["signed_by"][0] == "customer").count();
        let graded = steps.iter().filter(|step| step["grade"] == "countersigned-by-party").count();
        assert!(
            signed > 0 && signed == graded,
            "{name}: what the customer signed is more than the bank's own word"
        );
    }
}

#[test]
fn the_loan_stands_in_two_ledgers_and_its_consents_hold() {
    let (place, run) = Place::sealed("credit-loan");
    for said in [
        "SM3",
        "SHA-256",
        "P-256",
        "SM2",
        "software keys",
        "Authenticity",
        "Relevance",
        "Lawfulness",
        "0 contradicted",
        "Grades",
        "out/dossier.yzp",
    ] {
        assert!(run.out.contains(said), "{said}:\n{}", run.out);
    }
    let verdict = place.json(&["verify", "out/dossier.yzp", "--policy", "out/policy.json"]);
    let lines = verdict["lines"].as_array().unwrap();
    let proven = |check: &str| {
        lines.iter().filter(|line| line["check"] == check && line["status"] == "PROVEN").count()
    };
    assert_eq!(proven("ledger.origin"), 2);
    assert_eq!(proven("consent.before-use"), 3, "each query relies on its own consent");
    assert_eq!(proven("dossier.places"), 2);
    assert!(lines.iter().all(|line| line["status"] != "CONTRADICTED"));
}

#[test]
fn what_lies_there_is_kept_unless_it_is_ours_and_given_up() {
    let (place, _) = Place::sealed("refused-application");
    let story = example("refused-application");
    let told = place.fails(2, &["seal", &story, "--out", "out"]);
    assert!(told.contains("--fresh"), "{told}");
    let before = place.read("out/dossier.yzp");
    place.ok(&["seal", &story, "--out", "out", "--fresh"]);
    assert_ne!(place.read("out/dossier.yzp"), before, "new keys, new salts");
    fs::create_dir(place.path("mine")).unwrap();
    place.write("mine/index.json", r#"{"name":"a web page"}"#);
    place.fails(2, &["seal", &story, "--out", "mine", "--fresh"]);
    assert!(place.path("mine/index.json").is_file());
    place.ok(&["seal", &story]);
    assert!(place.path("out/refused-application/dossier.yzp").is_file(), "the default place");
}

#[test]
fn a_story_that_cannot_be_finished_is_not_begun() {
    let place = Place::new();
    fs::create_dir_all(place.path("s/messages")).unwrap();
    let story = |step: &str| {
        format!(
            r#"{{"title":{{"zh":"题","en":"title"}},"dossier":"x",
            "ledgers":[{{"name":"bank","organisation":"o","hash":"SHA-256","key":"Ed25519","custody":"software","role":"lender"}}],
            "steps":[{{"id":"s1","ledger":"bank","profile":"generic","message":"messages/1.json"}},{step}]}}"#
        )
    };
    place.write("s/messages/1.json", r#"{"甲":"1"}"#);
    place.write("s/messages/2.json", r#"{"支付密码":"246810"}"#);
    for (step, said) in [
        (r#"{"id":"s2","ledger":"bank","profile":"generic","message":"messages/2.json"}"#, "[103]"),
        (
            r#"{"id":"s2","ledger":"bank","profile":"nothing","message":"messages/1.json"}"#,
            "no such profile",
        ),
        (
            r#"{"id":"s2","ledger":"home","profile":"generic","message":"messages/1.json"}"#,
            "no such ledger",
        ),
        (r#"{"id":"s2","ledger":"bank","profile":"generic","message":"../1.json"}"#, "outside"),
        (
            r#"{"id":"s2","ledger":"bank","profile":"generic","message":"messages/9.json"}"#,
            "no such file",
        ),
        (
            r#"{"id":"s2","ledger":"bank","profile":"generic","message":"messages/1.json","cites":["s3"]}"#,
            "cites",
        ),
        (
            r#"{"id":"s2","ledger":"bank","profile":"generic","message":"messages/1.json","sign":["eve"]}"#,
            "signer",
        ),
        (
            r#"{"id":"s1","ledger":"bank","profile":"generic","message":"messages/1.json"}"#,
            "unique",
        ),
        (
            r#"{"id":"s2","ledger":"bank","profile":"generic","message":"messages/1.json","x":1}"#,
            "cannot be read",
        ),
    ] {
        place.write("s/story.json", &story(step));
        let told = place.run(&["seal", "s", "--out", "out", "--fresh"]);
        assert_eq!(told.code, 2, "{step}: {}", told.err);
        assert!(told.err.contains(said), "{said}: {}", told.err);
        assert!(!told.err.contains("246810"), "a refused value is not told");
        assert!(!place.path("out/ledgers").exists(), "{said}: nothing was sealed");
    }
    place.fails(2, &["seal", "s/messages"]);
    place.fails(2, &["seal", "no-such-folder"]);
}

#[test]
fn a_given_passphrase_is_used_and_written_nowhere() {
    let place = Place::new().with("YINZHENG_PASSPHRASE", "correct horse battery");
    place.ok(&["seal", &example("refused-application"), "--out", "out"]);
    for file in fs::read_dir(place.path("out/ledgers")).unwrap() {
        let path = file.unwrap().path();
        assert_ne!(path.extension().unwrap(), "passphrase");
        let bytes = fs::read(&path).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("correct horse"), "{}", path.display());
    }
}
