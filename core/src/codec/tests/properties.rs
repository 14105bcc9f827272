use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::*;

/// Any value of the format, as a tree.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Int(i64),
    Bytes(Vec<u8>),
    Text(String),
    Bool(bool),
    Null,
    Decimal(i8, i64),
    Array(Vec<Tree>),
    Map(Vec<(i64, Tree)>),
    Sign1(Box<[Tree; 4]>),
}

fn key() -> impl Strategy<Value = i64> {
    prop_oneof![
        0..64i64,
        0..=65_535i64,
        -30..0i64,
        any::<i64>().prop_map(|n| if n > 65_535 { !n } else { n })
    ]
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        prop_oneof![any::<i64>(), -300..300i64].prop_map(Tree::Int),
        vec(any::<u8>(), 0..70).prop_map(Tree::Bytes),
        ".{0,30}".prop_map(Tree::Text),
        any::<bool>().prop_map(Tree::Bool),
        Just(Tree::Null),
        (-18..=18i8, any::<i64>()).prop_map(|(e, m)| Tree::Decimal(e, m)),
    ];
    leaf.prop_recursive(3, 60, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Tree::Array),
            btree_map(key(), inner, 0..8).prop_map(|m| Tree::Map(m.into_iter().collect())),
            message(),
        ]
    })
}

/// A signed message: bytes, a map, bytes or null, bytes.
fn message() -> impl Strategy<Value = Tree> {
    let content = || vec(any::<u8>(), 0..70).prop_map(Tree::Bytes);
    let pairs = btree_map(key(), any::<i64>().prop_map(Tree::Int), 0..4);
    let header = pairs.prop_map(|pairs| Tree::Map(pairs.into_iter().collect()));
    let payload = prop_oneof![Just(Tree::Null), content()];
    (content(), header, payload, content())
        .prop_map(|(a, b, c, d)| Tree::Sign1(Box::new([a, b, c, d])))
}

fn write<'w>(tree: &Tree, w: &'w mut Writer) -> &'w mut Writer {
    match tree {
        Tree::Int(n) => w.int(*n),
        Tree::Bytes(content) => w.bstr(content),
        Tree::Text(content) => w.text(content),
        Tree::Bool(value) => w.bool(*value),
        Tree::Null => w.null(),
        Tree::Decimal(e, m) => w.decimal(Decimal::new(*e, *m).unwrap()),
        Tree::Array(parts) => parts.iter().fold(w.array(parts.len()), |w, part| write(part, w)),
        Tree::Map(pairs) => pairs
            .iter()
            .fold(MapBuilder::new(), |map, (key, value)| map.put(*key, |w| write(value, w)))
            .write(w),
        Tree::Sign1(parts) => parts.iter().fold(w.tag(18).array(4), |w, part| write(part, w)),
    }
}

/// Reads an item back through the public accessors only.
fn read(item: Item<'_>) -> Tree {
    match item.kind() {
        Kind::Uint | Kind::Negint => Tree::Int(item.int().unwrap()),
        Kind::Bytes => Tree::Bytes(item.bstr().unwrap().to_vec()),
        Kind::Text => Tree::Text(item.text().unwrap().to_owned()),
        Kind::Bool => Tree::Bool(item.bool().unwrap()),
        Kind::Null => Tree::Null,
        Kind::Array => Tree::Array(item.elements().unwrap().map(read).collect()),
        Kind::Map => Tree::Map(item.map().unwrap().iter().map(|(k, v)| (k, read(v))).collect()),
        Kind::Tag if item.tag() == Some(4) => {
            let decimal = item.decimal().unwrap();
            Tree::Decimal(decimal.exponent, decimal.mantissa)
        }
        Kind::Tag => {
            Tree::Sign1(Box::new(item.tagged(18).unwrap().array_n::<4>().unwrap().map(read)))
        }
    }
}

/// Map pairs in canonical order, as a reader gives them.
fn sorted(tree: Tree) -> Tree {
    match tree {
        Tree::Array(parts) => Tree::Array(parts.into_iter().map(sorted).collect()),
        Tree::Map(pairs) => {
            let mut pairs: Vec<_> = pairs.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            pairs.sort_by_key(|(key, _)| Writer::new().int(*key).finish());
            Tree::Map(pairs)
        }
        Tree::Sign1(parts) => Tree::Sign1(Box::new(parts.map(sorted))),
        other => other,
    }
}

