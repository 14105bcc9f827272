//! Timestamps and certificates: whatever an authority answers.

/// Tokens, answers, requests, certificates, revocation lists and OCSP responses keep their bytes, and are judged without a panic.
#[cfg(feature = "x509")]
pub fn timestamp(data: &[u8]) {
    use yinzheng::anchor::{Timestamp, TimestampRequest};
    use yinzheng::x509::{Certificate, Crl, OcspResponse, Purpose, Trust};

    let mut trust = Trust::default();
    if let Ok(certificate) = Certificate::parse(data) {
        assert_eq!(certificate.der(), data);
        let _ = (certificate.subject(), certificate.issuer(), certificate.serial());
        if let Ok(key) = certificate.key() {
            assert!(certificate.certifies(&key));
        }
        trust.anchors.push(certificate);
    }
    trust.crls.extend(Crl::parse(data));
    trust.ocsp.extend(OcspResponse::parse(data));
    if let Some(own) = trust.anchors.first() {
        let at_ms = own.not_before_ms();
        let _ = trust.chain(own, std::slice::from_ref(own), at_ms, Purpose::Signing);
    }
    if let Ok(token) = Timestamp::parse(data) {
        assert_eq!(token.bytes(), data);
        assert!(token.earliest_ms() <= token.time_ms() && token.time_ms() <= token.latest_ms());
        let _ = (token.covers(data), token.verify_alone());
        assert!(token.verify(&trust).is_err(), "nobody is trusted");
    }
    let asked = TimestampRequest::parse(data);
    if let Ok(request) = &asked {
        assert_eq!(TimestampRequest::parse(&request.encode()).as_ref(), Ok(request));
    }
    let fixed = TimestampRequest::parse(QUERY).expect("a request");
    assert!(asked.unwrap_or(fixed).accept(data, None).is_err(), "no answer holds its own question");
}

/// SHA-256 of nothing, nonce 1.
#[cfg(feature = "x509")]
const QUERY: &[u8] = &[
    0x30, 0x3c, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
    0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20, 0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
    0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c,
    0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55, 0x02, 0x01, 0x01, 0x01, 0x01, 0xff,
];

/// A build without X.509 reads none of it.
#[cfg(not(feature = "x509"))]
pub fn timestamp(_: &[u8]) {}
