//! What a court, a supervisor, a customer and another institution are shown, in every profile that comes with the library.

#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/ledger.rs"]
mod common;

use common::{create, key, seal};
use yinzheng::hash::HashAlg;
use yinzheng::ledger::{Disclose, NewRecord, ProofRequest, Selection};
use yinzheng::profile::{self, Audience, FieldSpec, Mask, Profile, builtin, builtin_by_id};
use yinzheng::record::{ProfileRef, RecordBuilder};
use yinzheng::sign::SigAlg;
use yinzheng::store::MemoryStore;
use yinzheng::time::TimeClaim;
use yinzheng::value::{Disclosure, FieldClass};

fn each_field(check: impl Fn(&Profile, &FieldSpec, String)) {
    for profile in builtin() {
        for field in profile.fields() {
            check(profile, field, format!("{} {}", profile.id(), field.name));
        }
    }
}

#[test]
fn every_rule_holds_in_every_profile() {
    each_field(|profile, field, place| {
        let full = |audience| profile.shows_to(audience, &field.name);
        let masked_name = format!("{}.masked", field.name);
        let masked = |audience| profile.shows_to(audience, &masked_name);
        let others = [Audience::Court, Audience::Regulator, Audience::Partner];
        assert!(full(Audience::Customer) && masked(Audience::Customer), "{place}");
        let plain = field.disclose == profile::Disclose::Plain;
        for audience in others {
            assert!(!(full(audience) && field.sensitive && !plain), "{place}: {audience}");
            assert!(!(masked(audience) && field.mask == Mask::None && full(audience)), "{place}");
        }
        assert!(full(Audience::Regulator) <= plain, "{place}: a supervisor sees what is plain");
        assert!(full(Audience::Partner) <= (plain && field.class == FieldClass::C1), "{place}");
        let seen = |audience| u8::from(masked(audience)) + 2 * u8::from(full(audience));
        assert!(seen(Audience::Partner) <= seen(Audience::Regulator), "{place}");
        assert!(seen(Audience::Regulator) <= seen(Audience::Court), "{place}");
    });
}

#[test]
fn a_value_that_another_field_may_hold_is_shown_no_further_than_there() {
    let profile = builtin_by_id("loan.disbursement").unwrap();
    // A repayment account may be the mobile number: shown to a court in full, the one would open the other.
    let field = profile.field("repay.account").unwrap();
    assert!(field.sensitive && field.shares.contains(&"subject.mobile".to_owned()));
    assert!(!profile.shows_to(Audience::Court, "repay.account"));
    assert!(!profile.shows_to(Audience::Court, "subject.mobile"));
    assert!(profile.shows_to(Audience::Court, "subject.mobile.masked"));
    assert!(profile.shows_to(Audience::Court, "subject.name"));
}

#[test]
fn what_a_profile_does_not_know_is_for_the_customer_only() {
    let profile = builtin_by_id("loan.disbursement").unwrap();
    for name in ["other.备注", "other.备注.masked", "no.such", ".masked", ".title", ""] {
        for audience in Audience::ALL {
            let shown = profile.shows_to(audience, name);
            assert_eq!(shown, audience == Audience::Customer, "{name} to {audience}");
        }
    }
    for word in ["Court", "judge", "", "court "] {
        assert!(word.parse::<Audience>().is_err());
    }
    for audience in Audience::ALL {
        assert_eq!(audience.to_string().parse::<Audience>().unwrap(), audience);
    }
}

#[test]
fn a_proof_shows_its_audience_what_the_profile_says() {
    let bank = key(SigAlg::Ed25519, 1);
    let ledger = create(MemoryStore::new(), HashAlg::Sha256, &bank);
    let profile = builtin_by_id("loan.disbursement").unwrap();
    let message = r#"{"姓名":"苏示例","手机号":"13900001234","借款金额":"5000.00","营销活动":"A"}"#;
    let fields = profile.read(message.as_bytes(), &[]).unwrap().fields;
    let reference = ProfileRef::of(profile, HashAlg::Sha256);
    let draft =
        RecordBuilder::new(reference, TimeClaim::declared(2)).fields(fields).build().unwrap();
    let at = ledger.append(NewRecord::new(profile, draft)).unwrap().sequence;
    seal(&ledger, &bank);
    let shown = |audience| {
        let disclose = Disclose::Audience(audience);
        let records = Selection::Sequences(vec![at]);
        let proof = ledger.prove(&ProofRequest { records, disclose }).unwrap();
        let all = proof.items.iter().flat_map(|item| &item.disclosures);
        let mut names: Vec<String> =
            all.map(|bytes| Disclosure::parse(bytes).unwrap().name).collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(shown(Audience::Court), "loan.amount subject.mobile.masked subject.name");
    assert_eq!(shown(Audience::Regulator), "loan.amount subject.mobile.masked subject.name.masked");
    assert_eq!(
        shown(Audience::Customer),
        "loan.amount other.营销活动 subject.mobile subject.mobile.masked subject.name subject.name.masked"
    );
    // The mobile number may be the repayment account, of which a partner sees nothing.
    assert_eq!(shown(Audience::Partner), "subject.name.masked");
}
