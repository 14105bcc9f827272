//! SM2 breaks between products on four switches: user ID, Z, DER or raw, message or digest. When a signature does not
//! fit, the verdict names the switch that would have made it fit. It is a hint for the expert, never a proof.

use serde_json::{Value, json};

use super::words;
use crate::hash::HashAlg;
use crate::sign::{PublicKey, SM2_DEFAULT_ID, SigAlg, Signature, Strictness};

/// The id of the hint (see `hints` in `core/data/verdicts.json`), if one of the switches makes the signature fit.
pub(super) fn sm2(key: &PublicKey, message: &[u8], signature: &[u8]) -> Option<&'static str> {
    if key.alg() != SigAlg::Sm2 {
        return None;
    }
    let signature = Signature::from_outside(SigAlg::Sm2, signature).ok()?;
    let fits = |key: &PublicKey, message: &[u8]| {
        key.verify(message, &signature, Strictness::Outside).is_ok()
    };
    let digest = HashAlg::Sm3.digest(message);
    for (id, hint) in [(SM2_DEFAULT_ID, "sm2-default-id"), (b"", "sm2-empty-id")] {
        if key.clone().with_sm2_id(id).is_ok_and(|other| fits(&other, message)) {
            return Some(hint);
        }
    }
    if fits(key, &digest) {
        return Some("sm2-signed-digest");
    }
    key.verify_digest(&digest, &signature).is_ok().then_some("sm2-without-z")
}

/// The hint in words, with a space before it, as a pair for both languages; nothing without a hint.
pub(super) fn words(hint: Option<&'static str>) -> Value {
    match hint.and_then(|id| words::words().hints.get(id)) {
        Some(label) => json!({ "zh": label.zh, "en": label.en }),
        None => json!(""),
    }
}
