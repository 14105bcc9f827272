//! One error type for the whole library: a fixed number, and where it happened.
//!
//! Numbers are grouped by hundreds (1xx argument, 2xx state, 3xx format, 4xx cryptography, 5xx ledger,
//! 6xx storage, 9xx internal) and never change their meaning. The same table, with the Chinese wording
//! and the advice, is the data file `core/data/errors.json`, which every language's tests read.

use core::fmt;
use std::sync::OnceLock;

use serde::Deserialize;

/// The result of every fallible operation in this crate.
pub type Result<T> = core::result::Result<T, Error>;

/// What went wrong. `code` is for programs; `context` says where, in words, and never holds a field's
/// value, a key or a passphrase.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    code: ErrorCode,
    context: String,
}

impl Error {
    /// Makes an error. `context` names the place and what was expected; it must not contain field values.
    pub fn new(code: ErrorCode, context: impl Into<String>) -> Self {
        Self { code, context: context.into() }
    }

    /// The kind of error.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The fixed number of the error, the same in every language.
    pub fn number(&self) -> u16 {
        self.code.number()
    }

    /// Where it happened and what was expected there.
    pub fn context(&self) -> &str {
        &self.context
    }

    /// The same error with the enclosing place in front, so that a reader sees the whole path.
    #[must_use]
    pub fn within(self, place: &str) -> Self {
        Self { code: self.code, context: format!("{place}: {}", self.context) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.number(), self.code.message())?;
        if !self.context.is_empty() {
            write!(f, ": {}", self.context)?;
        }
        write!(f, ". {}", self.code.advice())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({} {:?}: {})", self.number(), self.code, self.context)
    }
}

impl core::error::Error for Error {}

macro_rules! error_codes {
    ($($number:literal $name:ident $message:literal $advice:literal;)*) => {
        /// Every kind of error the library can give.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(#[doc = concat!($message, ". ", $advice)] $name = $number,)*
        }

        impl ErrorCode {
            /// All codes, in ascending order of their numbers.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$name,)*];

            /// The fixed number.
            pub fn number(self) -> u16 {
                self as u16
            }

            /// The fixed name, as written in the error table.
            pub fn name(self) -> &'static str {
                match self { $(ErrorCode::$name => stringify!($name),)* }
            }

            /// What is wrong, in English.
            pub fn message(self) -> &'static str {
                match self { $(ErrorCode::$name => $message,)* }
            }

            /// What to do about it, in English.
            pub fn advice(self) -> &'static str {
                match self { $(ErrorCode::$name => $advice,)* }
            }

            /// What is wrong, in Chinese, as the error table says it.
            pub fn message_zh(self) -> &'static str {
                self.chinese().map_or(self.message(), |row| &row.message_zh)
            }

            /// What to do about it, in Chinese, as the error table says it.
            pub fn advice_zh(self) -> &'static str {
                self.chinese().map_or(self.advice(), |row| &row.advice_zh)
            }

            fn chinese(self) -> Option<&'static ChineseRow> {
                chinese().iter().find(|row| row.number == self.number())
            }
        }
    };
}

/// The Chinese of one row of the data file.
#[derive(Deserialize)]
struct ChineseRow {
    number: u16,
    message_zh: String,
    advice_zh: String,
}

/// The data file's Chinese, read once. A file that does not parse is found by the tests.
fn chinese() -> &'static [ChineseRow] {
    static ROWS: OnceLock<Vec<ChineseRow>> = OnceLock::new();
    ROWS.get_or_init(|| {
        serde_json::from_str(include_str!("../data/errors.json")).unwrap_or_default()
    })
}

