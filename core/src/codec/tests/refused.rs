use super::*;

#[test]
fn cut_anywhere_is_truncated() {
    let mut w = Writer::new();
    w.array(5).uint(1 << 40).bstr(&[7; 30]).text("印证 0123456789 0123456789").map(2);
    w.int(300).tag(18).array(4).bstr(&[1; 3]).map(0).null().bstr(&[2; 64]);
    w.int(-70_000).decimal(Decimal::new(-2, 500_000).unwrap());
    let whole = w.bool(true).finish();
    Item::parse(&whole, 1000).unwrap();
    for len in 0..whole.len() {
        assert_eq!(
            Item::parse(&whole[..len], 1000).unwrap_err().code(),
            ErrorCode::Truncated,
            "{len}"
        );
    }
}

#[test]
fn trailing_bytes() {
    for text in ["0000", "f6f6", "4000", "8000", "a0a0", "a1000100", "c482000000", "d28440a0f640ff"]
    {
        assert_eq!(code(text), ErrorCode::TrailingBytes, "{text}");
    }
}

#[test]
fn longer_than_needed() {
    for major in 0..=6u8 {
        let head = |info: u8| major << 5 | info;
        for n in 0..24 {
            assert_eq!(Item::parse(&[head(24), n], 9).unwrap_err().code(), ErrorCode::NotShortest);
        }
        for longer in [
            vec![head(25), 0, 0xff],
            vec![head(25), 0, 0],
            vec![head(26), 0, 0, 0xff, 0xff],
            vec![head(27), 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert_eq!(Item::parse(&longer, 9).unwrap_err().code(), ErrorCode::NotShortest);
        }
    }
    // Inside too: a key, a length, the parts of a decimal.
    for text in
        ["a1180100", "a1 00 5801ff", "811800", "c482180200", "c48200190001", "d29800 f6f6f6f6"]
    {
        assert_eq!(code(text), ErrorCode::NotShortest, "{text}");
    }
}

#[test]
fn items_outside_the_format() {
    for text in [
        "f7", // undefined
        "f90000",
        "f97e00",
        "fa47c35000",
        "fb3ff199999999999a", // floats
        "e0",
        "f0",
        "f3",
        "f818",
        "f8ff",
        "f800", // other simple values
        "ff",   // break
        "1c",
        "1d",
        "1e",
        "1f",
        "3c",
        "3f",
        "fc",
        "fd",
        "fe", // reserved
        "5f4100ff",
        "7f6100ff",
        "9f00ff",
        "bf0000ff",
        "5fff",
        "9fff",
        "bfff", // indefinite lengths
        "5c",
        "7d",
        "9e",
        "bc",
        "dc",
        "df",
    ] {
        assert_eq!(code(text), ErrorCode::UnsupportedItem, "{text}");
        assert_eq!(code(&format!("81{text}")), ErrorCode::UnsupportedItem, "in an array: {text}");
        assert_eq!(code(&format!("a100{text}")), ErrorCode::UnsupportedItem, "in a map: {text}");
    }
}

#[test]
fn tags_outside_the_format() {
    for text in [
        "c000",
        "c100",
        "c24100",
        "c34100", // dates and big numbers
        "c5820000",
        "c6",
        "d100",
        "d300", // neighbours of 4 and 18
        "d81e820000",
        "d9d9f700",
        "da0001000000", // rational, self-described, large
    ] {
        assert_eq!(code(text), ErrorCode::UnsupportedItem, "{text}");
    }
}

#[test]
fn tag_18_is_an_array_of_four() {
    for text in
        ["d200", "d2f6", "d240", "d2a0", "d280", "d283f6f6f6", "d285f6f6f6f6f6", "d2d284f6f6f6f6"]
    {
        assert_eq!(code(text), ErrorCode::UnsupportedItem, "{text}");
    }
    assert_eq!(code("d2"), ErrorCode::Truncated);
    assert_eq!(code("d284f6f6f6"), ErrorCode::Truncated);
}

#[test]
fn the_parts_of_a_message_have_their_types() {
    // The last one has a message in the unprotected header of another.
    for good in ["d28440a0f640", "d28440a04040", "a100d28440a0f640", "d28440a100d28440a0f6404040"] {
        assert!(crate::codec::Item::parse(&bytes(good), 99).is_ok(), "{good}");
    }
    for text in [
        "d284f6a0f640",       // protected null
        "d284a0a0f640",       // protected a map
        "d28400a0f640",       // protected a number
        "d28440f6f640",       // unprotected null
        "d2844040f640",       // unprotected bytes
        "d2844080f640",       // unprotected an array
        "d28440a0f440",       // payload false
        "d28440a06040",       // payload text
        "d28440a0a040",       // payload a map
        "d28440a0f6f6",       // signature null
        "d28440a0f680",       // signature an array
        "a10081d28400000000", // deeper inside
    ] {
        assert_eq!(code(text), ErrorCode::WrongType, "{text}");
    }
}

#[test]
fn keys_that_are_no_integers() {
    for key in
        ["40", "4100", "60", "6161", "80", "a0", "f4", "f5", "f6", "c4820000", "d284f6f6f6f6"]
    {
        assert_eq!(code(&format!("a1{key}00")), ErrorCode::UnsupportedItem, "{key}");
        assert_eq!(code(&format!("a20000{key}00")), ErrorCode::UnsupportedItem, "{key}");
    }
}

#[test]
fn numbers_out_of_range() {
    for text in [
        "1b8000000000000000",
        "1bffffffffffffffff",
        "3b8000000000000000",
        "3bffffffffffffffff",
        "811b8000000000000000",
        "a11b800000000000000000",
        "a13b800000000000000000",
        "a11a0001000000", // key 65,536
    ] {
        assert_eq!(code(text), ErrorCode::OutOfRange, "{text}");
    }
    Item::parse(&bytes("a119ffff00"), 9).unwrap();
}

#[test]
fn order_of_keys() {
    for text in [
        "a201000000",        // 1, 0
        "a218180017 00",     // 24, 23
        "a2190100001818 00", // 256, 24
        "a2 2000 0000",      // −1, 0
        "a2 2100 2000",      // −2, −1
        "a2 381800 2000",    // −25, −1
        "a3 0000 0200 0100",
    ] {
        assert_eq!(code(text), ErrorCode::MapOrder, "{text}");
    }
    // The order inside one map says nothing about the next.
    Item::parse(&bytes("82 a10500 a10100"), 100).unwrap();
    Item::parse(&bytes("a2 01 a10500 02 a10100"), 100).unwrap();
}

#[test]
fn keys_twice() {
    for text in ["a2 0000 0000", "a2 2000 2000", "a2 190100 00 190100 00", "a3 0000 0100 0101"] {
        assert_eq!(code(text), ErrorCode::DuplicateKey, "{text}");
    }
}

#[test]
fn text_that_is_not_utf8() {
    for text in [
        "61ff",
        "61c3",
        "62c328",
        "6180", // stray and cut sequences
        "62c080",
        "63e08080", // overlong
        "63eda080",
        "66eda080edb080", // surrogates
        "64f4908080",     // above U+10FFFF
        "8261c361a9",     // one letter over two texts
    ] {
        assert_eq!(code(text), ErrorCode::InvalidUtf8, "{text}");
    }
}

#[test]
fn nesting() {
    let arrays = |n: usize| "81".repeat(n);
    let maps = |n: usize| "a100".repeat(n);
    Item::parse(&bytes(&format!("{}00", arrays(8))), 100).unwrap();
    Item::parse(&bytes(&format!("{}00", maps(8))), 100).unwrap();
    Item::parse(&bytes(&format!("{}80", arrays(7))), 100).unwrap();
    assert_eq!(code(&format!("{}00", arrays(9))), ErrorCode::TooDeep);
    assert_eq!(code(&format!("{}00", maps(9))), ErrorCode::TooDeep);
    // An empty array or map is a level as well.
    assert_eq!(code(&format!("{}80", arrays(8))), ErrorCode::TooDeep);
    assert_eq!(code(&format!("{}a0", maps(8))), ErrorCode::TooDeep);
    // A tag is a level, and what it tags is another.
    Item::parse(&bytes(&format!("{}c4820000", arrays(6))), 100).unwrap();
    assert_eq!(code(&format!("{}c4820000", arrays(7))), ErrorCode::TooDeep);
    Item::parse(&bytes(&format!("{}d28440a0f640", arrays(5))), 100).unwrap();
    assert_eq!(code(&format!("{}d28440a0f640", arrays(6))), ErrorCode::TooDeep);
    assert_eq!(code(&format!("{}d28440a0f640", arrays(8))), ErrorCode::TooDeep);
    // Levels that were closed do not count.
    let wide = format!("98c8{}", "8181818181818100".repeat(200));
    Item::parse(&bytes(&wide), 10_000).unwrap();
}

#[test]
fn sizes_that_lie() {
    for text in [
        "5b7fffffffffffffff",
        "7b7fffffffffffffff",
        "9b7fffffffffffffff",
        "bb7fffffffffffffff",
        "5bffffffffffffffff",
        "9bffffffffffffffff",
        "bbffffffffffffffff",
        "5affffffff00",
        "9affffffff00",
        "bb800000000000000000", // twice that many items would overflow
        "8200",
        "a20000",
        "981900",
        "41",
    ] {
        assert_eq!(code(text), ErrorCode::Truncated, "{text}");
    }
}

#[test]
fn too_large() {
    let parse = |len: usize, max: usize| {
        Item::parse(&Writer::new().bstr(&vec![0; len]).finish(), max).err()
    };
    assert_eq!(parse(65_532, limits::ENTRY_BYTES), None);
    assert_eq!(parse(65_533, limits::ENTRY_BYTES).unwrap().code(), ErrorCode::TooLarge);
    assert_eq!(parse(0, 0).unwrap().code(), ErrorCode::TooLarge);
}

#[test]
fn hostile_input_costs_no_more_than_its_length() {
    let half = 1 << 20;
    let deep = vec![0x81; half];
    assert_eq!(Item::parse(&deep, half).unwrap_err().code(), ErrorCode::TooDeep);
    let mut flat = vec![0x9a, 0, 0x0f, 0xff, 0xfb];
    flat.resize(half, 0x80);
    let item = Item::parse(&flat, half).unwrap();
    assert_eq!(item.element_count().unwrap(), half as u64 - 5);
    assert_eq!(item.elements().unwrap().count(), half - 5);
}

#[test]
fn errors_say_where_and_never_what() {
    let secret = "6225880112345678";
    let mut encoded = Writer::new().array(2).text(secret).finish();
    encoded.push(0xf7);
    let error = Item::parse(&encoded, 100).unwrap_err();
    assert_eq!(error.context(), "CBOR, byte 18");
    encoded.pop();
    encoded.push(0x00);
    let item = Item::parse(&encoded, 100).unwrap();
    let text = item.elements().unwrap().next().unwrap();
    for error in [text.uint().unwrap_err(), text.map().unwrap_err(), item.decimal().unwrap_err()] {
        assert!(!error.to_string().contains(secret));
    }
    assert!(!format!("{item:?} {text:?}").contains(secret));
}
