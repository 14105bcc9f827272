//! The command, run as its user runs it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn yinzheng(home: &Path, args: &[&str]) -> Run {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_yinzheng"))
        .args(args)
        .env("YINZHENG_HOME", home)
        .env("LC_ALL", "C.UTF-8")
        .env_remove("YINZHENG_PASSPHRASE")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
}

fn example(name: &str) -> String {
    format!("{}/../examples/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Seals an example into a folder of its own.
fn sealed(name: &str) -> (tempfile::TempDir, PathBuf, Run) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let run = yinzheng(folder.path(), &["seal", &example(name), "--out", out.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    (folder, out, run)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Every secret that the command made: none of it may stand in what it prints.
fn secrets(out: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for file in fs::read_dir(out.join("ledgers")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.contains("pass") || name.contains("vault") {
            let content = fs::read_to_string(&path).unwrap_or_default();
            found.extend(
                content
                    .lines()
                    .map(str::trim)
                    .filter(|line| line.len() >= 16 && !line.starts_with('#'))
                    .map(str::to_owned),
            );
        }
    }
    found
}

#[test]
fn every_example_is_sealed_proven_and_contradicts_nothing() {
    for name in ["credit-loan", "refused-application", "account-opening"] {
        let (folder, out, run) = sealed(name);
        let (proof, policy) = (out.join("dossier.yzp"), out.join("policy.json"));
        let verdict =
            yinzheng(folder.path(), &["verify", text(&proof), "--policy", text(&policy), "--json"]);
        assert_eq!(verdict.code, 0, "{name}: {}", verdict.err);
        let json: serde_json::Value = serde_json::from_str(&verdict.out).unwrap();
        assert!(json.is_object());
        let secrets = secrets(&out);
        assert!(!secrets.is_empty(), "the test knows what to look for");
        for secret in secrets {
            assert!(
                !run.out.contains(&secret)
                    && !run.err.contains(&secret)
                    && !verdict.out.contains(&secret),
                "{name} prints a secret"
            );
        }
    }
}

#[test]
fn output_speaks_both_languages_and_refuses_to_overwrite() {
    let (folder, out, run) = sealed("refused-application");
    assert!(run.out.contains("PROVEN") || run.out.contains("proven"), "{}", run.out);
    let again =
        yinzheng(folder.path(), &["seal", &example("refused-application"), "--out", text(&out)]);
    assert_ne!(again.code, 0, "nothing is overwritten");
    let proof = out.join("dossier.yzp");
    let zh = yinzheng(folder.path(), &["verify", text(&proof), "--lang", "zh"]);
    assert!(zh.out.contains("只核验了完整性") && zh.out.contains("真实性"), "{}", zh.out);
    let en = yinzheng(folder.path(), &["verify", text(&proof), "--lang", "en"]);
    assert!(en.out.to_lowercase().contains("integrity only"), "{}", en.out);
}

#[test]
fn a_changed_byte_is_never_passed_over() {
    let (folder, out, _) = sealed("refused-application");
    let policy = out.join("policy.json");
    let good = fs::read(out.join("dossier.yzp")).unwrap();
    let changed = folder.path().join("changed.yzp");
    for at in (0..good.len()).step_by(good.len() / 40) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x01;
        fs::write(&changed, &bytes).unwrap();
        let run = yinzheng(folder.path(), &["verify", text(&changed), "--policy", text(&policy)]);
        assert!(
            run.code == 1 || run.code == 2,
            "byte {at} of {}: exit {}\n{}",
            good.len(),
            run.code,
            run.out
        );
    }
    for (name, bytes) in
        [("cut", &good[..good.len() - 1]), ("empty", &[][..]), ("text", b"not a proof")]
    {
        fs::write(&changed, bytes).unwrap();
        let run = yinzheng(folder.path(), &["verify", text(&changed)]);
        assert!(run.code == 1 || run.code == 2, "{name}: exit {}", run.code);
    }
}

#[test]
fn ledgers_are_checked_listed_exported_and_taken_in() {
    let (folder, out, _) = sealed("credit-loan");
    let home = folder.path();
    let phone = out.join("ledgers").join("phone.db");
    let check = yinzheng(home, &["check", "--ledger", text(&phone)]);
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    let list = yinzheng(home, &["list", "--ledger", text(&phone), "--json"]);
    assert_eq!(list.code, 0, "{}", list.err);
    serde_json::from_str::<serde_json::Value>(&list.out).unwrap();
    let bundle = home.join("phone.yzb");
    let export = yinzheng(home, &["export", "--ledger", text(&phone), "--out", text(&bundle)]);
    assert_eq!(export.code, 0, "{}{}", export.out, export.err);
    let verify = yinzheng(home, &["verify", text(&bundle)]);
    assert_eq!(verify.code, 0, "{}{}", verify.out, verify.err);
    let replica = home.join("replica.db");
    for _ in 0..2 {
        let import = yinzheng(home, &["import", text(&bundle), "--ledger", text(&replica)]);
        assert_eq!(import.code, 0, "{}{}", import.out, import.err);
    }
    let mut bytes = fs::read(&bundle).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(&bundle, bytes).unwrap();
    assert_ne!(yinzheng(home, &["verify", text(&bundle)]).code, 0);
    assert_ne!(
        yinzheng(home, &["import", text(&bundle), "--ledger", text(&home.join("other.db"))]).code,
        0
    );
}

#[test]
fn misuse_is_told_with_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("nothing.yzp");
    for args in [
        vec!["verify", text(&missing)],
        vec!["seal", text(&missing)],
        vec!["check", "--ledger", text(&missing)],
        vec!["list", "--ledger", text(&missing)],
        vec!["import", text(&missing), "--ledger", text(&missing)],
        vec!["profile", "show", "no.such.profile"],
        vec!["no-such-command"],
        vec![],
    ] {
        let run = yinzheng(folder.path(), &args);
        assert_ne!(run.code, 0, "{args:?}");
        assert!(!run.err.is_empty() && !run.err.contains("panicked"), "{args:?}: {}", run.err);
    }
}

#[test]
fn profiles_are_listed_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let list = yinzheng(folder.path(), &["profile", "list"]);
    assert!(list.code == 0 && list.out.contains("loan.disbursement"), "{}{}", list.out, list.err);
    let show = yinzheng(folder.path(), &["profile", "show", "loan.disbursement", "--lang", "zh"]);
    assert!(show.code == 0 && show.out.contains("借款金额"), "{}{}", show.out, show.err);
}
