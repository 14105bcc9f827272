//! Profiles 场景模板: those that come with the library, by id, and a host's own, by handle. Each is read once.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use yinzheng::codec::Writer;
use yinzheng::hash::{HashAlg, hex};
use yinzheng::profile::{Profile, builtin};
#[cfg(feature = "seal")]
use yinzheng::record::ProfileRef;
use yinzheng::value::parse::{FieldType, Spec};
use yinzheng::value::{Field, Finding, Lang, Value as FieldValue};
use yinzheng::{Error, ErrorCode, Result};

use crate::failure::Outcome;
use crate::handle::{self, Handle, Object};
use crate::{guard, json};

/// A profile with what every record needs of it, computed once.
pub(crate) struct Ready {
    pub(crate) profile: Profile,
    pub(crate) bytes: Arc<[u8]>,
    #[cfg(feature = "seal")]
    refs: [ProfileRef; 2],
}

impl Object for Ready {
    const TYPE: u64 = 3;
    const NAME: &'static str = "profile";
}

impl Ready {
    fn new(profile: Profile) -> Self {
        Self {
            bytes: Arc::from(profile.bytes()),
            #[cfg(feature = "seal")]
            refs: HashAlg::ALL.map(|hash| ProfileRef::of(&profile, hash)),
            profile,
        }
    }

    #[cfg(feature = "seal")]
    pub(crate) fn reference(&self, hash: HashAlg) -> ProfileRef {
        let [sha256, sm3] = &self.refs;
        match hash {
            HashAlg::Sha256 => sha256.clone(),
            HashAlg::Sm3 => sm3.clone(),
        }
    }
}

/// A profile in a request: the id of a built-in one, or the handle of a loaded one.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum ProfileWire {
    Id(String),
    Handle(u64),
}

impl ProfileWire {
    pub(crate) fn get(&self) -> Result<Arc<Ready>> {
        match self {
            ProfileWire::Id(id) => builtin_ready(id),
            ProfileWire::Handle(handle) => Ok(handle::lease::<Ready>(*handle)?.object),
        }
    }
}

fn builtin_ready(id: &str) -> Result<Arc<Ready>> {
    static READY: OnceLock<Vec<OnceLock<Arc<Ready>>>> = OnceLock::new();
    let places = READY.get_or_init(|| builtin().iter().map(|_| OnceLock::new()).collect());
    let mut pairs = builtin().iter().zip(places);
    let (profile, place) = pairs.find(|(profile, _)| profile.id() == id).ok_or_else(|| {
        Error::new(ErrorCode::UnknownName, "no profile with this id comes with the library")
    })?;
    Ok(Arc::clone(place.get_or_init(|| Arc::new(Ready::new(profile.clone())))))
}

/// A profile argument: a built-in id as text, or the decimal digits of a handle.
fn argument(profile: &[u8]) -> Result<Arc<Ready>> {
    let text = json::text("profile", profile)?;
    match text.parse::<u64>() {
        Ok(handle) => ProfileWire::Handle(handle).get(),
        Err(_) => builtin_ready(text),
    }
}

fn describe(profile: &Profile) -> Value {
    json!({
        "id": profile.id(),
        "version": profile.version(),
        "label": { "zh": profile.label(Lang::Zh), "en": profile.label(Lang::En) },
        "phase": profile.phase(),
        "fields": profile.fields().len(),
        "sha256": hex::encode(&profile.digest(HashAlg::Sha256).bytes),
        "sm3": hex::encode(&profile.digest(HashAlg::Sm3).bytes),
    })
}

/// The profiles that come with the library: `[{"id","version","label","phase","fields","sha256","sm3"}]`.
pub fn profile_list() -> Outcome<Vec<u8>> {
    guard::run("profile_list", || Ok(json::reply(&builtin().iter().map(describe).collect())))
}

/// Reads a profile file of the host's own and keeps it under a handle, to be named in requests as `"profile": <handle>`.
///
/// # Errors
/// `InvalidProfile`.
pub fn profile_load(file: &[u8]) -> Outcome<Handle> {
    guard::run("profile_load", || handle::keep(Ready::new(Profile::parse(file)?)))
}

/// What [`profile_list`] says, of one profile: a built-in id, or the digits of a handle.
///
/// # Errors
/// `UnknownName`, `InvalidHandle`.
pub fn profile_describe(profile: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("profile_describe", || Ok(json::reply(&describe(&argument(profile)?.profile))))
}

/// The exact bytes of a profile file.
///
/// # Errors
/// As [`profile_describe`].
pub fn profile_file(profile: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("profile_file", || Ok(argument(profile)?.bytes.to_vec()))
}

