//! Profile files: strict, or refused.

use super::*;

fn refused_with(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    let error = Profile::parse(SMALL.replacen(from, to, 1).as_bytes()).expect_err(to);
    assert_eq!(error.code(), ErrorCode::InvalidProfile, "{to}: {error}");
    error.context().to_owned()
}

#[test]
fn a_profile_says_what_its_file_says() {
    let profile = small();
    assert_eq!((profile.id(), profile.version(), profile.phase()), ("test.small", 3, Some(2)));
    assert_eq!(profile.label(Lang::Zh), "测试");
    assert_eq!(profile.default_offset(), 480);
    assert_eq!(profile.bytes(), SMALL.as_bytes());
    assert_eq!(profile.digest(HashAlg::Sm3), Digest::of(HashAlg::Sm3, SMALL.as_bytes()));
    assert_eq!(profile.field_by_key("主体.姓名"), profile.field("subject.name"));
    assert_eq!(profile.field_by_key("subject.name"), profile.field("subject.name"));
    assert!(profile.field_by_key("姓 名").is_none());
    assert_eq!(profile.field_label("subject.name.masked", Lang::En), "Name (masked)");
    assert_eq!(profile.field_label("doc.file.title", Lang::Zh), "文件（标题）");
    assert_eq!(profile.field_label("other.k\u{202e}", Lang::Zh), "k\\u{202e}");
    assert_eq!(profile.field_class("nobody.knows"), FieldClass::C2);
    assert_eq!(profile.rules().len(), 1);
}

#[test]
fn white_space_is_part_of_the_bytes() {
    let spaced = SMALL.replacen("\n", " \n", 1);
    let other = Profile::parse(spaced.as_bytes()).unwrap();
    assert_ne!(other.digest(HashAlg::Sha256), small().digest(HashAlg::Sha256));
}

