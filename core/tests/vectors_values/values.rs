use serde_json::{Value as Json, json};
use yinzheng::codec::Item;
use yinzheng::value::{DISCLOSURE_BYTES, Value};

use crate::{bytes, described, hex, joined};

/// One row per type and state, worked by hand from docs/format.md §6.
const ACCEPTED: &[(&str, &str, &str)] = &[
    ("null", "captured as unknown", "f6"),
    ("empty", "captured empty", "60"),
    ("plain", "text exactly as captured", "66 e5bca0e4b889"),
    (
        "text-trimmed",
        "the normal form beside the original",
        "a4 00 00 01 61 78 02 62 2078 03 81 03",
    ),
    ("text-found", "text with a finding and no other form", "a3 00 00 01 66 e5bca0e280ae 03 81 0a"),
    ("empty-required", "captured empty though required", "a3 00 00 01 60 03 81 0d"),
    ("integer", "a whole number", "a3 00 01 01 0c 02 62 3132"),
    ("integer-min", "the smallest one, not from text", "a2 00 01 01 3b7fffffffffffffff"),
    ("decimal", "a number without unit", "a2 00 02 01 c4 82 20 05"),
    ("decimal-unit", "a number with unit", "a3 00 02 01 c4 82 20 05 04 61 6d"),
    (
        "money",
        "5000.00 keeps its scale",
        "a4 00 03 01 c4 82 21 1a 0007a120 02 67 353030302e3030 04 63 434e59",
    ),
    (
        "money-unparsed",
        "could not be read: the original and finding 1",
        "a3 00 03 02 66 e4ba94e58d83 03 81 01",
    ),
    ("rate", "percent a year", "a4 00 04 01 c4 82 20 18ea 02 65 32332e3425 04 63 252f61"),
    (
        "instant",
        "no zone in the text: the profile's was assumed",
        "a5 00 05 01 1b0000019ca70441c0 02 73 323032362d30332d30312030393a33303a3030 03 81 05 04 1901e0",
    ),
    ("instant-west", "west of Greenwich, before 1970", "a3 00 05 01 20 04 38d1"),
    ("date", "a leap day", "a2 00 06 01 6a 323032342d30322d3239"),
    ("flag", "yes", "a3 00 07 01 f5 02 63 e698af"),
    ("code", "a code of a system", "a4 00 08 01 62 3031 02 66 e5b7b2e5a99a 04 61 73"),
    (
        "code-unknown",
        "未知 is a value, not in the table",
        "a5 00 08 01 66 e69caae79fa5 02 66 e69caae79fa5 03 81 08 04 61 73",
    ),
    ("geo", "no datum, no accuracy", "a3 00 09 01 82 c4 82 21 190c33 c4 82 21 192f73 03 81 06"),
    (
        "geo-full",
        "datum and accuracy",
        "a4 00 09 01 82 c4 82 21 190c33 c4 82 21 192f73 04 66 5747532d3834 05 c4 82 00 0f",
    ),
    (
        "attachment",
        "a file of three bytes: abc",
        "a2 00 0a 01 85 6a 746578742f706c61696e 03 5820 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 5820 66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0 65 612e747874",
    ),
    ("bytes", "bytes", "a2 00 0b 01 43 0102ff"),
    (
        "masked",
        "the masked form of another field",
        "a3 00 0c 01 6b 3133392a2a2a2a30303031 04 68 70686f6e655f636e",
    ),
    ("finding-later", "a finding of a later version is kept", "a3 00 00 01 61 78 03 82 02 1901f4"),
];

