//! Ledgers that go on from others (format §5.5): what was taken over keeps its meaning.

use super::case::Case;
use crate::hash::Digest;

/// For which ledger a statement is meant, seen from the one it is sealed in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meant {
    Here,
    /// For the one before, or one further back that is shown to be.
    Before,
    /// Perhaps for one further back: the row of ledgers ends at one that is not shown.
    Perhaps,
    Elsewhere,
}

/// The ledger that `ledger` goes on from.
fn named(case: &Case<'_>, ledger: usize) -> Option<Digest> {
    Some(case.ledgers.get(ledger)?.genesis?.continues.as_ref()?.ledger_id)
}

/// The ledgers that `ledger` goes on from, so far as they are shown, nearest first.
pub(super) fn before<'c>(case: &'c Case<'_>, ledger: usize) -> impl Iterator<Item = usize> + 'c {
    let next = move |ledger: &usize| {
        let id = named(case, *ledger)?;
        case.ledgers.iter().position(|shown| shown.id == id)
    };
    core::iter::successors(next(&ledger), next).take(case.ledgers.len())
}

/// Whether what is meant for `audience` belongs into `ledger`.
pub(super) fn meant_for(case: &Case<'_>, ledger: usize, audience: &Digest) -> Meant {
    if case.ledgers.get(ledger).is_some_and(|shown| shown.id == *audience) {
        return Meant::Here;
    }
    let row: Vec<usize> = core::iter::once(ledger).chain(before(case, ledger)).collect();
    if row.iter().any(|ledger| named(case, *ledger).as_ref() == Some(audience)) {
        return Meant::Before;
    }
    let last = row.last().and_then(|ledger| named(case, *ledger));
    match last {
        Some(id) if !case.ledgers.iter().any(|shown| shown.id == id) => Meant::Perhaps,
        _ => Meant::Elsewhere,
    }
}
