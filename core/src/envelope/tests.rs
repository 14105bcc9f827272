use super::*;

fn identity(number: u8) -> Identity {
    Identity(Box::new(x25519_dalek::StaticSecret::from([number; 32])))
}

fn code<T>(result: Result<T>) -> ErrorCode {
    result.map(drop).unwrap_err().code()
}

#[test]
fn each_recipient_opens_contents_of_every_size() {
    let (court, notary, other) = (identity(1), identity(2), identity(3));
    for size in [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000] {
        let content: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
        let sealed = seal(&content, &[court.recipient(), notary.recipient()]).unwrap();
        assert!(is_envelope(&sealed));
        for reader in [&court, &notary] {
            assert_eq!(open(&sealed, reader).unwrap().as_slice(), content, "{size} bytes");
        }
        assert_eq!(code(open(&sealed, &other)), ErrorCode::InvalidKey);
        assert_ne!(sealed, seal(&content, &[court.recipient()]).unwrap());
    }
    assert_eq!(code(seal(b"", &[])), ErrorCode::LimitExceeded);
    let many = vec![court.recipient(); RECIPIENTS + 1];
    assert_eq!(code(seal(b"", &many)), ErrorCode::LimitExceeded);
    let many = seal(b"many", &many[1..]).unwrap();
    assert_eq!(open(&many, &court).unwrap().as_slice(), b"many");
}

#[test]
fn every_changed_or_missing_byte_is_noticed() {
    let court = identity(1);
    let sealed = seal(b"content", &[court.recipient(), identity(2).recipient()]).unwrap();
    for at in 0..sealed.len() {
        for bit in [1, 0x20, 0x80] {
            let mut changed = sealed.clone();
            changed[at] ^= bit;
            assert!(open(&changed, &court).is_err(), "byte {at}, bit {bit}");
        }
        assert!(open(&sealed[..at], &court).is_err(), "cut at {at}");
        let mut more = sealed.clone();
        more.insert(at, b'\n');
        assert!(open(&more, &court).is_err(), "a line end at {at}");
    }
    assert_eq!(code(open(&[sealed, vec![0]].concat(), &court)), ErrorCode::DigestMismatch);
}

#[test]
fn chunks_cannot_be_dropped_moved_or_doubled() {
    let court = identity(1);
    let sealed = seal(&vec![7; 3 * 65_536], &[court.recipient()]).unwrap();
    let chunk = 65_536 + 16;
    let (front, chunks) = sealed.split_at(sealed.len() - 3 * chunk);
    let piece = |at: usize| &chunks[at * chunk..(at + 1) * chunk];
    let with = |pieces: &[&[u8]]| [&[front], pieces].concat().concat();
    open(&with(&[piece(0), piece(1), piece(2)]), &court).unwrap();
    assert_eq!(code(open(&with(&[piece(0), piece(1)]), &court)), ErrorCode::Truncated);
    assert_eq!(code(open(&with(&[piece(0)]), &court)), ErrorCode::Truncated);
    for pieces in [
        [piece(1), piece(0), piece(2)].as_slice(),
        &[piece(0), piece(2)],
        &[piece(0), piece(0), piece(1), piece(2)],
    ] {
        assert_eq!(code(open(&with(pieces), &court)), ErrorCode::DigestMismatch);
    }
}

#[test]
fn keys_have_one_form() {
    let key = identity(9);
    let (public, secret) = (key.recipient().to_string(), key.expose().unwrap());
    assert!(public.starts_with("age1") && secret.starts_with("AGE-SECRET-KEY-1"));
    assert_eq!(public.parse::<Recipient>().unwrap(), key.recipient());
    assert_eq!(secret.parse::<Identity>().unwrap().recipient(), key.recipient());
    let file = format!("# created by somebody\n# public key: {public}\n\n{}\n", *secret);
    assert_eq!(Identity::from_key_file(&file).unwrap().recipient(), key.recipient());
    assert!(Identity::from_key_file("# none\n").is_err());
    assert!(Identity::from_key_file(&format!("{}\n{}", *secret, *secret)).is_err());
    assert_eq!(format!("{key:?}"), "Identity(redacted)");
    let mut mistyped = public.clone();
    mistyped.replace_range(10..11, if &public[10..11] == "q" { "p" } else { "q" });
    for wrong in ["", "age1", &public.to_uppercase(), &mistyped, &public[..61], secret.as_str()] {
        assert_eq!(code(wrong.parse::<Recipient>()), ErrorCode::InvalidKey, "{wrong}");
    }
    for wrong in ["", &secret.to_lowercase(), &public, &secret[..73]] {
        assert_eq!(code(wrong.parse::<Identity>()), ErrorCode::InvalidKey);
    }
    for low in [[0; 32], {
        let mut one = [0; 32];
        one[0] = 1;
        one
    }] {
        assert_eq!(code(seal(b"", &[Recipient(low)])), ErrorCode::InvalidKey);
    }
}

#[test]
fn what_is_no_envelope_is_refused() {
    let court = identity(1);
    let mac = "A".repeat(43);
    let share = "A".repeat(43);
    for (text, expected) in [
        ("", ErrorCode::WrongType),
        ("age-encryption.org/v2\n", ErrorCode::WrongType),
        ("age-encryption.org/v1\n", ErrorCode::Truncated),
        (&format!("age-encryption.org/v1\n--- {mac}\n"), ErrorCode::WrongType),
        ("age-encryption.org/v1\n-> X25519\n\n--- \n", ErrorCode::WrongType),
        ("age-encryption.org/v1\n-> X25519 AAAA\n\n--- \n", ErrorCode::WrongType),
        (&format!("age-encryption.org/v1\n-> X25519 {share}\n\n--- {mac}\n"), ErrorCode::WrongType),
        (&format!("age-encryption.org/v1\n->  x\n\n--- {mac}\n"), ErrorCode::WrongType),
        (&format!("age-encryption.org/v1\n-> x\u{e9}\n\n--- {mac}\n"), ErrorCode::WrongType),
        (&format!("age-encryption.org/v1\n-> other word\n\n--- {mac}\n"), ErrorCode::InvalidKey),
        (
            &format!("age-encryption.org/v1\n-> x\n{}\n", "A".repeat(70_000)),
            ErrorCode::LimitExceeded,
        ),
        (&format!("age-encryption.org/v1\n-> x\n{}\n", "A".repeat(65)), ErrorCode::WrongType),
    ] {
        assert_eq!(code(open(text.as_bytes(), &court)), expected, "{text:.80}");
    }
    assert!(!is_envelope(b"age-encryption.org/v12") && !is_envelope(b"%PDF"));
}