/// Every other form of the same, and what no version writes.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("an-integer-is-no-value", "an integer is no value", "00", "WrongType"),
    ("nor-is-a-flag", "nor is a flag", "f5", "WrongType"),
    ("nor-are-bytes", "nor are bytes", "40", "WrongType"),
    ("nor-is-an-array", "nor is an array", "80", "WrongType"),
    ("no-type", "no type", "a0", "MissingKey"),
    ("text-without-text", "text without text", "a1 00 00", "MissingKey"),
    (
        "plain-text-in-the-long-form",
        "plain text in the long form",
        "a2 00 00 01 61 78",
        "UnsupportedItem",
    ),
    (
        "an-original-that-is-the-normal-form",
        "an original that is the normal form",
        "a3 00 00 01 61 78 02 61 78",
        "UnsupportedItem",
    ),
    (
        "an-empty-list-of-findings",
        "an empty list of findings",
        "a3 00 00 01 61 78 03 80",
        "OutOfRange",
    ),
    ("finding-0", "finding 0", "a3 00 00 01 61 78 03 81 00", "OutOfRange"),
    ("finding-65-536", "finding 65,536", "a3 00 00 01 61 78 03 81 1a 00010000", "OutOfRange"),
    ("findings-out-of-order", "findings out of order", "a3 00 00 01 61 78 03 82 03 02", "MapOrder"),
    ("a-finding-twice", "a finding twice", "a3 00 00 01 61 78 03 82 02 02", "MapOrder"),
    ("a-negative-finding", "a negative finding", "a3 00 00 01 61 78 03 81 20", "WrongType"),
    (
        "parsed-yet-unparsed",
        "parsed, yet unparsed",
        "a3 00 00 01 61 78 03 81 01",
        "UnsupportedItem",
    ),
    ("text-always-parses", "text always parses", "a3 00 00 02 61 78 03 81 01", "MissingKey"),
    (
        "text-has-no-qualifier",
        "text has no qualifier",
        "a4 00 00 01 61 78 03 81 02 04 61 78",
        "UnknownCritical",
    ),
    ("type-13", "type 13", "a2 00 0d 01 61 78", "UnknownCritical"),
    ("key-6", "key 6", "a3 00 01 01 05 06 00", "UnknownCritical"),
    (
        "values-have-no-optional-keys",
        "values have no optional keys",
        "a3 00 01 01 05 18 40 00",
        "UnknownCritical",
    ),
    ("a-negative-key", "a negative key", "a3 00 01 01 05 20 00", "UnknownCritical"),
    ("a-number-as-text", "a number as text", "a2 00 01 01 61 35", "WrongType"),
    ("no-content-no-original", "no content, no original", "a1 00 03", "MissingKey"),
    ("no-content-no-finding-1", "no content, no finding 1", "a2 00 03 02 61 78", "MissingKey"),
    (
        "no-content-no-original-finding-1",
        "no content, no original, finding 1",
        "a2 00 03 03 81 01",
        "MissingKey",
    ),
    (
        "a-qualifier-of-nothing",
        "a qualifier of nothing",
        "a4 00 03 02 61 78 03 81 01 04 63 434e59",
        "UnknownCritical",
    ),
    ("money-without-currency", "money without currency", "a2 00 03 01 c4 82 21 05", "MissingKey"),
    (
        "currency-in-small-letters",
        "currency in small letters",
        "a3 00 03 01 c4 82 21 05 04 63 636e79",
        "OutOfRange",
    ),
    (
        "currency-of-two-letters",
        "currency of two letters",
        "a3 00 03 01 c4 82 21 05 04 62 434e",
        "OutOfRange",
    ),
    ("money-as-an-integer", "money as an integer", "a3 00 03 01 05 04 63 434e59", "WrongType"),
    ("rate-without-unit", "rate without unit", "a2 00 04 01 c4 82 21 05", "MissingKey"),
    ("an-empty-unit", "an empty unit", "a3 00 04 01 c4 82 21 05 04 60", "OutOfRange"),
    (
        "an-empty-unit-of-a-decimal",
        "an empty unit of a decimal",
        "a3 00 02 01 c4 82 21 05 04 60",
        "OutOfRange",
    ),
    ("instant-without-offset", "instant without offset", "a2 00 05 01 00", "MissingKey"),
    ("offset-of-a-whole-day", "offset of a whole day", "a3 00 05 01 00 04 1905a0", "OutOfRange"),
    (
        "offset-beyond-16-bits",
        "offset beyond 16 bits",
        "a3 00 05 01 00 04 1a00010000",
        "OutOfRange",
    ),
    (
        "beyond-the-year-9999",
        "beyond the year 9999",
        "a3 00 05 01 1b7fffffffffffffff 04 00",
        "OutOfRange",
    ),
    ("29-february-2023", "29 February 2023", "a2 00 06 01 6a 323032332d30322d3239", "OutOfRange"),
    ("a-day-of-one-digit", "a day of one digit", "a2 00 06 01 69 323032332d30322d31", "OutOfRange"),
    ("slashes-in-a-date", "slashes in a date", "a2 00 06 01 6a 323032332f30322f3031", "OutOfRange"),
    ("flag-as-a-number", "flag as a number", "a2 00 07 01 01", "WrongType"),
    ("code-without-system", "code without system", "a2 00 08 01 61 31", "MissingKey"),
    ("an-empty-code", "an empty code", "a3 00 08 01 60 04 61 73", "OutOfRange"),
    ("latitude-only", "latitude only", "a2 00 09 01 81 c4 82 00 01", "WrongType"),
    ("latitude-91", "latitude 91", "a2 00 09 01 82 c4 82 00 185b c4 82 00 01", "OutOfRange"),
    ("longitude-181", "longitude 181", "a2 00 09 01 82 c4 82 00 01 c4 82 00 18b5", "OutOfRange"),
    (
        "an-empty-datum",
        "an empty datum",
        "a3 00 09 01 82 c4 82 00 01 c4 82 00 01 04 60",
        "OutOfRange",
    ),
    (
        "negative-accuracy",
        "negative accuracy",
        "a3 00 09 01 82 c4 82 00 01 c4 82 00 01 05 c4 82 00 20",
        "OutOfRange",
    ),
    (
        "accuracy-of-a-code",
        "accuracy of a code",
        "a4 00 08 01 61 31 04 61 73 05 c4 82 00 01",
        "UnknownCritical",
    ),
    ("masked-without-rule", "masked without rule", "a2 00 0c 01 61 2a", "MissingKey"),
    (
        "masked-with-an-original",
        "masked with an original",
        "a4 00 0c 01 61 2a 02 61 78 04 61 72",
        "UnsupportedItem",
    ),
    ("attachment-without-parts", "attachment without parts", "a2 00 0a 01 80", "WrongType"),
];

pub(super) fn accepted() -> Vec<Json> {
    let row = |&(name, what, text): &(&str, &str, &str)| {
        let input = bytes(text);
        let value = Item::parse(&input, DISCLOSURE_BYTES)
            .and_then(Value::read)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(hex(value.encode()), hex(&input), "{name}");
        joined(json!({"name": name, "what": what}), described(&value))
    };
    ACCEPTED.iter().map(row).collect()
}

pub(super) fn refused() -> Vec<Json> {
    let row = |&(name, what, text, expected): &(&str, &str, &str, &str)| {
        let input = bytes(text);
        let error = Item::parse(&input, DISCLOSURE_BYTES).and_then(Value::read).expect_err(name);
        assert_eq!(error.code().name(), expected, "{name}: {error}");
        json!({"name": name, "what": what, "hex": hex(&input), "result": expected})
    };
    REFUSED.iter().map(row).collect()
}
