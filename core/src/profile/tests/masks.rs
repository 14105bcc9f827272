//! Masking rules against the table that every language reads.

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    rule: String,
    zh: String,
    en: String,
    examples: Vec<Example>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    text: String,
    masked: String,
}

#[test]
fn the_table_is_what_the_code_does() {
    let rows: Vec<Row> = serde_json::from_str(include_str!("../../../data/masks.json")).unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row.rule.as_str()).collect();
    assert_eq!(ids, Mask::ALL.iter().map(|mask| mask.id()).collect::<Vec<_>>());
    for row in &rows {
        assert!(!row.zh.is_empty() && !row.en.is_empty() && row.examples.len() > 2);
        for example in &row.examples {
            assert_eq!(
                mask(&row.rule, &example.text).as_ref(),
                Some(&example.masked),
                "{}: {}",
                row.rule,
                example.text
            );
        }
    }
}

#[test]
fn no_rule_shows_a_text_that_is_not_its_own() {
    for rule in Mask::ALL {
        for text in [
            "",
            "张",
            "完全不是",
            "1",
            "123",
            "\u{202e}",
            "张三李四王五赵六",
            "aaaaaaaaaaaaaaaaaaaa",
            "１３９００００００００１",
        ] {
            let masked = rule.apply(text).unwrap();
            let shown = masked.chars().filter(|c| *c != '*').count();
            let all = text.chars().count();
            assert!(shown == 0 || shown * 2 < all + 1, "{rule:?} {text:?} {masked:?}");
        }
    }
    assert_eq!(mask("none", "x"), None);
    assert_eq!(mask("", "x"), None);
    assert_eq!(Mask::None.apply("x"), None);
}
