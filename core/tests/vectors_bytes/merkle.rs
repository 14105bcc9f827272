use serde_json::{Value, json};
use yinzheng::codec::Writer;
use yinzheng::hash::HashAlg;
use yinzheng::merkle::{
    Frontier, Node, Tree, leaf_hashes, root, second_opinion, verify_consistency, verify_inclusion,
};

use crate::{bytes, hex, result};

/// The first eight are the reference entries of transparency-dev/merkle.
const ENTRIES: [&str; 11] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
    "70",
    "71",
    "72",
];

fn hexes(nodes: &[Node]) -> Vec<String> {
    nodes.iter().map(hex).collect()
}

fn inclusion(alg: HashAlg, leaves: &[Node]) -> Vec<Value> {
    let (five_of_eight, tree) = (leaves[5], Tree::new(alg, leaves[..8].to_vec()));
    let (path, top) = (tree.path(5).unwrap(), tree.root());
    let doubled = [&path[..], &path[..1]].concat();
    let mut flipped = path.clone();
    flipped[1][0] ^= 1;
    let mut cases: Vec<(&str, String, Node, u64, u64, Vec<Node>, Node, &str)> = Vec::new();
    for (index, size) in
        [(0, 1), (0, 2), (1, 2), (2, 3), (5, 8), (7, 8), (6, 7), (8, 9), (3, 11), (10, 11)]
    {
        let tree = Tree::new(alg, leaves[..size].to_vec());
        let path = tree.path(index as u64).unwrap();
        let what = format!("leaf {index} of {size}");
        cases.push((
            "member",
            what,
            leaves[index],
            index as u64,
            size as u64,
            path,
            tree.root(),
            "ok",
        ));
    }
    let mut wrong =
        |name: &'static str, what: &str, leaf, index, size, path: &[Node], root, expected| {
            cases.push((name, what.to_owned(), leaf, index, size, path.to_vec(), root, expected));
        };
    let (leaf, small) = (five_of_eight, root(alg, &leaves[..7]));
    wrong("other-index", "leaf 5 shown as leaf 4", leaf, 4, 8, &path, top, "RootMismatch");
    wrong("other-leaf", "another leaf", leaves[6], 5, 8, &path, top, "RootMismatch");
    wrong("other-root", "the root of a smaller tree", leaf, 5, 8, &path, small, "RootMismatch");
    wrong("flipped", "one bit of the path", leaf, 5, 8, &flipped, top, "RootMismatch");
    wrong("longer", "a node too many", leaf, 5, 8, &doubled, top, "PathLength");
    wrong("shorter", "a node too few", leaf, 5, 8, &path[..2], top, "PathLength");
    wrong("no-path", "no path at all", leaf, 5, 8, &[], top, "PathLength");
    wrong("outside", "an index not below the size", leaf, 8, 8, &path, top, "OutOfRange");
    wrong("empty-tree", "size 0", leaf, 0, 0, &[], top, "OutOfRange");
    wrong("huge", "size 2^53", leaf, 5, 1 << 53, &path, top, "OutOfRange");
    wrong("ambiguous-5-7", "a root binds no size: 5 of 7 passes too", leaf, 5, 7, &path, top, "ok");
    wrong("ambiguous-9-12", "nor an index: 9 of 12 passes too", leaf, 9, 12, &path, top, "ok");
    cases
        .into_iter()
        .map(|(name, what, leaf, index, size, path, root, expected)| {
            let outcome = verify_inclusion(alg, leaf, index, size, &path, &root);
            json!({
                "name": name, "what": what, "leaf_hash": hex(leaf), "index": index, "size": size,
                "path": hexes(&path), "root": hex(root), "result": result(&outcome, expected, name),
            })
        })
        .collect()
}

fn consistency(alg: HashAlg, leaves: &[Node]) -> Vec<Value> {
    let tree = |n: usize| Tree::new(alg, leaves[..n].to_vec());
    let mut cases: Vec<(&str, u64, u64, Node, Node, Vec<Node>, &str)> = Vec::new();
    for (m, n) in
        [(1, 1), (1, 2), (1, 8), (2, 5), (3, 7), (4, 8), (6, 8), (7, 11), (8, 11), (11, 11)]
    {
        let path = tree(n).consistency_path(m as u64).unwrap();
        cases.push(("extends", m as u64, n as u64, tree(m).root(), tree(n).root(), path, "ok"));
    }
    let (six, eight) = (tree(6).root(), tree(8).root());
    let path = tree(8).consistency_path(6).unwrap();
    let longer = [&path[..], &path[..1]].concat();
    cases.push(("swapped", 6, 8, eight, six, path.clone(), "RootMismatch"));
    cases.push(("other-size", 5, 8, six, eight, path[..2].to_vec(), "PathLength"));
    cases.push(("longer", 6, 8, six, eight, longer, "PathLength"));
    cases.push(("shorter", 6, 8, six, eight, path[1..].to_vec(), "PathLength"));
    cases.push(("shrinks", 8, 6, eight, six, path.clone(), "OutOfRange"));
    cases.push(("from-nothing", 0, 8, root(alg, &[]), eight, vec![], "OutOfRange"));
    cases.push(("same-size-fork", 8, 8, six, eight, vec![], "RootMismatch"));
    cases.push(("same-size-path", 8, 8, eight, eight, path, "PathLength"));
    cases
        .into_iter()
        .map(|(name, m, n, root_m, root_n, path, expected)| {
            let outcome = verify_consistency(alg, m, n, &root_m, &root_n, &path);
            json!({
                "name": name, "first_size": m, "second_size": n, "first_root": hex(root_m),
                "second_root": hex(root_n), "path": hexes(&path), "result": result(&outcome, expected, name),
            })
        })
        .collect()
}

#[test]
fn merkle() {
    let entries: Vec<Vec<u8>> = ENTRIES.iter().map(|entry| bytes(entry)).collect();
    let suites = HashAlg::ALL.map(|alg| {
        let leaves = leaf_hashes(alg, &entries);
        let trees: Vec<Value> = (0..=leaves.len())
            .map(|n| {
                let root = root(alg, &leaves[..n]);
                assert_eq!(second_opinion::root(alg, &leaves[..n]), root);
                let frontier = Frontier::of(alg, &leaves[..n]);
                assert_eq!(frontier.root(), root);
                let frontier = frontier.write(&mut Writer::new()).finish();
                json!({"size": n, "root": hex(root), "frontier": hex(frontier)})
            })
            .collect();
        json!({
            "alg": alg.cose_id(), "name": alg.name(),
            "leaf_hashes": hexes(&leaves), "trees": trees,
            "inclusion": inclusion(alg, &leaves), "consistency": consistency(alg, &leaves),
        })
    });
    let file = json!({
        "about": "docs/format.md §7: RFC 9162 trees. A tree of size n has the first n entries.",
        "entries": ENTRIES,
        "suites": suites,
    });
    crate::common::assert_blessed("tests/vectors/merkle.json", &crate::common::pretty(&file));
}
