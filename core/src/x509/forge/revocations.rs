//! Lists and OCSP responses that revoke, or do not.

use super::*;

/// A list by which `signer`, called `issuer`, revokes one number, with a reason.
pub(crate) fn crl(
    issuer: &str,
    signer: &Key,
    times: [&str; 2],
    revoked: Option<(u64, &str, Option<u8>)>,
) -> Vec<u8> {
    crl_of(issuer, signer, &times, revoked, &[])
}

/// The same with as many of its times as are given, and anything behind the entries.
pub(crate) fn crl_of(
    issuer: &str,
    signer: &Key,
    times: &[&str],
    revoked: Option<(u64, &str, Option<u8>)>,
    behind: &[u8],
) -> Vec<u8> {
    let entry = revoked.map(|(serial, at, reason)| {
        let reason =
            reason.map(|reason| seq(&[&seq(&[&oid("2.5.29.21"), &tlv(4, &[&[0x0a, 1, reason]])])]));
        let entry = [uint(serial), tlv(0x17, &[at.as_bytes()]), reason.unwrap_or_default()];
        seq(&[&seq(&[&entry.concat()])])
    });
    let times: Vec<u8> = times.iter().flat_map(|time| tlv(0x17, &[time.as_bytes()])).collect();
    let tbs = [uint(1), signer.algorithm(), name(issuer), times, entry.unwrap_or_default()];
    signed(&seq(&[&tbs.concat(), behind]), signer)
}

/// The extension by which a list says that it is the one of a distribution point, as it stands behind the entries.
pub(crate) fn one_distribution_point() -> Vec<u8> {
    let full_name = tlv(0xa0, &[&tlv(0x86, &[b"http://crl.example/7"])]);
    let point = seq(&[&tlv(0xa0, &[&full_name])]);
    let extension = seq(&[&oid("2.5.29.28"), &[1, 1, 0xff], &tlv(4, &[&point])]);
    tlv(0xa0, &[&seq(&[&extension])])
}

/// An OCSP response by `signer` about a number of `issuer`'s.
pub(crate) fn ocsp(
    issuer: &str,
    issuer_key: &Key,
    signer: &Key,
    serial: u64,
    status: &[u8],
    certificates: &[Vec<u8>],
) -> Vec<u8> {
    let bits = [&[4][..], issuer_key.0.public().bytes()].concat();
    let hash = |bytes: &[u8]| tlv(4, &[&crate::x509::Hash::Sha1.digest(bytes)]);
    let sha1 = seq(&[&oid("1.3.14.3.2.26"), &[5, 0]]);
    let id = seq(&[&sha1, &hash(&name(issuer)), &hash(&bits), &uint(serial)]);
    let time = |text: &str| tlv(0x18, &[text.as_bytes()]);
    let next = tlv(0xa0, &[&time("20270101000000Z")]);
    let answer = seq(&[&id, status, &time("20260102000000Z"), &next]);
    let responder = tlv(0xa1, &[&name("Responder")]);
    let tbs = seq(&[&responder, &time("20260102000000Z"), &seq(&[&answer])]);
    let list = tlv(0xa0, &[&seq(&[&certificates.concat()])]);
    let list: &[u8] = if certificates.is_empty() { &[] } else { &list };
    let signature = tlv(3, &[&[0], &signer.sign(&tbs)]);
    let basic = seq(&[&tbs, &signer.algorithm(), &signature, list]);
    let bytes = seq(&[&oid("1.3.6.1.5.5.7.48.1.1"), &tlv(4, &[&basic])]);
    seq(&[&[0x0a, 1, 0], &tlv(0xa0, &[&bytes])])
}
