//! What the verifier knows from outside the proof: ledgers, keys, keys it no longer trusts, and what it asks for. Without
//! it a proof can only be shown to be in one piece, never whose it is.

use core::fmt;
use core::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::signers::{self, SignersLine, Threshold};
use super::trust::{self, AnchorLine, Authorities};
use crate::codec::Item;
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg, hex};
use crate::sign::{PublicKey, SigAlg};
use crate::statement::Role;

/// Largest policy file in bytes.
pub const POLICY_BYTES: usize = 4 * 1024 * 1024;

/// A verification policy. Its file is JSON:
///
/// ```json
/// { "ledgers": [ {"id": "<64 hex digits>", "hash": "SHA-256", "name": "Example Bank"} ],
///   "keys":    [ {"spki_pem": "-----BEGIN PUBLIC KEY-----…", "role": "notary", "name": "Example Notary"},
///                {"cose_key": "<hex>", "sm2_id": "ALICE123@YAHOO.COM", "role": "ledger", "name": "Example Bank"} ],
///   "revoked": [ {"thumbprint": "<64 hex digits>", "since_ms": 1767225600000} ],
///   "anchors": [ {"certificate_pem": "-----BEGIN CERTIFICATE-----…", "for": ["timestamps", "keys"], "name": "Example CA"} ],
///   "certificates_pem": [], "crls_pem": [], "ocsp_base64": [],
///   "require": { "signers": ["customer", {"at_least": 2, "of": ["customer", "lender"], "profile": "loan.agreement"}],
///                "countersignatures": 1, "timestamps": 1 } }
/// ```
///
/// Every member may be left out; members that are not listed here are refused.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    ledgers: Vec<KnownLedger>,
    keys: Vec<KnownKey>,
    revoked: Vec<RevokedKey>,
    signers: Vec<Role>,
    thresholds: Vec<Threshold>,
    countersignatures: u64,
    timestamps: u64,
    /// For timestamps, and for keys.
    authorities: [Authorities; 2],
    bytes: Option<Vec<u8>>,
}

/// A ledger that the verifier knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownLedger {
    /// Its id.
    pub id: Digest,
    /// Whose it is, in the verifier's words.
    pub name: String,
}

/// A key that the verifier knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// The key.
    pub key: PublicKey,
    /// Its RFC 9679 thumbprint.
    pub thumbprint: [u8; 32],
    /// What it is trusted for.
    pub role: PolicyRole,
    /// Whose it is, in the verifier's words.
    pub name: String,
}

/// What a key of the policy is trusted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyRole {
    /// Sealing blocks.
    Ledger,
    /// Signing statements or countersignatures in this role.
    Signer(Role),
}

/// A key that the verifier trusts no longer, whatever the proof says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedKey {
    /// RFC 9679 thumbprint.
    pub thumbprint: [u8; 32],
    /// Since when, milliseconds since 1970.
    pub since_ms: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    ledgers: Vec<Object<LedgerLine>>,
    #[serde(default)]
    keys: Vec<Object<KeyLine>>,
    #[serde(default)]
    revoked: Vec<Object<RevokedLine>>,
    #[serde(default)]
    anchors: Vec<Object<AnchorLine>>,
    #[serde(default)]
    certificates_pem: Vec<String>,
    #[serde(default)]
    crls_pem: Vec<String>,
    #[serde(default)]
    ocsp_base64: Vec<String>,
    #[serde(default)]
    require: Option<Object<RequireLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerLine {
    id: String,
    hash: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyLine {
    cose_key: Option<String>,
    spki_pem: Option<String>,
    sm2_id: Option<String>,
    role: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevokedLine {
    thumbprint: String,
    since_ms: i64,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequireLine {
    #[serde(default)]
    signers: Vec<SignersLine>,
    #[serde(default)]
    countersignatures: u64,
    #[serde(default)]
    timestamps: u64,
}

/// A JSON object. Serde would take a list of the members in their order for the same thing.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        struct OnlyMaps<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OnlyMaps<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                map: A,
            ) -> core::result::Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        deserializer.deserialize_map(OnlyMaps(PhantomData))
    }
}

