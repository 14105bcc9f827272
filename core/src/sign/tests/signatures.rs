use super::*;

/// RFC 8032 §7.1, TEST 1 and TEST 2.
#[test]
fn ed25519_vectors() {
    for (seed, public, message, signature) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155
             5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ] {
        let key = SoftwareKey::from_seed(SigAlg::Ed25519, &array(seed)).unwrap();
        assert_eq!(key.public().bytes(), bytes(public));
        let made = key.sign(&bytes(message)).unwrap();
        assert_eq!(made.bytes().to_vec(), bytes(signature));
        key.public().verify(&bytes(message), &made, Strictness::Ours).unwrap();
    }
}

/// RFC 6979 §A.2.5, SHA-256. The first has a high s, which we turn over.
#[test]
fn p256_vectors() {
    let seed = array("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");
    let key = SoftwareKey::from_seed(SigAlg::P256, &seed).unwrap();
    let x = "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6";
    let y = "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";
    assert_eq!(key.public().bytes(), [bytes(x), bytes(y)].concat());
    for (message, r, s, high) in [
        (
            "sample",
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
            "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
            true,
        ),
        (
            "test",
            "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367",
            "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083",
            false,
        ),
    ] {
        let published = [bytes(r), bytes(s)].concat();
        let outside = Signature::from_outside(SigAlg::P256, &published).unwrap();
        assert_eq!(outside.is_high_s(), high);
        let made = key.sign(message.as_bytes()).unwrap();
        assert_eq!(Signature::normalise(SigAlg::P256, &published).unwrap(), made);
        assert_eq!(Signature::normalise(SigAlg::P256, &outside.to_der()).unwrap(), made);
        if high {
            let low = [bytes(r), minus(&bytes(P256_ORDER), &bytes(s))].concat();
            assert_eq!(made.bytes().to_vec(), low);
            let error = Signature::from_canonical(SigAlg::P256, &published).unwrap_err();
            assert_eq!(error.code(), ErrorCode::HighS);
        }
        let verify = |s: &Signature, how| key.public().verify(message.as_bytes(), s, how);
        verify(&made, Strictness::Ours).unwrap();
        verify(&made, Strictness::Outside).unwrap();
        verify(&outside, Strictness::Outside).unwrap();
        let strict = verify(&outside, Strictness::Ours).map_err(|error| error.code());
        assert_eq!(strict, if high { Err(ErrorCode::HighS) } else { Ok(()) });
    }
}