/// Reads a business message through a profile, without sealing anything:
/// `{"fields":[{"name","class","label","value","hex","findings","zh","en"}],"missing":[name]}`. `hex` is the value's bytes, `zh` and
/// `en` are what people see.
///
/// # Errors
/// `RefusedField`, `InvalidMessage`, `LimitExceeded`, `UnknownName`.
pub fn profile_read(profile: &[u8], message: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("profile_read", || {
        let ready = argument(profile)?;
        let reading = ready.profile.read(message, &[])?;
        let fields: Vec<Value> =
            reading.fields.iter().map(|field| row(&ready.profile, field)).collect();
        Ok(json::reply(&json!({ "fields": fields, "missing": reading.missing })))
    })
}

fn row(profile: &Profile, field: &Field) -> Value {
    let mut row = value_json(&field.value);
    if let Some(members) = row.as_object_mut() {
        let spec = profile.field(&field.name);
        let shown = |lang| match spec {
            Some(spec) => spec.display(&field.value, lang),
            None => field.value.display(lang),
        };
        members.insert("name".into(), json!(field.name));
        members.insert("class".into(), json!(format!("{:?}", field.class)));
        let label = |lang| profile.field_label(&field.name, lang);
        members.insert("label".into(), json!({ "zh": label(Lang::Zh), "en": label(Lang::En) }));
        members.insert("zh".into(), json!(shown(Lang::Zh)));
        members.insert("en".into(), json!(shown(Lang::En)));
    }
    row
}

pub(crate) fn findings(value: &FieldValue) -> Vec<u16> {
    value.findings().iter().map(|finding: &Finding| finding.number()).collect()
}

pub(crate) fn value_json(value: &FieldValue) -> Value {
    let mut w = Writer::new();
    value.write(&mut w);
    json!({
        "hex": hex::encode(&w.finish()),
        "findings": findings(value),
        "zh": value.display(Lang::Zh),
        "en": value.display(Lang::En),
    })
}

/// Reads a captured text as a type (the names of profile files, such as `money`), without a profile: `{"hex","findings","zh","en"}`.
/// Money is in CNY, as in the profiles that come with the library.
///
/// # Errors
/// `UnknownName` for another type, `TooLarge`.
pub fn value_read(field_type: &[u8], text: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("value_read", || {
        let name = Value::String(json::text("type", field_type)?.to_owned());
        let field_type: FieldType = from_value(name)
            .ok_or_else(|| Error::new(ErrorCode::UnknownName, "type: a type of profile files"))?;
        let mut spec = Spec::of(field_type);
        spec.currency = (field_type == FieldType::Money).then(|| "CNY".to_owned());
        let value = spec.read(json::text("text", text)?)?;
        Ok(json::reply(&value_json(&value)))
    })
}

fn from_value<T: DeserializeOwned>(value: Value) -> Option<T> {
    serde_json::from_value(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(reply: &[u8], pointer: &str) -> String {
        String::from_utf8(crate::json_get(reply, pointer.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn builtin_and_loaded_profiles_read_messages_alike() {
        let file = profile_file(b"loan.disbursement").unwrap();
        let handle = profile_load(&file).unwrap();
        let message = r#"{"借款金额":"5000.00","备注":""}"#.as_bytes();
        let (a, b) = ("loan.disbursement".to_owned(), handle.to_string());
        let readings = [a, b].map(|name| profile_read(name.as_bytes(), message).unwrap());
        assert_eq!(readings[0], readings[1]);
        assert_eq!(get(&readings[0], "/fields/0/label/en"), "Amount");
        assert_eq!(get(&profile_list().unwrap(), "/0/id"), "law.agreement");
        assert_eq!(
            profile_describe(handle.to_string().as_bytes()).unwrap(),
            profile_describe(b"loan.disbursement").unwrap()
        );
        crate::close(handle).unwrap();
        assert_eq!(profile_read(handle.to_string().as_bytes(), message).unwrap_err().number, 204);
    }

    #[test]
    fn what_is_no_profile_or_no_message_is_refused() {
        for (profile, message, number) in [
            ("nothing", "{}", 102),
            ("", "{}", 102),
            ("0", "{}", 204),
            ("99", "{}", 204),
            ("generic", "[]", 105),
            ("generic", "", 105),
            ("generic", r#"{"支付密码":"1"}"#, 103),
            ("generic", r#"{"a":1,"a":2}"#, 105),
        ] {
            let outcome = profile_read(profile.as_bytes(), message.as_bytes());
            assert_eq!(outcome.unwrap_err().number, number, "{profile} {message}");
        }
        for file in [&b""[..], b"{}", b"\xff", b"null"] {
            assert_eq!(profile_load(file).unwrap_err().number, 106);
        }
        assert_eq!(value_read(b"secret", b"x").unwrap_err().number, 102);
        assert_eq!(value_read(b"money", b"\xff").unwrap_err().number, 309);
        assert_eq!(value_read(b"text", &vec![b'x'; 262_145]).unwrap_err().number, 308);
    }
}
