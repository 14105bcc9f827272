//! What pages say of single records, signers and originals.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::tests::{VERDICT, contract, made, page, signed_record, value};
use super::*;
use crate::hash::TwinDigest;
use crate::verify::check_name;

#[test]
fn what_is_contradicted_cannot_be_overlooked() {
    let same = page(VERDICT.as_bytes());
    assert!(same.contains("✓ 一致") && !same.contains("✗ 不一致"));
    let number = signed_record();
    let spoilt = page(&made(&value(), |verdict| {
        let lines = verdict["lines"].as_array_mut().unwrap();
        let line =
            lines.iter_mut().find(|l| l["check"] == "record.values" && l["subject"] == *number);
        line.unwrap()["status"] = json!("CONTRADICTED");
    }));
    assert!(spoilt.contains("✗ 不一致"));
    let mismatch = page(&made(&value(), |verdict| {
        verdict["records"][0]["fields"][0]["state"] = json!("mismatch");
    }));
    assert!(mismatch.contains("✗ 不一致"));
    let open = page(&made(&value(), |verdict| {
        for record in verdict["records"].as_array_mut().unwrap() {
            record["sealed"] = json!("NOT_PROVEN");
        }
    }));
    assert!(open.contains("– 未核验") && !open.contains("✓ 一致"));
}

#[test]
fn a_contradiction_is_not_counted_under_the_open_lines_of_its_check() {
    let page = page(&made(&value(), |verdict| {
        let lines = verdict["lines"].as_array_mut().unwrap();
        let mut line = lines.iter().find(|line| line["check"] == "record.values").unwrap().clone();
        lines.retain(|line| line["check"] != "record.values");
        for at in 0..13 {
            line["status"] = json!(if at == 12 { "CONTRADICTED" } else { "NOT_CHECKED" });
            lines.push(line.clone());
        }
    }));
    let name = check_name("record.values", Lang::Zh).unwrap();
    let open = page.split(words::word("open-here", Lang::Zh)).nth(1).unwrap();
    let list = open.split("</ul>").next().unwrap();
    let bad = list.find(&format!("<span class=\"chip bad\">✗ 相矛盾</span> {name} ×1<"));
    let unchecked = list.find(&format!("<span class=\"chip none\">– 未核验</span> {name} ×12<"));
    assert!(bad.is_some() && bad < unchecked, "{list}");
}

#[test]
fn originals_are_there_absent_or_not_looked_for() {
    let with = |originals: Option<BTreeSet<TwinDigest>>| {
        let options = PaperOptions { originals, ..PaperOptions::new(Lang::En) };
        list_csv(VERDICT.as_bytes(), &options).unwrap()
    };
    assert!(with(None).contains("not looked for"));
    assert!(with(Some(BTreeSet::new())).contains("not attached"));
    assert!(with(Some(BTreeSet::from([contract()]))).contains("digest fits"));
    let unlike: [fn(&mut TwinDigest); 3] =
        [|one| one.size += 1, |one| one.sha256[0] ^= 1, |one| one.sm3[31] ^= 1];
    for change in unlike {
        let mut other = contract();
        change(&mut other);
        assert!(with(Some(BTreeSet::from([other]))).contains("not attached"));
    }
}

/// The verdict with this status in every line of a check about the signed record.
fn with_status(check: &str, status: &str) -> Vec<u8> {
    let number = signed_record();
    made(&value(), |verdict| {
        let lines = verdict["lines"].as_array_mut().unwrap();
        let wanted = |line: &&mut Value| line["check"] == check && line["subject"] == *number;
        let mut changed = 0;
        for line in lines.iter_mut().filter(wanted) {
            line["status"] = json!(status);
            changed += 1;
        }
        assert!(changed > 0, "{check}");
    })
}

