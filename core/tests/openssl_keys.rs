//! Key files and signatures, to and from openssl.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use yinzheng::sign::{PublicKey, SigAlg, Signature, SoftwareKey, Strictness};

const PASSPHRASE: &str = "correct horse 印证";
const MESSAGE: &[u8] = b"message digest";

/// A directory to work in.
fn workshop() -> TempDir {
    let version =
        Command::new("openssl").arg("version").output().expect("openssl is installed").stdout;
    assert!(version.starts_with(b"OpenSSL 3"), "{}", String::from_utf8_lossy(&version).trim());
    TempDir::new().unwrap()
}

fn openssl(dir: &Path, arguments: &[&str]) -> Output {
    Command::new("openssl").args(arguments).current_dir(dir).output().unwrap()
}

fn succeeds(dir: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = openssl(dir, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {}: {stderr}", arguments.join(" "));
    output.stdout
}

fn pass() -> String {
    format!("pass:{PASSPHRASE}")
}

#[test]
#[ignore = "needs OpenSSL 3: sh tests/run.sh keys"]
fn openssl_opens_our_key_files() {
    let dir = workshop();
    for alg in SigAlg::ALL {
        let key = SoftwareKey::generate(alg).unwrap();
        fs::write(dir.path().join("key.pem"), key.to_pkcs8_pem(PASSPHRASE).unwrap()).unwrap();
        let plain = succeeds(dir.path(), &["pkcs8", "-in", "key.pem", "-passin", &pass()]);
        let back = SoftwareKey::from_pkcs8_pem(&String::from_utf8(plain).unwrap(), "").unwrap();
        assert_eq!(back.public(), key.public());
        let public = ["pkey", "-in", "key.pem", "-passin", &pass(), "-pubout", "-outform", "DER"];
        assert_eq!(succeeds(dir.path(), &public), key.public().to_spki_der(), "{alg}");
        let wrong = openssl(dir.path(), &["pkcs8", "-in", "key.pem", "-passin", "pass:wrong"]);
        assert!(!wrong.status.success());
    }
}

fn generate(dir: &Path, alg: SigAlg, encrypt: &[&str]) -> SoftwareKey {
    let kind: &[&str] = match alg {
        SigAlg::Ed25519 => &["-algorithm", "ED25519"],
        SigAlg::P256 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        SigAlg::Sm2 => &["-algorithm", "SM2"],
    };
    succeeds(dir, &[&["genpkey"], kind, encrypt, &["-out", "theirs.pem"]].concat());
    let passphrase = if encrypt.is_empty() { "" } else { PASSPHRASE };
    let text = fs::read_to_string(dir.join("theirs.pem")).unwrap();
    SoftwareKey::from_pkcs8_pem(&text, passphrase).unwrap()
}

#[test]
#[ignore = "needs OpenSSL 3: sh tests/run.sh keys"]
fn we_open_openssl_key_files() {
    let dir = workshop();
    let pass = pass();
    for alg in SigAlg::ALL {
        for encrypt in [&[][..], &["-aes-256-cbc", "-pass", &pass]] {
            let key = generate(dir.path(), alg, encrypt);
            let public = ["pkey", "-in", "theirs.pem", "-passin", &pass, "-pubout"];
            let pem = String::from_utf8(succeeds(dir.path(), &public)).unwrap();
            assert_eq!(&PublicKey::from_spki_pem(&pem).unwrap(), key.public());
            assert_eq!(key.public().to_spki_pem().unwrap(), pem);
        }
        let scrypt = [
            "pkcs8",
            "-topk8",
            "-in",
            "theirs.pem",
            "-passin",
            &pass,
            "-passout",
            &pass,
            "-scrypt",
        ];
        let pem = String::from_utf8(succeeds(dir.path(), &scrypt)).unwrap();
        let public = SoftwareKey::from_pkcs8_pem(&pem, PASSPHRASE).unwrap();
        let text = fs::read_to_string(dir.path().join("theirs.pem")).unwrap();
        let same = SoftwareKey::from_pkcs8_pem(&text, PASSPHRASE).unwrap();
        assert_eq!(public.public(), same.public());
    }
    // An explicit curve, and a point in compressed form: real files, refused with an error of their own.
    for (conversion, form) in [("-param_enc", "explicit"), ("-conv_form", "compressed")] {
        generate(dir.path(), SigAlg::P256, &[]);
        let odd = ["ec", "-in", "theirs.pem", "-pubout", conversion, form];
        let pem = String::from_utf8(succeeds(dir.path(), &odd)).unwrap();
        assert!(PublicKey::from_spki_pem(&pem).is_err(), "{form}");
    }
}

/// The commands that the verification kit prints: an expert with openssl alone checks our signatures.
fn openssl_verifies(dir: &Path, alg: SigAlg, sm2_id: &str) -> bool {
    let id = format!("distid:{sm2_id}");
    let output = match alg {
        SigAlg::Ed25519 => openssl(
            dir,
            &[
                "pkeyutl",
                "-verify",
                "-pubin",
                "-inkey",
                "public.pem",
                "-rawin",
                "-in",
                "message",
                "-sigfile",
                "signature",
            ],
        ),
        SigAlg::P256 => openssl(
            dir,
            &["dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "message"],
        ),
        SigAlg::Sm2 => openssl(
            dir,
            &[
                "dgst",
                "-sm3",
                "-sigopt",
                &id,
                "-verify",
                "public.pem",
                "-signature",
                "signature",
                "message",
            ],
        ),
    };
    output.status.success()
}

#[test]
#[ignore = "needs OpenSSL 3: sh tests/run.sh keys"]
fn openssl_verifies_our_signatures() {
    let dir = workshop();
    let write = |name: &str, content: &[u8]| fs::write(dir.path().join(name), content).unwrap();
    for alg in SigAlg::ALL {
        let key = SoftwareKey::generate(alg).unwrap();
        write("public.pem", key.public().to_spki_pem().unwrap().as_bytes());
        write("message", MESSAGE);
        write("signature", &key.sign(MESSAGE).unwrap().to_der());
        assert!(openssl_verifies(dir.path(), alg, "1234567812345678"), "{alg}");
        if alg == SigAlg::Sm2 {
            assert!(!openssl_verifies(dir.path(), alg, "8765432187654321"));
        }
        write("message", b"another");
        assert!(!openssl_verifies(dir.path(), alg, "1234567812345678"));
    }
}

#[test]
#[ignore = "needs OpenSSL 3: sh tests/run.sh keys"]
fn we_verify_openssl_signatures() {
    let dir = workshop();
    fs::write(dir.path().join("message"), MESSAGE).unwrap();
    let signature = |alg, options: &[&str]| {
        match alg {
            SigAlg::Ed25519 => succeeds(
                dir.path(),
                &[
                    "pkeyutl",
                    "-sign",
                    "-inkey",
                    "theirs.pem",
                    "-rawin",
                    "-in",
                    "message",
                    "-out",
                    "sig",
                ],
            ),
            SigAlg::P256 | SigAlg::Sm2 => {
                let digest = if alg == SigAlg::P256 { "-sha256" } else { "-sm3" };
                let tail = &["-sign", "theirs.pem", "-out", "sig", "message"];
                succeeds(dir.path(), &[&["dgst", digest], options, tail].concat())
            }
        };
        Signature::normalise(alg, &fs::read(dir.path().join("sig")).unwrap()).unwrap()
    };
    for alg in [SigAlg::Ed25519, SigAlg::P256] {
        let key = generate(dir.path(), alg, &[]);
        // openssl makes a high s every second time; normalised, each is ours.
        for _ in 0..6 {
            key.public().verify(MESSAGE, &signature(alg, &[]), Strictness::Ours).unwrap();
        }
    }
    // SM2: openssl signs with the empty user id unless it is told another.
    let key = generate(dir.path(), SigAlg::Sm2, &[]);
    let default = signature(SigAlg::Sm2, &["-sigopt", "distid:1234567812345678"]);
    key.public().verify(MESSAGE, &default, Strictness::Ours).unwrap();
    let untold = signature(SigAlg::Sm2, &[]);
    assert!(key.public().verify(MESSAGE, &untold, Strictness::Ours).is_err());
    let empty = key.public().clone().with_sm2_id(b"").unwrap();
    empty.verify(MESSAGE, &untold, Strictness::Ours).unwrap();
}
