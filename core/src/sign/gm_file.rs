//! Key files of the Chinese suite: PBES2 (RFC 8018, GM/T 0091) with PBKDF2-HMAC-SM3 and SM4-CBC.
//!
//! Written with the identifiers that GmSSL, gmsm and newer OpenSSL read: PBES2 and PBKDF2 of PKCS #5, HMAC-SM3
//! 1.2.156.10197.1.401.2, SM4-CBC 1.2.156.10197.1.104.2. Read are also those of GM/T 0091 for the schemes, its other number of
//! HMAC-SM3, and what OpenSSL 3.0 writes, which has SM4 but derives keys with HMAC-SHA-256 only.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use pkcs8::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use pkcs8::der::{Decode, Encode, Reader, SliceReader, Tag, Tagged};
use pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::pkcs8_file::{ITERATIONS, MAX_ITERATIONS, unreadable};
use crate::{Error, ErrorCode, Result};

const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBES2_GM: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.6.1.4.1.5.2");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const PBKDF2_GM: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.6.1.4.1.5.1");
const HMAC_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.9");
const HMAC_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401.2");
/// The number in table A.1 of GM/T 0091, which differs from that of everybody else.
const HMAC_SM3_GM: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401.3.1");
const SM4_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.104.2");

/// PBKDF2-params (RFC 8018 §A.2) with the salt given. The length of the key, where it stands, is SM4's.
struct Derivation<'a> {
    salt: &'a [u8],
    iterations: u32,
    sm3: bool,
}

type Der<T> = pkcs8::der::Result<T>;

/// EncryptedPrivateKeyInfo (RFC 5958 §3): algorithm and encrypted data.
fn read_file(der: &[u8]) -> Der<(AlgorithmIdentifierRef<'_>, &OctetStringRef)> {
    pair(AnyRef::from_der(der)?)
}

/// PBES2-params (RFC 8018 §A.4): how the key is derived, and how the data is encrypted.
fn read_scheme<'a>(
    file: &AlgorithmIdentifierRef<'a>,
) -> Der<(AlgorithmIdentifierRef<'a>, AlgorithmIdentifierRef<'a>)> {
    pair(parameters(file)?)
}

fn parameters<'a>(algorithm: &AlgorithmIdentifierRef<'a>) -> Der<AnyRef<'a>> {
    algorithm.parameters.ok_or_else(|| Tag::Null.value_error().into())
}

/// A SEQUENCE of exactly two.
fn pair<'a, A, B>(any: AnyRef<'a>) -> Der<(A, B)>
where
    A: Decode<'a, Error = pkcs8::der::Error>,
    B: Decode<'a, Error = pkcs8::der::Error>,
{
    any.tag().assert_eq(Tag::Sequence)?;
    let mut reader = SliceReader::new(any.value())?;
    let both = (reader.decode()?, reader.decode()?);
    reader.finish()?;
    Ok(both)
}

fn sequence(parts: &[Vec<u8>]) -> Der<Vec<u8>> {
    AnyRef::new(Tag::Sequence, &parts.concat())?.to_der()
}

/// Whether a file is of this suite, so far as its outer identifiers say.
pub(super) fn is_ours(der: &[u8]) -> bool {
    let read = || -> Der<bool> {
        let (algorithm, _) = read_file(der)?;
        Ok(algorithm.oid == PBES2_GM
            || algorithm.oid == PBES2 && read_scheme(&algorithm)?.1.oid == SM4_CBC)
    };
    read().unwrap_or_default()
}

/// Encrypts a PrivateKeyInfo; gives the DER of the file.
pub(super) fn encrypt(plain: &[u8], passphrase: &[u8]) -> Result<Vec<u8>> {
    let (mut salt, mut iv) = ([0u8; 16], [0u8; 16]);
    getrandom::fill(&mut salt)
        .and_then(|()| getrandom::fill(&mut iv))
        .map_err(|_| Error::new(ErrorCode::RandomUnavailable, "encrypting a key"))?;
    let derivation = Derivation { salt: &salt, iterations: ITERATIONS, sm3: true };
    let data = encrypt_with(plain, &derivation.key(passphrase), &iv);
    written(&derivation, &iv, &data)
        .map_err(|_| Error::new(ErrorCode::Internal, "writing a key file"))
}

fn encrypt_with(plain: &[u8], key: &[u8; 16], iv: &[u8; 16]) -> Vec<u8> {
    cbc::Encryptor::<sm4::Sm4>::new(key.into(), iv.into()).encrypt_padded_vec::<Pkcs7>(plain)
}

