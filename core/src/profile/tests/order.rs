//! Rules over opened values: not earlier, never by a second too strict, and silent where nothing can be known.

use super::*;

const QUERY: &str = r#"{
  "profile": "t.query", "version": 1, "label": {"zh": "", "en": ""}, "default_offset": "+08:00", "refused": [],
  "fields": [
    {"name": "scope", "label": {"zh": "", "en": ""}, "type": "text", "class": "C1", "keys": [], "disclose": "plain"},
    {"name": "at", "label": {"zh": "", "en": ""}, "type": "instant", "class": "C1", "keys": [], "disclose": "plain"},
    {"name": "day", "label": {"zh": "", "en": ""}, "type": "date", "class": "C1", "keys": [], "disclose": "plain"},
    {"name": "sum", "label": {"zh": "", "en": ""}, "type": "money", "currency": "CNY", "class": "C1", "keys": [], "disclose": "plain"},
    {"name": "p1", "label": {"zh": "", "en": ""}, "type": "money", "currency": "CNY", "class": "C1", "keys": [], "disclose": "plain"},
    {"name": "p2", "label": {"zh": "", "en": ""}, "type": "money", "currency": "USD", "class": "C1", "keys": [], "disclose": "plain"},
    {"name": "p3", "label": {"zh": "", "en": ""}, "type": "money", "currency": "CNY", "class": "C1", "keys": [], "disclose": "plain"},
    {"name": "rate", "label": {"zh": "", "en": ""}, "type": "rate", "unit": "%/a", "class": "C1", "keys": [], "disclose": "plain"},
    {"name": "terms", "label": {"zh": "", "en": ""}, "type": "integer", "class": "C1", "keys": [], "disclose": "plain"},
    {"name": "method", "label": {"zh": "", "en": ""}, "type": "text", "class": "C1", "keys": [], "disclose": "plain"},
    {"name": "flag", "label": {"zh": "", "en": ""}, "type": "flag", "class": "C1", "keys": [], "disclose": "plain"},
    {"name": "name", "label": {"zh": "", "en": ""}, "type": "text", "class": "C2", "keys": [], "disclose": "masked", "mask": "name"}
  ],
  "rules": [RULES]
}"#;

fn profile(rules: &str) -> Profile {
    let rules = rules.replace("LABEL", r#""label": {"zh": "", "en": ""}"#);
    Profile::parse(QUERY.replace("RULES", &rules).as_bytes()).unwrap()
}

/// Fields from `name=text` words; `name=` is empty, `name=~` unknown.
fn record(profile: &Profile, words: &[(&str, &str)]) -> Vec<Field> {
    let json: serde_json::Map<_, _> = words
        .iter()
        .map(|(name, text)| {
            (
                (*name).to_owned(),
                if *text == "~" { serde_json::Value::Null } else { (*text).into() },
            )
        })
        .collect();
    profile.read(serde_json::Value::Object(json).to_string().as_bytes(), &[]).unwrap().fields
}

type Words<'a> = &'a [(&'a str, &'a str)];

/// The result of the profile's one rule for a record and others of profile `t.consent`; the others flagged `cited`.
fn ask(rules: &str, mine: Words<'_>, others: &[(Words<'_>, bool)]) -> Option<RuleResult> {
    let profile = profile(rules);
    let fields = record(&profile, mine);
    let others: Vec<_> =
        others.iter().map(|(words, cited)| (record(&profile, words), *cited)).collect();
    let others: Vec<_> = others
        .iter()
        .map(|(fields, cited)| Other {
            profile: "t.consent",
            fields: Opened::all(fields),
            cited: *cited,
        })
        .collect();
    let outcomes = evaluate(&profile, &Opened::all(&fields), &others, false);
    outcomes
        .into_iter()
        .find(|outcome| !outcome.rule.starts_with("masked:"))
        .map(|outcome| outcome.result)
}

const HOLDS: Option<RuleResult> = Some(RuleResult::Holds);
const BROKEN: Option<RuleResult> = Some(RuleResult::Broken);
const fn open(why: Why) -> Option<RuleResult> {
    Some(RuleResult::NotDecidable(why))
}

const AFTER: &str = r#"{"id": "r", "kind": "after", "of": "t.consent", "match": ["scope"], "this": "at", "op": ">=", "that": "at", LABEL}"#;
const EACH: &str = r#"{"id": "r", "kind": "after", "of": "t.consent", "match": ["scope"], "this": "at", "op": ">=", "that": "at", "each": true, LABEL}"#;

