//! Walking through DER, element by element, without copying.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Reader, SliceReader, Tag, TagMode, TagNumber};

use crate::error::{Error, ErrorCode, Result};

/// The elements inside a constructed one.
#[derive(Clone)]
pub(crate) struct Elements<'a> {
    reader: SliceReader<'a>,
    what: &'static str,
    code: ErrorCode,
}

/// The tag `[number]`, constructed or not.
pub(crate) const fn context(number: u32, constructed: bool) -> Tag {
    Tag::ContextSpecific { constructed, number: TagNumber(number) }
}

/// One whole element and nothing after it.
pub(crate) fn whole<'a>(
    bytes: &'a [u8],
    code: ErrorCode,
    what: &'static str,
) -> Result<AnyRef<'a>> {
    AnyRef::from_der(bytes).map_err(|_| Error::new(code, what))
}

/// An object identifier, as its text.
pub(crate) fn object(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

impl<'a> Elements<'a> {
    /// What stands inside `any`, which has this tag; errors are `code` at `what`.
    pub(crate) fn of(
        any: AnyRef<'a>,
        tag: Tag,
        code: ErrorCode,
        what: &'static str,
    ) -> Result<Self> {
        if der::Tagged::tag(&any) != tag {
            return Err(Error::new(code, what));
        }
        Self::inside(any.value(), code, what)
    }

    /// The elements that these bytes are.
    pub(crate) fn inside(bytes: &'a [u8], code: ErrorCode, what: &'static str) -> Result<Self> {
        let reader = SliceReader::new(bytes).map_err(|_| Error::new(code, what))?;
        Ok(Self { reader, what, code })
    }

    /// The error of this place.
    pub(crate) fn bad(&self) -> Error {
        Error::new(self.code, self.what)
    }

    /// Whether nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.reader.is_finished()
    }

    /// The next element.
    pub(crate) fn any(&mut self) -> Result<AnyRef<'a>> {
        AnyRef::decode(&mut self.reader).map_err(|_| self.bad())
    }

    /// The bytes of the next element, head included.
    pub(crate) fn raw(&mut self) -> Result<&'a [u8]> {
        self.reader.tlv_bytes().map_err(|_| self.bad())
    }

    /// The next element as a type of the crates.
    pub(crate) fn read<T: Decode<'a>>(&mut self) -> Result<T> {
        T::decode(&mut self.reader).map_err(|_| self.bad())
    }

    /// The next element, when it has this tag.
    pub(crate) fn optional(&mut self, tag: Tag) -> Result<Option<AnyRef<'a>>> {
        match Tag::peek(&self.reader) {
            Ok(found) if found == tag => self.any().map(Some),
            _ => Ok(None),
        }
    }

    /// The next element, which has this tag, opened.
    pub(crate) fn open(&mut self, tag: Tag) -> Result<Self> {
        let any = self.any()?;
        Self::of(any, tag, self.code, self.what)
    }

    /// The next element `[number] EXPLICIT T`, when it is there.
    pub(crate) fn explicit<T: Decode<'a>>(&mut self, number: u32) -> Result<Option<T>> {
        let Some(any) = self.optional(context(number, true))? else { return Ok(None) };
        T::from_der(any.value()).map(Some).map_err(|_| self.bad())
    }

    /// The next element `[number] IMPLICIT INTEGER`, when it is there, below 2^16.
    pub(crate) fn implicit_u16(&mut self, number: u32) -> Result<Option<u16>> {
        let found = self.reader.context_specific::<u16>(TagNumber(number), TagMode::Implicit);
        found.map_err(|_| self.bad())
    }

    /// Checks that nothing is left.
    pub(crate) fn end(&self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(self.bad()) }
    }
}
