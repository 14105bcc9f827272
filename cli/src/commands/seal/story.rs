//! Sealing a whole story: ledgers and keys are made, every step is sealed in its order, and proofs are written and checked.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use yinzheng::hash::Digest;
use yinzheng::key::{Custody, KeyClaims};
use yinzheng::ledger::{Appended, Disclose, Dossier, ProofRequest, Selection};
use yinzheng::profile::{Check, Profile};
use yinzheng::proof::Proof;
use yinzheng::record::{Citation, Relation};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::statement::{Role, Terms};
use yinzheng::time::{Moment, Tier, TimeClaim};
use yinzheng::verify::{DeclaredTime, Policy, Status, Verdict, verify};

use super::draft::{self, Incoming, Told};
use super::{SealArgs, policy, screen};
use crate::failure::{Both, Exit, Failure, Result};
use crate::home::{LedgerFiles, NewLedger, Signing};
use crate::keyfile::{self, KeyFiles, Passphrase};
use crate::output::{Done, Pick, Screen};
use crate::story::{self, Step, Story};
use crate::{clock, files, home};

/// Says that a folder is the output of an earlier run, and what is in it.
const INDEX: &str = "index.json";

/// A ledger of the running story.
pub(super) struct Running {
    pub(super) name: String,
    pub(super) organisation: String,
    pub(super) files: LedgerFiles,
    pub(super) open: Signing,
    /// Blocks sealed.
    pub(super) blocks: u64,
    /// The last moment that a step in it told: blocks are begun at it.
    last_ms: i64,
}

/// Somebody who signs, with the key entry's digest in its ledger.
struct Signer {
    name: String,
    role: Role,
    key: SoftwareKey,
    ledger: usize,
    kid: [u8; 32],
}

