#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod diagnoses;
mod files;
mod keys;
mod messages;
mod requests;
mod signatures;

use super::*;
use crate::ErrorCode;
use crate::codec::{Item, MapBuilder};
use crate::hash::{HashAlg, hex};

/// Bytes written as hexadecimal of either case, with spaces.
fn bytes(text: &str) -> Vec<u8> {
    hex::decode(&text.replace([' ', '\n'], "").to_lowercase()).unwrap()
}

fn array<const N: usize>(text: &str) -> [u8; N] {
    bytes(text).try_into().unwrap()
}

fn key(alg: SigAlg) -> SoftwareKey {
    SoftwareKey::from_seed(alg, &[7; 32]).unwrap()
}

const P256_ORDER: &str = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
const SM2_ORDER: &str = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123";

fn order(alg: SigAlg) -> [u8; 32] {
    array(if alg == SigAlg::P256 { P256_ORDER } else { SM2_ORDER })
}

/// a − b, big-endian, for a ≥ b.
fn minus(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = 0i16;
    let mut out: Vec<u8> = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .map(|(a, b)| {
            let digit = i16::from(*a) - i16::from(*b) - borrow;
            borrow = i16::from(digit < 0);
            digit.rem_euclid(256) as u8
        })
        .collect();
    out.reverse();
    out
}

#[test]
fn algorithms_are_told_apart() {
    for alg in SigAlg::ALL {
        assert_eq!(SigAlg::from_cose_id(alg.cose_id()).unwrap(), alg);
        assert_eq!(SigAlg::from_name(alg.name()).unwrap(), alg);
        assert_eq!(alg.to_string(), alg.name());
    }
    // Fully specified numbers (RFC 9864), other ES algorithms, RSA.
    for id in [0, 8, -9, -19, -35, -37, -47, -257, -66_003, i64::MIN] {
        assert_eq!(SigAlg::from_cose_id(id).unwrap_err().code(), ErrorCode::UnsupportedAlgorithm);
    }
    for name in ["", "ed25519", "P256", "ES256", "SM3"] {
        assert_eq!(SigAlg::from_name(name).unwrap_err().code(), ErrorCode::UnsupportedAlgorithm);
    }
}
