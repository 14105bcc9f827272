//! Tests of profiles. All personal data is synthetic.

mod anything;
mod examples;
mod files;
mod masks;
mod messages;
mod order;

use super::*;
use crate::value::{Field, Finding, Parsed, Value};

/// A small profile with a bit of everything.
const SMALL: &str = r#"{
  "profile": "test.small", "version": 3, "label": {"zh": "测试", "en": "Test"}, "phase": 2, "default_offset": "+08:00",
  "fields": [
    {"name": "subject.name", "label": {"zh": "姓名", "en": "Name"}, "type": "text", "class": "C2", "keys": ["姓名", "主体.姓名"], "disclose": "masked", "mask": "name", "required": true},
    {"name": "subject.mobile", "label": {"zh": "手机号", "en": "Mobile"}, "type": "msisdn_cn", "class": "C2", "keys": ["手机号", "mobile"], "disclose": "withheld", "mask": "phone_cn"},
    {"name": "loan.amount", "label": {"zh": "金额", "en": "Amount"}, "type": "money", "class": "C2", "keys": ["金额"], "currency": "CNY", "disclose": "plain", "required": true},
    {"name": "loan.limit", "label": {"zh": "额度", "en": "Limit"}, "type": "money", "class": "C2", "keys": ["额度"], "currency": "CNY", "disclose": "plain"},
    {"name": "marital", "label": {"zh": "婚姻", "en": "Marital"}, "type": "enum", "class": "C2", "keys": ["婚姻"], "system": "t/marital", "codes": {"1": {"zh": "已婚", "en": "married"}}, "disclose": "plain"},
    {"name": "pay.password_ok_at", "label": {"zh": "支付密码验证成功时间", "en": "Password event"}, "type": "instant", "class": "C2", "keys": ["支付密码验证成功时间"], "disclose": "plain"},
    {"name": "pay.password_ok", "label": {"zh": "支付密码验证结果", "en": "Password result"}, "type": "flag", "class": "C2", "keys": ["支付密码验证结果"], "disclose": "plain"},
    {"name": "done.at", "label": {"zh": "时间", "en": "Time"}, "type": "instant", "class": "C2", "keys": ["时间"], "disclose": "plain"},
    {"name": "device.location", "label": {"zh": "GPS", "en": "GPS"}, "type": "geo", "class": "C2", "keys": ["GPS"], "disclose": "withheld", "mask": "geo2"},
    {"name": "doc.file", "label": {"zh": "文件", "en": "File"}, "type": "attachment", "class": "C2", "keys": ["附件"], "disclose": "plain"}
  ],
  "refused": ["悄悄话"],
  "rules": [
    {"id": "limit", "kind": "le", "a": "loan.amount", "b": "loan.limit", "label": {"zh": "额度内", "en": "Within the limit"}, "basis": "民法典 671"}
  ]
}"#;

fn small() -> Profile {
    Profile::parse(SMALL.as_bytes()).unwrap()
}

fn value<'a>(fields: &'a [Field], name: &str) -> &'a Value {
    &fields.iter().find(|field| field.name == name).unwrap_or_else(|| panic!("no {name}")).value
}
