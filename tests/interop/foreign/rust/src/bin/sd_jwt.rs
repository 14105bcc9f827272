//! What `yinzheng sd-jwt` issues, read by sd-jwt-rs: signature, claims, fewer claims, another key.
//!
//! `cargo run --bin sd_jwt -- FOLDER`

#![forbid(unsafe_code)]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use jsonwebtoken::DecodingKey;
use sd_jwt_rs::{SDJWTHolder, SDJWTSerializationFormat, SDJWTVerifier};
use serde_json::{Map, Value};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn verified(text: &str, name: &str, pem: &[u8]) -> Result<Value> {
    let key = match name {
        "p256" => DecodingKey::from_ec_pem(pem)?,
        _ => DecodingKey::from_ed_pem(pem)?,
    };
    let key = Box::new(move |_: &str, _: &_| key.clone());
    let format = SDJWTSerializationFormat::Compact;
    Ok(SDJWTVerifier::new(text.to_owned(), key, None, None, format)?.verified_claims)
}

/// What went wrong, and how many checks were made.
fn one(folder: &Path, name: &str) -> Result<(Vec<String>, usize)> {
    let text = fs::read_to_string(folder.join(format!("{name}.sd-jwt")))?;
    let pem = fs::read(folder.join(format!("{name}.public.pem")))?;
    let expected: Map<String, Value> =
        serde_json::from_slice(&fs::read(folder.join(format!("{name}.values.json")))?)?;
    let (mut failed, mut made) = (Vec::new(), 0);
    let mut expect = |what: &str, good: bool| {
        made += 1;
        if !good {
            failed.push(format!("{name}: {what}"));
        }
    };
    let claims = verified(&text, name, &pem)?;
    expect("claims", expected.iter().all(|(label, value)| claims.get(label) == Some(value)));
    let first = expected.keys().next().ok_or("no value is disclosed")?;
    let mut holder = SDJWTHolder::new(text.clone(), SDJWTSerializationFormat::Compact)?;
    let wanted = Map::from_iter([(first.clone(), Value::Bool(true))]);
    let shown = holder.create_presentation(wanted, None, None, None, None)?;
    let claims = verified(&shown, name, &pem)?;
    let there: Vec<&String> =
        expected.keys().filter(|label| claims.get(*label).is_some()).collect();
    expect("one claim", there == [first]);
    let (jwt, rest) = text.split_once('~').ok_or("no ~")?;
    let (signed, signature) = jwt.rsplit_once('.').ok_or("no .")?;
    let other = if signature.starts_with('A') { "B" } else { "A" };
    let spoilt = format!("{signed}.{other}{}~{rest}", &signature[1..]);
    expect("a spoilt signature", verified(&spoilt, name, &pem).is_err());
    Ok((failed, made))
}

fn main() -> ExitCode {
    let folder = std::env::args().nth(1).unwrap_or_default();
    let (mut passed, mut failed) = (0, 0);
    for name in ["p256", "ed25519"] {
        match one(Path::new(&folder), name) {
            Ok((wrong, made)) => {
                wrong.iter().for_each(|what| println!("FAILED sd-jwt-rs: {what}"));
                failed += wrong.len();
                passed += made - wrong.len();
            }
            Err(error) => {
                println!("FAILED sd-jwt-rs: {name}: {error}");
                failed += 1;
            }
        }
    }
    println!("sd-jwt-rs: {passed} passed, {failed} failed");
    ExitCode::from(u8::from(failed > 0))
}
