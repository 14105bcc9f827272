#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{self, Read};

use super::*;

#[test]
fn known_digests() {
    let abc = b"abc";
    let sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let sm3 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
    assert_eq!(hex::encode(&HashAlg::Sha256.digest(abc)), sha);
    assert_eq!(hex::encode(&HashAlg::Sm3.digest(abc)), sm3);
    let sixty_four = b"abcd".repeat(16);
    let expected = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732";
    assert_eq!(hex::encode(&HashAlg::Sm3.digest(&sixty_four)), expected);
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(hex::encode(&HashAlg::Sha256.digest(b"")), empty);
}

#[test]
fn all_ways_to_hash_agree() {
    let message: Vec<u8> = (0..1000u16).map(|i| i as u8).collect();
    for alg in HashAlg::ALL {
        let expected = alg.digest(&message);
        for cut in [0, 1, 63, 64, 65, 999, 1000] {
            let (a, b) = message.split_at(cut);
            assert_eq!(alg.digest_parts(&[a, b]), expected);
            let mut hasher = alg.hasher();
            hasher.update(a).update(b);
            assert_eq!(hasher.clone().finish(), expected);
        }
        assert_eq!(alg.digest_parts(&[]), alg.digest(b""));
        let many: Vec<&[u8]> = (0..70).map(|n| &message[..n]).collect();
        let one_by_one: Vec<_> = many.iter().map(|m| alg.digest(m)).collect();
        assert_eq!(alg.digest_many(many.iter().copied()), one_by_one);
        assert!(alg.digest_many([]).is_empty());
    }
}

/// Short messages go another way than long ones: both ways at every length around the border.
#[test]
fn short_messages_agree_with_the_general_hasher() {
    let message: Vec<u8> = (0..600u16).map(|i| (i * 31) as u8).collect();
    for len in 0..600 {
        let message = &message[..len];
        let expected: [u8; 32] = sha2::Sha256::digest(message).into();
        assert_eq!(HashAlg::Sha256.digest(message), expected, "{len}");
        let (a, b) = message.split_at(len / 3);
        assert_eq!(HashAlg::Sha256.digest_parts(&[a, &[], b]), expected, "{len}");
        assert_eq!(short::sha256(&[message]).is_some(), len <= 183);
    }
}

#[test]
fn algorithms_are_told_apart() {
    for alg in HashAlg::ALL {
        assert_eq!(HashAlg::from_cose_id(alg.cose_id()).unwrap(), alg);
        assert_eq!(alg.to_string(), alg.name());
    }
    for id in [0, 16, -17, -18, -43, -44, -66_002, 66_003, i64::MIN, i64::MAX] {
        assert_eq!(HashAlg::from_cose_id(id).unwrap_err().code(), ErrorCode::UnsupportedAlgorithm);
    }
}

#[test]
fn digest_on_the_wire_and_in_print() {
    for alg in HashAlg::ALL {
        let digest = Digest::of(alg, b"abc");
        let mut w = Writer::new();
        let bytes = digest.write(&mut w).finish();
        assert_eq!(Digest::read(Item::parse(&bytes, 64).unwrap()).unwrap(), digest);
        assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
        digest.check(b"abc").unwrap();
        assert_eq!(digest.check(b"abd").unwrap_err().code(), ErrorCode::DigestMismatch);
    }
    assert!(Digest::of(HashAlg::Sha256, b"abc").to_string().starts_with("sha256:ba7816bf"));
    assert!(Digest::of(HashAlg::Sm3, b"abc").to_string().starts_with("sm3:66c7f0f4"));
}

#[test]
fn bad_digests_are_refused() {
    let read = |bytes: &[u8]| Digest::read(Item::parse(bytes, 100).unwrap()).unwrap_err().code();
    let mut w = Writer::new();
    assert_eq!(read(&w.array(2).int(-16).bstr(&[1; 31]).finish()), ErrorCode::OutOfRange);
    assert_eq!(read(&w.array(2).int(-16).bstr(&[1; 33]).finish()), ErrorCode::OutOfRange);
    assert_eq!(read(&w.array(2).int(-17).bstr(&[1; 32]).finish()), ErrorCode::UnsupportedAlgorithm);
    assert_eq!(read(&w.array(2).text("-16").bstr(&[1; 32]).finish()), ErrorCode::WrongType);
    assert_eq!(read(&w.array(1).int(-16).finish()), ErrorCode::WrongType);
    assert_eq!(read(&w.array(3).int(-16).bstr(&[1; 32]).null().finish()), ErrorCode::WrongType);
    assert_eq!(read(&w.bstr(&[1; 32]).finish()), ErrorCode::WrongType);

    let good = Digest::of(HashAlg::Sm3, b"").to_string();
    let parse = |text: &str| text.parse::<Digest>().unwrap_err().code();
    assert_eq!(parse(&good.to_uppercase()), ErrorCode::UnsupportedAlgorithm);
    assert_eq!(parse(&good.replace("sm3", "md5")), ErrorCode::UnsupportedAlgorithm);
    assert_eq!(parse(&good[..good.len() - 1]), ErrorCode::InvalidArgument);
    assert_eq!(parse(&good[..good.len() - 2]), ErrorCode::InvalidArgument);
    assert_eq!(parse(&format!("{good}00")), ErrorCode::InvalidArgument);
    assert_eq!(parse(&format!("{good} ")), ErrorCode::InvalidArgument);
    assert_eq!(parse(&good.replace("sm3:", "sm3")), ErrorCode::InvalidArgument);
    assert_eq!(parse(""), ErrorCode::InvalidArgument);
}

#[test]
fn hexadecimal_has_one_spelling() {
    let all: Vec<u8> = (0..=255).collect();
    assert_eq!(hex::decode(&hex::encode(&all)).unwrap(), all);
    assert_eq!(hex::encode(&[0x0f, 0xa0]), "0fa0");
    assert_eq!(hex::decode("").unwrap(), [0u8; 0]);
    for bad in ["0", "000", "0g", "AA", "0x", " 0", "0 ", "é", "00\n0", "+1"] {
        assert_eq!(hex::decode(bad).unwrap_err().code(), ErrorCode::InvalidArgument, "{bad}");
    }
    assert!(hex::decode_n::<2>("0000").is_ok());
    assert!(hex::decode_n::<2>("00").is_err());
    assert!(hex::decode_n::<2>("000000").is_err());
}

/// Gives its bytes in odd pieces, with interruptions between.
struct Stutter<'a>(&'a [u8], bool);

impl Read for Stutter<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let n = self.0.len().min(buffer.len()).min(777);
        buffer[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("a path that must not show"))
    }
}

#[test]
fn twin_digest_reads_once_and_reports() {
    for len in [0usize, 1, 777, 65_535, 65_536, 65_537, 200_000] {
        let bytes: Vec<u8> = (0..len).map(|i| (i * 7) as u8).collect();
        let expected = TwinDigest {
            size: len as u64,
            sha256: HashAlg::Sha256.digest(&bytes),
            sm3: HashAlg::Sm3.digest(&bytes),
        };
        assert_eq!(TwinDigest::of(&bytes), expected);
        assert_eq!(TwinDigest::of_reader(&bytes[..]).unwrap(), expected);
        let mut heard = Vec::new();
        let twin = TwinDigest::of_reader_with(Stutter(&bytes, false), |n| heard.push(n)).unwrap();
        assert_eq!(twin, expected);
        assert!(heard.is_sorted());
        assert_eq!(heard.last().copied().unwrap_or(0), len as u64);
    }
    let error = TwinDigest::of_reader(Broken).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Storage);
    assert!(!error.context().contains("path"));
}
