//! Public keys.

use core::fmt;

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::elliptic_curve::sec1::ToSec1Point;

use super::signature::{high_s, p256_signature, sm2_signature};
use super::{SigAlg, Signature, sm2_digest};
use crate::codec::{Item, MapBuilder};
use crate::hash::{HashAlg, hex};
use crate::{Error, ErrorCode, Result};

/// The SM2 user id of keys that name none: `1234567812345678` (GM/T 0009 §10).
pub const SM2_DEFAULT_ID: &[u8] = b"1234567812345678";

/// What a verifier lets pass.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strictness {
    /// What we seal: P-256 in low-s form only.
    Ours,
    /// Evidence from outside: a high s of P-256 passes, since other signers make it.
    Outside,
}

/// A public key on its curve; for SM2 also the user id that goes into every signature.
///
/// Two keys are equal when algorithm, point and user id are.
#[derive(Clone)]
pub struct PublicKey {
    /// Ed25519: 32 bytes as RFC 8032 encodes them. Curves: x ‖ y.
    bytes: Vec<u8>,
    engine: Engine,
}

#[derive(Clone)]
enum Engine {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
    /// Z depends on key and id only, so it is kept.
    Sm2 {
        key: sm2::dsa::VerifyingKey,
        id: Vec<u8>,
        z: [u8; 32],
    },
}

impl PublicKey {
    /// An Ed25519 key from its 32 bytes, a P-256 or SM2 key from its SEC 1 point: 04 ‖ x ‖ y, or compressed,
    /// or just x ‖ y. An SM2 key gets the default user id.
    ///
    /// Errors: [`ErrorCode::InvalidKey`] for another length or form, a point not on the curve, the identity,
    /// an Ed25519 key that is not canonical or of small order.
    pub fn from_raw(alg: SigAlg, bytes: &[u8]) -> Result<Self> {
        match alg {
            SigAlg::Ed25519 => Self::ed25519(bytes),
            SigAlg::P256 => {
                let point =
                    p256::PublicKey::from_sec1_bytes(&sec1(bytes)?).map_err(|_| bad_point())?;
                let bytes = x_y(point.to_sec1_point(false).as_bytes())?.to_vec();
                Ok(Self { bytes, engine: Engine::P256(point.into()) })
            }
            SigAlg::Sm2 => {
                let point =
                    sm2::PublicKey::from_sec1_bytes(&sec1(bytes)?).map_err(|_| bad_point())?;
                let bytes = x_y(point.to_sec1_point(false).as_bytes())?;
                // The crate's own user id stays unused: Z and e are computed here, over bytes of any kind.
                let key = sm2::dsa::VerifyingKey::new("", point).map_err(|_| bad_point())?;
                let z = sm2_digest::z(&bytes, SM2_DEFAULT_ID)?;
                let engine = Engine::Sm2 { key, id: SM2_DEFAULT_ID.to_vec(), z };
                Ok(Self { bytes: bytes.to_vec(), engine })
            }
        }
    }

