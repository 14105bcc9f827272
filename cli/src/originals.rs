//! A folder of originals: attachments that the host kept, found again by their digests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use yinzheng::hash::TwinDigest;
use yinzheng::{Error, ErrorCode};

use crate::failure::{Both, Failure, Result, io};
use crate::output::{Pick, Screen};

/// Most files of a folder of originals, those in its folders included.
const FILES: usize = 4_000_000;

/// What lies in a folder: every file's path under the SHA-256 of its bytes.
#[derive(Default)]
pub(crate) struct Originals(BTreeMap<[u8; 32], (PathBuf, TwinDigest)>);

impl Originals {
    /// Reads and hashes every file under `folder`. Symbolic links are not followed.
    pub(crate) fn read(folder: &Path, screen: &Screen) -> Result<Self> {
        let bar = screen.progress_bytes(None, screen.lang.pick("核对原件", "hashing originals"));
        let mut found = BTreeMap::new();
        let (mut folders, mut files) = (vec![folder.to_owned()], 0usize);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).map_err(|error| io(&folder, &error))? {
                let entry = entry.map_err(|error| io(&folder, &error))?;
                let path = entry.path();
                let kind = entry.file_type().map_err(|error| io(&path, &error))?;
                if kind.is_dir() {
                    folders.push(path);
                } else if kind.is_file() {
                    files += 1;
                    if files > FILES {
                        return Err(too_many(&path));
                    }
                    let file = File::open(&path).map_err(|error| io(&path, &error))?;
                    let digest = TwinDigest::of_reader(bar.wrap_read(file))
                        .map_err(|error| Failure::from(error).at(&path))?;
                    let place = found.entry(digest.sha256).or_insert((path.clone(), digest));
                    // Of two copies the one whose name comes first, on every machine.
                    if path < place.0 {
                        *place = (path, digest);
                    }
                }
            }
        }
        bar.finish_and_clear();
        Ok(Self(found))
    }

    /// The file with these digests; both must fit.
    pub(crate) fn get(&self, wanted: &TwinDigest) -> Option<&Path> {
        let (path, digest) = self.0.get(&wanted.sha256)?;
        (digest == wanted).then_some(path.as_path())
    }

    /// The digests of every file.
    pub(crate) fn digests(&self) -> BTreeSet<TwinDigest> {
        self.0.values().map(|(_, digest)| *digest).collect()
    }

    /// Every file with its digests.
    pub(crate) fn files(&self) -> impl Iterator<Item = &(PathBuf, TwinDigest)> {
        self.0.values()
    }
}

impl yinzheng::package::Originals for Originals {
    fn open(&self, wanted: &TwinDigest) -> yinzheng::Result<Option<Box<dyn std::io::Read + '_>>> {
        let Some(path) = self.get(wanted) else { return Ok(None) };
        let file = File::open(path)
            .map_err(|error| Error::new(ErrorCode::Storage, error.kind().to_string()))?;
        Ok(Some(Box::new(file)))
    }
}

fn too_many(path: &Path) -> Failure {
    Failure::input(
        Both::new("原件目录中文件过多", "too many files in the folder of originals"),
        Both::new("请分目录核对。", "Check it folder by folder."),
    )
    .at(path)
}
