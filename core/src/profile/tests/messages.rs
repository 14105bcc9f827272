//! Business messages: kept whole, refused where they must be, and never quietly changed.

use super::*;
use crate::hash::TwinDigest;
use crate::value::Attachment;

fn read(message: &str) -> Result<MessageReading> {
    small().read(message.as_bytes(), &[])
}

fn fields(message: &str) -> Vec<Field> {
    read(message).unwrap_or_else(|e| panic!("{message}: {e}")).fields
}

fn names(message: &str) -> Vec<String> {
    fields(message).into_iter().map(|field| field.name).collect()
}

fn code(message: &str) -> ErrorCode {
    read(message).expect_err(message).code()
}

fn file(title: &str) -> Attachment {
    Attachment {
        media_type: "text/plain".to_owned(),
        digest: TwinDigest::of(title.as_bytes()),
        title: title.to_owned(),
    }
}

#[test]
fn known_keys_are_read_as_their_types() {
    let fields = fields(
        r#"{"姓名": "张三", "手机号": "13900000001", "金额": 5000.00, "婚姻": "已婚", "GPS": " 31.230416 ,121.473701"}"#,
    );
    let names: Vec<_> = fields.iter().map(|f| f.name.as_str()).collect();
    let expected = [
        "device.location",
        "device.location.masked",
        "loan.amount",
        "marital",
        "subject.mobile",
        "subject.mobile.masked",
        "subject.name",
        "subject.name.masked",
    ];
    assert_eq!(names, expected, "ascending, masked forms among them");
    assert_eq!(
        value(&fields, "loan.amount").original(),
        Some("5000.00"),
        "the exact token of the number"
    );
    assert_eq!(value(&fields, "subject.name").original(), Some("张三"));
    assert_eq!(value(&fields, "subject.mobile.masked").display(Lang::Zh), "139****0001");
    assert_eq!(value(&fields, "subject.name.masked").display(Lang::Zh), "张*");
    assert_eq!(value(&fields, "device.location.masked").display(Lang::Zh), "31.23,121.47");
    assert_eq!(
        small().field("marital").unwrap().display(value(&fields, "marital"), Lang::En),
        "married (1)"
    );
}

