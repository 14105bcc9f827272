//! A file system in a file, mounted through a loop device. Only root may.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A file system in a file; unmounted when it is dropped.
pub(crate) struct Disk {
    pub(crate) image: PathBuf,
    pub(crate) mount: PathBuf,
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
    pub(crate) fn make(bytes: u64) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let (image, mount) = (folder.path().join("image"), folder.path().join("mount"));
        fs::create_dir(&mount)
            .and_then(|()| fs::File::create(&image)?.set_len(bytes))
            .map_err(|error| error.to_string())?;
        let mut disk = Self { image, mount, mounted: false, _folder: folder };
        run("mkfs.ext4", &["-q", &disk.image.to_string_lossy()])?;
        let (image, mount) = (disk.image.to_string_lossy(), disk.mount.to_string_lossy());
        run("mount", &["-o", "loop", &image, &mount])?;
        disk.mounted = true;
        Ok(disk)
    }

    pub(crate) fn unmount(&mut self) {
        run("umount", &[&self.mount.to_string_lossy()]).unwrap();
        self.mounted = false;
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            let _ = run("umount", &[&self.mount.to_string_lossy()]);
        }
    }
}
