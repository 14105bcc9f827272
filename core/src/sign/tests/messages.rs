use super::*;
use crate::codec::Writer;
use crate::codec::limits;

fn message() -> Sign1 {
    Sign1::new(vec![0xa1, 0x01, 0x27], Some(b"payload".to_vec()), vec![9; 64])
}

#[test]
fn written_and_read_back() {
    let attached = message();
    let detached = Sign1 { payload: None, ..message() };
    let with_path = Sign1 { unprotected: bytes("a119018c a1208143 010203"), ..detached.clone() };
    for sign1 in [&attached, &detached, &with_path] {
        let encoded = sign1.encode();
        assert_eq!(encoded[..2], [0xd2, 0x84]);
        assert_eq!(&Sign1::parse(&encoded).unwrap(), sign1);
        assert_eq!(sign1.is_sealed(), sign1.unprotected == [0xa0]);
        let sealed = Sign1::parse(&sign1.sealed()).unwrap();
        assert!(sealed.is_sealed());
        assert_eq!(sealed, Sign1 { unprotected: vec![0xa0], ..sign1.clone() });
    }
    assert_eq!(with_path.sealed(), detached.encode());
    assert_eq!(hex::encode(&detached.encode()[..8]), "d28443a10127a0f6");
}

/// The protected header is carried as it came, canonical or not: those bytes are signed. Reading it is
/// another module's work.
#[test]
fn the_protected_header_is_kept_as_received() {
    for header in ["", "a0", "bf0126ff", "a10126", "ff", "00"] {
        let sign1 = Sign1 { protected: bytes(header), ..message() };
        assert_eq!(Sign1::parse(&sign1.encode()).unwrap().protected, bytes(header));
    }
}

#[test]
fn what_is_signed() {
    // RFC 9052 §4.4: ["Signature1", h'a10127', h'', 'payload'].
    let expected = bytes("84 6a5369676e617475726531 43a10127 40 47 7061796c6f6164");
    assert_eq!(sig_structure(&[0xa1, 0x01, 0x27], b"payload"), expected);
    assert_eq!(message().to_be_signed(None).unwrap(), expected);
    let detached = Sign1 { payload: None, ..message() };
    assert_eq!(detached.to_be_signed(Some(b"payload")).unwrap(), expected);
    for error in [message().to_be_signed(Some(b"x")), detached.to_be_signed(None)] {
        assert_eq!(error.unwrap_err().code(), ErrorCode::InvalidArgument);
    }
}

#[test]
fn bad_messages() {
    let code = |text: &str| Sign1::parse(&bytes(text)).unwrap_err().code();
    for (text, expected) in [
        ("", ErrorCode::Truncated),
        ("84 40 a0 f6 40", ErrorCode::WrongType), // no tag
        ("d1 84 40 a0 f6 40", ErrorCode::UnsupportedItem), // COSE_Mac0
        ("d8628440a0f680", ErrorCode::UnsupportedItem), // COSE_Sign
        ("d2 83 40 a0 f6", ErrorCode::UnsupportedItem),
        ("d2 85 40 a0 f6 40 40", ErrorCode::UnsupportedItem),
        ("d2 84 a0 a0 f6 40", ErrorCode::WrongType), // header not wrapped
        ("d2 84 60 a0 f6 40", ErrorCode::WrongType),
        ("d2 84 40 40 f6 40", ErrorCode::WrongType), // unprotected not a map
        ("d2 84 40 f6 f6 40", ErrorCode::WrongType),
        ("d2 84 40 a0 60 40", ErrorCode::WrongType), // payload
        ("d2 84 40 a0 00 40", ErrorCode::WrongType),
        ("d2 84 40 a0 f5 40", ErrorCode::WrongType),
        ("d2 84 40 a0 f6 f6", ErrorCode::WrongType), // signature
        ("d2 84 40 a0 f6 80", ErrorCode::WrongType),
        ("d2 84 40 a0 f6 40 00", ErrorCode::TrailingBytes),
        ("d2 84 40 a1616100 f6 40", ErrorCode::UnsupportedItem), // text label
        ("d2 84 40 a2010002 f6 40", ErrorCode::Truncated),
        ("d2 84 40 a2 0100 0100 f6 40", ErrorCode::DuplicateKey),
        ("d2 9f 40 a0 f6 40 ff", ErrorCode::UnsupportedItem),
        ("c4 82 00 00", ErrorCode::WrongType),
    ] {
        assert_eq!(code(text), expected, "{text}");
    }
}

#[test]
fn large_parts() {
    let parse = |header: usize, signature: usize| {
        let sign1 = Sign1::new(vec![0; header], None, vec![0; signature]);
        Sign1::parse(&sign1.encode()).map_err(|error| error.code())
    };
    assert!(parse(limits::HEADER_BYTES, limits::SIGNATURE_BYTES).is_ok());
    assert_eq!(parse(limits::HEADER_BYTES + 1, 64), Err(ErrorCode::TooLarge));
    assert_eq!(parse(10, limits::SIGNATURE_BYTES + 1), Err(ErrorCode::TooLarge));
    let payload = vec![0; limits::ENTRY_BYTES];
    let sign1 = Sign1 { payload: Some(payload), ..message() };
    assert_eq!(Sign1::parse(&sign1.encode()).unwrap_err().code(), ErrorCode::TooLarge);
}

#[test]
fn as_part_of_something_larger() {
    let encoded = Writer::new().array(2).uint(1).raw(&message().encode()).finish();
    let [_, item] = Item::parse(&encoded, 1000).unwrap().array_n::<2>().unwrap();
    assert_eq!(Sign1::parse_item(item).unwrap(), message());
    assert!(!format!("{:?}", message()).contains("112"), "the payload does not show");
}

#[test]
fn signed_and_verified() {
    for alg in SigAlg::ALL {
        let key = key(alg);
        let protected = MapBuilder::new().put_int(1, alg.cose_id()).finish();
        let signature = key.sign(&sig_structure(&protected, b"root")).unwrap();
        let sign1 = Sign1::new(protected, None, signature.bytes().to_vec());
        let read = Sign1::parse(&sign1.encode()).unwrap();
        let signature = Signature::from_canonical(alg, &read.signature).unwrap();
        let verify = |payload: &[u8]| {
            let signed = read.to_be_signed(Some(payload)).unwrap();
            key.public().verify(&signed, &signature, Strictness::Ours)
        };
        verify(b"root").unwrap();
        assert_eq!(verify(b"Root").unwrap_err().code(), ErrorCode::SignatureMismatch);
    }
}
