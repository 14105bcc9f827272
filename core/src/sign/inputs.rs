//! What signers sign in place of what they were asked to, for [`super::diagnose`] only.

use sha2::{Digest as _, Sha384, Sha512};

use super::{PublicKey, SM2_DEFAULT_ID, SigAlg, Signature, Strictness, sm2_digest};
use crate::codec::Item;
use crate::hash::{HashAlg, hex};

/// The user id of SM2 in TLS 1.3 (RFC 8998 §3.2.1).
const TLS_ID: &[u8] = b"TLSv1.3+GM+Cipher+Suite";

/// What was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignedInput {
    /// The message, or its digest as the algorithm wants it.
    AsAsked,
    /// SM2 with the user id `1234567812345678`.
    DefaultUserId,
    /// SM2 with an empty user id.
    EmptyUserId,
    /// SM2 with the user id of TLS 1.3.
    TlsUserId,
    /// SM2 with the key's user id written as hexadecimal text.
    HexUserId,
    /// SM2 over SM3(message), without Z.
    WithoutZ,
    /// The digest was taken for a message: hashed again, for SM2 with Z again.
    DigestAsMessage,
    /// The message was hashed before it was handed to a signer that hashes: for SM2, SM3(Z ‖ SM3(message)).
    HashedBefore,
    /// The first 32 bytes of the message were taken for a digest.
    MessageAsDigest,
    /// Another hash: SHA-256 in place of SM3.
    Sha256,
    /// Another hash: SM3 in place of SHA-256, or before Ed25519.
    Sm3,
    /// Another hash: the first half of a SHA-384 or SHA-512, or all of it before Ed25519.
    Sha2Long,
    /// The message as hexadecimal text.
    HexText,
    /// The message as base64 text.
    Base64Text,
    /// Only the payload of the COSE structure (of a block: the root).
    PayloadOnly,
}

impl SignedInput {
    /// What an engineer reads.
    pub(super) fn says(self) -> &'static str {
        match self {
            SignedInput::AsAsked => "",
            SignedInput::DefaultUserId => {
                "it fits with the SM2 user ID 1234567812345678: set the key's user ID in the signer, or enrol the key with the default one"
            }
            SignedInput::EmptyUserId => {
                "it fits with an empty SM2 user ID: set the key's user ID in the signer (openssl: -sigopt distid:)"
            }
            SignedInput::TlsUserId => {
                "it fits with the SM2 user ID of TLS 1.3 (RFC 8998): set the key's user ID in the signer"
            }
            SignedInput::HexUserId => {
                "it fits with the SM2 user ID written as hexadecimal text: hand its bytes to the signer"
            }
            SignedInput::WithoutZ => {
                "SM3 of the message was signed without Z: sign SM3(Z and message), or hand e to a signer that takes digests"
            }
            SignedInput::DigestAsMessage => {
                "the digest was hashed again: hand the message to this signer, or the digest to one that does not hash"
            }
            SignedInput::HashedBefore => {
                "the message was hashed before a signer that hashes itself: hand it the message"
            }
            SignedInput::MessageAsDigest => {
                "the message was signed without a hash: hand this signer the digest"
            }
            SignedInput::Sha256 => "SHA-256 was used as hash: SM2 signs SM3",
            SignedInput::Sm3 => "SM3 was used as hash of a key that does not use it",
            SignedInput::Sha2Long => "SHA-384 or SHA-512 was used as hash",
            SignedInput::HexText => "the message was signed as hexadecimal text: sign its bytes",
            SignedInput::Base64Text => "the message was signed as base64 text: sign its bytes",
            SignedInput::PayloadOnly => {
                "only the payload was signed: sign all bytes of the Sig_structure"
            }
        }
    }
}

/// Something to verify a signature against.
pub(super) enum Tried {
    Message(Vec<u8>),
    Digest([u8; 32]),
}

impl Tried {
    pub(super) fn fits(&self, key: &PublicKey, signature: &Signature) -> bool {
        match self {
            Tried::Message(message) => key.verify(message, signature, Strictness::Outside),
            Tried::Digest(digest) => key.verify_digest(digest, signature),
        }
        .is_ok()
    }
}

