//! What people name on the command line: a record number, a preservation number, a digest, a sequence number, a block.

use yinzheng::ErrorCode;
use yinzheng::hash::Digest;
use yinzheng::ledger::{Found, Ledger};
use yinzheng::number::{self, Number};
use yinzheng::store::PlaceRow;

use crate::failure::{Both, Failure, Result};

/// A thing named, not yet looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// `R-…`, `D-…`, `sha256:…` or `sm3:…`.
    Number(Number),
    /// A sequence number.
    Sequence(u64),
    /// `block:7`.
    Block(u64),
}

/// A thing found in a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Dossier([u8; 16], Vec<PlaceRow>),
    Record(PlaceRow),
    Sequence(u64),
    Block(u64),
}

/// Reads a name.
pub(crate) fn parse(text: &str) -> Result<Name> {
    if let Some(height) = text.strip_prefix("block:").and_then(|height| height.parse().ok()) {
        return Ok(Name::Block(height));
    }
    if let Ok(sequence) = text.parse() {
        return Ok(Name::Sequence(sequence));
    }
    if let Ok(digest) = text.parse::<Digest>() {
        return Ok(Name::Number(number::parse(&number::record_number(&digest))?));
    }
    number::parse(text).map(Name::Number).map_err(|error| {
        let advice = Both::new(
            "请写存证编号 R-…、保全号 D-…、序号（如 12）或区块（如 block:3）；yinzheng list 会列出它们。",
            "Write a record number R-…, a dossier D-…, a sequence number such as 12, or block:3; yinzheng list shows them.",
        );
        Failure::from(error).next(advice).on(text)
    })
}

/// Looks for a thing in a ledger; `None` when it is not there.
pub(crate) fn find(ledger: &Ledger, name: &Name) -> Result<Option<Target>> {
    match name {
        Name::Sequence(sequence) => {
            let there = *sequence < ledger.status()?.entries;
            Ok(there.then_some(Target::Sequence(*sequence)))
        }
        Name::Block(height) => {
            let there = *height < ledger.status()?.blocks;
            Ok(there.then_some(Target::Block(*height)))
        }
        Name::Number(number) => match ledger.find(number) {
            Ok(Found::Dossier(id, places)) => Ok(Some(Target::Dossier(id, places))),
            Ok(Found::Record(row)) => Ok(Some(Target::Record(row))),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        },
    }
}

/// As [`find`], where the thing must be there.
pub(crate) fn need(ledger: &Ledger, text: &str) -> Result<Target> {
    find(ledger, &parse(text)?)?.ok_or_else(|| not_found(text))
}

/// Nothing of this name is in the ledger.
pub(crate) fn not_found(text: &str) -> Failure {
    Failure::from(yinzheng::Error::new(ErrorCode::NotFound, ""))
        .next(Both::new(
            "请核对编号和 --ledger；yinzheng list records 会列出账本中的记录。",
            "Check the number and --ledger; yinzheng list records shows what is in the ledger.",
        ))
        .on(text)
}

/// The digest of a record, by its number in this ledger or written out.
pub(crate) fn digest(ledger: &Ledger, text: &str) -> Result<Digest> {
    if let Ok(digest) = text.parse::<Digest>() {
        return Ok(digest);
    }
    match need(ledger, text)? {
        Target::Record(row) => Ok(row.digest),
        _ => Err(Failure::input(
            Both::new("这不是一条存证记录", "this is not a record"),
            Both::new(
                "请写存证编号 R-…，或摘要 sha256:…、sm3:…。",
                "Write a record number R-…, or a digest sha256:… or sm3:….",
            ),
        )
        .on(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use yinzheng::hash::HashAlg;

    #[test]
    fn names_are_told_apart() {
        let digest = Digest::of(HashAlg::Sm3, b"x");
        let number = number::record_number(&digest);
        assert_eq!(parse("12").unwrap(), Name::Sequence(12));
        assert_eq!(parse("block:3").unwrap(), Name::Block(3));
        assert_eq!(parse(&number).unwrap(), parse(&digest.to_string()).unwrap());
        for wrong in ["", "block:", "block:x", "-1", "R-123", "sm3:00"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
