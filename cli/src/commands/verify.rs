//! `yinzheng verify`: a proof, a bundle or a consistency proof, from the file alone and what the verifier brings along.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use yinzheng::codec::limits;
use yinzheng::hash::Digest;
use yinzheng::proof::ConsistencyProof;
use yinzheng::verify::{DeclaredTime, Policy, Status, Verdict, verify, verify_bundle};

use crate::args::{LedgerArg, Secrets};
use crate::failure::{Both, Exit, Failure, Result, io};
use crate::home::LedgerFiles;
use crate::output::{Done, Page, Pick, Screen, Tone, span};
use crate::{clock, files, home, verdict};

/// What to verify, against what.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A proof (.yzp), an evidence package (.zip), a bundle (.yzb) or a consistency proof (.yzc); `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What you know from outside the proof: ledgers, keys (JSON). Without it origin is not checked
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// In place of a policy: a ledger id that you know, as `yinzheng list` prints it, and whose it is
    #[arg(long, value_name = "ID=NAME", conflicts_with = "policy")]
    trust: Vec<String>,
    /// Time that the verification is declared to be made at; without it the system's clock
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Exit 3 unless these are proven: checks such as ledger.origin, heads such as lawfulness, or all
    #[arg(long, value_name = "CHECKS", value_delimiter = ',')]
    require: Vec<String>,
    /// For a consistency proof: the ledger whose keys signed the blocks
    #[command(flatten)]
    ledger: LedgerArg,
}

/// What an evidence package begins with, as every ZIP that is not empty.
const PACKAGE: &[u8] = b"PK\x03\x04";

/// Files of the format, told apart by their first bytes.
pub(crate) enum Kind {
    Proof,
    Bundle,
    Consistency,
}

impl Kind {
    /// What a file says it is. Anything that is nothing else is left to the proof's reader, which says what is wrong.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        // A map head, key 0, then the head of a text of fewer than 24 bytes.
        let is = |magic: &str| bytes.get(3..3 + magic.len()) == Some(magic.as_bytes());
        if is("yinzheng-bundle") {
            Kind::Bundle
        } else if is("yinzheng-consistency") {
            Kind::Consistency
        } else {
            Kind::Proof
        }
    }
}

/// Runs the command.
pub(crate) fn run(args: &VerifyArgs, screen: &Screen) -> Result<Done> {
    let policy = known(args.policy.as_deref(), &args.trust)?;
    let at = declared(args.at.as_deref())?;
    let verdict = match read(&args.file)? {
        Input::Package(file) => {
            return package(std::io::BufReader::new(file), &policy, at, args, screen);
        }
        Input::Whole(bytes) if bytes.starts_with(PACKAGE) => {
            return package(std::io::Cursor::new(bytes), &policy, at, args, screen);
        }
        Input::Whole(bytes) => match Kind::of(&bytes) {
            Kind::Bundle => verify_bundle(bytes.as_slice(), &policy, at),
            Kind::Consistency => return consistency(&bytes, args, screen),
            Kind::Proof => verify(&bytes, &policy, at),
        },
        Input::Stream(file) => {
            let size = file.metadata().ok().map(|data| data.len());
            let bar = screen.progress_bytes(size, screen.lang.pick("核验", "verifying"));
            let verdict = verify_bundle(bar.wrap_read(file), &policy, at);
            bar.finish_and_clear();
            verdict
        }
    };
    let open = open_requirements(&verdict, &args.require)?;
    let exit = exit_of(&verdict, &open);
    // The verdict is canonical: the same bytes for the same evidence, policy and declared time.
    let json: Value = serde_json::from_str(&verdict.to_json()).unwrap_or_default();
    Ok(Done { exit, json, page: page(args, &verdict, &open, screen) })
}

fn exit_of(verdict: &Verdict, open: &[String]) -> Exit {
    match (verdict.is_unreadable(), verdict.count(Status::Contradicted), open.is_empty()) {
        (true, _, _) => Exit::Input,
        (false, 0, true) => Exit::Fine,
        (false, 0, false) => Exit::NotProven,
        (false, _, _) => Exit::Contradicted,
    }
}

