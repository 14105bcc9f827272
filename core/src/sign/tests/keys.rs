use super::*;

fn raw_code(alg: SigAlg, bytes: &[u8]) -> ErrorCode {
    PublicKey::from_raw(alg, bytes).unwrap_err().code()
}

#[test]
fn raw_forms() {
    for alg in SigAlg::ALL {
        let key = key(alg);
        let raw = key.public().bytes();
        assert_eq!(&PublicKey::from_raw(alg, raw).unwrap(), key.public());
        for bad in [&raw[1..], &[raw, &[0]].concat(), &[]] {
            assert_eq!(raw_code(alg, bad), ErrorCode::InvalidKey);
        }
        if alg == SigAlg::Ed25519 {
            continue;
        }
        let (x, y) = raw.split_at(32);
        let sign = 2 + (y[31] & 1);
        assert_eq!(&PublicKey::from_raw(alg, &[&[4], raw].concat()).unwrap(), key.public());
        assert_eq!(&PublicKey::from_raw(alg, &[&[sign], x].concat()).unwrap(), key.public());
        let mirrored = PublicKey::from_raw(alg, &[&[sign ^ 1], x].concat()).unwrap();
        assert_ne!(&mirrored, key.public());
        for bad in [
            &[&[6 | (y[31] & 1)], raw].concat()[..], // hybrid
            &[&[5], x].concat(),                     // compact
            &[&[0], raw].concat(),
            &[&[3 ^ (sign & 1)], raw].concat(),
            &[0], // the identity
            &[&[4], x].concat(),
            &[&[0], x].concat(),
        ] {
            assert_eq!(raw_code(alg, bad), ErrorCode::InvalidKey, "{alg} {bad:?}");
        }
    }
}

#[test]
fn points_off_the_curve() {
    let p256 = key(SigAlg::P256).public().bytes().to_vec();
    let sm2 = key(SigAlg::Sm2).public().bytes().to_vec();
    // A point of one curve is not on the other.
    assert_eq!(raw_code(SigAlg::Sm2, &p256), ErrorCode::InvalidKey);
    assert_eq!(raw_code(SigAlg::P256, &sm2), ErrorCode::InvalidKey);
    for (alg, point) in [(SigAlg::P256, p256), (SigAlg::Sm2, sm2)] {
        for at in [0, 31, 32, 63] {
            let mut moved = point.clone();
            moved[at] ^= 1;
            assert_eq!(raw_code(alg, &moved), ErrorCode::InvalidKey);
        }
        assert_eq!(raw_code(alg, &[0; 64]), ErrorCode::InvalidKey);
        assert_eq!(raw_code(alg, &[0xff; 64]), ErrorCode::InvalidKey);
    }
    // A small x plus the field's prime is another spelling of the same x.
    let p256_prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
    let sm2_prime = "fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff";
    for (alg, prime) in [(SigAlg::P256, p256_prime), (SigAlg::Sm2, sm2_prime)] {
        let mut small = 0;
        for x in 0..40u8 {
            let mut compressed = [0; 33];
            compressed[0] = 2;
            compressed[32] = x;
            small += usize::from(PublicKey::from_raw(alg, &compressed).is_ok());
            let mut above = [&[2], &bytes(prime)[..]].concat();
            let mut carry = u16::from(x);
            for digit in above[1..].iter_mut().rev() {
                carry += u16::from(*digit);
                *digit = carry as u8;
                carry >>= 8;
            }
            assert_eq!(raw_code(alg, &above), ErrorCode::InvalidKey, "{alg} p + {x}");
        }
        assert!(small > 5);
    }
}

#[test]
fn ed25519_keys_of_small_order() {
    for weak in [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        // The same points in spellings that are not canonical.
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ] {
        assert_eq!(raw_code(SigAlg::Ed25519, &bytes(weak)), ErrorCode::InvalidKey, "{weak}");
    }
}

