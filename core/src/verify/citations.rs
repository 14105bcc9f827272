//! What records say of each other: citations, corrections, the consent relied on.

use serde_json::json;

use super::case::{Case, RecordShown};
use super::lines::Lines;
use super::words::Say;
use crate::number;
use crate::record::Relation;

/// Says the lines of one record.
pub(super) fn say(case: &Case<'_>, record: &RecordShown<'_>, lines: &mut Lines) {
    let (mut resolved, mut open) = (Vec::new(), Vec::new());
    for citation in &record.record.citations {
        if citation.relation == Relation::Predecessor {
            continue;
        }
        let cited = case.find(&citation.digest).iter().filter_map(|at| case.records.get(*at));
        let cited = cited.filter(|cited| case.stands(cited)).min_by_key(|cited| cited.item);
        let number = number::record_number(&citation.digest);
        if citation.relation == Relation::Consent {
            consent(record, cited, &number, lines);
        }
        if cited.is_some() { resolved.push(number) } else { open.push(number) }
    }
    if !open.is_empty() {
        let facts = json!({ "open": open.len(), "numbers": open, "resolved": resolved.len() });
        lines.say(Say::RecordCitationsNotProven, &record.number, facts);
    } else if !resolved.is_empty() {
        let facts = json!({ "resolved": resolved.len(), "numbers": resolved });
        lines.say(Say::RecordCitationsProven, &record.number, facts);
    }
    if let Some(digest) = &record.record.supersedes {
        let number = number::record_number(digest);
        let old = case.find(digest).iter().filter_map(|at| case.records.get(*at));
        let say = match old.filter(|old| case.stands(old)).min_by_key(|old| old.item) {
            None => Say::RecordSupersedesNotProven,
            Some(old) if old.record.dossier == record.record.dossier => Say::RecordSupersedesProven,
            Some(_) => Say::RecordSupersedesContradicted,
        };
        lines.say(say, &record.number, json!({ "number": number }));
    }
}

/// Consent comes before its use (合法性), by the times that both records declare.
fn consent(
    record: &RecordShown<'_>,
    cited: Option<&RecordShown<'_>>,
    number: &str,
    lines: &mut Lines,
) {
    let used = record.record.time.when();
    let given = cited.map(|cited| cited.record.time.when());
    let facts = json!({
        "number": number,
        "given": given.and_then(super::time::text),
        "used": super::time::text(used),
    });
    let say = match given {
        None => Say::ConsentBeforeUseNotProven,
        Some(given) if given.unix_ms > used.unix_ms => Say::ConsentBeforeUseContradicted,
        Some(_) => Say::ConsentBeforeUseProven,
    };
    lines.say(say, &record.number, facts);
}
