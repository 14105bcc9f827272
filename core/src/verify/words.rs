//! The sentences of verdicts. Wording lives in `core/data/verdicts.json`, once for all languages and doors; the table here
//! lists every sentence that the checks can say, and a test holds the two against each other.

use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Status;
use crate::value::{Label, Lang, word};

const FILE: &str = include_str!("../../data/verdicts.json");

macro_rules! sentences {
    ($($variant:ident $check:literal $outcome:literal;)*) => {
        /// Every sentence: a check and its outcome.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum Say { $($variant,)* }

        impl Say {
            /// All sentences, in the order of the data file.
            pub(super) const ALL: &'static [Say] = &[$(Say::$variant,)*];

            pub(super) fn check(self) -> &'static str {
                match self { $(Say::$variant => $check,)* }
            }

            pub(super) fn outcome(self) -> &'static str {
                match self { $(Say::$variant => $outcome,)* }
            }
        }
    };
}

sentences! {
    FormatReadableProven "format.readable" "proven";
    FormatReadableContradicted "format.readable" "contradicted";
    SecondOpinionProven "second-opinion" "proven";
    SecondOpinionContradicted "second-opinion" "contradicted";
    LedgerGenesisProven "ledger.genesis" "proven";
    LedgerGenesisContradicted "ledger.genesis" "contradicted";
    LedgerGenesisNotProven "ledger.genesis" "not-proven";
    LedgerOriginProvenLedger "ledger.origin" "proven.ledger";
    LedgerOriginProvenKey "ledger.origin" "proven.key";
    LedgerOriginNotProven "ledger.origin" "not-proven";
    LedgerOriginNotChecked "ledger.origin" "not-checked";
    LedgerOriginNotProvenIntegrity "ledger.origin" "not-proven.integrity";
    LedgerKeysProven "ledger.keys" "proven";
    LedgerKeysNotProven "ledger.keys" "not-proven";
    LedgerOneHistoryProven "ledger.one-history" "proven";
    LedgerOneHistoryContradicted "ledger.one-history" "contradicted";
    LedgerOneHistoryContradictedHead "ledger.one-history" "contradicted.head";
    LedgerOneHistoryNotProven "ledger.one-history" "not-proven";
    LedgerTailNotChecked "ledger.tail" "not-checked";
    LedgerEnvironmentNotProven "ledger.environment" "not-proven";
    LedgerDamageProven "ledger.damage" "proven";
    LedgerRestoredProven "ledger.restored" "proven";
    LedgerRestoredContradicted "ledger.restored" "contradicted";
    LedgerRestoredNotProven "ledger.restored" "not-proven";
    LedgerContinuesProven "ledger.continues" "proven";
    LedgerContinuesContradicted "ledger.continues" "contradicted";
    LedgerContinuesNotProven "ledger.continues" "not-proven";
    BlockKeyProven "block.key" "proven";
    BlockKeyContradicted "block.key" "contradicted";
    BlockKeyNotProven "block.key" "not-proven";
    BlockSignatureProven "block.signature" "proven";
    BlockSignatureContradicted "block.signature" "contradicted";
    BlockSignatureNotProvenKey "block.signature" "not-proven.key";
    BlockSignatureNotProvenEnded "block.signature" "not-proven.ended";
    BlockHistoryProven "block.history" "proven";
    BlockHistoryContradicted "block.history" "contradicted";
    BlockHistoryNotProven "block.history" "not-proven";
    BlockFollowsProven "block.follows" "proven";
    BlockFollowsContradicted "block.follows" "contradicted";
    EntryInBlockProven "entry.in-block" "proven";
    EntryInBlockContradicted "entry.in-block" "contradicted";
    EntryInBlockNotProvenBlock "entry.in-block" "not-proven.block";
    EntryInBlockNotProvenCritical "entry.in-block" "not-proven.critical";
    EntryReadableNotChecked "entry.readable" "not-checked";
    EntryPositionContradicted "entry.position" "contradicted";
    KeyEntryProven "key.entry" "proven";
    KeyEntryContradicted "key.entry" "contradicted";
    KeyEntryNotProven "key.entry" "not-proven";
    KeyCustodyNotProven "key.custody" "not-proven";
    KeyCustodyNotProvenHosted "key.custody" "not-proven.hosted";
    KeyCustodyNotProvenOneTime "key.custody" "not-proven.one-time";
    KeyCertificateProven "key.certificate" "proven";
    KeyCertificateProvenUnrevoked "key.certificate" "proven.unrevoked";
    KeyCertificateNotProvenKey "key.certificate" "not-proven.key";
    KeyCertificateNotProvenUnknown "key.certificate" "not-proven.unknown";
    KeyCertificateNotProven "key.certificate" "not-proven";
    KeyCertificateNotChecked "key.certificate" "not-checked";
    KeyRevokedProven "key.revoked" "proven";
    RecordProfileProven "record.profile" "proven";
    RecordProfileContradicted "record.profile" "contradicted";
    RecordProfileNotChecked "record.profile" "not-checked";
    RecordProfileNotProven "record.profile" "not-proven";
    RecordValuesProven "record.values" "proven";
    RecordValuesContradicted "record.values" "contradicted";
    RecordValuesNotProven "record.values" "not-proven";
    RecordValuesNotChecked "record.values" "not-checked";
    RecordWithheldNotChecked "record.withheld" "not-checked";
    RecordErasedProven "record.erased" "proven";
    RecordErasedNotProven "record.erased" "not-proven";
    RecordHoldProven "record.hold" "proven";
    RecordFindingsNotProven "record.findings" "not-proven";
    RecordTimeNotProven "record.time" "not-proven";
    RecordTimeNotProvenAfterBlock "record.time" "not-proven.after-block";
    RecordTimeNotProvenFuture "record.time" "not-proven.future";
    RecordTimeContradicted "record.time" "contradicted";
    RecordNotLaterProven "record.not-later" "proven";
    RecordNotLaterProvenToken "record.not-later" "proven.token";
    RecordNotLaterNotProven "record.not-later" "not-proven";
    RecordNotEarlierProven "record.not-earlier" "proven";
    RecordNotEarlierProvenToken "record.not-earlier" "proven.token";
    RecordNotEarlierNotProven "record.not-earlier" "not-proven";
    RecordNotEarlierNotProvenToken "record.not-earlier" "not-proven.token";
    RecordNotEarlierNotChecked "record.not-earlier" "not-checked";
    RecordIntervalProven "record.interval" "proven";
    RecordIntervalContradicted "record.interval" "contradicted";
    RecordMonotonicProven "record.monotonic" "proven";
    RecordMonotonicContradicted "record.monotonic" "contradicted";
    ValueMaskedProven "value.masked" "proven";
    ValueMaskedContradicted "value.masked" "contradicted";
    MarkReferenceProven "mark.reference" "proven";
    MarkReferenceContradicted "mark.reference" "contradicted";
    DossierPlacesProven "dossier.places" "proven";
    DossierPlacesNotProven "dossier.places" "not-proven";
    DossierOrderProven "dossier.order" "proven";
    DossierOrderContradicted "dossier.order" "contradicted";
    DossierOnePerPlaceContradicted "dossier.one-per-place" "contradicted";
    DossierLedgersProven "dossier.ledgers" "proven";
    DossierLedgersNotProven "dossier.ledgers" "not-proven";
    DossierTailNotChecked "dossier.tail" "not-checked";
    RecordCitationsProven "record.citations" "proven";
    RecordCitationsNotProven "record.citations" "not-proven";
    RecordSupersedesProven "record.supersedes" "proven";
    RecordSupersedesContradicted "record.supersedes" "contradicted";
    RecordSupersedesNotProven "record.supersedes" "not-proven";
    StatementSignatureProven "statement.signature" "proven";
    StatementSignatureContradicted "statement.signature" "contradicted";
    StatementSignatureNotProvenKey "statement.signature" "not-proven.key";
    StatementSignatureNotProvenRevoked "statement.signature" "not-proven.revoked";
    StatementKeyProven "statement.key" "proven";
    StatementKeyContradicted "statement.key" "contradicted";
    StatementCertificateContradicted "statement.certificate" "contradicted";
    StatementRoleProven "statement.role" "proven";
    StatementRoleContradicted "statement.role" "contradicted";
    StatementRecordProven "statement.record" "proven";
    StatementRecordNotProven "statement.record" "not-proven";
    StatementAudienceProven "statement.audience" "proven";
    StatementAudienceProvenBefore "statement.audience" "proven.before";
    StatementAudienceNotProvenBefore "statement.audience" "not-proven.before";
    StatementAudienceContradicted "statement.audience" "contradicted";
    StatementAudienceNotProven "statement.audience" "not-proven";
    StatementDisplayedProven "statement.displayed" "proven";
    StatementDisplayedNotProven "statement.displayed" "not-proven";
    StatementDisplayedNotProvenNone "statement.displayed" "not-proven.none";
    RuleConsentProven "rule.consent" "proven";
    RuleConsentContradicted "rule.consent" "contradicted";
    RuleConsentNotProvenValues "rule.consent" "not-proven.values";
    RuleConsentNotProvenRecord "rule.consent" "not-proven.record";
    RuleConsentNotProvenPrecision "rule.consent" "not-proven.precision";
    RuleConsentNotProvenUnits "rule.consent" "not-proven.units";
    RuleOrderProven "rule.order" "proven";
    RuleOrderContradicted "rule.order" "contradicted";
    RuleOrderNotProvenValues "rule.order" "not-proven.values";
    RuleOrderNotProvenRecord "rule.order" "not-proven.record";
    RuleOrderNotProvenPrecision "rule.order" "not-proven.precision";
    RuleOrderNotProvenUnits "rule.order" "not-proven.units";
    RuleArithmeticProven "rule.arithmetic" "proven";
    RuleArithmeticContradicted "rule.arithmetic" "contradicted";
    RuleArithmeticNotProvenValues "rule.arithmetic" "not-proven.values";
    RuleArithmeticNotProvenRecord "rule.arithmetic" "not-proven.record";
    RuleArithmeticNotProvenPrecision "rule.arithmetic" "not-proven.precision";
    RuleArithmeticNotProvenUnits "rule.arithmetic" "not-proven.units";
    ConsentBeforeUseProven "consent.before-use" "proven";
    ConsentBeforeUseContradicted "consent.before-use" "contradicted";
    ConsentBeforeUseNotProven "consent.before-use" "not-proven";
    ConsentNoneNotChecked "consent.none" "not-checked";
    OutsideCountersignatureProvenSeen "outside.countersignature" "proven.seen";
    OutsideCountersignatureProvenExtends "outside.countersignature" "proven.extends";
    OutsideCountersignatureContradictedSignature "outside.countersignature" "contradicted.signature";
    OutsideCountersignatureContradictedFork "outside.countersignature" "contradicted.fork";
    OutsideCountersignatureContradictedTarget "outside.countersignature" "contradicted.target";
    OutsideCountersignatureNotProvenKey "outside.countersignature" "not-proven.key";
    OutsideCountersignatureNotProvenBlock "outside.countersignature" "not-proven.block";
    OutsideCountersignatureNotProvenRevoked "outside.countersignature" "not-proven.revoked";
    OutsideTokenProven "outside.token" "proven";
    OutsideTokenProvenUnrevoked "outside.token" "proven.unrevoked";
    OutsideTokenContradictedImprint "outside.token" "contradicted.imprint";
    OutsideTokenContradictedSignature "outside.token" "contradicted.signature";
    OutsideTokenNotChecked "outside.token" "not-checked";
    OutsideTokenNotProven "outside.token" "not-proven";
    OutsideTokenNotProvenForm "outside.token" "not-proven.form";
    OutsideTokenNotProvenAuthority "outside.token" "not-proven.authority";
    OutsidePlatformNotChecked "outside.platform" "not-checked";
    OutsidePlatformNotProven "outside.platform" "not-proven";
    ObservedHeadProven "observed.head" "proven";
    ObservedHeadContradicted "observed.head" "contradicted";
    ObservedHeadNotProven "observed.head" "not-proven";
    RenewalNotChecked "renewal" "not-checked";
    PolicySignersProven "policy.signers" "proven";
    PolicySignersNotProven "policy.signers" "not-proven";
    PolicySignersProvenThreshold "policy.signers" "proven.threshold";
    PolicySignersNotProvenThreshold "policy.signers" "not-proven.threshold";
    PolicyCountersignaturesProven "policy.countersignatures" "proven";
    PolicyCountersignaturesNotProven "policy.countersignatures" "not-proven";
    PolicyTimestampsProven "policy.timestamps" "proven";
    PolicyTimestampsNotProven "policy.timestamps" "not-proven";
    BundleBlocksProven "bundle.blocks" "proven";
    BundleBlocksContradicted "bundle.blocks" "contradicted";
    BundleBlocksNotProven "bundle.blocks" "not-proven";
    BundleCompleteProven "bundle.complete" "proven";
    BundleCompleteContradicted "bundle.complete" "contradicted";
}

