use serde_json::json;
use yinzheng::profile::builtin_by_id;

use crate::{common, described, joined};

/// Profile, message; what becomes of it stands in the file.
const READ: &[(&str, &str, &str)] = &[
    ("flat", "generic", r#"{"借款金额":"5000.00","n":1.50,"flag":true,"nothing":null,"empty":""}"#),
    ("nested", "generic", r#"{"a":{"b":[1,{"c":"x"}]},"o":{},"l":[]}"#),
    ("numbers", "generic", r#"{"big":123456789012345678901234567890,"exp":1e400,"zero":-0}"#),
    ("escapes", "generic", r#"{"\u5907\u6ce8":"\ud83d\ude00\n"}"#),
    (
        "loan",
        "loan.disbursement",
        r#"{"借据号":"JJ-0000001","姓名":"张三","手机号":"13900000001","还款账号":"13900000001","借款银行卡号":"6200000000000000018","借款金额":"5000.00","年利率":"23.4%","固定还款日":"01","还款方式":"等额本息","放款时间":"2026-03-02 00:00:00.0","支付密码验证成功时间":"2026-03-01 23:59:58","设备":{"GPS":"31.230416, 121.473701"},"营销":"x"}"#,
    ),
    ("empty-required", "loan.disbursement", r#"{"借据号":"","借款用途":"未知"}"#),
];

/// Profile, message, name of the error.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("password", "generic", r#"{"支付密码":"x"}"#, "RefusedField"),
    ("password-nested", "generic", r#"{"a":[{"pay":{"Pass_Word":"x"}}]}"#, "RefusedField"),
    ("one-time-code", "generic", r#"{"otpCode":"x"}"#, "RefusedField"),
    ("not-an-event", "loan.disbursement", r#"{"支付密码验证成功时间":"x"}"#, "RefusedField"),
    ("twice", "generic", r#"{"a":1,"a":1}"#, "InvalidMessage"),
    ("twice-escaped", "generic", r#"{"a":1,"\u0061":1}"#, "InvalidMessage"),
    ("two-ways", "generic", r#"{"a":{"b":1},"a.b":1}"#, "InvalidMessage"),
    ("two-keys", "loan.disbursement", r#"{"手机号":"1","mobile":"2"}"#, "InvalidMessage"),
    ("key-is-a-number", "generic", r#"{"13900000001":"x"}"#, "InvalidMessage"),
    ("hidden-key", "generic", r#"{"a\u200b":"x"}"#, "InvalidMessage"),
    ("lone-surrogate", "generic", r#"{"a":"\ud800"}"#, "InvalidMessage"),
    ("array", "generic", "[]", "InvalidMessage"),
    ("trailing", "generic", "{}{}", "InvalidMessage"),
    ("mark", "generic", "\u{feff}{}", "InvalidMessage"),
    (
        "nested-9",
        "generic",
        r#"{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}"#,
        "LimitExceeded",
    ),
    (
        "key-long",
        "generic",
        r#"{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":1}"#,
        "LimitExceeded",
    ),
];

#[test]
fn message_vectors() {
    let read = READ.iter().map(|(name, profile, message)| {
        let reading = builtin_by_id(profile).unwrap().read(message.as_bytes(), &[]).unwrap();
        let fields = reading.fields.iter().map(|field| {
            joined(json!({"name": field.name, "class": format!("{:?}", field.class)}), described(&field.value))
        });
        let fields: Vec<_> = fields.collect();
        json!({"name": name, "profile": profile, "message": message, "fields": fields, "missing": reading.missing})
    });
    let refused = REFUSED.iter().map(|(name, profile, message, expected)| {
        let error = builtin_by_id(profile).unwrap().read(message.as_bytes(), &[]).expect_err(name);
        assert_eq!(error.code().name(), *expected, "{name}: {error}");
        json!({"name": name, "profile": profile, "message": message, "result": expected})
    });
    let file = json!({
        "about": "core/profiles/README.md: business messages (one JSON object as text) read through a built-in profile. `hex` is the \
                  value as docs/format.md §6 encodes it; masked forms are fields of their own.",
        "read": read.collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
    });
    common::assert_blessed("tests/vectors/message.json", &common::pretty(&file));
}
