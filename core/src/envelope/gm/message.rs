//! ContentInfo and EnvelopedData of GM/T 0010: the same structure as in PKCS #7 (RFC 2315 §10), with numbers of its own.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Encode, Tag, Tagged};

use super::super::RECIPIENTS;
use crate::error::{Error, ErrorCode, Result};
use crate::x509::{Elements, context, object, whole};

/// Written are the first numbers; read are those of PKCS #7 too, which some products use for the same structure.
const ENVELOPED: [&str; 2] = ["1.2.156.10197.6.1.4.2.3", "1.2.840.113549.1.7.3"];
const DATA: [&str; 2] = ["1.2.156.10197.6.1.4.2.1", "1.2.840.113549.1.7.1"];
/// SM2 encryption (GM/T 0006): the first is written; GmSSL writes the second.
const SM2_ENCRYPTION: [&str; 2] = ["1.2.156.10197.1.301.3", "1.2.156.10197.1.301.2"];
/// SM4-CBC, and SM4 without a mode, which is CBC where it has an initialisation vector.
const SM4_CBC: [&str; 2] = ["1.2.156.10197.1.104.2", "1.2.156.10197.1.104"];
/// The version of EnvelopedData and RecipientInfo in GM/T 0010.
const VERSION: u8 = 1;

const WHAT: &str = "an SM2 envelope (GM/T 0010, DER)";

/// An envelope as its bytes say it.
pub(super) struct Message<'a> {
    /// Each recipient whose key is an SM2 key, and the content's key encrypted to it.
    pub(super) wrapped: Vec<(Holder<'a>, &'a [u8])>,
    pub(super) iv: &'a [u8; 16],
    pub(super) content: &'a [u8],
}

/// How an envelope names a recipient.
pub(super) enum Holder<'a> {
    /// DER of the SEQUENCE.
    IssuerAndSerial(&'a [u8]),
    /// The subject key identifier of the certificate.
    KeyIdentifier(&'a [u8]),
}

/// Whether the first element inside says that it is one.
pub(super) fn is_enveloped(bytes: &[u8]) -> bool {
    // The length need not fit: an envelope that was cut short is still meant to be one.
    let head = match bytes {
        [0x30, 0..=0x7f, rest @ ..]
        | [0x30, 0x81, _, rest @ ..]
        | [0x30, 0x82, _, _, rest @ ..]
        | [0x30, 0x83, _, _, _, rest @ ..]
        | [0x30, 0x84, _, _, _, _, rest @ ..] => rest,
        _ => return false,
    };
    ENVELOPED.iter().any(|number| {
        let number = object(number);
        let number = number.as_bytes();
        match head {
            [0x06, length, rest @ ..] => {
                usize::from(*length) == number.len() && rest.starts_with(number)
            }
            _ => false,
        }
    })
}

impl<'a> Message<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self> {
        let any = whole(bytes, ErrorCode::WrongType, WHAT)?;
        let mut outer = Elements::of(any, Tag::Sequence, ErrorCode::WrongType, WHAT)?;
        is_one_of(outer.read()?, &ENVELOPED)?;
        let mut explicit = outer.open(context(0, true))?;
        outer.end()?;
        let mut fields = explicit.open(Tag::Sequence)?;
        explicit.end()?;
        let _version: u8 = fields.read()?;
        let mut recipients = fields.open(Tag::Set)?;
        let mut content = fields.open(Tag::Sequence)?;
        fields.end()?;

        let mut wrapped = Vec::new();
        let mut count = 0;
        while !recipients.is_empty() {
            count += 1;
            if count > RECIPIENTS {
                let what = "an envelope has at most 128 recipients";
                return Err(Error::new(ErrorCode::LimitExceeded, what));
            }
            wrapped.extend(recipient(recipients.any()?)?);
        }

        is_one_of(content.read()?, &DATA)?;
        let mut algorithm = content.open(Tag::Sequence)?;
        let cipher: ObjectIdentifier = algorithm.read()?;
        if !SM4_CBC.iter().any(|number| object(number) == cipher) {
            return Err(Error::new(ErrorCode::UnsupportedAlgorithm, "a cipher other than SM4-CBC"));
        }
        let iv: &OctetStringRef = algorithm.read()?;
        algorithm.end()?;
        let sealed = content.any()?;
        if sealed.tag() != context(0, false) {
            return Err(content.bad());
        }
        // sharedInfo1 and sharedInfo2 of GM/T 0010: other products write them, and nothing is decrypted with them.
        for number in [1, 2] {
            content.optional(context(number, false))?;
        }
        content.end()?;
        let iv = iv.as_bytes().try_into().map_err(|_| content.bad())?;
        Ok(Self { wrapped, iv, content: sealed.value() })
    }
}

