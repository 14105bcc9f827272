//! Blocks, receipts, proofs, bundles.

use std::io::Read;

use yinzheng::block::{Block, Head, Receipt};
use yinzheng::bundle::BundleReader;
use yinzheng::export::kit_of_sequence;
use yinzheng::hash::Digest;
use yinzheng::proof::{ConsistencyProof, Proof};
use yinzheng::verify::{DeclaredTime, Policy, verify, verify_bundle};

const AT: DeclaredTime = DeclaredTime { unix_ms: 1_793_500_000_000 };

/// A sealed block is written back to the same bytes, and its header too. A head kept by a host as well.
pub fn block(data: &[u8]) {
    if let Ok(block) = Block::parse(data) {
        assert_eq!(block.sealed_bytes(), data);
        let header = block.header();
        assert!(data.windows(header.encode().len()).any(|window| window == header.encode()));
        assert_eq!(header.sequence_of(header.entry_count), None);
    }
    if let Ok(head) = Head::decode(data) {
        let again = Head::decode(&head.encode());
        assert_eq!(again.as_ref().map(Head::encode), Ok(head.encode()));
    }
}

/// A receipt is written back to the same bytes, and leads from any entry to one root.
pub fn receipt(data: &[u8]) {
    if let Ok(receipt) = Receipt::parse(data) {
        assert_eq!(receipt.encode(), data);
        assert!(receipt.index() < receipt.block().header().entry_count);
        let root = receipt.root(b"entry");
        assert_eq!(root, receipt.root(b"entry"));
        assert_ne!(root, receipt.root(b"another"));
    }
}

/// A proof is written back to the same bytes; its verdict is the same twice; kits come out of it.
pub fn proof(data: &[u8]) {
    let policy = Policy::empty();
    let verdict = verify(data, &policy, AT);
    assert_eq!(verdict.to_json(), verify(data, &policy, AT).to_json());
    match Proof::parse(data) {
        Ok(proof) => {
            assert_eq!(proof.encode().as_deref(), Ok(data));
            for item in &proof.items {
                let Ok(receipt) = item.receipt() else { continue };
                let header = receipt.block().header();
                let id = Digest { alg: header.hash, bytes: header.ledger_id };
                if let Some(sequence) = receipt.sequence() {
                    let _ = kit_of_sequence(&proof, &id, sequence, &policy);
                }
            }
        }
        Err(_) => assert!(verdict.is_unreadable(), "a verdict on what cannot be read"),
    }
    if let Ok(proof) = ConsistencyProof::parse(data) {
        assert_eq!(proof.encode(), data);
        let _ = proof.check();
    }
}

/// One byte at a time.
struct Drops<'a>(&'a [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let one = buffer.len().min(1);
        self.0.read(buffer.get_mut(..one).unwrap_or_default())
    }
}

/// A bundle gives the same verdict however its bytes arrive.
pub fn bundle(data: &[u8]) {
    let policy = Policy::empty();
    let verdict = verify_bundle(data, &policy, AT).to_json();
    assert_eq!(verify_bundle(Drops(data), &policy, AT).to_json(), verdict);
    if let Ok(mut reader) = BundleReader::new(data) {
        while let Ok(Some(block)) = reader.next_block() {
            let _ = block.check(None);
        }
    }
}
