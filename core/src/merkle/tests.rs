#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::ErrorCode;
use crate::codec::{Item, Writer, limits};
use crate::hash::{HashAlg, hex};

const ENTRIES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

/// The reference roots of transparency-dev/merkle, `testonly/constants.go`.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn reference_leaves(alg: HashAlg) -> Vec<Node> {
    let entries: Vec<Vec<u8>> = ENTRIES.iter().map(|e| hex::decode(e).unwrap()).collect();
    leaf_hashes(alg, &entries)
}

fn leaves(alg: HashAlg, n: usize) -> Vec<Node> {
    (0..n).map(|i| leaf_hash(alg, &(i as u32).to_be_bytes())).collect()
}

/// The definition of RFC 9162 §2.1.1, word for word.
fn by_definition(alg: HashAlg, leaves: &[Node]) -> Node {
    match leaves {
        [] => alg.digest(b""),
        [one] => *one,
        many => {
            let mut k = 1;
            while 2 * k < many.len() {
                k *= 2;
            }
            let (left, right) = (by_definition(alg, &many[..k]), by_definition(alg, &many[k..]));
            alg.digest_parts(&[&[1], &left, &right])
        }
    }
}

/// The definition of RFC 9162 §2.1.3.1.
fn path_by_definition(alg: HashAlg, index: usize, leaves: &[Node]) -> Vec<Node> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let mut k = 1;
    while 2 * k < leaves.len() {
        k *= 2;
    }
    let (mut path, sibling) = if index < k {
        (path_by_definition(alg, index, &leaves[..k]), by_definition(alg, &leaves[k..]))
    } else {
        (path_by_definition(alg, index - k, &leaves[k..]), by_definition(alg, &leaves[..k]))
    };
    path.push(sibling);
    path
}

/// The definition of RFC 9162 §2.1.4.1 (SUBPROOF).
fn consistency_by_definition(alg: HashAlg, m: usize, leaves: &[Node], whole: bool) -> Vec<Node> {
    if m == leaves.len() {
        return if whole { Vec::new() } else { vec![by_definition(alg, leaves)] };
    }
    let mut k = 1;
    while 2 * k < leaves.len() {
        k *= 2;
    }
    let (mut path, sibling) = if m <= k {
        (consistency_by_definition(alg, m, &leaves[..k], whole), by_definition(alg, &leaves[k..]))
    } else {
        (
            consistency_by_definition(alg, m - k, &leaves[k..], false),
            by_definition(alg, &leaves[..k]),
        )
    };
    path.push(sibling);
    path
}

#[test]
fn reference_roots() {
    let leaves = reference_leaves(HashAlg::Sha256);
    for (n, expected) in ROOTS.iter().enumerate() {
        assert_eq!(hex::encode(&root(HashAlg::Sha256, &leaves[..n])), *expected, "{n}");
        assert_eq!(
            hex::encode(&Tree::new(HashAlg::Sha256, leaves[..n].to_vec()).root()),
            *expected
        );
        assert_eq!(hex::encode(&Frontier::of(HashAlg::Sha256, &leaves[..n]).root()), *expected);
        assert_eq!(hex::encode(&second_opinion::root(HashAlg::Sha256, &leaves[..n])), *expected);
    }
}

#[test]
fn every_size_agrees_with_the_definition_and_the_second_opinion() {
    for alg in HashAlg::ALL {
        let all = leaves(alg, 300);
        let mut frontier = Frontier::new(alg);
        for n in 0..=all.len() {
            let some = &all[..n];
            let expected = root(alg, some);
            assert_eq!(second_opinion::root(alg, some), expected, "{n}");
            assert_eq!(by_definition(alg, some), expected, "{n}");
            assert_eq!(Tree::new(alg, some.to_vec()).root(), expected, "{n}");
            assert_eq!((frontier.size(), frontier.root()), (n as u64, expected));
            if let Some(next) = all.get(n) {
                frontier.push(*next);
            }
        }
    }
}

