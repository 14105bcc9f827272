//! What the desk answers.

use core::fmt;

use yinzheng::Error;

/// What became of something that was handed in.
#[derive(Debug)]
pub enum Answer {
    /// The ledger's newest block follows everything that is held; here is the notary's word about it.
    Countersigned {
        /// Height of the block.
        height: u64,
        /// The countersignature.
        word: Vec<u8>,
    },
    /// The whole dossier was deposited.
    Deposited {
        /// Notarial number.
        number: String,
        /// The proof that was handed in, with the notary's countersignatures and its own record of the deposit.
        proof: Vec<u8>,
    },
    /// Nothing was signed.
    Refused {
        /// Why.
        why: Error,
        /// Proof that the ledger's key signed two blocks at one height, where that is why.
        fork: Option<Vec<u8>>,
    },
}

impl Answer {
    pub(crate) fn refused(why: Error) -> Self {
        Answer::Refused { why, fork: None }
    }

    /// Whether the notary signed.
    pub fn is_accepted(&self) -> bool {
        !matches!(self, Answer::Refused { .. })
    }

    /// What goes out: the ending of the file's name, and its bytes.
    pub fn file(&self) -> Option<(&'static str, &[u8])> {
        match self {
            Answer::Countersigned { word, .. } => Some(("countersignature.cbor", word)),
            Answer::Deposited { proof, .. } => Some(("notarised.yzp", proof)),
            Answer::Refused { fork, .. } => fork.as_deref().map(|proof| ("fork.yzp", proof)),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Countersigned { height, .. } => write!(f, "block {height} is countersigned"),
            Answer::Deposited { number, .. } => write!(f, "deposited as {number}"),
            Answer::Refused { why, fork: None } => write!(f, "refused: {why}"),
            Answer::Refused { why, .. } => write!(f, "refused, with a proof of the fork: {why}"),
        }
    }
}
