//! Lines of a verdict in the making, and the summary over them.

use serde_json::{Map, Value};

use super::verdict::{LedgerView, Line, Status, SummaryLine};
use super::words::{self, Say};
use crate::value::Instant;
use crate::value::escape::for_people;

/// The lines of a verdict in the making.
#[derive(Default)]
pub(super) struct Lines(pub(super) Vec<Line>);

impl Lines {
    /// Says a sentence about `subject`; `facts` is a JSON object. Hidden characters of its texts are written out.
    pub(super) fn say(&mut self, say: Say, subject: impl Into<String>, facts: Value) {
        let facts = match escaped(facts) {
            Value::Object(facts) => facts,
            _ => Map::new(),
        };
        self.0.push(Line {
            head: say.head(),
            check: say.check(),
            subject: subject.into(),
            status: say.status(),
            outcome: say.outcome(),
            says: say.says(&facts).into(),
            says_not: say.says_not().into(),
            facts,
        });
    }
}

fn escaped(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(for_people(&text).into_owned()),
        Value::Array(list) => Value::Array(list.into_iter().map(escaped).collect()),
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(name, value)| (name, escaped(value))).collect())
        }
        other => other,
    }
}

/// The first line says what the verdict rests on, the others count.
pub(super) fn summary(lines: &[Line], ledgers: &[LedgerView], readable: bool) -> Vec<SummaryLine> {
    let count = |status| lines.iter().filter(|line| line.status == status).count();
    let known = ledgers.iter().filter(|ledger| ledger.known_as.is_some()).count();
    let facts = serde_json::json!({
        "proven": count(Status::Proven),
        "contradicted": count(Status::Contradicted),
        "not_proven": count(Status::NotProven),
        "not_checked": count(Status::NotChecked),
        "known": known,
        "ledgers": ledgers.len(),
    });
    let facts = match facts {
        Value::Object(facts) => facts,
        _ => Map::new(),
    };
    let mut ids = Vec::new();
    if !readable {
        ids.push("unreadable");
    } else {
        if count(Status::Contradicted) > 0 {
            ids.push("contradicted");
        }
        ids.push(match known {
            0 => "integrity-only",
            known if known < ledgers.len() => "origin-in-part",
            _ => "origin-checked",
        });
        ids.extend(["counts", "after-the-last"]);
    }
    ids.into_iter().map(|id| SummaryLine { id, text: words::summary(id, &facts).into() }).collect()
}

/// Milliseconds since 1970 as RFC 3339; `None` outside the years 1 to 9999.
pub(super) fn time_text(unix_ms: i64, offset_minutes: i16) -> Option<String> {
    Instant::new(unix_ms, offset_minutes).ok().map(|at| at.to_string())
}
