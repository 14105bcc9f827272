use serde_json::json;
use yinzheng::codec::{Item, Kind};

use crate::{bytes, hex, result};

/// Diagnostic notation (RFC 8949 §8), so that a person sees what the bytes say.
fn diagnostic(item: Item<'_>) -> String {
    let join = |parts: Vec<String>| parts.join(", ");
    match item.kind() {
        Kind::Uint | Kind::Negint => item.int().unwrap().to_string(),
        Kind::Bytes => format!("h'{}'", hex(item.bstr().unwrap())),
        Kind::Text => format!("{:?}", item.text().unwrap()),
        Kind::Bool => item.bool().unwrap().to_string(),
        Kind::Null => "null".to_owned(),
        Kind::Array => format!("[{}]", join(item.elements().unwrap().map(diagnostic).collect())),
        Kind::Map => {
            let pairs = item.map().unwrap();
            format!(
                "{{{}}}",
                join(pairs.iter().map(|(k, v)| format!("{k}: {}", diagnostic(v))).collect())
            )
        }
        Kind::Tag => {
            let tag = item.tag().unwrap();
            format!("{tag}({})", diagnostic(item.tagged(tag).unwrap()))
        }
    }
}

const ACCEPTED: &[(&str, &str, &str)] = &[
    ("zero", "the smallest integer form", "00"),
    ("one-byte-limit", "23 is the last integer of one byte", "17"),
    ("two-bytes", "24 is the first of two bytes", "1818"),
    ("uint-max", "2^63 − 1, the largest", "1b7fffffffffffffff"),
    ("int-min", "−2^63, the smallest", "3b7fffffffffffffff"),
    ("bytes", "a byte string", "43010203"),
    ("text", "text as given, UTF-8", "66e58db0e8af81"),
    ("text-decomposed", "e and a combining accent: not normalised", "6365cc81"),
    ("text-composed", "the same letter composed: other bytes, another text", "62c3a9"),
    ("array", "an array with null and both booleans", "83f6f4f5"),
    ("empty", "empty string, text, array, map", "84406080a0"),
    (
        "map-order",
        "keys in the order of their bytes: 0, 24, 65535, −1, −65537",
        "a5 00f6 1818f6 19fffff6 20f6 3a00010000f6",
    ),
    ("decimal", "273.15", "c48221196ab3"),
    ("decimal-scale", "5000.00 keeps its scale", "c482211a0007a120"),
    ("decimal-edge", "exponent −18, mantissa −2^63", "c482313b7fffffffffffffff"),
    ("sign1", "a signed message with detached payload", "d28443a10127a0f642aabb"),
    ("depth-8", "eight levels", "818181818181818100"),
    ("depth-tag", "a tag is a level, the array in it another", "818181818181c4820000"),
];

