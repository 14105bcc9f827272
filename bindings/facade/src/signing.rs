//! What a host gets to sign.

use serde_json::{Value, json};
use yinzheng::hash::hex;
use yinzheng::sign::PublicKey;

use crate::{json, words};

/// Bytes that wait for a signature, kept by the library under the ledger they belong to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToSign {
    /// The bytes to sign, in message form.
    pub to_be_signed: Vec<u8>,
    /// What they are, in JSON: with `key` (who must sign), `digest_to_sign` (hex: what a device that takes digests
    /// signs; `null` for Ed25519) and members of the call's own.
    pub info: Vec<u8>,
}

/// Bytes that wait for a signature, with the draft that the host keeps until then. A draft holds no secret and may be stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// Hand this in again with the signature.
    pub draft: Vec<u8>,
    /// What to sign.
    pub to_sign: ToSign,
}

impl ToSign {
    pub(crate) fn new(to_be_signed: Vec<u8>, key: &PublicKey, mut info: Value) -> Self {
        if let Some(members) = info.as_object_mut() {
            let digest = key.digest_to_sign(&to_be_signed).map(|digest| hex::encode(&digest));
            members.insert("digest_to_sign".into(), json!(digest));
            members.insert("key".into(), words::key_json(key));
        }
        Self { to_be_signed, info: json::reply(&info) }
    }
}