error_codes! {
    101 InvalidArgument "invalid argument" "Correct the call";
    102 UnknownName "unknown name" "Use a name that the profile, ledger or file defines";
    103 RefusedField "a field that must never be kept" "Leave out passwords, one-time codes, card verification values and biometric samples; keep only the event and its time";
    104 LimitExceeded "over a limit" "Send less, or split it";
    105 InvalidMessage "unusable business message" "Send one JSON object with text keys, each once";
    106 InvalidProfile "unusable profile" "Correct the profile file";
    107 InvalidPolicy "unusable verification policy" "Correct the policy file";
    108 InvalidNumber "a number with a wrong check character or form" "Type the preservation or record number again";
    109 InvalidVerdict "not a verdict" "Supply the JSON that a verification gave, unchanged";
    201 NothingPending "no block is waiting for a signature" "Call begin first";
    202 StalePending "not the block that is waiting" "Fetch the waiting bytes again and sign those";
    203 ReadOnly "the ledger is open for reading only" "Open it for writing";
    204 InvalidHandle "unknown, closed or foreign handle" "Use a handle that is open and of the right type";
    205 Poisoned "an earlier fault closed this handle" "Close it and open the ledger again";
    301 Truncated "input ends too early" "Supply the whole file";
    302 NotShortest "a number or length is not in its shortest form" "Use the bytes as they were sealed; do not re-encode";
    303 UnsupportedItem "a CBOR item that this format does not use" "Use the bytes as they were sealed; do not re-encode";
    304 MapOrder "map keys are not in ascending order" "Use the bytes as they were sealed; do not re-encode";
    305 DuplicateKey "a key or name stands twice" "Use the bytes as they were sealed";
    306 TrailingBytes "bytes after the end" "Supply exactly one item";
    307 TooDeep "nested too deep" "This is not one of our files";
    308 TooLarge "larger than the format allows" "This is not one of our files";
    309 InvalidUtf8 "text is not UTF-8" "Use the bytes as they were sealed";
    310 WrongType "an item of another type was expected" "This is not the structure it is taken for";
    311 UnknownCritical "an unknown critical key or kind" "Use a newer version of the library";
    312 MissingKey "a required key is missing" "Supply the whole structure";
    313 OutOfRange "a number outside its range" "Use the bytes as they were sealed";
    314 WrongKind "another kind of entry was expected" "Supply the entry that belongs there";
    315 WrongMediaType "a signed message of another type was expected" "Supply the message that belongs there";
    316 UnsupportedVersion "a format version this library does not read" "Use a newer version of the library";
    317 PathLength "a proof path of the wrong length" "Supply the path for this index and size";
    318 InvalidPackage "not a usable evidence package" "Ask whoever made it for the package as it was written";
    401 UnsupportedAlgorithm "an algorithm this library does not use" "Use SHA-256 or SM3 with Ed25519, P-256 or SM2";
    402 InvalidKey "not a usable key" "Supply a key on the named curve in a supported encoding";
    403 InvalidSignature "not a signature in an accepted form" "Supply 64 bytes r and s, or strict DER";
    404 SignatureMismatch "the signature does not fit these bytes and this key" "Check key, bytes, SM2 user ID and digest form";
    405 AlgorithmMismatch "the algorithm in the header is not the key's" "Sign with the key that the header names";
    406 HighS "the signature is not in its low-s form" "Normalise the signature before sealing";
    407 DigestMismatch "the digest does not fit these bytes" "Supply the original bytes";
    408 RootMismatch "the proof path does not lead to the expected root" "Supply entry, index, size and path that belong together";
    409 RandomUnavailable "the operating system gives no randomness" "Try again; do not go on without";
    410 KeyFile "the key file cannot be opened" "Check the passphrase and the file";
    411 SignerDeclined "the signer said no" "Ask again with the same bytes, or drop the record with reason declined";
    412 SignerTimedOut "the signer gave no answer in time" "Ask again with the same bytes";
    413 SignerLocked "the signer is locked" "Unlock it, then ask again with the same bytes";
    414 SignerKeyGone "the signer's key is gone or was invalidated" "For a ledger key continue in a new ledger with reason key lost; for another key enrol a new one";
    415 InvalidCertificate "not a usable certificate, revocation list or OCSP response" "Supply DER or PEM of an X.509 certificate";
    416 InvalidToken "not a usable timestamp token" "Supply the authority's whole answer, unchanged";
    417 AuthorityDeclined "the timestamp authority gave no token" "Read its status and ask again";
    418 NonceMismatch "the answer is to another request" "Supply the answer to this request";
    419 UntrustedChain "no chain to a certificate you trust" "Add the authority's root, or what stands between, to the policy";
    420 CertificateNotValid "a certificate that was not valid at that time" "Ask the authority for its certificate of that time";
    421 WrongPurpose "a certificate that is not for this purpose" "Use one that was issued for it";
    422 CertificateRevoked "a certificate that was revoked" "Rely on another authority or key";
    423 CertificateMismatch "the signer means another certificate" "Supply the certificate that the signer names";
    501 Conflict "the same business id with other content" "Use a new id, or send the same content";
    502 NotFound "not in this ledger" "Check the number";
    503 HeadMismatch "the ledger is older than, or differs from, the head you hold" "It was rolled back or cloned: continue in a new ledger after restore";
    504 ChainBroken "a block does not follow from the one before" "Keep the files as they are and run check";
    505 PlaceTaken "the dossier's next place is another one" "Read the dossier's head and build the record again";
    506 NothingToSeal "no entries wait for a block" "Append first";
    507 LedgerClosed "the ledger is closed" "Append to its successor";
    508 KeyNotInForce "the key is not in force" "Sign with the ledger key in force";
    509 Erased "the values were erased" "Only the sealed digests remain";
    510 OnHold "a hold forbids this" "Lift the hold first";
    601 Storage "the store failed" "Check disk, permissions and the file system";
    602 Locked "another process holds this ledger" "Close it there; one writer a ledger";
    603 Damaged "stored bytes are damaged" "Keep the files as they are and run check";
    604 SchemaTooNew "the store was written by a newer version" "Use that version or a newer one";
    605 WrongVaultKey "the vault key does not open these values" "Supply the key the values were wrapped with";
    606 NotALedger "no ledger is there" "Create one, or check the path";
    607 DiskFull "the disk is full" "Free some space; nothing was changed";
    901 Internal "a fault of the library" "Report it with this message";
}
