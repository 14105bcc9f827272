//! Nothing secret is ever printed, and what is secret is its owner's alone.

use super::*;

/// Passphrases, vault keys and secret keys under a folder, and the salts of values.
fn secrets(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let content = fs::read_to_string(&path).unwrap_or_default();
        if name.ends_with(".passphrase") {
            found.push(content.trim().to_owned());
        } else if name.ends_with(".vault-key") {
            found.push(content.split_whitespace().last().unwrap().to_owned());
        } else if name.ends_with(".key.pem") {
            found.extend(content.lines().filter(|line| !line.starts_with("--")).map(str::to_owned));
        }
    }
    assert!(found.len() > 3, "the test knows what to look for");
    assert!(found.iter().all(|secret| secret.len() >= 4));
    found
}

#[test]
fn no_command_prints_a_secret() {
    let (place, run) = Place::sealed("credit-loan");
    let secrets = secrets(&place.path("out/ledgers"));
    let index = parse(&String::from_utf8(place.read("out/index.json")).unwrap());
    let record = index["steps"][12]["record"].as_str().unwrap();
    let core = "out/ledgers/core.db";
    let mut printed = vec![run.out, run.err, index.to_string()];
    for args in [
        vec!["list", "--ledger", core],
        vec!["list", "keys", "--ledger", core],
        vec!["list", "records", "--ledger", core],
        vec!["show", record, "--disclose", "all", "--ledger", core],
        vec!["show", "block:1", "--ledger", core],
        vec!["show", "0", "--ledger", core],
        vec!["check", "--ledger", core],
        vec!["prove", record, "--disclose", "all", "--ledger", core, "-o", "p.yzp", "--force"],
        vec!["show", "p.yzp"],
        vec!["verify", "p.yzp", "--verbose"],
        vec!["export", "--ledger", core, "-o", "c.yzb", "--force"],
        vec!["keygen", "public", "out/ledgers/core.key.pem", "-o", "p.pem"],
        vec!["keygen", "import", "out/ledgers/core.public.pem"],
        vec![
            "keygen",
            "export",
            "out/ledgers/core.key.pem",
            "-o",
            "x.pem",
            "--new-passphrase-file",
            "out/ledgers/core.passphrase",
        ],
        vec![
            "keygen",
            "import",
            "x.pem",
            "-o",
            "taken",
            "--old-passphrase-file",
            "out/ledgers/core.passphrase",
        ],
        // Failures too: a secret named where something else belongs.
        vec!["verify", "p.yzp", "--policy", "out/ledgers/core.vault-key"],
        vec!["verify", "out/ledgers/core.passphrase"],
        vec!["show", "out/ledgers/core.vault-key"],
        vec!["keygen", "import", "out/ledgers/core.key.pem"],
        vec!["profile", "check", "out/ledgers/core.vault-key"],
        vec!["seal", "out/ledgers/core.passphrase", "--ledger", core],
        vec!["import", "out/ledgers/core.vault-key", "--ledger", "x.db"],
        vec![
            "prove",
            record,
            "--ledger",
            core,
            "--vault-key",
            "out/ledgers/core.passphrase",
            "-o",
            "q.yzp",
        ],
    ] {
        let plain = place.run(&args);
        let json = place.run(&args.iter().copied().chain(["--json"]).collect::<Vec<_>>());
        printed.extend([plain.out, plain.err, json.out, json.err]);
    }
    for secret in &secrets {
        for text in &printed {
            assert!(!text.contains(secret.as_str()), "a secret was printed");
        }
    }
    let proof = yinzheng::proof::Proof::parse(&place.read("p.yzp")).unwrap();
    let salts = proof.items.iter().flat_map(|item| &item.disclosures).map(|disclosure| {
        yinzheng::hash::hex::encode(&yinzheng::value::Disclosure::parse(disclosure).unwrap().salt)
    });
    for salt in salts {
        assert!(printed.iter().all(|text| !text.contains(&salt)), "a salt was printed");
    }
}

#[cfg(unix)]
#[test]
fn secret_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (place, _) = Place::sealed("refused-application");
    let mut seen = 0;
    for file in fs::read_dir(place.path("out/ledgers")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if [".passphrase", ".vault-key", ".key.pem"].iter().any(|end| name.ends_with(end)) {
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 5);
}