#[test]
fn members_and_names() {
    for (from, to) in [
        // Members: unknown, missing, twice, of the wrong type.
        (r#""version": 3"#, r#""version": 3, "colour": "red""#),
        (r#""version": 3, "#, ""),
        (r#""version": 3"#, r#""version": 3, "version": 3"#),
        (r#""version": 3"#, r#""version": 3.0"#),
        (r#""version": 3"#, r#""version": -3"#),
        (r#""phase": 2"#, r#""phase": "2""#),
        (r#""en": "Test""#, r#""en": "Test", "fr": "Essai""#),
        (r#""zh": "测试", "#, ""),
        (r#""refused": ["悄悄话"],"#, ""),
        (r#""disclose": "plain", "required": true"#, r#""required": true"#),
        (r#""disclose": "plain", "required": true"#, r#""disclose": "shown", "required": true"#),
        (r#""mask": "phone_cn""#, r#""mask": "rot13""#),
        (r#""type": "money""#, r#""type": "cash""#),
        (r#""class": "C2""#, r#""class": "C4""#),
        (
            r#""1": {"zh": "已婚", "en": "married"}"#,
            r#""1": {"zh": "a", "en": "b"}, "1": {"zh": "c", "en": "d"}"#,
        ),
        // Names and keys.
        ("test.small", "Test.Small"),
        ("test.small", "test..small"),
        ("test.small", ""),
        (r#""name": "marital""#, r#""name": "Marital""#),
        (r#""name": "marital""#, r#""name": "other.marital""#),
        (r#""name": "marital""#, r#""name": "loan.amount""#),
        (r#""name": "marital""#, r#""name": "marital.masked""#),
        (r#""name": "doc.file""#, r#""name": "doc.title""#),
        (r#""keys": ["婚姻"]"#, r#""keys": ["手机号"]"#),
        (r#""keys": ["婚姻"]"#, r#""keys": ["loan.amount"]"#),
        (r#""keys": ["婚姻"]"#, r#""keys": [""]"#),
        (r#""keys": ["婚姻"]"#, r#""keys": ["悄 悄 话"]"#),
        (r#"["悄悄话"]"#, r#"["、"]"#),
        ("+08:00", "08:00"),
        ("+08:00", "+8:00"),
        ("+08:00", "+24:00"),
        ("+08:00", "Asia/Shanghai"),
        // What a type needs.
        (
            r#""currency": "CNY", "disclose": "plain", "required""#,
            r#""disclose": "plain", "required""#,
        ),
        (r#""currency": "CNY""#, r#""currency": "cny""#),
        (r#""system": "t/marital", "#, ""),
        (r#""codes": {"1": {"zh": "已婚", "en": "married"}}, "#, ""),
        (r#""type": "geo""#, r#""type": "rate""#),
        (r#""mask": "name", "#, ""),
        (r#""mask": "name""#, r#""mask": "none""#),
        (r#""system": "t/marital""#, r#""system": """#),
        (r#""keys": ["金额"]"#, r#""keys": ["金额"], "min": "0,5""#),
        (r#""keys": ["金额"]"#, r#""keys": ["金额"], "pattern": "[0-9""#),
        (r#""keys": ["金额"]"#, r#""keys": ["金额"], "shares": ["No Name"]"#),
        (r#""keys": ["金额"]"#, r#""keys": ["金额"], "retain": {"from": "birth", "years": 1}"#),
        (r#""keys": ["金额"]"#, r#""keys": ["金额"], "retain": {"from": "transaction_end"}"#),
    ] {
        refused_with(from, to);
    }
}

#[test]
fn no_field_can_hold_a_secret() {
    for (from, to) in [
        (r#""class": "C2", "keys": ["婚姻"]"#, r#""class": "C3", "keys": ["婚姻"]"#),
        (r#""keys": ["金额"]"#, r#""keys": ["金额", "支付密码"]"#),
        (r#""keys": ["手机号", "mobile"]"#, r#""keys": ["手机号", "otpCode"]"#),
        // The time of an event is no secret, but the expiry of a card is one.
        (r#""keys": ["时间"]"#, r#""keys": ["cardExpiry"]"#),
        // A text, a number or a bare date could be the secret itself.
        (
            r#""type": "instant", "class": "C2", "keys": ["支付密码"#,
            r#""type": "text", "class": "C2", "keys": ["支付密码"#,
        ),
        (
            r#""type": "instant", "class": "C2", "keys": ["支付密码"#,
            r#""type": "integer", "class": "C2", "keys": ["支付密码"#,
        ),
        (
            r#""type": "instant", "class": "C2", "keys": ["支付密码"#,
            r#""type": "date", "class": "C2", "keys": ["支付密码"#,
        ),
    ] {
        refused_with(from, to);
    }
    // An enum holds one of its own codes, and nothing else is let in under such a name.
    for (from, to) in [
        (r#""name": "marital""#, r#""name": "pay.password""#),
        (r#""keys": ["婚姻"]"#, r#""keys": ["短信验证码"]"#),
    ] {
        let profile = Profile::parse(SMALL.replacen(from, to, 1).as_bytes()).unwrap();
        let key = profile.fields()[4].keys[0].clone();
        assert!(profile.read(format!("{{\"{key}\": \"已婚\"}}").as_bytes(), &[]).is_ok());
        let error = profile.read(format!("{{\"{key}\": \"a1b2\"}}").as_bytes(), &[]).unwrap_err();
        assert_eq!(error.code(), ErrorCode::RefusedField);
    }
    // A file under such a name is a digest; why it is kept is the profile's to say.
    assert!(
        Profile::parse(
            SMALL.replacen(r#""keys": ["附件"]"#, r#""keys": ["人脸照片"]"#, 1).as_bytes()
        )
        .is_ok()
    );
}

#[test]
fn rules() {
    let rule = SMALL.lines().find(|line| line.contains(r#""id": "limit""#)).unwrap().trim();
    let with = |rules: &str| Profile::parse(SMALL.replacen(rule, rules, 1).as_bytes());
    let label = r#""label": {"zh": "", "en": ""}"#;
    for good in [
        r#"{"id": "r", "kind": "after", "of": "a.b", "match": ["marital"], "this": "done.at", "op": ">=", "that": "x.y", "each": true, LABEL}"#,
        r#"{"id": "r", "kind": "after", "of": "a.b", "this": "done.at", "op": "==", "that": "x.y", LABEL}"#,
        r#"{"id": "r", "kind": "equal", "a": "loan.amount", "b": "loan.limit", LABEL}"#,
        r#"{"id": "r", "kind": "sum", "parts": ["loan.amount"], "total": "loan.limit", LABEL}"#,
        r#"{"id": "r", "kind": "requires", "of": "a.b", LABEL, "basis": "x"}"#,
        r#"{"id": "r", "kind": "instalment", "amount": "loan.amount", "rate": "loan.amount", "terms": "loan.amount", "method": "marital", "result": "loan.limit", LABEL}"#,
    ] {
        with(&good.replace("LABEL", label)).unwrap();
    }
    for bad in [
        r#"{"id": "r", "kind": "before", "a": "loan.amount", "b": "loan.limit", LABEL}"#,
        r#"{"id": "r", "kind": "le", "a": "loan.amount", LABEL}"#,
        r#"{"id": "r", "kind": "le", "a": "loan.amount", "b": "nothing", LABEL}"#,
        r#"{"id": "r", "kind": "le", "a": "loan.amount", "b": "loan.limit", "of": "a.b", LABEL}"#,
        r#"{"id": "r", "kind": "le", "a": "loan.amount", "b": "loan.limit", "extra": 1, LABEL}"#,
        r#"{"id": "r", "kind": "le", "a": "loan.amount", "b": "loan.limit"}"#,
        r#"{"id": "", "kind": "le", "a": "loan.amount", "b": "loan.limit", LABEL}"#,
        r#"{"id": "r", "kind": "after", "of": "a.b", "this": "done.at", "op": ">", "that": "x.y", LABEL}"#,
        r#"{"id": "r", "kind": "after", "of": "A B", "this": "done.at", "op": ">=", "that": "x.y", LABEL}"#,
        r#"{"id": "r", "kind": "after", "of": "a.b", "this": "x.y", "op": ">=", "that": "x.y", LABEL}"#,
        r#"{"id": "r", "kind": "after", "of": "a.b", "match": ["x"], "this": "done.at", "op": ">=", "that": "x.y", LABEL}"#,
        r#"{"id": "r", "kind": "sum", "parts": ["loan.amount", "nothing"], "total": "loan.limit", LABEL}"#,
        r#"{"id": "r", "kind": "requires", "of": "a.b", "each": true, LABEL}"#,
        r#"{"id": "r", "kind": "instalment", "amount": "loan.amount", "rate": "loan.amount", "terms": "loan.amount", "method": "marital", "result": "loan.limit", "tolerance": "-1", LABEL}"#,
        r#"{"id": "r", "kind": "equal", "a": "marital", "b": "marital", LABEL}, {"id": "r", "kind": "requires", "of": "a.b", LABEL}"#,
    ] {
        let error = with(&bad.replace("LABEL", label)).expect_err(bad);
        assert_eq!(error.code(), ErrorCode::InvalidProfile, "{bad}");
    }
}

#[test]
fn not_a_profile_at_all() {
    for bytes in [
        &b""[..],
        b"{",
        b"{}",
        b"[]",
        b"null",
        b"\xef\xbb\xbf{}",
        b" {}",
        b"{\"profile\": \"\xff\"}",
    ] {
        assert_eq!(Profile::parse(bytes).unwrap_err().code(), ErrorCode::InvalidProfile);
    }
    let trailing = format!("{SMALL}{{}}");
    assert!(Profile::parse(trailing.as_bytes()).is_err());
    let large = format!("{SMALL}{}", " ".repeat(limits::PROFILE_BYTES));
    assert!(Profile::parse(large.as_bytes()).is_err());
    let deep = format!("{{\"profile\": {}", "[".repeat(10_000));
    assert!(Profile::parse(deep.as_bytes()).is_err());
    for end in 0..SMALL.len() {
        if let Some(cut) = SMALL.as_bytes().get(..end) {
            assert!(Profile::parse(cut).is_err(), "cut at {end}");
        }
    }
}
