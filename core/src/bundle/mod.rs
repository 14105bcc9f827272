//! Sync bundles: a range of a ledger as a CBOR sequence (format §11), written and read block by block with constant
//! memory, resumable from any height.

use std::io::{Read, Write};

use crate::anchor::Outside;
use crate::block::{Block, Head, SealedBlock};
use crate::codec::{Item, MapBuilder, Writer, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::Digest;

const MAGIC: &str = "yinzheng-bundle";
const VERSION: u64 = 0;
/// The most bytes of one block item: what a block's entries and the words beside it may have together.
const ITEM_BYTES: usize = 256 * 1024 * 1024;
/// The most bytes of the header, and of the end.
const HEADER_BYTES: usize = 1024;
/// The most words from outside beside one block.
const OUTSIDE: u64 = 1024;
const CHUNK: usize = 64 * 1024;

/// The first item of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleHeader {
    /// The ledger.
    pub ledger_id: Digest,
    /// First height.
    pub first: u64,
    /// Last height.
    pub last: u64,
    /// Block hash of the last block.
    pub block_hash: [u8; 32],
    /// Sealed digest of the last block.
    pub sealed_digest: [u8; 32],
}

impl BundleHeader {
    /// Checks that `head`, which the bundle's last block led to, is the one that the header names.
    ///
    /// # Errors
    /// `HeadMismatch`.
    pub fn check_last(&self, head: &Head) -> Result<()> {
        let same = head.ledger_id() == self.ledger_id
            && head.height() == self.last
            && *head.block_hash() == self.block_hash
            && *head.sealed_digest() == self.sealed_digest;
        if same {
            return Ok(());
        }
        Err(Error::new(ErrorCode::HeadMismatch, "the bundle's header names another last block"))
    }
}

/// A block with its entries and what outsiders said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleBlock {
    /// Sealed bytes.
    pub sealed: Vec<u8>,
    /// Entries as sealed, link or genesis first.
    pub entries: Vec<Vec<u8>>,
    /// Words from outside.
    pub outside: Vec<Outside>,
}

impl BundleBlock {
    /// Checks that this block starts the ledger or follows `before`, and gives the state after it.
    ///
    /// # Errors
    /// As [`Head::check`].
    pub fn check(&self, before: Option<&Head>) -> Result<SealedBlock> {
        let entries: Vec<&[u8]> = self.entries.iter().map(Vec::as_slice).collect();
        Head::check(before, &self.sealed, &entries)
    }
}

/// Writes a bundle.
pub struct BundleWriter<W: Write> {
    out: W,
    header: BundleHeader,
    written: u64,
}

impl<W: Write> BundleWriter<W> {
    /// Starts a bundle.
    ///
    /// # Errors
    /// `InvalidArgument` for an empty range, `Storage` when writing fails.
    pub fn new(mut out: W, header: BundleHeader) -> Result<Self> {
        if header.first > header.last {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "the first height is not above the last",
            ));
        }
        let bytes = MapBuilder::new()
            .put_text(0, MAGIC)
            .put_uint(1, VERSION)
            .put(2, |w| header.ledger_id.write(w))
            .put_uint(3, header.first)
            .put_uint(4, header.last)
            .put(5, |w| w.array(2).bstr(&header.block_hash).bstr(&header.sealed_digest))
            .finish();
        out.write_all(&bytes).map_err(io_error)?;
        Ok(Self { out, header, written: 0 })
    }

    /// Writes the next block.
    ///
    /// # Errors
    /// `LimitExceeded` for a block whose entries and words from outside have more than 256 MiB, `Storage` when writing
    /// fails.
    pub fn block(&mut self, block: &BundleBlock) -> Result<()> {
        let mut w = Writer::new();
        w.array(3).bstr(&block.sealed).array(block.entries.len());
        for entry in &block.entries {
            w.bstr(entry);
        }
        w.array(block.outside.len());
        for outside in &block.outside {
            outside.write(&mut w);
        }
        if w.as_bytes().len() > ITEM_BYTES || block.outside.len() as u64 > OUTSIDE {
            return Err(Error::new(
                ErrorCode::LimitExceeded,
                "a block of a bundle has at most 256 MiB and 1,024 words from outside",
            ));
        }
        self.written += 1;
        self.out.write_all(&w.finish()).map_err(io_error)
    }

    /// Writes the end and gives the writer back.
    ///
    /// # Errors
    /// `InvalidArgument` when not every block of the range was written, `Storage` when writing fails.
    pub fn finish(mut self) -> Result<W> {
        if self.written != self.header.last - self.header.first + 1 {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                "a bundle has every block of its range",
            ));
        }
        self.out.write_all(&Writer::new().uint(self.written).finish()).map_err(io_error)?;
        self.out.flush().map_err(io_error)?;
        Ok(self.out)
    }
}

/// Reads a bundle block by block. Each block must still be checked by [`BundleBlock::check`] before it is kept.
pub struct BundleReader<R: Read> {
    input: R,
    buffer: Vec<u8>,
    header: BundleHeader,
    read: u64,
    done: bool,
}

