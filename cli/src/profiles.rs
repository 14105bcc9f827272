//! Profiles as people name them: by id, or by a file.

use std::borrow::Cow;
use std::path::Path;

use yinzheng::profile::{Profile, builtin, builtin_by_id};

use crate::failure::{Both, Failure, Result};
use crate::files;

/// One more than a profile may have, so that a larger file is told by the library's own words.
const FILE_BYTES: usize = yinzheng::codec::limits::PROFILE_BYTES + 1;

/// A built-in profile, or the one in a file.
pub(crate) fn named(name: &str) -> Result<Cow<'static, Profile>> {
    if let Some(profile) = builtin_by_id(name) {
        return Ok(Cow::Borrowed(profile));
    }
    let path = Path::new(name);
    if path.is_file() {
        return of_file(path).map(Cow::Owned);
    }
    let close: Vec<&str> = builtin()
        .iter()
        .map(Profile::id)
        .filter(|id| id.split('.').any(|part| name.contains(part)))
        .collect();
    let zh = if close.is_empty() {
        String::new()
    } else {
        format!("相近的有：{}。", close.join("、"))
    };
    let en =
        if close.is_empty() { String::new() } else { format!(" Similar: {}.", close.join(", ")) };
    Err(Failure::input(
        Both::new("没有这个场景模板，也没有这个文件", "no profile and no file of this name"),
        Both::new(
            format!("yinzheng profile list 会列出全部模板。{zh}"),
            format!("yinzheng profile list shows all of them.{en}"),
        ),
    )
    .on(name))
}

/// The profile in a file.
pub(crate) fn of_file(path: &Path) -> Result<Profile> {
    Profile::parse(&files::read(path, FILE_BYTES)?).map_err(|error| Failure::from(error).at(path))
}
