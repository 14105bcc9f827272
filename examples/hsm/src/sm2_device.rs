//! A simulator of an SM2 device: a mobile shield, a server's crypto machine, a phone's secure element. SoftHSM has no SM2, so
//! this stands in for one, with the habits that real ones have: some take the message, some the digest e; some give DER, some
//! r ‖ s; and at any time one may say no, not answer, be locked, or have lost its key.

use std::collections::VecDeque;

use yinzheng::hash::HashAlg;
use yinzheng::sign::{SM2_DEFAULT_ID, SigAlg, SigningRequest, SoftwareKey, sm2_digest};
use yinzheng::{Error, ErrorCode, Result};

/// What the device takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takes {
    /// The message: the device puts Z before it, with its own user id, and hashes.
    Message,
    /// The digest e (SKF `ECCSignData`, SDF `InternalSign_ECC`, HUKS *NoDigest*): the host made Z and e.
    Digest,
}

/// What the device gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gives {
    /// `SEQUENCE { r, s }`, as GM/T 0009.
    Der,
    /// r ‖ s, 64 bytes.
    Raw,
}

/// What the device does at the next request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// It signs.
    Answers,
    /// The person says no on the device's screen.
    Declines,
    /// Nobody confirms in time.
    TimesOut,
    /// The device is locked after wrong PINs.
    Locked,
    /// The key was invalidated, for example after new fingerprints were enrolled.
    KeyGone,
    /// Its maker forgot Z: it signs SM3(message).
    ForgetsZ,
    /// It hashes the digest once more.
    HashesAgain,
    /// It writes s before r.
    SwapsHalves,
}

/// A device with one key.
pub struct Sm2Device {
    key: SoftwareKey,
    takes: Takes,
    gives: Gives,
    user_id: Vec<u8>,
    moods: VecDeque<Mood>,
    requests: usize,
}

impl Sm2Device {
    /// A device with a fresh key and the default user id.
    ///
    /// # Errors
    /// `RandomUnavailable`.
    pub fn new(takes: Takes, gives: Gives) -> Result<Self> {
        Ok(Self {
            key: SoftwareKey::generate(SigAlg::Sm2)?,
            takes,
            gives,
            user_id: SM2_DEFAULT_ID.to_vec(),
            moods: VecDeque::new(),
            requests: 0,
        })
    }

    /// The same device, set up with another user id. Only a device that takes messages uses it.
    #[must_use]
    pub fn with_user_id(mut self, id: &[u8]) -> Self {
        self.user_id = id.to_vec();
        self
    }

    /// The public key, with the default user id.
    pub fn public(&self) -> &yinzheng::sign::PublicKey {
        self.key.public()
    }

    /// What it will do at the next requests; after them it answers.
    pub fn will(&mut self, moods: &[Mood]) {
        self.moods.extend(moods);
    }

    /// How often it was asked.
    pub fn requests(&self) -> usize {
        self.requests
    }

    /// Asks for a signature. Each way to fail is an error of its own.
    ///
    /// # Errors
    /// `SignerDeclined`, `SignerTimedOut`, `SignerLocked`, `SignerKeyGone`; `InvalidArgument` for a request to another key.
    pub fn sign(&mut self, request: &SigningRequest) -> Result<Vec<u8>> {
        self.requests += 1;
        let refuse = |code, what: &str| Err(Error::new(code, format!("SM2 device: {what}")));
        if request.key().bytes() != self.key.public().bytes() {
            return refuse(ErrorCode::InvalidArgument, "the request is to another key");
        }
        let mood = self.moods.pop_front().unwrap_or(Mood::Answers);
        match mood {
            Mood::Declines => return refuse(ErrorCode::SignerDeclined, "declined on the screen"),
            Mood::TimesOut => return refuse(ErrorCode::SignerTimedOut, "nobody confirmed"),
            Mood::Locked => return refuse(ErrorCode::SignerLocked, "too many wrong PINs"),
            Mood::KeyGone => return refuse(ErrorCode::SignerKeyGone, "the key was invalidated"),
            _ => {}
        }
        let e = match mood {
            Mood::ForgetsZ => HashAlg::Sm3.digest(request.message()),
            Mood::HashesAgain => HashAlg::Sm3.digest(&self.digest(request)?),
            _ => self.digest(request)?,
        };
        let signature = self.key.sign_digest(&e)?;
        let mut raw = *signature.bytes();
        if mood == Mood::SwapsHalves {
            raw.rotate_left(32);
            return Ok(raw.to_vec());
        }
        Ok(match self.gives {
            Gives::Der => signature.to_der(),
            Gives::Raw => raw.to_vec(),
        })
    }

    fn digest(&self, request: &SigningRequest) -> Result<[u8; 32]> {
        let wrong = || Error::new(ErrorCode::InvalidArgument, "SM2 device: no SM2 request");
        match self.takes {
            Takes::Digest => request.sm2().map(|parts| parts.e).ok_or_else(wrong),
            Takes::Message => {
                let point = request.key().bytes().try_into().map_err(|_| wrong())?;
                let z = sm2_digest::z(point, &self.user_id)?;
                Ok(sm2_digest::e(&z, request.message()))
            }
        }
    }
}