/// An evidence package: its files first, then the verdict on the proof in it.
fn package(
    source: impl std::io::Read + std::io::Seek,
    policy: &Policy,
    at: DeclaredTime,
    args: &VerifyArgs,
    screen: &Screen,
) -> Result<Done> {
    let checked = yinzheng::package::check(source, policy, at)
        .map_err(|error| Failure::from(error).at(&args.file))?;
    let open = open_requirements(&checked.verdict, &args.require)?;
    let bad = checked.files.iter().any(|file| file.outcome.is_bad());
    let unread: Vec<&str> = checked
        .files
        .iter()
        .filter(|file| file.outcome.is_open())
        .map(|file| file.path.as_str())
        .collect();
    let exit = match exit_of(&checked.verdict, &open) {
        Exit::Input => Exit::Input,
        _ if bad => Exit::Contradicted,
        // That a file was not compared is no finding that it is good.
        Exit::Fine if !unread.is_empty() => Exit::NotProven,
        exit => exit,
    };
    let mut page = page(args, &checked.verdict, &open, screen);
    super::package::files(&mut page, &checked, screen);
    let verdict: Value = serde_json::from_str(&checked.verdict.to_json()).unwrap_or_default();
    let files: Vec<Value> = checked
        .files
        .iter()
        .map(|file| json!({ "path": file.path, "outcome": file.outcome.name() }))
        .collect();
    let json = json!({
        "preset": checked.options.preset.name(), "files": files,
        "not_compared": unread, "originals_absent": checked.absent, "verdict": verdict,
    });
    Ok(Done { exit, json, page })
}

/// The policy in a file.
pub(super) fn read_policy(path: &Path) -> Result<Policy> {
    let json = files::read(path, yinzheng::verify::POLICY_BYTES)?;
    Policy::parse(&json).map_err(|error| Failure::from(error).at(path))
}

/// The time given, else the system's clock.
pub(super) fn declared(at: Option<&str>) -> Result<DeclaredTime> {
    let unix_ms = match at {
        Some(text) => clock::parse(text).map_err(|failure| failure.on(text))?,
        None => clock::now_ms(),
    };
    Ok(DeclaredTime { unix_ms })
}

/// The policy in the file, one that knows the ledgers named, or one that knows nobody.
pub(super) fn known(policy: Option<&Path>, trust: &[String]) -> Result<Policy> {
    if let Some(path) = policy {
        return read_policy(path);
    }
    if trust.is_empty() {
        return Ok(Policy::empty());
    }
    let mut ledgers = Vec::with_capacity(trust.len());
    for text in trust {
        let (id, name) = text.split_once('=').unwrap_or((text, text));
        let id: Digest = id.parse().map_err(|error| {
            Failure::from(error).on(text.clone()).next(Both::new(
                "请写 sha256:… 或 sm3:… 的账本编号，后面可加 =名称。",
                "Write the ledger id as sha256:… or sm3:…, with =NAME behind it if you like.",
            ))
        })?;
        let digits = yinzheng::hash::hex::encode(&id.bytes);
        ledgers.push(json!({"id": digits, "hash": id.alg.name(), "name": name}));
    }
    Ok(Policy::parse(json!({ "ledgers": ledgers }).to_string().as_bytes())?)
}

enum Input {
    Whole(Vec<u8>),
    /// A bundle may be larger than memory.
    Stream(std::fs::File),
    /// So may an evidence package that is a file.
    Package(std::fs::File),
}

fn read(path: &Path) -> Result<Input> {
    use std::io::{Read, Seek};
    if path == Path::new("-") {
        return files::read(path, limits::PROOF_BYTES).map(Input::Whole);
    }
    let failed = |error: std::io::Error| io(path, &error);
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let mut head = [0; 32];
    let got = file.read(&mut head).map_err(failed)?;
    file.rewind().map_err(failed)?;
    if head.starts_with(PACKAGE) {
        return Ok(Input::Package(file));
    }
    match Kind::of(head.get(..got).unwrap_or_default()) {
        Kind::Bundle => Ok(Input::Stream(file)),
        _ => files::read(path, limits::PROOF_BYTES).map(Input::Whole),
    }
}

