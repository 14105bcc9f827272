use serde_json::json;
use yinzheng::codec::{Item, Writer};
use yinzheng::hash::{Digest, HashAlg, TwinDigest};

use crate::{bytes, hex, result};

#[test]
fn hash() {
    let messages: Vec<(&str, &str, Vec<u8>)> = vec![
        ("empty", "no bytes", vec![]),
        ("abc", "three letters", b"abc".to_vec()),
        ("abcd-16", "\"abcd\" 16 times, one whole block", b"abcd".repeat(16)),
        ("55", "the most that fits one block with its padding", vec![0x61; 55]),
        ("56", "one more: the padding needs a second block", vec![0x61; 56]),
        ("65", "a tree node's length", vec![0x01; 65]),
        ("chinese", "text, as its UTF-8 bytes", "电子存证 印证".as_bytes().to_vec()),
    ];
    let digests = messages.iter().flat_map(|(name, what, message)| {
        HashAlg::ALL.map(|alg| {
            let digest = Digest::of(alg, message);
            let wire = digest.write(&mut Writer::new()).finish();
            json!({
                "name": format!("{name}-{}", alg.prefix()), "what": what, "alg": alg.cose_id(),
                "hex": hex(message), "digest": hex(digest.bytes), "wire": hex(wire), "text": digest.to_string(),
            })
        })
    });
    let twins = messages.iter().map(|(name, what, message)| {
        let twin = TwinDigest::of(message);
        json!({
            "name": name, "what": what, "hex": hex(message),
            "size": twin.size, "sha256": hex(twin.sha256), "sm3": hex(twin.sm3),
        })
    });
    let d = "00".repeat(32);
    let wire = [
        (
            "sha-512",
            "an algorithm the format does not have",
            format!("82382b5820{d}"),
            "UnsupportedAlgorithm",
        ),
        ("positive", "16 instead of −16", format!("82105820{d}"), "UnsupportedAlgorithm"),
        ("short", "31 bytes", format!("822f581f{}", &d[2..]), "OutOfRange"),
        ("long", "33 bytes", format!("822f5821{d}00"), "OutOfRange"),
        ("bare", "bytes without an algorithm", format!("5820{d}"), "WrongType"),
        ("three", "a third element", format!("832f5820{d}f6"), "WrongType"),
        ("text", "the algorithm as text", format!("82675348412d3235365820{d}"), "WrongType"),
    ];
    let wire = wire.iter().map(|(name, what, text, expected)| {
        let input = bytes(text);
        let outcome = Item::parse(&input, 100).and_then(Digest::read);
        json!({"name": name, "what": what, "hex": text, "result": result(&outcome, expected, name)})
    });
    let file = json!({
        "about": "docs/format.md §3: digests, on the wire [alg, bytes]; attachments carry both.",
        "digests": digests.collect::<Vec<_>>(),
        "twins": twins.collect::<Vec<_>>(),
        "refused": wire.collect::<Vec<_>>(),
    });
    crate::common::assert_blessed("tests/vectors/hash.json", &crate::common::pretty(&file));
}
