use pkcs8::der::Encode;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::pem::{LineEnding, encode_string};
use pkcs8::pkcs5::{EncryptionScheme, pbes2, scrypt};
use pkcs8::{EncodePrivateKey, EncryptedPrivateKeyInfoRef};

use super::*;

fn file_code(text: &str, passphrase: &str) -> ErrorCode {
    SoftwareKey::from_pkcs8_pem(text, passphrase).unwrap_err().code()
}

#[test]
fn public_keys_in_der_and_pem() {
    for alg in SigAlg::ALL {
        let public = key(alg).public().clone();
        let der = public.to_spki_der();
        assert_eq!(PublicKey::from_spki_der(&der).unwrap(), public);
        let pem = public.to_spki_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
        assert_eq!(PublicKey::from_spki_pem(&pem).unwrap(), public);
        assert_eq!(PublicKey::from_spki_pem(&pem.replace('\n', "\r\n")).unwrap(), public);
        let code = |der: &[u8]| PublicKey::from_spki_der(der).unwrap_err().code();
        for len in 0..der.len() {
            assert!(PublicKey::from_spki_der(&der[..len]).is_err());
        }
        assert_eq!(code(&[&der[..], &[0]].concat()), ErrorCode::InvalidKey);
        // Any change in the structure is another structure; in the key, mostly no key.
        for at in 0..der.len() - public.bytes().len() {
            let mut changed = der.clone();
            changed[at] ^= 1;
            assert!(PublicKey::from_spki_der(&changed).is_err(), "{alg} byte {at}");
        }
    }
}

#[test]
fn public_keys_agree_with_the_library_crates() {
    use p256::pkcs8::EncodePublicKey;
    let theirs = p256::SecretKey::from_slice(&[7; 32]).unwrap().public_key().to_public_key_der();
    assert_eq!(key(SigAlg::P256).public().to_spki_der(), theirs.unwrap().as_bytes());
    let theirs = sm2::SecretKey::from_slice(&[7; 32]).unwrap().public_key().to_public_key_der();
    assert_eq!(key(SigAlg::Sm2).public().to_spki_der(), theirs.unwrap().as_bytes());
    let theirs =
        ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key().to_public_key_der();
    assert_eq!(key(SigAlg::Ed25519).public().to_spki_der(), theirs.unwrap().as_bytes());
}

#[test]
fn other_public_key_files() {
    let code = |text: &str| PublicKey::from_spki_pem(text).unwrap_err().code();
    let pem = key(SigAlg::P256).public().to_spki_pem().unwrap();
    for bad in [
        "",
        "-----BEGIN PUBLIC KEY-----",
        &pem[..pem.len() / 2],
        &pem.replace("PUBLIC", "RSA PUBLIC"),
        &pem.replace("BEGIN PUBLIC", "BEGIN PRIVATE"),
        &pem.replacen('M', "?", 1),
    ] {
        assert_eq!(code(bad), ErrorCode::InvalidKey, "{bad}");
    }
    let certificate = pem.replace("PUBLIC KEY", "CERTIFICATE");
    assert_eq!(code(&certificate), ErrorCode::InvalidKey);
    // X25519 and Ed448 have almost the structure of Ed25519.
    for oid in ["2b656e", "2b6571"] {
        let mut der = key(SigAlg::Ed25519).public().to_spki_der();
        der[6..9].copy_from_slice(&bytes(oid));
        let error = PublicKey::from_spki_der(&der).unwrap_err();
        assert_eq!(error.code(), ErrorCode::UnsupportedAlgorithm);
    }
}

#[test]
fn secret_keys_in_encrypted_files() {
    for alg in SigAlg::ALL {
        let key = SoftwareKey::generate(alg).unwrap();
        let pem = key.to_pkcs8_pem("a passphrase 口令").unwrap();
        assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        let back = SoftwareKey::from_pkcs8_pem(&pem, "a passphrase 口令").unwrap();
        assert_eq!(back.public(), key.public());
        assert_eq!(back.sign(b"m").unwrap(), key.sign(b"m").unwrap());
        assert_ne!(key.to_pkcs8_pem("a passphrase 口令").unwrap(), pem, "a new salt each time");
        assert_eq!(file_code(&pem, "a passphrase"), ErrorCode::KeyFile);
        assert_eq!(file_code(&pem, ""), ErrorCode::KeyFile);
        assert_eq!(key.to_pkcs8_pem("").unwrap_err().code(), ErrorCode::InvalidArgument);
        let error = SoftwareKey::from_pkcs8_pem(&pem, "another").unwrap_err();
        assert!(!error.to_string().contains("another"));
    }
}

