//! The rules of profiles over values that are shown.

use super::*;
use crate::hash::HashAlg;
use crate::proof::scene::{Bank, CONSENT, QUERY};
use crate::record::Relation;
use crate::sign::SigAlg;

const DOSSIER: [u8; 16] = [8; 16];

fn story(consent: &str, query: &str, cite: bool) -> Bank {
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::Ed25519, 70);
    let draft = bank.draft(CONSENT, consent, &[]);
    let digest = bank.record(DOSSIER, &draft);
    bank.seal();
    let cites = if cite { vec![(Relation::Reference, digest)] } else { Vec::new() };
    let draft = bank.draft(QUERY, query, &cites);
    bank.record(DOSSIER, &draft);
    bank.seal();
    bank
}

const CONSENT_OK: &str = r#"{"授权编号":"A1","授权时间":"2026-03-01 09:00:00"}"#;

fn rule<'v>(verdict: &'v Verdict, id: &str) -> &'v Line {
    let found = verdict.lines.iter().find(|line| line.facts.get("rule") == Some(&id.into()));
    found.unwrap_or_else(|| panic!("no line of rule {id}"))
}

#[test]
fn consent_must_come_first() {
    let after = r#"{"授权编号":"A1","查询时间":"2026-03-01 09:00:00"}"#;
    let verdict = check(&story(CONSENT_OK, after, true).prove());
    let found = rule(&verdict, "consent-before-query");
    assert_eq!(
        (found.status, found.head),
        (Status::Proven, "lawfulness"),
        "equal times are in order"
    );
    assert_eq!(found.facts["basis"], "征信业管理条例 18");
    let before = r#"{"授权编号":"A1","查询时间":"2026-03-01 08:59:59"}"#;
    let verdict = check(&story(CONSENT_OK, before, true).prove());
    assert_eq!(rule(&verdict, "consent-before-query").outcome, "contradicted");
    only_contradicted(&verdict, &["rule.consent"]);
    // Another consent does not serve.
    let other = r#"{"授权编号":"B9","查询时间":"2026-03-01 10:00:00"}"#;
    let verdict = check(&story(CONSENT_OK, other, true).prove());
    assert_eq!(rule(&verdict, "consent-before-query").outcome, "not-proven.record");
    assert_eq!(rule(&verdict, "query-cites-consent").outcome, "contradicted");
}

#[test]
fn a_query_must_cite_its_consent() {
    let query = r#"{"授权编号":"A1","查询时间":"2026-03-01 10:00:00"}"#;
    let verdict = check(&story(CONSENT_OK, query, true).prove());
    assert_eq!(rule(&verdict, "query-cites-consent").outcome, "proven");
    let verdict = check(&story(CONSENT_OK, query, false).prove());
    assert_eq!(rule(&verdict, "query-cites-consent").outcome, "contradicted");
}

#[test]
fn a_date_without_time_of_day_does_not_tell() {
    let consent = r#"{"授权编号":"A1","授权时间":"2026-03-01"}"#;
    let query = r#"{"授权编号":"A1","查询时间":"2026-03-01 10:00:00"}"#;
    let verdict = check(&story(consent, query, true).prove());
    assert_eq!(rule(&verdict, "consent-before-query").outcome, "not-proven.precision");
    let next_day = r#"{"授权编号":"A1","查询时间":"2026-03-02 00:00:00"}"#;
    let verdict = check(&story(consent, next_day, true).prove());
    assert_eq!(rule(&verdict, "consent-before-query").outcome, "proven", "midnight");
}

#[test]
fn withheld_values_answer_nothing() {
    let query =
        r#"{"授权编号":"A1","查询时间":"2026-03-01 10:00:00","返回时间":"2026-03-01 10:00:01"}"#;
    let bank = story(CONSENT_OK, query, true);
    let hidden =
        |name: &'static str| check(&bank.prove_with(|_, _, _| true, |_, shown| shown != name, &[]));
    let verdict = hidden("consent.given_at");
    assert_eq!(rule(&verdict, "consent-before-query").outcome, "not-proven.values");
    let verdict = hidden("query.at");
    assert_eq!(rule(&verdict, "consent-before-query").outcome, "not-proven.values");
    assert_eq!(rule(&verdict, "asked-before-answered").outcome, "not-proven.values");
    assert_eq!(verdict.count(Status::Contradicted), 0);
    let verdict = hidden("consent.id");
    assert_eq!(rule(&verdict, "query-cites-consent").outcome, "not-proven.values");
}