    fn ed25519(bytes: &[u8]) -> Result<Self> {
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| bad_point())?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| bad_point())?;
        if key.is_weak() || !is_canonical_y(&bytes) {
            return Err(bad_point());
        }
        Ok(Self { bytes: bytes.to_vec(), engine: Engine::Ed25519(key) })
    }

    /// Reads a COSE_Key (RFC 9052 §7) with exactly the members its type needs:
    /// `{1: 1, 3: -8, -1: 6, -2: x}`, `{1: 2, 3: -7, -1: 1, -2: x, -3: y}` or
    /// `{1: 2, 3: -66002, -1: -66006, -2: x, -3: y}`.
    ///
    /// Errors: [`ErrorCode::UnsupportedAlgorithm`], `MissingKey`, `UnknownCritical`, `WrongType`,
    /// `OutOfRange`, and `InvalidKey` as [`PublicKey::from_raw`].
    pub fn from_cose_key(item: Item<'_>) -> Result<Self> {
        let map = item.map()?;
        let alg = SigAlg::from_cose_id(map.read(3, |v| v.int())?)?;
        let (kty, crv) = cose_type(alg);
        if map.read(1, |v| v.int())? != kty || map.read(-1, |v| v.int())? != crv {
            return Err(Error::new(
                ErrorCode::InvalidKey,
                "key type or curve is not the algorithm's",
            ));
        }
        let x = map.read(-2, |v| v.bstr32())?;
        if alg == SigAlg::Ed25519 {
            map.only(&[1, 3, -1, -2])?;
            return Self::from_raw(alg, &x);
        }
        map.only(&[1, 3, -1, -2, -3])?;
        let y = map.read(-3, |v| v.bstr32())?;
        Self::from_raw(alg, &[x, y].concat())
    }

    /// The key as a COSE_Key map.
    pub fn to_cose_key(&self) -> Vec<u8> {
        self.cose_members().put_int(3, self.alg().cose_id()).finish()
    }

    fn cose_members(&self) -> MapBuilder {
        let (kty, crv) = cose_type(self.alg());
        let (x, y) = self.bytes.split_at_checked(32).unwrap_or((&self.bytes, &[]));
        let members = MapBuilder::new().put_int(1, kty).put_int(-1, crv).put_bstr(-2, x);
        if y.is_empty() { members } else { members.put_bstr(-3, y) }
    }

    /// The key's thumbprint (RFC 9679): SHA-256 of the COSE_Key with only the members 1, −1, −2 and −3.
    pub fn thumbprint(&self) -> [u8; 32] {
        HashAlg::Sha256.digest(&self.cose_members().finish())
    }

    /// The algorithm.
    pub fn alg(&self) -> SigAlg {
        match self.engine {
            Engine::Ed25519(_) => SigAlg::Ed25519,
            Engine::P256(_) => SigAlg::P256,
            Engine::Sm2 { .. } => SigAlg::Sm2,
        }
    }

    /// Ed25519: the 32 bytes. P-256 and SM2: x ‖ y.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The SM2 user id; `None` for other keys.
    pub fn sm2_id(&self) -> Option<&[u8]> {
        match &self.engine {
            Engine::Sm2 { id, .. } => Some(id),
            Engine::Ed25519(_) | Engine::P256(_) => None,
        }
    }

    /// The same SM2 key with another user id of at most 8,191 bytes. The empty id is what some tools use
    /// when none is given.
    ///
    /// Errors: [`ErrorCode::InvalidArgument`] for a key of another algorithm, [`ErrorCode::LimitExceeded`].
    pub fn with_sm2_id(mut self, id: &[u8]) -> Result<Self> {
        let new_z = sm2_digest::z(&self.point()?, id)?;
        let Engine::Sm2 { id: old, z, .. } = &mut self.engine else { return Err(not_sm2()) };
        *old = id.to_vec();
        *z = new_z;
        Ok(self)
    }

    fn point(&self) -> Result<[u8; 64]> {
        self.bytes.as_slice().try_into().map_err(|_| not_sm2())
    }

    /// Z of this key and its user id, for SM2 (GM/T 0003.2 §5.5).
    pub fn sm2_z(&self) -> Option<[u8; 32]> {
        match &self.engine {
            Engine::Sm2 { z, .. } => Some(*z),
            Engine::Ed25519(_) | Engine::P256(_) => None,
        }
    }

    /// What a signer that takes digests signs: SHA-256 of the message for P-256, SM3(Z ‖ message) for SM2;
    /// `None` for Ed25519, which signs messages only.
    pub fn digest_to_sign(&self, message: &[u8]) -> Option<[u8; 32]> {
        match &self.engine {
            Engine::Ed25519(_) => None,
            Engine::P256(_) => Some(HashAlg::Sha256.digest(message)),
            Engine::Sm2 { z, .. } => Some(sm2_digest::e(z, message)),
        }
    }

    /// Checks a signature over `message`. Ed25519 strictly: S below the order, A and R canonical and of large
    /// order, the equation without cofactor.
    ///
    /// Errors: [`ErrorCode::AlgorithmMismatch`] when the signature is another algorithm's, [`ErrorCode::HighS`],
    /// [`ErrorCode::SignatureMismatch`].
    pub fn verify(
        &self,
        message: &[u8],
        signature: &Signature,
        strictness: Strictness,
    ) -> Result<()> {
        if signature.alg() != self.alg() {
            return Err(Error::new(ErrorCode::AlgorithmMismatch, self.alg().name()));
        }
        if strictness == Strictness::Ours && signature.is_high_s() {
            return Err(high_s());
        }
        let fits = match &self.engine {
            Engine::Ed25519(key) => key
                .verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature.bytes()))
                .is_ok(),
            Engine::P256(key) => {
                let digest = HashAlg::Sha256.digest(message);
                key.verify_prehash(&digest, &p256_signature(signature.bytes())?).is_ok()
            }
            Engine::Sm2 { key, z, .. } => {
                let digest = sm2_digest::e(z, message);
                key.verify_prehash(&digest, &sm2_signature(signature.bytes())?).is_ok()
            }
        };
        if fits { Ok(()) } else { Err(Error::new(ErrorCode::SignatureMismatch, self.alg().name())) }
    }

    /// Checks a signature over a digest that was made elsewhere, for those who look for what another tool signed.
    ///
    /// Errors: [`ErrorCode::AlgorithmMismatch`] also for Ed25519, which signs no digests;
    /// [`ErrorCode::SignatureMismatch`].
    pub(crate) fn verify_digest(&self, digest: &[u8; 32], signature: &Signature) -> Result<()> {
        let fits = match &self.engine {
            Engine::P256(key) if signature.alg() == SigAlg::P256 => {
                key.verify_prehash(digest, &p256_signature(signature.bytes())?).is_ok()
            }
            Engine::Sm2 { key, .. } if signature.alg() == SigAlg::Sm2 => {
                key.verify_prehash(digest, &sm2_signature(signature.bytes())?).is_ok()
            }
            _ => return Err(Error::new(ErrorCode::AlgorithmMismatch, self.alg().name())),
        };
        if fits { Ok(()) } else { Err(Error::new(ErrorCode::SignatureMismatch, self.alg().name())) }
    }
}