/// Which requirements are not proven. A check that the verdict has no line of is not proven either.
fn open_requirements(verdict: &Verdict, required: &[String]) -> Result<Vec<String>> {
    let mut open = Vec::new();
    for name in required {
        let known = name == "all"
            || verdict::HEADS.contains(&name.as_str())
            || yinzheng::verify::check_name(name, yinzheng::value::Lang::En).is_some();
        if !known {
            return Err(Failure::input(
                Both::new("没有这项核验", "no such check"),
                Both::new(
                    "请写 all、authenticity、relevance、lawfulness，或 --json 输出中 lines 的 check 名。",
                    "Write all, authenticity, relevance, lawfulness, or a check as --json shows it under lines.",
                ),
            )
            .on(name.clone()));
        }
        let lines = verdict.lines.iter().filter(|line| {
            name == "all" || line.head == name.as_str() || line.check == name.as_str()
        });
        let mut any = false;
        let mut all_proven = true;
        for line in lines {
            any = true;
            all_proven &= line.status == Status::Proven;
        }
        if !any || !all_proven {
            open.push(name.clone());
        }
    }
    Ok(open)
}

fn page(args: &VerifyArgs, verdict: &Verdict, open: &[String], screen: &Screen) -> Page {
    let lang = screen.lang;
    let mut page = Page::new();
    if screen.verbose {
        for line in verdict.text(lang).lines() {
            page.line(line);
        }
    } else {
        page.line(span(args.file.display().to_string(), Tone::Bold));
        verdict::summary(&mut page, verdict, lang);
        verdict::records(&mut page, verdict, screen);
        verdict::heads(&mut page, verdict, lang);
        if !verdict.is_unreadable() {
            page.blank();
            page.line(span(
                lang.pick(
                    "字段值和每一行的全文：--verbose；机器可读：--json",
                    "values and every line in full: --verbose; for machines: --json",
                ),
                Tone::Dim,
            ));
        }
    }
    if args.policy.is_none() && args.trust.is_empty() && !verdict.is_unreadable() {
        page.paragraph(
            0,
            span("! ", Tone::Warn),
            lang.pick(
                "没有核验策略：不知道账本属于谁。请用 --policy 或 --trust 给出您从合同、网站等证明之外的渠道得知的账本编号。",
                "Without a policy nobody knows whose ledgers these are: give the ledger ids that you have from a contract or a web page, not from the proof, with --policy or --trust.",
            ),
            Tone::Plain,
        );
    }
    for name in open {
        page.line(span(
            lang.pick(
                format!("✗ 所要求的未证实：{name}"),
                format!("✗ required, but not proven: {name}"),
            ),
            Tone::Bad,
        ));
    }
    page
}

fn consistency(bytes: &[u8], args: &VerifyArgs, screen: &Screen) -> Result<Done> {
    let lang = screen.lang;
    let proof =
        ConsistencyProof::parse(bytes).map_err(|error| Failure::from(error).at(&args.file))?;
    let (older, newer) = (proof.older().header(), proof.newer().header());
    let signatures = match &args.ledger.ledger {
        None => None,
        Some(_) => {
            let ledger = home::open_reading(&LedgerFiles::of(&args.ledger)?, &Secrets::default())?;
            if ledger.id().bytes != newer.ledger_id {
                return Err(Failure::input(
                    Both::new("证明属于另一个账本", "the proof is of another ledger"),
                    Both::new("请检查 --ledger。", "Check --ledger."),
                )
                .at(&args.file));
            }
            proof.verify(ledger.head_state()?.keys())?;
            Some(true)
        }
    };
    let (a, b) = (older.height, newer.height);
    let mut page = Page::new();
    page.spans(vec![
        span("✓ ", Tone::Good),
        lang.pick(
            format!("区块 {a} 及其之前的全部区块，都在区块 {b} 的历史之中。"),
            format!("Block {a}, and all blocks before it, lie in the history of block {b}."),
        )
        .into(),
    ]);
    let signed = match signatures {
        Some(_) => (
            span("✓ ", Tone::Good),
            lang.pick(
                "两个区块的签名均为该账本当时有效的密钥所签。",
                "Both blocks are signed by the ledger's keys in force.",
            ),
        ),
        None => (
            span("– ", Tone::Warn),
            lang.pick(
                "签名未核验：用 --ledger 给出该账本或其副本。",
                "The signatures were not checked: name the ledger or a replica with --ledger.",
            ),
        ),
    };
    page.spans(vec![signed.0, signed.1.into()]);
    let json = json!({
        "ledger_id": yinzheng::hash::hex::encode(&newer.ledger_id),
        "older": a, "newer": b, "history": "PROVEN",
        "signatures": if signatures.is_some() { "PROVEN" } else { "NOT_CHECKED" },
    });
    Ok(Done::fine(json, page))
}