impl Say {
    /// The status, which is the first word of the outcome.
    pub(super) fn status(self) -> Status {
        match self.outcome().split('.').next() {
            Some("proven") => Status::Proven,
            Some("contradicted") => Status::Contradicted,
            Some("not-checked") => Status::NotChecked,
            _ => Status::NotProven,
        }
    }

    /// Under which of the court's three heads the check stands.
    pub(super) fn head(self) -> &'static str {
        self.words().map_or("", |words| words.head.as_str())
    }

    /// What the sentence says, with the facts filled in.
    pub(super) fn says(self, facts: &Map<String, Value>) -> Label {
        let label = self.words().and_then(|words| words.says.get(self.outcome()));
        label.map(|label| fill(label, facts)).unwrap_or_else(nothing)
    }

    /// What the check does not say.
    pub(super) fn says_not(self) -> Label {
        self.words().map_or_else(nothing, |words| words.says_not.clone())
    }

    fn words(self) -> Option<&'static Check> {
        static INDEX: OnceLock<Vec<Option<usize>>> = OnceLock::new();
        let index = INDEX.get_or_init(|| {
            let place = |say: &Say| words().checks.iter().position(|check| check.id == say.check());
            Say::ALL.iter().map(place).collect()
        });
        words().checks.get((*index.get(self as usize)?)?)
    }
}

