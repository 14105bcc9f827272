//! COSE_Sign1 (RFC 9052 §4.2), always tagged 18.

use core::fmt;

use crate::codec::{Item, Writer, limits};
use crate::{Error, ErrorCode, Result};

/// The tag of a COSE_Sign1.
pub const TAG_SIGN1: u64 = 18;

/// A signed message, with the protected header as the exact bytes that were received: they are signed, and
/// are never written again. What stands in the headers is for others to read.
#[derive(Clone, PartialEq, Eq)]
pub struct Sign1 {
    /// Content of the protected byte string.
    pub protected: Vec<u8>,
    /// The unprotected map, encoded. `a0` is the empty one.
    pub unprotected: Vec<u8>,
    /// The payload; `None` when it is detached (`null`).
    pub payload: Option<Vec<u8>>,
    /// The signature as it stands in the message.
    pub signature: Vec<u8>,
}

const EMPTY_MAP: &[u8] = &[0xa0];

impl Sign1 {
    /// A message with an empty unprotected map.
    pub fn new(protected: Vec<u8>, payload: Option<Vec<u8>>, signature: Vec<u8>) -> Self {
        Self { protected, unprotected: EMPTY_MAP.to_vec(), payload, signature }
    }

    /// Reads a tagged message of at most 65,535 bytes.
    ///
    /// Errors: as [`Item::parse`] and [`Sign1::parse_item`].
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        Self::parse_item(Item::parse(bytes, limits::ENTRY_BYTES)?)
    }

    /// Reads a tagged message. Errors: [`ErrorCode::WrongType`]; [`ErrorCode::TooLarge`] for a protected header
    /// above 32 KiB or a signature above 8 KiB.
    pub fn parse_item(item: Item<'_>) -> Result<Self> {
        let [protected, unprotected, payload, signature] = item
            .tagged(TAG_SIGN1)
            .and_then(|message| message.array_n::<4>())
            .map_err(|error| error.within("COSE_Sign1"))?;
        let (protected, signature) = (protected.bstr()?, signature.bstr()?);
        unprotected.map()?;
        if protected.len() > limits::HEADER_BYTES || signature.len() > limits::SIGNATURE_BYTES {
            return Err(Error::new(ErrorCode::TooLarge, "protected header or signature"));
        }
        Ok(Self {
            protected: protected.to_vec(),
            unprotected: unprotected.bytes().to_vec(),
            payload: if payload.is_null() { None } else { Some(payload.bstr()?.to_vec()) },
            signature: signature.to_vec(),
        })
    }

    /// Writes the message: `d2 84 …`.
    pub fn encode(&self) -> Vec<u8> {
        self.with_unprotected(&self.unprotected)
    }

    /// The message with an empty unprotected map: what is a leaf, and what outsiders stamp.
    pub fn sealed(&self) -> Vec<u8> {
        self.with_unprotected(EMPTY_MAP)
    }

    fn with_unprotected(&self, unprotected: &[u8]) -> Vec<u8> {
        let payload = self.payload.as_deref();
        let room = self.protected.len() + unprotected.len() + self.signature.len();
        let mut w = Writer::with_capacity(room + payload.map_or(0, <[u8]>::len) + 16);
        w.tag(TAG_SIGN1).array(4).bstr(&self.protected).raw(unprotected);
        match payload {
            Some(payload) => w.bstr(payload),
            None => w.null(),
        };
        w.bstr(&self.signature).finish()
    }

    /// Whether the unprotected map is empty.
    pub fn is_sealed(&self) -> bool {
        self.unprotected == EMPTY_MAP
    }

    /// The bytes that were signed, over this message's own payload or a detached one. Both at once or neither
    /// is [`ErrorCode::InvalidArgument`].
    pub fn to_be_signed(&self, detached: Option<&[u8]>) -> Result<Vec<u8>> {
        match (self.payload.as_deref(), detached) {
            (Some(payload), None) | (None, Some(payload)) => {
                Ok(sig_structure(&self.protected, payload))
            }
            _ => Err(Error::new(
                ErrorCode::InvalidArgument,
                "a payload, attached or detached, not both",
            )),
        }
    }
}

impl fmt::Debug for Sign1 {
    /// Lengths only: the payload may hold a record.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let payload = self.payload.as_ref().map(Vec::len);
        write!(f, "Sign1(header {} bytes, payload {payload:?} bytes)", self.protected.len())
    }
}

/// What a COSE_Sign1 signs: `["Signature1", protected, h'', payload]` (RFC 9052 §4.4), external aad empty.
pub fn sig_structure(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut w = Writer::with_capacity(protected.len() + payload.len() + 24);
    w.array(4).text("Signature1").bstr(protected).bstr(&[]).bstr(payload).finish()
}
