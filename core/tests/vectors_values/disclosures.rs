use serde_json::{Value as Json, json};
use yinzheng::hash::HashAlg;
use yinzheng::value::parse::{FieldType, Spec};
use yinzheng::value::{Disclosure, Value};

use crate::hex;

/// Salts that everybody can see protect nothing; these are for vectors only.
pub(super) fn all() -> Vec<Json> {
    let mobile = Spec::of(FieldType::MsisdnCn).read("13900000001").unwrap();
    [
        ("text", [0u8; 16], "subject.name", Value::Text("张三".to_owned())),
        ("null", [0xff; 16], "subject.name", Value::Null),
        ("empty", [1; 16], "subject.name", Value::Text(String::new())),
        ("mobile", [7; 16], "subject.mobile", mobile),
        ("other", [7; 16], "other.营销活动编号", Value::Text("x".to_owned())),
    ]
    .into_iter()
    .map(|(name, salt, field, value)| {
        let one = Disclosure { salt, value, name: field.to_owned() };
        let bytes = one.encode();
        assert_eq!(Disclosure::parse(&bytes).unwrap().encode(), bytes);
        json!({
            "name": name,
            "salt": hex(salt),
            "value": hex(one.value.encode()),
            "field": field,
            "hex": hex(&bytes),
            "sha256": hex(one.commitment(HashAlg::Sha256)),
            "sm3": hex(one.commitment(HashAlg::Sm3)),
        })
    })
    .collect()
}
