//! Known tokens, answers and chains with known outcomes: `tests/vectors/x509/timestamp.json` and `certificate.json`. Every run makes
//! them afresh and compares byte for byte; `YINZHENG_BLESS=1` writes them. What others made, with RSA and P-384 among it, stands
//! in `foreign.json` and is only judged here.

use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::hash::{HashAlg, hex};
use crate::random::Random;
use crate::sign::SigAlg;
use crate::x509::Crl;
use crate::x509::forge::*;

const DATA: &[u8] = b"sealed bytes";
const AT_MS: i64 = 1_780_315_200_000;
const LIST_TIMES: [&str; 2] = ["260101000000Z", "270101000000Z"];

fn compare(file: &str, about: &str, cases: Vec<Value>) {
    let refused = cases.iter().filter(|case| case["result"] != "ok").count();
    assert!(2 * refused > cases.len(), "more refused than accepted");
    let made = serde_json::to_string_pretty(&json!({ "about": about, "cases": cases })).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/x509").join(file);
    if std::env::var_os("YINZHENG_BLESS").is_some() {
        std::fs::write(&path, made + "\n").unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made + "\n", "{file} is not what the code makes: YINZHENG_BLESS=1 writes it");
}

fn name_of<T>(result: &Result<T>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(error) => error.code().name(),
    }
}

struct Bench {
    cases: Vec<Value>,
}

impl Bench {
    /// A token over `DATA` against a root and lists.
    fn token(
        &mut self,
        name: &str,
        what: &str,
        token: &[u8],
        roots: &[&[u8]],
        lists: &[&[u8]],
        expected: &str,
    ) {
        let trust = Trust {
            anchors: roots.iter().map(|der| Certificate::parse(der).unwrap()).collect(),
            crls: lists.iter().map(|der| Crl::parse(der).unwrap()).collect(),
            ..Trust::default()
        };
        let read = Timestamp::parse(token);
        let result = read.clone().and_then(|token| {
            token.covers(DATA)?;
            token.verify(&trust)
        });
        assert_eq!(name_of(&result), expected, "{name}: {:?}", result.as_ref().err());
        let mut case = json!({
            "name": name,
            "what": what,
            "data": hex::encode(DATA),
            "anchors": roots.iter().map(|der| hex::encode(der)).collect::<Vec<_>>(),
            "crls": lists.iter().map(|der| hex::encode(der)).collect::<Vec<_>>(),
            "hex": hex::encode(token),
            "result": expected,
        });
        if let (Ok(stamp), Ok(token)) = (result, read) {
            case["facts"] = json!({
                "time_ms": token.time_ms(),
                "accuracy_ms": token.accuracy_ms(),
                "hash": token.imprint().hash(),
                "serial": token.serial(),
                "policy": token.policy(),
                "subject": stamp.certificate.subject(),
                "chain": stamp.chain.length,
                "revocation_checked": stamp.chain.revocation_checked,
            });
        }
        self.cases.push(case);
    }

