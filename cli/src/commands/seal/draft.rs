//! From a business message and its files to a record that can be appended.

use std::fs::File;
use std::path::{Path, PathBuf};

use yinzheng::hash::{HashAlg, TwinDigest};
use yinzheng::ledger::NewRecord;
use yinzheng::profile::Profile;
use yinzheng::record::{Citation, ProfileRef, RecordBuilder};
use yinzheng::time::{Moment, TimeClaim};
use yinzheng::value::{Attachment, Field, Finding, Parsed};
use yinzheng::{ErrorCode, hash::Digest};

use crate::failure::{Both, Failure, Result, io};
use crate::files;
use crate::output::{Pick, Screen};

/// Files from this size on are hashed behind a progress bar.
const LARGE_FILE: u64 = 64 * 1024 * 1024;

/// A message that was read, with its files: everything a record needs but its place.
pub(super) struct Message {
    fields: Vec<Field>,
    pub(super) told: Told,
}

/// What reading the message brought to light. No values.
pub(super) struct Told {
    /// When it happened, where a field says so.
    pub(super) happened: Option<Moment>,
    pub(super) fields: usize,
    /// Fields with findings.
    pub(super) odd: Vec<(String, Vec<Finding>)>,
    /// Required fields that the message does not have.
    pub(super) missing: Vec<String>,
}

/// Reads a message and the files that belong to it, by field name or key; `happened` names the field that says when.
pub(super) fn read(
    profile: &Profile,
    path: &Path,
    files: &[(String, PathBuf)],
    happened: Option<&str>,
    screen: &Screen,
) -> Result<Message> {
    let message = files::read(path, yinzheng::profile::MESSAGE_BYTES)?;
    let mut attachments = Vec::with_capacity(files.len());
    for (key, path) in files {
        attachments.push((key.clone(), attachment(path, screen)?));
    }
    let reading = profile.read(&message, &attachments).map_err(|error| {
        let refused = error.code() == ErrorCode::RefusedField;
        let failure = Failure::from(error).at(path);
        if refused { failure } else { failure.next(message_advice(profile)) }
    })?;
    let happened = match happened {
        Some(name) => happened_at(profile, &reading.fields, name)?,
        None => None,
    };
    let odd = reading.fields.iter().filter(|field| !field.value.findings().is_empty());
    let told = Told {
        fields: reading.fields.len(),
        odd: odd.map(|field| (field.name.clone(), field.value.findings().to_vec())).collect(),
        missing: reading.missing,
        happened,
    };
    Ok(Message { fields: reading.fields, told })
}

impl Message {
    /// The record that it becomes, and what reading it brought to light.
    pub(super) fn into_record(
        self,
        profile: &Profile,
        hash: HashAlg,
        time: TimeClaim,
        citations: &[Citation],
        supersedes: Option<Digest>,
    ) -> Result<(NewRecord, Told)> {
        let reference = ProfileRef::of(profile, hash);
        let mut builder = RecordBuilder::new(reference, time).fields(self.fields);
        for citation in citations {
            builder = builder.cite(citation.relation, citation.digest);
        }
        if let Some(digest) = supersedes {
            builder = builder.supersedes(digest);
        }
        Ok((NewRecord::new(profile, builder.build()?), self.told))
    }
}

fn message_advice(profile: &Profile) -> Both {
    Both::new(
        format!("请提交一个 JSON 对象；yinzheng profile show {} 列出它的字段。", profile.id()),
        format!("Send one JSON object; yinzheng profile show {} lists its fields.", profile.id()),
    )
}

/// The time that a field says, with the text it was read from. A field that is there and says none is no obstacle.
fn happened_at(profile: &Profile, fields: &[Field], name: &str) -> Result<Option<Moment>> {
    let spec = profile.field_by_key(name);
    let name = spec.map_or(name, |spec| spec.name.as_str());
    let field = fields.iter().find(|field| field.name == name);
    if spec.is_none() && field.is_none() {
        return Err(Failure::input(
            Both::new(
                "场景模板和报文中都没有这个字段",
                "neither profile nor message has this field",
            ),
            message_advice(profile),
        )
        .on(name));
    }
    Ok(field.and_then(|field| match field.value.parsed() {
        Some(Parsed::Instant(at)) => Some(Moment {
            original: field
                .value
                .original()
                .filter(|text| (1..=64).contains(&text.len()))
                .map(str::to_owned),
            ..Moment::new(at.ms(), at.offset())
        }),
        _ => None,
    }))
}

/// A file by its digests, read in one pass and never held in memory.
pub(super) fn attachment(path: &Path, screen: &Screen) -> Result<Attachment> {
    let title = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Attachment {
        media_type: media_type(path).to_owned(),
        digest: digests(path, screen)?,
        title,
    })
}

/// Both digests of a file.
pub(super) fn digests(path: &Path, screen: &Screen) -> Result<TwinDigest> {
    let file = File::open(path).map_err(|error| io(path, &error))?;
    // A bar that comes and goes in no time would only flicker.
    let size = file.metadata().map_or(0, |data| data.len());
    let read = if size < LARGE_FILE {
        TwinDigest::of_reader(file)
    } else {
        let bar = screen.progress_bytes(Some(size), screen.lang.pick("计算摘要", "hashing"));
        let digest = TwinDigest::of_reader(bar.wrap_read(file));
        bar.finish_and_clear();
        digest
    };
    read.map_err(|error| Failure::from(error).at(path))
}

fn media_type(path: &Path) -> &'static str {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    match extension.as_str() {
        "txt" | "md" => "text/plain",
        "csv" => "text/csv",
        "html" | "htm" => "text/html",
        "pdf" => "application/pdf",
        "ofd" => "application/ofd",
        "json" => "application/json",
        "xml" => "application/xml",
        "zip" => "application/zip",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        _ => "application/octet-stream",
    }
}
