//! A notary's desk as a command: files in, files out. `README.md` tells the whole story.
//!
//! ```sh
//! export YINZHENG_NOTARY_PASSPHRASE=…
//! yinzheng-notary HOME init "示例公证处"
//! yinzheng-notary HOME run INBOX OUTBOX
//! ```

#![allow(clippy::print_stdout)] // an example speaks to its reader

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use yinzheng::time::{Moment, Tier, TimeClaim};
use yinzheng::{Error, ErrorCode, Result};
use yinzheng_notary_example::{Answer, Desk, failed};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        [home, "init", name] => init(Path::new(home), name),
        [home, "run", inbox, outbox] => run(Path::new(home), Path::new(inbox), Path::new(outbox)),
        _ => {
            Err(Error::new(ErrorCode::InvalidArgument, "HOME init NAME, or HOME run INBOX OUTBOX"))
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        // Something that was handed in was refused.
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            println!("{error}");
            ExitCode::from(2)
        }
    }
}

fn init(home: &Path, name: &str) -> Result<bool> {
    Desk::make(home, name, &passphrase()?, &now()?)?;
    println!("{name} is open. Hand out {}", home.join("policy.json").display());
    Ok(true)
}

/// Everything in the inbox, bundles first: a dossier is looked up in the ledgers as they are then.
fn run(home: &Path, inbox: &Path, outbox: &Path) -> Result<bool> {
    let desk = Desk::open(home, &passphrase()?, &now()?)?;
    let mut all_accepted = true;
    for kind in ["yzb", "yzp"] {
        for path in files(inbox, kind)? {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let answer = match kind {
                "yzb" => desk.take_bundle(&path, &now()?)?,
                _ => desk.take_dossier(&path, &now()?)?,
            };
            println!("{stem}: {answer}");
            all_accepted &= answer.is_accepted();
            let write = |ending: &str, bytes: &[u8]| {
                std::fs::write(outbox.join(format!("{stem}.{ending}")), bytes)
                    .map_err(|error| failed(&error))
            };
            if let Some((ending, bytes)) = answer.file() {
                write(ending, bytes)?;
            }
            if let Answer::Refused { why, .. } = &answer {
                write("refused.txt", why.to_string().as_bytes())?;
            }
        }
    }
    desk.seal(&now()?)?;
    Ok(all_accepted)
}

fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|error| failed(&error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| failed(&error))?.path();
        if path.extension().is_some_and(|own| own == ending) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn passphrase() -> Result<String> {
    std::env::var("YINZHENG_NOTARY_PASSPHRASE").map_err(|_| {
        Error::new(
            ErrorCode::InvalidArgument,
            "set YINZHENG_NOTARY_PASSPHRASE for the notary's key",
        )
    })
}

fn now() -> Result<TimeClaim> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let ms = since.ok().and_then(|since| i64::try_from(since.as_millis()).ok());
    let ms = ms.ok_or_else(|| Error::new(ErrorCode::OutOfRange, "the clock is before 1970"))?;
    Ok(TimeClaim::new(Moment::new(ms, 480), Tier::Device))
}
