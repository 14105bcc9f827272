use serde_json::{Value as Json, json};
use yinzheng::value::parse::{FieldType, Spec};

use crate::{described, joined};

/// One type and the texts to read as it. The unit tests of `value::parse` hold many more.
const TEXTS: &[(&str, &[&str])] = &[
    ("text", &["张三", " 张三", "", "未知", "张\u{202e}三", "示例路１号"]),
    (
        "id_cn18",
        &[
            "11010519491231002X",
            "11010519491231002x",
            "110105194912310021",
            "110105194913310025",
            "110105491231002",
        ],
    ),
    ("msisdn_cn", &["13900000001", "+86 139 0000 0001", "0086-139-0000-0001", "12900000001"]),
    ("phone_cn", &["02155550000", "0571-5555000-801", "5555"]),
    ("pan", &["6200000000000000018", "6200 0000 0000 0000 018", "6200000000000000019", "6200"]),
    ("account", &["13900000001", "6200 0000 0000 0000 018"]),
    ("uscc", &["91350100M000100Y43", "91350100M000100Y44", "91350100M000100I43"]),
    ("region", &["310101", "3101"]),
    ("hex", &[" 0A1b", "xyz"]),
    ("integer", &["12", "012", "12.0", "12.5", "1e3"]),
    ("decimal", &["0.10", "-1E-7", "1,0"]),
    (
        "money",
        &[
            "5000.00",
            "¥5,000.00",
            "人民币5000元",
            "５０００．００",
            "0.005",
            "$5000",
            "5,00.00",
            "五千",
            "",
        ],
    ),
    ("rate", &["23.4%", "23.40 %", "0.5‰"]),
    (
        "instant",
        &[
            "2026-03-01 09:30:00",
            "2026-03-01 09:30:00.0",
            "2026-03-01 09:30:00.25",
            "2026-03-01",
            "01",
            "2026-03-01T01:30:00Z",
            "2026-03-01T09:30:00.123456789+08:00",
            "2026-03-01 24:00:00",
            "20260301093000",
            "1772328600250",
            "2026-02-29 09:30:00",
            "2026-03-01 23:59:60",
            "昨天",
        ],
    ),
    (
        "date",
        &["2024-02-29", "2024-02-29 00:00:00.0", "2024-02-29 12:00:00", "2023-02-29", "01", "长期"],
    ),
    ("day", &["01", "31", "32"]),
    ("flag", &["是", "false", "通过"]),
    (
        "geo",
        &[
            "31.230416,121.473701",
            " 31.230416 , 121.473701",
            "31.230416,121.473701 (gcj02)",
            "31.2,121.4,15m,WGS84",
            "121.4,31.2",
        ],
    ),
];

pub(super) fn all() -> Vec<Json> {
    let mut rows = Vec::new();
    for (name, texts) in TEXTS {
        let field_type: FieldType = serde_json::from_value(json!(name)).unwrap();
        let mut spec = Spec::of(field_type);
        spec.currency = (field_type == FieldType::Money).then(|| "CNY".to_owned());
        spec.unit = (field_type == FieldType::Rate).then(|| "%/a".to_owned());
        for text in *texts {
            let value = spec.read(text).unwrap();
            assert_eq!(value.original(), Some(*text));
            rows.push(joined(json!({"type": name, "text": text}), described(&value)));
        }
    }
    rows
}
