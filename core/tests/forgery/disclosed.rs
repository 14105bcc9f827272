//! What is shown, what is not, and what is shown falsely.

use crate::entry::{Tombstone, TombstoneReason};
use crate::scene::QUERY;
use crate::time::TimeClaim;
use crate::value::{Disclosure, Lang};
use crate::*;

/// A borrower strips disclosures from a proof. Names stay: withheld is not "not collected", and not "empty".
#[test]
fn borrower_strips_disclosures() {
    let proof = bank().prove_with(|_, _, _| true, |_, name| name != "loan.amount", &[]);
    let verdict = stranger(&proof);
    holds(&verdict);
    let said = verdict.lines_of("record.withheld").last().unwrap();
    assert_eq!(said.facts["names"], serde_json::json!(["loan.amount"]));
    let field = verdict.records[1].fields.iter().find(|field| field.name == "loan.amount").unwrap();
    assert_eq!(field.state, "withheld");
}

/// A borrower strips a whole record from the middle of a dossier: its place is missing. At the end nothing can be missed, and
/// a line says so.
#[test]
fn borrower_strips_a_record() {
    let mut bank = bank();
    let draft = bank.draft(CONTRACT, r#"{"金额":"5"}"#, &[]);
    bank.record([1; 16], &draft);
    bank.seal();
    let without = |height: u64| bank.prove_with(|h, i, _| h != height || i == 0, |_, _| true, &[]);
    let verdict = stranger(&without(3));
    holds(&verdict);
    assert_eq!(line(&verdict, "dossier.places", "not-proven").facts["missing"][0], "1");
    let verdict = stranger(&without(4));
    holds(&verdict);
    line(&verdict, "dossier.places", "proven");
    line(&verdict, "dossier.tail", "not-checked");
}

/// Somebody shows another value, the same value under another name, or another salt: nothing fits the commitment.
#[test]
fn somebody_shows_another_value() {
    let bank = bank();
    let lies: [fn(&mut Disclosure); 3] = [
        |one| one.value = value::Value::Text("9".into()),
        |one| one.name = "loan.limit".into(),
        |one| one.salt[0] ^= 1,
    ];
    for lie in lies {
        let proof = changed(bank.prove(), at(3, 1), |item| {
            let mut open: Vec<_> =
                item.disclosures.iter().map(|one| Disclosure::parse(one).unwrap()).collect();
            open.retain(|one| one.name != "loan.limit");
            let amount = open.iter_mut().find(|one| one.name == "loan.amount").unwrap();
            lie(amount);
            item.disclosures = open.iter().map(Disclosure::encode).collect();
        });
        let verdict = stranger(&proof);
        line(&verdict, "record.values", "contradicted");
    }
}

/// An erased value comes back from somebody's backup: the proof says that it was to be erased, and by what.
#[test]
fn erased_value_comes_back() {
    let mut bank = bank();
    let record = bank.places[&[1; 16]].1;
    let reference =
        Disclosure { salt: [1; 16], value: value::Value::Null, name: "reference".into() };
    let mark = Tombstone {
        records: vec![record],
        names: None,
        reason: TombstoneReason::PersonsRequest,
        reference: reference.commitment(bank.hash),
        time: TimeClaim::declared(1),
    };
    bank.push(mark.encode());
    bank.seal();
    let verdict = stranger(&bank.prove());
    line(&verdict, "record.erased", "not-proven");
    let hidden = stranger(&bank.prove_with(|_, _, _| true, |_, _| false, &[]));
    line(&hidden, "record.erased", "proven");
}

/// A clerk gives a proof another profile, in which the fields have other labels and rules: its digest is in the record.
#[test]
fn clerk_exchanges_the_profile() {
    let bank = bank();
    let mut proof = bank.prove();
    let friendly = QUERY.replace("不超过额度", "无限制");
    for file in proof.profiles.iter_mut().filter(|file| **file == QUERY.as_bytes()) {
        *file = friendly.clone().into_bytes();
    }
    assert!(proof.encode().is_err(), "a file that no record names");
    let mut proof = bank.prove();
    proof.profiles.retain(|file| *file != QUERY.as_bytes());
    let verdict = stranger(&proof);
    holds(&verdict);
    line(&verdict, "record.profile", "not-proven");
}

/// A sealed value has characters that turn the reading direction or cannot be seen: every text for people writes them out.
#[test]
fn clerk_hides_characters_in_a_name() {
    let mut bank = Bank::new(HashAlg::Sm3, SigAlg::Ed25519, 8);
    let draft = bank.draft(CONTRACT, "{\"备注\":\"付\u{202e}1000\u{200b}元\"}", &[]);
    bank.record([1; 16], &draft);
    bank.seal();
    let verdict = stranger(&bank.prove());
    holds(&verdict);
    for text in [verdict.text(Lang::Zh), verdict.text(Lang::En), verdict.to_json()] {
        assert!(!text.contains(['\u{202e}', '\u{200b}']));
    }
    line(&verdict, "record.findings", "not-proven");
}

/// A borrower shows a record that was corrected, and leaves the correction out. Nothing in what is shown can know of it: the lines
/// about the end of the dossier say how far the proof goes.
#[test]
fn borrower_leaves_out_the_correction() {
    let mut bank = bank();
    let wrong = bank.places[&[1; 16]].1;
    let mut draft = bank.draft(CONTRACT, r#"{"金额":"500.00"}"#, &[]);
    draft.supersedes = Some(wrong);
    bank.record([1; 16], &draft);
    bank.seal();
    let whole = stranger(&bank.prove());
    assert_eq!(whole.records[1].superseded_by.as_ref(), Some(&whole.records[2].number));
    let part = stranger(&bank.prove_with(|h, i, _| h < 4 || i == 0, |_, _| true, &[]));
    holds(&part);
    assert_eq!(part.records[1].superseded_by, None);
    line(&part, "dossier.tail", "not-checked");
}