/// minicbor, which knows nothing of our rules, reads the same items and writes the same bytes from them.
fn minicbor_agrees(bytes: &[u8]) {
    let (mut decoder, mut encoder) = (Decoder::new(bytes), Encoder::new(Vec::new()));
    copy(&mut decoder, &mut encoder);
    assert_eq!(decoder.position(), bytes.len());
    assert_eq!(encoder.into_writer(), bytes);
}

fn copy(from: &mut Decoder<'_>, to: &mut Encoder<Vec<u8>>) {
    match from.datatype().unwrap() {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => drop(to.u64(from.u64().unwrap())),
        Type::I8 | Type::I16 | Type::I32 | Type::I64 => drop(to.i64(from.i64().unwrap())),
        Type::Bytes => drop(to.bytes(from.bytes().unwrap())),
        Type::String => drop(to.str(from.str().unwrap())),
        Type::Bool => drop(to.bool(from.bool().unwrap())),
        Type::Null => {
            from.null().unwrap();
            to.null().unwrap();
        }
        Type::Tag => {
            to.tag(from.tag().unwrap()).unwrap();
            copy(from, to);
        }
        Type::Array => {
            let len = from.array().unwrap().unwrap();
            to.array(len).unwrap();
            (0..len).for_each(|_| copy(from, to));
        }
        Type::Map => {
            let len = from.map().unwrap().unwrap();
            to.map(len).unwrap();
            (0..2 * len).for_each(|_| copy(from, to));
        }
        other => panic!("{other} was accepted"),
    }
}

/// Whatever the strict check lets in, it reads to a tree that is written to the same bytes.
fn accepted_means_canonical(bytes: &[u8]) -> bool {
    let Ok(item) = Item::parse(bytes, bytes.len()) else { return false };
    assert_eq!(write(&read(item), &mut Writer::new()).finish(), bytes);
    minicbor_agrees(bytes);
    true
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_accepted_and_read_back(tree in tree()) {
        let encoded = write(&tree, &mut Writer::new()).finish();
        let item = Item::parse(&encoded, encoded.len()).unwrap();
        prop_assert_eq!(read(item), sorted(tree));
        minicbor_agrees(&encoded);
        let followed = [&encoded[..], &[0x00]].concat();
        prop_assert_eq!(Item::parse_prefix(&followed, encoded.len()).unwrap().0, item);
        prop_assert_eq!(Item::parse(&followed, 1 << 20).unwrap_err().code(), ErrorCode::TrailingBytes);
        prop_assert!(Item::parse(&encoded[..encoded.len() - 1], 1 << 20).is_err());
    }

    #[test]
    fn changed_bytes_never_panic_and_never_pass_in_two_forms(
        tree in tree(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..4),
    ) {
        let mut encoded = write(&tree, &mut Writer::new()).finish();
        for (at, byte, how) in changes {
            let at = at.index(encoded.len());
            match how {
                0 => encoded[at] = byte,
                1 => encoded.insert(at, byte),
                _ if encoded.len() > 1 => drop(encoded.remove(at)),
                _ => {}
            }
        }
        accepted_means_canonical(&encoded);
        let _ = Item::parse_prefix(&encoded, 40);
    }

    #[test]
    fn random_bytes_never_panic(bytes in vec(any::<u8>(), 0..80)) {
        accepted_means_canonical(&bytes);
        let _ = Item::parse_prefix(&bytes, 40);
    }
}

/// Every input of up to two bytes, and every start of three and four.
#[test]
fn all_short_inputs() {
    let mut accepted = 0;
    for a in 0..=255u8 {
        accepted += usize::from(accepted_means_canonical(&[a]));
        for b in 0..=255u8 {
            accepted += usize::from(accepted_means_canonical(&[a, b]));
            for tail in [[0x00, 0x00], [0x18, 0x18], [0x20, 0x01], [0xff, 0xff]] {
                accepted += usize::from(accepted_means_canonical(&[a, b, tail[0]]));
                accepted += usize::from(accepted_means_canonical(&[a, b, tail[0], tail[1]]));
            }
        }
    }
    assert!(accepted > 500);
}