    fn changed(
        &mut self,
        house: &House,
        name: &str,
        what: &str,
        expected: &str,
        change: impl FnOnce(&mut Stamping<'_>),
    ) {
        let mut stamping = house.stamping(DATA);
        change(&mut stamping);
        self.token(name, what, &stamping.token(), &[&house.root_certificate], &[], expected);
    }

    fn with_certificate(
        &mut self,
        house: &House,
        name: &str,
        what: &str,
        expected: &str,
        spec: &Spec,
    ) {
        let token = house.stamping_with(DATA, spec).token();
        self.token(name, what, &token, &[&house.root_certificate], &[], expected);
    }
}

#[test]
fn tokens() {
    let mut bench = Bench { cases: Vec::new() };
    for (alg, name) in [(SigAlg::P256, "p256"), (SigAlg::Sm2, "sm2"), (SigAlg::Ed25519, "ed25519")]
    {
        let house = House::new(alg);
        bench.changed(&house, name, "a token with everything right", "ok", |_| {});
        bench.changed(&house, &format!("{name}-gm"), "the content type of GM/T 0010", "ok", |s| {
            s.arc = GM
        });
    }
    let house = House::new(SigAlg::P256);
    let b = &mut bench;
    b.changed(&house, "older-certificate-id", "ESSCertID with SHA-1", "ok", |s| s.old_names = true);
    b.changed(&house, "accuracy", "an accuracy of 1.5 s", "ok", |s| {
        s.accuracy = seq(&[&[2, 1, 1], &tlv(0x80, &[&[1, 0xf4]])]);
    });
    let root: &[u8] = &house.root_certificate;
    let good = house.stamping(DATA).token();
    b.token(
        "trailing",
        "a byte after the end",
        &[&good[..], &[0]].concat(),
        &[root],
        &[],
        "InvalidToken",
    );
    b.token("cut", "the last byte missing", &good[..good.len() - 1], &[root], &[], "InvalidToken");
    b.token("junk", "no ASN.1", b"junk", &[root], &[], "InvalidToken");
    b.token("no-anchor", "nobody is trusted", &good, &[], &[], "UntrustedChain");
    let stranger = Key::new(SigAlg::P256, 9);
    let other = Spec::root().certificate(&stranger, &stranger);
    b.token("other-root", "another root of the same name", &good, &[&other], &[], "UntrustedChain");
    let list = |at, reason| crl("Middle", &house.middle, LIST_TIMES, Some((3, at, reason)));
    b.token(
        "revoked-before",
        "revoked before the token",
        &good,
        &[root],
        &[&list("260301000000Z", Some(4))],
        "CertificateRevoked",
    );
    b.token(
        "revoked-after",
        "superseded after the token",
        &good,
        &[root],
        &[&list("260901000000Z", Some(4))],
        "ok",
    );
    b.token(
        "compromised-after",
        "compromised after the token",
        &good,
        &[root],
        &[&list("260901000000Z", Some(1))],
        "CertificateRevoked",
    );
    let lists = [
        crl("Middle", &house.middle, LIST_TIMES, None),
        crl("Root", &house.root, LIST_TIMES, None),
    ];
    b.token(
        "not-revoked",
        "lists of every issuer that name none",
        &good,
        &[root],
        &[&lists[0], &lists[1]],
        "ok",
    );
    b.changed(&house, "wrong-imprint", "a token over other bytes", "DigestMismatch", |s| {
        s.imprint.1 = HashAlg::Sha256.digest(b"other").to_vec();
    });
    b.changed(&house, "imprint-sha1", "an imprint under SHA-1", "UnsupportedAlgorithm", |s| {
        s.imprint = ("1.3.14.3.2.26", vec![1; 20])
    });
    b.changed(
        &house,
        "wrong-digest",
        "signed attributes of other content",
        "DigestMismatch",
        |s| s.digest_of = Some(vec![1]),
    );
    b.changed(
        &house,
        "wrong-signature",
        "a signature over something else",
        "SignatureMismatch",
        |s| s.spoilt = true,
    );
    b.changed(&house, "two-signers", "more than one signer", "InvalidToken", |s| s.signers = 2);
    b.changed(&house, "no-signer", "nobody signed", "InvalidToken", |s| s.signers = 0);
    b.changed(&house, "no-certificate-id", "no ESSCertID", "InvalidToken", |s| s.names = None);
    let person = house.person_certificate.clone();
    b.changed(
        &house,
        "other-certificate-id",
        "ESSCertID of another certificate",
        "CertificateMismatch",
        |s| s.names = Some(person),
    );
    b.changed(&house, "content-type", "signed content that is no TSTInfo", "InvalidToken", |s| {
        s.content_type = "1.2.840.113549.1.7.1"
    });
    b.changed(
        &house,
        "signed-content-type",
        "a signed content type that is another",
        "InvalidToken",
        |s| s.signed_type = "1.2.840.113549.1.7.1",
    );
    b.changed(&house, "not-signed-data", "another kind of CMS", "InvalidToken", |s| {
        s.arc = "1.2.840.113549.1.7.3"
    });
    b.changed(&house, "version", "TSTInfo of version 2", "InvalidToken", |s| s.version = 2);
    b.changed(&house, "time", "a genTime without Z", "InvalidToken", |s| s.time = "20260601120000");
    b.changed(&house, "no-certificates", "no certificate in the token", "UntrustedChain", |s| {
        s.carried.clear()
    });
    b.changed(&house, "no-intermediate", "the one between is missing", "UntrustedChain", |s| {
        s.carried.truncate(1)
    });
    b.changed(
        &house,
        "intermediate-no-ca",
        "the one between is no authority",
        "WrongPurpose",
        |s| {
            s.carried[1] =
                Spec { ca: None, ..Spec::middle() }.certificate(&house.middle, &house.root);
        },
    );
    b.changed(
        &house,
        "intermediate-usage",
        "the key of the one between is not for certificates",
        "WrongPurpose",
        |s| {
            s.carried[1] = Spec { usage: Some(0xc0), ..Spec::middle() }
                .certificate(&house.middle, &house.root);
        },
    );
    b.changed(
        &house,
        "intermediate-expired",
        "the one between had expired",
        "CertificateNotValid",
        |s| {
            s.carried[1] = Spec { until: "260101000000Z", ..Spec::middle() }
                .certificate(&house.middle, &house.root);
        },
    );
    b.changed(
        &house,
        "forged-intermediate",
        "the one between signed by another root",
        "UntrustedChain",
        |s| {
            s.carried[1] = Spec::middle().certificate(&house.middle, &Key::new(SigAlg::P256, 99));
        },
    );
    let stamper = Spec::stamper();
    for (name, what, expected, spec) in [
        (
            "expired",
            "the authority's certificate had expired",
            "CertificateNotValid",
            Spec { until: "260601115959Z", ..stamper.clone() },
        ),
        (
            "not-yet",
            "the authority's certificate was not valid yet",
            "CertificateNotValid",
            Spec { from: "260601120001Z", ..stamper.clone() },
        ),
        (
            "purpose-not-critical",
            "an extended key usage that is not critical",
            "WrongPurpose",
            Spec { extended: Some((false, &[STAMPING])), ..stamper.clone() },
        ),
        (
            "purpose-and-another",
            "timestamps and another purpose",
            "WrongPurpose",
            Spec { extended: Some((true, &[STAMPING, SERVER])), ..stamper.clone() },
        ),
        (
            "purpose-another",
            "another purpose",
            "WrongPurpose",
            Spec { extended: Some((true, &[SERVER])), ..stamper.clone() },
        ),
        (
            "no-purpose",
            "no extended key usage",
            "WrongPurpose",
            Spec { extended: None, ..stamper.clone() },
        ),
        (
            "usage",
            "a key for encryption",
            "WrongPurpose",
            Spec { usage: Some(0x20), ..stamper.clone() },
        ),
        (
            "critical-unknown",
            "a critical extension that nobody knows",
            "InvalidCertificate",
            Spec { odd: true, ..stamper },
        ),
    ] {
        b.with_certificate(&house, name, what, expected, &spec);
    }
    answers(b, &house);
    let about = "RFC 3161 tokens (hex) over data, against anchors and revocation lists (DER in hex); where `request` stands, hex is a whole response to it.";
    compare("timestamp.json", about, bench.cases);
}

/// Whole responses to one request.
fn answers(bench: &mut Bench, house: &House) {
    let mut random = Random::fixed_for_tests("timestamp vectors");
    let request = TimestampRequest::with_random(HashAlg::Sha256, DATA, &mut random).unwrap();
    let nonce = Some(request.nonce().to_vec());
    let good = Stamping { nonce: nonce.clone(), ..house.stamping(DATA) }.token();
    let trust = Trust {
        anchors: vec![Certificate::parse(&house.root_certificate).unwrap()],
        ..Trust::default()
    };
    let other_nonce = Stamping { nonce: Some(vec![9]), ..house.stamping(DATA) }.token();
    let other_data = Stamping { nonce, ..house.stamping(b"other") }.token();
    for (name, what, answer, expected) in [
        ("response", "granted", response(0, &good), "ok"),
        ("response-with-changes", "granted with changes", response(1, &good), "ok"),
        ("response-rejected", "rejected", response(2, &[]), "AuthorityDeclined"),
        ("response-waiting", "waiting, with a token", response(3, &good), "AuthorityDeclined"),
        (
            "response-without-token",
            "granted, but without a token",
            response(0, &[]),
            "InvalidToken",
        ),
        (
            "response-trailing",
            "a byte after the end",
            [response(0, &good), vec![0]].concat(),
            "InvalidToken",
        ),
        (
            "response-no-nonce",
            "no nonce",
            response(0, &house.stamping(DATA).token()),
            "NonceMismatch",
        ),
        (
            "response-other-nonce",
            "the nonce of another request",
            response(0, &other_nonce),
            "NonceMismatch",
        ),
        (
            "response-other-data",
            "the imprint of other bytes",
            response(0, &other_data),
            "DigestMismatch",
        ),
        ("response-bare-token", "a token and no response", good, "InvalidToken"),
    ] {
        let result = request.accept(&answer, Some(&trust));
        assert_eq!(name_of(&result), expected, "{name}");
        bench.cases.push(json!({
            "name": name,
            "what": what,
            "data": hex::encode(DATA),
            "anchors": [hex::encode(&house.root_certificate)],
            "crls": [],
            "request": hex::encode(&request.encode()),
            "hex": hex::encode(&answer),
            "result": expected,
        }));
    }
}

#[test]
fn chains() {
    let mut cases = Vec::new();
    for alg in SigAlg::ALL {
        let house = House::new(alg);
        let good = || vec![house.person_certificate.clone(), house.middle_certificate.clone()];
        let leaf = |spec: &Spec| {
            vec![spec.certificate(&house.leaf, &house.middle), house.middle_certificate.clone()]
        };
        let between = |spec: &Spec| {
            vec![house.person_certificate.clone(), spec.certificate(&house.middle, &house.root)]
        };
        let (person, middle) = (Spec::person(), Spec::middle());
        let list =
            |at, reason| vec![crl("Middle", &house.middle, LIST_TIMES, Some((4, at, reason)))];
        type Row = (&'static str, &'static str, Vec<Vec<u8>>, i64, Vec<Vec<u8>>, &'static str);
        let rows: Vec<Row> = vec![
            ("good", "leaf, one between, root", good(), AT_MS, vec![], "ok"),
            (
                "superseded-later",
                "revoked later, as superseded",
                good(),
                AT_MS,
                list("260901000000Z", Some(4)),
                "ok",
            ),
            ("too-early", "before it was valid", good(), 0, vec![], "CertificateNotValid"),
            (
                "too-late",
                "after it was valid",
                good(),
                2_100_000_000_000,
                vec![],
                "CertificateNotValid",
            ),
            (
                "no-intermediate",
                "the one between is missing",
                good()[..1].to_vec(),
                AT_MS,
                vec![],
                "UntrustedChain",
            ),
            (
                "revoked",
                "revoked before",
                good(),
                AT_MS,
                list("260301000000Z", None),
                "CertificateRevoked",
            ),
            (
                "revoked-later",
                "revoked later, without a reason",
                good(),
                AT_MS,
                list("260901000000Z", None),
                "CertificateRevoked",
            ),
            (
                "usage",
                "a key that is not for signatures",
                leaf(&Spec { usage: Some(0x20), ..person.clone() }),
                AT_MS,
                vec![],
                "WrongPurpose",
            ),
            (
                "critical-unknown",
                "a critical extension that nobody knows",
                leaf(&Spec { odd: true, ..person.clone() }),
                AT_MS,
                vec![],
                "InvalidCertificate",
            ),
            (
                "other-issuer",
                "an issuer that nobody is",
                leaf(&Spec { issuer: "Nobody", ..person }),
                AT_MS,
                vec![],
                "UntrustedChain",
            ),
            (
                "no-ca",
                "the one between is no authority",
                between(&Spec { ca: None, ..middle.clone() }),
                AT_MS,
                vec![],
                "WrongPurpose",
            ),
            (
                "between-expired",
                "the one between had expired",
                between(&Spec { until: "260101000000Z", ..middle }),
                AT_MS,
                vec![],
                "CertificateNotValid",
            ),
        ];
        for (name, what, chain, at_ms, lists, expected) in rows {
            let trust = Trust {
                anchors: vec![Certificate::parse(&house.root_certificate).unwrap()],
                crls: lists.iter().map(|der| Crl::parse(der).unwrap()).collect(),
                ..Trust::default()
            };
            let read: Vec<_> = chain.iter().map(|der| Certificate::parse(der).unwrap()).collect();
            let (first, rest) = read.split_first().unwrap();
            let result = trust.chain(first, rest, at_ms, Purpose::Signing);
            assert_eq!(name_of(&result), expected, "{name} {alg}");
            let mut case = json!({
                "name": format!("{}-{name}", alg.name().to_lowercase().replace('-', "")),
                "what": what,
                "chain": chain.iter().map(|der| hex::encode(der)).collect::<Vec<_>>(),
                "anchors": [hex::encode(&house.root_certificate)],
                "crls": lists.iter().map(|der| hex::encode(der)).collect::<Vec<_>>(),
                "at_ms": at_ms,
                "result": expected,
            });
            if let Ok(chain) = result {
                case["facts"] = json!({
                    "subject": first.subject(),
                    "issuer": first.issuer(),
                    "serial": first.serial(),
                    "not_before_ms": first.not_before_ms(),
                    "not_after_ms": first.not_after_ms(),
                    "length": chain.length,
                });
            }
            cases.push(case);
        }
    }
    let about = "Certificate chains (DER in hex, leaf first) against anchors and revocation lists, for signatures, at a moment.";
    compare("certificate.json", about, cases);
}

#[test]
fn tokens_that_others_made() {
    let file = include_str!("../../../../tests/vectors/x509/foreign.json");
    let vectors: Value = serde_json::from_str(file).unwrap();
    let bytes = |text: &Value| hex::decode(text.as_str().unwrap()).unwrap();
    let mut seen = 0;
    for case in vectors["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let trust = Trust {
            anchors: vec![Certificate::parse(&bytes(&case["anchor"])).unwrap()],
            ..Trust::default()
        };
        let token =
            Timestamp::parse(&bytes(&case["hex"])).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        let data = bytes(&case["data"]);
        token.covers(&data).unwrap();
        assert_eq!(imprint_fits(token.bytes(), &data), Some(true), "{name}");
        assert_eq!(imprint_fits(token.bytes(), b"other"), Some(false), "{name}");
        token.verify(&trust).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        // The last bytes are the signature's.
        let mut spoilt = token.bytes().to_vec();
        *spoilt.last_mut().unwrap() ^= 1;
        assert!(Timestamp::parse(&spoilt).unwrap().verify(&trust).is_err(), "{name}");
        assert_eq!(token.verify(&Trust::default()).unwrap_err().code(), ErrorCode::UntrustedChain);
        seen += 1;
    }
    assert!(seen >= 8, "{seen}");
}
