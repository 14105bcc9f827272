//! Faults at system calls, by strace: the call is never made and the process dies, or the call gives an error, once or from
//! then on. And real short writes, by a limit on the size of files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::expected::Expected;
use crate::script::Dice;
use crate::verify;
use crate::world;

/// What happens at one call of one run.
#[derive(Clone, Debug)]
pub struct Point {
    pub seed: u64,
    pub steps: usize,
    pub fault: Fault,
}

#[derive(Clone, Debug)]
pub enum Fault {
    /// `how` is strace's action at the `when`-th `call`.
    Call { call: &'static str, how: &'static str, when: String },
    /// No file may grow beyond so many bytes; the signal that says so kills, or is ignored.
    ShortWrite { bytes: u64, kills: bool },
}

/// A run that takes longer hangs: a failure, too.
const HANGS: Duration = Duration::from_secs(300);

/// System calls with what may happen to them. `+` is: from then on.
const CALLS: [(&str, &[&str]); 10] = [
    ("pwrite64", &["signal=KILL", "error=EIO", "error=EIO+", "error=ENOSPC", "error=ENOSPC+"]),
    ("fsync", &["signal=KILL", "error=EIO", "error=EIO+", "error=ENOSPC"]),
    ("fdatasync", &["signal=KILL", "error=EIO", "error=EIO+", "error=ENOSPC"]),
    ("ftruncate", &["signal=KILL", "error=EIO", "error=ENOSPC", "error=ENOSPC+"]),
    ("unlink", &["signal=KILL", "error=EIO", "error=EROFS+"]),
    ("openat", &["signal=KILL", "error=EIO", "error=EMFILE", "error=ENOSPC"]),
    ("pread64", &["signal=KILL", "error=EIO", "error=EIO+"]),
    ("fcntl", &["signal=KILL", "error=EIO", "error=ENOLCK"]),
    ("mmap", &["signal=KILL", "error=ENOMEM"]),
    ("newfstatat", &["signal=KILL", "error=EIO"]),
];

/// Whether strace is there and may trace; else why not.
pub fn available() -> Result<(), String> {
    let tried = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).output();
    match tried {
        Err(error) => Err(format!("strace: {error}")),
        Ok(output) if !output.status.success() => {
            Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
        }
        Ok(_) => Ok(()),
    }
}

/// A command that is killed when it hangs.
fn within_time() -> Command {
    let mut command = Command::new("timeout");
    command.arg("--signal=KILL").arg(HANGS.as_secs().to_string());
    command
}

fn strace(folder: &Path, log: &Path) -> Command {
    let mut command = within_time();
    command.args(["strace", "-f", "-qq", "-o"]).arg(log);
    for base in [world::ledger_path(folder), world::replica_path(folder)] {
        for end in ["", "-wal", "-shm", "-journal", ".lock"] {
            let mut path = base.clone().into_os_string();
            path.push(end);
            command.arg("-P").arg(path);
        }
    }
    command.arg("-P").arg(folder);
    command
}

fn child(command: &mut Command, folder: &Path, seed: u64, steps: usize) -> Result<(), String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    command.arg(own).arg("--child").arg(folder).arg(seed.to_string()).arg(steps.to_string());
    command.stdin(Stdio::null()).stderr(Stdio::piped()).stdout(Stdio::piped());
    Ok(())
}

/// How often each call is made when nothing goes wrong.
pub fn count_calls(seed: u64, steps: usize) -> Result<BTreeMap<&'static str, u64>, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let log = folder.path().join("calls");
    let mut command = strace(folder.path(), &log);
    let names: Vec<&str> = CALLS.iter().map(|(name, _)| *name).collect();
    command.args(["-e", &format!("trace={}", names.join(","))]);
    child(&mut command, folder.path(), seed, steps)?;
    let output = command.output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !Expected::read(&said)?.ended {
        return Err(format!("the script does not end without faults: {said}"));
    }
    let text = fs::read_to_string(&log).map_err(|error| error.to_string())?;
    let count = |name: &str| {
        let call = format!("{name}(");
        text.lines().filter(|line| line.split(' ').any(|word| word.starts_with(&call))).count()
    };
    Ok(CALLS.iter().map(|(name, _)| (*name, count(name) as u64)).collect())
}

/// Every point of a script.
pub fn points(seed: u64, steps: usize) -> Result<Vec<Point>, String> {
    let counts = count_calls(seed, steps)?;
    let mut points = Vec::new();
    for (call, hows) in CALLS {
        for how in hows {
            let (how, more) = how.strip_suffix('+').map_or((*how, ""), |how| (how, "+"));
            for at in 1..=counts.get(call).copied().unwrap_or_default() {
                let fault = Fault::Call { call, how, when: format!("{at}{more}") };
                points.push(Point { seed, steps, fault });
            }
        }
    }
    let mut dice = Dice::new(seed);
    for at in 0..60 {
        let fault = Fault::ShortWrite { bytes: 1 + dice.below(400_000), kills: at % 2 == 0 };
        points.push(Point { seed, steps, fault });
    }
    Ok(points)
}

/// Runs a point: `Ok` when the ledger kept its word.
pub fn run(point: &Point) -> Result<Expected, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut command = match &point.fault {
        Fault::Call { call, how, when } => {
            let mut command = strace(folder.path(), Path::new("/dev/null"));
            command.args(["-e", &format!("trace={call}")]);
            command.args(["-e", &format!("inject={call}:{how}:when={when}")]);
            command
        }
        Fault::ShortWrite { bytes, kills } => {
            let mut command = within_time();
            command.args(["prlimit", &format!("--fsize={bytes}")]);
            let trap = if *kills { "exec \"$@\"" } else { "trap '' XFSZ; exec \"$@\"" };
            command.args(["--core=0", "sh", "-c", trap, "sh"]);
            command
        }
    };
    child(&mut command, folder.path(), point.seed, point.steps)?;
    let begun = Instant::now();
    let output = command.output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let outcome = Expected::read(&said).and_then(|expected| {
        // `timeout` kills as a fault does: only the clock tells a hang from it.
        if begun.elapsed() >= HANGS {
            return Err("the child hung".to_owned());
        }
        // Nothing that is made to fail comes before its first word.
        if !said.contains("try ") {
            return Err("the child did not start".to_owned());
        }
        if output.status.code() == Some(101) {
            return Err("the child panicked".to_owned());
        }
        verify::check(folder.path(), &expected)?;
        Ok(expected)
    });
    outcome.map_err(|what| {
        let cries = String::from_utf8_lossy(&output.stderr).into_owned();
        let kept = folder.keep();
        format!("{what}\n  {point:?}\n  files: {}\n{cries}{said}", kept.display())
    })
}