/// A RecipientInfo; nothing where the key was encrypted with something else than SM2.
fn recipient(any: AnyRef<'_>) -> Result<Option<(Holder<'_>, &[u8])>> {
    if any.tag() != Tag::Sequence {
        return Ok(None);
    }
    let mut fields = Elements::of(any, Tag::Sequence, ErrorCode::WrongType, WHAT)?;
    let _version: u8 = fields.read()?;
    let holder = match fields.optional(context(0, false))? {
        Some(id) => Holder::KeyIdentifier(id.value()),
        None => Holder::IssuerAndSerial(fields.raw()?),
    };
    let mut algorithm = fields.open(Tag::Sequence)?;
    let number: ObjectIdentifier = algorithm.read()?;
    let key: &OctetStringRef = fields.read()?;
    fields.end()?;
    let ours = SM2_ENCRYPTION.iter().any(|known| object(known) == number);
    Ok(ours.then_some((holder, key.as_bytes())))
}

fn is_one_of(number: ObjectIdentifier, known: &[&str]) -> Result<()> {
    match known.iter().any(|known| object(known) == number) {
        true => Ok(()),
        false => Err(Error::new(ErrorCode::WrongType, WHAT)),
    }
}

/// Writes an envelope: recipients by name with their wrapped keys.
pub(super) fn write(
    wrapped: &[(&[u8], Vec<u8>)],
    iv: &[u8; 16],
    content: &[u8],
) -> Result<Vec<u8>> {
    let written = || -> der::Result<Vec<u8>> {
        let number = |known: [&str; 2]| {
            let [written, _] = known;
            object(written).to_der()
        };
        let null = AnyRef::NULL.to_der()?;
        let mut recipients = Vec::with_capacity(wrapped.len());
        for (name, key) in wrapped {
            recipients.push(element(
                Tag::Sequence,
                &[
                    &VERSION.to_der()?,
                    name,
                    &element(Tag::Sequence, &[&number(SM2_ENCRYPTION)?, &null])?,
                    &OctetStringRef::new(key)?.to_der()?,
                ],
            )?);
        }
        // A SET OF stands in order (X.690 §11.6).
        recipients.sort_unstable();
        let algorithm = [number(SM4_CBC)?, OctetStringRef::new(iv)?.to_der()?].concat();
        let info = element(
            Tag::Sequence,
            &[
                &number(DATA)?,
                &element(Tag::Sequence, &[&algorithm])?,
                &element(context(0, false), &[content])?,
            ],
        )?;
        let data = element(
            Tag::Sequence,
            &[&VERSION.to_der()?, &element(Tag::Set, &[&recipients.concat()])?, &info],
        )?;
        element(Tag::Sequence, &[&number(ENVELOPED)?, &element(context(0, true), &[&data])?])
    };
    written().map_err(|_| Error::new(ErrorCode::Internal, "writing an envelope"))
}

fn element(tag: Tag, parts: &[&[u8]]) -> der::Result<Vec<u8>> {
    AnyRef::new(tag, &parts.concat())?.to_der()
}
