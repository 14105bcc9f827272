//! `yinzheng package`: evidence packages, one or a thousand.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use yinzheng::codec::limits;
use yinzheng::ledger::{Ledger, ProofHead};
use yinzheng::package::{AUDIENCE, Checked, Outcome, PackageOptions, Preset, Written, write};
use yinzheng::verify::{Policy, Status};

use super::paper::Names;
use super::prove::{open, proof_of};
use super::verify::{declared, known};
use crate::args::Secrets;
use crate::failure::{Both, Exit, Failure, Result, io};
use crate::originals::Originals;
use crate::output::{Done, Page, Pick, Screen, Tone, program, span};
use crate::values::{self, Choice};
use crate::{files, target};

mod index;
mod list;

/// What to pack, for whom.
#[derive(Debug, Args)]
pub(crate) struct PackageArgs {
    /// Dossiers D-… or records R-…; all of them go into one package
    #[arg(value_name = "WHAT", required_unless_present_any = ["proof", "list"])]
    what: Vec<String>,
    /// Pack this proof instead of making one
    #[arg(long, value_name = "FILE.yzp", conflicts_with_all = ["what", "list"])]
    proof: Option<PathBuf>,
    /// One package for every dossier in this file, a number a line; `--out` is a folder then
    #[arg(long, value_name = "FILE", conflicts_with = "what")]
    list: Option<PathBuf>,
    /// Whom it is for
    #[arg(long = "for", value_enum, value_name = "WHOM")]
    preset: PresetArg,
    /// A ledger; give it again for each ledger that a dossier spans, or name a folder with all of them
    #[arg(long, value_name = "PATH")]
    ledger: Vec<PathBuf>,
    /// Folder with the originals of attachments
    #[arg(long, value_name = "DIR")]
    originals: Option<PathBuf>,
    /// Values that the proof discloses; without it what the reader's audience is shown
    #[arg(long, value_name = "WHICH")]
    disclose: Option<String>,
    /// The block that the proof leads to: newest, witnessed (the newest with a timestamp or countersignature), or its height
    #[arg(long, value_name = "WHICH", default_value = "newest", conflicts_with = "proof")]
    head: ProofHead,
    /// Values on the pages in full; without it they are masked
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    names: Names,
    /// The policy that the pages are made with; it goes into the package
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Time that the verification is declared to be made at; without it the system's clock
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// The package, or with `--list` the folder of packages
    #[arg(short, long, value_name = "PATH")]
    out: PathBuf,
    /// Overwrite it; with `--list` make packages again that are there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    secrets: Secrets,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PresetArg {
    /// 法院
    Court,
    /// 仲裁机构
    Arbitration,
    /// 公证机构
    Notary,
}

impl From<PresetArg> for Preset {
    fn from(arg: PresetArg) -> Self {
        match arg {
            PresetArg::Court => Preset::Court,
            PresetArg::Arbitration => Preset::Arbitration,
            PresetArg::Notary => Preset::Notary,
        }
    }
}

/// What every package of a run has in common.
struct Packer {
    options: PackageOptions,
    policy: Policy,
    originals: Originals,
    choice: Choice,
    head: ProofHead,
    ledgers: Vec<Ledger>,
}

/// Runs the command.
pub(crate) fn run(args: &PackageArgs, screen: &Screen) -> Result<Done> {
    let preset: Preset = args.preset.into();
    let choice = match &args.disclose {
        Some(text) => values::choice(text)?,
        None => Choice::For(AUDIENCE),
    };
    let paper = args.names.options(screen.lang, args.full);
    let options = PackageOptions::new(preset, declared(args.at.as_deref())?, &paper);
    let policy = known(args.policy.as_deref(), &[])?;
    let originals = match &args.originals {
        Some(folder) => Originals::read(folder, screen)?,
        None => Originals::default(),
    };
    let mut packer =
        Packer { options, policy, originals, choice, head: args.head, ledgers: Vec::new() };
    if let Some(path) = &args.proof {
        let proof = files::read(path, limits::PROOF_BYTES)?;
        let written = packer.pack(&proof, &args.out, args.force)?;
        return Ok(told(&args.out, &written, screen));
    }
    packer.ledgers = open(&args.ledger, &args.secrets)?;
    if let Some(path) = &args.list {
        return list::run(&packer, path, &args.out, args.force, screen);
    }
    let written = packer.dossier(&args.what, &args.out, args.force)?;
    Ok(told(&args.out, &written, screen))
}

impl Packer {
    /// Proves what is named and packs it.
    fn dossier(&self, what: &[String], out: &Path, force: bool) -> Result<Written> {
        let names = what.iter().map(|text| target::parse(text)).collect::<Result<Vec<_>>>()?;
        let proof = proof_of(&self.ledgers, what, &names, &self.choice, self.head)?.encode()?;
        self.pack(&proof, out, force)
    }

