//! The page of attacks names every test of the workshop, and no test that is not there.

use std::collections::BTreeSet;

const SOURCES: [&str; 5] = [
    include_str!("before.rs"),
    include_str!("histories.rs"),
    include_str!("stolen.rs"),
    include_str!("disclosed.rs"),
    include_str!("origins.rs"),
];

#[test]
fn every_attack_is_on_the_page() {
    let page = include_str!("../../../docs/threat-model.md");
    let mut tests = BTreeSet::new();
    for source in SOURCES {
        let after = source.split("#[test]\nfn ").skip(1);
        tests.extend(after.filter_map(|rest| rest.split('(').next()));
    }
    let rows = page.lines().filter(|line| line.starts_with("| "));
    let named: BTreeSet<&str> = rows
        .flat_map(|row| row.split('`').skip(1).step_by(2))
        .filter(|word| word.contains('_') && !word.contains(['.', ' ']))
        .collect();
    assert_eq!(named, tests);
    assert!(tests.len() >= 35, "{}", tests.len());
}

#[test]
fn every_line_that_the_page_names_is_a_check() {
    let page = include_str!("../../../docs/threat-model.md");
    let verdicts = include_str!("../../data/verdicts.json");
    let words = page.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    for word in words.filter(|word| word.contains('.') && !word.contains(['/', ' ', '_'])) {
        let check = word.split(':').next().unwrap_or_default();
        assert!(verdicts.contains(&format!("{{\"id\": \"{check}\"")), "{check}");
    }
}