#[test]
fn order_and_arithmetic_within_a_record() {
    let bad = r#"{"授权编号":"A1","查询时间":"2026-03-01 10:00:01","返回时间":"2026-03-01 10:00:00","金额":"5000.01","额度":"5000"}"#;
    let verdict = check(&story(CONSENT_OK, bad, true).prove());
    let order = rule(&verdict, "asked-before-answered");
    assert_eq!(
        (order.outcome, order.check, order.head),
        ("contradicted", "rule.order", "relevance")
    );
    let sum = rule(&verdict, "within-limit");
    assert_eq!((sum.outcome, sum.check), ("contradicted", "rule.arithmetic"));
    let odd = r#"{"授权编号":"A1","金额":"x","额度":"5000"}"#;
    let verdict = check(&story(CONSENT_OK, odd, true).prove());
    assert_eq!(rule(&verdict, "within-limit").outcome, "not-proven.values");
}

#[test]
fn a_masked_form_must_be_that_of_its_value() {
    let consent = r#"{"姓名":"王小明","授权编号":"A1"}"#;
    let bank = story(consent, "{}", true);
    line(&check(&bank.prove()), "value.masked", "proven");
    // A bank that committed to a mask of somebody else.
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::Ed25519, 70);
    let profile = crate::profile::Profile::parse(CONSENT.as_bytes()).unwrap();
    let read = |text: &str| profile.read(text.as_bytes(), &[]).unwrap().fields;
    let mut fields = read(r#"{"姓名":"王小明"}"#);
    let others = read(r#"{"姓名":"李小明"}"#);
    *fields.iter_mut().find(|f| f.name.ends_with(".masked")).unwrap() =
        others.into_iter().find(|f| f.name.ends_with(".masked")).unwrap();
    let draft = bank.draft_of(CONSENT, fields, &[]);
    bank.record(DOSSIER, &draft);
    bank.seal();
    line(&check(&bank.prove()), "value.masked", "contradicted");
    let hidden = bank.prove_with(|_, _, _| true, |_, name| name.ends_with(".masked"), &[]);
    assert_eq!(check(&hidden).lines_of("value.masked").count(), 0, "only where both are shown");
}

#[test]
fn a_corrected_consent_counts_only_where_it_is_cited() {
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::Ed25519, 70);
    let late = r#"{"授权编号":"A1","授权时间":"2026-03-01 12:00:00"}"#;
    let draft = bank.draft(CONSENT, late, &[]);
    let wrong = bank.record(DOSSIER, &draft);
    let mut draft = bank.draft(CONSENT, CONSENT_OK, &[]);
    draft.supersedes = Some(wrong);
    let right = bank.record(DOSSIER, &draft);
    let query = r#"{"授权编号":"A1","查询时间":"2026-03-01 10:00:00"}"#;
    let draft = bank.draft(QUERY, query, &[(Relation::Consent, right)]);
    bank.record(DOSSIER, &draft);
    bank.seal();
    let verdict = check(&bank.prove());
    assert_eq!(rule(&verdict, "consent-before-query").outcome, "proven");
    line(&verdict, "record.supersedes", "proven");
}

#[test]
fn a_record_that_is_not_proven_is_nobodys_partner() {
    let query = r#"{"授权编号":"A1","查询时间":"2026-03-01 10:00:00"}"#;
    let proof = tamper(story(CONSENT_OK, query, true).prove(), at(1, 1), |item| {
        let receipt = item.receipt().unwrap();
        let mut path = receipt.path().to_vec();
        path[0][0] ^= 1;
        item.receipt = receipt.block().receipt(1, path).encode();
    });
    let verdict = check(&proof);
    assert_eq!(rule(&verdict, "consent-before-query").outcome, "not-proven.record");
    no_line(&verdict, "rule.consent", "proven");
}