#[test]
fn every_path_agrees_with_the_definition_and_the_second_opinion() {
    for alg in HashAlg::ALL {
        let all = leaves(alg, 300);
        for n in (1..=40).chain([63, 64, 65, 127, 128, 129, 255, 256, 257, 300]) {
            let tree = Tree::new(alg, all[..n].to_vec());
            for i in 0..n {
                let path = tree.path(i as u64).unwrap();
                assert_eq!(Some(path.len()), path_len(i as u64, n as u64));
                verify_inclusion(alg, all[i], i as u64, n as u64, &path, &tree.root()).unwrap();
                if n <= 65 {
                    assert_eq!(path, second_opinion::path(alg, &all[..n], i), "{i} of {n}");
                    assert_eq!(path, path_by_definition(alg, i, &all[..n]), "{i} of {n}");
                }
            }
        }
    }
}

#[test]
fn every_consistency_path_agrees_with_the_definition() {
    for alg in HashAlg::ALL {
        let all = leaves(alg, 70);
        for n in 1..=all.len() {
            let tree = Tree::new(alg, all[..n].to_vec());
            for m in 1..=n {
                let path = tree.consistency_path(m as u64).unwrap();
                assert_eq!(path, consistency_by_definition(alg, m, &all[..n], true), "{m} to {n}");
                assert_eq!(Some(path.len()), consistency_path_len(m as u64, n as u64));
                assert_eq!(path, consistency_path(alg, &all[..n], m as u64).unwrap());
                let root_m = root(alg, &all[..m]);
                verify_consistency(alg, m as u64, n as u64, &root_m, &tree.root(), &path).unwrap();
            }
        }
    }
}

#[test]
fn wrong_paths_are_refused() {
    let alg = HashAlg::Sha256;
    let all = leaves(alg, 21);
    for n in 1..=all.len() as u64 {
        let tree = Tree::new(alg, all[..n as usize].to_vec());
        for i in 0..n {
            let (leaf, path, root) = (all[i as usize], tree.path(i).unwrap(), tree.root());
            let verdict = |leaf, index, size, path: &[Node], root: &Node| {
                verify_inclusion(alg, leaf, index, size, path, root).unwrap_err().code()
            };
            let mut longer = path.clone();
            longer.push([0; 32]);
            assert_eq!(verdict(leaf, i, n, &longer, &root), ErrorCode::PathLength);
            if let Some((_, shorter)) = path.split_last() {
                assert_eq!(verdict(leaf, i, n, shorter, &root), ErrorCode::PathLength);
            }
            for at in 0..path.len() {
                let mut flipped = path.clone();
                flipped[at][31] ^= 1;
                assert_eq!(verdict(leaf, i, n, &flipped, &root), ErrorCode::RootMismatch);
            }
            let mut other = leaf;
            other[0] ^= 0x80;
            assert_eq!(verdict(other, i, n, &path, &root), ErrorCode::RootMismatch);
            let mut other = root;
            other[5] ^= 4;
            assert_eq!(verdict(leaf, i, n, &path, &other), ErrorCode::RootMismatch);
            assert_eq!(verdict(leaf, n, n, &path, &root), ErrorCode::OutOfRange);
            for j in (0..n).filter(|j| *j != i) {
                assert!(
                    verify_inclusion(alg, leaf, j, n, &path, &root).is_err(),
                    "{i} as {j} of {n}"
                );
            }
        }
    }
}

/// A root binds neither index nor size: leaf 5 of 8 also passes as 5 of 7, 9 of 11, 9 of 12 and 17 of 19. That
/// is why blocks sign the size, and why the caller must take both from signed bytes.
#[test]
fn a_root_alone_does_not_bind_index_and_size() {
    let alg = HashAlg::Sha256;
    let all = leaves(alg, 8);
    let tree = Tree::new(alg, all.clone());
    let path = tree.path(5).unwrap();
    let mut pairs = Vec::new();
    for size in 1..40u64 {
        for index in 0..size {
            if verify_inclusion(alg, all[5], index, size, &path, &tree.root()).is_ok() {
                pairs.push((index, size));
            }
        }
    }
    for known in [(5, 8), (5, 7), (9, 11), (9, 12), (17, 19)] {
        assert!(pairs.contains(&known), "{known:?} {pairs:?}");
    }
}

