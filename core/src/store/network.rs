//! Network file systems, where a ledger is refused: their locks do not always reach other machines, a sync does not always
//! reach a disk, and SQLite's write-ahead log needs memory that one machine shares with itself.

use std::path::Path;

use crate::error::{Error, ErrorCode, Result};

/// Types as the kernel names them.
const NETWORK: [&str; 18] = [
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "fuse.ceph-fuse",
    "fuse.glusterfs",
    "fuse.juicefs",
    "fuse.s3fs",
    "fuse.sshfs",
    "glusterfs",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
];

/// Refuses a path on a network file system. Known on Linux only; elsewhere nothing is refused.
pub(super) fn refuse(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let Ok(place) =
        path.canonicalize().or_else(|_| folder.unwrap_or(Path::new(".")).canonicalize())
    else {
        return Ok(());
    };
    if has_disk(&place) {
        return Ok(());
    }
    let Ok(mounts) = std::fs::read("/proc/self/mountinfo") else { return Ok(()) };
    match file_system(&String::from_utf8_lossy(&mounts), &place) {
        Some(kind) if NETWORK.contains(&kind.as_str()) => Err(Error::new(
            ErrorCode::Storage,
            format!(
                "{kind} is a network file system; keep the ledger on a local disk, and send bundles"
            ),
        )),
        _ => Ok(()),
    }
}

/// Whether a file stands on a disk that this machine has, so that the list of mounts need not be read for the usual ledger. A number
/// alone does not tell: Lustre makes up one that might be a disk's.
#[cfg(target_os = "linux")]
fn has_disk(place: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(place).is_ok_and(|data| std::fs::metadata(disk(data.dev())).is_ok())
}

#[cfg(not(target_os = "linux"))]
fn has_disk(_: &Path) -> bool {
    false
}

/// Where the kernel describes the disk with this number (sysfs(5)): major in bits 8 to 19 and 32 to 63, minor in the others.
#[cfg(any(target_os = "linux", test))]
fn disk(device: u64) -> String {
    let major = (device >> 8 & 0xfff) | (device >> 32 & !0xfff);
    let minor = (device & 0xff) | (device >> 12 & 0xffff_ff00);
    format!("/sys/dev/block/{major}:{minor}")
}

/// The type of the file system that holds `place`: the deepest mount above it, and of two on one point the later
/// (proc_pid_mountinfo(5)).
fn file_system(mounts: &str, place: &Path) -> Option<String> {
    let mut found: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let Some((mount, rest)) = line.split_once(" - ") else { continue };
        let (Some(point), Some(kind)) = (mount.split(' ').nth(4), rest.split(' ').next()) else {
            continue;
        };
        let point = unescape(point);
        let depth = Path::new(&point).components().count();
        if place.starts_with(&point) && found.is_none_or(|(best, _)| depth >= best) {
            found = Some((depth, kind));
        }
    }
    found.map(|(_, kind)| kind.to_owned())
}

/// Spaces, tabs, line ends and backslashes are written as three octal digits.
fn unescape(text: &str) -> String {
    let escapes = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
    escapes.iter().fold(text.to_owned(), |text, (code, plain)| text.replace(code, plain))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const MOUNTS: &str = "\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
22 21 0:40 / /home rw shared:2 master:3 - nfs4 bank:/home rw
23 22 8:2 / /home/local\\040disk rw - xfs /dev/sdb rw
24 21 0:41 / /mnt/share rw - cifs //branch/share rw
25 21 0:42 / /over rw - ext4 /dev/sdc rw
26 25 0:43 / /over rw - fuse.sshfs far:/ rw
short line
";

    #[test]
    fn the_deepest_and_latest_mount_counts() {
        let kind = |place: &str| file_system(MOUNTS, Path::new(place)).unwrap();
        assert_eq!(kind("/var/lib/ledger.yzl"), "ext4");
        assert_eq!(kind("/home/teller/ledger.yzl"), "nfs4");
        assert_eq!(kind("/home/local disk/ledger.yzl"), "xfs");
        assert_eq!(kind("/homeless/ledger.yzl"), "ext4", "a name that only begins like a mount");
        assert_eq!(kind("/mnt/share/a/b"), "cifs");
        assert_eq!(kind("/over/a"), "fuse.sshfs");
        assert_eq!(file_system("", Path::new("/")), None);
    }

    #[test]
    fn a_disk_is_found_by_its_number() {
        assert_eq!(disk(0x0801), "/sys/dev/block/8:1");
        assert_eq!(disk(0x1_2000_0000_0000), "/sys/dev/block/73728:0", "a large major number");
        assert_eq!(
            (disk(0x28), disk(0x0010_00ff)),
            ("/sys/dev/block/0:40".into(), "/sys/dev/block/0:511".into())
        );
        assert!(!has_disk(Path::new("/proc")) && !has_disk(Path::new("/no/such/file")));
    }

    #[test]
    fn a_local_folder_is_not_refused() {
        let folder = tempfile::tempdir().unwrap();
        refuse(&folder.path().join("new.yzl")).unwrap();
        refuse(Path::new("no/such/folder/new.yzl")).unwrap();
    }
}
