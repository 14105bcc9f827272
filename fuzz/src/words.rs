//! Profiles and business messages.

use yinzheng::codec::Item;
use yinzheng::hash::HashAlg;
use yinzheng::profile::{Profile, builtin};
use yinzheng::value::{Lang, Value};

const MESSAGE: &[u8] =
    r#"{"借款金额":"20000.00","a":"1","放款时间":"2026-11-01 10:00:00.0","b":null,"c":{"d":true}}"#
        .as_bytes();

/// A profile keeps its exact bytes, and reads a message without panicking.
pub fn profile(data: &[u8]) {
    if let Ok(profile) = Profile::parse(data) {
        assert_eq!(profile.bytes(), data);
        assert_eq!(data.first(), Some(&b'{'));
        assert_eq!(profile.digest(HashAlg::Sm3).bytes, HashAlg::Sm3.digest(data));
        for field in profile.fields() {
            assert!(profile.field(&field.name).is_some());
            let _ = profile.field_label(&field.name, Lang::Zh);
        }
        read(&profile, MESSAGE);
    }
}

/// A message gives fields by their names ascending, each value written back to itself, whatever the profile.
pub fn message(data: &[u8]) {
    for profile in builtin() {
        read(profile, data);
    }
}

fn read(profile: &Profile, message: &[u8]) {
    let Ok(reading) = profile.read(message, &[]) else { return };
    assert!(reading.fields.is_sorted_by(|a, b| a.name.as_bytes() < b.name.as_bytes()));
    for field in &reading.fields {
        let bytes = field.value.encode();
        let item = Item::parse(&bytes, bytes.len()).expect("our own value");
        assert_eq!(Value::read(item).as_ref(), Ok(&field.value));
        let _ = field.value.display(Lang::En);
    }
}