const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("nothing", "no bytes", "", "Truncated"),
    ("cut-string", "three bytes announced, two there", "430102", "Truncated"),
    ("cut-map", "a key without a value", "a100", "Truncated"),
    ("huge-array", "2^63 − 1 elements announced", "9b7fffffffffffffff", "Truncated"),
    ("huge-map", "2^63 pairs announced", "bb8000000000000000", "Truncated"),
    ("trailing", "a second item", "0000", "TrailingBytes"),
    ("long-uint-1", "23 in two bytes", "1817", "NotShortest"),
    ("long-uint-2", "255 in three bytes", "1900ff", "NotShortest"),
    ("long-uint-4", "65535 in five bytes", "1a0000ffff", "NotShortest"),
    ("long-uint-8", "2^32 − 1 in nine bytes", "1b00000000ffffffff", "NotShortest"),
    ("long-negint", "−24 in two bytes", "3817", "NotShortest"),
    ("long-length", "a length of 1 in two bytes", "5801ff", "NotShortest"),
    ("long-count", "a count of 1 in two bytes", "980100", "NotShortest"),
    ("long-tag", "tag 18 in three bytes", "d9001284f6f6f6f6", "NotShortest"),
    ("long-key", "key 1 in two bytes", "a1180100", "NotShortest"),
    ("uint-2-63", "2^63", "1b8000000000000000", "OutOfRange"),
    ("negint-2-63", "−2^63 − 1", "3b8000000000000000", "OutOfRange"),
    ("key-65536", "a key above 65535", "a11a00010000f6", "OutOfRange"),
    ("float-16", "a half float", "f93c00", "UnsupportedItem"),
    ("float-32", "a single float", "fa47c35000", "UnsupportedItem"),
    ("float-64", "a double float", "fb3ff199999999999a", "UnsupportedItem"),
    ("undefined", "undefined", "f7", "UnsupportedItem"),
    ("simple", "simple value 16", "f0", "UnsupportedItem"),
    ("simple-long", "simple value 255", "f8ff", "UnsupportedItem"),
    ("break", "a break without a beginning", "ff", "UnsupportedItem"),
    ("reserved", "reserved length 28", "1c", "UnsupportedItem"),
    ("indefinite-bytes", "a byte string in pieces", "5f4100ff", "UnsupportedItem"),
    ("indefinite-text", "text in pieces", "7f6100ff", "UnsupportedItem"),
    ("indefinite-array", "an array of unknown length", "9f00ff", "UnsupportedItem"),
    ("indefinite-map", "a map of unknown length", "bf0000ff", "UnsupportedItem"),
    ("text-key", "a key that is text", "a1616100", "UnsupportedItem"),
    ("bytes-key", "a key that is a byte string", "a1416100", "UnsupportedItem"),
    ("big-number", "tag 2", "c24101", "UnsupportedItem"),
    ("date", "tag 0", "c06a323032362d30312d3031", "UnsupportedItem"),
    ("self-described", "tag 55799", "d9d9f700", "UnsupportedItem"),
    ("sign1-short", "tag 18 over three elements", "d283f6f6f6", "UnsupportedItem"),
    ("sign1-other", "tag 18 over an integer", "d200", "UnsupportedItem"),
    ("sign1-protected", "tag 18, protected header a map", "d284a0a0f640", "WrongType"),
    ("sign1-unprotected", "tag 18, unprotected header a byte string", "d2844040f640", "WrongType"),
    ("sign1-payload", "tag 18, payload a map", "d28440a0a040", "WrongType"),
    ("sign1-signature", "tag 18, signature null", "d28440a0f6f6", "WrongType"),
    ("sign1-in-map", "tag 18 over integers, deeper inside", "a10081d28400000000", "WrongType"),
    ("decimal-one", "tag 4 over one element", "c48100", "UnsupportedItem"),
    ("decimal-three", "tag 4 over three elements", "c483000000", "UnsupportedItem"),
    ("decimal-big", "tag 4 with a big number as mantissa", "c48200c24101", "UnsupportedItem"),
    ("decimal-exponent", "exponent 19", "c4821300", "OutOfRange"),
    ("decimal-exponent-low", "exponent −19", "c4823200", "OutOfRange"),
    ("decimal-mantissa", "mantissa 2^63", "c482001b8000000000000000", "OutOfRange"),
    ("order", "keys 1, 0", "a2010000f6", "MapOrder"),
    ("order-sign", "keys −1, 0", "a2200000f6", "MapOrder"),
    ("order-length", "keys 24, 23: by value, not only by length", "a218180017f6", "MapOrder"),
    ("twice", "key 0 twice", "a2000000f6", "DuplicateKey"),
    ("latin-1", "é in Latin-1", "61e9", "InvalidUtf8"),
    ("overlong", "NUL in two bytes", "62c080", "InvalidUtf8"),
    ("surrogate", "a lone surrogate", "63eda080", "InvalidUtf8"),
    ("cut-letter", "half a letter at the end", "61c3", "InvalidUtf8"),
    ("depth-9", "nine levels", "81818181818181818100", "TooDeep"),
    ("depth-tag-9", "a tag at the eighth level", "81818181818181c4820000", "TooDeep"),
];

#[test]
fn codec() {
    let accepted = ACCEPTED.iter().map(|&(name, what, text)| {
        let input = bytes(text);
        let item = Item::parse(&input, 65_535);
        let result = result(&item, "ok", name);
        let diagnostic = diagnostic(item.unwrap());
        json!({"name": name, "what": what, "hex": hex(&input), "result": result, "diagnostic": diagnostic})
    });
    let refused = REFUSED.iter().map(|&(name, what, text, expected)| {
        let input = bytes(text);
        let result = result(&Item::parse(&input, 65_535), expected, name);
        json!({"name": name, "what": what, "hex": hex(&input), "result": result})
    });
    let file = json!({
        "about": "docs/format.md §1: one item, strictly. `ok` means accepted, and encoding it again gives the same bytes.",
        "vectors": accepted.chain(refused).collect::<Vec<_>>(),
    });
    crate::common::assert_blessed("tests/vectors/codec.json", &crate::common::pretty(&file));
}
