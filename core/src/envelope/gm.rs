//! Envelopes of the Chinese suite: SM2 and SM4 in the EnvelopedData of GM/T 0010-2012 (GB/T 35275), addressed to holders of SM2
//! encryption certificates, as courts, notaries and authorities have them.
//!
//! A fresh SM4 key encrypts the content in CBC mode with PKCS #7 padding, and SM2 encrypts that key to each recipient (GM/T 0009
//! §7.2). A device that holds the recipient's key decrypts [`Envelope::wrapped_key_for`] and hands the result to
//! [`Envelope::open_with`].
//!
//! **This form has no integrity of its own**: it has a padding and no MAC, so a change in transit can go unnoticed here, and a
//! service that answers strangers whether an envelope opened helps them to read it. Proofs, bundles and packages carry
//! signatures: verify what was inside before it is used. Where both sides may choose, the age form ([`super::seal`]) is the
//! better one.

mod message;

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use zeroize::Zeroizing;

use super::RECIPIENTS;
use crate::error::{Error, ErrorCode, Result};
use crate::random::Random;
use crate::sign::stack::without_traces;
use crate::sign::{PublicKey, SigAlg, SoftwareKey, sm2_cipher};
use crate::x509::Certificate;
use message::{Holder, Message};

/// The largest content, in bytes: what DER libraries read without asking.
pub const CONTENT: usize = 128 << 20;

/// An SM4 key.
const KEY: usize = 16;

/// Whom an envelope is for: the holder of an SM2 certificate.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// IssuerAndSerialNumber of GM/T 0010, DER.
    name: Vec<u8>,
    key: PublicKey,
}

impl Recipient {
    /// The holder of a certificate at a time, milliseconds since 1970. In China authorities issue two, one to sign and one to encrypt
    /// with: this is the second one. Whether it is the holder's at all, the caller knows: from whom it came, or by
    /// [`Trust::chain`](crate::x509::Trust::chain).
    ///
    /// # Errors
    /// `UnsupportedAlgorithm` when its key is no SM2 key, `WrongPurpose` when it may not encrypt or is an authority's,
    /// `CertificateNotValid` at another time, `InvalidCertificate` for a critical extension that is not understood, `InvalidKey`.
    pub fn of(certificate: &Certificate, at_ms: i64) -> Result<Self> {
        certificate.check_at(at_ms)?;
        let key = certificate.key()?;
        if key.alg() != SigAlg::Sm2 {
            return Err(Error::new(ErrorCode::UnsupportedAlgorithm, "a certificate of no SM2 key"));
        }
        certificate.check_encryption()?;
        Ok(Self { name: certificate.issuer_and_serial()?, key })
    }
}

/// Whether bytes begin as an envelope of this form does.
pub fn is_envelope(bytes: &[u8]) -> bool {
    message::is_enveloped(bytes)
}

/// Encrypts bytes to recipients; any one of them can open the envelope.
///
/// # Errors
/// `LimitExceeded` without a recipient or beyond [`RECIPIENTS`], `TooLarge` above [`CONTENT`], `RandomUnavailable`.
pub fn seal(content: &[u8], to: &[Recipient]) -> Result<Vec<u8>> {
    seal_with(content, to, &mut Random::system())
}

fn seal_with(content: &[u8], to: &[Recipient], random: &mut Random) -> Result<Vec<u8>> {
    if to.is_empty() || to.len() > RECIPIENTS {
        return Err(Error::new(ErrorCode::LimitExceeded, "an envelope has 1 to 128 recipients"));
    }
    if content.len() > CONTENT {
        return Err(Error::new(ErrorCode::TooLarge, "an envelope holds at most 128 MiB"));
    }
    without_traces(|| {
        let key: Zeroizing<[u8; KEY]> = Zeroizing::new(random.array()?);
        let iv: [u8; 16] = random.array()?;
        let mut wrapped = Vec::with_capacity(to.len());
        for recipient in to {
            let key = sm2_cipher::encrypt(&recipient.key, key.as_slice(), random)?;
            wrapped.push((recipient.name.as_slice(), key));
        }
        let cipher = cbc::Encryptor::<sm4::Sm4>::new((&*key).into(), (&iv).into());
        message::write(&wrapped, &iv, &cipher.encrypt_padded_vec::<Pkcs7>(content))
    })
}

/// Opens an envelope with a recipient's key.
///
/// # Errors
/// As [`Envelope::parse`] and [`Envelope::open_with`]; `InvalidKey` when it is not addressed to this key.
pub fn open(envelope: &[u8], key: &SoftwareKey) -> Result<Zeroizing<Vec<u8>>> {
    let envelope = Envelope::parse(envelope)?;
    // SM2 says itself whether it was encrypted to this key; the key alone is enough, without its certificate.
    let opened = envelope.0.wrapped.iter().find_map(|(_, cipher)| sm2_cipher::decrypt(key, cipher));
    envelope.open_with(&opened.ok_or_else(not_addressed)?)
}

/// An envelope as received, to be opened in two steps by who keeps the recipient's key in a device.
pub struct Envelope<'a>(Message<'a>);

impl<'a> Envelope<'a> {
    /// Reads the form; nothing is decrypted.
    ///
    /// # Errors
    /// `WrongType` for what is no such envelope or is not DER, `UnsupportedAlgorithm` for another cipher than SM4-CBC,
    /// `LimitExceeded` beyond [`RECIPIENTS`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        Message::parse(bytes).map(Self)
    }

    /// The content's key, encrypted to the holder of a certificate: what his device decrypts with SM2, in the form of GM/T 0009
    /// §7.2.
    ///
    /// # Errors
    /// `InvalidKey` when the envelope is not addressed to him.
    pub fn wrapped_key_for(&self, certificate: &Certificate) -> Result<&'a [u8]> {
        let (name, id) = (certificate.issuer_and_serial()?, certificate.key_identifier());
        let found = self.0.wrapped.iter().find(|(holder, _)| match holder {
            Holder::IssuerAndSerial(other) => *other == name,
            Holder::KeyIdentifier(other) => id.as_deref() == Some(*other),
        });
        found.map(|(_, key)| *key).ok_or_else(not_addressed)
    }

    /// Decrypts the content with its key.
    ///
    /// # Errors
    /// `InvalidKey` for a key of another length than 16 bytes, `DigestMismatch` when the padding says that key and content do not
    /// belong together. Most changes of the content are not noticed here.
    pub fn open_with(&self, key: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let key: &[u8; KEY] = key
            .try_into()
            .map_err(|_| Error::new(ErrorCode::InvalidKey, "a key of SM4 has 16 bytes"))?;
        without_traces(|| {
            // In place: what a wrong padding leaves is wiped as well.
            let mut content = Zeroizing::new(self.0.content.to_vec());
            let length = cbc::Decryptor::<sm4::Sm4>::new(key.into(), self.0.iv.into())
                .decrypt_padded::<Pkcs7>(&mut content)
                .map_err(|_| Error::new(ErrorCode::DigestMismatch, "content of an envelope"))?
                .len();
            content.truncate(length);
            Ok(content)
        })
    }
}

fn not_addressed() -> Error {
    Error::new(ErrorCode::InvalidKey, "an envelope that is not addressed to this key")
}

#[cfg(test)]
mod tests;
