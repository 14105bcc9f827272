//! Grades 证据等级: how far a record has come from its sealer's own word, and what would lift it.

use super::case::{Case, RecordShown};
use super::outside::{WitnessKind, witnesses_of_record};
use super::statements;
use super::verdict::Text;
use super::words;
use crate::statement::Role;

/// The grade of a record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Grade {
    /// 自证: the sealer's own word.
    Own,
    /// 对方签署: signed by the other side.
    Party,
    /// 他证: seen or stamped by somebody outside whom the policy knows.
    Witnessed,
    /// 公证: a notary whom the policy knows.
    Notarised,
}

impl Grade {
    /// Every grade, lowest first.
    #[cfg(test)]
    pub(super) const ALL: [Grade; 4] =
        [Grade::Own, Grade::Party, Grade::Witnessed, Grade::Notarised];

    /// The grade that a role gives, by itself, to what its holder signed.
    fn by(role: Role, known: bool) -> Self {
        match role {
            Role::Notary if known => Grade::Notarised,
            Role::Witness | Role::Lender | Role::Platform if known => Grade::Witnessed,
            Role::CustomersBank if known => Grade::Witnessed,
            Role::Customer | Role::Agent | Role::Guarantor | Role::CustomersBank => Grade::Party,
            _ => Grade::Own,
        }
    }

    /// The grade of a record.
    pub(super) fn of(case: &Case<'_>, record: &RecordShown<'_>) -> Self {
        let Some(item) = case.item_of(record).filter(|_| case.stands(record)) else {
            return Grade::Own;
        };
        let statements = statements::over(case, &record.digest).iter();
        let signed = statements
            .filter(|statement| statement.holds && !statement.own)
            .map(|statement| Grade::by(statement.role, statement.known));
        let seen =
            witnesses_of_record(case, record, item).filter(|witness| !witness.own).map(|witness| {
                match witness.kind {
                    WitnessKind::Countersigner(_, role) => Grade::by(role, true),
                    WitnessKind::Authority(_) => Grade::Witnessed,
                }
            });
        signed.chain(seen).max().unwrap_or(Grade::Own)
    }

    /// The word in JSON.
    pub(super) fn id(self) -> &'static str {
        match self {
            Grade::Own => "self",
            Grade::Party => "countersigned-by-party",
            Grade::Witnessed => "witnessed",
            Grade::Notarised => "notarised",
        }
    }

    /// Its name, and what would lift it.
    pub(super) fn words(self) -> (Text, Text) {
        let words = words::words().grades.get(self.id());
        let text = |zh: Option<&String>, en: Option<&String>| Text {
            zh: zh.cloned().unwrap_or_default(),
            en: en.cloned().unwrap_or_default(),
        };
        (
            text(words.map(|w| &w.zh), words.map(|w| &w.en)),
            text(words.map(|w| &w.lift_zh), words.map(|w| &w.lift_en)),
        )
    }
}
