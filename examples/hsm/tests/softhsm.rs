//! The program against SoftHSM.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MODULES: [&str; 5] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
];

/// A folder with a token called `bank`, PIN 1234.
struct Hsm {
    folder: tempfile::TempDir,
    module: PathBuf,
}

impl Hsm {
    fn new() -> Self {
        let module = MODULES.iter().map(PathBuf::from).find(|path| path.exists());
        let module = module.expect("SoftHSM is installed");
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("tokens")).unwrap();
        let tokens = folder.path().join("tokens");
        let conf =
            format!("directories.tokendir = {}\nobjectstore.backend = file\n", tokens.display());
        std::fs::write(folder.path().join("softhsm2.conf"), conf).unwrap();
        let hsm = Self { folder, module };
        let init =
            ["--init-token", "--free", "--label", "bank", "--so-pin", "87654321", "--pin", "1234"];
        let made =
            Command::new("softhsm2-util").args(init).env("SOFTHSM2_CONF", hsm.conf()).output();
        assert!(made.unwrap().status.success(), "softhsm2-util makes a token");
        hsm
    }

    fn conf(&self) -> PathBuf {
        self.folder.path().join("softhsm2.conf")
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn run(&self, pin: &str, module: &Path, arguments: &[&str]) -> (bool, String) {
        let Output { status, stdout, .. } = Command::new(env!("CARGO_BIN_EXE_yinzheng-hsm"))
            .args(arguments)
            .env("SOFTHSM2_CONF", self.conf())
            .env("YINZHENG_PKCS11_MODULE", module)
            .env("YINZHENG_PKCS11_PIN", pin)
            .output()
            .unwrap();
        (status.success(), String::from_utf8_lossy(&stdout).into_owned())
    }

    /// Bytes of every file that the token keeps.
    fn token_files(&self) -> Vec<Vec<u8>> {
        fn read(folder: &Path, out: &mut Vec<Vec<u8>>) {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                match entry.path().is_dir() {
                    true => read(&entry.path(), out),
                    false => out.push(std::fs::read(entry.path()).unwrap()),
                }
            }
        }
        let mut out = Vec::new();
        read(&self.folder.path().join("tokens"), &mut out);
        out
    }
}

#[test]
#[ignore = "needs SoftHSM: sh tests/run.sh hsm"]
fn a_ledger_is_sealed_by_a_key_that_never_leaves_the_token() {
    let hsm = Hsm::new();
    let (good, said) = hsm.run("1234", &hsm.module, &["bank", &hsm.path("a.db")]);
    assert!(good, "{said}");
    for line in
        ["cannot leave it", "ECDSA P-256 with SHA-256", "sealed in block 0", " 0 contradicted"]
    {
        assert!(said.contains(line), "no {line:?} in {said}");
    }
    // The key stays on the token: a second ledger finds it there.
    let files = hsm.token_files().len();
    let (good, said) = hsm.run("1234", &hsm.module, &["bank", &hsm.path("b.db")]);
    assert!(good, "{said}");
    assert_eq!(hsm.token_files().len(), files, "no second key was made");
}

#[test]
#[ignore = "needs SoftHSM: sh tests/run.sh hsm"]
fn a_destroyed_key_ends_the_ledger_and_another_goes_on() {
    let hsm = Hsm::new();
    let arguments = ["bank", &hsm.path("old.db"), &hsm.path("new.db")];
    let (good, said) = hsm.run("1234", &hsm.module, &arguments);
    assert!(good, "{said}");
    assert!(said.contains("[414]"), "{said}");
    assert!(said.contains("took over 1 entries"), "{said}");
    assert_eq!(said.matches(" 0 contradicted").count(), 2, "{said}");
}

#[test]
#[ignore = "needs SoftHSM: sh tests/run.sh hsm"]
fn each_refusal_has_its_own_error() {
    let hsm = Hsm::new();
    let ledger = hsm.path("x.db");
    for (pin, module, arguments, number) in [
        ("9999", hsm.module.as_path(), &["bank", &ledger][..], "[411]"),
        ("", &hsm.module, &["bank", &ledger], "[411]"),
        ("1234", &hsm.module, &["nobody", &ledger], "[502]"),
        ("1234", Path::new("/etc/hostname"), &["bank", &ledger], "[101]"),
        ("1234", Path::new("/nowhere.so"), &["bank", &ledger], "[101]"),
        ("1234", &hsm.module, &["bank"], "[101]"),
    ] {
        let (good, said) = hsm.run(pin, module, arguments);
        assert!(!good && said.contains(number), "{number}: {said}");
        assert!(pin.is_empty() || !said.contains(pin), "a PIN is never said: {said}");
        assert!(!Path::new(&ledger).exists(), "nothing is made before the token is open");
    }
}
