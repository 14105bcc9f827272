//! Verdicts and proofs.

use core::ffi::c_char;

use yinzheng_facade::{self as facade, BundleFrom};

use crate::bridge::{Error, Slice, run};
use crate::buffer::Buffer;

/// Verifies a proof 证据 (.yzp), over one ledger or several. What it finds is data: a verdict 核验结论 is given
/// for any bytes, also for those that cannot be read. policy is JSON (docs/verdicts.md), or empty: then
/// nothing is known from outside, and only integrity is checked. at_ms is the time that the verification is
/// declared to be made at, milliseconds since 1970. form: "json" (also when empty; the same evidence,
/// policy and time give the same bytes everywhere), "zh" or "en" for people.
///
/// - Gives: verdict (UTF-8).
/// - Errors: 101; 102 for another form; 107 for the policy.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_verify_proof(
    proof: *const u8,
    proof_len: usize,
    policy: *const c_char,
    policy_len: usize,
    at_ms: i64,
    form: *const c_char,
    form_len: usize,
    verdict: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let verdict = c.out(verdict);
            c.ready()?;
            verdict.give(facade::verify_proof(
                c.bytes("proof", proof, proof_len)?,
                c.text("policy", policy, policy_len)?,
                at_ms,
                c.text("form", form, form_len)?,
            )?);
            Ok(())
        })
    }
}

/// Verifies a sync bundle, every block and entry of it. Otherwise as yz_verify_proof.
///
/// - Gives: verdict (UTF-8).
/// - Errors: 101, 102, 107.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_verify_bundle(
    bundle: *const u8,
    bundle_len: usize,
    policy: *const c_char,
    policy_len: usize,
    at_ms: i64,
    form: *const c_char,
    form_len: usize,
    verdict: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let verdict = c.out(verdict);
            c.ready()?;
            verdict.give(facade::verify_bundle(
                BundleFrom::Bytes(c.bytes("bundle", bundle, bundle_len)?),
                c.text("policy", policy, policy_len)?,
                at_ms,
                c.text("form", form, form_len)?,
            )?);
            Ok(())
        })
    }
}

/// The same from a file, block by block.
///
/// - Gives: verdict (UTF-8).
/// - Errors: 101, 102, 107, 309; 601 when the file cannot be opened.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_verify_bundle_file(
    path: *const c_char,
    path_len: usize,
    policy: *const c_char,
    policy_len: usize,
    at_ms: i64,
    form: *const c_char,
    form_len: usize,
    verdict: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let verdict = c.out(verdict);
            c.ready()?;
            verdict.give(facade::verify_bundle(
                BundleFrom::File(c.text("path", path, path_len)?),
                c.text("policy", policy, policy_len)?,
                at_ms,
                c.text("form", form, form_len)?,
            )?);
            Ok(())
        })
    }
}

/// One proof out of several (at most 1,024), usually one of each ledger of a dossier 证据链.
///
/// - Gives: proof.
/// - Errors: 101, 104; 501 for one ledger with two heads; 3xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_proof_join(
    proofs: *const Slice,
    proofs_count: usize,
    proof: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let proof = c.out(proof);
            c.ready()?;
            proof.give(facade::proof_join(&c.list("proofs", proofs, proofs_count)?)?);
            Ok(())
        })
    }
}

/// The same proof with more values of one record shown. record is its digest ("sha256:…" or "sm3:…"),
/// disclosures a JSON array of disclosures in hex (yz_ledger_disclosures, yz_record_make).
///
/// - Gives: shown (a proof).
/// - Errors: 101; 407 for a value that opens nothing in the record; 501, 502, 3xx.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_proof_disclose(
    proof: *const u8,
    proof_len: usize,
    record: *const c_char,
    record_len: usize,
    disclosures: *const c_char,
    disclosures_len: usize,
    shown: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let shown = c.out(shown);
            c.ready()?;
            shown.give(facade::proof_disclose(
                c.bytes("proof", proof, proof_len)?,
                c.text("record", record, record_len)?,
                c.text("disclosures", disclosures, disclosures_len)?,
            )?);
            Ok(())
        })
    }
}

/// A proof out of pieces that the host keeps itself (detached sealing), in any order, all bytes in hex:
/// {"items":[{"entry","receipt", ?"disclosures":[]}],"profiles":[],"ledgers":[{"head",
/// ?"history":[{"height","path"}]}], ?"outside":[]}.
///
/// - Gives: proof.
/// - Errors: 101; 3xx for pieces that do not belong together.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_proof_assemble(
    request: *const c_char,
    request_len: usize,
    proof: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let proof = c.out(proof);
            c.ready()?;
            proof.give(facade::proof_assemble(c.text("request", request, request_len)?)?);
            Ok(())
        })
    }
}

/// The verification kit of a record (its digest) or of an entry ("<ledger id>/<sequence number>"): files
/// with which an expert checks every signature by openssl alone, [{"name","hex"}].
///
/// - Gives: reply (JSON).
/// - Errors: 101, 3xx, 401; 502 when the proof does not show it.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_proof_kit(
    proof: *const u8,
    proof_len: usize,
    about: *const c_char,
    about_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::proof_kit(
                c.bytes("proof", proof, proof_len)?,
                c.text("about", about, about_len)?,
            )?);
            Ok(())
        })
    }
}

/// A page for people who decide, made of a verdict (form "json"): one offline HTML file without script, or a
/// table. request: {"kind":"certificate"|"signing"|"list"|"list.csv"|"annex"|"receipt", "lang":"zh"|"en",
/// ?"full" (else values are masked), ?"number", ?"issuer", ?"applicant", ?"purpose",
/// ?"originals":[{"size","sha256","sm3"}]}; an annex takes "contract":{"size","sha256","sm3"}, a receipt
/// "record":"R-…". The same verdict and request give the same bytes. docs/evidence-in-court.md.
///
/// - Gives: page (UTF-8).
/// - Errors: 101; 102 for the kind or language; 104, 109 for the verdict; 401 in a build without pages; 407 for a
///   contract that no record holds; 502 for a record that it does not show or nobody signed.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_verdict_paper(
    verdict: *const u8,
    verdict_len: usize,
    request: *const c_char,
    request_len: usize,
    page: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let page = c.out(page);
            c.ready()?;
            page.give(facade::verdict_paper(
                c.bytes("verdict", verdict, verdict_len)?,
                c.text("request", request, request_len)?,
            )?);
            Ok(())
        })
    }
}

/// What a platform that takes digests into its chain wants to be told of a record (its digest) that the proof
/// shows, as JSON for the host to send. platform: "antchain", "esign", "btoe", "baidu", "bjca", "cmevi",
/// "p3211", "fisco" (docs/privacy.md). What it answers is kept by yz_ledger_attach as a platform's receipt.
///
/// - Gives: reply (JSON, with the values that the proof discloses where the platform takes some).
/// - Errors: 101 where the platform takes a party's signature and there is none; 102; 104 for more values than
///   it takes; 3xx; 502 when the proof does not show the record.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_proof_deposit(
    proof: *const u8,
    proof_len: usize,
    record: *const c_char,
    record_len: usize,
    platform: *const c_char,
    platform_len: usize,
    reply: *mut Buffer,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            let reply = c.out(reply);
            c.ready()?;
            reply.give(facade::proof_deposit(
                c.bytes("proof", proof, proof_len)?,
                c.text("record", record, record_len)?,
                c.text("platform", platform, platform_len)?,
            )?);
            Ok(())
        })
    }
}
