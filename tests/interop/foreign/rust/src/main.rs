//! Verification kits read by pask-wire, the strict reader of RFC 9942 receipts. It knows Ed25519 and SHA-256 only; other kits
//! must be refused.
//!
//! `cargo run -- KIT …`

#![forbid(unsafe_code)]

use std::path::Path;
use std::process::ExitCode;

use ed25519_dalek::VerifyingKey;
use ed25519_dalek::pkcs8::DecodePublicKey;
use pask_wire::{InspectionPolicy, InspectionStatus, inspect_scitt_receipt, verify_inclusion};

#[derive(Default)]
struct Counts {
    passed: u32,
    failed: u32,
}

impl Counts {
    fn expect(&mut self, what: &str, found: bool, expected: bool) {
        if found == expected {
            self.passed += 1;
        } else {
            self.failed += 1;
            println!("FAILED pask-wire: {what}: {found}");
        }
    }
}

/// Structure, claims and support all pass.
fn well_formed(receipt: &[u8]) -> bool {
    let policy = InspectionPolicy::default();
    let report = inspect_scitt_receipt(receipt, &policy);
    [&report.structure, &report.required_claims, &report.support, &report.selected_policy]
        .iter()
        .all(|finding| finding.status == InspectionStatus::Passed)
}

fn spoilt(bytes: &[u8]) -> Vec<u8> {
    let mut copy = bytes.to_vec();
    if let Some(last) = copy.last_mut() {
        *last ^= 1;
    }
    copy
}

fn kit(folder: &Path, counts: &mut Counts) -> std::io::Result<()> {
    let name = folder.display().to_string();
    let receipt = std::fs::read(folder.join("receipt.cbor"))?;
    let entry = std::fs::read(folder.join("entry.cbor"))?;
    let pem = std::fs::read_to_string(folder.join("block-key.pem"))?;
    let Ok(key) = VerifyingKey::from_public_key_pem(&pem) else {
        counts.expect(
            &format!("{name}: a receipt it does not support"),
            well_formed(&receipt),
            false,
        );
        return Ok(());
    };
    counts.expect(&format!("{name}: form"), well_formed(&receipt), true);
    let verify = |receipt: &[u8], entry: &[u8]| verify_inclusion(receipt, entry, &key).is_ok();
    counts.expect(&format!("{name}: receipt"), verify(&receipt, &entry), true);
    counts.expect(&format!("{name}: spoilt entry"), verify(&receipt, &spoilt(&entry)), false);
    counts.expect(&format!("{name}: spoilt receipt"), verify(&spoilt(&receipt), &entry), false);
    Ok(())
}

fn main() -> ExitCode {
    let mut counts = Counts::default();
    for folder in std::env::args_os().skip(1) {
        if let Err(error) = kit(Path::new(&folder), &mut counts) {
            println!("FAILED pask-wire: {error}");
            counts.failed += 1;
        }
    }
    println!("pask-wire: {} passed, {} failed", counts.passed, counts.failed);
    if counts.failed > 0 || counts.passed == 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