#[test]
fn ed25519_keys_that_are_not_canonical() {
    let mut read_by_the_crate = 0;
    for low in 0xed..=0xffu8 {
        for high in [0x7f, 0xff] {
            let mut key = [0xff; 32];
            (key[0], key[31]) = (low, high);
            assert_eq!(raw_code(SigAlg::Ed25519, &key), ErrorCode::InvalidKey);
            let theirs = ed25519_dalek::VerifyingKey::from_bytes(&key);
            read_by_the_crate += usize::from(theirs.is_ok_and(|key| !key.is_weak()));
        }
    }
    assert!(read_by_the_crate > 0, "the check of ours is the only one that refuses these");
    // Just below the prime is canonical.
    let below = (0xe0..0xec).filter(|low| {
        let mut key = [0xff; 32];
        (key[0], key[31]) = (*low, 0x7f);
        PublicKey::from_raw(SigAlg::Ed25519, &key).is_ok()
    });
    assert!(below.count() > 0);
}

#[test]
fn cose_keys() {
    for alg in SigAlg::ALL {
        let key = key(alg);
        let encoded = key.public().to_cose_key();
        let read = PublicKey::from_cose_key(Item::parse(&encoded, 200).unwrap()).unwrap();
        assert_eq!(&read, key.public());
        // RFC 9679 §4: the same map without the algorithm.
        let map = Item::parse(&encoded, 200).unwrap().map().unwrap();
        let without = map.iter().filter(|(key, _)| *key != 3);
        let without =
            without.fold(MapBuilder::new(), |m, (key, v)| m.put_raw(key, v.bytes())).finish();
        assert_eq!(key.public().thumbprint(), HashAlg::Sha256.digest(&without));
    }
    let start = |alg| hex::encode(&key(alg).public().to_cose_key()[..12]);
    assert!(start(SigAlg::Ed25519).starts_with("a4010103272006215820"));
    assert!(start(SigAlg::P256).starts_with("a5010203262001215820"));
    assert!(start(SigAlg::Sm2).starts_with("a50102033a000101d1203a00"));
}

/// RFC 9679 §6: the published thumbprint of a P-256 key.
#[test]
fn thumbprint_vector() {
    let key = PublicKey::from_raw(
        SigAlg::P256,
        &bytes(
            "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d
             1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c",
        ),
    )
    .unwrap();
    let expected = "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec";
    assert_eq!(hex::encode(&key.thumbprint()), expected);
}

