//! A story on its way: ledgers and keys are made, and every step is sealed in its order.

use std::path::{Path, PathBuf};

use yinzheng::hash::{Digest, HashAlg};
use yinzheng::key::{Custody, KeyClaims};
use yinzheng::ledger::{Appended, Ledger};
use yinzheng::profile::{Check, Profile};
use yinzheng::record::{Citation, Relation};
use yinzheng::sign::{SigAlg, SoftwareKey};
use yinzheng::statement::{Role, StatementDraft, Terms};
use yinzheng::time::{Tier, TimeClaim};

use super::draft::{self, Told};
use crate::failure::{Failure, Result};
use crate::home::{LedgerFiles, NewLedger, Signing};
use crate::keyfile::{self, KeyFiles, Passphrase};
use crate::output::{Pick, Screen};
use crate::story::{Step, Story};
use crate::{clock, files, home};

/// A ledger of the running story.
pub(super) struct Running {
    pub(super) name: String,
    pub(super) organisation: String,
    pub(super) files: LedgerFiles,
    pub(super) open: Signing,
    /// Blocks sealed.
    pub(super) blocks: u64,
    /// The last moment that a step in it told: blocks are begun at it.
    pub(super) last_ms: i64,
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

/// A story on its way.
pub(super) struct Run<'a> {
    pub(super) story: Story,
    source: &'a Path,
    screen: &'a Screen,
    pub(super) ledgers: Vec<Running>,
    signers: Vec<Signer>,
    pub(super) steps: Vec<Sealed>,
    /// The dossier's id, once the first step has one.
    pub(super) dossier: Option<[u8; 16]>,
}

impl<'a> Run<'a> {
    /// Makes ledgers and keys. Times are those that the story tells: creation is the first step's.
    pub(super) fn start(
        story: Story,
        source: &'a Path,
        folder: &Path,
        passphrase: &Passphrase,
        screen: &'a Screen,
    ) -> Result<Self> {
        let began_ms = first_moment(&story, source, screen)?;
        let mut ledgers = Vec::with_capacity(story.ledgers.len());
        for ledger in &story.ledgers {
            let files = LedgerFiles::at(&folder.join(format!("{}.db", ledger.name)));
            let new = NewLedger {
                hash: ledger.hash_alg().ok_or_else(unchecked)?,
                alg: Some(SigAlg::from_name(&ledger.key)?),
                organisation: ledger.organisation.clone(),
                created: TimeClaim::declared(began_ms),
            };
            ledgers.push(Running {
                name: ledger.name.clone(),
                organisation: ledger.organisation.clone(),
                open: home::create(&files, new, passphrase, None, None)?,
                files,
                blocks: 0,
                last_ms: began_ms,
            });
        }
        let mut signers = Vec::with_capacity(story.keys.len());
        for signer in &story.keys {
            let key = keyfile::make(
                &KeyFiles::beside(&folder.join(&signer.name)),
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
        Ok(Self { story, source, screen, ledgers, signers, steps, dossier: None })
    }

    pub(super) fn seal_steps(&mut self) -> Result<()> {
        let total = self.story.steps.len();
        let bar = self.screen.progress(total as u64, self.screen.lang.pick("封存", "sealing"));
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
        let message = &step.message_path(self.source)?;
        let happened = step.happened_field.as_deref();
        let message =
            draft::read(profile, message, &self.attachments(step)?, happened, self.screen)?;
        let time = match &message.told.happened {
            Some(moment) => TimeClaim::new(moment.clone(), Tier::Declared),
            None => clock::captured_now(),
        };
        let when_ms = time.captured.unix_ms;
        let citations = self.citations(step, profile)?;
        let (record, told) = message.into_record(profile, ledger.hash(), time, &citations, None)?;
        let mut record = record.with_business_id(&step.id);
        if let Some(id) = self.dossier {
            record = record.in_dossier(id);
        }
        let signers: Vec<&Signer> = step.sign.iter().filter_map(|name| self.signer(name)).collect();
        let appended = match signers.split_first() {
            None => ledger.append(record).map_err(|error| in_step(error.into()))?,
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
                let held = ledger.hold_for_signature(&record, first.key.public(), &terms(first))?;
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
            told,
            signed_by: signers.iter().map(|signer| signer.role).collect(),
            proof: PathBuf::from("steps").join(format!("{}-{}.yzp", step.id, profile.id())),
            appended,
        };
        self.dossier = Some(sealed.appended.dossier);
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

    fn displayed(&self, step: &Step, hash: HashAlg) -> Result<Option<Digest>> {
        let Some(file) = &step.displayed else { return Ok(None) };
        let digests = draft::digests(&files::inside(self.source, file)?, self.screen)?;
        let bytes = match hash {
            HashAlg::Sha256 => digests.sha256,
            HashAlg::Sm3 => digests.sm3,
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
}

impl Running {
    fn seal(&mut self) -> Result<()> {
        let sealed = self.open.seal_all(clock::seconds(self.last_ms))?;
        self.blocks += sealed.len() as u64;
        Ok(())
    }
}

/// Reads every message once, so that nothing is sealed of a story that could not be finished, and gives the time that the
/// first step tells, else now.
fn first_moment(story: &Story, source: &Path, screen: &Screen) -> Result<i64> {
    let mut first = None;
    for step in &story.steps {
        let profile = step.profile().ok_or_else(unchecked)?;
        let path = step.message_path(source)?;
        let message = draft::read(profile, &path, &[], step.happened_field.as_deref(), screen)?;
        first = first.or(Some(message.told.happened.map(|moment| moment.unix_ms)));
    }
    Ok(first.flatten().unwrap_or_else(clock::now_ms))
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
fn further(ledger: &Ledger, record: Digest, signer: &Signer, terms: &Terms) -> Result<()> {
    let draft = StatementDraft::over_digest(record, signer.key.public(), terms)?;
    let signature = signer.key.sign(&draft.to_be_signed())?;
    ledger.append_entry(&draft.finish(signature.bytes())?)?;
    Ok(())
}

/// What [`crate::story::read`] has checked already did not hold.
pub(super) fn unchecked() -> Failure {
    Failure::from(yinzheng::Error::new(
        yinzheng::ErrorCode::Internal,
        "the story changed while it was read",
    ))
}
