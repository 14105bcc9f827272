//! Reading and writing files: limits on what is read, nothing overwritten unasked, secrets for their owner only.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Component, Path, PathBuf};

use zeroize::Zeroizing;

use crate::failure::{Both, Failure, Result, io};

/// Reads a whole file of at most `limit` bytes; `-` is standard input.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit_u64 = u64::try_from(limit).unwrap_or(u64::MAX);
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(limit_u64 + 1).read_to_end(&mut bytes)
    } else {
        let file = File::open(path).map_err(|error| io(path, &error))?;
        file.take(limit_u64 + 1).read_to_end(&mut bytes)
    };
    read.map_err(|error| io(path, &error))?;
    if bytes.len() > limit {
        return Err(Failure::input(
            Both::new(
                format!("文件超过 {limit} 字节"),
                format!("the file has more than {limit} bytes"),
            ),
            Both::new("请检查是否选错了文件。", "Check whether this is the right file."),
        )
        .at(path));
    }
    Ok(bytes)
}

/// As [`read`], as text.
pub(crate) fn read_text(path: &Path, limit: usize) -> Result<String> {
    String::from_utf8(read(path, limit)?).map_err(|_| {
        Failure::input(
            Both::new("文件不是 UTF-8 文本", "the file is not UTF-8 text"),
            Both::new("请检查是否选错了文件。", "Check whether this is the right file."),
        )
        .at(path)
    })
}

/// Writes a file that is not there yet, or that may be overwritten.
pub(crate) fn write(path: &Path, bytes: &[u8], force: bool) -> Result<()> {
    finish(path, create(path, force), bytes)
}

/// Makes a file that is not there yet, or that may be overwritten.
pub(crate) fn create(path: &Path, force: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    options.open(path)
}

/// As [`write`], a file that only its owner can read.
pub(crate) fn write_private(path: &Path, bytes: &[u8], force: bool) -> Result<()> {
    if force && path.exists() {
        // What was there may have been open to others.
        std::fs::remove_file(path).map_err(|error| io(path, &error))?;
    }
    write_secret(path, bytes)
}

/// Writes a new file that only its owner can read.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    finish(path, options.open(path), bytes)
}

fn finish(path: &Path, file: std::io::Result<File>, bytes: &[u8]) -> Result<()> {
    let write = |mut file: File| {
        file.write_all(bytes)?;
        file.sync_all()
    };
    file.and_then(write).map_err(|error| io(path, &error))
}

/// Makes a folder and those above it.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|error| io(path, &error))
}

/// The first line of a small secret file.
pub(crate) fn read_secret_line(path: &Path) -> Result<Zeroizing<String>> {
    let bytes = Zeroizing::new(read(path, 4096)?);
    let text = std::str::from_utf8(&bytes).map_err(|_| {
        Failure::input(
            Both::new("文件不是 UTF-8 文本", "the file is not UTF-8 text"),
            Both::new(
                "请给出只含一行口令的文件。",
                "Name a file with the secret on its first line.",
            ),
        )
        .at(path)
    })?;
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}

/// `name` inside `folder`. A name that leads outside is refused: stories come from others.
pub(crate) fn inside(folder: &Path, name: &str) -> Result<PathBuf> {
    let path = Path::new(name);
    let stays = !name.is_empty()
        && path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if stays {
        return Ok(folder.join(path));
    }
    Err(Failure::input(
        Both::new("路径指向文件夹之外", "a path that leads outside its folder"),
        Both::new("请使用文件夹内的相对路径。", "Use a relative path inside the folder."),
    )
    .on(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_a_story_stay_inside_it() {
        let folder = Path::new("/story");
        assert_eq!(inside(folder, "messages/1.json").unwrap(), Path::new("/story/messages/1.json"));
        for outside in ["../x", "/etc/passwd", "a/../../x", ""] {
            assert!(inside(folder, outside).is_err(), "{outside}");
        }
    }

    #[test]
    fn nothing_is_overwritten_unasked_and_secrets_are_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write(&path, b"1", false).unwrap();
        assert!(write(&path, b"2", false).is_err());
        write(&path, b"3", true).unwrap();
        assert_eq!(read(&path, 1).unwrap(), b"3");
        assert!(read(&path, 0).is_err());
        let secret = folder.path().join("s");
        write_secret(&secret, b"word\nmore").unwrap();
        assert!(write_secret(&secret, b"x").is_err());
        assert_eq!(read_secret_line(&secret).unwrap().as_str(), "word");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