#[test]
fn not_earlier_to_the_second_and_over_midnight() {
    for (mine, theirs, expected) in [
        ("2026-03-01 10:00:00", "2026-03-01 09:59:59", HOLDS),
        ("2026-03-01 10:00:00", "2026-03-01 10:00:00", HOLDS),
        ("2026-03-01 10:00:00", "2026-03-01 10:00:00.0", HOLDS),
        ("2026-03-01 10:00:00", "2026-03-01 10:00:01", BROKEN),
        // Over midnight, and 24:00 is the next day's 00:00.
        ("2026-03-02 00:00:00", "2026-03-01 23:59:59", HOLDS),
        ("2026-03-01 23:59:59", "2026-03-02 00:00:00", BROKEN),
        ("2026-03-02 00:00:00", "2026-03-01 24:00:00", HOLDS),
        // Across zones it is the moment that counts.
        ("2026-03-01T02:00:00Z", "2026-03-01T10:00:00+08:00", HOLDS),
        ("2026-03-01T01:59:59Z", "2026-03-01T10:00:00+08:00", BROKEN),
        // A whole second covers its milliseconds; two exact times do not.
        ("2026-03-01 10:00:00", "2026-03-01 10:00:00.500", HOLDS),
        ("2026-03-01 10:00:00.000", "2026-03-01 10:00:00.500", BROKEN),
        ("2026-03-01 10:00:00.499", "2026-03-01 10:00:00.500", BROKEN),
        ("1772330400000", "1772330400001", BROKEN),
        // A date without time tells nothing within its day.
        ("2026-03-01 10:00:00", "2026-03-01", open(Why::Imprecise)),
        ("2026-03-01", "2026-03-01", open(Why::Imprecise)),
        ("2026-03-02 00:00:00", "2026-03-01", HOLDS),
        ("2026-02-28 23:59:59", "2026-03-01", BROKEN),
        // Nothing to compare.
        ("", "2026-03-01 10:00:00", open(Why::NotOpen)),
        ("~", "2026-03-01 10:00:00", open(Why::NotOpen)),
        ("2026-03-01 10:00:00", "下午", open(Why::NotOpen)),
    ] {
        let asked = ask(
            AFTER,
            &[("scope", "a"), ("at", mine)],
            &[(&[("scope", "a"), ("at", theirs)], false)],
        );
        assert_eq!(asked, expected, "{mine} >= {theirs}");
    }
}

#[test]
fn each_query_has_its_own_consent() {
    let mine: Words<'_> = &[("scope", "a"), ("at", "2026-03-01 10:00:00")];
    let early: Words<'_> = &[("scope", "a"), ("at", "2026-03-01 09:00:00")];
    let late: Words<'_> = &[("scope", "a"), ("at", "2026-03-01 11:00:00")];
    let foreign: Words<'_> = &[("scope", "b"), ("at", "2026-03-01 09:00:00")];
    let hidden: Words<'_> = &[("at", "2026-03-01 09:00:00")];
    for (others, one, each) in [
        (&[][..], open(Why::NoRecord), None),
        (&[(foreign, false)], open(Why::NoRecord), None),
        (&[(early, false)], HOLDS, HOLDS),
        (&[(late, false)], BROKEN, BROKEN),
        // A consent renewed later does not undo the first, unless every one is asked for.
        (&[(early, false), (late, false)], HOLDS, BROKEN),
        // The one it cites is its own.
        (&[(early, false), (late, true)], BROKEN, BROKEN),
        (&[(early, true), (late, false)], HOLDS, BROKEN),
        // Whose scope is not open, that one might be it.
        (&[(hidden, false)], open(Why::NotOpen), open(Why::NotOpen)),
        (&[(hidden, false), (early, false)], HOLDS, open(Why::NotOpen)),
        (&[(hidden, false), (late, false)], open(Why::NotOpen), BROKEN),
        (&[(foreign, true), (late, false)], BROKEN, BROKEN),
    ] {
        assert_eq!(ask(AFTER, mine, others), one, "{others:?}");
        assert_eq!(ask(EACH, mine, others), each, "each {others:?}");
    }
    assert_eq!(ask(AFTER, &[("at", "2026-03-01 10:00:00")], &[(early, false)]), open(Why::NotOpen));
}

