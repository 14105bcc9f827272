//! The index of a folder of packages: one row a dossier. Rows of earlier runs are kept, also of a run that was broken off.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use yinzheng::number;

use crate::failure::{Result, io};

/// Its name.
pub(super) const INDEX: &str = "index.csv";

const COLUMNS: &str = "dossier,file,records,originals,originals_absent,contradicted,sha256,error";

/// Cells of a row that are read again.
const CONTRADICTED: usize = 5;
const SHA256: usize = 6;

pub(super) struct Index {
    path: PathBuf,
    rows: BTreeMap<String, String>,
    file: File,
}

impl Index {
    /// The index of a folder, with the rows that are there.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(INDEX);
        let rows = match File::open(&path) {
            Ok(file) => rows(BufReader::new(file)).map_err(|error| io(&path, &error))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(io(&path, &error)),
        };
        // Whole rows only, each once: what follows is put behind them.
        write(&path, &rows).map_err(|error| io(&path, &error))?;
        let file =
            OpenOptions::new().append(true).open(&path).map_err(|error| io(&path, &error))?;
        Ok(Self { path, rows, file })
    }

    /// How many contradictions the row of this dossier tells; `None` where it has none that is about this file.
    pub(super) fn known(&self, number: &str, sha256: &str) -> Option<u64> {
        let mut cells = self.rows.get(number)?.split(',').skip(CONTRADICTED);
        let contradicted = cells.next()?.parse().ok()?;
        let same = cells.nth(SHA256 - CONTRADICTED - 1)? == sha256;
        same.then_some(contradicted)
    }

    /// The row of a dossier, written at once: what is made is known, whatever happens to the run.
    pub(super) fn put(&mut self, number: &str, rest: &str) -> Result<()> {
        let row = format!("{number},{rest}");
        self.file
            .write_all(format!("{row}\r\n").as_bytes())
            .map_err(|error| io(&self.path, &error))?;
        self.rows.insert(number.to_owned(), row);
        Ok(())
    }

    /// Every dossier once, in order of the numbers.
    pub(super) fn finish(self) -> Result<PathBuf> {
        write(&self.path, &self.rows).map_err(|error| io(&self.path, &error))?;
        Ok(self.path)
    }
}

/// The rows of an index by their dossiers; of two the later one. A last row without its end was cut off.
fn rows(mut index: impl BufRead) -> std::io::Result<BTreeMap<String, String>> {
    let mut rows = BTreeMap::new();
    let mut line = Vec::new();
    while index.read_until(b'\n', &mut line)? > 0 {
        let row = std::str::from_utf8(&line).ok().and_then(|line| line.strip_suffix("\r\n"));
        if let Some((number, row)) = row.and_then(|row| Some((row.split_once(',')?.0, row)))
            && number::parse(number).is_ok()
        {
            rows.insert(number.to_owned(), row.to_owned());
        }
        line.clear();
    }
    Ok(rows)
}

/// The file has its name only when all of it is written.
fn write(path: &Path, rows: &BTreeMap<String, String>) -> std::io::Result<()> {
    let part = path.with_extension("csv.part");
    let mut out = BufWriter::new(File::create(&part)?);
    write!(out, "{COLUMNS}\r\n")?;
    for row in rows.values() {
        write!(out, "{row}\r\n")?;
    }
    out.flush()?;
    out.get_ref().sync_all()?;
    fs::rename(&part, path)
}