/// Everything to try for a key, what was asked first.
pub(super) fn candidates(key: &PublicKey, message: &[u8]) -> Vec<(SignedInput, Tried)> {
    let mut out = vec![(SignedInput::AsAsked, Tried::Message(message.to_vec()))];
    match key.alg() {
        SigAlg::Ed25519 => ed25519(message, &mut out),
        SigAlg::P256 => p256(message, &mut out),
        SigAlg::Sm2 => sm2(key, message, &mut out),
    }
    let whole = |text: String| Tried::Message(text.into_bytes());
    let lower = hex::encode(message);
    out.push((SignedInput::HexText, whole(lower.to_ascii_uppercase())));
    out.push((SignedInput::HexText, whole(lower)));
    out.push((SignedInput::Base64Text, whole(base64(message))));
    if let Some(payload) = payload(message) {
        out.push((SignedInput::PayloadOnly, Tried::Message(payload.to_vec())));
        if let Ok(digest) = payload.try_into() {
            out.push((SignedInput::PayloadOnly, Tried::Digest(digest)));
        }
    }
    out
}

fn ed25519(message: &[u8], out: &mut Vec<(SignedInput, Tried)>) {
    let whole = |bytes: &[u8]| Tried::Message(bytes.to_vec());
    out.push((SignedInput::HashedBefore, whole(&HashAlg::Sha256.digest(message))));
    out.push((SignedInput::Sm3, whole(&HashAlg::Sm3.digest(message))));
    out.push((SignedInput::Sha2Long, whole(&Sha384::digest(message))));
    out.push((SignedInput::Sha2Long, whole(&Sha512::digest(message))));
}

fn p256(message: &[u8], out: &mut Vec<(SignedInput, Tried)>) {
    let digest = HashAlg::Sha256.digest(message);
    out.push((SignedInput::DigestAsMessage, Tried::Message(digest.to_vec())));
    out.push((SignedInput::Sm3, Tried::Digest(HashAlg::Sm3.digest(message))));
    for long in [Sha384::digest(message).as_slice(), Sha512::digest(message).as_slice()] {
        out.extend(long.first_chunk().map(|half| (SignedInput::Sha2Long, Tried::Digest(*half))));
    }
    unhashed(message, out);
}

fn sm2(key: &PublicKey, message: &[u8], out: &mut Vec<(SignedInput, Tried)>) {
    let sm3 = |bytes: &[u8]| HashAlg::Sm3.digest(bytes);
    let own = key.sm2_id().unwrap_or_default();
    let as_hex = hex::encode(own);
    let ids = [
        (SignedInput::DefaultUserId, SM2_DEFAULT_ID),
        (SignedInput::EmptyUserId, b"".as_slice()),
        (SignedInput::TlsUserId, TLS_ID),
        (SignedInput::HexUserId, as_hex.as_bytes()),
    ];
    let e = key.digest_to_sign(message).unwrap_or_default();
    let hashed = sm3(message);
    out.push((SignedInput::WithoutZ, Tried::Digest(hashed)));
    for (input, id) in ids.into_iter().filter(|(_, id)| *id != own) {
        let Some(z) = z(key, id) else { continue };
        out.push((input, Tried::Digest(sm2_digest::e(&z, message))));
    }
    // A signer that takes the digest for a message puts its own Z before it: with the key's user id or one of those.
    for id in [own, SM2_DEFAULT_ID, b""] {
        let Some(z) = z(key, id) else { continue };
        out.push((SignedInput::DigestAsMessage, Tried::Digest(sm2_digest::e(&z, &e))));
        out.push((SignedInput::HashedBefore, Tried::Digest(sm2_digest::e(&z, &hashed))));
    }
    out.push((SignedInput::DigestAsMessage, Tried::Digest(sm3(&e))));
    out.push((SignedInput::HashedBefore, Tried::Digest(sm3(&hashed))));
    out.push((SignedInput::Sha256, Tried::Digest(HashAlg::Sha256.digest(message))));
    unhashed(message, out);
}

fn z(key: &PublicKey, id: &[u8]) -> Option<[u8; 32]> {
    sm2_digest::z(key.bytes().try_into().ok()?, id).ok()
}

fn unhashed(message: &[u8], out: &mut Vec<(SignedInput, Tried)>) {
    if let Some(first) = message.first_chunk() {
        out.push((SignedInput::MessageAsDigest, Tried::Digest(*first)));
    }
}

/// The payload of a Sig_structure.
fn payload(message: &[u8]) -> Option<&[u8]> {
    let [_, _, _, payload] = Item::parse(message, message.len()).ok()?.array_n::<4>().ok()?;
    payload.bstr().ok()
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let symbol = |bits: u32| ALPHABET.get(bits as usize & 63).map_or('=', |byte| char::from(*byte));
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte));
        let word = word << (8 * (3 - chunk.len()));
        for at in 0..4 {
            out.push(if at <= chunk.len() { symbol(word >> (18 - 6 * at)) } else { '=' });
        }
    }
    out
}
