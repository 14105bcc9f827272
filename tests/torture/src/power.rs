//! A real power cut: the writer is stopped in the middle of its work, the file system it writes to is shut down without
//! flushing anything, mounted again, and must hold everything that was acknowledged. Needs root.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::expected::Expected;
use crate::script::Dice;
use crate::verify;

/// `EXT4_IOC_SHUTDOWN` (and that of xfs) with "do not flush the log". Rust has no safe call for it; Python has.
const SHUT_DOWN: &str = "import fcntl,os,sys; \
     fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, (2).to_bytes(4, 'little'))";

/// A file system in a file.
struct Disk {
    image: PathBuf,
    mount: PathBuf,
    mounted: bool,
    _folder: tempfile::TempDir,
}

fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim())),
    }
}

impl Disk {
    fn make(kind: &str) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let (image, mount) = (folder.path().join("image"), folder.path().join("mount"));
        let megabytes = if kind == "xfs" { 320 } else { 64 };
        fs::create_dir(&mount)
            .and_then(|()| fs::File::create(&image)?.set_len(megabytes << 20))
            .map_err(|error| error.to_string())?;
        let mut disk = Self { image, mount, mounted: false, _folder: folder };
        run(&format!("mkfs.{kind}"), &["-q", &disk.image.to_string_lossy()])?;
        disk.mount()?;
        Ok(disk)
    }

    fn mount(&mut self) -> Result<(), String> {
        run(
            "mount",
            &["-o", "loop", &self.image.to_string_lossy(), &self.mount.to_string_lossy()],
        )?;
        self.mounted = true;
        Ok(())
    }

    fn unmount(&mut self) -> Result<(), String> {
        run("umount", &[&self.mount.to_string_lossy()])?;
        self.mounted = false;
        Ok(())
    }

    /// Unsynced bytes must be gone afterwards, else the cut was none.
    fn cut(&mut self, bait: &Path) -> Result<(), String> {
        fs::write(bait, vec![b'b'; 4096]).map_err(|error| error.to_string())?;
        run("python3", &["-c", SHUT_DOWN, &self.mount.to_string_lossy()])
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            let _ = self.unmount();
        }
    }
}

/// Whether power can be cut here; else why not.
pub fn available(kind: &str) -> Result<(), String> {
    let mut disk = Disk::make(kind)?;
    let bait = disk.mount.join("bait");
    disk.cut(&bait)?;
    disk.unmount()?;
    disk.mount()?;
    match fs::metadata(&bait) {
        Ok(found) if found.len() > 0 => Err("what was not synced survived: no real cut".into()),
        _ => Ok(()),
    }
}

fn stop(child: &Child) -> Result<(), String> {
    let id = child.id();
    run("kill", &["-STOP", &id.to_string()])?;
    for _ in 0..2_000 {
        let status = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // A sync that is under way would come back as done.
        if status.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with(['T', 'Z'])) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(1));
    }
    Err("the writer does not stop".into())
}

/// One cut, after a time that follows from the seed.
pub fn cut(kind: &str, seed: u64) -> Result<Expected, String> {
    let mut disk = Disk::make(kind)?;
    let work = disk.mount.join("work");
    fs::create_dir(&work).map_err(|error| error.to_string())?;
    run("sync", &["-f", &disk.mount.to_string_lossy()])?;
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut child = Command::new(own)
        .arg("--child")
        .arg(&work)
        .args([seed.to_string(), "1000000".into()])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let out = child.stdout.take().ok_or("no pipe")?;
    let reader = thread::spawn(move || {
        let mut said = String::new();
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            said.push_str(&line);
            said.push('\n');
        }
        said
    });
    let mut dice = Dice::new(!seed);
    thread::sleep(Duration::from_micros(dice.below(400_000)));
    let bait = disk.mount.join("bait");
    let stopped = stop(&child).and_then(|()| disk.cut(&bait));
    let _ = child.kill();
    let _ = child.wait();
    stopped?;
    let said = reader.join().map_err(|_| "reader")?;
    disk.unmount()?;
    disk.mount()?;
    if fs::metadata(&bait).is_ok_and(|found| found.len() > 0) {
        return Err("what was not synced survived: no real cut".into());
    }
    // `work` itself was synced; the files in it are the child's.
    let outcome = Expected::read(&said).and_then(|expected| {
        verify::check(&work, &expected)?;
        Ok(expected)
    });
    outcome.map_err(|what| format!("{what}\n  {kind}, seed {seed}\n{said}"))
}
