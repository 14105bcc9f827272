use super::*;
use crate::testing::code;
use crate::x509::forge::{Key, Spec, oid, seq, tlv};

/// keyEncipherment and dataEncipherment, as encryption certificates have them.
const ENCRYPTION: u8 = 0x30;
/// 2026-06-01T12:00:00Z.
const AT_MS: i64 = 1_780_315_200_000;

struct Holder {
    key: Key,
    certificate: Certificate,
}

fn holder_with(seed: u8, alg: SigAlg, usage: Option<u8>) -> Holder {
    let authority = Key::new(SigAlg::Sm2, 99);
    let key = Key::new(alg, seed);
    let spec = Spec {
        subject: "Court",
        issuer: "Authority",
        serial: 1000 + u64::from(seed),
        ca: None,
        usage,
        extended: None,
        ..Spec::root()
    };
    let certificate = Certificate::parse(&spec.certificate(&key, &authority)).unwrap();
    Holder { key, certificate }
}

fn holder(seed: u8) -> Holder {
    holder_with(seed, SigAlg::Sm2, Some(ENCRYPTION))
}

impl Holder {
    fn recipient(&self) -> Recipient {
        Recipient::of(&self.certificate, AT_MS).unwrap()
    }
}

#[test]
fn each_recipient_opens_contents_of_every_size() {
    let (court, notary, other) = (holder(1), holder(2), holder(3));
    for size in [0, 1, 15, 16, 17, 127, 128, 65_537] {
        let content: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
        let sealed = seal(&content, &[court.recipient(), notary.recipient()]).unwrap();
        assert!(is_envelope(&sealed) && !super::super::is_envelope(&sealed));
        for reader in [&court, &notary] {
            assert_eq!(*open(&sealed, &reader.key.0).unwrap(), content, "{size} bytes");
            // The device's way: it sees the wrapped key only.
            let envelope = Envelope::parse(&sealed).unwrap();
            let wrapped = envelope.wrapped_key_for(&reader.certificate).unwrap();
            let key = sm2_cipher::decrypt(&reader.key.0, wrapped).unwrap();
            assert_eq!(*envelope.open_with(&key).unwrap(), content);
        }
        assert_eq!(code(open(&sealed, &other.key.0)), ErrorCode::InvalidKey);
        let envelope = Envelope::parse(&sealed).unwrap();
        assert_eq!(code(envelope.wrapped_key_for(&other.certificate)), ErrorCode::InvalidKey);
        assert_ne!(sealed, seal(&content, &[court.recipient(), notary.recipient()]).unwrap());
    }
    assert_eq!(code(seal(b"", &[])), ErrorCode::LimitExceeded);
    let many = vec![court.recipient(); RECIPIENTS + 1];
    assert_eq!(code(seal(b"", &many)), ErrorCode::LimitExceeded);
    let many = seal(b"many", &many[1..]).unwrap();
    assert_eq!(*open(&many, &court.key.0).unwrap(), b"many");
}

#[test]
fn certificates_that_do_not_encrypt_are_refused() {
    let refused = |alg, usage| code(Recipient::of(&holder_with(5, alg, usage).certificate, AT_MS));
    assert_eq!(refused(SigAlg::P256, Some(ENCRYPTION)), ErrorCode::UnsupportedAlgorithm);
    assert_eq!(refused(SigAlg::Ed25519, None), ErrorCode::UnsupportedAlgorithm);
    // digitalSignature and nonRepudiation: the holder's other certificate.
    assert_eq!(refused(SigAlg::Sm2, Some(0xc0)), ErrorCode::WrongPurpose);
    for usage in [None, Some(0x20), Some(0x10), Some(0x08)] {
        Recipient::of(&holder_with(5, SigAlg::Sm2, usage).certificate, AT_MS).unwrap();
    }
    // 1970 and 2100.
    for at_ms in [0, 4_102_444_800_000] {
        let refused = code(Recipient::of(&holder(5).certificate, at_ms));
        assert_eq!(refused, ErrorCode::CertificateNotValid);
    }
    let key = Key::new(SigAlg::Sm2, 99);
    let special = |spec: Spec| {
        let read = Certificate::parse(&spec.certificate(&key, &key)).unwrap();
        code(Recipient::of(&read, AT_MS))
    };
    let usage = Some(ENCRYPTION | 0x04);
    assert_eq!(special(Spec { usage, ..Spec::root() }), ErrorCode::WrongPurpose, "an authority");
    let odd = Spec { ca: None, usage, odd: true, ..Spec::root() };
    assert_eq!(special(odd), ErrorCode::InvalidCertificate);
}

