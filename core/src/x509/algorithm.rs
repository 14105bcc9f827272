//! Digests and signatures that certificates and timestamps name: RSA with PKCS#1 v1.5 or PSS, ECDSA on P-256 and P-384,
//! Ed25519, and SM2 with SM3 and the default user ID (GM/T 0009 §10).

use der::asn1::{AnyRef, ObjectIdentifier, UintRef};
use der::{Decode, Encode, Tag};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::BoxedUint;
use sha2::Digest as _;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::elements::{Elements, context, object};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::HashAlg;
use crate::sign::{PublicKey, SigAlg, Signature, Strictness};

/// Smallest and largest RSA modulus that is taken, in bits.
const RSA_BITS: core::ops::RangeInclusive<usize> = 2048..=4096;

/// A digest by its object identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Hash {
    /// Names certificates in old structures; never under a signature.
    Sha1,
    Sha256,
    Sha384,
    Sha512,
    Sm3,
}

impl Hash {
    const ALL: [(Hash, &'static str, &'static str); 5] = [
        (Hash::Sha1, "1.3.14.3.2.26", "SHA-1"),
        (Hash::Sha256, "2.16.840.1.101.3.4.2.1", "SHA-256"),
        (Hash::Sha384, "2.16.840.1.101.3.4.2.2", "SHA-384"),
        (Hash::Sha512, "2.16.840.1.101.3.4.2.3", "SHA-512"),
        (Hash::Sm3, "1.2.156.10197.1.401", "SM3"),
    ];

    pub(crate) fn from_oid(oid: &ObjectIdentifier) -> Result<Self> {
        let found = Self::ALL.iter().find(|(_, dotted, _)| object(dotted) == *oid);
        found.map(|(hash, _, _)| *hash).ok_or_else(|| unsupported("digest"))
    }

    pub(crate) fn oid(self) -> ObjectIdentifier {
        let found = Self::ALL.iter().find(|(hash, _, _)| *hash == self);
        object(found.map_or("2.16.840.1.101.3.4.2.1", |(_, dotted, _)| dotted))
    }

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(hash, _, _)| *hash == self).map_or("", |(_, _, name)| name)
    }

    pub(crate) fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha1 => sha1::Sha1::digest(bytes).to_vec(),
            Hash::Sha256 => HashAlg::Sha256.digest(bytes).to_vec(),
            Hash::Sha384 => sha2::Sha384::digest(bytes).to_vec(),
            Hash::Sha512 => sha2::Sha512::digest(bytes).to_vec(),
            Hash::Sm3 => HashAlg::Sm3.digest(bytes).to_vec(),
        }
    }
}

impl From<HashAlg> for Hash {
    fn from(alg: HashAlg) -> Self {
        match alg {
            HashAlg::Sha256 => Hash::Sha256,
            HashAlg::Sm3 => Hash::Sm3,
        }
    }
}

/// How something was signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scheme {
    Pkcs1(Hash),
    Pss(Hash),
    Ecdsa(Hash),
    Ed25519,
    Sm2,
}

/// Checks a signature. `digest` is what the structure around it names beside the algorithm, in CMS; the two must agree.
///
/// # Errors
/// `UnsupportedAlgorithm`, `InvalidKey`, `AlgorithmMismatch`, `InvalidSignature`, `SignatureMismatch`.
pub(crate) fn verify(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    digest: Option<Hash>,
    message: &[u8],
    signature: &[u8],
) -> Result<()> {
    let scheme = scheme(algorithm, digest)?;
    let fits = match scheme {
        Scheme::Pkcs1(hash) | Scheme::Pss(hash) => {
            rsa_fits(&rsa_key(key)?, scheme, hash, &hash.digest(message), signature)
        }
        Scheme::Ecdsa(hash) => ecdsa_fits(key, &hash.digest(message), signature)?,
        Scheme::Ed25519 => {
            let signature = Signature::from_outside(SigAlg::Ed25519, signature)?;
            public_key(key)?.verify(message, &signature, Strictness::Outside).is_ok()
        }
        Scheme::Sm2 => {
            let key = public_key(key)?;
            if key.alg() != SigAlg::Sm2 {
                return Err(mismatch());
            }
            let signature = Signature::normalise(SigAlg::Sm2, signature)?;
            key.verify(message, &signature, Strictness::Outside).is_ok()
        }
    };
    match fits {
        true => Ok(()),
        false => Err(Error::new(ErrorCode::SignatureMismatch, "certificate or token")),
    }
}

/// The key, when it is one that this library signs and verifies with elsewhere.
pub(super) fn public_key(key: &SubjectPublicKeyInfoOwned) -> Result<PublicKey> {
    let der = key.to_der().map_err(|_| bad_key())?;
    PublicKey::from_spki_der(&der)
}