#[test]
fn where_no_value_is_shown_nothing_is_called_consistent() {
    for status in ["NOT_CHECKED", "NOT_PROVEN"] {
        let verdict = with_status("record.values", status);
        assert!(!page(&verdict).contains("✓ 一致") && page(&verdict).contains("– 未核验"));
        let csv = list_csv(&verdict, &PaperOptions::new(Lang::Zh)).unwrap();
        assert!(csv.contains("\"未核验\"") && !csv.contains("\"一致\""), "{csv}");
    }
    let nothing = made(&value(), |verdict| {
        verdict["lines"].as_array_mut().unwrap().retain(|line| line["check"] != "record.values");
    });
    assert!(!page(&nothing).contains("✓ 一致"));
}

#[test]
fn a_contradiction_of_signers_is_no_mismatch_of_content_and_is_seen_all_the_same() {
    for check in ["statement.role", "statement.audience", "statement.signature"] {
        let verdict = with_status(check, "CONTRADICTED");
        let page = page(&verdict);
        assert!(page.contains("✓ 一致") && !page.contains("✗ 不一致"), "{check}");
        assert!(
            page.contains("<span class=\"chip bad\">✗ 另有相矛盾的核验项 ×1</span>"),
            "{check}"
        );
        let csv = list_csv(&verdict, &PaperOptions::new(Lang::Zh)).unwrap();
        assert!(csv.contains("\"一致；另有相矛盾的核验项 ×1\""), "{check}");
    }
    assert!(!page(VERDICT.as_bytes()).contains("另有相矛盾"));
    let values = page(&with_status("record.values", "CONTRADICTED"));
    assert!(values.contains("✗ 不一致") && !values.contains("另有相矛盾的核验项 ×"));
}

#[test]
fn the_table_tells_of_each_piece_whether_it_is_consistent() {
    let csv = |verdict: &[u8]| list_csv(verdict, &PaperOptions::new(Lang::En)).unwrap();
    let rows = csv(VERDICT.as_bytes());
    let header = rows.lines().next().unwrap();
    assert_eq!(header.split(',').position(|cell| cell == "\"Technical check\""), Some(7));
    assert!(rows.lines().skip(1).all(|row| row.contains(",\"consistent\",")), "{rows}");
    let differs = csv(&with_status("record.values", "CONTRADICTED"));
    assert!(differs.lines().skip(1).all(|row| row.contains(",\"inconsistent\",")), "{differs}");
}

#[test]
fn a_name_that_nobody_but_its_bearer_vouches_for_is_marked_wherever_it_stands() {
    let named = |known: Value| {
        made(&value(), |verdict| {
            verdict["ledgers"][0]["organisation"] = json!("自封公证处");
            verdict["ledgers"][0]["known_as"] = known;
        })
    };
    let options = PaperOptions::new(Lang::Zh);
    let all = |verdict: &[u8]| {
        [
            page(verdict),
            list_html(verdict, &options).unwrap(),
            list_csv(verdict, &options).unwrap(),
            annex(verdict, &contract(), &options).unwrap(),
            receipt(verdict, &signed_record(), &options).unwrap(),
        ]
    };
    for page in all(&named(Value::Null)) {
        let marked = page.matches("自称：自封公证处").count();
        // The part about ledgers has a line "calls itself" of its own.
        let own = page.matches("<dt>自称</dt><dd><bdi>自封公证处").count();
        assert!(marked > 0 && marked + own == page.matches("自封公证处").count(), "{marked} {own}");
    }
    for page in all(&named(json!("核验方所知的银行"))) {
        assert!(page.contains("核验方所知的银行") && !page.contains("自称：自封公证处"));
    }
}

#[test]
fn the_interval_of_a_record_stands_with_its_times() {
    let number = signed_record();
    let with = made(&value(), |verdict| {
        let lines = verdict["lines"].as_array_mut().unwrap();
        let mut line = lines[0].clone();
        line["check"] = json!("record.interval");
        line["subject"] = json!(number);
        line["status"] = json!("PROVEN");
        line["says"] = json!({"zh": "不早于甲，不晚于乙", "en": "between a and b"});
        lines.push(line);
    });
    let details = page(&with).split(words::word("details", Lang::Zh)).nth(1).unwrap().to_owned();
    assert!(details.contains("不早于甲，不晚于乙"));
}

