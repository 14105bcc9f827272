//! What the child's own words oblige the ledger to.

use std::collections::{BTreeMap, BTreeSet};

use yinzheng::ErrorCode;

/// A record that was acknowledged.
#[derive(Debug)]
pub struct Record {
    pub sequence: u64,
    pub place: u64,
    pub digest: String,
}

/// A step whose outcome nobody heard: it was interrupted, or gave an error. It may have happened, whole, or not at all.
#[derive(Debug, Default)]
pub struct Doubt {
    pub kind: String,
    pub entries: u64,
    /// Business ids with their dossiers, of an append.
    pub ids: Vec<(String, String)>,
    /// Held record or sequence number that it is about.
    pub about: Option<u64>,
}

/// All of it.
#[derive(Debug, Default)]
pub struct Expected {
    pub created: bool,
    pub ended: bool,
    pub entries: u64,
    pub records: Vec<Record>,
    /// Business ids with dossier and sequence number.
    pub ids: Vec<(String, String, u64)>,
    pub doubts: Vec<Doubt>,
    /// Digest of the bytes handed out, by height.
    pub begun: BTreeMap<u64, String>,
    /// Sealed digests, by height.
    pub blocks: BTreeMap<u64, String>,
    pub held: BTreeMap<u64, String>,
    pub erased: BTreeSet<u64>,
    pub replica: Option<u64>,
    /// Errors that the child reported.
    pub errors: u32,
}

impl Expected {
    /// Reads what the child said; its last line may be cut.
    pub fn read(said: &str) -> Result<Self, String> {
        let mut all = Self::default();
        let mut trying: Option<Doubt> = None;
        let whole = said.rfind('\n').map_or("", |end| &said[..end]);
        for line in whole.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["try", kind, entries, rest @ ..] => {
                    all.doubts.extend(trying.take());
                    trying = Some(Doubt {
                        kind: (*kind).to_owned(),
                        entries: number(entries)?,
                        ids: rest
                            .iter()
                            .filter_map(|word| word.split_once('='))
                            .map(|(id, dossier)| (id.to_owned(), dossier.to_owned()))
                            .collect(),
                        about: rest.first().and_then(|word| word.parse().ok()),
                    });
                }
                ["ok", rest @ ..] => {
                    all.done(rest, trying.take().unwrap_or_default())?;
                }
                ["err", code] => {
                    all.errors += 1;
                    all.doubts.extend(trying.take());
                    check_error(number(code)?)?;
                }
                ["end"] => all.ended = true,
                _ => return Err(format!("the child said {line:?}")),
            }
        }
        all.doubts.extend(trying);
        Ok(all)
    }

    fn done(&mut self, words: &[&str], tried: Doubt) -> Result<(), String> {
        match words {
            ["create"] => {
                self.created = true;
                self.entries = 2;
            }
            ["append", records @ ..] => {
                for (record, (id, dossier)) in records.iter().zip(tried.ids) {
                    let record = read_record(record)?;
                    self.ids.push((id, dossier, record.sequence));
                    self.records.push(record);
                    self.entries += 1;
                }
            }
            ["hold", held] => {
                let (id, bytes) = pair(held)?;
                self.held.insert(id, bytes);
            }
            ["finish", id, record] => {
                self.held.remove(&number(id)?);
                self.records.push(read_record(record)?);
                self.entries += 1;
            }
            ["drop", id, _] => {
                self.held.remove(&number(id)?);
                self.entries += 1;
            }
            ["entry"] => self.entries += 1,
            ["begin", begun] => {
                let (height, bytes) = pair(begun)?;
                if self.begun.get(&height).is_some_and(|before| *before != bytes) {
                    return Err(format!("two blocks were offered at height {height}"));
                }
                self.begun.insert(height, bytes);
            }
            ["commit", sealed] => {
                let (height, digest) = pair(sealed)?;
                if self.blocks.insert(height, digest).is_some() {
                    return Err(format!("two blocks were sealed at height {height}"));
                }
            }
            ["erase", sequence] => {
                self.erased.insert(number(sequence)?);
                self.entries += 1;
            }
            ["import", height] => self.replica = Some(number(height)?),
            ["reopen" | "nothing"] => {}
            _ => return Err(format!("the child said ok {words:?}")),
        }
        Ok(())
    }

    /// Whether some step of this kind, about this, may have happened unheard.
    pub fn doubtful(&self, kind: &str, about: Option<u64>) -> bool {
        self.doubts
            .iter()
            .any(|doubt| doubt.kind == kind && (about.is_none() || doubt.about == about))
    }
}

/// A fault of the disk must be called one. SQLite calls a page that it could not read while opening malformed, and the ledger
/// passes that on: what counts is that nothing is lost, and that it opens once the disk can be read again.
fn check_error(code: u64) -> Result<(), String> {
    let faults = [ErrorCode::Storage, ErrorCode::DiskFull, ErrorCode::Locked, ErrorCode::Damaged];
    match faults.iter().any(|fault| u64::from(fault.number()) == code) {
        true => Ok(()),
        false => Err(format!("a fault of the disk became error {code}")),
    }
}

fn number(word: &str) -> Result<u64, String> {
    word.parse().map_err(|_| format!("the child said {word:?} for a number"))
}

fn pair(word: &str) -> Result<(u64, String), String> {
    let (one, two) = word.split_once(':').ok_or_else(|| format!("the child said {word:?}"))?;
    Ok((number(one)?, two.to_owned()))
}

fn read_record(word: &str) -> Result<Record, String> {
    let parts: Vec<&str> = word.split(':').collect();
    let [sequence, place, _, digest] = parts.as_slice() else {
        return Err(format!("the child said {word:?} for a record"));
    };
    Ok(Record { sequence: number(sequence)?, place: number(place)?, digest: (*digest).to_owned() })
}