impl<R: Read> BundleReader<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// Any 3xx when it is not a bundle, `Storage` when reading fails.
    pub fn new(input: R) -> Result<Self> {
        let placeholder = Digest { alg: crate::hash::HashAlg::Sha256, bytes: [0; 32] };
        let header = BundleHeader {
            ledger_id: placeholder,
            first: 0,
            last: 0,
            block_hash: [0; 32],
            sealed_digest: [0; 32],
        };
        let mut reader = Self { input, buffer: Vec::new(), header, read: 0, done: false };
        reader.header = reader.with_item(HEADER_BYTES, |item| {
            let map = item.map()?;
            if map.read(0, |magic| magic.text())? != MAGIC {
                return Err(Error::new(ErrorCode::WrongKind, "expected a bundle"));
            }
            if map.read(1, |version| version.uint())? != VERSION {
                return Err(Error::new(ErrorCode::UnsupportedVersion, "bundle"));
            }
            map.only(&[0, 1, 2, 3, 4, 5])?;
            let [block_hash, sealed_digest] = map.read(5, |head| head.array_n::<2>())?;
            let header = BundleHeader {
                ledger_id: map.read(2, Digest::read)?,
                first: map.read(3, |height| height.count())?,
                last: map.read(4, |height| height.count())?,
                block_hash: block_hash.bstr32()?,
                sealed_digest: sealed_digest.bstr32()?,
            };
            if header.first > header.last {
                return Err(Error::new(
                    ErrorCode::OutOfRange,
                    "the first height is not above the last",
                ));
            }
            Ok(header)
        })?;
        Ok(reader)
    }

    /// The header.
    pub fn header(&self) -> &BundleHeader {
        &self.header
    }

    /// The next block, or `None` after the last one, once the end was read and nothing follows it. Its height, ledger and
    /// hash are those that the header announces, and the last one's sealed digest too.
    ///
    /// # Errors
    /// Any 3xx; `Truncated` for a bundle that was cut or whose end counts other blocks; `TrailingBytes` after its end;
    /// `ChainBroken` for a block that does not stand there, `HeadMismatch` for a last block that is not the header's.
    pub fn next_block(&mut self) -> Result<Option<BundleBlock>> {
        if self.done {
            return Ok(None);
        }
        let expected = self.header.last - self.header.first + 1;
        if self.read == expected {
            let count = self.with_item(HEADER_BYTES, |item| item.count())?;
            if count != expected {
                return Err(Error::new(
                    ErrorCode::Truncated,
                    "a bundle ends with the number of its blocks",
                ));
            }
            self.fill()?;
            if !self.buffer.is_empty() {
                return Err(Error::new(ErrorCode::TrailingBytes, "bundle"));
            }
            self.done = true;
            return Ok(None);
        }
        let block = self.with_item(ITEM_BYTES, read_block)?;
        self.check_position(&block.sealed)?;
        self.read += 1;
        Ok(Some(block))
    }

    fn check_position(&self, sealed: &[u8]) -> Result<()> {
        let block = Block::parse(sealed)?;
        let header = block.header();
        let ledger_id = Digest { alg: header.hash, bytes: header.ledger_id };
        let height = self.header.first + self.read;
        if ledger_id != self.header.ledger_id || header.height != height {
            return Err(Error::new(
                ErrorCode::ChainBroken,
                "another ledger or height than the bundle's header announces",
            ));
        }
        if height == self.header.last && block.sealed_digest() != self.header.sealed_digest {
            return Err(Error::new(
                ErrorCode::HeadMismatch,
                "the bundle's header names another last block",
            ));
        }
        Ok(())
    }

    /// Reads whole items from the stream, with more input until one is complete.
    fn with_item<T>(
        &mut self,
        limit: usize,
        read: impl FnOnce(Item<'_>) -> Result<T>,
    ) -> Result<T> {
        loop {
            let parsed = Item::parse_prefix(&self.buffer, limit);
            match parsed {
                Ok((item, rest)) => {
                    let value = read(item)?;
                    let used = self.buffer.len() - rest.len();
                    self.buffer.drain(..used);
                    return Ok(value);
                }
                Err(error) if error.code() == ErrorCode::Truncated && self.buffer.len() < limit => {
                    if self.fill()? == 0 {
                        return Err(error.within("bundle"));
                    }
                }
                Err(error) => return Err(error.within("bundle")),
            }
        }
    }

    /// Reads at least as much again as is held, so that a long item is scanned a few times and not once a chunk.
    fn fill(&mut self) -> Result<usize> {
        let want = self.buffer.len().max(CHUNK);
        let limit = u64::try_from(want).unwrap_or(u64::MAX);
        (&mut self.input).take(limit).read_to_end(&mut self.buffer).map_err(io_error)
    }
}

fn read_block(item: Item<'_>) -> Result<BundleBlock> {
    let [sealed, entries, outside] = item.array_n::<3>()?;
    // Counts first: nothing is gathered for a list that is too long.
    if !(2..=limits::BLOCK_ENTRIES).contains(&entries.element_count()?) {
        return Err(Error::new(ErrorCode::OutOfRange, "a block has 2 to 16,777,216 entries"));
    }
    if outside.element_count()? > OUTSIDE {
        return Err(Error::new(ErrorCode::TooLarge, "at most 1,024 words from outside"));
    }
    Ok(BundleBlock {
        sealed: sealed.bstr()?.to_vec(),
        entries: entries.elements()?.map(read_entry).collect::<Result<_>>()?,
        outside: outside.elements()?.map(Outside::read).collect::<Result<_>>()?,
    })
}

fn read_entry(item: Item<'_>) -> Result<Vec<u8>> {
    let bytes = item.bstr()?;
    if bytes.is_empty() || bytes.len() > limits::ENTRY_BYTES {
        return Err(Error::new(ErrorCode::TooLarge, "an entry has 1 to 65,535 bytes"));
    }
    Ok(bytes.to_vec())
}

fn io_error(error: std::io::Error) -> Error {
    Error::new(ErrorCode::Storage, error.kind().to_string())
}

#[cfg(test)]
mod tests;