#[test]
fn empty_unknown_and_absent_are_three_things() {
    let all = fields(r#"{"姓名": "", "手机号": null, "婚姻": "未知"}"#);
    assert!(value(&all, "subject.name").is_empty());
    assert_eq!(value(&all, "subject.name").findings(), [Finding::EMPTY_REQUIRED]);
    assert_eq!(value(&all, "subject.mobile"), &Value::Null);
    assert_eq!(
        value(&all, "marital").display(Lang::Zh),
        "未知",
        "a code the bank captured stays a value"
    );
    assert!(!all.iter().any(|field| field.name == "loan.amount"));
    assert!(!all.iter().any(|field| field.name.ends_with(MASKED)), "nothing to mask");
    let reading = read(r#"{"姓名": ""}"#).unwrap();
    assert_eq!(reading.missing, ["loan.amount"], "empty is not missing");
    assert_eq!(read("{}").unwrap().missing, ["subject.name", "loan.amount"]);
    assert!(read("{}").unwrap().fields.is_empty());
}

#[test]
fn unknown_keys_are_kept_as_text() {
    let all = fields(
        r#"{"备注": " 第一笔 ", "n": 1.50, "t": true, "o": {}, "l": [], "x": null, "主体": {"姓名": "张三", "民族": "汉"}, "c": [{"k": "v"}, "w"]}"#,
    );
    let names: Vec<_> = all.iter().map(|f| f.name.as_str()).collect();
    let others = [
        "other.c.0.k",
        "other.c.1",
        "other.l",
        "other.n",
        "other.o",
        "other.t",
        "other.x",
        "other.主体.民族",
        "other.备注",
    ];
    assert_eq!(names, [&others[..], &["subject.name", "subject.name.masked"]].concat());
    assert_eq!(value(&all, "other.n"), &Value::Text("1.50".to_owned()));
    assert_eq!(value(&all, "other.t"), &Value::Text("true".to_owned()));
    assert_eq!(value(&all, "other.x"), &Value::Null);
    assert!(value(&all, "other.o").is_empty() && value(&all, "other.l").is_empty());
    assert_eq!(value(&all, "other.备注").findings(), [Finding::SURROUNDING_SPACES]);
    assert!(all.iter().all(|field| field.class == FieldClass::C2));
}

#[test]
fn numbers_keep_every_digit() {
    for token in [
        "0",
        "-0",
        "5000.00",
        "1e400",
        "123456789012345678901234567890",
        "0.10000000000000000000000001",
        "-1E-7",
    ] {
        let all = fields(&format!("{{\"n\": {token}}}"));
        assert_eq!(value(&all, "other.n").original(), Some(token));
    }
}

#[test]
fn generic_takes_anything_flat_or_not() {
    let generic = builtin_by_id("generic").unwrap();
    let reading =
        generic.read(r#"{"借款金额": "5000.00", "a": {"b": [1, 2]}}"#.as_bytes(), &[]).unwrap();
    let names: Vec<_> = reading.fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["other.a.b.0", "other.a.b.1", "other.借款金额"]);
    assert_eq!(
        generic.read(br#"{"password": "x"}"#, &[]).unwrap_err().code(),
        ErrorCode::RefusedField
    );
}

#[test]
fn secrets_are_refused_however_deep_and_however_spelt() {
    for message in [
        r#"{"支付密码": "a1b2"}"#,
        r#"{"payPassword": "a1b2"}"#,
        r#"{"pay": {"password": "a1b2"}}"#,
        r#"{"a": [{"b": {"C_V_V": "123"}}]}"#,
        r#"{"password": {"value": "a1b2"}}"#,
        r#"{"password": ["a1b2"]}"#,
        r#"{"密码": ""}"#,
        r#"{"密码": null}"#,
        r#"{"ｐａｓｓｗｏｒｄ": "a1b2"}"#,
        r#"{"pass\u200bword": "a1b2"}"#,
        r#"{"\u5bc6\u7801": "a1b2"}"#,
        r#"{"card": {"expiry": "2030-01-01 00:00:00"}}"#,
        r#"{"有效期": "0530"}"#,
        r#"{"faceImage": "iVBORw0"}"#,
        // The profile's own word, in its own normal form.
        r#"{"悄悄话": "a1b2"}"#,
        r#"{"悄-悄-话": "a1b2"}"#,
        // Not plainly a time: it might be the secret.
        r#"{"otp": "20260301"}"#,
        r#"{"otp": "20260301093000"}"#,
        r#"{"otp": "2026-03-01"}"#,
        r#"{"otp": 1772328600250}"#,
        // A known name of an event, with something else under it.
        r#"{"支付密码验证成功时间": "a1b2"}"#,
        r#"{"支付密码验证成功时间": "123456"}"#,
        r#"{"支付密码验证成功时间": "20260301"}"#,
        r#"{"支付密码验证结果": "a1b2"}"#,
    ] {
        let error = read(message).expect_err(message);
        assert_eq!(error.code(), ErrorCode::RefusedField, "{message}: {error}");
        for secret in ["a1b2", "123", "2026", "0530", "iVBOR"] {
            assert!(!error.to_string().contains(secret), "the error holds the value: {error}");
        }
    }
    // The event and its time may be kept, under known names and unknown ones.
    for message in [
        r#"{"支付密码验证成功时间": "2026-03-01 09:30:00.0"}"#,
        r#"{"支付密码验证成功时间": ""}"#,
        r#"{"支付密码验证成功时间": null}"#,
        r#"{"支付密码验证结果": "是"}"#,
        r#"{"登录密码验证时间": "2026-03-01 09:30:00"}"#,
        r#"{"otpVerifiedAt": "2026-03-01T09:30:00+08:00"}"#,
    ] {
        assert_eq!(names(message).len(), 1, "{message}");
    }
    let attachments = [("人脸照片".to_owned(), file("x"))];
    assert_eq!(small().read(b"{}", &attachments).unwrap_err().code(), ErrorCode::RefusedField);
}

#[test]
fn not_a_message() {
    for message in [
        "",
        " ",
        "null",
        "[]",
        "[{}]",
        "\"x\"",
        "1",
        "{",
        "{}{}",
        "{} x",
        "{\"a\"}",
        "{\"a\": }",
        "{'a': 1}",
        "{\"a\": 01}",
        "{\"a\": NaN}",
        "{\"a\": +1}",
        "{\"a\": .5}",
        "{\"a\": 1,}",
        "{a: 1}",
        "{\"a\": \"\\ud800\"}",
        "{\"a\": \"\u{1}\"}",
        "\u{feff}{}",
        "{\"\": 1}",
        "{\"a\": {\"\": 1}}",
        "{/**/}",
    ] {
        assert_eq!(code(message), ErrorCode::InvalidMessage, "{message:?}");
    }
    assert_eq!(
        small().read(b"{\"a\": \"\xff\"}", &[]).unwrap_err().code(),
        ErrorCode::InvalidMessage
    );
}

#[test]
fn each_key_once() {
    for message in [
        r#"{"a": 1, "a": 1}"#,
        r#"{"a": 1, "\u0061": 2}"#,
        r#"{"x": {"a": 1, "a": 2}}"#,
        r#"{"x": [{"a": 1, "a": 2}]}"#,
        // Two ways to one path, or two keys of one field.
        r#"{"x": {"a": 1}, "x.a": 2}"#,
        r#"{"手机号": "13900000001", "mobile": "13900000001"}"#,
        r#"{"手机号": "", "subject.mobile": "13900000001"}"#,
    ] {
        assert_eq!(code(message), ErrorCode::InvalidMessage, "{message}");
    }
}

#[test]
fn keys_stand_in_clear_so_they_must_not_be_values() {
    for message in [
        r#"{"13900000001": "x"}"#,
        r#"{"contacts": {"1390000": "x"}}"#,
        r#"{"１３９００００": "x"}"#,
        r#"{"a\u202eb": "x"}"#,
        r#"{"a\nb": "x"}"#,
        r#"{"a\u0000b": "x"}"#,
    ] {
        assert_eq!(code(message), ErrorCode::InvalidMessage, "{message}");
        assert!(!read(message).unwrap_err().to_string().contains("1390000"));
    }
    assert_eq!(names(r#"{"第123456项": "x"}"#), ["other.第123456项"]);
}

#[test]
fn limits() {
    let many = |n: usize| {
        format!("{{{}}}", (0..n).map(|i| format!("\"k{i}\": 1")).collect::<Vec<_>>().join(","))
    };
    assert_eq!(fields(&many(512)).len(), 512);
    assert_eq!(code(&many(513)), ErrorCode::LimitExceeded);
    // Masked forms count.
    let full = many(511).replacen('{', r#"{"姓名": "张三","#, 1);
    assert_eq!(code(&full), ErrorCode::LimitExceeded);
    let deep = |n: usize| {
        format!(
            "{{{}1{}}}",
            "\"a\":{".repeat(n).trim_end_matches('{').to_owned(),
            "}".repeat(n - 1)
        )
    };
    assert_eq!(names(&deep(8)).len(), 1);
    assert_eq!(code(&deep(9)), ErrorCode::LimitExceeded);
    assert!(read(&format!("{{\"a\": {}", "[".repeat(200_000))).is_err(), "no stack runs over");
    let key = |n: usize| format!("{{\"{}\": 1}}", "k".repeat(n));
    assert_eq!(fields(&key(122)).len(), 1, "other. and 122 bytes are 128");
    assert_eq!(code(&key(123)), ErrorCode::LimitExceeded);
    assert_eq!(code(&key(5_000)), ErrorCode::LimitExceeded);
    let padded = format!("{{}}{}", " ".repeat(MESSAGE_BYTES));
    assert_eq!(code(&padded), ErrorCode::LimitExceeded);
    let long = format!("{{\"姓名\": \"{}\"}}", "x".repeat(300_000));
    assert_eq!(code(&long), ErrorCode::TooLarge);
}

#[test]
fn files_beside_the_message() {
    let profile = small();
    let with = |message: &str, files: &[(&str, &str)]| {
        let files: Vec<_> =
            files.iter().map(|(key, title)| ((*key).to_owned(), file(title))).collect();
        profile.read(message.as_bytes(), &files)
    };
    // By name or key; what the message says of the file is its title; an empty label gives way.
    for key in ["doc.file", "附件"] {
        let reading = with(r#"{"附件": "授权书"}"#, &[(key, "a.pdf")]).unwrap();
        assert_eq!(value(&reading.fields, "doc.file.title"), &Value::Text("授权书".to_owned()));
        assert!(matches!(value(&reading.fields, "doc.file").parsed(), Some(Parsed::Attachment(_))));
        let reading = with(r#"{"附件": ""}"#, &[(key, "a.pdf")]).unwrap();
        assert!(matches!(value(&reading.fields, "doc.file").parsed(), Some(Parsed::Attachment(_))));
    }
    assert!(value(&with(r#"{"附件": ""}"#, &[]).unwrap().fields, "doc.file").is_empty());
    let reading = with("{}", &[("补充材料", "b.pdf")]).unwrap();
    assert!(matches!(
        value(&reading.fields, "other.补充材料").parsed(),
        Some(Parsed::Attachment(_))
    ));
    for (files, code) in [
        (&[("doc.file", "a"), ("附件", "b")][..], ErrorCode::InvalidMessage),
        (&[("x", "a"), ("x", "b")], ErrorCode::InvalidMessage),
        (&[("subject.name", "a")], ErrorCode::InvalidArgument),
        (&[("k13900000001", "a")], ErrorCode::InvalidMessage),
    ] {
        assert_eq!(with("{}", files).unwrap_err().code(), code, "{files:?}");
    }
    assert_eq!(with(r#"{"x": 1}"#, &[("x", "a")]).unwrap_err().code(), ErrorCode::InvalidMessage);
}

#[test]
fn the_same_message_gives_the_same_fields() {
    let a = fields(r#"{"姓名": "张三", "金额": "1"}"#);
    let b = fields("{\n\"金额\": \"1\", \"姓名\":\t\"张三\"}");
    assert_eq!(a, b, "order and spaces of the JSON are not content");
}
