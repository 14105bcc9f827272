//! What ours is measured beside: the least that anybody could do with the same bytes on the same disk.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use rusqlite::Connection;
use yinzheng::hash::HashAlg;
use yinzheng::merkle::{Node, leaf_hash, root};
use yinzheng::sign::{PublicKey, Signature, SoftwareKey, Strictness};

/// A chain of signed roots without any format: what sealing costs where nothing is kept, found or checked.
pub struct Chain<'a> {
    alg: HashAlg,
    key: &'a SoftwareKey,
    before: Node,
    leaves: Vec<Node>,
}

impl<'a> Chain<'a> {
    pub fn new(alg: HashAlg, key: &'a SoftwareKey) -> Self {
        Self { alg, key, before: [0; 32], leaves: Vec::new() }
    }

    pub fn leaf(&mut self, record: &[u8]) {
        self.leaves.push(leaf_hash(self.alg, record));
    }

    /// Root, link to the block before, signature.
    pub fn block(&mut self) -> Vec<u8> {
        let message = [self.before, root(self.alg, &self.leaves)].concat();
        self.leaves.clear();
        let signature = self.key.sign(&message).unwrap();
        self.before = self.alg.digest(&message);
        [message.as_slice(), signature.bytes()].concat()
    }
}

/// An append-only file, one `fdatasync` for every call; with `seal` it also builds tree, chain and signature ("raw-seal").
pub struct RawLog(File);

impl RawLog {
    pub fn create(path: &Path) -> Self {
        Self(OpenOptions::new().create_new(true).append(true).open(path).unwrap())
    }

    pub fn append(&mut self, records: &[&[u8]], chain: Option<&mut Chain<'_>>) {
        let mut buffer = Vec::with_capacity(records.iter().map(|record| record.len() + 4).sum());
        for record in records {
            buffer.extend(u32::try_from(record.len()).unwrap().to_le_bytes());
            buffer.extend_from_slice(record);
        }
        if let Some(chain) = chain {
            records.iter().for_each(|record| chain.leaf(record));
            buffer.extend(chain.block());
        }
        self.0.write_all(&buffer).unwrap();
        self.0.sync_data().unwrap();
    }
}

/// SQLite as anybody would use it: write-ahead log, synchronous=FULL, a row for every record.
pub struct PlainSqlite(Connection);

impl PlainSqlite {
    pub fn create(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
                 CREATE TABLE record(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
                 CREATE TABLE block(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);",
            )
            .unwrap();
        Self(connection)
    }

    pub fn open(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        connection.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;").unwrap();
        Self(connection)
    }

    /// One transaction; with `chain` it is "SQLite sealed".
    pub fn append(&mut self, records: &[&[u8]], chain: Option<(&mut Chain<'_>, bool)>) {
        let transaction = self.0.transaction().unwrap();
        {
            let mut insert =
                transaction.prepare_cached("INSERT INTO record(bytes) VALUES(?1)").unwrap();
            for record in records {
                insert.execute([record]).unwrap();
            }
            if let Some((chain, seal)) = chain {
                records.iter().for_each(|record| chain.leaf(record));
                if seal {
                    let block = chain.block();
                    transaction
                        .prepare_cached("INSERT INTO block(bytes) VALUES(?1)")
                        .unwrap()
                        .execute([block])
                        .unwrap();
                }
            }
        }
        transaction.commit().unwrap();
    }

    /// One record by its number.
    pub fn read(&self, id: i64) -> Vec<u8> {
        let mut select = self.0.prepare_cached("SELECT bytes FROM record WHERE id=?1").unwrap();
        select.query_row([id], |row| row.get(0)).unwrap()
    }

    pub fn count(&self) -> i64 {
        self.0.query_row("SELECT max(id) FROM record", [], |row| row.get(0)).unwrap()
    }
}

/// SQLite with one large row for every call: the layout that lost least in earlier measurements.
pub struct BlobSqlite(Connection);

impl BlobSqlite {
    pub fn create(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        connection
            .execute_batch(
                "PRAGMA page_size=32768; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
                 CREATE TABLE block(id INTEGER PRIMARY KEY, head BLOB NOT NULL, bytes BLOB NOT NULL);",
            )
            .unwrap();
        Self(connection)
    }

    pub fn append(&mut self, records: &[&[u8]], chain: &mut Chain<'_>) {
        records.iter().for_each(|record| chain.leaf(record));
        let head = chain.block();
        self.0
            .prepare_cached("INSERT INTO block(head, bytes) VALUES(?1, ?2)")
            .unwrap()
            .execute(rusqlite::params![head, records.concat()])
            .unwrap();
    }
}

impl BlobSqlite {
    pub fn open(path: &Path) -> Self {
        Self(Connection::open(path).unwrap())
    }

    /// Reads everything back: leaves, roots, chain, signatures.
    pub fn verify(&self, alg: HashAlg, key: &PublicKey, record: usize) {
        let mut blocks = self.0.prepare("SELECT head, bytes FROM block ORDER BY id").unwrap();
        let mut rows = blocks.query([]).unwrap();
        let mut before = [0; 32];
        while let Some(row) = rows.next().unwrap() {
            let head = row.get_ref(0).unwrap().as_blob().unwrap();
            let bytes = row.get_ref(1).unwrap().as_blob().unwrap();
            let leaves: Vec<Node> =
                bytes.chunks(record).map(|record| leaf_hash(alg, record)).collect();
            let (message, signature) = head.split_at(64);
            assert_eq!(message, [before, root(alg, &leaves)].concat());
            let signature = Signature::from_canonical(key.alg(), signature).unwrap();
            key.verify(message, &signature, Strictness::Ours).unwrap();
            before = alg.digest(message);
        }
    }
}
