//! Keys held by the library itself: for servers without an HSM, for tests and examples. Hardware keys never
//! come here; they sign outside and only their signatures come back.

use core::fmt;

use ed25519_dalek::Signer;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::elliptic_curve::sec1::ToSec1Point;
use zeroize::Zeroizing;

use super::stack::without_traces;
use super::{PublicKey, SigAlg, Signature};
use crate::{Error, ErrorCode, Result};

/// A secret key in memory, wiped when dropped, as is the stack that was used with it. Its custody is always *software*: no
/// verdict calls it more.
pub struct SoftwareKey {
    /// On the heap: where the key is moved, no copy of it stays behind.
    secret: Box<Secret>,
    public: PublicKey,
}

pub(super) enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
    Sm2(sm2::SecretKey),
}

/// A random scalar is out of range once in 2^32 times at most; so many failures mean a broken source.
const ATTEMPTS: usize = 8;

impl SoftwareKey {
    /// A new key from the operating system's randomness. Without it: [`ErrorCode::RandomUnavailable`].
    pub fn generate(alg: SigAlg) -> Result<Self> {
        let unavailable = || Error::new(ErrorCode::RandomUnavailable, "generating a key");
        for _ in 0..ATTEMPTS {
            let mut seed = Zeroizing::new([0u8; 32]);
            getrandom::fill(seed.as_mut_slice()).map_err(|_| unavailable())?;
            if let Ok(key) = Self::from_seed(alg, &seed) {
                return Ok(key);
            }
        }
        Err(unavailable())
    }

    /// The key with this secret: the RFC 8032 seed, or the scalar, big-endian. A scalar of 0 or too large (n − 1
    /// included for SM2, GM/T 0003.1 §6.1) is [`ErrorCode::InvalidKey`].
    pub fn from_seed(alg: SigAlg, seed: &[u8; 32]) -> Result<Self> {
        without_traces(|| {
            Self::of(match alg {
                SigAlg::Ed25519 => Secret::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed)),
                SigAlg::P256 => {
                    let key = p256::ecdsa::SigningKey::from_slice(seed);
                    Secret::P256(key.map_err(|_| bad_secret())?)
                }
                SigAlg::Sm2 => {
                    Secret::Sm2(sm2::SecretKey::from_slice(seed).map_err(|_| bad_secret())?)
                }
            })
        })
    }

    pub(super) fn of(secret: Secret) -> Result<Self> {
        let public = match &secret {
            Secret::Ed25519(key) => {
                PublicKey::from_raw(SigAlg::Ed25519, key.verifying_key().as_bytes())?
            }
            Secret::P256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                PublicKey::from_raw(SigAlg::P256, point.as_bytes())?
            }
            Secret::Sm2(key) => {
                // d = n − 1 has no signatures: 1 + d must have an inverse.
                if *key.to_nonzero_scalar() + sm2::Scalar::ONE == sm2::Scalar::ZERO {
                    return Err(bad_secret());
                }
                PublicKey::from_raw(SigAlg::Sm2, key.public_key().to_sec1_point(false).as_bytes())?
            }
        };
        Ok(Self { secret: Box::new(secret), public })
    }

    /// The same SM2 key with another user id; see [`PublicKey::with_sm2_id`].
    pub fn with_sm2_id(self, id: &[u8]) -> Result<Self> {
        let Self { secret, public } = self;
        Ok(Self { secret, public: public.with_sm2_id(id)? })
    }

    /// The algorithm.
    pub fn alg(&self) -> SigAlg {
        self.public.alg()
    }

    /// The public key, with its SM2 user id.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(super) fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Signs `message`. Deterministic: the same key and message give the same bytes (Ed25519; RFC 6979 for
    /// P-256 in low-s form; for SM2 a nonce derived after RFC 6979 with SM3).
    pub fn sign(&self, message: &[u8]) -> Result<Signature> {
        match (self.secret(), self.public.digest_to_sign(message)) {
            (_, Some(digest)) => self.sign_digest(&digest),
            (Secret::Ed25519(key), None) => {
                let signature = without_traces(|| key.try_sign(message)).map_err(failed)?;
                Signature::normalise(SigAlg::Ed25519, &signature.to_bytes())
            }
            (Secret::P256(_) | Secret::Sm2(_), None) => {
                Err(Error::new(ErrorCode::Internal, "signing"))
            }
        }
    }

    /// Signs a digest as it is: what devices do that take [`super::SigningRequest::signable_digest`], and what their
    /// simulators need. Nothing is known about what the digest is of; whoever has the message uses [`SoftwareKey::sign`].
    ///
    /// Errors: [`ErrorCode::UnsupportedAlgorithm`] for Ed25519, which signs messages only.
    pub fn sign_digest(&self, digest: &[u8; 32]) -> Result<Signature> {
        let bytes: [u8; 64] = without_traces(|| match self.secret() {
            Secret::Ed25519(_) => Err(Error::new(
                ErrorCode::UnsupportedAlgorithm,
                "Ed25519 signs messages, not digests",
            )),
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(digest).map_err(failed)?;
                Ok(signature.to_bytes().into())
            }
            Secret::Sm2(key) => {
                let key = sm2::dsa::SigningKey::new("", key).map_err(failed)?;
                let signature: sm2::dsa::Signature = key.sign_prehash(digest).map_err(failed)?;
                Ok(signature.to_bytes().into())
            }
        })?;
        Signature::normalise(self.alg(), &bytes)
    }
}

fn failed(_: p256::ecdsa::Error) -> Error {
    Error::new(ErrorCode::Internal, "signing")
}

pub(super) fn bad_secret() -> Error {
    Error::new(ErrorCode::InvalidKey, "secret key")
}

impl fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SoftwareKey(secret withheld, {:?})", self.public)
    }
}
