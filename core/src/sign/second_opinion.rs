//! A second opinion on signatures and digests, for a court that asks for one (feature `second-opinion`).
//!
//! Other people's code computes the same again: `ring` for Ed25519, P-256 and SHA-256, `libsm` for SM2 and SM3. It never has
//! the only word: strictness (low s, canonical points, r + s ≠ n) is decided by the first implementation, and what the two
//! do not agree on is not proven. `docs/keys.md` says what was thought of these crates, and what they cost.

use libsm::sm2::signature::{SigCtx, Signature as TheirSignature};
use libsm::sm3::hash::Sm3Hash;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey};

use super::{PublicKey, SigAlg, Signature, Strictness, sm2_digest};
use crate::hash::HashAlg;

/// What two implementations say about one thing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Agreement {
    /// Both say that it fits.
    BothFit,
    /// Both say that it does not.
    NeitherFits,
    /// They differ.
    Differ,
}

impl Agreement {
    fn of(first: bool, second: bool) -> Self {
        match (first, second) {
            (true, true) => Agreement::BothFit,
            (false, false) => Agreement::NeitherFits,
            _ => Agreement::Differ,
        }
    }
}

/// The names of the two implementations for signatures of an algorithm: first and second.
pub fn implementations(alg: SigAlg) -> [&'static str; 2] {
    match alg {
        SigAlg::Ed25519 => ["ed25519-dalek", "ring"],
        SigAlg::P256 => ["p256", "ring"],
        SigAlg::Sm2 => ["sm2, sm3", "libsm"],
    }
}

/// Verifies a signature with both. A high s of P-256 is no difference: it is a rule of form, not of mathematics.
pub fn verify(key: &PublicKey, message: &[u8], signature: &Signature) -> Agreement {
    let first = key.verify(message, signature, Strictness::Outside).is_ok();
    Agreement::of(first, second_verify(key, message, signature))
}

/// Computes a digest with the second implementation and compares.
pub fn digest(alg: HashAlg, bytes: &[u8]) -> Agreement {
    Agreement::of(true, alg.digest(bytes) == second_digest(alg, bytes))
}

/// The digest as the second implementation computes it.
pub fn second_digest(alg: HashAlg, bytes: &[u8]) -> [u8; 32] {
    match alg {
        HashAlg::Sha256 => {
            let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
            digest.as_ref().try_into().unwrap_or_default()
        }
        HashAlg::Sm3 => Sm3Hash::new(bytes).get_hash(),
    }
}

fn second_verify(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    if signature.alg() != key.alg() {
        return false;
    }
    match key.alg() {
        SigAlg::Ed25519 => {
            UnparsedPublicKey::new(&ED25519, key.bytes()).verify(message, signature.bytes()).is_ok()
        }
        SigAlg::P256 => {
            let point = [&[4], key.bytes()].concat();
            let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
            key.verify(message, signature.bytes()).is_ok()
        }
        SigAlg::Sm2 => second_sm2(key, message, signature).unwrap_or_default(),
    }
}

fn second_sm2(key: &PublicKey, message: &[u8], signature: &Signature) -> Option<bool> {
    let context = SigCtx::new();
    let point = context.load_pubkey(&[&[4], key.bytes()].concat()).ok()?;
    let id = key.sm2_id()?;
    // Z and e are theirs too, except for user ids that are no text, which their interface does not take.
    let e = match core::str::from_utf8(id) {
        Ok(id) => context.hash(id, &point, message).ok()?,
        Err(_) => {
            let z =
                second_digest(HashAlg::Sm3, &sm2_digest::z_input(key.bytes().try_into().ok()?, id));
            second_digest(HashAlg::Sm3, &[&z, message].concat())
        }
    };
    let (r, s) = signature.bytes().split_at(32);
    context.verify_raw(&e, &point, &TheirSignature::new(r, s)).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use crate::sign::SoftwareKey;

    fn key(alg: SigAlg, seed: u8) -> SoftwareKey {
        SoftwareKey::from_seed(alg, &[seed; 32]).unwrap()
    }

    #[test]
    fn the_two_agree_on_what_fits() {
        for alg in SigAlg::ALL {
            for seed in 1..20 {
                let key = key(alg, seed);
                let message = vec![seed; usize::from(seed) * 37];
                let signature = key.sign(&message).unwrap();
                assert_eq!(verify(key.public(), &message, &signature), Agreement::BothFit);
            }
        }
        for id in [&b""[..], b"ALICE123@YAHOO.COM", "张三".as_bytes(), &[0xff; 3], &[b'x'; 8191]]
        {
            let key = key(SigAlg::Sm2, 1).with_sm2_id(id).unwrap();
            let signature = key.sign(b"m").unwrap();
            assert_eq!(verify(key.public(), b"m", &signature), Agreement::BothFit, "{id:?}");
        }
    }

    #[test]
    fn the_two_agree_on_what_does_not() {
        for alg in SigAlg::ALL {
            let (ours, other) = (key(alg, 1), key(alg, 2));
            let signature = ours.sign(b"message").unwrap();
            let neither = |key: &PublicKey, message: &[u8], signature: &Signature| {
                assert_eq!(verify(key, message, signature), Agreement::NeitherFits, "{alg}");
            };
            neither(ours.public(), b"messagf", &signature);
            neither(other.public(), b"message", &signature);
            for bit in 0..512 {
                let mut flipped = *signature.bytes();
                flipped[bit / 8] ^= 1 << (bit % 8);
                if let Ok(flipped) = Signature::from_outside(alg, &flipped) {
                    neither(ours.public(), b"message", &flipped);
                }
            }
            for foreign in SigAlg::ALL.into_iter().filter(|foreign| *foreign != alg) {
                neither(key(foreign, 1).public(), b"message", &signature);
            }
        }
        let named = key(SigAlg::Sm2, 1).with_sm2_id(b"a").unwrap();
        let signature = named.sign(b"m").unwrap();
        let neither = verify(key(SigAlg::Sm2, 1).public(), b"m", &signature);
        assert_eq!(neither, Agreement::NeitherFits, "another user id");
    }

    #[test]
    fn the_two_agree_on_digests() {
        for alg in [HashAlg::Sha256, HashAlg::Sm3] {
            for len in (0..200).chain([1_000, 65_535]) {
                let bytes: Vec<u8> = (0..len).map(|at| (at * 31 % 251) as u8).collect();
                assert_eq!(digest(alg, &bytes), Agreement::BothFit, "{alg:?} {len}");
            }
        }
    }

    #[test]
    fn a_difference_shows() {
        assert_eq!(Agreement::of(true, false), Agreement::Differ);
        assert_eq!(Agreement::of(false, true), Agreement::Differ);
    }
}
