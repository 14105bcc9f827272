//! The page of a ledger.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use super::*;
use crate::ErrorCode;
use crate::value::Lang;

fn facts() -> LedgerFacts {
    let day = |count| BTreeMap::from([("loan.repayment".to_owned(), count)]);
    LedgerFacts {
        id: "sm3:00ff".into(),
        organisation: "<b>银行</b>".into(),
        now: "2026-11-29T10:00:00+08:00".into(),
        blocks: 10,
        entries: 40,
        unsealed: 3,
        unsealed_age_s: Some(61),
        last_outside: Some(4),
        records: (1..=40).map(|at| (format!("2026-10-{at:02}"), day(at))).collect(),
        findings: BTreeMap::from([("date-only".to_owned(), 7)]),
        keys: vec![KeyFacts {
            role: "ledger".into(),
            algorithm: "SM2".into(),
            custody: "hardware".into(),
            kid: "ab".into(),
            since: 0,
            ended: Some(3),
            revoked: Some("compromised".into()),
        }],
        ..LedgerFacts::default()
    }
}

#[test]
fn only_what_is_past_its_threshold_is_an_alarm() {
    let alarms = |json: &str| Thresholds::parse(json.as_bytes()).unwrap().alarms(&facts());
    assert!(alarms("{}").is_empty());
    assert!(alarms(r#"{"unsealed_entries":3,"unsealed_seconds":61,"blocks_without_outside":5,"findings":7}"#).is_empty());
    assert_eq!(alarms(r#"{"unsealed_seconds":60}"#), [("unsealed-seconds", 61, 60)]);
    assert_eq!(alarms(r#"{"blocks_without_outside":4}"#), [("blocks-without-outside", 5, 4)]);
    let nobody = LedgerFacts { last_outside: None, ..facts() };
    let limit = Thresholds { blocks_without_outside: Some(9), ..Thresholds::default() };
    assert_eq!(limit.alarms(&nobody), [("blocks-without-outside", 10, 9)]);
    for bad in ["", "[]", r#"{"unknown":1}"#, r#"{"held":-1}"#, r#"{"held":"3"}"#] {
        let refused = Thresholds::parse(bad.as_bytes()).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidArgument, "{bad}");
    }
}

#[test]
fn the_page_tells_alarms_and_escapes_names() {
    let options = PaperOptions::new(Lang::En);
    let high = Thresholds { held: Some(9), ..Thresholds::default() };
    let calm = ledger_page(&facts(), &high, &options).unwrap();
    assert!(calm.contains("no threshold is passed") && !calm.contains("<b>"));
    // Where none is given, none is passed; that is no good news.
    let unasked = ledger_page(&facts(), &Thresholds::default(), &options).unwrap();
    assert!(unasked.contains("? no thresholds were given") && !unasked.contains("is passed"));
    // Nine days are told together: 1 + 2 + … + 9.
    assert!(calm.contains(">45<") && !calm.contains("2026-10-09") && calm.contains("2026-10-10"));
    let limits = Thresholds { held: Some(0), unsealed_entries: Some(2), ..Thresholds::default() };
    let alarmed = ledger_page(&facts(), &limits, &options).unwrap();
    assert!(alarmed.contains("3 &gt; 2") && !alarmed.contains("no threshold is passed"));
}
