//! What a key entry claims.

use super::{CERTIFICATE_BYTES, CERTIFICATES};
use crate::codec::{Item, Map, MapBuilder, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::HashAlg;
use crate::numbered::numbered;
use crate::sign::{PublicKey, SigAlg};

numbered! {
    /// What a key entry does.
    KeyAction, "key action is 1 to 3":
    /// Brings a key in.
    Enrol = 1 "enrol",
    /// Replaces an earlier key.
    Rotate = 2 "rotate",
    /// Ends an earlier key.
    Revoke = 3 "revoke",
}

numbered! {
    /// Whose key it is.
    KeyRole, "key role is 1 to 4":
    /// Signs the ledger's blocks.
    Ledger = 1 "ledger",
    /// Signs statements for the customer.
    Customer = 2 "customer",
    /// Signs statements for a device.
    Device = 3 "device",
    /// Signs for somebody who saw it.
    Witness = 4 "witness",
}

numbered! {
    /// Where the secret key is kept, as claimed; only a certificate or an attestation supports it.
    Custody, "custody is 0 to 8":
    /// Nothing is said.
    Unknown = 0 "unknown",
    /// A hardware key store of a device.
    Hardware = 1 "hardware",
    /// A secure enclave.
    Enclave = 2 "enclave",
    /// A mobile shield 手机盾 or USB shield.
    Shield = 3 "shield",
    /// A hardware security module.
    Hsm = 4 "hsm",
    /// A provider holds it for the signer.
    Hosted = 5 "hosted",
    /// Made for one transaction, then destroyed.
    OneTime = 6 "one-time",
    /// Split between a device and a server 协同签名.
    CoSigned = 7 "co-signed",
    /// A file or memory.
    Software = 8 "software",
}

numbered! {
    /// Why a key was revoked.
    RevokeReason, "revocation reason is 1 to 4":
    /// No longer used.
    Retired = 1 "retired",
    /// Nobody has it any more.
    Lost = 2 "lost",
    /// Somebody else may have it.
    Compromised = 3 "compromised",
    /// Another key took its place.
    Superseded = 4 "superseded",
}

/// Attestation bytes as the platform gave them; kept as evidence, not interpreted here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// The platform's name of the format, for example `android-key`.
    pub format: String,
    /// The bytes, at most 16,384.
    pub bytes: Vec<u8>,
}

/// What a key entry claims (format §5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyClaims {
    /// Enrol, rotate or revoke.
    pub action: KeyAction,
    /// Whose key.
    pub role: KeyRole,
    /// The key, with its SM2 user ID; absent in a revocation.
    pub key: Option<PublicKey>,
    /// Custody as claimed; absent in a revocation.
    pub custody: Option<Custody>,
    /// X.509 certificates in DER, leaf first, at most 8.
    pub certificates: Vec<Vec<u8>>,
    /// Platform attestation.
    pub attestation: Option<Attestation>,
    /// Effective from, milliseconds since 1970 (declared).
    pub effective_ms: i64,
    /// Digest of the key entry that this one replaces or revokes.
    pub previous: Option<[u8; 32]>,
    /// Epoch of a ledger key: 0 in genesis, one more at each rotation.
    pub epoch: Option<u64>,
    /// Why revoked.
    pub reason: Option<RevokeReason>,
    /// Commitment to the next ledger key: H(its COSE_Key bytes).
    pub next_key: Option<[u8; 32]>,
}

impl KeyClaims {
    /// Claims that bring in `key`.
    pub fn enrol(role: KeyRole, key: PublicKey, custody: Custody, effective_ms: i64) -> Self {
        Self {
            action: KeyAction::Enrol,
            role,
            key: Some(key),
            custody: Some(custody),
            certificates: Vec::new(),
            attestation: None,
            effective_ms,
            previous: None,
            epoch: (role == KeyRole::Ledger).then_some(0),
            reason: None,
            next_key: None,
        }
    }

    /// Claims that put `key` in the place of the entry with digest `previous`; for a ledger key `epoch` is its epoch.
    pub fn rotate(
        role: KeyRole,
        key: PublicKey,
        custody: Custody,
        effective_ms: i64,
        previous: [u8; 32],
        epoch: Option<u64>,
    ) -> Self {
        Self {
            action: KeyAction::Rotate,
            previous: Some(previous),
            epoch,
            ..Self::enrol(role, key, custody, effective_ms)
        }
    }

    /// Claims that end the key of the entry with digest `previous`.
    pub fn revoke(
        role: KeyRole,
        previous: [u8; 32],
        reason: RevokeReason,
        effective_ms: i64,
    ) -> Self {
        Self {
            action: KeyAction::Revoke,
            role,
            key: None,
            custody: None,
            certificates: Vec::new(),
            attestation: None,
            effective_ms,
            previous: Some(previous),
            epoch: None,
            reason: Some(reason),
            next_key: None,
        }
    }

    /// The commitment to a next ledger key under the ledger's hash.
    pub fn commitment_to(key: &PublicKey, hash: HashAlg) -> [u8; 32] {
        hash.digest(&key.to_cose_key())
    }

