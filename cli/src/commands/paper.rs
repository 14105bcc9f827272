//! `yinzheng paper`: certificates, the evidence list, a contract's annex and receipts, as files that a court prints.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;
use yinzheng::codec::limits;
use yinzheng::hash::TwinDigest;
use yinzheng::paper::{self, Certificate, PaperOptions, VERDICT_BYTES};
use yinzheng::verify::{DeclaredTime, Policy, verify};

use super::verify::{declared, known};
use crate::failure::{Both, Exit, Failure, Result, io};
use crate::files;
use crate::originals::Originals;
use crate::output::{Done, Page, Pick, Screen, Tone, span};

/// What to write, from what.
#[derive(Debug, Args)]
pub(crate) struct PaperArgs {
    /// What to write
    #[arg(value_enum)]
    kind: Kind,
    /// A proof (.yzp), which is verified, or a verdict in JSON, as `verify --json` gives it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// For the annex: the contract's file
    #[arg(long, value_name = "FILE", required_if_eq("kind", "annex"))]
    contract: Option<PathBuf>,
    /// For a receipt: the record that was signed
    #[arg(long, value_name = "R-…", required_if_eq("kind", "receipt"))]
    record: Option<String>,
    /// Folder with the originals that go with it; they are hashed
    #[arg(long, value_name = "DIR")]
    originals: Option<PathBuf>,
    /// Values in full; without it they are masked
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    names: Names,
    /// What you know from outside the proof: ledgers, keys (JSON). Without it origin is not checked
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// In place of a policy: a ledger id that you know, and whose it is
    #[arg(long, value_name = "ID=NAME", conflicts_with = "policy")]
    trust: Vec<String>,
    /// Time that the verification is declared to be made at; without it the system's clock
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// The file to write; a list that ends in .csv is a table, all else is HTML
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// Overwrite it
    #[arg(long)]
    force: bool,
}

/// What stands at the head of a page.
#[derive(Clone, Debug, Args)]
pub(crate) struct Names {
    /// Who issues it
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// Who asked for it, and in which standing
    #[arg(long, value_name = "NAME")]
    applicant: Option<String>,
    /// What for
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// The issuer's own number for it
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
}

impl Names {
    /// The options of a page.
    pub(crate) fn options(&self, lang: yinzheng::value::Lang, full: bool) -> PaperOptions {
        PaperOptions {
            full,
            issuer: self.issuer.clone(),
            applicant: self.applicant.clone(),
            purpose: self.purpose.clone(),
            number: self.number.clone(),
            ..PaperOptions::new(lang)
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// 存证证明: every record shown
    Certificate,
    /// 签约证明: what was signed, and by whom
    Signing,
    /// 证据目录, as HTML or CSV
    List,
    /// 合同附页: one page for a contract, when its file is the one that was sealed
    Annex,
    /// 签署回执: a signer's receipt for one record
    Receipt,
}

/// Runs the command.
pub(crate) fn run(args: &PaperArgs, screen: &Screen) -> Result<Done> {
    let mut options = args.names.options(screen.lang, args.full);
    if let Some(folder) = &args.originals {
        options.originals = Some(Originals::read(folder, screen)?.digests());
    }
    let verdict = verdict(args)?;
    let text = match args.kind {
        Kind::Certificate => paper::certificate(&verdict, Certificate::Preservation, &options),
        Kind::Signing => paper::certificate(&verdict, Certificate::Signing, &options),
        Kind::List if is_csv(&args.out) => paper::list_csv(&verdict, &options),
        Kind::List => paper::list_html(&verdict, &options),
        Kind::Annex => paper::annex(&verdict, &digest_of(args.contract.as_deref())?, &options),
        Kind::Receipt => {
            paper::receipt(&verdict, args.record.as_deref().unwrap_or_default(), &options)
        }
    };
    let text = text.map_err(|error| Failure::from(error).at(&args.file))?;
    files::write(&args.out, text.as_bytes(), args.force)?;
    let exit = exit_of(&verdict);
    let mut page = Page::new();
    page.line(span(args.out.display().to_string(), Tone::Bold));
    if exit != Exit::Fine {
        let note = screen.lang.pick(
            "核验结论中有相矛盾或无法读取之处，页面已写明。",
            "The verdict holds contradictions or could not be made; the page says so.",
        );
        page.paragraph(2, span("✗ ", Tone::Bad), note, Tone::Plain);
    }
    Ok(Done { exit, json: json!({ "file": args.out, "size": text.len() }), page })
}

/// The verdict: read, or made of the proof now.
fn verdict(args: &PaperArgs) -> Result<Vec<u8>> {
    let bytes = files::read(&args.file, VERDICT_BYTES.max(limits::PROOF_BYTES))?;
    if bytes.first() == Some(&b'{') {
        let told = args.policy.is_some() || !args.trust.is_empty() || args.at.is_some();
        return if told { Err(verified_already(&args.file)) } else { Ok(bytes) };
    }
    let policy: Policy = known(args.policy.as_deref(), &args.trust)?;
    let at: DeclaredTime = declared(args.at.as_deref())?;
    Ok(verify(&bytes, &policy, at).to_json().into_bytes())
}

/// A verdict was made with a policy and at a time: others would leave no trace on the page.
fn verified_already(path: &Path) -> Failure {
    Failure::input(
        Both::new(
            "核验结论不接受 --policy、--trust 和 --at",
            "a verdict takes no --policy, --trust or --at",
        ),
        Both::new(
            "核验结论已载明策略与时间：请去掉这些选项，或改为给出证明文件。",
            "It says with which policy and at what time it was made: leave them out, or give the proof.",
        ),
    )
    .at(path)
}

fn is_csv(path: &Path) -> bool {
    path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("csv"))
}

fn digest_of(path: Option<&Path>) -> Result<TwinDigest> {
    let Some(path) = path else {
        return Err(Failure::input(
            Both::new("缺少合同文件", "no contract"),
            Both::new(
                "请用 --contract 给出合同文件。",
                "Name the contract's file with --contract.",
            ),
        ));
    };
    let file = std::fs::File::open(path).map_err(|error| io(path, &error))?;
    TwinDigest::of_reader(file).map_err(|error| Failure::from(error).at(path))
}

/// As `verify` ends: a page over a contradiction is written, and its writer is told.
fn exit_of(verdict: &[u8]) -> Exit {
    let verdict: serde_json::Value = serde_json::from_slice(verdict).unwrap_or_default();
    match verdict.pointer("/summary/0/id").and_then(serde_json::Value::as_str) {
        Some("contradicted") => Exit::Contradicted,
        Some("unreadable") => Exit::Input,
        _ => Exit::Fine,
    }
}