fn scheme(algorithm: &AlgorithmIdentifierOwned, digest: Option<Hash>) -> Result<Scheme> {
    let oid = algorithm.oid.to_string();
    let (scheme, hash) = match oid.as_str() {
        // rsaEncryption beside a digest of its own: how many signers of CMS write it.
        "1.2.840.113549.1.1.1" => match digest {
            Some(hash @ (Hash::Sha256 | Hash::Sha384 | Hash::Sha512)) => {
                (Scheme::Pkcs1(hash), hash)
            }
            _ => return Err(unsupported("signature")),
        },
        "1.2.840.113549.1.1.11" => (Scheme::Pkcs1(Hash::Sha256), Hash::Sha256),
        "1.2.840.113549.1.1.12" => (Scheme::Pkcs1(Hash::Sha384), Hash::Sha384),
        "1.2.840.113549.1.1.13" => (Scheme::Pkcs1(Hash::Sha512), Hash::Sha512),
        "1.2.840.113549.1.1.10" => {
            let hash = pss_hash(algorithm)?;
            (Scheme::Pss(hash), hash)
        }
        "1.2.840.10045.4.3.2" => (Scheme::Ecdsa(Hash::Sha256), Hash::Sha256),
        "1.2.840.10045.4.3.3" => (Scheme::Ecdsa(Hash::Sha384), Hash::Sha384),
        "1.2.840.10045.4.3.4" => (Scheme::Ecdsa(Hash::Sha512), Hash::Sha512),
        // It has no digest of its own; the one beside it is of the content only (RFC 8419 §3.1).
        "1.3.101.112" => return Ok(Scheme::Ed25519),
        "1.2.156.10197.1.501" | "1.2.156.10197.1.301.1" => (Scheme::Sm2, Hash::Sm3),
        _ => return Err(unsupported("signature")),
    };
    match digest {
        Some(named) if named != hash => Err(mismatch()),
        _ => Ok(scheme),
    }
}

/// The digest of RSASSA-PSS-params (RFC 4055 §3.1), with MGF1 over the same one, a salt as long as it, and the one trailer there
/// is. Another salt length is not understood: that is not the same as a signature that does not fit.
fn pss_hash(algorithm: &AlgorithmIdentifierOwned) -> Result<Hash> {
    let bad = || unsupported("RSA-PSS parameters");
    let parameters = algorithm.parameters.as_ref().ok_or_else(bad)?;
    let code = ErrorCode::UnsupportedAlgorithm;
    let mut fields =
        Elements::of(AnyRef::from(parameters), Tag::Sequence, code, "RSA-PSS parameters")?;
    let one = |any: Option<AnyRef<'_>>| -> Result<AlgorithmIdentifierOwned> {
        AlgorithmIdentifierOwned::from_der(any.ok_or_else(bad)?.value()).map_err(|_| bad())
    };
    let hash = one(fields.optional(context(0, true))?)?;
    let mask = one(fields.optional(context(1, true))?)?;
    let inner = mask.parameters.as_ref().and_then(|any| any.decode_as().ok());
    let inner: AlgorithmIdentifierOwned = inner.ok_or_else(bad)?;
    if mask.oid != object("1.2.840.113549.1.1.8") || inner.oid != hash.oid {
        return Err(bad());
    }
    let salt: u16 = fields.explicit(2)?.unwrap_or(20);
    let trailer: u16 = fields.explicit(3)?.unwrap_or(1);
    fields.end()?;
    let (hash, salt_bytes) = match Hash::from_oid(&hash.oid)? {
        hash @ Hash::Sha256 => (hash, 32),
        hash @ Hash::Sha384 => (hash, 48),
        hash @ Hash::Sha512 => (hash, 64),
        Hash::Sha1 | Hash::Sm3 => return Err(bad()),
    };
    if salt != salt_bytes {
        return Err(unsupported("RSA-PSS salt that is not as long as its digest"));
    }
    match trailer {
        1 => Ok(hash),
        _ => Err(bad()),
    }
}

fn rsa_key(key: &SubjectPublicKeyInfoOwned) -> Result<rsa::PublicKey> {
    let oid = key.algorithm.oid;
    if oid != object("1.2.840.113549.1.1.1") && oid != object("1.2.840.113549.1.1.10") {
        return Err(mismatch());
    }
    let bytes = key.subject_public_key.as_bytes().ok_or_else(bad_key)?;
    let code = ErrorCode::InvalidKey;
    let any = super::elements::whole(bytes, code, "RSA key")?;
    let mut fields = Elements::of(any, Tag::Sequence, code, "RSA key")?;
    let (n, e): (UintRef<'_>, UintRef<'_>) = (fields.read()?, fields.read()?);
    fields.end()?;
    let number = |value: UintRef<'_>| BoxedUint::from_be_slice_vartime(value.as_bytes());
    rsa::PublicKey::new_with_size_limits(number(n), number(e), RSA_BITS).map_err(|_| bad_key())
}