    /// Deterministic CBOR of the claims.
    pub fn encode(&self) -> Vec<u8> {
        let mut map =
            MapBuilder::new().put_uint(0, self.action.number()).put_uint(1, self.role.number());
        if let Some(key) = &self.key {
            map = map.put_raw(2, &key.to_cose_key());
            if let Some(id) = key.sm2_id() {
                map = map.put_bstr(3, id);
            }
        }
        if let Some(custody) = self.custody {
            map = map.put_uint(4, custody.number());
        }
        if !self.certificates.is_empty() {
            map = map.put(5, |w| {
                w.array(self.certificates.len());
                for certificate in &self.certificates {
                    w.bstr(certificate);
                }
                w
            });
        }
        if let Some(attestation) = &self.attestation {
            map = map.put(6, |w| w.array(2).text(&attestation.format).bstr(&attestation.bytes));
        }
        map = map.put_int(7, self.effective_ms);
        if let Some(previous) = &self.previous {
            map = map.put_bstr(8, previous);
        }
        if let Some(epoch) = self.epoch {
            map = map.put_uint(9, epoch);
        }
        if let Some(reason) = self.reason {
            map = map.put_uint(10, reason.number());
        }
        if let Some(next) = &self.next_key {
            map = map.put_bstr(11, next);
        }
        map.finish()
    }

    /// Reads claims and checks that they belong together: a revocation has no key, a rotation names the entry
    /// before, an SM2 key its user ID, a ledger key its epoch.
    ///
    /// # Errors
    /// Any 3xx; `InvalidKey` for a key that is not usable.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let map = Item::parse(bytes, limits::ENTRY_BYTES)?.map()?;
        map.only(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])?;
        let claims = Self {
            action: map.read(0, |action| KeyAction::from_number(action.uint()?))?,
            role: map.read(1, |role| KeyRole::from_number(role.uint()?))?,
            key: read_key(&map)?,
            custody: map.read_opt(4, |custody| Custody::from_number(custody.uint()?))?,
            certificates: map.read_opt(5, read_certificates)?.unwrap_or_default(),
            attestation: map.read_opt(6, read_attestation)?,
            effective_ms: map.read(7, |ms| ms.int())?,
            previous: map.read_opt(8, |digest| digest.bstr32())?,
            epoch: map.read_opt(9, |epoch| epoch.count())?,
            reason: map.read_opt(10, |reason| RevokeReason::from_number(reason.uint()?))?,
            next_key: map.read_opt(11, |digest| digest.bstr32())?,
        };
        claims.check_shape()?;
        Ok(claims)
    }

    fn check_shape(&self) -> Result<()> {
        let revokes = self.action == KeyAction::Revoke;
        let ledger = self.role == KeyRole::Ledger;
        let wrong = |what: &str| Err(Error::new(ErrorCode::OutOfRange, what));
        if self.key.is_some() == revokes
            || self.custody.is_some() == revokes
            || self.reason.is_some() != revokes
        {
            return wrong(
                "key and custody stand exactly where a key comes in, a reason exactly in a revocation",
            );
        }
        if revokes && (!self.certificates.is_empty() || self.attestation.is_some()) {
            return wrong("a revocation carries no certificates and no attestation");
        }
        if self.previous.is_some() == (self.action == KeyAction::Enrol) {
            return wrong("the entry before is named exactly in a rotation or revocation");
        }
        if self.epoch.is_some() != (ledger && !revokes)
            || (self.next_key.is_some() && (!ledger || revokes))
        {
            return wrong("an epoch stands exactly with a ledger key, a next key only there");
        }
        Ok(())
    }
}

fn read_key(map: &Map<'_>) -> Result<Option<PublicKey>> {
    let id = map.read_opt(3, read_sm2_id)?;
    match (map.read_opt(2, PublicKey::from_cose_key)?, id) {
        (Some(key), Some(id)) if key.alg() == SigAlg::Sm2 => Ok(Some(key.with_sm2_id(id)?)),
        (Some(key), None) if key.alg() != SigAlg::Sm2 => Ok(Some(key)),
        (None, None) => Ok(None),
        _ => Err(Error::new(
            ErrorCode::OutOfRange,
            "an SM2 user ID stands exactly beside an SM2 key",
        )),
    }
}

/// A key in a ledger says which user ID its signatures are made with; the empty one is left to policies.
fn read_sm2_id(item: Item<'_>) -> Result<&[u8]> {
    let id = item.bstr()?;
    if id.is_empty() || id.len() > limits::SM2_ID_BYTES {
        return Err(Error::new(ErrorCode::OutOfRange, "an SM2 user ID has 1 to 8,191 bytes"));
    }
    Ok(id)
}

fn read_certificates(item: Item<'_>) -> Result<Vec<Vec<u8>>> {
    let list = item.array()?;
    if list.is_empty() || list.len() > CERTIFICATES {
        return Err(Error::new(ErrorCode::OutOfRange, "1 to 8 certificates"));
    }
    list.iter().map(|certificate| limited(certificate.bstr()?)).collect()
}

fn read_attestation(item: Item<'_>) -> Result<Attestation> {
    let [format, bytes] = item.array_n::<2>()?;
    Ok(Attestation { format: format.text()?.to_owned(), bytes: limited(bytes.bstr()?)? })
}

fn limited(bytes: &[u8]) -> Result<Vec<u8>> {
    if bytes.is_empty() || bytes.len() > CERTIFICATE_BYTES {
        return Err(Error::new(
            ErrorCode::TooLarge,
            "a certificate or attestation has 1 to 16,384 bytes",
        ));
    }
    Ok(bytes.to_vec())
}
