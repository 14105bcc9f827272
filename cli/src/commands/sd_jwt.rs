//! `yinzheng sd-jwt`: the values that a proof discloses of a record, as an SD-JWT (RFC 9901) that the issuer signs.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use yinzheng::codec::limits;
use yinzheng::export::{SdJwtDraft, SdJwtTerms};
use yinzheng::proof::Proof;
use yinzheng::sign::PublicKey;

use super::export::{not_in_proof, record_in};
use super::verify::declared;
use crate::failure::{Failure, Result};
use crate::keyfile::{self, KeyFiles};
use crate::output::{Done, Page, Pick, Screen, Tone, span};
use crate::target::{self, Name};
use crate::{clock, files};

/// Of what, by whom.
#[derive(Debug, Args)]
pub(crate) struct SdJwtArgs {
    /// The record R-…
    #[arg(value_name = "R-…")]
    record: String,
    /// The proof that shows it; each value that it discloses becomes a claim
    #[arg(long, value_name = "FILE.yzp")]
    proof: PathBuf,
    /// The issuer's key: NAME.key.pem of P-256 or Ed25519
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// File with the key's passphrase; else $YINZHENG_PASSPHRASE, else the file beside the key
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// The issuer, as a URI
    #[arg(long, value_name = "URI")]
    issuer: String,
    /// A holder's public key (PEM) that the text is bound to
    #[arg(long, value_name = "FILE")]
    holder: Option<PathBuf>,
    /// Until when it is to be taken; some verifiers take none without it
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
    /// Time of issue; without it the system's clock
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// Overwrite it
    #[arg(long)]
    force: bool,
}

/// Runs the command.
pub(crate) fn run(args: &SdJwtArgs, screen: &Screen) -> Result<Done> {
    let proof = Proof::parse(&files::read(&args.proof, limits::PROOF_BYTES)?);
    let proof = proof.map_err(|error| Failure::from(error).at(&args.proof))?;
    let record = match target::parse(&args.record)? {
        Name::Number(number) => record_in(&proof, &number)?,
        Name::Sequence(_) | Name::Block(_) => None,
    };
    let record = record.ok_or_else(|| not_in_proof(&args.record))?;
    let holder = match &args.holder {
        None => None,
        Some(path) => {
            let pem = files::read_text(path, keyfile::KEY_FILE_BYTES)?;
            let read = PublicKey::from_spki_pem(&pem);
            Some(read.map_err(|error| Failure::from(error).at(path))?)
        }
    };
    let key = keyfile::open(&KeyFiles::of_key(&args.key), args.passphrase_file.as_deref())?;
    let at = clock::seconds(declared(args.at.as_deref())?.unix_ms);
    let expires = args.expires.as_deref().map(clock::parse).transpose()?;
    let terms = SdJwtTerms {
        issuer: args.issuer.clone(),
        issued_at: at,
        expires_at: expires.map(clock::seconds),
        holder,
    };
    let draft = SdJwtDraft::new(&proof, &record, key.public(), &terms)?;
    let text = draft.finish(key.sign(draft.signing_request().message())?.bytes())?;
    files::write(&args.out, text.as_bytes(), args.force)?;
    let claims = text.matches('~').count().saturating_sub(1);
    let lang = screen.lang;
    let mut page = Page::new();
    page.line(span(
        lang.pick(
            format!("已签发 SD-JWT：{claims} 项声明"),
            format!("issued an SD-JWT: {claims} claims"),
        ),
        Tone::Bold,
    ));
    page.line(format!("  {}", args.out.display()));
    page.paragraph(
        2,
        span("", Tone::Plain),
        lang.pick(
            "这是签发者对该记录的声明，本身不是证据；何时封存了什么，以证明为准。",
            "It is the issuer's word about the record, no evidence by itself: what was sealed when stands in the proof.",
        ),
        Tone::Dim,
    );
    Ok(Done::fine(json!({ "file": args.out, "size": text.len(), "claims": claims }), page))
}
