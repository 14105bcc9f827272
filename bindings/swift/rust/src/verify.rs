//! Verifying, proofs, profiles, and public keys.

use yinzheng_facade as facade;
use yinzheng_facade::BundleFrom;

use crate::bridge::Outcome;

#[uniffi::export]
pub(crate) fn key_describe(key: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::key_describe(key)?)
}

#[uniffi::export]
pub(crate) fn profile_list() -> Outcome<Vec<u8>> {
    Ok(facade::profile_list()?)
}

#[uniffi::export]
pub(crate) fn profile_load(file: &[u8]) -> Outcome<u64> {
    Ok(facade::profile_load(file)?)
}

#[uniffi::export]
pub(crate) fn profile_describe(profile: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::profile_describe(profile)?)
}

#[uniffi::export]
pub(crate) fn profile_file(profile: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::profile_file(profile)?)
}

#[uniffi::export]
pub(crate) fn profile_read(profile: &[u8], message: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::profile_read(profile, message)?)
}

#[uniffi::export]
pub(crate) fn value_read(field_type: &[u8], text: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::value_read(field_type, text)?)
}

#[uniffi::export]
pub(crate) fn proof_join(proofs: Vec<Vec<u8>>) -> Outcome<Vec<u8>> {
    let proofs: Vec<&[u8]> = proofs.iter().map(Vec::as_slice).collect();
    Ok(facade::proof_join(&proofs)?)
}

#[uniffi::export]
pub(crate) fn proof_disclose(proof: &[u8], record: &[u8], disclosures: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::proof_disclose(proof, record, disclosures)?)
}

#[uniffi::export]
pub(crate) fn proof_kit(proof: &[u8], about: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::proof_kit(proof, about)?)
}

#[uniffi::export]
pub(crate) fn proof_deposit(proof: &[u8], record: &[u8], platform: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::proof_deposit(proof, record, platform)?)
}

#[uniffi::export]
pub(crate) fn proof_assemble(request: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::proof_assemble(request)?)
}

#[uniffi::export]
pub(crate) fn verdict_paper(verdict: &[u8], request: &[u8]) -> Outcome<Vec<u8>> {
    Ok(facade::verdict_paper(verdict, request)?)
}

#[uniffi::export]
pub(crate) fn verify_proof(
    proof: &[u8],
    policy: &[u8],
    at_ms: i64,
    form: &[u8],
) -> Outcome<Vec<u8>> {
    Ok(facade::verify_proof(proof, policy, at_ms, form)?)
}

#[uniffi::export]
pub(crate) fn verify_bundle(
    bundle: &[u8],
    policy: &[u8],
    at_ms: i64,
    form: &[u8],
) -> Outcome<Vec<u8>> {
    Ok(facade::verify_bundle(BundleFrom::Bytes(bundle), policy, at_ms, form)?)
}

#[uniffi::export]
pub(crate) fn verify_bundle_file(
    file: &[u8],
    policy: &[u8],
    at_ms: i64,
    form: &[u8],
) -> Outcome<Vec<u8>> {
    Ok(facade::verify_bundle(BundleFrom::File(file), policy, at_ms, form)?)
}