#[test]
fn a_doubled_last_leaf_changes_the_root() {
    for alg in HashAlg::ALL {
        for n in 1..=33 {
            let mut all = leaves(alg, n);
            let before = root(alg, &all);
            all.push(all[n - 1]);
            assert_ne!(root(alg, &all), before, "CVE-2012-2459, {n}");
        }
    }
}

#[test]
fn a_node_is_no_leaf() {
    for alg in HashAlg::ALL {
        let all = leaves(alg, 4);
        let inner = [node_hash(alg, &all[0], &all[1]), node_hash(alg, &all[2], &all[3])];
        // Second preimage: the two inner nodes written as an entry of 64 bytes are another leaf.
        let entry = [&all[0][..], &all[1][..]].concat();
        assert_ne!(leaf_hash(alg, &entry), inner[0]);
        // Their hashes used as leaf hashes give the same root, with a smaller size: entries are checked first.
        assert_eq!(root(alg, &inner), root(alg, &all));
    }
}

#[test]
fn sizes_at_the_edge() {
    let alg = HashAlg::Sha256;
    let max = limits::COUNT;
    assert_eq!(path_len(0, 0), None);
    assert_eq!(path_len(1, 1), None);
    assert_eq!(path_len(0, 1), Some(0));
    assert_eq!(path_len(0, max), Some(53));
    assert_eq!(path_len(max - 1, max), Some(52));
    assert_eq!(path_len(0, max + 1), None);
    for size in [max + 1, 1 << 63, u64::MAX] {
        assert_eq!(path_len(size - 1, size), None);
        assert_eq!(path_len(u64::MAX, size), None);
        assert_eq!(consistency_path_len(1, size), None);
        let error = root_from_path(alg, [0; 32], 0, size, &[[0; 32]; 64]).unwrap_err();
        assert_eq!(error.code(), ErrorCode::OutOfRange);
        let error = verify_consistency(alg, 1, size, &[0; 32], &[0; 32], &[]).unwrap_err();
        assert_eq!(error.code(), ErrorCode::OutOfRange);
    }
    let path = vec![[7; 32]; 53];
    assert!(root_from_path(alg, [0; 32], 12_345, max, &path).is_ok());
    for n in [0, 1, 52, 54, 63, 64, 1000] {
        let error = root_from_path(alg, [0; 32], 12_345, max, &vec![[7; 32]; n]).unwrap_err();
        assert_eq!(error.code(), ErrorCode::PathLength);
    }
    for m in 1..200u64 {
        for n in [m, m + 1, 2 * m, 1 << 40, max] {
            assert!(consistency_path_len(m, n).unwrap() <= limits::PATH_NODES);
        }
    }
}

