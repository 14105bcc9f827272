//! Which keys a signature would be by, if the right digest was signed: for a diagnosis only.

use p256::elliptic_curve::Group;
use p256::elliptic_curve::ops::{Invert, Reduce};
use p256::elliptic_curve::sec1::ToSec1Point;

use super::signature::{p256_signature, sm2_signature};
use super::{PublicKey, SigAlg, Signature};

/// Keys that verify `signature` over the digest that `key` would sign of `message`, two as a rule. For SM2 the digest
/// holds Z and thus `key`: what is found is a signer that took e from us and signed it with another key.
pub(super) fn keys(key: &PublicKey, message: &[u8], signature: &Signature) -> Vec<PublicKey> {
    let Some(digest) = key.digest_to_sign(message) else { return Vec::new() };
    match key.alg() {
        SigAlg::Ed25519 => Vec::new(),
        SigAlg::P256 => p256_keys(&digest, signature),
        SigAlg::Sm2 => sm2_keys(&digest, signature).unwrap_or_default(),
    }
}

fn p256_keys(digest: &[u8; 32], signature: &Signature) -> Vec<PublicKey> {
    let Ok(signature) = p256_signature(signature.bytes()) else { return Vec::new() };
    let recovered = (0..4).filter_map(|id| {
        let id = p256::ecdsa::RecoveryId::from_byte(id)?;
        let key = p256::ecdsa::VerifyingKey::recover_from_prehash(digest, &signature, id).ok()?;
        PublicKey::from_raw(SigAlg::P256, key.to_sec1_point(false).as_bytes()).ok()
    });
    recovered.collect()
}

/// GM/T 0003.2 §7.1 turned around: the point (x, y) with x = r − e is s·G + (r + s)·P. That x may stand for x + n too
/// happens once in 2^128 times and is passed over.
fn sm2_keys(digest: &[u8; 32], signature: &Signature) -> Option<Vec<PublicKey>> {
    let signature = sm2_signature(signature.bytes()).ok()?;
    let (r, s) = signature.split_scalars();
    let (r, s) = (*r, *s);
    let e = <sm2::Scalar as Reduce<sm2::FieldBytes>>::reduce(&(*digest).into());
    let x: [u8; 32] = (r - e).to_bytes().into();
    let inverse = Option::<sm2::Scalar>::from(Invert::invert(&(r + s)))?;
    let keys = [2, 3].into_iter().filter_map(|sign| {
        let point = sm2::PublicKey::from_sec1_bytes(&[&[sign], x.as_slice()].concat()).ok()?;
        let key = (point.to_projective() - sm2::ProjectivePoint::generator() * s) * inverse;
        let key = sm2::PublicKey::from_affine(key.into()).ok()?;
        PublicKey::from_raw(SigAlg::Sm2, key.to_sec1_point(false).as_bytes()).ok()
    });
    Some(keys.collect())
}