/// GM/T 0003.5 annex A (GB/T 32918.5): Z, e, and a signature that verifies.
#[test]
fn sm2_vector() {
    let seed = array("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
    let key = SoftwareKey::from_seed(SigAlg::Sm2, &seed).unwrap();
    let public = key.public();
    let message = b"message digest";
    assert_eq!(
        public.bytes(),
        bytes(
            "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020
             CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
        )
    );
    assert_eq!(public.sm2_id(), Some(&b"1234567812345678"[..]));
    let z: [u8; 32] = array("B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3");
    let e: [u8; 32] = array("F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640");
    assert_eq!(public.sm2_z(), Some(z));
    assert_eq!(sm2_digest::z(public.bytes().try_into().unwrap(), b"1234567812345678").unwrap(), z);
    assert_eq!(sm2_digest::e(&z, message), e);
    assert_eq!(public.digest_to_sign(message), Some(e));
    let r = bytes("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3");
    let s = bytes("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA");
    let signature = Signature::from_canonical(SigAlg::Sm2, &[r, s].concat()).unwrap();
    public.verify(message, &signature, Strictness::Ours).unwrap();
    let error = public.verify(b"message digesT", &signature, Strictness::Ours).unwrap_err();
    assert_eq!(error.code(), ErrorCode::SignatureMismatch);
}

#[test]
fn what_is_signed_verifies_and_nothing_else_does() {
    for alg in SigAlg::ALL {
        let (ours, other) = (key(alg), SoftwareKey::from_seed(alg, &[8; 32]).unwrap());
        for message in [&b""[..], b"a", &[0x5a; 10_000]] {
            let signature = ours.sign(message).unwrap();
            assert_eq!(ours.sign(message).unwrap(), signature, "the same bytes each time");
            assert_eq!(Signature::from_canonical(alg, signature.bytes()).unwrap(), signature);
            let verify = |key: &PublicKey, message: &[u8], signature: &Signature| {
                key.verify(message, signature, Strictness::Ours).map_err(|error| error.code())
            };
            assert_eq!(verify(ours.public(), message, &signature), Ok(()));
            let mismatch = Err(ErrorCode::SignatureMismatch);
            assert_eq!(verify(other.public(), message, &signature), mismatch);
            assert_eq!(verify(ours.public(), &[message, b"x"].concat(), &signature), mismatch);
            for foreign in SigAlg::ALL.into_iter().filter(|foreign| *foreign != alg) {
                let mismatch = Err(ErrorCode::AlgorithmMismatch);
                assert_eq!(verify(key(foreign).public(), message, &signature), mismatch);
            }
        }
        let signature = ours.sign(b"m").unwrap();
        for bit in 0..512 {
            let mut flipped = *signature.bytes();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(flipped) = Signature::from_outside(alg, &flipped) {
                let error = ours.public().verify(b"m", &flipped, Strictness::Outside).unwrap_err();
                assert_eq!(error.code(), ErrorCode::SignatureMismatch, "{alg} {bit}");
            }
        }
    }
}

#[test]
fn digests_for_signers_that_take_digests() {
    assert_eq!(key(SigAlg::Ed25519).public().digest_to_sign(b"m"), None);
    let digest = key(SigAlg::P256).public().digest_to_sign(b"m");
    assert_eq!(digest, Some(HashAlg::Sha256.digest(b"m")));
    let sm2 = key(SigAlg::Sm2);
    let z = sm2.public().sm2_z().unwrap();
    assert_eq!(
        sm2.public().digest_to_sign(b"m"),
        Some(HashAlg::Sm3.digest(&[&z[..], b"m"].concat()))
    );
}

#[test]
fn the_sm2_user_id_matters() {
    let default = key(SigAlg::Sm2);
    let signature = default.sign(b"m").unwrap();
    for id in [&b""[..], b"1234567812345679", b"ALICE123@YAHOO.COM", &[0xff, 0x00], &[b'x'; 8_191]]
    {
        let other = default.public().clone().with_sm2_id(id).unwrap();
        assert_eq!(other.sm2_id(), Some(id));
        assert_ne!(&other, default.public());
        assert_eq!(other.thumbprint(), default.public().thumbprint());
        let error = other.verify(b"m", &signature, Strictness::Ours).unwrap_err();
        assert_eq!(error.code(), ErrorCode::SignatureMismatch);
        let signer = key(SigAlg::Sm2).with_sm2_id(id).unwrap();
        other.verify(b"m", &signer.sign(b"m").unwrap(), Strictness::Ours).unwrap();
    }
    let too_long = default.public().clone().with_sm2_id(&[0; 8_192]).unwrap_err();
    assert_eq!(too_long.code(), ErrorCode::LimitExceeded);
    for alg in [SigAlg::Ed25519, SigAlg::P256] {
        let error = key(alg).public().clone().with_sm2_id(b"x").unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidArgument);
        assert_eq!(key(alg).with_sm2_id(b"x").unwrap_err().code(), ErrorCode::InvalidArgument);
        assert_eq!((key(alg).public().sm2_id(), key(alg).public().sm2_z()), (None, None));
    }
}

#[test]
fn numbers_outside_their_range() {
    for alg in [SigAlg::P256, SigAlg::Sm2] {
        let n = order(alg).to_vec();
        let good = key(alg).sign(b"m").unwrap().bytes().to_vec();
        let (r, s) = good.split_at(32);
        let n_plus = [&n[..31], &[n[31] + 1]].concat();
        let zero = vec![0; 32];
        let most = vec![0xff; 32];
        for bad in [&zero, &n, &n_plus, &most] {
            for pair in [[bad, s].concat(), [r, bad].concat(), [&bad[..], bad].concat()] {
                for result in [
                    Signature::from_canonical(alg, &pair),
                    Signature::from_outside(alg, &pair),
                    Signature::normalise(alg, &pair),
                    Signature::normalise(alg, &der::write(&pair.clone().try_into().unwrap())),
                ] {
                    assert_eq!(result.unwrap_err().code(), ErrorCode::InvalidSignature, "{alg}");
                }
            }
        }
        // r + s = n: an SM2 verifier would divide by nothing (t = 0). For P-256 it is a pair like others.
        let sum = [r, &minus(&n, r)].concat();
        let result = Signature::from_outside(alg, &sum).map_err(|error| error.code());
        assert_eq!(result.is_ok(), alg == SigAlg::P256);
    }
    // Ed25519: S = L, and S + L for a good S (which fits below 2^253), are the same signature again.
    let order = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    let good = *key(SigAlg::Ed25519).sign(b"m").unwrap().bytes();
    let mut plus = good;
    let mut carry = 0u16;
    for (digit, add) in plus[32..].iter_mut().zip(bytes(order)) {
        carry += u16::from(*digit) + u16::from(add);
        *digit = carry as u8;
        carry >>= 8;
    }
    for bad in
        [[&good[..32], &bytes(order)].concat(), plus.to_vec(), [&good[..32], &[0xff; 32]].concat()]
    {
        for result in [
            Signature::from_canonical(SigAlg::Ed25519, &bad),
            Signature::from_outside(SigAlg::Ed25519, &bad),
            Signature::normalise(SigAlg::Ed25519, &bad),
        ] {
            assert_eq!(result.unwrap_err().code(), ErrorCode::InvalidSignature);
        }
    }
}