#[test]
fn keys_of_other_kinds_open_nothing() {
    let court = holder(1);
    let sealed = seal(b"content", &[court.recipient()]).unwrap();
    for alg in [SigAlg::P256, SigAlg::Ed25519] {
        assert_eq!(code(open(&sealed, &Key::new(alg, 1).0)), ErrorCode::InvalidKey);
    }
    let envelope = Envelope::parse(&sealed).unwrap();
    for length in [0, 15, 17, 32] {
        assert_eq!(code(envelope.open_with(&vec![1; length])), ErrorCode::InvalidKey);
    }
    // One wrong key in 256 happens upon a padding that looks right.
    let noticed = (0..64u8).filter(|byte| envelope.open_with(&[*byte; KEY]).is_err()).count();
    assert!(noticed > 50, "{noticed} of 64");
}

#[test]
fn a_cut_is_noticed_and_a_change_of_the_content_may_not_be() {
    let court = holder(1);
    let content = b"some content of an envelope, and more";
    let sealed = seal(content, &[court.recipient()]).unwrap();
    let mut unnoticed = 0;
    for at in 0..sealed.len() {
        assert!(open(&sealed[..at], &court.key.0).is_err(), "cut at {at}");
        for bit in [1, 0x20, 0x80] {
            let mut changed = sealed.clone();
            changed[at] ^= bit;
            if let Ok(opened) = open(&changed, &court.key.0) {
                unnoticed += usize::from(*opened != content);
                assert!(opened.len() <= 48, "no more than the blocks hold");
            }
        }
    }
    // No MAC: that the page says so is right.
    assert!(unnoticed > 0);
    assert_eq!(code(open(&[sealed, vec![0]].concat(), &court.key.0)), ErrorCode::WrongType);
}

/// An envelope by hand, part by part.
struct Parts {
    outer: &'static str,
    recipients: Vec<Vec<u8>>,
    data: &'static str,
    cipher: &'static str,
    iv: Vec<u8>,
    content: Vec<u8>,
}

