//! Pages for people who decide, made of a verdict's JSON: certificates, the evidence list, a contract's annex, receipts.

#[cfg(feature = "paper")]
mod wire;

#[cfg(feature = "paper")]
use self::wire::make;
use crate::failure::Outcome;
use crate::guard;

/// A page out of a verdict (`json`, as [`crate::verify_proof`] gives it): one offline HTML file, or a table. `request`:
/// `{"kind":"certificate"|"signing"|"list"|"list.csv"|"annex"|"receipt", "lang":"zh"|"en", ?"full", ?"number", ?"issuer", ?"applicant",
/// ?"purpose", ?"originals":[{"size","sha256","sm3"}]}`; an annex names its `"contract":{"size","sha256","sm3"}`, a receipt its
/// `"record":"R-…"`. Values are masked unless `full`. The same verdict and request give the same bytes.
///
/// # Errors
/// `UnknownName` for another kind or language, `InvalidArgument`, `InvalidVerdict`, `LimitExceeded`; `NotFound` for a record that the
/// verdict does not show or nobody signed, `DigestMismatch` for a contract that no record holds; `UnsupportedAlgorithm` in a build
/// without pages.
pub fn verdict_paper(verdict: &[u8], request: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("verdict_paper", || make(verdict, request))
}

#[cfg(not(feature = "paper"))]
fn make(_: &[u8], _: &[u8]) -> yinzheng::Result<Vec<u8>> {
    Err(yinzheng::Error::new(
        yinzheng::ErrorCode::UnsupportedAlgorithm,
        "this build makes no pages",
    ))
}