#[test]
fn other_lengths() {
    for alg in SigAlg::ALL {
        let good = key(alg).sign(b"m").unwrap().bytes().to_vec();
        for bad in [&good[..63], &[&good[..], &[0]].concat(), &[], &[0; 32], &[0; 96], &[0x30; 72]]
        {
            for result in [Signature::from_canonical(alg, bad), Signature::from_outside(alg, bad)] {
                assert_eq!(result.unwrap_err().code(), ErrorCode::InvalidSignature);
            }
            let error = Signature::normalise(alg, bad).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidSignature);
        }
        assert_eq!(Signature::normalise(alg, &[0; 8_193]).unwrap_err().code(), ErrorCode::TooLarge);
    }
    // Ed25519 has no DER form.
    let der = key(SigAlg::P256).sign(b"m").unwrap().to_der();
    let error = Signature::normalise(SigAlg::Ed25519, &der).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidSignature);
    let signature = key(SigAlg::Ed25519).sign(b"m").unwrap();
    assert_eq!(signature.to_der(), signature.bytes());
}

#[test]
fn der_has_one_form() {
    // Every sign and length of the two numbers.
    for (r, s) in
        [("01", "7f"), ("80", "ff"), ("0100", "8000"), ("7fffff", "01"), ("ff00ff", "80000000")]
    {
        let pad = |text: &str| [vec![0; 32 - text.len() / 2], bytes(text)].concat();
        let pair: [u8; 64] = [pad(r), pad(s)].concat().try_into().unwrap();
        assert_eq!(der::read(&der::write(&pair)), Some(pair));
    }
    let whole = [0xff; 64];
    assert_eq!(der::write(&whole).len(), 72);
    assert_eq!(der::read(&der::write(&whole)), Some(whole));
    assert_eq!(der::write(&[0; 64]), bytes("3006 020100 020100"));

    assert!(der::read(&bytes("3006 020101 020102")).is_some());
    for bad in [
        "",
        "30",
        "3000",
        "3003 020101",
        "3005 020101 0201", // cut
        "3006 020101 0201",
        "3006 020101 020102 00",     // after the end
        "3007 020101 020102 00",     // inside the end
        "3009 020101 020102 020103", // a third number
        "308106 020101 020102",      // long form of a length
        "30820006 020101 020102",
        "3080 020101 020102 0000", // indefinite
        "3006 02810101 020102",
        "3007 02020001 020102", // not minimal
        "3007 020101 02020002",
        "3008 0203000001 020102",
        "3006 020181 020102", // negative
        "3006 020101 0201ff",
        "3005 0200 020102", // empty
        "3005 020101 0200",
        "3106 020101 020102", // other tags
        "3006 030101 020102",
        "3006 020101 0a0102",
        "a006 020101 020102",
        "04083006020101020102",
    ] {
        assert_eq!(der::read(&bytes(bad)), None, "{bad}");
    }
    // 33 significant bytes, and 34.
    for long in ["01".repeat(33), "00".to_owned() + &"ff".repeat(33)] {
        let len = long.len() / 2;
        let text = format!("30{:02x} 02{len:02x}{long} 020101", len + 5);
        assert_eq!(der::read(&bytes(&text)), None);
    }
}

#[test]
fn der_agrees_with_the_library_crates() {
    for n in 0..200u8 {
        let signature = key(SigAlg::P256).sign(&[n]).unwrap();
        let theirs = p256::ecdsa::Signature::from_slice(signature.bytes()).unwrap().to_der();
        assert_eq!(signature.to_der(), theirs.as_bytes());
        assert_eq!(Signature::normalise(SigAlg::P256, theirs.as_bytes()).unwrap(), signature);
        let signature = key(SigAlg::Sm2).sign(&[n]).unwrap();
        let theirs = sm2::dsa::Signature::from_slice(signature.bytes()).unwrap().to_der();
        assert_eq!(signature.to_der(), AsRef::<[u8]>::as_ref(&theirs));
        assert_eq!(
            Signature::normalise(SigAlg::Sm2, AsRef::<[u8]>::as_ref(&theirs)).unwrap(),
            signature
        );
    }
}

/// The sm2 crate computes Z and e by itself for ids that are text: the two must agree.
#[test]
fn sm2_agrees_with_the_library_crate() {
    use sm2::dsa::signature::{Signer, Verifier};
    for id in ["1234567812345678", "", "TLSv1.3+GM+Cipher+Suite", "印证"] {
        let ours = key(SigAlg::Sm2).with_sm2_id(id.as_bytes()).unwrap();
        let secret = sm2::SecretKey::from_slice(&[7; 32]).unwrap();
        let theirs = sm2::dsa::SigningKey::new(id, &secret).unwrap();
        let signature: sm2::dsa::Signature = theirs.sign(b"m");
        assert_eq!(ours.sign(b"m").unwrap().bytes(), &<[u8; 64]>::from(signature.to_bytes()));
        theirs.verifying_key().verify(b"m", &signature).unwrap();
    }
}
