//! What the library is, how much it takes, and what its errors mean.

use serde_json::json;
use yinzheng::codec::limits as core;
use yinzheng::{Error, ErrorCode, Result};

use crate::failure::Outcome;
use crate::{guard, json, words};

/// `{"version","format","store","seal"}`: version of the library, version of the sealed format, and what this build can do.
pub fn version() -> Outcome<Vec<u8>> {
    guard::run("version", || {
        Ok(json::reply(&json!({
            "version": env!("CARGO_PKG_VERSION"),
            "format": 0,
            "store": cfg!(feature = "store"),
            "seal": cfg!(feature = "seal"),
        })))
    })
}

/// The limits, by the names of `core/data/limits.json`, and those of this boundary.
pub fn limits() -> Outcome<Vec<u8>> {
    guard::run("limits", || {
        Ok(json::reply(&json!({
            "entry_bytes": core::ENTRY_BYTES,
            "depth": core::DEPTH,
            "fields": core::FIELDS,
            "path_nodes": core::PATH_NODES,
            "signature_bytes": core::SIGNATURE_BYTES,
            "header_bytes": core::HEADER_BYTES,
            "count": core::COUNT,
            "proof_bytes": core::PROOF_BYTES,
            "proof_items": core::PROOF_ITEMS,
            "name_bytes": core::NAME_BYTES,
            "profile_bytes": core::PROFILE_BYTES,
            "sm2_id_bytes": core::SM2_ID_BYTES,
            "id_bytes": core::ID_BYTES,
            "map_key": core::MAP_KEY,
            "citations": core::CITATIONS,
            "certificate_bytes": core::CERTIFICATE_BYTES,
            "certificates": core::CERTIFICATES,
            "block_entries": core::BLOCK_ENTRIES,
            "request_bytes": json::REQUEST_BYTES,
            "message_bytes": yinzheng::profile::MESSAGE_BYTES,
            "handles": 1 << 20,
        })))
    })
}

/// `{"number","name","message","advice"}` of an error, in `zh` or `en`.
///
/// # Errors
/// `UnknownName` for a number that no error has, or another language.
pub fn error_info(number: u32, language: &[u8]) -> Outcome<Vec<u8>> {
    guard::run("error_info", || {
        let lang = words::language(language)?;
        let code = by_number(number)?;
        let (message, advice) = match lang {
            yinzheng::value::Lang::Zh => (code.message_zh(), code.advice_zh()),
            yinzheng::value::Lang::En => (code.message(), code.advice()),
        };
        Ok(json::reply(&json!({
            "number": code.number(), "name": code.name(), "message": message, "advice": advice,
        })))
    })
}

fn by_number(number: u32) -> Result<ErrorCode> {
    ErrorCode::ALL
        .iter()
        .copied()
        .find(|code| u32::from(code.number()) == number)
        .ok_or_else(|| Error::new(ErrorCode::UnknownName, "no error has this number"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn every_error_has_words_in_both_languages() {
        let table: Vec<Value> =
            serde_json::from_str(include_str!("../../../core/data/errors.json")).unwrap();
        assert_eq!(table.len(), ErrorCode::ALL.len());
        for row in table {
            let number = u32::try_from(row["number"].as_u64().unwrap()).unwrap();
            for (language, message, advice) in
                [("en", "message", "advice"), ("zh", "message_zh", "advice_zh")]
            {
                let said = error_info(number, language.as_bytes()).unwrap();
                let said: Value = serde_json::from_slice(&said).unwrap();
                assert_eq!(said["name"], row["name"]);
                assert_eq!(said["message"], row[message], "{number}");
                assert_eq!(said["advice"], row[advice], "{number}");
            }
        }
    }

    #[test]
    fn other_numbers_and_languages_are_refused() {
        for number in [0, 1, 100, 199, 1000, u32::MAX] {
            assert_eq!(error_info(number, b"en").unwrap_err().number, 102);
        }
        for language in [&b"fr"[..], b"ZH", b"zh ", b"\xff"] {
            assert_eq!(error_info(101, language).unwrap_err().number, 102);
        }
    }

    #[test]
    fn limits_are_those_of_the_data_file() {
        let file: Value =
            serde_json::from_str(include_str!("../../../core/data/limits.json")).unwrap();
        let ours: Value = serde_json::from_slice(&limits().unwrap()).unwrap();
        for (name, value) in file.as_object().unwrap() {
            assert_eq!(&ours[name], value, "{name}");
        }
    }
}