fn plain(alg: SigAlg) -> String {
    let seed = [7; 32];
    let document = match alg {
        SigAlg::Ed25519 => ed25519_dalek::SigningKey::from_bytes(&seed).to_pkcs8_der(),
        SigAlg::P256 => p256::SecretKey::from_slice(&seed).unwrap().to_pkcs8_der(),
        SigAlg::Sm2 => sm2::SecretKey::from_slice(&seed).unwrap().to_pkcs8_der(),
    };
    document.unwrap().to_pem("PRIVATE KEY", LineEnding::LF).unwrap().to_string()
}

#[test]
fn secret_keys_in_plain_files() {
    for alg in SigAlg::ALL {
        let pem = plain(alg);
        assert_eq!(SoftwareKey::from_pkcs8_pem(&pem, "").unwrap().public(), key(alg).public());
        // A passphrase says: I expect this file to be protected.
        assert_eq!(file_code(&pem, "x"), ErrorCode::KeyFile);
        for label in ["EC PRIVATE KEY", "PUBLIC KEY", "CERTIFICATE", "ENCRYPTED PRIVATE KEY"] {
            assert_eq!(file_code(&pem.replace("PRIVATE KEY", label), "x"), ErrorCode::KeyFile);
        }
    }
}

#[test]
fn files_that_are_no_key_files() {
    let pem = key(SigAlg::P256).to_pkcs8_pem("x").unwrap();
    for bad in ["", "x", &pem[..100], &pem.replacen('M', "?", 1), &pem.replace("BEGIN", "START")] {
        assert_eq!(file_code(bad, "x"), ErrorCode::KeyFile);
    }
    let wrap = |der: &[u8]| encode_string("PRIVATE KEY", LineEnding::LF, der).unwrap();
    for der in [&[][..], &[0x30], &[0x30, 0x00], &[0x02, 0x01, 0x00]] {
        assert_eq!(file_code(&wrap(der), ""), ErrorCode::KeyFile);
    }
    // RSA, and P-384: whole structures of other kinds.
    let rsa = "3015 020100 300d06092a864886f70d0101010500 0401 00";
    let p384 = "3018 020100 301006072a8648ce3d020106052b81040022 0401 00";
    for text in [rsa, p384] {
        assert_eq!(file_code(&wrap(&bytes(text)), ""), ErrorCode::UnsupportedAlgorithm, "{text}");
    }
}

/// A file that is encrypted with these parameters, as far as anyone can tell before opening it.
fn file_with(parameters: pbes2::Parameters) -> String {
    let info = EncryptedPrivateKeyInfoRef {
        encryption_algorithm: EncryptionScheme::Pbes2(parameters),
        encrypted_data: OctetStringRef::new(&[0; 48]).unwrap(),
    };
    encode_string("ENCRYPTED PRIVATE KEY", LineEnding::LF, &info.to_der().unwrap()).unwrap()
}

#[test]
fn hostile_costs_are_refused_before_they_are_paid() {
    let many = pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(100_000_000, &[1; 16], [2; 16]);
    assert_eq!(file_code(&file_with(many.unwrap()), "x"), ErrorCode::KeyFile);
    for (n, r, p) in [
        (0, 8, 1), // makes the crate panic
        (3, 8, 1),
        (1 << 30, 8, 1),
        (1 << 63, 8, 1),
        (1 << 14, u16::MAX, 1),
        (1 << 14, 8, u16::MAX),
    ] {
        let cost = scrypt::Params::new(14, 8, 1).unwrap();
        let mut hostile =
            pbes2::Parameters::generate_scrypt_aes256cbc(cost, &[1; 16], [2; 16]).unwrap();
        let pbes2::Kdf::Scrypt(kdf) = &mut hostile.kdf else { panic!() };
        (kdf.cost_parameter, kdf.block_size, kdf.parallelization) = (n, r, p);
        assert_eq!(file_code(&file_with(hostile), "x"), ErrorCode::KeyFile, "{n} {r} {p}");
    }
}

#[test]
fn scrypt_files_open_too() {
    let document = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).to_pkcs8_der().unwrap();
    let info = pkcs8::PrivateKeyInfoRef::try_from(document.as_bytes()).unwrap();
    let cost = scrypt::Params::new(10, 8, 1).unwrap();
    let parameters = pbes2::Parameters::generate_scrypt_aes256cbc(cost, &[1; 16], [2; 16]).unwrap();
    let pem = info.encrypt_with_params(parameters, "x").unwrap();
    let pem = pem.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF).unwrap();
    let opened = SoftwareKey::from_pkcs8_pem(&pem, "x").unwrap();
    assert_eq!(opened.public(), key(SigAlg::Ed25519).public());
}
