//! Keys, profiles, completions.

use super::*;

#[test]
fn keys_are_made_read_and_turned_into_policies() {
    let place = Place::new();
    for alg in ["ed25519", "p256", "sm2"] {
        let made = place.json(&["keygen", alg, "-o", &format!("{alg}/key")]);
        assert_eq!(made["custody"], "software");
        let pem = String::from_utf8(place.read(&format!("{alg}/key.key.pem"))).unwrap();
        assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
        let key = format!("{alg}/key.key.pem");
        let public = place.json(&["keygen", "public", &key, "-o", &format!("{alg}.pem")]);
        assert_eq!(public["thumbprint"], made["thumbprint"]);
        let read = place.json(&[
            "keygen",
            "import",
            &format!("{alg}.pem"),
            "--role",
            "notary",
            "--name",
            "某公证处",
        ]);
        assert_eq!(read["thumbprint"], made["thumbprint"]);
        yinzheng::verify::Policy::parse(read["policy"].to_string().as_bytes()).unwrap();
        place.fails(2, &["keygen", alg, "-o", &format!("{alg}/key")]);
    }
    let told = place.ok(&["keygen", "p256", "-o", "another"]);
    assert!(told.contains("software key") && told.contains("made up"), "{told}");
}

#[test]
fn a_key_opens_with_its_passphrase_only() {
    let place = Place::new();
    place.write("word", "correct horse\n").write("wrong", "battery staple\n").write("empty", "\n");
    place.ok(&["keygen", "p256", "-o", "k", "--passphrase-file", "word"]);
    assert!(!place.path("k.passphrase").exists());
    let public = ["keygen", "public", "k.key.pem", "-o", "p.pem", "--passphrase-file"];
    let with = |file: &'static str| public.iter().copied().chain([file]).collect::<Vec<_>>();
    assert!(place.fails(5, &with("wrong")).contains("[410]"));
    place.fails(5, &with("empty"));
    place.fails(2, &with("none"));
    let told = place.fails(5, &["keygen", "public", "k.key.pem", "-o", "p.pem"]);
    assert!(told.contains("YINZHENG_PASSPHRASE"), "{told}");
    place.ok(&with("word"));
    place.fails(2, &["keygen", "import", "k.key.pem"]);
    place.write("junk.pem", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
    place.fails(5, &["keygen", "import", "junk.pem"]);
    place.fails(2, &["keygen", "import", "p.pem", "--role", "king"]);
    place.fails(2, &["keygen", "import", "p.pem", "--sm2-id", "X"]);
    assert_eq!(place.run(&["keygen", "rsa", "-o", "r"]).code, 2);
}

/// Written by `openssl genpkey -algorithm SM2`, as tools that do not encrypt do.
const PLAIN: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQgqCrDitX9dW9LWymv
9sWHlzmvzJ4sRQXzfwekpnd4ylyhRANCAAQZT16f1pHonrMK4oWtmSNh3gQVHuK4
3yiQJyNiRONyUKBsevq7/Kg6WHFot1d9DZyghU8rs4xH7m0y4LeqXRN9
-----END PRIVATE KEY-----
";

#[test]
fn secret_keys_come_from_other_tools_and_go_to_them() {
    let place = Place::new();
    place
        .write("plain.pem", PLAIN)
        .write("old", "battery staple\n")
        .write("new", "correct horse\n");
    // One that is not encrypted is encrypted here, under a passphrase that the caller gives or that is made up.
    let taken =
        place.json(&["keygen", "import", "plain.pem", "-o", "a", "--passphrase-file", "new"]);
    assert_eq!(taken["custody"], "software");
    assert!(!place.path("a.passphrase").exists());
    let made_up = place.json(&["keygen", "import", "plain.pem", "-o", "b"]);
    assert_eq!(made_up["thumbprint"], taken["thumbprint"]);
    assert!(place.path("b.passphrase").is_file() && place.path("SOFTWARE-KEYS.txt").is_file());
    place.fails(2, &["keygen", "import", "plain.pem", "-o", "b"]);
    assert!(place.fails(2, &["keygen", "import", "plain.pem"]).contains("-o"));
    assert_eq!(place.run(&["keygen", "import", "plain.pem", "--passphrase-file", "new"]).code, 2);
    // Out in both schemes, and in again.
    for scheme in ["aes", "sm4"] {
        let out = format!("{scheme}.pem");
        let export = ["keygen", "export", "a.key.pem", "-o", &out, "--scheme", scheme];
        let opens = ["--passphrase-file", "new", "--new-passphrase-file", "old"];
        let all: Vec<&str> = export.into_iter().chain(opens).collect();
        assert_eq!(place.json(&all)["thumbprint"], taken["thumbprint"]);
        assert!(place.fails(2, &all).contains(&out), "nothing is overwritten");
        let again = ["keygen", "import", &out, "-o", scheme, "--passphrase-file", "new"];
        assert!(place.fails(5, &again).contains("[410]"), "the new passphrase does not open it");
        let again: Vec<&str> = again.into_iter().chain(["--old-passphrase-file", "old"]).collect();
        assert_eq!(place.json(&again)["thumbprint"], taken["thumbprint"]);
    }
    place.write("empty", "\n");
    place.fails(
        5,
        &["keygen", "export", "b.key.pem", "-o", "x.pem", "--new-passphrase-file", "empty"],
    );
    assert_eq!(place.run(&["keygen", "export", "b.key.pem", "-o", "x.pem"]).code, 2);
    place.fails(2, &["keygen", "import", "a.public.pem", "-o", "c"]);
}

#[test]
fn a_key_that_lies_there_signs_the_new_ledger() {
    let place = Place::new();
    place.write("plain.pem", PLAIN).write("m.json", r#"{"a":"1"}"#);
    let key = place.json(&["keygen", "import", "plain.pem", "-o", "bank"]);
    place.fails(5, &["seal", "m.json", "--ledger", "bank.db", "--key", "p256"]);
    place.ok(&["seal", "m.json", "--ledger", "bank.db", "--key", "sm2"]);
    let keys = place.json(&["list", "keys", "--ledger", "bank.db"]);
    assert_eq!(keys["keys"][0]["thumbprint"], key["thumbprint"]);
    assert_eq!(keys["keys"][0]["custody"], "software");
}

#[test]
fn a_ledger_opens_with_its_own_secrets_only() {
    let place = Place::new();
    place.write("m.json", r#"{"a":"1"}"#).write("word", "correct horse\n").write("wrong", "x\n");
    place.ok(&["seal", "m.json", "--passphrase-file", "word"]);
    assert!(place.fails(5, &["seal", "m.json"]).contains("YINZHENG_PASSPHRASE"));
    place.fails(5, &["seal", "m.json", "--passphrase-file", "wrong"]);
    place.ok(&["seal", "m.json", "--passphrase-file", "word"]);
    let place = place.with("YINZHENG_PASSPHRASE", "correct horse");
    place.ok(&["seal", "m.json"]);
    // The key of another ledger signs nothing here.
    place.ok(&["keygen", "ed25519", "-o", "other"]);
    fs::copy(place.path("other.key.pem"), place.path("home/ledger.key.pem")).unwrap();
    assert!(place.fails(5, &["seal", "m.json"]).contains("[508]"));
}

#[test]
fn profiles_are_listed_shown_and_checked() {
    let place = Place::new();
    let list = place.json(&["profile", "list"])["profiles"].as_array().unwrap().clone();
    assert_eq!(list.len(), yinzheng::profile::builtin().len());
    assert!(place.ok(&["profile", "list"]).contains("loan.disbursement"));
    let shown = place.ok(&["profile", "show", "loan.disbursement", "--lang", "zh"]);
    assert!(shown.contains("借款金额") && shown.contains("规则"), "{shown}");
    let file = format!("{}/../core/profiles/generic.json", env!("CARGO_MANIFEST_DIR"));
    assert!(place.ok(&["profile", "check", &file]).contains("usable"));
    place.write("bad.json", r#"{"profile":"x"}"#);
    assert!(place.fails(2, &["profile", "check", "bad.json"]).contains("[106]"));
    place.fails(2, &["profile", "check", "none.json"]);
    place.fails(2, &["profile", "show", "no.such.profile"]);
    place.write("m.json", r#"{"a":"1"}"#);
    place.ok(&["seal", "m.json", "--profile", &file]);
}

#[test]
fn shells_get_their_completions() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.ok(&["completions", shell]);
        assert!(script.contains("yinzheng") && script.contains("keygen"), "{shell}");
    }
    assert_eq!(place.run(&["completions", "cmd"]).code, 2);
    assert_eq!(place.run(&["completions"]).code, 2);
}