#[test]
fn bad_cose_keys() {
    let code = |encoded: &[u8]| {
        PublicKey::from_cose_key(Item::parse(encoded, 300).unwrap()).unwrap_err().code()
    };
    let rebuild = |alg: SigAlg, change: &dyn Fn(MapBuilder) -> MapBuilder, without: i64| {
        let encoded = key(alg).public().to_cose_key();
        let map = Item::parse(&encoded, 200).unwrap().map().unwrap();
        let kept = map.iter().filter(|(key, _)| *key != without);
        change(kept.fold(MapBuilder::new(), |m, (key, v)| m.put_raw(key, v.bytes()))).finish()
    };
    for alg in SigAlg::ALL {
        for required in [1, 3, -1, -2] {
            assert_eq!(code(&rebuild(alg, &|m| m, required)), ErrorCode::MissingKey);
            let text = rebuild(alg, &|m| m.put_text(required, "x"), 99);
            assert_eq!(code(&text), ErrorCode::WrongType);
        }
        for unknown in [2, 4, 5, 64, 65_535, -4, -70_000] {
            let extra = rebuild(alg, &|m| m.put_bstr(unknown, &[1]), 99);
            assert_eq!(code(&extra), ErrorCode::UnknownCritical, "{alg} {unknown}");
        }
        for (at, wrong) in [(1, 3), (1, 4), (-1, 4), (-1, 7), (-1, 8)] {
            let changed = rebuild(alg, &|m| m.put_int(at, wrong), 99);
            assert_eq!(code(&changed), ErrorCode::InvalidKey, "{alg} {at} {wrong}");
        }
        for wrong in [-9, -19, -35, -66_003] {
            let changed = rebuild(alg, &|m| m.put_int(3, wrong), 99);
            assert_eq!(code(&changed), ErrorCode::UnsupportedAlgorithm);
        }
        for length in [0, 31, 33] {
            let changed = rebuild(alg, &|m| m.put_bstr(-2, &vec![1; length]), 99);
            assert_eq!(code(&changed), ErrorCode::OutOfRange);
        }
        let off = rebuild(alg, &|m| m.put_bstr(-2, &[0xff; 32]), 99);
        assert_eq!(code(&off), ErrorCode::InvalidKey);
        // Another algorithm's number over this key.
        for other in SigAlg::ALL.into_iter().filter(|other| *other != alg) {
            let changed = rebuild(alg, &|m| m.put_int(3, other.cose_id()), 99);
            assert_eq!(code(&changed), ErrorCode::InvalidKey);
        }
    }
    assert_eq!(code(&rebuild(SigAlg::P256, &|m| m, -3)), ErrorCode::MissingKey);
    // COSE allows a sign instead of y; we do not.
    let sign = rebuild(SigAlg::P256, &|m| m.put(-3, |w| w.bool(true)), 99);
    assert_eq!(code(&sign), ErrorCode::WrongType);
    let y = rebuild(SigAlg::Ed25519, &|m| m.put_bstr(-3, &[1; 32]), 99);
    assert_eq!(code(&y), ErrorCode::UnknownCritical);
    // The private part has no place in a public key.
    let secret = rebuild(SigAlg::Ed25519, &|m| m.put_bstr(-4, &[1; 32]), 99);
    assert_eq!(code(&secret), ErrorCode::UnknownCritical);
    assert_eq!(code(&[0x80]), ErrorCode::WrongType);
}

#[test]
fn secrets_outside_their_range() {
    let code = |alg, seed: &[u8]| {
        SoftwareKey::from_seed(alg, seed.try_into().unwrap()).unwrap_err().code()
    };
    for alg in [SigAlg::P256, SigAlg::Sm2] {
        let n = order(alg);
        assert_eq!(code(alg, &[0; 32]), ErrorCode::InvalidKey);
        assert_eq!(code(alg, &n), ErrorCode::InvalidKey);
        assert_eq!(code(alg, &[0xff; 32]), ErrorCode::InvalidKey);
        let mut one = [0; 32];
        one[31] = 1;
        assert!(SoftwareKey::from_seed(alg, &one).is_ok());
        let last = minus(&n, &one);
        // SM2: 1 + d must have an inverse, so n − 1 is no key (GM/T 0003.1 §6.1) and n − 2 is the last.
        let result = SoftwareKey::from_seed(alg, last.as_slice().try_into().unwrap());
        assert_eq!(result.is_ok(), alg == SigAlg::P256);
        let before = minus(&last, &one);
        let key = SoftwareKey::from_seed(alg, before.as_slice().try_into().unwrap()).unwrap();
        key.public().verify(b"m", &key.sign(b"m").unwrap(), Strictness::Ours).unwrap();
    }
}

#[test]
fn generated_keys_differ_and_show_nothing() {
    for alg in SigAlg::ALL {
        let (a, b) = (SoftwareKey::generate(alg).unwrap(), SoftwareKey::generate(alg).unwrap());
        assert_ne!(a.public(), b.public());
        a.public().verify(b"m", &a.sign(b"m").unwrap(), Strictness::Ours).unwrap();
        let seed = [7; 32];
        let shown = format!("{:?}", key(alg));
        assert!(shown.starts_with("SoftwareKey(secret withheld"));
        assert!(!shown.contains(&hex::encode(&seed)));
    }
}
