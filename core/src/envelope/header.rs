//! The header: lines of text with the wrapped file key for each recipient, and a MAC over them.

use base64ct::{Base64Unpadded, Encoding};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::{FileKey, Identity, Recipient, VERSION, changed, derive};
use crate::error::{Error, ErrorCode, Result};
use crate::random::Random;

const WRAP_INFO: &str = "age-encryption.org/v1/X25519";
const KIND: &str = "X25519";
const BYTES: usize = 64 * 1024;
/// Characters in a full line of a stanza's body.
const COLUMNS: usize = 64;

/// The part of an envelope before its content.
pub(super) struct Header<'e> {
    /// The X25519 stanzas: share and body. Others are for keys that we do not have.
    stanzas: Vec<([u8; 32], Vec<u8>)>,
    authenticated: &'e [u8],
    mac: Vec<u8>,
    /// What follows.
    pub(super) payload: &'e [u8],
}

/// Writes a header.
pub(super) fn write(file_key: &FileKey, to: &[Recipient], random: &mut Random) -> Result<String> {
    let mut text = format!("{VERSION}\n");
    for recipient in to {
        let own = StaticSecret::from(*Zeroizing::new(random.array()?));
        let share = PublicKey::from(&own).to_bytes();
        let cipher = wrapping(&own, &PublicKey::from(recipient.0), &share, recipient)?;
        let body = cipher
            .encrypt(&Nonce::default(), file_key.as_slice())
            .map_err(|_| Error::new(ErrorCode::Internal, "wrapping a file key"))?;
        let (share, body) = (base64(&share), base64(&body));
        text += &format!("-> {KIND} {share}\n{body}\n");
    }
    text += "---";
    let mac = mac(file_key, text.as_bytes())?.finalize().into_bytes();
    text += &format!(" {}\n", base64(&mac));
    Ok(text)
}

impl<'e> Header<'e> {
    pub(super) fn parse(envelope: &'e [u8]) -> Result<Self> {
        let mut lines = Lines { bytes: envelope, at: 0 };
        if lines.next()? != VERSION {
            return Err(malformed("not an envelope of version 1"));
        }
        let mut stanzas = Vec::new();
        loop {
            let start = lines.at;
            let line = lines.next()?;
            if let Some(mac) = line.strip_prefix("--- ") {
                if stanzas.is_empty() {
                    return Err(malformed("an envelope for nobody"));
                }
                return Ok(Self {
                    stanzas: stanzas.into_iter().flatten().collect(),
                    authenticated: envelope.get(..start + 3).unwrap_or_default(),
                    mac: unbase64(mac)?,
                    payload: envelope.get(lines.at..).unwrap_or_default(),
                });
            }
            let kind = line.strip_prefix("-> ").ok_or_else(|| malformed("not a stanza"))?;
            let words: Vec<&str> = kind.split(' ').collect();
            if words.iter().any(|word| word.is_empty()) {
                return Err(malformed("a stanza with an empty word"));
            }
            let body = lines.body()?;
            stanzas.push(match words.as_slice() {
                [KIND, share] => {
                    let share = unbase64(share)?.try_into();
                    Some((share.map_err(|_| malformed("a share of another length"))?, body))
                }
                [KIND, ..] => return Err(malformed("a stanza with other words")),
                _ => None,
            });
        }
    }

    /// The file key, from the stanza that is for this key.
    pub(super) fn file_key(&self, identity: &Identity) -> Result<FileKey> {
        for (share, body) in &self.stanzas {
            if body.len() != 32 {
                return Err(malformed("a wrapped file key has 32 bytes"));
            }
            let to = identity.recipient();
            let cipher = wrapping(&identity.0, &PublicKey::from(*share), share, &to)?;
            if let Ok(key) = cipher.decrypt(&Nonce::default(), body.as_slice()) {
                let key = Zeroizing::new(key);
                let key = key.as_slice().try_into().map_err(|_| malformed("a file key"))?;
                return Ok(Zeroizing::new(key));
            }
        }
        Err(Error::new(ErrorCode::InvalidKey, "the envelope is not addressed to this key"))
    }

    /// Tests the MAC over the header.
    pub(super) fn check(&self, file_key: &FileKey) -> Result<()> {
        mac(file_key, self.authenticated)?.verify_slice(&self.mac).map_err(|_| changed())
    }
}

/// The cipher that wraps the file key for one recipient.
fn wrapping(
    own: &StaticSecret,
    other: &PublicKey,
    share: &[u8; 32],
    to: &Recipient,
) -> Result<ChaCha20Poly1305> {
    let secret = own.diffie_hellman(other);
    if !secret.was_contributory() {
        return Err(Error::new(ErrorCode::InvalidKey, "a key of low order"));
    }
    let key = derive(&[share.as_slice(), &to.0].concat(), secret.as_bytes(), WRAP_INFO)?;
    Ok(ChaCha20Poly1305::new(&(*key).into()))
}

fn mac(file_key: &FileKey, text: &[u8]) -> Result<Hmac<Sha256>> {
    let key = derive(&[], file_key.as_slice(), "header")?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice())
        .map_err(|_| Error::new(ErrorCode::Internal, "HMAC key"))?;
    mac.update(text);
    Ok(mac)
}

struct Lines<'e> {
    bytes: &'e [u8],
    at: usize,
}

impl<'e> Lines<'e> {
    fn next(&mut self) -> Result<&'e str> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let rest = rest.get(..rest.len().min(BYTES.saturating_sub(self.at))).unwrap_or_default();
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
            return Err(match self.bytes.len() > BYTES {
                true => Error::new(ErrorCode::LimitExceeded, "a header beyond 64 KiB"),
                false if self.at == 0 => malformed("not an envelope"),
                false => Error::new(ErrorCode::Truncated, "the header ends too early"),
            });
        };
        let line = rest.get(..end).unwrap_or_default();
        self.at += end + 1;
        match core::str::from_utf8(line) {
            Ok(text) if line.iter().all(|byte| (b' '..=b'~').contains(byte)) => Ok(text),
            _ => Err(malformed("a header with other characters")),
        }
    }

    /// Lines of 64 characters and a shorter one, which may be empty.
    fn body(&mut self) -> Result<Vec<u8>> {
        let mut text = String::new();
        loop {
            let line = self.next()?;
            text += line;
            match line.len() {
                0..COLUMNS => return unbase64(&text),
                COLUMNS => {}
                _ => return Err(malformed("a line that is too long")),
            }
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    Base64Unpadded::encode_string(bytes)
}

fn unbase64(text: &str) -> Result<Vec<u8>> {
    let bytes = Base64Unpadded::decode_vec(text).map_err(|_| malformed("not base64"))?;
    match base64(&bytes) == text {
        true => Ok(bytes),
        false => Err(malformed("base64 in another form")),
    }
}

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorCode::WrongType, what)
}