/// The data file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) heads: Table<Label>,
    pub(super) statuses: Table<StatusWords>,
    pub(super) summary: Table<Label>,
    pub(super) grades: Table<GradeWords>,
    pub(super) hints: Table<Label>,
    pub(super) checks: Vec<Check>,
}

type Table<T> = std::collections::BTreeMap<String, T>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusWords {
    pub(super) zh: String,
    pub(super) en: String,
    /// The indication of ETSI EN 319 102-1 that stands beside it.
    #[cfg_attr(not(test), allow(dead_code))]
    pub(super) etsi: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GradeWords {
    pub(super) zh: String,
    pub(super) en: String,
    pub(super) lift_zh: String,
    pub(super) lift_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Check {
    pub(super) id: String,
    pub(super) name: Label,
    pub(super) head: String,
    pub(super) says: Table<Label>,
    pub(super) says_not: Label,
}

/// The data file, read once. A file that does not parse is found by the tests.
pub(super) fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        serde_json::from_str(FILE).unwrap_or_else(|_| Words {
            heads: Table::new(),
            statuses: Table::new(),
            summary: Table::new(),
            grades: Table::new(),
            hints: Table::new(),
            checks: Vec::new(),
        })
    })
}

/// A sentence of the summary.
pub(super) fn summary(id: &str, facts: &Map<String, Value>) -> Label {
    words().summary.get(id).map_or_else(nothing, |label| fill(label, facts))
}