/// A step that is sealed.
pub(super) struct Sealed {
    pub(super) id: String,
    pub(super) ledger: usize,
    pub(super) profile: &'static Profile,
    pub(super) appended: Appended,
    pub(super) told: Told,
    pub(super) signed_by: Vec<Role>,
    pub(super) proof: PathBuf,
}

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
    let folder = output_folder(source, args)?;
    let passphrase = keyfile::given_or_made_up(args.secrets.passphrase_file.as_deref())?;
    let made_up = matches!(passphrase, Passphrase::MadeUp(_));
    let mut run = Run::start(story, source, &folder, &passphrase)?;
    run.seal_steps(screen)?;
    let outcome = run.prove(folder, made_up, screen)?;
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
    if taken && args.fresh && folder.join(INDEX).is_file() {
        std::fs::remove_dir_all(&folder).map_err(|error| crate::failure::io(&folder, &error))?;
    } else if taken && args.fresh {
        return Err(Failure::input(
            Both::new(
                "文件夹中没有先前运行的 index.json",
                "the folder has no index.json of an earlier run",
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

struct Run<'a> {
    story: Story,
    source: &'a Path,
    ledgers: Vec<Running>,
    signers: Vec<Signer>,
    steps: Vec<Sealed>,
    dossier: Dossier,
}

impl<'a> Run<'a> {
    /// Makes ledgers and keys. Times are those that the story tells: creation is the first step's.
    fn start(
        story: Story,
        source: &'a Path,
        folder: &Path,
        passphrase: &Passphrase,
    ) -> Result<Self> {
        let vault = folder.join("ledgers");
        files::make_folder(&folder.join("steps"))?;
        // A run that stops half way can still be told from somebody's own files, and deleted by `--fresh`.
        files::write(&folder.join(INDEX), pretty(&json!({"complete": false})).as_bytes(), false)?;
        let began_ms = first_moment(&story, source)?;
        let mut ledgers = Vec::with_capacity(story.ledgers.len());
        for ledger in &story.ledgers {
            let files = LedgerFiles::at(&vault.join(format!("{}.db", ledger.name)));
            let new = NewLedger {
                hash: ledger.hash_alg().ok_or_else(unchecked)?,
                alg: SigAlg::from_name(&ledger.key)?,
                organisation: ledger.organisation.clone(),
                created: TimeClaim::declared(began_ms),
            };
            ledgers.push(Running {
                name: ledger.name.clone(),
                organisation: ledger.organisation.clone(),
                open: home::create(&files, new, passphrase, None)?,
                files,
                blocks: 0,
                last_ms: began_ms,
            });
        }
        let mut signers = Vec::with_capacity(story.keys.len());
        for signer in &story.keys {
            let key = keyfile::make(
                &KeyFiles::beside(&vault.join(&signer.name)),
                SigAlg::from_name(&signer.key)?,
                passphrase,
            )?;
            let place = story.ledger(&signer.ledger).ok_or_else(unchecked)?;
            let ledger = &ledgers.get(place).ok_or_else(unchecked)?.open.ledger;
            let claims = KeyClaims::enrol(
                signer.key_role(),
                key.public().clone(),
                Custody::Software,
                began_ms,
            );
            let possession = key.sign(&ledger.key_to_be_signed(&claims)?)?;
            signers.push(Signer {
                name: signer.name.clone(),
                role: signer.role().ok_or_else(unchecked)?,
                ledger: place,
                kid: ledger.append_key(&claims, possession.bytes())?,
                key,
            });
        }
        for ledger in &mut ledgers {
            ledger.seal()?;
        }
        let steps = Vec::with_capacity(story.steps.len());
        Ok(Self { story, source, ledgers, signers, steps, dossier: Dossier::New })
    }

    fn seal_steps(&mut self, screen: &Screen) -> Result<()> {
        let total = self.story.steps.len();
        let bar = screen.progress(total as u64, screen.lang.pick("封存", "sealing"));
        for at in 0..total {
            self.seal_step(at)?;
            bar.inc(1);
        }
        for ledger in &mut self.ledgers {
            ledger.seal()?;
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn seal_step(&mut self, at: usize) -> Result<()> {
        let step = self.story.steps.get(at).ok_or_else(unchecked)?;
        let place = self.story.ledger(&step.ledger).ok_or_else(unchecked)?;
        let profile = step.profile().ok_or_else(unchecked)?;
        let ledger = self.ledgers.get(place).ok_or_else(unchecked)?;
        let ledger = &ledger.open.ledger;
        let in_step = |failure: Failure| failure.on(step.id.clone());
        let incoming = Incoming {
            profile,
            message: &step.message_path(self.source)?,
            attachments: self.attachments(step)?,
            happened: step.happened_field.as_deref(),
            hash: ledger.hash(),
            citations: self.citations(step, profile)?,
            supersedes: None,
            business_id: Some(step.id.clone()),
            dossier: self.dossier,
        };
        let prepared = draft::prepare(incoming, |happened| match happened {
            Some(moment) => TimeClaim::new(moment.clone(), Tier::Declared),
            None => clock::captured_now(),
        })?;
        let when_ms = prepared.record.draft.time.captured.unix_ms;
        let signers: Vec<&Signer> = step.sign.iter().filter_map(|name| self.signer(name)).collect();
        let appended = match signers.split_first() {
            None => ledger.append(prepared.record).map_err(|error| in_step(error.into()))?,
            Some((first, others)) => {
                let displayed = self.displayed(step, ledger.hash())?;
                let terms = |signer: &Signer| Terms {
                    kid: (signer.ledger == place).then_some(signer.kid),
                    role: signer.role,
                    issued_at: clock::seconds(when_ms),
                    displayed,
                    audience: Some(ledger.id()),
                    certificates: Vec::new(),
                };
                let held = ledger.hold_for_signature(
                    &prepared.record,
                    first.key.public(),
                    &terms(first),
                )?;
                let signature = first.key.sign(&held.to_be_signed)?;
                let appended = ledger.finish_statement(held.id, signature.bytes())?;
                for signer in others {
                    further(ledger, appended.digest, signer, &terms(signer))?;
                }
                appended
            }
        };
        let sealed = Sealed {
            id: step.id.clone(),
            ledger: place,
            profile,
            told: prepared.told,
            signed_by: signers.iter().map(|signer| signer.role).collect(),
            proof: PathBuf::from("steps").join(format!("{}-{}.yzp", step.id, profile.id())),
            appended,
        };
        self.dossier = Dossier::Existing(sealed.appended.dossier);
        let due = step.seal;
        self.steps.push(sealed);
        let ledger = self.ledgers.get_mut(place).ok_or_else(unchecked)?;
        ledger.last_ms = ledger.last_ms.max(when_ms);
        if due { ledger.seal() } else { Ok(()) }
    }

    fn signer(&self, name: &str) -> Option<&Signer> {
        self.signers.iter().find(|signer| signer.name == name)
    }

    fn attachments(&self, step: &Step) -> Result<Vec<(String, PathBuf)>> {
        step.attachments
            .iter()
            .map(|(field, file)| Ok((field.clone(), files::inside(self.source, file)?)))
            .collect()
    }

    fn displayed(&self, step: &Step, hash: yinzheng::hash::HashAlg) -> Result<Option<Digest>> {
        let Some(file) = &step.displayed else { return Ok(None) };
        let digests = draft::digests(&files::inside(self.source, file)?)?;
        let bytes = match hash {
            yinzheng::hash::HashAlg::Sha256 => digests.sha256,
            yinzheng::hash::HashAlg::Sm3 => digests.sm3,
        };
        Ok(Some(Digest { alg: hash, bytes }))
    }

    /// Cited records by their digests, in whatever ledger they are.
    fn citations(&self, step: &Step, citing: &Profile) -> Result<Vec<Citation>> {
        let mut citations = Vec::with_capacity(step.cites.len());
        for id in &step.cites {
            let cited = self.steps.iter().find(|sealed| sealed.id == *id).ok_or_else(unchecked)?;
            let relation = relation(citing, cited.profile);
            citations.push(Citation { relation, digest: cited.appended.digest });
        }
        Ok(citations)
    }

    /// Writes a proof of every step and one of the whole dossier, and checks each as a stranger would: from the file's bytes
    /// and the policy alone.
    fn prove(self, folder: PathBuf, made_up: bool, screen: &Screen) -> Result<Outcome> {
        let policy_path = folder.join("policy.json");
        let policy_json = policy::of(&self.ledgers);
        files::write(&policy_path, pretty(&policy_json).as_bytes(), false)?;
        let policy = Policy::parse(pretty(&policy_json).as_bytes())?;
        // A story may tell of days to come; a verification is not made before what it verifies.
        let last = self.ledgers.iter().map(|ledger| ledger.last_ms).max().unwrap_or(0);
        let at = DeclaredTime { unix_ms: clock::now_ms().max(last) };
        let bar =
            screen.progress(self.steps.len() as u64 + 1, screen.lang.pick("核验", "verifying"));
        let mut contradicted = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let ledger = self.ledgers.get(step.ledger).ok_or_else(unchecked)?;
            let proof = ledger.open.ledger.prove(&ProofRequest {
                records: Selection::Sequences(vec![step.appended.sequence]),
                disclose: Disclose::ByProfile,
            })?;
            let bytes = proof.encode()?;
            files::write(&folder.join(&step.proof), &bytes, false)?;
            contradicted.push(verify(&bytes, &policy, at).count(Status::Contradicted));
            bar.inc(1);
        }
        let mut parts = Vec::with_capacity(self.ledgers.len());
        let dossier = match self.dossier {
            Dossier::Existing(id) => id,
            Dossier::New => return Err(unchecked()),
        };
        for (place, ledger) in self.ledgers.iter().enumerate() {
            if self.steps.iter().any(|step| step.ledger == place) {
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
            story: self.story,
            folder,
            ledgers: self.ledgers,
            steps: self.steps,
            policy: policy_path,
            dossier: dossier_path,
            verdict,
            contradicted,
            made_up,
        })
    }
}

impl Running {
    fn seal(&mut self) -> Result<()> {
        let sealed = self.open.seal_all(clock::seconds(self.last_ms))?;
        self.blocks += sealed.len() as u64;
        Ok(())
    }
}

/// The time that the first step tells, else now.
fn first_moment(story: &Story, source: &Path) -> Result<i64> {
    let Some(step) = story.steps.first() else { return Ok(clock::now_ms()) };
    let profile = step.profile().ok_or_else(unchecked)?;
    let prepared = draft::prepare(
        Incoming {
            profile,
            message: &step.message_path(source)?,
            attachments: Vec::new(),
            happened: step.happened_field.as_deref(),
            hash: yinzheng::hash::HashAlg::Sha256,
            citations: Vec::new(),
            supersedes: None,
            business_id: None,
            dossier: Dossier::New,
        },
        |_| clock::captured_now(),
    )?;
    Ok(prepared.told.happened.map_or_else(clock::now_ms, |moment| moment.unix_ms))
}

/// How a record leans on one that it cites: an authorisation that the profile's rules ask for is relied on, all else is
/// referred to. A withdrawal names the consent that it ends and relies on nothing.
fn relation(citing: &Profile, cited: &Profile) -> Relation {
    let asks = |check: &Check| match check {
        Check::After { of, .. } | Check::Requires { of, .. } => of == cited.id(),
        _ => false,
    };
    let relies = cited.id() == "consent.authorization"
        && !citing.id().starts_with("consent.")
        && citing.rules().iter().any(|rule| asks(&rule.check));
    if relies { Relation::Consent } else { Relation::Reference }
}

/// A further signer's statement over a record that is in the ledger.
fn further(
    ledger: &yinzheng::ledger::Ledger,
    record: Digest,
    signer: &Signer,
    terms: &Terms,
) -> Result<()> {
    let draft =
        yinzheng::statement::StatementDraft::over_digest(record, signer.key.public(), terms)?;
    let signature = signer.key.sign(&draft.to_be_signed())?;
    ledger.append_entry(&draft.finish(signature.bytes())?)?;
    Ok(())
}

/// What [`story::read`] has checked already did not hold.
fn unchecked() -> Failure {
    Failure::from(yinzheng::Error::new(
        yinzheng::ErrorCode::Internal,
        "the story changed while it was read",
    ))
}

/// The moments of all steps lie at one offset from UTC, or not.
pub(super) fn common_offset(steps: &[Sealed]) -> Option<i16> {
    let mut offsets = steps
        .iter()
        .filter_map(|step| step.told.happened.as_ref())
        .map(|moment| moment.offset_minutes);
    let first = offsets.next()?;
    offsets.all(|offset| offset == first).then_some(first)
}

/// What the JSON says of a moment.
pub(super) fn moment_json(moment: Option<&Moment>) -> Value {
    moment.map_or(Value::Null, |moment| json!(clock::text(moment.unix_ms, moment.offset_minutes)))
}