fn rsa_fits(
    key: &rsa::PublicKey,
    scheme: Scheme,
    hash: Hash,
    digest: &[u8],
    signature: &[u8],
) -> bool {
    use sha2::{Sha256, Sha384, Sha512};
    let pss = matches!(scheme, Scheme::Pss(_));
    match (hash, pss) {
        (Hash::Sha256, false) => key.pkcs1v15_verify_prehash::<Sha256>(digest, signature).is_ok(),
        (Hash::Sha384, false) => key.pkcs1v15_verify_prehash::<Sha384>(digest, signature).is_ok(),
        (Hash::Sha512, false) => key.pkcs1v15_verify_prehash::<Sha512>(digest, signature).is_ok(),
        (Hash::Sha256, true) => key.pss_verify_prehash::<Sha256>(digest, signature).is_ok(),
        (Hash::Sha384, true) => key.pss_verify_prehash::<Sha384>(digest, signature).is_ok(),
        (Hash::Sha512, true) => key.pss_verify_prehash::<Sha512>(digest, signature).is_ok(),
        (Hash::Sha1 | Hash::Sm3, _) => false,
    }
}

fn ecdsa_fits(key: &SubjectPublicKeyInfoOwned, digest: &[u8], signature: &[u8]) -> Result<bool> {
    let curve = key.algorithm.parameters.as_ref();
    let curve = curve.and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
    let point = key.subject_public_key.as_bytes().ok_or_else(bad_key)?;
    let bad_signature = |_| Error::new(ErrorCode::InvalidSignature, "ECDSA");
    match curve.map(|curve| curve.to_string()).as_deref() {
        Some("1.2.840.10045.3.1.7") => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| bad_key())?;
            let signature = p256::ecdsa::Signature::from_der(signature).map_err(bad_signature)?;
            Ok(key.verify_prehash(digest, &signature).is_ok())
        }
        Some("1.3.132.0.34") => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| bad_key())?;
            let signature = p384::ecdsa::Signature::from_der(signature).map_err(bad_signature)?;
            Ok(key.verify_prehash(digest, &signature).is_ok())
        }
        _ => Err(unsupported("curve of a certificate's key")),
    }
}

fn unsupported(what: &str) -> Error {
    Error::new(ErrorCode::UnsupportedAlgorithm, what)
}

fn mismatch() -> Error {
    Error::new(ErrorCode::AlgorithmMismatch, "certificate or token")
}

fn bad_key() -> Error {
    Error::new(ErrorCode::InvalidKey, "key of a certificate")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::x509::forge::{SHA256, oid, seq, tlv};

    /// RSASSA-PSS with SHA-256, and what stands behind the mask.
    fn pss(behind: &[Vec<u8>]) -> AlgorithmIdentifierOwned {
        let sha256 = seq(&[&oid(SHA256), &[5, 0]]);
        let mask = seq(&[&oid("1.2.840.113549.1.1.8"), &sha256]);
        let parameters = seq(&[&tlv(0xa0, &[&sha256]), &tlv(0xa1, &[&mask]), &behind.concat()]);
        let der = seq(&[&oid("1.2.840.113549.1.1.10"), &parameters]);
        AlgorithmIdentifierOwned::from_der(&der).unwrap()
    }

    #[test]
    fn a_pss_salt_is_as_long_as_its_digest() {
        let salt = |length: u8| tlv(0xa2, &[&[2, 1, length]]);
        let trailer = |number: u8| tlv(0xa3, &[&[2, 1, number]]);
        for good in [vec![salt(32)], vec![salt(32), trailer(1)]] {
            assert_eq!(scheme(&pss(&good), None).unwrap(), Scheme::Pss(Hash::Sha256));
        }
        for (bad, what) in [
            (vec![], "20, as nothing says"),
            (vec![salt(20)], "20"),
            (vec![salt(0)], "none"),
            (vec![salt(31)], "one short"),
            (vec![salt(48)], "that of SHA-384"),
            (vec![tlv(0xa2, &[&[2, 3, 1, 0, 0x20]])], "a large number"),
            (vec![salt(0xe0)], "a negative number"),
            (vec![salt(32), trailer(2)], "another trailer"),
            (vec![salt(32), vec![5, 0]], "something behind"),
            (vec![trailer(1), salt(32)], "another order"),
        ] {
            let error = scheme(&pss(&bad), None).expect_err(what);
            assert_eq!(error.code(), ErrorCode::UnsupportedAlgorithm, "{what}");
        }
    }
}