impl Policy {
    /// A policy that knows nobody: origin cannot be checked.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Reads a policy file.
    ///
    /// # Errors
    /// `InvalidPolicy` for anything but strict JSON of the members above, a name of no role, a key given in two ways or
    /// in none, a certificate or list that cannot be read, a ledger or key that stands twice; `TooLarge` above 4 MiB.
    pub fn parse(json: &[u8]) -> Result<Self> {
        if json.len() > POLICY_BYTES {
            return Err(Error::new(ErrorCode::TooLarge, "a policy has at most 4 MiB"));
        }
        let Object(file): Object<File> = serde_json::from_slice(json).map_err(|error| {
            invalid(&format!("JSON, line {} column {}", error.line(), error.column()))
        })?;
        let require = file.require.map(|Object(require)| require).unwrap_or_default();
        let (signers, thresholds) = signers::read(require.signers)?;
        let policy = Self {
            ledgers: file.ledgers.into_iter().map(KnownLedger::read).collect::<Result<_>>()?,
            keys: file.keys.into_iter().map(KnownKey::read).collect::<Result<_>>()?,
            revoked: file.revoked.iter().map(RevokedKey::read).collect::<Result<_>>()?,
            signers,
            thresholds,
            countersignatures: require.countersignatures,
            timestamps: require.timestamps,
            authorities: trust::read(trust::Lines {
                anchors: file.anchors,
                certificates_pem: file.certificates_pem,
                crls_pem: file.crls_pem,
                ocsp_base64: file.ocsp_base64,
            })?,
            bytes: Some(json.to_vec()),
        };
        let mut ids: Vec<_> = policy.ledgers.iter().map(|ledger| ledger.id.bytes).collect();
        ids.sort_unstable();
        let mut keys: Vec<_> =
            policy.keys.iter().map(|known| (known.thumbprint, known.role.name())).collect();
        keys.sort_unstable();
        if ids.windows(2).any(|two| two.first() == two.last())
            || keys.windows(2).any(|two| two.first() == two.last())
        {
            return Err(invalid("a ledger, or a key in one role, stands twice"));
        }
        Ok(policy)
    }

    /// The exact bytes of the file; `None` for [`Policy::empty`].
    pub fn bytes(&self) -> Option<&[u8]> {
        self.bytes.as_deref()
    }

    /// The ledgers it knows.
    pub fn ledgers(&self) -> &[KnownLedger] {
        &self.ledgers
    }

    /// The keys it knows.
    pub fn keys(&self) -> &[KnownKey] {
        &self.keys
    }

    /// The keys it trusts no longer.
    pub fn revoked(&self) -> &[RevokedKey] {
        &self.revoked
    }

    /// Roles of which a verified statement is asked for in every dossier.
    pub fn required_signers(&self) -> &[Role] {
        &self.signers
    }

    /// How many signers are asked for, out of several roles.
    pub fn required_thresholds(&self) -> &[Threshold] {
        &self.thresholds
    }

    /// How many countersignatures by different known keys are asked for, for each ledger.
    pub fn required_countersignatures(&self) -> u64 {
        self.countersignatures
    }

    /// How many tokens of different known authorities are asked for, for each ledger.
    pub fn required_timestamps(&self) -> u64 {
        self.timestamps
    }

    /// What it trusts for timestamps: for [`crate::anchor::TimestampRequest::accept`].
    #[cfg(feature = "x509")]
    pub fn timestamp_trust(&self) -> &crate::x509::Trust {
        &self.timestamp_authorities().trust
    }

    #[cfg(feature = "x509")]
    pub(super) fn timestamp_authorities(&self) -> &Authorities {
        let [timestamps, _] = &self.authorities;
        timestamps
    }

