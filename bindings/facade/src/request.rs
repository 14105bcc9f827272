//! One business event in one request: profile, message, files, time and citations make a record.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
#[cfg(feature = "store")]
use std::sync::Arc;
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::record::{RecordBuilder, RecordDraft, Relation};
use yinzheng::value::Attachment;
use yinzheng::{Error, ErrorCode, Result};

use crate::attach::{DigestWire, digest_of_file};
#[cfg(feature = "store")]
use crate::profiles::Ready;
use crate::profiles::{self, ProfileWire};
use crate::time::{self, TimeWire};
use crate::words;

/// `{"profile", "message", ?"business_id", ?"dossier", ?"attachments", ?"time", ?"cite", ?"supersedes", ?"hash"}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordWire<'a> {
    profile: ProfileWire,
    /// The business message, one JSON object: its exact bytes are read.
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    pub(crate) business_id: Option<String>,
    /// Absent: a new one.
    pub(crate) dossier: Option<String>,
    #[serde(default)]
    attachments: Vec<AttachmentWire>,
    time: Option<TimeWire>,
    #[serde(default)]
    cite: Vec<CiteWire>,
    supersedes: Option<String>,
    hash: Option<String>,
    /// Detached sealing only: place and predecessor that the ledger would know.
    pub(crate) place: Option<u64>,
    pub(crate) predecessor: Option<String>,
    /// Calls that hand out bytes to sign only.
    pub(crate) signer: Option<SignerWire>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CiteWire {
    #[serde(default = "reference")]
    relation: String,
    digest: String,
}

fn reference() -> String {
    Relation::Reference.name().to_owned()
}

/// An attachment in a request: `{"field","media_type","title"}` and either `path` or `digest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachmentWire {
    field: String,
    media_type: String,
    #[serde(default)]
    title: String,
    path: Option<String>,
    digest: Option<DigestWire>,
}

impl AttachmentWire {
    fn read(self) -> Result<(String, Attachment)> {
        let digest = match (&self.path, &self.digest) {
            (Some(path), None) => digest_of_file(path)?,
            (None, Some(digest)) => digest.read()?,
            _ => {
                let what = "an attachment has either path or digest";
                return Err(Error::new(ErrorCode::InvalidArgument, what));
            }
        };
        let attachment = Attachment { media_type: self.media_type, digest, title: self.title };
        Ok((self.field, attachment))
    }
}

/// Who is to sign a record, and as what.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignerWire {
    pub(crate) key: crate::keys::KeyWire,
    pub(crate) role: String,
    /// Seconds since 1970; absent: when the record was captured.
    pub(crate) issued_at: Option<u64>,
    pub(crate) kid: Option<String>,
    pub(crate) displayed: Option<String>,
    pub(crate) audience: Option<String>,
    #[serde(default)]
    pub(crate) certificates: Vec<String>,
}

/// A record ready to be placed.
pub(crate) struct Prepared {
    pub(crate) draft: RecordDraft,
    #[cfg(feature = "store")]
    pub(crate) ready: Arc<Ready>,
    pub(crate) missing: Vec<String>,
    pub(crate) findings: Vec<Value>,
}

impl RecordWire<'_> {
    /// Reads the message and commits to its values. `default_hash` is that of the ledger.
    pub(crate) fn prepare(&mut self, default_hash: HashAlg) -> Result<Prepared> {
        let ready = self.profile.get()?;
        let hash = self.hash.as_deref().map_or(Ok(default_hash), words::hash_alg)?;
        let attachments = std::mem::take(&mut self.attachments)
            .into_iter()
            .map(AttachmentWire::read)
            .collect::<Result<Vec<_>>>()?;
        let message = self.message.map_or("{}", RawValue::get);
        let reading = ready.profile.read(message.as_bytes(), &attachments)?;
        let findings = reading
            .fields
            .iter()
            .filter(|field| !field.value.findings().is_empty())
            .map(
                |field| json!({ "name": field.name, "findings": profiles::findings(&field.value) }),
            )
            .collect();
        let time = time::time(self.time.take())?;
        let mut builder = RecordBuilder::new(ready.reference(hash), time).fields(reading.fields);
        for cite in &self.cite {
            let relation = words::named("relation", Relation::ALL, Relation::name, &cite.relation)?;
            builder = builder.cite(relation, words::digest("cite", &cite.digest)?);
        }
        if let Some(earlier) = &self.supersedes {
            builder = builder.supersedes(words::digest("supersedes", earlier)?);
        }
        Ok(Prepared {
            draft: builder.build()?,
            missing: reading.missing,
            findings,
            #[cfg(feature = "store")]
            ready,
        })
    }

    /// Refuses members that belong to other calls.
    #[cfg(feature = "store")]
    pub(crate) fn only_for_a_ledger(&self, with_signer: bool) -> Result<()> {
        if self.place.is_some() || self.predecessor.is_some() {
            let what = "place and predecessor are the ledger's to know";
            return Err(Error::new(ErrorCode::InvalidArgument, what));
        }
        if self.signer.is_some() != with_signer {
            let what = "signer stands exactly where bytes to sign are asked for";
            return Err(Error::new(ErrorCode::InvalidArgument, what));
        }
        Ok(())
    }

    pub(crate) fn predecessor(&self) -> Result<Option<Digest>> {
        self.predecessor.as_deref().map(|text| words::digest("predecessor", text)).transpose()
    }
}

impl SignerWire {
    /// The terms of a statement. `captured_ms` stands in where no time is given, `ledger` where the audience is `ledger`.
    pub(crate) fn terms(
        &self,
        captured_ms: i64,
        ledger: Option<Digest>,
    ) -> Result<yinzheng::statement::Terms> {
        use yinzheng::statement::{Role, Terms};
        let audience = match self.audience.as_deref() {
            None => None,
            Some("ledger") => Some(ledger.ok_or_else(|| {
                Error::new(
                    ErrorCode::InvalidArgument,
                    "audience: no ledger is open here; name it by its id",
                )
            })?),
            Some(text) => Some(words::digest("audience", text)?),
        };
        Ok(Terms {
            kid: self.kid.as_deref().map(|kid| words::hex_n("kid", kid)).transpose()?,
            role: words::named("role", Role::ALL, Role::name, &self.role)?,
            issued_at: self
                .issued_at
                .unwrap_or_else(|| u64::try_from(captured_ms.div_euclid(1000)).unwrap_or_default()),
            displayed: self
                .displayed
                .as_deref()
                .map(|text| words::digest("displayed", text))
                .transpose()?,
            audience,
            certificates: words::certificates(&self.certificates)?,
        })
    }
}