#[test]
fn comparisons_within_a_record() {
    let rule = |kind: &str, a: &str, b: &str| {
        format!(r#"{{"id": "r", "kind": "{kind}", "a": "{a}", "b": "{b}", LABEL}}"#)
    };
    for (kind, a, b, expected) in [
        ("le", ("p1", "5000.00"), ("p3", "5000"), HOLDS),
        ("le", ("p1", "5000.01"), ("p3", "5000"), BROKEN),
        ("ge", ("p1", "5000.01"), ("p3", "5000"), HOLDS),
        ("equal", ("p1", "5,000.0"), ("p3", "5000"), HOLDS),
        ("equal", ("p1", "1"), ("p3", "2"), BROKEN),
        // Other currencies, other kinds: nothing is said.
        ("le", ("p1", "1"), ("p2", "2"), open(Why::Unlike)),
        ("le", ("p1", "1"), ("rate", "2"), open(Why::Unlike)),
        ("le", ("p1", "1"), ("terms", "2"), open(Why::Unlike)),
        ("le", ("p1", "1"), ("scope", "2"), open(Why::Unlike)),
        ("le", ("p1", "一"), ("p3", "2"), open(Why::NotOpen)),
        ("le", ("p1", ""), ("p3", "2"), open(Why::NotOpen)),
        // A date against the local date of an instant.
        ("ge", ("day", "2026-03-01"), ("at", "2026-03-01 23:59:59"), HOLDS),
        ("ge", ("day", "2026-02-28"), ("at", "2026-03-01 00:00:00"), BROKEN),
        ("ge", ("at", "2026-03-01 00:00:00"), ("day", "2026-03-01"), HOLDS),
        ("ge", ("at", "2026-02-28T20:00:00Z"), ("day", "2026-03-01"), BROKEN),
        // Texts are equal or not, and have no order.
        ("equal", ("scope", "a"), ("method", " a"), HOLDS),
        ("equal", ("scope", "a"), ("method", "b"), BROKEN),
        ("le", ("scope", "a"), ("method", "b"), open(Why::Unlike)),
        ("equal", ("flag", "是"), ("flag", "是"), HOLDS),
    ] {
        let words = if a.0 == b.0 { vec![a] } else { vec![a, b] };
        assert_eq!(ask(&rule(kind, a.0, b.0), &words, &[]), expected, "{a:?} {kind} {b:?}");
    }
}

#[test]
fn sums() {
    let rule = r#"{"id": "r", "kind": "sum", "parts": ["p1", "p2", "p3"], "total": "sum", LABEL}"#;
    for (words, expected) in [
        (&[("p1", "400.00"), ("p3", "71.35"), ("sum", "471.35")][..], HOLDS),
        (&[("p1", "400.00"), ("p3", ""), ("sum", "400")], HOLDS),
        (&[("p1", "400.00"), ("p3", "~"), ("sum", "400")], HOLDS),
        (&[("p1", "400.00"), ("p3", "71.35"), ("sum", "471.36")], BROKEN),
        (&[("p1", "400.00"), ("p2", "71.35"), ("sum", "471.35")], open(Why::Unlike)),
        (&[("p1", "四百"), ("sum", "471.35")], open(Why::NotOpen)),
        (&[("p1", "400.00")], open(Why::NotOpen)),
        (&[("sum", "471.35")], open(Why::NotOpen)),
    ] {
        assert_eq!(ask(rule, words, &[]), expected, "{words:?}");
    }
    // A part that is collected but withheld might be anything.
    let profile = profile(rule);
    let fields = record(&profile, &[("p1", "400"), ("sum", "400")]);
    let mut opened = Opened::all(&fields);
    opened.put("p3", None);
    assert_eq!(
        evaluate(&profile, &opened, &[], false)[0].result,
        RuleResult::NotDecidable(Why::NotOpen)
    );
}

#[test]
fn instalments() {
    let rule = r#"{"id": "r", "kind": "instalment", "amount": "p1", "rate": "rate", "terms": "terms", "method": "method", "result": "p3", LABEL}"#;
    let of = |rate, terms, method, result| {
        [("p1", "5000.00"), ("rate", rate), ("terms", terms), ("method", method), ("p3", result)]
    };
    for (rate, terms, method, result, expected) in [
        ("23.4%", "12", "等额本息", "471.35", HOLDS),
        ("23.4%", "12", "EQUAL_INSTALMENT", "471.34", HOLDS),
        ("23.4%", "12", "等额本息", "471.37", BROKEN),
        ("23.4%", "24", "等额本息", "471.35", BROKEN),
        ("23.4%", "12", "等额本金", "471.35", None),
        ("23.4%", "12", "", "471.35", None),
        ("", "12", "等额本息", "471.35", open(Why::NotOpen)),
        ("23.4%", "十二", "等额本息", "471.35", open(Why::NotOpen)),
        ("23.4%", "0", "等额本息", "471.35", open(Why::Unlike)),
    ] {
        assert_eq!(
            ask(rule, &of(rate, terms, method, result), &[]),
            expected,
            "{rate} {terms} {method} {result}"
        );
    }
    assert_eq!(
        ask(rule, &[("p1", "5000.00"), ("rate", "1"), ("terms", "1"), ("p3", "1")], &[]),
        open(Why::NotOpen)
    );
}

#[test]
fn a_record_cites_what_it_rests_on() {
    let rule = r#"{"id": "r", "kind": "requires", "of": "t.consent", "match": ["scope"], LABEL}"#;
    let mine: Words<'_> = &[("scope", "a")];
    let (same, foreign, hidden): (Words<'_>, Words<'_>, Words<'_>) =
        (&[("scope", "a")], &[("scope", "b")], &[]);
    for (others, expected) in [
        (&[(same, true)][..], HOLDS),
        (&[(foreign, true), (same, true)], HOLDS),
        (&[(same, false)], BROKEN),
        (&[(foreign, true)], BROKEN),
        (&[], BROKEN),
        (&[(hidden, true)], open(Why::NotOpen)),
    ] {
        assert_eq!(ask(rule, mine, others), expected, "{others:?}");
    }
    // What it cites may lie outside the proof.
    let profile = profile(rule);
    let fields = record(&profile, mine);
    let outcome = &evaluate(&profile, &Opened::all(&fields), &[], true)[0];
    assert_eq!(outcome.result, RuleResult::NotDecidable(Why::NoRecord));
}

#[test]
fn outcomes_name_what_was_asked() {
    let profile = profile(AFTER);
    let mine = record(&profile, &[("scope", "a"), ("at", "2026-03-01 10:00:00")]);
    let (x, y) = (
        record(&profile, &[("scope", "b")]),
        record(&profile, &[("scope", "a"), ("at", "2026-03-01 09:00:00")]),
    );
    let other = |profile, fields| Other { profile, fields: Opened::all(fields), cited: false };
    let others = [other("t.else", &y), other("t.consent", &x), other("t.consent", &y)];
    let outcome = evaluate(&profile, &Opened::all(&mine), &others, false).remove(0);
    assert_eq!(
        (outcome.rule.as_str(), outcome.fields, outcome.others),
        ("r", vec!["scope".to_owned(), "at".to_owned()], vec![2])
    );
}

#[test]
fn a_masked_form_is_that_of_its_value() {
    let profile = profile("");
    let fields = record(&profile, &[("name", " 张三")]);
    let check = |opened: &Opened<'_>| evaluate(&profile, opened, &[], false);
    let outcome = check(&Opened::all(&fields)).remove(0);
    assert_eq!((outcome.rule.as_str(), outcome.result), ("masked:name", RuleResult::Holds));
    // Another mask, another rule, or no mask at all under the name.
    let masked = |text: &str, rule: &str| {
        Value::of(Parsed::Masked { text: text.to_owned(), rule: rule.to_owned() }, None, &[])
            .unwrap()
    };
    for wrong in [
        masked("李*", "name"),
        masked("张三", "name"),
        masked("张*", "pan"),
        Value::Text("张*".to_owned()),
        Value::Null,
    ] {
        let mut opened = Opened::all(&fields);
        opened.put("name.masked", Some(&wrong));
        assert_eq!(check(&opened).remove(0).result, RuleResult::Broken);
    }
    // One of the two withheld: nothing to check.
    for name in ["name", "name.masked"] {
        let mut opened = Opened::all(&fields);
        opened.put(name, None);
        assert!(check(&opened).is_empty());
    }
}

#[test]
fn a_hand_over_keeps_its_order_and_its_digest() {
    let profile = builtin_by_id("evidence.custody").unwrap();
    let ask = |rule: &str, words: Words<'_>| {
        let fields = record(profile, words);
        let outcomes = evaluate(profile, &Opened::all(&fields), &[], false);
        outcomes.into_iter().find(|outcome| outcome.rule == rule).map(|outcome| outcome.result)
    };
    let (one, other) = ("0a".repeat(32), "0b".repeat(32));
    let digests = |before, after| {
        ask("digest-unchanged", &[("custody.before", before), ("custody.after", after)])
    };
    assert_eq!(digests(&one, &one), HOLDS);
    assert_eq!(digests(&one, &other), BROKEN);
    assert_eq!(digests(&one, ""), open(Why::NotOpen));
    let times = |given, taken| {
        ask("given-before-taken", &[("custody.given_at", given), ("custody.taken_at", taken)])
    };
    assert_eq!(times("2026-11-29 09:00:00", "2026-11-29 10:00:00"), HOLDS);
    assert_eq!(times("2026-11-29 10:00:00", "2026-11-29 09:00:00"), BROKEN);
}
