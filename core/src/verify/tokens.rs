//! Timestamp tokens: whose they are, and of what time.

use serde_json::{Value, json};

use super::case::Case;
#[cfg(feature = "x509")]
use super::lines::time_text;
use super::words::Say;
use crate::anchor::OutsideKind;
use crate::hash::Digest;

/// How a token came out, whatever it is attached to.
pub(super) struct TokenShown {
    pub(super) outcome: Outcome,
    pub(super) facts: Value,
}

// Which of them there are depends on whether this build looks.
#[allow(dead_code)]
pub(super) enum Outcome {
    /// This build does not look.
    NotChecked,
    /// No token with one signer who signs what he must.
    Unreadable,
    /// Nothing leads to an authority of the policy, at the token's time.
    Unknown,
    /// An authority of the policy, but not its signature.
    Forged,
    /// It holds.
    Holds(Stamped),
}

/// A token that holds.
pub(super) struct Stamped {
    /// The authority's name in the policy.
    pub(super) by: String,
    /// Fingerprint of the anchor.
    pub(super) anchor: [u8; 32],
    pub(super) earliest_ms: i64,
    pub(super) latest_ms: i64,
    /// Whether revocation data given says that nothing in its chain was revoked.
    pub(super) unrevoked: bool,
}

impl TokenShown {
    /// What a line says of a token about a target that is shown; `fits` is whether the imprint is the target's.
    pub(super) fn say(&self, fits: Option<bool>) -> Say {
        match (&self.outcome, fits) {
            (Outcome::NotChecked, _) => Say::OutsideTokenNotChecked,
            (_, Some(false)) => Say::OutsideTokenContradictedImprint,
            (Outcome::Unreadable, _) => Say::OutsideTokenNotProvenForm,
            (Outcome::Unknown, _) => Say::OutsideTokenNotProvenAuthority,
            (Outcome::Forged, _) => Say::OutsideTokenContradictedSignature,
            (Outcome::Holds(_), None) => Say::OutsideTokenNotProvenForm,
            (Outcome::Holds(stamped), Some(true)) => match stamped.unrevoked {
                true => Say::OutsideTokenProvenUnrevoked,
                false => Say::OutsideTokenProven,
            },
        }
    }
}

/// The attached token with this digest.
pub(super) fn attached<'c>(case: &'c Case<'_>, token: &Digest) -> Option<&'c TokenShown> {
    let words = case.reading.proof.outside.iter().zip(&case.tokens);
    words
        .filter(|(word, _)| word.kind == OutsideKind::TimestampToken)
        .find(|(word, _)| Digest::of(token.alg, &word.bytes) == *token)
        .and_then(|(_, shown)| shown.as_ref())
}

/// How a token comes out.
#[cfg(feature = "x509")]
pub(super) fn look(case: &Case<'_>, bytes: &[u8]) -> TokenShown {
    use super::certificate::described;
    use crate::anchor::Timestamp;
    use crate::error::{Error, ErrorCode};

    let failed = |outcome: Outcome, facts: Value, error: &Error| {
        let mut facts = facts;
        if let Value::Object(facts) = &mut facts {
            facts.insert("where".to_owned(), json!(error.context()));
            facts.insert("error".to_owned(), json!(error.number()));
        }
        TokenShown { outcome, facts }
    };
    let token = match Timestamp::parse(bytes) {
        Ok(token) => token,
        Err(error) => return failed(Outcome::Unreadable, json!({}), &error),
    };
    let mut facts = json!({
        "time": time_text(token.time_ms(), 0),
        "time_ms": token.time_ms(),
        "accuracy_ms": token.accuracy_ms(),
        "imprint": format!("{}:{}", token.imprint().hash(), token.imprint().hex()),
        "serial": token.serial(),
        "policy": token.policy(),
    });
    let authorities = case.policy.timestamp_authorities();
    match token.verify(&authorities.trust) {
        Ok(stamp) => {
            if let Value::Object(facts) = &mut facts {
                facts.insert("by".to_owned(), json!(authorities.names.get(stamp.chain.anchor)));
                facts.insert("certificate".to_owned(), described(&stamp.certificate));
            }
            let anchor = authorities.trust.anchors.get(stamp.chain.anchor);
            let stamped = Stamped {
                by: authorities.names.get(stamp.chain.anchor).cloned().unwrap_or_default(),
                anchor: anchor.map(|anchor| anchor.fingerprint()).unwrap_or_default(),
                earliest_ms: token.earliest_ms(),
                latest_ms: token.latest_ms(),
                unrevoked: stamp.chain.revocation_checked,
            };
            TokenShown { outcome: Outcome::Holds(stamped), facts }
        }
        Err(error) => {
            let outcome = match error.code() {
                ErrorCode::SignatureMismatch | ErrorCode::DigestMismatch => Outcome::Forged,
                _ => Outcome::Unknown,
            };
            failed(outcome, facts, &error)
        }
    }
}

/// This build reads no tokens.
#[cfg(not(feature = "x509"))]
pub(super) fn look(_: &Case<'_>, _: &[u8]) -> TokenShown {
    TokenShown { outcome: Outcome::NotChecked, facts: json!({}) }
}

/// Whether the imprint in a token is of these bytes; `None` where that cannot be told.
pub(super) fn fits(token: &[u8], target: &[u8]) -> Option<bool> {
    #[cfg(feature = "x509")]
    return crate::anchor::imprint_fits(token, target);
    #[cfg(not(feature = "x509"))]
    {
        let _ = (token, target);
        None
    }
}
