//! Somebody's ledger as it is now: countersigned when it extends what the notary holds.
//!
//! Compare-and-set is the replica itself: an import keeps a block only when it follows the last one kept, in one durable step, under
//! the file's lock. So the notary's word is always about a head that extends every head it ever signed.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use yinzheng::bundle::BundleReader;
use yinzheng::entry::ObservedHead;
use yinzheng::hash::Digest;
use yinzheng::ledger::import;
use yinzheng::store::Store;
use yinzheng::time::TimeClaim;
use yinzheng::{Error, ErrorCode, Result};

use crate::{Answer, Desk, failed, write_whole};

impl Desk {
    /// Takes a bundle (`yinzheng export`, `yz_ledger_export`) and answers.
    ///
    /// # Errors
    /// Only what is the notary's own trouble: its disk, its key. What is wrong with the bundle is an answer.
    pub fn take_bundle(&self, path: &Path, now: &TimeClaim) -> Result<Answer> {
        let open = || File::open(path).map(BufReader::new).map_err(|error| failed(&error));
        let ledger = match BundleReader::new(open()?) {
            Ok(reader) => reader.header().ledger_id,
            Err(error) => return Ok(Answer::refused(error)),
        };
        if let Some(fork) = self.fork_of(&ledger)? {
            return Ok(Answer::Refused { why: forked(), fork: Some(fork) });
        }
        let mut store = self.replica_store(&ledger)?;
        let imported = import(&mut store, open()?);
        let is_empty = store.next_sequence()? == 0;
        drop(store);
        if is_empty {
            fs::remove_file(self.replica_path(&ledger)).map_err(|error| failed(&error))?;
        }
        if let Err(why) = imported {
            if is_own_trouble(&why) {
                return Err(why);
            }
            if why.code() == ErrorCode::ChainBroken {
                return self.refuse_fork(&ledger, open()?, why, now);
            }
            return Ok(Answer::refused(why));
        }
        let Some(replica) = self.replica(&ledger, now)? else {
            return Err(Error::new(ErrorCode::NotFound, "the replica is gone"));
        };
        let head = replica.head_state()?;
        let typed = |bytes: &[u8; 32]| Digest { alg: head.hash(), bytes: *bytes };
        let seen = ObservedHead {
            ledger_id: ledger,
            height: head.height(),
            block_hash: typed(head.block_hash()),
            sealed_digest: typed(head.sealed_digest()),
            time: now.clone(),
        };
        self.own.append_entry(&seen.encode())?;
        Ok(Answer::Countersigned { height: head.height(), word: self.countersign(&head, now)? })
    }

    /// The bundle does not follow what is held. If its key signed two blocks at one height, that is proven, and kept.
    fn refuse_fork(
        &self,
        ledger: &Digest,
        bundle: impl std::io::Read,
        why: Error,
        now: &TimeClaim,
    ) -> Result<Answer> {
        let Some(replica) = self.replica(ledger, now)? else { return Ok(Answer::refused(why)) };
        let Ok(proof) = replica.prove_fork_in(bundle) else { return Ok(Answer::refused(why)) };
        let proof = proof.encode()?;
        write_whole(&self.fork_path(ledger), &proof)?;
        Ok(Answer::Refused { why, fork: Some(proof) })
    }
}

/// Why nothing is signed of a ledger that was forked once.
pub(crate) fn forked() -> Error {
    let what = "this ledger was forked once; nothing of it is countersigned any more";
    Error::new(ErrorCode::ChainBroken, what)
}

/// The notary's disk, not the bundle.
fn is_own_trouble(error: &Error) -> bool {
    matches!(error.code().number(), 600..700)
}