    pub(super) fn key_authorities(&self) -> &Authorities {
        let [_, keys] = &self.authorities;
        keys
    }

    pub(super) fn ledger(&self, id: &Digest) -> Option<&KnownLedger> {
        self.ledgers.iter().find(|known| known.id == *id)
    }

    /// A known ledger key that is not revoked.
    pub(super) fn ledger_key(&self, key: &PublicKey) -> Option<&KnownKey> {
        self.keys.iter().find(|known| {
            known.role == PolicyRole::Ledger
                && known.key == *key
                && self.revoked_since(&known.thumbprint).is_none()
        })
    }

    /// The known keys with this thumbprint that may sign, in the order of the file.
    pub(super) fn signers(&self, thumbprint: &[u8; 32]) -> impl Iterator<Item = (&KnownKey, Role)> {
        let thumbprint = *thumbprint;
        self.keys.iter().filter(move |known| known.thumbprint == thumbprint).filter_map(|known| {
            match known.role {
                PolicyRole::Signer(role) => Some((known, role)),
                PolicyRole::Ledger => None,
            }
        })
    }

    pub(super) fn revoked_since(&self, thumbprint: &[u8; 32]) -> Option<i64> {
        self.revoked
            .iter()
            .filter(|revoked| revoked.thumbprint == *thumbprint)
            .map(|revoked| revoked.since_ms)
            .min()
    }
}

impl PolicyRole {
    /// The word in policy files.
    pub fn name(self) -> &'static str {
        match self {
            PolicyRole::Ledger => "ledger",
            PolicyRole::Signer(role) => role.name(),
        }
    }
}

impl KnownLedger {
    fn read(Object(line): Object<LedgerLine>) -> Result<Self> {
        let alg = HashAlg::ALL
            .into_iter()
            .find(|alg| alg.name() == line.hash)
            .ok_or_else(|| invalid("a ledger's hash is SHA-256 or SM3"))?;
        Ok(Self { id: Digest { alg, bytes: hex32(&line.id)? }, name: line.name })
    }
}

impl KnownKey {
    fn read(Object(line): Object<KeyLine>) -> Result<Self> {
        let bad = |_| invalid("a key that cannot be read");
        let key = match (&line.cose_key, &line.spki_pem) {
            (Some(digits), None) => {
                let bytes = hex::decode(digits).map_err(bad)?;
                let item = Item::parse(&bytes, bytes.len()).map_err(bad)?;
                PublicKey::from_cose_key(item).map_err(bad)?
            }
            (None, Some(pem)) => PublicKey::from_spki_pem(pem).map_err(bad)?,
            _ => return Err(invalid("a key is given as cose_key or as spki_pem")),
        };
        let key = match &line.sm2_id {
            None => key,
            Some(id) if key.alg() == SigAlg::Sm2 => key.with_sm2_id(id.as_bytes()).map_err(bad)?,
            Some(_) => return Err(invalid("only SM2 keys have a user id")),
        };
        let role = match line.role.as_str() {
            "ledger" => PolicyRole::Ledger,
            name => PolicyRole::Signer(role(name)?),
        };
        Ok(Self { thumbprint: key.thumbprint(), key, role, name: line.name })
    }
}

impl RevokedKey {
    fn read(Object(line): &Object<RevokedLine>) -> Result<Self> {
        Ok(Self { thumbprint: hex32(&line.thumbprint)?, since_ms: line.since_ms })
    }
}

pub(super) fn role(name: &str) -> Result<Role> {
    Role::ALL
        .iter()
        .copied()
        .find(|role| role.name() == name)
        .ok_or_else(|| invalid("a word that names no role"))
}

fn hex32(digits: &str) -> Result<[u8; 32]> {
    hex::decode_n(digits).map_err(|_| invalid("64 lower-case hexadecimal digits are expected"))
}

pub(super) fn invalid(what: &str) -> Error {
    Error::new(ErrorCode::InvalidPolicy, what)
}
