//! A story: the folder of a whole matter, as `examples/` has them. `story.json` says which ledgers there are, who signs,
//! and what is sealed in which order.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use yinzheng::hash::HashAlg;
use yinzheng::key::{Custody, KeyRole};
use yinzheng::profile::{Profile, builtin_by_id};
use yinzheng::sign::SigAlg;
use yinzheng::statement::Role;

use crate::failure::{Both, Failure, Result};
use crate::files;

const STORY_BYTES: usize = 4 * 1024 * 1024;

/// `story.json`. Unknown members are refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Story {
    pub(crate) title: Title,
    /// What kind of matter it is; for people.
    #[serde(rename = "dossier")]
    pub(crate) _dossier: String,
    pub(crate) ledgers: Vec<StoryLedger>,
    #[serde(default)]
    pub(crate) keys: Vec<StoryKey>,
    pub(crate) steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Title {
    pub(crate) zh: String,
    pub(crate) en: String,
}

/// A ledger of the story.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoryLedger {
    pub(crate) name: String,
    pub(crate) organisation: String,
    pub(crate) hash: String,
    pub(crate) key: String,
    pub(crate) custody: String,
    /// What the sealing organisation is in this matter; for people.
    #[serde(rename = "role")]
    pub(crate) _role: String,
}

/// Somebody who signs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoryKey {
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) key: String,
    pub(crate) ledger: String,
}

/// One record.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) id: String,
    pub(crate) ledger: String,
    pub(crate) profile: String,
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) attachments: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) cites: Vec<String>,
    #[serde(default)]
    pub(crate) sign: Vec<String>,
    pub(crate) displayed: Option<String>,
    pub(crate) happened_field: Option<String>,
    #[serde(default)]
    pub(crate) seal: bool,
}

/// Reads and checks the story in a folder, so that nothing is sealed of one that could not be finished.
pub(crate) fn read(folder: &Path) -> Result<Story> {
    let path = folder.join("story.json");
    if !path.is_file() {
        return Err(Failure::input(
            Both::new("文件夹中没有 story.json", "the folder has no story.json"),
            Both::new(
                "请给出含 story.json 的文件夹（见 examples/），或一个报文文件。",
                "Name a folder with a story.json (see examples/), or a message file.",
            ),
        )
        .at(folder));
    }
    let text = files::read(&path, STORY_BYTES)?;
    let story: Story = serde_json::from_slice(&text).map_err(|error| {
        Failure::input(
            Both::new(format!("无法读取：{error}"), format!("cannot be read: {error}")),
            Both::new("请改正 story.json。", "Correct story.json."),
        )
        .at(&path)
    })?;
    story.check(folder).map_err(|failure| match failure {
        Wrong::Said(failure) => failure,
        Wrong::At(place, what) => {
            Failure::input(what, Both::new("请改正 story.json。", "Correct story.json."))
                .on(format!("{}: {place}", path.display()))
        }
    })?;
    Ok(story)
}

enum Wrong {
    At(String, Both),
    Said(Failure),
}

impl From<Failure> for Wrong {
    fn from(failure: Failure) -> Self {
        Wrong::Said(failure)
    }
}

impl Story {
    fn check(&self, folder: &Path) -> std::result::Result<(), Wrong> {
        let wrong =
            |place: &str, zh: &str, en: &str| Wrong::At(place.to_owned(), Both::new(zh, en));
        if self.ledgers.is_empty() || self.steps.is_empty() {
            return Err(wrong(
                "story",
                "至少需要一个账本和一个步骤",
                "it needs a ledger and a step at least",
            ));
        }
        let mut names = HashSet::new();
        let all = self.ledgers.iter().map(|l| &l.name).chain(self.keys.iter().map(|k| &k.name));
        for name in all.chain(self.steps.iter().map(|step| &step.id)) {
            if !is_file_name(name) || !names.insert(name) {
                return Err(wrong(
                    name,
                    "名称须唯一，且只含小写字母、数字和连字符",
                    "names are unique: small letters, digits and hyphens",
                ));
            }
        }
        for ledger in &self.ledgers {
            let known = ledger.hash_alg().is_some()
                && SigAlg::from_name(&ledger.key).is_ok()
                && ledger.custody == Custody::Software.name();
            if !known {
                return Err(wrong(
                    &ledger.name,
                    "未知的算法；密钥保管方式只能是 software",
                    "an unknown algorithm, or a custody other than software",
                ));
            }
        }
        for key in &self.keys {
            let known = SigAlg::from_name(&key.key).is_ok() && key.role().is_some();
            if !known || self.ledger(&key.ledger).is_none() {
                return Err(wrong(
                    &key.name,
                    "未知的算法、角色或账本",
                    "an unknown algorithm, role or ledger",
                ));
            }
        }
        let mut before: HashSet<&str> = HashSet::new();
        for step in &self.steps {
            if step.profile().is_none() {
                return Err(wrong(&step.id, "没有这个场景模板", "no such profile"));
            }
            if self.ledger(&step.ledger).is_none() {
                return Err(wrong(&step.id, "没有这个账本", "no such ledger"));
            }
            if step.sign.iter().any(|name| self.keys.iter().all(|key| key.name != *name)) {
                return Err(wrong(&step.id, "没有这个签署人", "no such signer"));
            }
            if step.cites.iter().any(|id| !before.contains(id.as_str())) {
                return Err(wrong(
                    &step.id,
                    "引用的步骤不在其前",
                    "it cites a step that does not come before it",
                ));
            }
            for file in step.files() {
                let path = files::inside(folder, file)?;
                if !path.is_file() {
                    return Err(wrong(
                        &format!("{}: {file}", step.id),
                        "没有这个文件",
                        "no such file",
                    ));
                }
            }
            before.insert(&step.id);
        }
        Ok(())
    }

    /// Place of the ledger with this name.
    pub(crate) fn ledger(&self, name: &str) -> Option<usize> {
        self.ledgers.iter().position(|ledger| ledger.name == name)
    }
}

impl StoryLedger {
    pub(crate) fn hash_alg(&self) -> Option<HashAlg> {
        HashAlg::ALL.into_iter().find(|alg| alg.name() == self.hash)
    }
}

impl StoryKey {
    pub(crate) fn role(&self) -> Option<Role> {
        Role::ALL.iter().copied().find(|role| role.name() == self.role)
    }

    /// As what its key is enrolled.
    pub(crate) fn key_role(&self) -> KeyRole {
        match self.role() {
            Some(Role::Customer) => KeyRole::Customer,
            Some(Role::Device) => KeyRole::Device,
            _ => KeyRole::Witness,
        }
    }
}

impl Step {
    pub(crate) fn profile(&self) -> Option<&'static Profile> {
        builtin_by_id(&self.profile)
    }

    fn files(&self) -> impl Iterator<Item = &String> {
        [&self.message].into_iter().chain(self.attachments.values()).chain(&self.displayed)
    }

    /// The message's file.
    pub(crate) fn message_path(&self, folder: &Path) -> Result<PathBuf> {
        files::inside(folder, &self.message)
    }
}

fn is_file_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