/// COSE key type and curve. −66006 is the private-use number of sm2p256v1.
fn cose_type(alg: SigAlg) -> (i64, i64) {
    match alg {
        SigAlg::Ed25519 => (1, 6),
        SigAlg::P256 => (2, 1),
        SigAlg::Sm2 => (2, -66_006),
    }
}

/// A point in SEC 1 form; x ‖ y alone gets its 04. Hybrid and compact forms are refused.
fn sec1(bytes: &[u8]) -> Result<Vec<u8>> {
    match (bytes.len(), bytes.first()) {
        (64, _) => Ok([&[4], bytes].concat()),
        (65, Some(4)) | (33, Some(2 | 3)) => Ok(bytes.to_vec()),
        _ => Err(bad_point()),
    }
}

fn x_y(uncompressed: &[u8]) -> Result<[u8; 64]> {
    uncompressed.get(1..).and_then(|xy| xy.try_into().ok()).ok_or_else(bad_point)
}

/// Whether the y of an Ed25519 key is below 2^255 − 19: the curve library reads larger ones too. (The other
/// encodings with two spellings are points of small order, refused anyway.)
fn is_canonical_y(bytes: &[u8; 32]) -> bool {
    let [low, middle @ .., high] = bytes;
    !(*low >= 0xed && middle.iter().all(|byte| *byte == 0xff) && high & 0x7f == 0x7f)
}

fn bad_point() -> Error {
    Error::new(ErrorCode::InvalidKey, "public key")
}

fn not_sm2() -> Error {
    Error::new(ErrorCode::InvalidArgument, "only SM2 keys have a user id")
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.alg() == other.alg() && self.bytes == other.bytes && self.sm2_id() == other.sm2_id()
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.alg(), hex::encode(&self.bytes))
    }
}