impl Parts {
    fn to(holder: &Holder) -> Self {
        let mut random = Random::system();
        let wrapped = sm2_cipher::encrypt(holder.key.0.public(), &[6; KEY], &mut random).unwrap();
        let name = holder.certificate.issuer_and_serial().unwrap();
        let cipher = cbc::Encryptor::<sm4::Sm4>::new(&[6; KEY].into(), &[8; 16].into());
        Self {
            outer: "1.2.156.10197.6.1.4.2.3",
            recipients: vec![info(&name, "1.2.156.10197.1.301.3", &wrapped)],
            data: "1.2.156.10197.6.1.4.2.1",
            cipher: "1.2.156.10197.1.104.2",
            iv: vec![8; 16],
            content: tlv(0x80, &[&cipher.encrypt_padded_vec::<Pkcs7>(b"by hand")]),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let algorithm = seq(&[&oid(self.cipher), &tlv(4, &[&self.iv])]);
        let content = seq(&[&oid(self.data), &algorithm, &self.content]);
        let data = seq(&[&[2, 1, 1], &tlv(0x31, &[&self.recipients.concat()]), &content]);
        seq(&[&oid(self.outer), &tlv(0xa0, &[&data])])
    }
}

fn info(name: &[u8], algorithm: &str, wrapped: &[u8]) -> Vec<u8> {
    seq(&[&[2, 1, 1], name, &seq(&[&oid(algorithm), &[5, 0]]), &tlv(4, &[wrapped])])
}

#[test]
fn forms_of_other_products_are_read() {
    let court = holder(1);
    let opens = |parts: &Parts| open(&parts.bytes(), &court.key.0).unwrap().to_vec();
    let plain = || Parts::to(&court);
    assert_eq!(opens(&plain()), b"by hand");
    assert_eq!(opens(&Parts { outer: "1.2.840.113549.1.7.3", ..plain() }), b"by hand");
    assert_eq!(opens(&Parts { data: "1.2.840.113549.1.7.1", ..plain() }), b"by hand");
    assert_eq!(opens(&Parts { cipher: "1.2.156.10197.1.104", ..plain() }), b"by hand");
    let mut random = Random::system();
    let wrapped = sm2_cipher::encrypt(court.key.0.public(), &[6; KEY], &mut random).unwrap();
    let name = court.certificate.issuer_and_serial().unwrap();
    let gmssl = vec![info(&name, "1.2.156.10197.1.301.2", &wrapped)];
    assert_eq!(opens(&Parts { recipients: gmssl, ..plain() }), b"by hand");
    let shared = [tlv(0x81, &[b"one"]), tlv(0x82, &[b"two"])].concat();
    let content = [plain().content, shared].concat();
    assert_eq!(opens(&Parts { content, ..plain() }), b"by hand");
    // By the subject key identifier, and beside recipients of other kinds.
    let by_id = info(&tlv(0x80, &[&[1; 20]]), "1.2.156.10197.1.301.3", &wrapped);
    let rsa = info(&name, "1.2.840.113549.1.1.1", &[1; 256]);
    let agreed = tlv(0xa1, &[&[2, 1, 3]]);
    assert_eq!(opens(&Parts { recipients: vec![rsa, agreed, by_id], ..plain() }), b"by hand");
}

#[test]
fn what_is_no_envelope_is_refused() {
    let court = holder(1);
    let refused = |parts: &Parts| code(open(&parts.bytes(), &court.key.0));
    let plain = || Parts::to(&court);
    let signed = "1.2.156.10197.6.1.4.2.2";
    assert_eq!(refused(&Parts { outer: signed, ..plain() }), ErrorCode::WrongType);
    assert_eq!(refused(&Parts { data: signed, ..plain() }), ErrorCode::WrongType);
    for cipher in ["1.2.156.10197.1.104.8", "1.2.156.10197.1.104.1", "2.16.840.1.101.3.4.1.2"] {
        assert_eq!(refused(&Parts { cipher, ..plain() }), ErrorCode::UnsupportedAlgorithm);
    }
    assert_eq!(refused(&Parts { iv: vec![8; 12], ..plain() }), ErrorCode::WrongType);
    assert_eq!(refused(&Parts { recipients: vec![], ..plain() }), ErrorCode::InvalidKey);
    let many = vec![plain().recipients.concat(); RECIPIENTS + 1];
    assert_eq!(refused(&Parts { recipients: many, ..plain() }), ErrorCode::LimitExceeded);
    // In pieces (BER), and no whole block.
    let pieces = tlv(0xa0, &[&tlv(4, &[&[0; 16]])]);
    assert_eq!(refused(&Parts { content: pieces, ..plain() }), ErrorCode::WrongType);
    let half = tlv(0x80, &[&[0; 15]]);
    assert_eq!(refused(&Parts { content: half, ..plain() }), ErrorCode::DigestMismatch);
    let nothing = tlv(0x80, &[]);
    assert_eq!(refused(&Parts { content: nothing, ..plain() }), ErrorCode::DigestMismatch);
    let short = info(&[0x30, 0], "1.2.156.10197.1.301.3", &[1; 40]);
    assert_eq!(refused(&Parts { recipients: vec![short], ..plain() }), ErrorCode::InvalidKey);
    for bytes in [&b""[..], b"age-encryption.org/v1\n", &[0x30], &[0x30, 0x80, 6, 1, 1, 0, 0]] {
        assert!(!is_envelope(bytes));
        assert_eq!(code(open(bytes, &court.key.0)), ErrorCode::WrongType);
    }
    assert!(is_envelope(&plain().bytes()[..20]), "cut, and meant to be one");
}
