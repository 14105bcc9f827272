//! What a call gives when it fails.

use yinzheng::{Error, ErrorCode};

/// The result of every call.
pub type Outcome<T> = core::result::Result<T, Failure>;

/// An error as it crosses the boundary: the number is for programs, the message for people. The message never holds a field's
/// value, a key or a passphrase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The fixed number of the error table (`core/data/errors.json`), 101 to 999.
    pub number: u16,
    /// What is wrong, where, and what to do about it, in English. [`crate::error_info`] has the Chinese.
    pub message: String,
}

impl Failure {
    /// A failure of this kind. `context` says where and what was expected.
    pub fn new(code: ErrorCode, context: impl Into<String>) -> Self {
        Error::new(code, context).into()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { number: error.number(), message: error.to_string() }
    }
}
