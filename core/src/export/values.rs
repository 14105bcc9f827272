//! The record in an entry, and the values that the proof discloses of it.

use super::Shown;
use super::commands::{Commands, Section};
use crate::error::Result;
use crate::value::Disclosure;
use crate::value::escape::for_people;

pub(super) fn values(out: &mut Commands, shown: &Shown<'_>) -> Result<()> {
    let Some((record, bytes)) = shown.entry.record() else { return Ok(()) };
    let hash = record.hash;
    out.file("record.cbor", bytes.to_vec());
    out.digest_under(hash, Section::Values, "record.cbor", &record.digest(bytes).bytes, "");
    for (at, disclosure) in shown.item.disclosures.iter().enumerate() {
        let name = format!("value-{:02}.cbor", at + 1);
        let read = Disclosure::parse(disclosure)?;
        let field = for_people(&read.name);
        out.digest_under(hash, Section::Values, &name, &hash.digest(disclosure), &field);
        out.file(&name, disclosure.clone());
    }
    Ok(())
}
