//! ECDSA P-256 on a PKCS#11 token (an HSM, a smart card, SoftHSM).

use std::path::Path;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as TokenError, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use yinzheng::sign::{PublicKey, SigAlg, SigningRequest};
use yinzheng::{Error, ErrorCode, Result};

/// The curve's name in DER: OBJECT IDENTIFIER prime256v1.
const P256: [u8; 10] = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// The head of an OCTET STRING of 65 bytes, in which PKCS#11 wraps a point.
const POINT_HEAD: [u8; 2] = [0x04, 65];

/// An open token, logged in.
pub struct Token {
    session: Session,
    _module: Pkcs11,
}

/// A key pair on a token. The secret half is a handle.
pub struct TokenKey {
    secret: ObjectHandle,
    public: PublicKey,
}

impl TokenKey {
    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }
}

impl Token {
    /// Loads a PKCS#11 module, finds the token of this label and logs in.
    ///
    /// # Errors
    /// `InvalidArgument` for a module that does not load, `NotFound` without such a token, `SignerDeclined` for a wrong PIN,
    /// `SignerLocked` for a locked one, and what [`failed`] gives.
    pub fn open(module: &Path, label: &str, pin: &str) -> Result<Self> {
        let loaded = Pkcs11::new(module).map_err(|_| {
            Error::new(ErrorCode::InvalidArgument, "the PKCS#11 module cannot be loaded")
        })?;
        let how = CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK);
        loaded.initialize(how).map_err(failed)?;
        let slots = loaded.get_slots_with_initialized_token().map_err(failed)?;
        let is_it = |slot: &&_| {
            loaded.get_token_info(**slot).is_ok_and(|info| info.label().trim_end() == label)
        };
        let slot = slots
            .iter()
            .find(is_it)
            .ok_or_else(|| Error::new(ErrorCode::NotFound, "no token has this label"))?;
        let session = loaded.open_rw_session(*slot).map_err(failed)?;
        session.login(UserType::User, Some(&AuthPin::new(pin.into()))).map_err(failed)?;
        Ok(Self { session, _module: loaded })
    }

    /// Makes a key pair on the token: sensitive, not extractable, for signing only.
    ///
    /// # Errors
    /// What [`failed`] gives.
    pub fn generate(&self, name: &str) -> Result<TokenKey> {
        let public = [
            Attribute::Token(true),
            Attribute::Private(false),
            Attribute::KeyType(KeyType::EC),
            Attribute::Verify(true),
            Attribute::EcParams(P256.to_vec()),
            Attribute::Label(name.as_bytes().to_vec()),
            Attribute::Id(name.as_bytes().to_vec()),
        ];
        let secret = [
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
            Attribute::Derive(false),
            Attribute::Label(name.as_bytes().to_vec()),
            Attribute::Id(name.as_bytes().to_vec()),
        ];
        let pair = self.session.generate_key_pair(&Mechanism::EccKeyPairGen, &public, &secret);
        let (public, secret) = pair.map_err(failed)?;
        Ok(TokenKey { secret, public: self.public_key(public)? })
    }

    /// The key pair of this name; `None` when the token has none.
    ///
    /// # Errors
    /// What [`failed`] gives; `InvalidKey` for a point that is not one.
    pub fn find(&self, name: &str) -> Result<Option<TokenKey>> {
        let Some(public) = self.object(ObjectClass::PUBLIC_KEY, name)? else { return Ok(None) };
        let Some(secret) = self.object(ObjectClass::PRIVATE_KEY, name)? else { return Ok(None) };
        Ok(Some(TokenKey { secret, public: self.public_key(public)? }))
    }

    /// Signs the digest form of a request with `CKM_ECDSA`; gives r ‖ s. (A token that hashes itself takes
    /// [`SigningRequest::message`] with `CKM_ECDSA_SHA256`.)
    ///
    /// # Errors
    /// `InvalidArgument` for a request to another key; what [`failed`] gives.
    pub fn sign(&self, key: &TokenKey, request: &SigningRequest) -> Result<Vec<u8>> {
        let digest = request.signable_digest().filter(|_| request.key() == key.public());
        let digest = digest.ok_or_else(|| {
            Error::new(ErrorCode::InvalidArgument, "the request is to another key")
        })?;
        self.session.sign(&Mechanism::Ecdsa, key.secret, &digest).map_err(failed)
    }

    /// Whether the token gives the secret away: it must not, whoever asks.
    ///
    /// # Errors
    /// What [`failed`] gives when the token does not answer at all.
    pub fn gives_secret(&self, key: &TokenKey) -> Result<bool> {
        let asked = [AttributeType::Value, AttributeType::Extractable, AttributeType::Sensitive];
        match self.session.get_attributes(key.secret, &asked) {
            Ok(found) => Ok(found.iter().any(|attribute| {
                matches!(
                    attribute,
                    Attribute::Value(_)
                        | Attribute::Extractable(true)
                        | Attribute::Sensitive(false)
                )
            })),
            Err(TokenError::Pkcs11(RvError::AttributeSensitive, _)) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    /// Destroys a key pair: the end of a ledger key.
    ///
    /// # Errors
    /// What [`failed`] gives.
    pub fn destroy(&self, name: &str) -> Result<()> {
        for class in [ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY] {
            if let Some(object) = self.object(class, name)? {
                self.session.destroy_object(object).map_err(failed)?;
            }
        }
        Ok(())
    }

    fn object(&self, class: ObjectClass, name: &str) -> Result<Option<ObjectHandle>> {
        let wanted = [Attribute::Class(class), Attribute::Label(name.as_bytes().to_vec())];
        Ok(self.session.find_objects(&wanted).map_err(failed)?.first().copied())
    }

    fn public_key(&self, handle: ObjectHandle) -> Result<PublicKey> {
        let found =
            self.session.get_attributes(handle, &[AttributeType::EcPoint]).map_err(failed)?;
        let point = found.iter().find_map(|attribute| match attribute {
            Attribute::EcPoint(point) => Some(point.as_slice()),
            _ => None,
        });
        let point = point.unwrap_or_default();
        // Some tokens give the bare point.
        PublicKey::from_raw(SigAlg::P256, point.strip_prefix(&POINT_HEAD).unwrap_or(point))
    }
}

/// A token's refusal as the library's error: who said no, who is locked, and whose key is gone are told apart.
pub fn failed(error: TokenError) -> Error {
    let (code, said) = match &error {
        TokenError::Pkcs11(said, _) => (code_of(said), format!("{said:?}")),
        _ => (ErrorCode::InvalidArgument, "the call".to_owned()),
    };
    // Names of codes only: never a PIN or a key.
    Error::new(code, format!("PKCS#11: {said}"))
}

fn code_of(said: &RvError) -> ErrorCode {
    match said {
        RvError::PinIncorrect | RvError::FunctionCanceled | RvError::FunctionRejected => {
            ErrorCode::SignerDeclined
        }
        RvError::PinLocked | RvError::PinExpired | RvError::UserNotLoggedIn => {
            ErrorCode::SignerLocked
        }
        RvError::KeyHandleInvalid
        | RvError::ObjectHandleInvalid
        | RvError::DeviceRemoved
        | RvError::TokenNotPresent => ErrorCode::SignerKeyGone,
        RvError::MechanismInvalid | RvError::CurveNotSupported => ErrorCode::UnsupportedAlgorithm,
        _ => ErrorCode::SignerTimedOut,
    }
}