fn written(derivation: &Derivation<'_>, iv: &[u8], data: &[u8]) -> Der<Vec<u8>> {
    let prf = AlgorithmIdentifierRef { oid: HMAC_SM3, parameters: Some(AnyRef::NULL) };
    let derivation = sequence(&[
        PBKDF2.to_der()?,
        sequence(&[
            OctetStringRef::new(derivation.salt)?.to_der()?,
            derivation.iterations.to_der()?,
            prf.to_der()?,
        ])?,
    ])?;
    let encryption = sequence(&[SM4_CBC.to_der()?, OctetStringRef::new(iv)?.to_der()?])?;
    let algorithm = sequence(&[PBES2.to_der()?, sequence(&[derivation, encryption])?])?;
    sequence(&[algorithm, OctetStringRef::new(data)?.to_der()?])
}

/// Decrypts a file to its PrivateKeyInfo.
pub(super) fn decrypt(der: &[u8], passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let malformed = |_| unreadable("not an encrypted private key");
    let (algorithm, data) = read_file(der).map_err(malformed)?;
    let (derivation, encryption) = read_scheme(&algorithm).map_err(malformed)?;
    if encryption.oid != SM4_CBC {
        return Err(unsupported());
    }
    let derivation = Derivation::read(&derivation)?;
    let iv: &OctetStringRef =
        parameters(&encryption).and_then(|any| any.decode_as()).map_err(malformed)?;
    let iv: &[u8; 16] = iv.as_bytes().try_into().map_err(|_| unsupported())?;
    let key = derivation.key(passphrase);
    cbc::Decryptor::<sm4::Sm4>::new((&*key).into(), iv.into())
        .decrypt_padded_vec::<Pkcs7>(data.as_bytes())
        .map(Zeroizing::new)
        .map_err(|_| unreadable("wrong passphrase or cipher"))
}

impl<'a> Derivation<'a> {
    fn read(algorithm: &AlgorithmIdentifierRef<'a>) -> Result<Self> {
        if algorithm.oid != PBKDF2 && algorithm.oid != PBKDF2_GM {
            return Err(unsupported());
        }
        let any = parameters(algorithm).map_err(|_| unsupported())?;
        if any.tag() != Tag::Sequence {
            return Err(unsupported());
        }
        let read = || {
            let mut reader = SliceReader::new(any.value())?;
            let salt: &'a OctetStringRef = reader.decode()?;
            let iterations: u32 = reader.decode()?;
            let key_length = match reader.is_finished() || Tag::peek(&reader)? != Tag::Integer {
                true => None,
                false => Some(reader.decode::<u16>()?),
            };
            let prf: Option<AlgorithmIdentifierRef<'a>> = match reader.is_finished() {
                true => None,
                false => Some(reader.decode()?),
            };
            reader.finish()?;
            Der::Ok((salt.as_bytes(), iterations, key_length, prf.map(|prf| prf.oid)))
        };
        let (salt, iterations, key_length, prf) = read().map_err(|_| unsupported())?;
        let sm3 = match prf {
            Some(oid) if oid == HMAC_SM3 || oid == HMAC_SM3_GM => true,
            Some(oid) if oid == HMAC_SHA256 => false,
            // GM/T 0091 §A.2: HMAC-SM3 unless another is named. In PKCS #5 it would be SHA-1, which is not read.
            None if algorithm.oid == PBKDF2_GM => true,
            _ => return Err(unsupported()),
        };
        if !(1..=MAX_ITERATIONS).contains(&iterations) || key_length.is_some_and(|len| len != 16) {
            return Err(unsupported());
        }
        Ok(Self { salt, iterations, sm3 })
    }

    fn key(&self, passphrase: &[u8]) -> Zeroizing<[u8; 16]> {
        let mut key = Zeroizing::new([0; 16]);
        if self.sm3 {
            pbkdf2::pbkdf2_hmac::<sm3::Sm3>(
                passphrase,
                self.salt,
                self.iterations,
                key.as_mut_slice(),
            );
        } else {
            pbkdf2::pbkdf2_hmac::<sha2::Sha256>(
                passphrase,
                self.salt,
                self.iterations,
                key.as_mut_slice(),
            );
        }
        key
    }
}

fn unsupported() -> Error {
    unreadable("cipher or cost not supported")
}

#[cfg(test)]
mod tests;