#[test]
fn hand_overs_stand_in_a_part_of_their_own_and_masked() {
    let title = format!("<h2>{}</h2>", words::word("hand-overs", Lang::Zh));
    let part =
        |page: &str| page.split(&title).nth(1).unwrap().split("<h2>").next().unwrap().to_owned();
    let none = words::word("no-hand-over", Lang::Zh);
    assert!(part(&page(VERDICT.as_bytes())).contains(none));
    let field = |name: &str, value: Option<&str>, masked: Option<&str>| {
        let both = |text: Option<&str>| text.map(|text| json!({"zh": text, "en": text}));
        json!({"name": name, "label": {"zh": "甲", "en": "a"}, "state": "shown", "file": null,
            "original": null, "value": both(value), "masked": both(masked)})
    };
    let with = made(&value(), |verdict| {
        let record = &mut verdict["records"][0];
        record["profile"] = json!("evidence.custody");
        record["fields"] = json!([
            field("custody.from", Some("示例银行"), Some("示例银行")),
            field("custody.from_person", Some("王示例"), Some("王**")),
            field("custody.to", Some("某某法院<b>"), Some("某某法院<b>")),
            field("custody.to_person.masked", Some("李**"), Some("李**")),
            field("custody.before", Some("00ff"), None),
            field("custody.result", Some("不一致"), Some("不一致")),
        ]);
    });
    let told = part(&page(&with));
    for text in ["示例银行", "王**", "某某法院&lt;b&gt;", "李**", "不一致", "–"] {
        assert!(told.contains(text), "{text}: {told}");
    }
    for hidden in ["王示例", "00ff", none] {
        assert!(!told.contains(hidden), "{hidden}");
    }
    let options = PaperOptions { full: true, ..PaperOptions::new(Lang::Zh) };
    let full = certificate(&with, Certificate::Preservation, &options).unwrap();
    assert!(part(&full).contains("王示例") && part(&full).contains("00ff"));
}

#[test]
fn certificates_stand_with_issuer_serial_number_and_validity() {
    let with = |check: &str, facts: Value, status: &str| {
        page(&made(&value(), |verdict| {
            let lines = verdict["lines"].as_array_mut().unwrap();
            let mut line = lines[0].clone();
            line["check"] = json!(check);
            line["status"] = json!(status);
            line["facts"] = facts;
            lines.push(line);
        }))
    };
    let facts = json!({"subject": "CN=甲<b>", "issuer": "CN=乙", "serial": "0a1b", "certificates": 1,
        "not_before": "2026-01-01T00:00:00Z", "not_after": "2027-01-01T00:00:00Z"});
    let title = format!("<h2>{}</h2>", words::word("certificates", Lang::Zh));
    for (check, facts) in [
        ("key.certificate", facts.clone()),
        ("outside.token", json!({"serial": "77", "certificate": facts})),
    ] {
        let page = with(check, facts, "NOT_PROVEN");
        let part = page.split(&title).nth(1).expect(check).split("<h2>").next().unwrap();
        for told in ["CN=甲&lt;b&gt;", "CN=乙", "0a1b", "2026-01-01", "2027-01-01", "? 未证实"]
        {
            assert!(part.contains(told), "{check}: {told}");
        }
        assert!(!part.contains("77"), "the token's number is not its certificate's");
    }
    for (check, facts) in [
        ("key.certificate", json!({"certificates": 1})),
        ("outside.token", json!({"serial": "77"})),
        ("key.custody", json!({"serial": "77"})),
    ] {
        assert!(!with(check, facts, "NOT_CHECKED").contains(&title), "{check}");
    }
}