    /// Packs a proof. The file has its name only when all of it is written.
    fn pack(&self, proof: &[u8], out: &Path, force: bool) -> Result<Written> {
        if !force && out.exists() {
            return Err(io(out, &std::io::ErrorKind::AlreadyExists.into()));
        }
        let mut name = out.as_os_str().to_owned();
        name.push(".part");
        let part = PathBuf::from(name);
        let file = File::create(&part).map_err(|error| io(&part, &error))?;
        let written = self.write(proof, file, &part);
        let written = written.and_then(|written| {
            std::fs::rename(&part, out).map_err(|error| io(out, &error))?;
            Ok(written)
        });
        if written.is_err() {
            // What is half written is of no use; that it cannot be removed changes nothing about the failure.
            let _ = std::fs::remove_file(&part);
        }
        written
    }

    fn write(&self, proof: &[u8], file: File, path: &Path) -> Result<Written> {
        let mut out = BufWriter::new(file);
        let written = write(proof, &self.policy, &self.options, &self.originals, &mut out)
            .map_err(|error| Failure::from(error).at(path))?;
        out.flush().map_err(|error| io(path, &error))?;
        out.get_ref().sync_all().map_err(|error| io(path, &error))?;
        Ok(written)
    }
}

fn summary(path: &Path, written: &Written) -> Value {
    json!({
        "file": path, "files": written.files, "originals": written.originals,
        "originals_absent": written.absent, "without_kit": written.without_kit, "records": written.verdict.records.len(),
        "contradicted": written.verdict.count(Status::Contradicted),
    })
}

fn exit_of(written: &Written) -> Exit {
    match written.verdict.count(Status::Contradicted) {
        0 => Exit::Fine,
        _ => Exit::Contradicted,
    }
}

fn told(path: &Path, written: &Written, screen: &Screen) -> Done {
    let lang = screen.lang;
    let mut page = Page::new();
    page.line(span(path.display().to_string(), Tone::Bold));
    crate::verdict::summary(&mut page, &written.verdict, lang);
    let (files, originals, absent) = (written.files, written.originals, written.absent.len());
    page.line(lang.pick(
        format!("  文件 {files} 份，其中原件 {originals} 份；未随附的原件 {absent} 份"),
        format!(
            "  {files} files, {originals} of them originals; {absent} originals are not attached"
        ),
    ));
    if written.without_kit > 0 {
        let without = written.without_kit;
        let note = lang.pick(
            format!("{without} 条记录无法制作核验材料，原因的错误号见 kits/ 下的 NOT-MADE.txt"),
            format!("no kit could be made of {without} records; NOT-MADE.txt under kits/ has the error's number"),
        );
        page.paragraph(2, span("? ", Tone::Warn), &note, Tone::Plain);
    }
    page.heading(lang.pick("接下来", "Next"));
    page.line(format!("  {} verify {} --policy …", program(), path.display()));
    Done { exit: exit_of(written), json: summary(path, written), page }
}

/// What a package that was checked holds, for people.
pub(super) fn files(page: &mut Page, checked: &Checked, screen: &Screen) {
    let lang = screen.lang;
    page.heading(lang.pick("证据包", "Package"));
    let count = |outcome| checked.files.iter().filter(|file| file.outcome == outcome).count();
    let (originals, same) = (count(Outcome::Original), count(Outcome::Same));
    page.line(lang.pick(
        format!("  原件相符 {originals} 份；由证明重新生成且逐字节相同的文件 {same} 份"),
        format!("  {originals} originals fit; {same} files were made again from the proof and are the same"),
    ));
    for file in checked.files.iter().filter(|file| file.outcome.is_bad()) {
        let what = match file.outcome {
            Outcome::Missing => lang.pick("缺失", "missing"),
            Outcome::Foreign => lang.pick("与证明无关", "does not belong to the proof"),
            _ => lang.pick("与证明不符", "does not fit the proof"),
        };
        page.paragraph(2, span("✗ ", Tone::Bad), &format!("{}: {what}", file.path), Tone::Plain);
    }
    for file in checked.files.iter().filter(|file| file.outcome.is_open()) {
        let what = lang.pick(
            "未比对：包内核验结论自称由其他版本的程序生成；请以该版本核验，或以 yinzheng paper 由 proof.yzp 重新生成",
            "not compared: the verdict in the package says that another version made it; check with that version, or make the page again from proof.yzp with yinzheng paper",
        );
        page.paragraph(2, span("? ", Tone::Warn), &format!("{}: {what}", file.path), Tone::Plain);
    }
    if !checked.absent.is_empty() {
        let absent = checked.absent.len();
        let note = lang.pick(
            format!("未随附的原件 {absent} 份"),
            format!("{absent} originals are not in the package"),
        );
        page.paragraph(2, span("? ", Tone::Warn), &note, Tone::Plain);
    }
    page.paragraph(
        2,
        span("! ", Tone::Warn),
        lang.pick(
            "包内的核验策略由制作方提供，未用于以上结论；请以 --policy 给出自己取得的策略。",
            "The policy in the package is its maker's and was not used above; bring your own with --policy.",
        ),
        Tone::Plain,
    );
}

fn not_a_list(path: &Path) -> Failure {
    Failure::input(
        Both::new("清单中没有保全号", "no dossier in the list"),
        Both::new("每行写一个保全号 D-…。", "Write one dossier D-… a line."),
    )
    .at(path)
}
