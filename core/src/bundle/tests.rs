use super::*;
use crate::anchor::{OutsideKind, TargetKind};
use crate::hash::HashAlg;
use crate::sign::SigAlg;
use crate::testing::{
    code, every_cut_is_refused, first, first_claims, genesis_with, key, next, opened,
};

/// Blocks of one ledger, with the head after the last.
fn blocks(count: u64, hash: HashAlg) -> (Vec<BundleBlock>, Head) {
    let key = key(SigAlg::Ed25519, 1);
    let zero = first(hash, &key);
    let entries = vec![genesis_with(hash, &first_claims(&key)).encode(), opened(1)];
    let mut list =
        vec![BundleBlock { sealed: zero.block.sealed_bytes(), entries, outside: vec![] }];
    let mut head = zero.head;
    for height in 1..count {
        let contents: Vec<Vec<u8>> = (0..height).map(|n| opened(n as i64)).collect();
        let (sealed, entries) = next(&head, &key, &contents).unwrap();
        list.push(BundleBlock {
            sealed: sealed.block.sealed_bytes(),
            entries,
            outside: vec![word()],
        });
        head = sealed.head;
    }
    (list, head)
}

fn word() -> Outside {
    let digest = Digest::of(HashAlg::Sha256, b"a block");
    Outside {
        kind: OutsideKind::TimestampToken,
        bytes: vec![0x30, 0],
        target: TargetKind::Block,
        digest,
    }
}

fn header(head: &Head, first: u64) -> BundleHeader {
    BundleHeader {
        ledger_id: head.ledger_id(),
        first,
        last: head.height(),
        block_hash: *head.block_hash(),
        sealed_digest: *head.sealed_digest(),
    }
}

fn write(blocks: &[BundleBlock], header: BundleHeader) -> Result<Vec<u8>> {
    let mut writer = BundleWriter::new(Vec::new(), header)?;
    blocks.iter().try_for_each(|block| writer.block(block))?;
    writer.finish()
}

fn read(input: impl Read, before: Option<Head>) -> Result<(Vec<BundleBlock>, Head)> {
    let mut reader = BundleReader::new(input)?;
    let (mut list, mut head) = (Vec::new(), before);
    while let Some(block) = reader.next_block()? {
        head = Some(block.check(head.as_ref())?.head);
        list.push(block);
    }
    assert!(reader.next_block()?.is_none(), "the end stays the end");
    let head = head.unwrap();
    reader.header().check_last(&head)?;
    Ok((list, head))
}

/// A stream that gives as many bytes at a time as it is told.
struct Dripping<'a>(&'a [u8], usize);

impl Read for Dripping<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let (now, rest) = self.0.split_at(self.0.len().min(self.1).min(out.len()));
        out[..now.len()].copy_from_slice(now);
        self.0 = rest;
        Ok(now.len())
    }
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("gone"))
    }
}

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("gone"))
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_is_written_is_read_back_however_slowly_it_comes() {
    for hash in HashAlg::ALL {
        for count in [1, 2, 6] {
            let (blocks, head) = blocks(count, hash);
            let bytes = write(&blocks, header(&head, 0)).unwrap();
            for drip in [1, 7, 1000, usize::MAX] {
                let (found, last) = read(Dripping(&bytes, drip), None).unwrap();
                assert_eq!(found, blocks);
                assert_eq!(last.encode(), head.encode());
            }
        }
    }
}

#[test]
fn a_bundle_goes_on_where_another_ended() {
    let (blocks, head) = blocks(5, HashAlg::Sha256);
    let mut before = None;
    for block in &blocks[..3] {
        before = Some(block.check(before.as_ref()).unwrap().head);
    }
    let bytes = write(&blocks[3..], header(&head, 3)).unwrap();
    assert_eq!(read(bytes.as_slice(), before.clone()).unwrap().1.encode(), head.encode());
    assert_eq!(
        code(read(bytes.as_slice(), None)),
        ErrorCode::ChainBroken,
        "without what was before"
    );
    let gap = write(&blocks[4..], header(&head, 4)).unwrap();
    assert_eq!(code(read(gap.as_slice(), before)), ErrorCode::ChainBroken, "a block left out");
}

#[test]
fn every_cut_is_noticed() {
    let (blocks, head) = blocks(3, HashAlg::Sha256);
    let bytes = write(&blocks, header(&head, 0)).unwrap();
    every_cut_is_refused(&bytes, |bytes| read(bytes, None));
    for end in 0..bytes.len() {
        let error = code(read(&bytes[..end], None));
        assert_eq!(error, ErrorCode::Truncated, "cut after {end} bytes");
    }
}

/// Words from outside stand beside the blocks; nothing in the chain covers them.
#[test]
fn every_bit_but_those_of_words_from_outside_counts() {
    let (mut blocks, head) = blocks(3, HashAlg::Sm3);
    for block in &mut blocks {
        block.outside.clear();
    }
    let bytes = write(&blocks, header(&head, 0)).unwrap();
    crate::testing::every_bit_counts(&bytes, |bytes| read(bytes, None).is_ok());
}

