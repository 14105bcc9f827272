//! Any input at all: an answer or a typed error, and what is kept is what was said.

use proptest::prelude::*;

use super::*;
use crate::codec::Item;
use crate::value::DISCLOSURE_BYTES;

fn json() -> impl Strategy<Value = serde_json::Value> {
    let keys = prop_oneof![
        "[a-z.]{1,4}",
        Just("姓名".to_owned()),
        Just("金额".to_owned()),
        Just("时间".to_owned()),
        Just("支付密码验证成功时间".to_owned()),
        Just("GPS".to_owned()),
        any::<String>(),
    ];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
        "[0-9:. -]{0,20}".prop_map(Into::into),
    ];
    let value = leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            proptest::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
        ]
    });
    proptest::collection::vec((keys, value), 0..6)
        .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect()))
}

proptest! {
    #[test]
    fn any_message(json in json()) {
        let message = json.to_string();
        for profile in [&small(), builtin_by_id("generic").unwrap()] {
            let Ok(reading) = profile.read(message.as_bytes(), &[]) else { continue };
            prop_assert!(reading.fields.windows(2).all(|pair| pair[0].name < pair[1].name));
            for field in &reading.fields {
                prop_assert!((1..=128).contains(&field.name.len()));
                let bytes = field.value.encode();
                let back = Item::parse(&bytes, DISCLOSURE_BYTES).and_then(Value::read).unwrap();
                prop_assert!(back == field.value);
            }
            // Nothing that was said is lost: every text at the top is the original of some field.
            for (key, value) in json.as_object().into_iter().flatten() {
                if let Some(text) = value.as_str() {
                    let found = reading.fields.iter().any(|field| field.value.original() == Some(text));
                    prop_assert!(found, "{key}");
                }
            }
            let opened = Opened::all(&reading.fields);
            for outcome in evaluate(profile, &opened, &[], false) {
                let masked = outcome.rule.starts_with("masked:");
                prop_assert!(!masked || outcome.result == RuleResult::Holds, "{}", outcome.rule);
            }
        }
    }

    #[test]
    fn any_bytes_as_a_message(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = small().read(&bytes, &[]);
    }

    #[test]
    fn any_change_of_a_profile(at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let mut bytes = SMALL.as_bytes().to_vec();
        let place = at.index(bytes.len());
        bytes[place] = with;
        if let Ok(profile) = Profile::parse(&bytes) {
            prop_assert_eq!(profile.bytes(), &bytes[..]);
            let _ = profile.read("{\"姓名\": \"张三\"}".as_bytes(), &[]);
        }
    }

    #[test]
    fn any_text_under_any_mask(text in any::<String>(), rule in 0usize..6) {
        let masked = Mask::ALL[rule].apply(&text).unwrap();
        prop_assert!(masked != text || text.len() < 12, "{masked}");
    }
}
