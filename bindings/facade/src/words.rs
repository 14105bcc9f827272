//! JSON forms of the core's types: names for enumerations, `sha256:…` for digests, hex for ids, milliseconds for times.

use serde_json::{Value, json};
use yinzheng::hash::{Digest, HashAlg, hex};
#[cfg(feature = "seal")]
use yinzheng::number::{self, Number};
use yinzheng::sign::PublicKey;
use yinzheng::value::Lang;
use yinzheng::{Error, ErrorCode, Result};

/// The value of a word in a list of named ones.
pub(crate) fn named<T: Copy>(
    what: &str,
    all: &[T],
    name: impl Fn(T) -> &'static str,
    word: &str,
) -> Result<T> {
    all.iter().copied().find(|value| name(*value) == word).ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|value| name(*value)).collect();
        Error::new(ErrorCode::UnknownName, format!("{what}: one of {}", words.join(", ")))
    })
}

pub(crate) fn hash_alg(name: &str) -> Result<HashAlg> {
    named("hash", &HashAlg::ALL, HashAlg::name, name)
}

pub(crate) fn language(name: &[u8]) -> Result<Lang> {
    match name {
        b"zh" => Ok(Lang::Zh),
        b"en" | b"" => Ok(Lang::En),
        _ => Err(Error::new(ErrorCode::UnknownName, "language: zh or en")),
    }
}

#[cfg(any(feature = "seal", feature = "paper"))]
pub(crate) fn hex_n<const N: usize>(what: &str, text: &str) -> Result<[u8; N]> {
    hex::decode_n(text).map_err(|error| error.within(what))
}

pub(crate) fn hex_bytes(what: &str, text: &str) -> Result<Vec<u8>> {
    hex::decode(text).map_err(|error| error.within(what))
}

pub(crate) fn digest(what: &str, text: &str) -> Result<Digest> {
    text.parse().map_err(|error: Error| error.within(what))
}

/// A dossier by its preservation number or its id in hex.
#[cfg(feature = "seal")]
pub(crate) fn dossier(text: &str) -> Result<[u8; 16]> {
    if text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return hex_n("dossier", text);
    }
    match number::parse(text)? {
        Number::Preservation(id) => Ok(id),
        Number::Record(_) => {
            Err(Error::new(ErrorCode::InvalidNumber, "a record number where a dossier is meant"))
        }
    }
}

/// Certificates in DER, as hex.
#[cfg(feature = "seal")]
pub(crate) fn certificates(list: &[String]) -> Result<Vec<Vec<u8>>> {
    list.iter().map(|one| hex_bytes("certificate", one)).collect()
}

/// `32 bytes` out of a slice.
pub(crate) fn bytes_n<const N: usize>(what: &str, bytes: &[u8]) -> Result<[u8; N]> {
    bytes
        .try_into()
        .map_err(|_| Error::new(ErrorCode::InvalidArgument, format!("{what}: expected {N} bytes")))
}

/// Nodes of a tree written one after the other.
pub(crate) fn nodes(what: &str, bytes: &[u8]) -> Result<Vec<[u8; 32]>> {
    let (nodes, rest) = bytes.as_chunks::<32>();
    if !rest.is_empty() {
        let what = format!("{what}: a multiple of 32 bytes");
        return Err(Error::new(ErrorCode::InvalidArgument, what));
    }
    Ok(nodes.to_vec())
}

/// What a reply says about a public key.
pub(crate) fn key_json(key: &PublicKey) -> Value {
    json!({
        "algorithm": key.alg().name(),
        "cose_key": hex::encode(&key.to_cose_key()),
        "spki_der": hex::encode(&key.to_spki_der()),
        "thumbprint": hex::encode(&key.thumbprint()),
        "sm2_id_hex": key.sm2_id().map(hex::encode),
        "sm2_z": key.sm2_z().map(|z| hex::encode(&z)),
    })
}

#[cfg(all(test, feature = "seal"))]
mod tests {
    use super::*;

    #[test]
    fn dossiers_have_two_spellings_and_no_third() {
        let id = [7; 16];
        assert_eq!(dossier(&hex::encode(&id)).unwrap(), id);
        assert_eq!(dossier(&number::preservation_number(&id)).unwrap(), id);
        let record = number::record_number(&Digest::of(HashAlg::Sm3, b"x"));
        for (text, number) in
            [(record.as_str(), 108), ("", 108), ("D-1", 108), (&"AB".repeat(16), 101)]
        {
            assert_eq!(dossier(text).unwrap_err().number(), number, "{text}");
        }
    }
}
