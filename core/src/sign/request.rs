//! What a signer is asked to sign, in each form that a device may want, and the taking back of its answer.

use core::fmt;

use super::{Diagnosis, PublicKey, SigAlg, Signature, Strictness, diagnose_among};
use crate::codec::{Item, Writer};
use crate::{Error, ErrorCode, Result};

/// Bytes that wait for a signature, and the key that must make it. Blocks, statements, countersignatures and the
/// possession of a new key all give one.
///
/// It holds no secret. [`SigningRequest::encode`] carries it to another process; whoever reads it back there can check
/// the answer before it travels home, and the ledger checks it again.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningRequest {
    key: PublicKey,
    message: Vec<u8>,
}

/// The parts of what SM2 signs, for devices that take a digest (GM/T 0003.2 §5.5, §6.1).
#[derive(Clone, PartialEq, Eq)]
pub struct Sm2Input {
    /// The user id.
    pub id: Vec<u8>,
    /// Z = SM3(ENTL ‖ id ‖ curve ‖ key).
    pub z: [u8; 32],
    /// e = SM3(Z ‖ message): what a device signs that says *no digest*, *raw* or *digest in*.
    pub e: [u8; 32],
}

impl SigningRequest {
    /// A request that `key` sign `message`.
    pub fn new(key: &PublicKey, message: Vec<u8>) -> Self {
        Self { key: key.clone(), message }
    }

    /// The key that must sign.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Its algorithm.
    pub fn alg(&self) -> SigAlg {
        self.key.alg()
    }

    /// The algorithm as people and devices name it, hash included.
    pub fn scheme(&self) -> &'static str {
        match self.alg() {
            SigAlg::Ed25519 => "Ed25519",
            SigAlg::P256 => "ECDSA P-256 with SHA-256",
            SigAlg::Sm2 => "SM2 with SM3",
        }
    }

    /// The message form: a signer that takes this hashes it itself; an SM2 signer also puts Z before it.
    pub fn message(&self) -> &[u8] {
        &self.message
    }

    /// The digest form: SHA-256 of the message for P-256, e for SM2; a signer that takes this must not hash it again.
    /// `None` for Ed25519, which signs messages only.
    pub fn signable_digest(&self) -> Option<[u8; 32]> {
        self.key.digest_to_sign(&self.message)
    }

    /// User id, Z and e, for SM2 only.
    pub fn sm2(&self) -> Option<Sm2Input> {
        Some(Sm2Input {
            id: self.key.sm2_id()?.to_vec(),
            z: self.key.sm2_z()?,
            e: self.signable_digest()?,
        })
    }

    /// Takes what a signer gave, raw r ‖ s or DER, and gives it in its one form, low-s for P-256.
    ///
    /// # Errors
    /// `InvalidSignature`, or `SignatureMismatch` when it is not this key's over this message; the context then says what
    /// would have fitted, see [`Diagnosis`].
    pub fn accept(&self, given: &[u8]) -> Result<Signature> {
        self.accept_knowing(given, &[])
    }

    /// As [`SigningRequest::accept`], for a caller who knows which other keys could have signed by mistake.
    ///
    /// # Errors
    /// As [`SigningRequest::accept`].
    pub fn accept_knowing(&self, given: &[u8], others: &[&PublicKey]) -> Result<Signature> {
        let taken = Signature::normalise(self.alg(), given).and_then(|signature| {
            self.key.verify(&self.message, &signature, Strictness::Ours)?;
            Ok(signature)
        });
        taken.map_err(|error| match error.code() {
            ErrorCode::InvalidSignature | ErrorCode::SignatureMismatch => {
                let found = self.diagnose(given, others);
                Error::new(error.code(), format!("{}: {found}", self.scheme()))
            }
            _ => error,
        })
    }

    /// Why a signature does not fit, so far as it can be told. `others` are keys that could have signed by mistake.
    pub fn diagnose(&self, given: &[u8], others: &[&PublicKey]) -> Diagnosis {
        diagnose_among(&self.key, &self.message, given, others)
    }

    /// The request as bytes: `[COSE_Key, SM2 user id or null, message]`.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.array(3).raw(&self.key.to_cose_key());
        match self.key.sm2_id() {
            Some(id) => w.bstr(id),
            None => w.null(),
        };
        w.bstr(&self.message).finish()
    }

    /// Reads a request.
    ///
    /// # Errors
    /// Any 3xx or 4xx.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let [key, id, message] = Item::parse(bytes, bytes.len())?.array_n::<3>()?;
        let key = PublicKey::from_cose_key(key)?;
        let key = match (key.alg(), id.is_null()) {
            (SigAlg::Sm2, false) => key.with_sm2_id(id.bstr()?)?,
            (SigAlg::Ed25519 | SigAlg::P256, true) => key,
            _ => {
                return Err(Error::new(
                    ErrorCode::OutOfRange,
                    "an SM2 user ID stands exactly beside an SM2 key",
                ));
            }
        };
        Ok(Self { key, message: message.bstr()?.to_vec() })
    }
}

impl fmt::Debug for SigningRequest {
    /// The message's length only: it may hold a record.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningRequest({:?}, {} bytes)", self.key, self.message.len())
    }
}

impl fmt::Debug for Sm2Input {
    /// Without the user id, which may name a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sm2Input(id of {} bytes)", self.id.len())
    }
}
