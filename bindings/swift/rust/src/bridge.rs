//! What crosses: one error, and the calls that give several things.

use yinzheng_facade as facade;

/// The result of every exported function. One that could not fail would have no way to tell of a panic but to end the app.
pub(crate) type Outcome<T> = core::result::Result<T, Failure>;

/// Why a call has no result.
#[derive(Debug, uniffi::Error)]
pub enum Failure {
    /// An error of the table.
    Refused {
        /// Its number, 101 to 999.
        number: u16,
        /// What is wrong, where, and what to do about it; never a field's value.
        message: String,
    },
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self::Refused { message, .. } = self;
        f.write_str(message)
    }
}

impl From<facade::Failure> for Failure {
    fn from(failure: facade::Failure) -> Self {
        #[cfg(feature = "test-panic")]
        crate::provoke::at_door();
        Self::Refused { number: failure.number, message: failure.message }
    }
}

#[cfg(feature = "seal")]
pub use sealing::*;

#[cfg(feature = "seal")]
mod sealing {
    use super::facade;

    /// Bytes that wait for a signature.
    #[derive(Debug, uniffi::Record)]
    pub struct ToSign {
        /// The bytes, in message form.
        pub bytes: Vec<u8>,
        /// What they are, in JSON.
        pub info: Vec<u8>,
    }

    impl From<facade::ToSign> for ToSign {
        fn from(given: facade::ToSign) -> Self {
            Self { bytes: given.to_be_signed, info: given.info }
        }
    }

    /// Bytes that wait for a signature, with the draft that the host keeps until then.
    #[derive(Debug, uniffi::Record)]
    pub struct Draft {
        /// Hand this in again with the signature.
        pub draft: Vec<u8>,
        /// What to sign.
        pub to_sign: ToSign,
    }

    impl From<facade::Draft> for Draft {
        fn from(given: facade::Draft) -> Self {
            Self { draft: given.draft, to_sign: given.to_sign.into() }
        }
    }

    /// The two results of a call.
    #[derive(Debug, uniffi::Record)]
    pub struct Pair {
        /// The first, as the call says.
        pub first: Vec<u8>,
        /// The second.
        pub second: Vec<u8>,
    }

    impl From<(Vec<u8>, Vec<u8>)> for Pair {
        fn from((first, second): (Vec<u8>, Vec<u8>)) -> Self {
            Self { first, second }
        }
    }

    /// A handle or an id, with what belongs to it.
    #[cfg(feature = "store")]
    #[derive(Debug, uniffi::Record)]
    pub struct NumberAnd {
        /// The handle or the id.
        pub number: u64,
        /// What belongs to it.
        pub bytes: Vec<u8>,
    }

    #[cfg(feature = "store")]
    impl From<(u64, Vec<u8>)> for NumberAnd {
        fn from((number, bytes): (u64, Vec<u8>)) -> Self {
            Self { number, bytes }
        }
    }

    /// The first two entries of a ledger.
    #[derive(Debug, uniffi::Record)]
    pub struct GenesisParts {
        /// Genesis.
        pub genesis: Vec<u8>,
        /// The *opened* event.
        pub opened: Vec<u8>,
        /// Ledger id and key, in JSON.
        pub info: Vec<u8>,
    }

    impl From<(Vec<u8>, Vec<u8>, Vec<u8>)> for GenesisParts {
        fn from((genesis, opened, info): (Vec<u8>, Vec<u8>, Vec<u8>)) -> Self {
            Self { genesis, opened, info }
        }
    }

    /// A block that a host sealed itself.
    #[derive(Debug, uniffi::Record)]
    pub struct SealedParts {
        /// The block: sealed bytes.
        pub block: Vec<u8>,
        /// The head after it.
        pub head: Vec<u8>,
        /// About it, in JSON.
        pub info: Vec<u8>,
    }

    impl From<facade::SealedOut> for SealedParts {
        fn from(given: facade::SealedOut) -> Self {
            Self { block: given.block, head: given.head, info: given.info }
        }
    }
}
