//! What a memory dump shows after secrets were used and dropped: nothing. A child process, this test binary again, uses keys
//! whose bytes follow a rule; its memory, stack and heap, is read from outside and searched for that rule's bytes. Linux only.

#![cfg(all(target_os = "linux", feature = "store"))]
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write, stdin};
use std::os::unix::fs::FileExt;
use std::process::{Child, Command, Stdio};

use yinzheng::sign::{KeyFileScheme, SigAlg, SoftwareKey};
use yinzheng::vault::VaultKey;
use zeroize::Zeroizing;

const CHILD: &str = "YINZHENG_SECRETS_CHILD";

/// Byte `at` of the secret `tag`: printable, so that it can be a passphrase, and never kept as a whole in the code.
fn rule(tag: u8, at: usize) -> u8 {
    let mixed = (at as u32 + 1).wrapping_mul(2_654_435_761).wrapping_add(u32::from(tag) * 40_503);
    b'!' + (mixed >> 13) as u8 % 90
}

/// The secret `tag`, written where it will lie.
fn secret(tag: u8) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(32));
    for at in 0..32 {
        bytes.push(rule(tag, at));
    }
    bytes
}

const PASSPHRASE: u8 = 100;
const VAULT: u8 = 101;

fn tag(alg: SigAlg) -> u8 {
    SigAlg::ALL.iter().position(|one| *one == alg).unwrap() as u8
}

/// A key made from the secret, which is wiped again.
fn key(alg: SigAlg) -> SoftwareKey {
    let seed = secret(tag(alg));
    SoftwareKey::from_seed(alg, seed.as_slice().try_into().unwrap()).unwrap()
}

fn pause(stage: &str) {
    println!("at {stage}");
    std::io::stdout().flush().unwrap();
    stdin().read_line(&mut String::new()).unwrap();
}

/// What the child does. It is a test so that the test binary can run it; without the variable it does nothing.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    for alg in SigAlg::ALL {
        // Nothing runs between the drop and the dump that could cover a copy on the stack by chance.
        drop(key(alg));
        pause("made and dropped");
    }
    let keys: Vec<SoftwareKey> = SigAlg::ALL.into_iter().map(key).collect();
    let vault = {
        let bytes = secret(VAULT);
        VaultKey::from_bytes(bytes.as_slice().try_into().unwrap())
    };
    let passphrase = secret(PASSPHRASE);
    pause("holding");
    for key in &keys {
        key.sign(b"message digest").unwrap();
        for scheme in [KeyFileScheme::Aes256, KeyFileScheme::Sm4] {
            let pem = key.to_pkcs8_pem_as(scheme, passphrase.as_slice()).unwrap();
            let read = SoftwareKey::from_pkcs8_pem(&pem, passphrase.as_slice()).unwrap();
            assert_eq!(read.public(), key.public());
            read.sign(b"another").unwrap();
            SoftwareKey::from_pkcs8_pem(&pem, "wrong").unwrap_err();
        }
        assert!(format!("{key:?} {vault:?}").len() < 1000);
    }
    drop((keys, vault, passphrase));
    pause("dropped");
}

struct Dump {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Dump {
    fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture", "--test-threads=1"])
            .env(CHILD, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    fn wait_for(&mut self, stage: &str) {
        let wanted = format!("at {stage}\n");
        let mut line = String::new();
        while !line.ends_with(&wanted) {
            line.clear();
            assert_ne!(
                self.lines.read_line(&mut line).unwrap(),
                0,
                "the child died before {stage}"
            );
        }
    }

    fn go_on(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    /// Where the secret `tag` lies: regions of memory with either half of it, in this or the other order of bytes.
    fn found(&self, tag: u8) -> Vec<String> {
        let id = self.child.id();
        let memory = File::open(format!("/proc/{id}/mem")).unwrap();
        let mut found = Vec::new();
        for line in fs::read_to_string(format!("/proc/{id}/maps")).unwrap().lines() {
            let mut words = line.split_whitespace();
            let (range, rights) = (words.next().unwrap(), words.next().unwrap());
            if !rights.starts_with("rw") {
                continue;
            }
            let (from, to) = range.split_once('-').unwrap();
            let address = |text| u64::from_str_radix(text, 16).unwrap();
            let (from, to) = (address(from), address(to));
            let mut bytes = vec![0; (to - from) as usize];
            if memory.read_exact_at(&mut bytes, from).is_err() {
                continue;
            }
            let name = words.nth(3).unwrap_or("anonymous");
            let here = parts(tag).filter(|part| bytes.windows(16).any(|window| window == part));
            found.extend(here.map(|_| name.to_owned()));
        }
        found
    }
}

/// Both halves of a secret, as they are and reversed: numbers lie little-endian in memory.
fn parts(tag: u8) -> impl Iterator<Item = [u8; 16]> {
    [0, 16].into_iter().flat_map(move |half| {
        let straight: [u8; 16] = core::array::from_fn(|at| rule(tag, half + at));
        let reversed = core::array::from_fn(|at| straight[15 - at]);
        [straight, reversed]
    })
}

#[test]
#[ignore = "code that is not optimised leaves copies: sh tests/run.sh tests"]
fn no_secret_outlives_its_use() {
    let mut dump = Dump::start();
    let all = [0, 1, 2, PASSPHRASE, VAULT];
    for alg in SigAlg::ALL {
        dump.wait_for("made and dropped");
        assert_eq!(dump.found(tag(alg)), [""; 0], "{alg}, made and dropped");
        dump.go_on();
    }
    dump.wait_for("holding");
    for tag in all {
        assert!(!dump.found(tag).is_empty(), "the search does not find what is there: {tag}");
    }
    dump.go_on();
    dump.wait_for("dropped");
    let left = all.map(|tag| dump.found(tag));
    dump.go_on();
    assert!(dump.child.wait().unwrap().success());
    assert!(left.iter().all(Vec::is_empty), "seeds, passphrase, vault key: {left:?}");
}
