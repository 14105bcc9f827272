//! Fields, and the salted disclosures whose digests stand in records (`docs/format.md` §6).

use core::fmt;

use serde::Deserialize;
use zeroize::Zeroize as _;

use super::{DISCLOSURE_BYTES, Value};
use crate::codec::{Item, Writer, limits};
use crate::hash::HashAlg;
use crate::{Error, ErrorCode, Result};

/// How delicate a field is (after JR/T 0171): C1 internal, C2 identifies or describes a person, C3 must never
/// be kept at all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
pub enum FieldClass {
    /// Of use inside the institution only.
    C1,
    /// About a person or an account.
    C2,
    /// Passwords, one-time codes, card verification values, biometric samples: refused.
    C3,
}

/// One field of a record, before it is sealed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The name; public in the record.
    pub name: String,
    /// How delicate the value is.
    pub class: FieldClass,
    /// The value.
    pub value: Value,
}

/// What opens one commitment of a record: salt, value and name.
#[derive(Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// 16 random bytes. Without them a phone number could be found by trying all.
    pub salt: [u8; limits::ID_BYTES],
    /// The value.
    pub value: Value,
    /// The field's name, 1 to 128 bytes.
    pub name: String,
}

impl Disclosure {
    /// The bytes `[salt, value, name]` that the commitment is over.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(96);
        self.write(&mut w);
        w.finish()
    }

    /// Writes those bytes behind others.
    fn write(&self, w: &mut Writer) {
        w.array(3).bstr(&self.salt);
        self.value.write(w).text(&self.name);
    }

    /// Reads the bytes strictly: what is accepted encodes back to the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        Self::read(Item::parse(bytes, DISCLOSURE_BYTES)?)
    }

    /// Reads a disclosure out of an item.
    pub fn read(item: Item<'_>) -> Result<Self> {
        let [salt, value, name] = item.array_n()?;
        let name = name.text()?;
        check_name(name)?;
        let salt = salt.bstr_n()?;
        Ok(Self {
            salt,
            value: Value::read(value).map_err(|e| e.within(name))?,
            name: name.to_owned(),
        })
    }

    /// The commitment: the digest of [`Disclosure::encode`] under the record's hash.
    pub fn commitment(&self, alg: HashAlg) -> [u8; 32] {
        alg.digest(&self.encode())
    }
}

/// Many disclosures, encoded one behind the other; wiped when dropped.
pub(crate) struct Encoded {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Drop for Encoded {
    fn drop(&mut self) {
        // As a slice: a vector would be wiped byte by byte, and what it never held, too.
        self.bytes.as_mut_slice().zeroize();
    }
}

impl Encoded {
    pub(crate) fn of(disclosures: &[Disclosure]) -> Self {
        let mut w = Writer::with_capacity(disclosures.len() * 96);
        let mut ends = Vec::with_capacity(disclosures.len());
        for disclosure in disclosures {
            disclosure.write(&mut w);
            ends.push(w.as_bytes().len());
        }
        Self { bytes: w.finish(), ends }
    }

    /// The bytes of each.
    pub(crate) fn pieces(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let piece = self.bytes.get(start..*end).unwrap_or_default();
            start = *end;
            piece
        })
    }
}

fn check_name(name: &str) -> Result<()> {
    if (1..=limits::NAME_BYTES).contains(&name.len()) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::OutOfRange, format!("field name: 1 to {} bytes", limits::NAME_BYTES)))
}

impl fmt::Debug for Disclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Disclosure({:?}, {:?})", self.name, self.value)
    }
}
