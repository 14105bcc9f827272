//! Sealing a whole story: it is sealed step by step, and proofs are written and checked.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use yinzheng::ledger::{Disclose, ProofRequest, Selection};
use yinzheng::proof::Proof;
use yinzheng::verify::{DeclaredTime, Policy, Status, Verdict, verify};

use super::run::{Run, Running, Sealed, unchecked};
use super::{SealArgs, policy, screen};
use crate::failure::{Both, Exit, Failure, Result};
use crate::keyfile::{self, Passphrase};
use crate::output::{Done, Pick, Screen};
use crate::story::{self, Story};
use crate::{clock, files};

/// What is in a folder of ours, and the sign that it is one.
const INDEX: &str = "index.json";

const INDEX_BYTES: usize = 16 * 1024 * 1024;

/// Stands in that file.
pub(super) const MADE_BY: &str = "yinzheng seal";

/// Everything that the screen and the JSON tell.
pub(super) struct Outcome {
    pub(super) story: Story,
    pub(super) folder: PathBuf,
    pub(super) ledgers: Vec<Running>,
    pub(super) steps: Vec<Sealed>,
    pub(super) policy: PathBuf,
    pub(super) dossier: PathBuf,
    pub(super) verdict: Verdict,
    /// Contradicted lines of each step's own proof.
    pub(super) contradicted: Vec<usize>,
    /// Whether passphrases were made up and lie beside the keys.
    pub(super) made_up: bool,
}

/// Runs the story in `source`.
pub(super) fn run(source: &Path, args: &SealArgs, screen: &Screen) -> Result<Done> {
    let story = story::read(source)?;
    let passphrase = keyfile::given_or_made_up(args.secrets.passphrase_file.as_deref())?;
    let made_up = matches!(passphrase, Passphrase::MadeUp(_));
    let folder = output_folder(source, args)?;
    files::make_folder(&folder.join("steps"))?;
    // A run that stops half way can still be told from somebody's own files, and deleted by `--fresh`.
    let begun = json!({"made_by": MADE_BY, "complete": false});
    files::write(&folder.join(INDEX), pretty(&begun).as_bytes(), false)?;
    let mut run = Run::start(story, source, &folder.join("ledgers"), &passphrase, screen)?;
    run.seal_steps()?;
    let outcome = prove(run, folder, made_up, screen)?;
    let index = screen::json(&outcome);
    files::write(&outcome.folder.join(INDEX), pretty(&index).as_bytes(), true)?;
    let contradicted = outcome.verdict.count(Status::Contradicted) > 0
        || outcome.contradicted.iter().any(|count| *count > 0);
    let exit = if contradicted { Exit::Contradicted } else { Exit::Fine };
    Ok(Done { exit, page: screen::page(&outcome, screen), json: index })
}

fn pretty(index: &Value) -> String {
    serde_json::to_string_pretty(index).unwrap_or_default() + "\n"
}

/// `out/<name>` or what was asked for. What lies there is deleted only when it is an earlier run's, and only when asked.
fn output_folder(source: &Path, args: &SealArgs) -> Result<PathBuf> {
    let folder = match &args.out {
        Some(folder) => folder.clone(),
        None => {
            let real = source.canonicalize().map_err(|error| crate::failure::io(source, &error))?;
            let name = real.file_name().unwrap_or_else(|| "story".as_ref());
            Path::new("out").join(name)
        }
    };
    let taken = folder.is_file()
        || std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some());
    if taken && args.fresh && is_ours(&folder) {
        std::fs::remove_dir_all(&folder).map_err(|error| crate::failure::io(&folder, &error))?;
    } else if taken && args.fresh {
        return Err(Failure::input(
            Both::new(
                "这个文件夹不是先前运行的输出",
                "the folder is not the output of an earlier run",
            ),
            Both::new(
                "不会删除其他内容；请自行清空，或用 --out 另选。",
                "Nothing else is deleted: empty it yourself, or choose another with --out.",
            ),
        )
        .at(&folder));
    } else if taken {
        return Err(Failure::input(
            Both::new("这里已有先前的输出", "the output of an earlier run is there"),
            Both::new(
                "加 --fresh 会先删除它；--out DIR 可另选一处。",
                "--fresh deletes it first; --out DIR chooses another place.",
            ),
        )
        .at(&folder));
    }
    Ok(folder)
}

fn is_ours(folder: &Path) -> bool {
    let index = files::read(&folder.join(INDEX), INDEX_BYTES).unwrap_or_default();
    serde_json::from_slice::<Value>(&index)
        .is_ok_and(|index| index.get("made_by").and_then(Value::as_str) == Some(MADE_BY))
}

/// Writes a proof of every step and one of the whole dossier, and checks each as a stranger would: from the file's bytes and
/// the policy alone.
fn prove(run: Run<'_>, folder: PathBuf, made_up: bool, screen: &Screen) -> Result<Outcome> {
    let policy_path = folder.join("policy.json");
    let policy_json = policy::of(&run.ledgers);
    files::write(&policy_path, pretty(&policy_json).as_bytes(), false)?;
    let policy = Policy::parse(pretty(&policy_json).as_bytes())?;
    // A story may tell of days to come; a verification is not made before what it verifies.
    let last = run.ledgers.iter().map(|ledger| ledger.last_ms).max().unwrap_or(0);
    let at = DeclaredTime { unix_ms: clock::now_ms().max(last) };
    let bar = screen.progress(run.steps.len() as u64 + 1, screen.lang.pick("核验", "verifying"));
    let mut contradicted = Vec::with_capacity(run.steps.len());
    for step in &run.steps {
        let ledger = run.ledgers.get(step.ledger).ok_or_else(unchecked)?;
        let proof = ledger.open.ledger.prove(&ProofRequest {
            records: Selection::Sequences(vec![step.appended.sequence]),
            disclose: Disclose::ByProfile,
        })?;
        let bytes = proof.encode()?;
        files::write(&folder.join(&step.proof), &bytes, false)?;
        contradicted.push(verify(&bytes, &policy, at).count(Status::Contradicted));
        bar.inc(1);
    }
    let mut parts = Vec::with_capacity(run.ledgers.len());
    let dossier = run.dossier.ok_or_else(unchecked)?;
    for (place, ledger) in run.ledgers.iter().enumerate() {
        if run.steps.iter().any(|step| step.ledger == place) {
            parts.push(ledger.open.ledger.prove(&ProofRequest {
                records: Selection::Dossier(dossier),
                disclose: Disclose::ByProfile,
            })?);
        }
    }
    let bytes = Proof::join(parts)?.encode()?;
    let dossier_path = folder.join("dossier.yzp");
    files::write(&dossier_path, &bytes, false)?;
    let verdict = verify(&bytes, &policy, at);
    files::write(&folder.join("verdict.json"), verdict.to_json().as_bytes(), false)?;
    bar.finish_and_clear();
    Ok(Outcome {
        story: run.story,
        folder,
        ledgers: run.ledgers,
        steps: run.steps,
        policy: policy_path,
        dossier: dossier_path,
        verdict,
        contradicted,
        made_up,
    })
}