#[test]
fn wrong_consistency_is_refused() {
    let alg = HashAlg::Sm3;
    let all = leaves(alg, 17);
    let roots: Vec<Node> = (0..=all.len()).map(|n| root(alg, &all[..n])).collect();
    let verdict = |m: usize, n: usize, a: &Node, b: &Node, path: &[Node]| {
        verify_consistency(alg, m as u64, n as u64, a, b, path).unwrap_err().code()
    };
    for n in 1..=all.len() {
        for m in 1..=n {
            let path = consistency_path(alg, &all[..n], m as u64).unwrap();
            let (a, b) = (roots[m], roots[n]);
            let longer = [&path[..], &[[1; 32]]].concat();
            assert_eq!(verdict(m, n, &a, &b, &longer), ErrorCode::PathLength);
            if let Some((_, shorter)) = path.split_last() {
                assert_eq!(verdict(m, n, &a, &b, shorter), ErrorCode::PathLength);
            }
            for at in 0..path.len() {
                let mut flipped = path.clone();
                flipped[at][0] ^= 1;
                assert_eq!(verdict(m, n, &a, &b, &flipped), ErrorCode::RootMismatch);
            }
            let mut other = a;
            other[9] ^= 1;
            assert_eq!(verdict(m, n, &other, &b, &path), ErrorCode::RootMismatch);
            let mut other = b;
            other[9] ^= 1;
            assert_eq!(verdict(m, n, &a, &other, &path), ErrorCode::RootMismatch);
            assert_eq!(verdict(n + 1, n, &a, &b, &path), ErrorCode::OutOfRange);
            // A history with one leaf changed is not an extension.
            let mut forged = all[..n].to_vec();
            forged[0][0] ^= 1;
            if m < n {
                let path = consistency_path(alg, &forged, m as u64).unwrap();
                assert_eq!(verdict(m, n, &a, &root(alg, &forged), &path), ErrorCode::RootMismatch);
            }
        }
        assert_eq!(verdict(0, n, &roots[0], &roots[n], &[]), ErrorCode::OutOfRange);
        assert_eq!(consistency_path(alg, &all[..n], 0).unwrap_err().code(), ErrorCode::OutOfRange);
        assert_eq!(
            consistency_path(alg, &all[..n], n as u64 + 1).unwrap_err().code(),
            ErrorCode::OutOfRange
        );
    }
    assert_eq!(verdict(0, 0, &roots[0], &roots[0], &[]), ErrorCode::OutOfRange);
}

#[test]
fn no_such_leaf() {
    let alg = HashAlg::Sha256;
    for n in 0..5 {
        let tree = Tree::new(alg, leaves(alg, n));
        for index in [n as u64, n as u64 + 1, u64::MAX] {
            assert_eq!(tree.path(index).unwrap_err().code(), ErrorCode::OutOfRange);
        }
        assert!(second_opinion::path(alg, tree.leaves(), n).is_empty());
    }
}

#[test]
fn frontier_on_the_wire() {
    for alg in HashAlg::ALL {
        for n in [0usize, 1, 2, 3, 7, 8, 100, 127, 128] {
            let frontier = Frontier::of(alg, &leaves(alg, n));
            let bytes = frontier.write(&mut Writer::new()).finish();
            let back = Frontier::read(alg, Item::parse(&bytes, 4000).unwrap()).unwrap();
            assert_eq!(back, frontier);
            assert_eq!(back.nodes().len(), n.count_ones() as usize);
        }
    }
}

#[test]
fn bad_frontiers_are_refused() {
    let read = |bytes: &[u8]| {
        Frontier::read(HashAlg::Sha256, Item::parse(bytes, 4000).unwrap()).unwrap_err().code()
    };
    let mut w = Writer::new();
    assert_eq!(read(&w.array(2).uint(3).array(1).bstr(&[0; 32]).finish()), ErrorCode::PathLength);
    assert_eq!(read(&w.array(2).uint(0).array(1).bstr(&[0; 32]).finish()), ErrorCode::PathLength);
    assert_eq!(read(&w.array(2).uint(2).array(1).bstr(&[0; 31]).finish()), ErrorCode::OutOfRange);
    assert_eq!(
        read(&w.array(2).uint(limits::COUNT + 1).array(1).bstr(&[0; 32]).finish()),
        ErrorCode::OutOfRange
    );
    assert_eq!(read(&w.array(2).int(-1).array(0).finish()), ErrorCode::WrongType);
    assert_eq!(read(&w.array(1).uint(0).finish()), ErrorCode::WrongType);
    assert_eq!(read(&w.array(2).uint(1).array(1).uint(5).finish()), ErrorCode::WrongType);
    assert_eq!(read(&w.array(3).uint(0).array(0).null().finish()), ErrorCode::WrongType);
}