#[test]
fn more_or_other_blocks_than_announced_are_refused() {
    let (blocks, head) = blocks(3, HashAlg::Sha256);
    let good = header(&head, 0);
    let bytes = write(&blocks, good.clone()).unwrap();
    let code = |bytes: &[u8]| code(read(bytes, None));
    assert_eq!(code(&[&bytes[..], &[0x00]].concat()), ErrorCode::TrailingBytes);
    assert_eq!(code(&[&bytes[..], &bytes[..]].concat()), ErrorCode::TrailingBytes);
    let mut end = bytes.clone();
    for wrong in [2, 4, 0] {
        *end.last_mut().unwrap() = wrong;
        assert_eq!(code(&end), ErrorCode::Truncated, "an end of {wrong}");
    }
    let swapped = [blocks[0].clone(), blocks[2].clone(), blocks[1].clone()];
    assert_eq!(code(&write(&swapped, good.clone()).unwrap()), ErrorCode::ChainBroken);
    let again = [blocks[0].clone(), blocks[0].clone(), blocks[2].clone()];
    assert_eq!(code(&write(&again, good.clone()).unwrap()), ErrorCode::ChainBroken);
    for (name, lie, expected) in [
        (
            "another ledger",
            BundleHeader { ledger_id: Digest::of(HashAlg::Sha256, b""), ..good.clone() },
            ErrorCode::ChainBroken,
        ),
        (
            "another hash",
            BundleHeader {
                ledger_id: Digest { alg: HashAlg::Sm3, ..good.ledger_id },
                ..good.clone()
            },
            ErrorCode::ChainBroken,
        ),
        (
            "other heights",
            BundleHeader { first: 1, last: 3, ..good.clone() },
            ErrorCode::ChainBroken,
        ),
        (
            "another last block",
            BundleHeader { block_hash: [0; 32], ..good.clone() },
            ErrorCode::HeadMismatch,
        ),
        (
            "another signature of it",
            BundleHeader { sealed_digest: [0; 32], ..good.clone() },
            ErrorCode::HeadMismatch,
        ),
    ] {
        assert_eq!(code(&write(&blocks, lie).unwrap()), expected, "{name}");
    }
}

#[test]
fn a_writer_writes_what_a_reader_takes() {
    let (blocks, head) = blocks(2, HashAlg::Sha256);
    let good = header(&head, 0);
    assert_eq!(
        code(write(&blocks[..1], good.clone())),
        ErrorCode::InvalidArgument,
        "a block missing"
    );
    let backwards = BundleHeader { first: 2, last: 1, ..good.clone() };
    assert_eq!(code(write(&blocks, backwards)), ErrorCode::InvalidArgument);
    let mut crowded = blocks[1].clone();
    crowded.outside = vec![word(); 1025];
    assert_eq!(
        code(write(&[blocks[0].clone(), crowded.clone()], good.clone())),
        ErrorCode::LimitExceeded
    );
    crowded.outside.pop();
    read(write(&[blocks[0].clone(), crowded], good.clone()).unwrap().as_slice(), None).unwrap();
    assert_eq!(code(BundleWriter::new(Broken, good).map(|_| ())), ErrorCode::Storage);
}

#[test]
fn a_stream_that_fails_is_no_cut_bundle() {
    assert_eq!(code(BundleReader::new(Broken).map(|_| ())), ErrorCode::Storage);
    let (blocks, head) = blocks(2, HashAlg::Sha256);
    let bytes = write(&blocks, header(&head, 0)).unwrap();
    let error = code(read(bytes[..300].chain(Broken), None));
    assert_eq!(error, ErrorCode::Storage);
}

#[test]
fn a_failed_block_fails_again() {
    let (blocks, head) = blocks(2, HashAlg::Sha256);
    let mut wrong = blocks.clone();
    wrong[0].entries.pop();
    let bytes = write(&wrong, header(&head, 0)).unwrap();
    let mut reader = BundleReader::new(bytes.as_slice()).unwrap();
    for _ in 0..3 {
        assert_eq!(code(reader.next_block()), ErrorCode::OutOfRange);
    }
}

#[test]
fn an_endless_stream_is_given_up_soon() {
    /// The same bytes again and again, and how many were asked for.
    struct Endless<'a>(&'a [u8], usize);
    impl Read for Endless<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            for byte in out.iter_mut() {
                *byte = self.0[self.1 % self.0.len()];
                self.1 += 1;
            }
            Ok(out.len())
        }
    }
    // Text without end, lists in lists, and a map that never stops.
    for pattern in
        [&[0x7a, 0xff, 0xff, 0xff, 0xff][..], &[0x81], &[0xbb, 0, 0xff, 0, 0, 0, 0, 0, 0]]
    {
        let mut stream = Endless(pattern, 0);
        assert!(BundleReader::new(&mut stream).is_err());
        assert!(stream.1 <= 2 * CHUNK, "{} bytes were read of an endless header", stream.1);
    }
    let (blocks, head) = blocks(1, HashAlg::Sha256);
    let bytes = write(&blocks, header(&head, 0)).unwrap();
    let mut tail = Endless(&[0x00], 0);
    assert_eq!(code(read(bytes.chain(&mut tail), None)), ErrorCode::TrailingBytes);
    assert!(tail.1 <= 2 * CHUNK);
}
