//! Signers that do something else than asked, one switch at a time: each must be named, and only that one.

use super::*;

const MESSAGE: &[u8] = b"\x84jSignature1Cabc@X what is to be signed, somewhat longer";

fn switched(key: &PublicKey, given: &[u8]) -> Switches {
    switched_over(key, MESSAGE, given)
}

#[track_caller]
fn switched_over(key: &PublicKey, message: &[u8], given: &[u8]) -> Switches {
    match diagnose(key, message, given) {
        Diagnosis::Switched(switches) => switches,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn input(key: &SoftwareKey, digest: [u8; 32]) -> SignedInput {
    let given = key.sign_digest(&digest).unwrap();
    let found = switched(key.public(), given.bytes());
    assert_eq!((found.form, &found.other_key), (SignatureForm::AsAsked, &None));
    assert_eq!(switched(key.public(), &given.to_der()), found, "DER makes no difference");
    found.input
}

fn sm3(bytes: &[u8]) -> [u8; 32] {
    HashAlg::Sm3.digest(bytes)
}

#[test]
fn what_fits_is_said_to_fit() {
    for alg in SigAlg::ALL {
        let signature = key(alg).sign(MESSAGE).unwrap();
        for given in [signature.bytes().to_vec(), signature.to_der()] {
            assert_eq!(diagnose(key(alg).public(), MESSAGE, &given), Diagnosis::Fits);
        }
    }
}

#[test]
fn sm2_user_ids() {
    let named = key(SigAlg::Sm2).with_sm2_id(b"ALICE123@YAHOO.COM").unwrap();
    let signed_as = |id: &[u8]| {
        let signer = key(SigAlg::Sm2).with_sm2_id(id).unwrap();
        signer.sign(MESSAGE).unwrap().bytes().to_vec()
    };
    let hex_id = hex::encode(b"ALICE123@YAHOO.COM");
    for (id, expected) in [
        (SM2_DEFAULT_ID, SignedInput::DefaultUserId),
        (b"".as_slice(), SignedInput::EmptyUserId),
        (b"TLSv1.3+GM+Cipher+Suite".as_slice(), SignedInput::TlsUserId),
        (hex_id.as_bytes(), SignedInput::HexUserId),
    ] {
        assert_eq!(switched(named.public(), &signed_as(id)).input, expected);
    }
    assert_eq!(
        diagnose(named.public(), MESSAGE, &signed_as(b"ALICE123@YAHOO.COM")),
        Diagnosis::Fits
    );
    // The other way round: a key with the default id, an ordinary openssl without distid.
    let plain = key(SigAlg::Sm2);
    assert_eq!(switched(plain.public(), &signed_as(b"")).input, SignedInput::EmptyUserId);
    // An id that nobody can guess is not found, and not made up.
    let unknown = diagnose(plain.public(), MESSAGE, &signed_as(b"somebody's own id"));
    assert!(matches!(unknown, Diagnosis::Unknown { .. }), "{unknown:?}");
}

#[test]
fn sm2_digests() {
    let key = key(SigAlg::Sm2);
    let z = key.public().sm2_z().unwrap();
    let e = key.public().digest_to_sign(MESSAGE).unwrap();
    let hashed = sm3(MESSAGE);
    for (digest, expected) in [
        (hashed, SignedInput::WithoutZ),
        (sm2_digest::e(&z, &e), SignedInput::DigestAsMessage),
        (sm3(&e), SignedInput::DigestAsMessage),
        (sm2_digest::e(&z, &hashed), SignedInput::HashedBefore),
        (sm3(&hashed), SignedInput::HashedBefore),
        (HashAlg::Sha256.digest(MESSAGE), SignedInput::Sha256),
        (*MESSAGE.first_chunk().unwrap(), SignedInput::MessageAsDigest),
        (sm2_digest::e(&z, hex::encode(MESSAGE).as_bytes()), SignedInput::HexText),
        (sm2_digest::e(&z, hex::encode(MESSAGE).to_uppercase().as_bytes()), SignedInput::HexText),
    ] {
        assert_eq!(input(&key, digest), expected);
    }
}

#[test]
fn p256_digests() {
    use sha2::Digest as _;
    let key = key(SigAlg::P256);
    let sha = |bytes: &[u8]| HashAlg::Sha256.digest(bytes);
    let half = |long: &[u8]| *long.first_chunk::<32>().unwrap();
    for (digest, expected) in [
        (sha(&sha(MESSAGE)), SignedInput::DigestAsMessage),
        (sm3(MESSAGE), SignedInput::Sm3),
        (half(&sha2::Sha384::digest(MESSAGE)), SignedInput::Sha2Long),
        (half(&sha2::Sha512::digest(MESSAGE)), SignedInput::Sha2Long),
        (half(MESSAGE), SignedInput::MessageAsDigest),
        (sha(hex::encode(MESSAGE).as_bytes()), SignedInput::HexText),
    ] {
        assert_eq!(input(&key, digest), expected);
    }
}

#[test]
fn ed25519_messages() {
    use sha2::Digest as _;
    let key = key(SigAlg::Ed25519);
    for (signed, expected) in [
        (HashAlg::Sha256.digest(MESSAGE).to_vec(), SignedInput::HashedBefore),
        (sm3(MESSAGE).to_vec(), SignedInput::Sm3),
        (sha2::Sha512::digest(MESSAGE).to_vec(), SignedInput::Sha2Long),
        (hex::encode(MESSAGE).into_bytes(), SignedInput::HexText),
    ] {
        let given = key.sign(&signed).unwrap();
        assert_eq!(switched(key.public(), given.bytes()).input, expected);
    }
}

#[test]
fn base64_as_the_tools_write_it() {
    for (message, text) in [
        (b"f".as_slice(), "Zg=="),
        (b"fo", "Zm8="),
        (b"foo", "Zm9v"),
        (b"foobar", "Zm9vYmFy"),
        (b"\xfb\xff\xfe", "+//+"),
    ] {
        let key = key(SigAlg::Ed25519);
        let given = key.sign(text.as_bytes()).unwrap();
        let found = switched_over(key.public(), message, given.bytes());
        assert_eq!(found.input, SignedInput::Base64Text, "{text}");
    }
}

#[test]
fn the_payload_alone_is_not_what_was_asked() {
    for alg in SigAlg::ALL {
        let root = [7; 32];
        let message = sig_structure(b"header", &root);
        let key = key(alg);
        let given = key.sign(&root).unwrap();
        assert_eq!(
            switched_over(key.public(), &message, given.bytes()).input,
            SignedInput::PayloadOnly
        );
        if alg != SigAlg::Ed25519 {
            let given = key.sign_digest(&root).unwrap();
            let found = switched_over(key.public(), &message, given.bytes());
            assert_eq!(found.input, SignedInput::PayloadOnly);
        }
    }
}

#[test]
fn other_ways_to_write_it() {
    for alg in SigAlg::ALL {
        let key = key(alg);
        let signature = key.sign(MESSAGE).unwrap();
        let bytes = *signature.bytes();
        let (r, s) = bytes.split_at(32);
        let back = |half: &[u8]| half.iter().rev().copied().collect::<Vec<u8>>();
        let mut forms = vec![
            (hex::encode(&bytes).into_bytes(), SignatureForm::Text),
            (hex::encode(&bytes).to_uppercase().into_bytes(), SignatureForm::Text),
            (format!("0x{}\n", hex::encode(&bytes)).into_bytes(), SignatureForm::Text),
            ([&bytes[..], &[1]].concat(), SignatureForm::WithRecoveryId),
            ([&[27], &bytes[..]].concat(), SignatureForm::WithRecoveryId),
            ([&bytes[..], &[9; 64]].concat(), SignatureForm::WithKey),
            ([&[4, 64], &bytes[..]].concat(), SignatureForm::Wrapped),
            ([&[3, 65, 0], &bytes[..]].concat(), SignatureForm::Wrapped),
        ];
        if alg != SigAlg::Ed25519 {
            // Ed25519 has halves too, but turned ones are no signatures in form.
            forms.extend([
                ([s, r].concat(), SignatureForm::Swapped),
                ([back(r), back(s)].concat(), SignatureForm::LittleEndian),
                ([back(s), back(r)].concat(), SignatureForm::Reversed),
                (hex::encode(&signature.to_der()).into_bytes(), SignatureForm::Text),
            ]);
            let der = signature.to_der();
            let long = [&[0x30, 0x81, der[1]], &der[2..]].concat();
            forms.push((long, SignatureForm::LooseDer));
            forms.push(([&der[..], &[0, 0]].concat(), SignatureForm::LooseDer));
            let padded = [&[0x02, 34, 0, 0], r, &[0x02, 33, 0], s].concat();
            forms.push((
                [&[0x30, padded.len() as u8], &padded[..]].concat(),
                SignatureForm::LooseDer,
            ));
            // Without the zero byte that keeps an integer positive.
            let bare = [&[0x02, 32], r, &[0x02, 32], s].concat();
            let bare = [&[0x30, bare.len() as u8], &bare[..]].concat();
            let strict = r[0] < 0x80 && s[0] < 0x80 && r[0] > 0 && s[0] > 0;
            if !strict {
                forms.push((bare, SignatureForm::LooseDer));
            }
        }
        for (given, expected) in forms {
            assert!(
                Signature::normalise(alg, &given)
                    .and_then(|taken| { key.public().verify(MESSAGE, &taken, Strictness::Outside) })
                    .is_err(),
                "{alg} {expected:?} would be accepted"
            );
            let found = switched(key.public(), &given);
            assert_eq!((found.form, found.input), (expected, SignedInput::AsAsked), "{alg}");
        }
    }
}

#[test]
fn two_switches_at_once() {
    let named = key(SigAlg::Sm2).with_sm2_id(b"bank").unwrap();
    let (r, s) = {
        let given = key(SigAlg::Sm2).sign(MESSAGE).unwrap();
        let (r, s) = given.bytes().split_at(32);
        (r.to_vec(), s.to_vec())
    };
    let found = switched(named.public(), &[s, r].concat());
    assert_eq!((found.form, found.input), (SignatureForm::Swapped, SignedInput::DefaultUserId));
    let text = found.to_string();
    assert!(text.contains("swap") && text.contains("1234567812345678"), "{text}");
}

#[test]
fn another_of_the_given_keys() {
    for alg in SigAlg::ALL {
        let (asked, first) = (key(alg), SoftwareKey::from_seed(alg, &[8; 32]).unwrap());
        for made_by in SigAlg::ALL {
            let other = SoftwareKey::from_seed(made_by, &[9; 32]).unwrap();
            let given = other.sign(MESSAGE).unwrap();
            let others = [first.public(), other.public()];
            let found = match diagnose_among(asked.public(), MESSAGE, given.bytes(), &others) {
                Diagnosis::Switched(found) => found,
                other => panic!("{other:?}"),
            };
            assert_eq!(found.other_key.as_deref(), Some(other.public()));
            let unknown = diagnose(asked.public(), MESSAGE, given.bytes());
            assert!(matches!(unknown, Diagnosis::Unknown { .. }));
        }
    }
}

#[test]
fn keys_are_recovered_where_the_curve_allows_it() {
    for alg in [SigAlg::P256, SigAlg::Sm2] {
        let asked = key(alg);
        let request = SigningRequest::new(asked.public(), MESSAGE.to_vec());
        for seed in 1..6 {
            let other = SoftwareKey::from_seed(alg, &[seed; 32]).unwrap();
            let given = other.sign_digest(&request.signable_digest().unwrap()).unwrap();
            let Diagnosis::Unknown { recovered } = request.diagnose(given.bytes(), &[]) else {
                panic!("another key's signature fits nothing");
            };
            assert!(recovered.contains(other.public()), "{alg} {seed}");
            assert!(recovered.len() <= 4);
            let thumbprint = hex::encode(&other.public().thumbprint()[..8]);
            let text = request.accept(given.bytes()).unwrap_err().to_string();
            assert!(text.contains(&thumbprint), "{text}");
        }
    }
    let other = SoftwareKey::from_seed(SigAlg::Ed25519, &[1; 32]).unwrap();
    let given = other.sign(MESSAGE).unwrap();
    let none = Diagnosis::Unknown { recovered: Vec::new() };
    assert_eq!(diagnose(key(SigAlg::Ed25519).public(), MESSAGE, given.bytes()), none);
}

#[test]
fn rubbish_fits_nothing_and_costs_little() {
    for alg in SigAlg::ALL {
        let public = key(alg).public().clone();
        let rubbish = [
            vec![],
            vec![0],
            vec![0x30],
            vec![0x30, 0x80],
            vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            vec![0x04, 0x40],
            vec![0x03, 0x01],
            vec![0; 64],
            vec![0xff; 64],
            vec![0; 65],
            vec![0; 128],
            vec![0x30; 8192],
            vec![b'A'; 8192],
            b"0x".to_vec(),
            "印证".as_bytes().to_vec(),
        ];
        for given in rubbish {
            let found = diagnose(&public, MESSAGE, &given);
            assert_eq!(found, Diagnosis::Unknown { recovered: Vec::new() }, "{given:?}");
            diagnose(&public, &[], &given);
        }
    }
}

#[test]
fn a_diagnosis_names_no_user_id_of_a_person() {
    let named = key(SigAlg::Sm2).with_sm2_id("张三 110101199003070000".as_bytes()).unwrap();
    let request = SigningRequest::new(named.public(), MESSAGE.to_vec());
    let given = key(SigAlg::Sm2).sign(MESSAGE).unwrap();
    let error = request.accept(given.bytes()).unwrap_err();
    for text in [format!("{error} {error:?}"), format!("{request:?} {:?}", request.sm2())] {
        assert!(!text.contains("张三") && !text.contains("110101"), "{text}");
    }
}
