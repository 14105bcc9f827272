//! Why a signature does not fit: the switches that signers set differently from what was asked, tried one by one.
//!
//! Between products, signatures break on a handful of switches: SM2 user id, Z, DER or raw, message or digest, the order
//! of bytes, and the key itself. Whoever integrates a shield or an HSM should read which one it was and not guess. A
//! diagnosis is advice to an engineer and never evidence.

use core::fmt;

use super::forms::{self, SignatureForm};
use super::inputs::{self, SignedInput};
use super::{PublicKey, Signature, recover};

/// What could be told about a signature that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Diagnosis {
    /// It fits as it is.
    Fits,
    /// It fits with these switches set otherwise.
    Switched(Switches),
    /// Nothing that was tried fits.
    Unknown {
        /// If the right bytes were signed in the right form, it was with one of these keys. Any two numbers lead to some
        /// keys, so this says something only when one of them is known. Empty for Ed25519, which has no recovery.
        recovered: Vec<PublicKey>,
    },
}

/// Switches of a signer; at least one is not as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switches {
    /// How the signature is written.
    pub form: SignatureForm,
    /// What was signed.
    pub input: SignedInput,
    /// The key that signed, where it is another of the given ones.
    pub other_key: Option<Box<PublicKey>>,
}

/// Why `given` is not a signature of `message` by `key` in a form that is accepted. Costs up to some hundred verifications.
pub fn diagnose(key: &PublicKey, message: &[u8], given: &[u8]) -> Diagnosis {
    diagnose_among(key, message, given, &[])
}

/// As [`diagnose`], for a caller who knows which other keys could have signed by mistake: an earlier ledger key, the
/// customer's key in place of the device's.
pub fn diagnose_among(
    key: &PublicKey,
    message: &[u8],
    given: &[u8],
    others: &[&PublicKey],
) -> Diagnosis {
    let forms = forms::readings(key.alg(), given);
    let inputs = inputs::candidates(key, message);
    for (form, signature) in &forms {
        for (input, tried) in &inputs {
            if tried.fits(key, signature) {
                return match (form, input) {
                    (SignatureForm::AsAsked, SignedInput::AsAsked) => Diagnosis::Fits,
                    _ => switched(*form, *input, None),
                };
            }
        }
    }
    for other in others {
        let found = by_other(other, message, given);
        if let Some((form, input)) = found {
            return switched(form, input, Some(Box::new((*other).clone())));
        }
    }
    let as_asked = forms.iter().find(|(form, _)| *form == SignatureForm::AsAsked);
    let recovered = as_asked.map(|(_, signature)| recover::keys(key, message, signature));
    Diagnosis::Unknown { recovered: recovered.unwrap_or_default() }
}

fn by_other(
    other: &PublicKey,
    message: &[u8],
    given: &[u8],
) -> Option<(SignatureForm, SignedInput)> {
    let signature = Signature::normalise(other.alg(), given).ok()?;
    let inputs = inputs::candidates(other, message);
    let (input, _) = inputs.iter().find(|(_, tried)| tried.fits(other, &signature))?;
    Some((SignatureForm::AsAsked, *input))
}

fn switched(
    form: SignatureForm,
    input: SignedInput,
    other_key: Option<Box<PublicKey>>,
) -> Diagnosis {
    Diagnosis::Switched(Switches { form, input, other_key })
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Diagnosis::Fits => f.write_str("it fits as it is"),
            Diagnosis::Switched(switches) => switches.fmt(f),
            Diagnosis::Unknown { recovered } if recovered.is_empty() => {
                f.write_str("no switch that was tried makes it fit: other bytes or another key")
            }
            Diagnosis::Unknown { recovered } => {
                let short = |key: &PublicKey| {
                    crate::hash::hex::encode(key.thumbprint().first_chunk::<8>().unwrap_or(&[0; 8]))
                };
                let keys: Vec<String> = recovered.iter().map(short).collect();
                write!(
                    f,
                    "no switch that was tried makes it fit: other bytes, or a key whose thumbprint starts with {}",
                    keys.join(" or ")
                )
            }
        }
    }
}

impl fmt::Display for Switches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        if self.form != SignatureForm::AsAsked {
            parts.push(self.form.says().to_owned());
        }
        if self.input != SignedInput::AsAsked {
            parts.push(self.input.says().to_owned());
        }
        if let Some(key) = &self.other_key {
            let alg = key.alg();
            parts.push(format!("it was made with another of the known keys ({alg})"));
        }
        f.write_str(&parts.join("; "))
    }
}