/// What a check is called, in a few words: for lists of what is proven. `None` for an id that no check has.
pub fn check_name(check: &str, lang: Lang) -> Option<&'static str> {
    words().checks.iter().find(|known| known.id == check).map(|known| known.name.get(lang))
}

/// What one of the court's three heads is called; nothing for another id.
pub fn head_name(id: &str, lang: Lang) -> &'static str {
    words().heads.get(id).map_or("", |label| label.get(lang))
}

/// The word for a status, such as 已证实 or PROVEN.
pub fn status_name(status: Status, lang: Lang) -> &'static str {
    words().statuses.get(status.name()).map_or("", |words| match lang {
        Lang::Zh => &words.zh,
        Lang::En => &words.en,
    })
}

fn nothing() -> Label {
    Label { zh: String::new(), en: String::new() }
}

/// Facts that are words of the format's enumerations: told in the reader's language, while the fact stays the word itself.
const WORDS: [&str; 7] = ["action", "custody", "key_role", "reason", "role", "roles", "tier"];

fn fill(label: &Label, facts: &Map<String, Value>) -> Label {
    let one = |template: &str, lang: Lang| {
        let comma = if lang == Lang::Zh { "、" } else { ", " };
        let mut out = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = after.split_once('}') else { break };
            match facts.get(name) {
                Some(Value::String(text)) if WORDS.contains(&name) => {
                    out.push_str(word(text, lang));
                }
                Some(Value::Array(list)) if WORDS.contains(&name) => {
                    let words = list.iter().filter_map(Value::as_str).map(|text| word(text, lang));
                    out.push_str(&words.collect::<Vec<_>>().join(comma));
                }
                Some(value) => out.push_str(&plain(value, comma)),
                None => out.push('–'),
            }
            rest = after;
        }
        out + rest
    };
    Label { zh: one(&label.zh, Lang::Zh), en: one(&label.en, Lang::En) }
}

fn plain(value: &Value, comma: &str) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) => {
            list.iter().map(|one| plain(one, comma)).collect::<Vec<_>>().join(comma)
        }
        // A pair of words in both languages: the comma tells which is being written.
        Value::Object(pair) => {
            let lang = if comma == "、" { "zh" } else { "en" };
            pair.get(lang).map(|one| plain(one, comma)).unwrap_or_default()
        }
        other => other.to_string(),
    }
}
