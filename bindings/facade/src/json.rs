//! Requests in, replies out.

use serde::Deserialize;
use serde_json::Value;
use yinzheng::{Error, ErrorCode, Result};

use crate::failure::Outcome;
use crate::guard;

/// The most bytes of one request.
pub(crate) const REQUEST_BYTES: usize = 64 * 1024 * 1024;

/// Reads a request. What the parser says about it is passed on only where it cannot quote a value.
pub(crate) fn read<'a, T: Deserialize<'a>>(what: &str, bytes: &'a [u8]) -> Result<T> {
    if bytes.len() > REQUEST_BYTES {
        return Err(Error::new(ErrorCode::LimitExceeded, format!("{what}: at most 64 MiB")));
    }
    let text = core::str::from_utf8(bytes).map_err(|_| Error::new(ErrorCode::InvalidUtf8, what))?;
    serde_json::from_str(text).map_err(|error| {
        let said = error.to_string();
        let words = match error.classify() {
            serde_json::error::Category::Data => harmless(&said),
            _ => "not JSON".to_owned(),
        };
        let (line, column) = (error.line(), error.column());
        Error::new(
            ErrorCode::InvalidArgument,
            format!("{what}: {words}, line {line}, column {column}"),
        )
    })
}

/// Reads a request that is one object.
pub(crate) fn object<'a, T: Deserialize<'a>>(what: &str, bytes: &'a [u8]) -> Result<T> {
    // A derived reader would also take the members as an array, in the order of the code.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(Error::new(ErrorCode::InvalidArgument, format!("{what}: not a JSON object")));
    }
    read(what, bytes)
}

/// The part of the parser's words that is ours: which member is missing, or what was expected instead.
fn harmless(said: &str) -> String {
    if let Some(rest) = said.strip_prefix("missing field `")
        && let Some((name, _)) = rest.split_once('`')
    {
        return format!("member `{name}` is missing");
    }
    match said.rsplit_once(", expected ").and_then(|(_, rest)| rest.rsplit_once(" at line ")) {
        Some((expected, _)) => format!("expected {expected}"),
        None => "a member stands twice or has another form".to_owned(),
    }
}

/// A reply's bytes.
pub(crate) fn reply(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// One value out of a reply or verdict, by JSON pointer (RFC 6901), so that a host needs no JSON library for small things. A
/// text is given without quotes, `null` as nothing, everything else as JSON.
///
/// # Errors
/// `InvalidArgument` for bytes that are not JSON or a pointer that is none, `NotFound` when nothing is there.
pub fn json_get(json: &[u8], pointer: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("json_get", || {
        let pointer = text("pointer", pointer)?;
        let root: Value = read("json", json)?;
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "a pointer is empty or starts with /",
            ));
        }
        match root.pointer(pointer) {
            None => Err(Error::new(ErrorCode::NotFound, "nothing stands at this pointer")),
            Some(Value::Null) => Ok(Vec::new()),
            Some(Value::String(text)) => Ok(text.clone().into_bytes()),
            Some(other) => Ok(reply(other)),
        }
    })
}

/// Bytes that must be UTF-8.
pub(crate) fn text<'a>(what: &str, bytes: &'a [u8]) -> Result<&'a str> {
    core::str::from_utf8(bytes).map_err(|_| Error::new(ErrorCode::InvalidUtf8, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Loan {
        #[allow(dead_code)]
        amount: u64,
    }

    #[test]
    fn a_bad_request_is_explained_without_its_values() {
        for (json, expected) in [
            (r#"{"amount":"张三, expected 李四"}"#, "u64"),
            (r#"{"张三":1}"#, "expected `amount`"),
            (r#"{}"#, "`amount` is missing"),
            (r#"{"amount":1,"amount":张三}"#, "another form"),
            (r#"{"amount":1} 张三"#, "not JSON"),
            (r#"["#, "not JSON"),
            (r#""#, "not JSON"),
            (r#"{"amount":-1}"#, "expected u64"),
        ] {
            let error = read::<Loan>("loan", json.as_bytes()).unwrap_err();
            assert_eq!(error.number(), 101, "{json}");
            assert!(error.context().contains(expected), "{json}: {}", error.context());
            assert!(!error.context().contains("张三") && !error.context().contains("李四"));
        }
        assert_eq!(read::<Loan>("loan", b"{\xff}").unwrap_err().number(), 309);
    }

    #[test]
    fn a_request_is_an_object() {
        for json in ["[1]", "1", "null", "", " ", "\u{feff}{}"] {
            assert_eq!(
                object::<Loan>("loan", json.as_bytes()).unwrap_err().number(),
                101,
                "{json}"
            );
        }
        assert!(object::<Loan>("loan", b" \n{\"amount\":1}").is_ok());
    }

    #[test]
    fn pointers_lead_to_texts_numbers_and_errors() {
        let json = r#"{"a":[{"b":"x\"y"},7,null,{"~/":true}]}"#.as_bytes();
        assert_eq!(json_get(json, b"/a/0/b").unwrap(), b"x\"y");
        assert_eq!(json_get(json, b"/a/1").unwrap(), b"7");
        assert_eq!(json_get(json, b"/a/2").unwrap(), b"");
        assert_eq!(json_get(json, b"/a/3/~0~1").unwrap(), b"true");
        assert_eq!(json_get(b"[]", b"").unwrap(), b"[]");
        for (json, pointer, number) in [
            (json, &b"/a/9"[..], 502),
            (json, b"/b", 502),
            (json, b"a", 101),
            (json, b"\xff", 309),
            (b"{", b"", 101),
            (b"", b"", 101),
        ] {
            assert_eq!(json_get(json, pointer).unwrap_err().number, number);
        }
    }
}
