//! Making a statement in two phases.

use super::{Payload, Reference, Role, Statement};
use crate::claim;
use crate::codec::{Item, MapBuilder, Writer, limits};
use crate::error::{Error, ErrorCode, Result};
use crate::hash::{Digest, HashAlg, hex};
use crate::media;
use crate::number;
use crate::record::Record;
use crate::sign::{PublicKey, Sign1, SigningRequest, sig_structure};

/// A statement that waits for its signature. It holds no secret and can be kept and read back by its bytes:
/// protected header and payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementDraft {
    protected: Vec<u8>,
    payload: Vec<u8>,
    key: PublicKey,
}

/// What goes into a statement's header besides the payload.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Digest of the signer's key entry in the ledger; without one the key's thumbprint stands in its place.
    pub kid: Option<[u8; 32]>,
    /// In which role the signer signs.
    pub role: Role,
    /// Seconds since 1970, when it is signed as claimed.
    pub issued_at: u64,
    /// Digest of what was displayed to the signer (what you see is what you sign).
    pub displayed: Option<Digest>,
    /// The ledger it is meant for.
    pub audience: Option<Digest>,
    /// The signer's certificates, DER, leaf first.
    pub certificates: Vec<Vec<u8>>,
}

impl Terms {
    /// The least that is said: in which role, and when as claimed in seconds since 1970. The signer is named by its key's
    /// thumbprint.
    pub fn new(role: Role, issued_at: u64) -> Self {
        Self {
            kid: None,
            role,
            issued_at,
            displayed: None,
            audience: None,
            certificates: Vec::new(),
        }
    }

    /// Names the signer by the digest of its key entry in the ledger.
    #[must_use]
    pub fn by(mut self, kid: [u8; 32]) -> Self {
        self.kid = Some(kid);
        self
    }

    /// Binds what was shown to the signer: the digest of the text or picture exactly as displayed.
    #[must_use]
    pub fn displayed(mut self, digest: Digest) -> Self {
        self.displayed = Some(digest);
        self
    }

    /// Binds the ledger that the statement is meant for.
    #[must_use]
    pub fn meant_for(mut self, ledger_id: Digest) -> Self {
        self.audience = Some(ledger_id);
        self
    }

    /// Adds the signer's certificates, DER, leaf first.
    #[must_use]
    pub fn with_certificates(mut self, certificates: Vec<Vec<u8>>) -> Self {
        self.certificates = certificates;
        self
    }
}

impl StatementDraft {
    /// The first signer's statement: the record travels inside.
    ///
    /// # Errors
    /// `LimitExceeded` for a wrong number or size of certificates, or when record and header leave no room for an entry of
    /// 65,535 bytes.
    pub fn over_record(record: &Record, key: &PublicKey, terms: &Terms) -> Result<Self> {
        let bytes = record.encode();
        let digest = record.digest(&bytes);
        Self::new(media::RECORD, bytes, digest, key, terms)
    }

    /// A further signer's statement over a record that is sealed already or in another statement.
    ///
    /// # Errors
    /// `LimitExceeded` for a wrong number or size of certificates.
    pub fn over_digest(record: Digest, key: &PublicKey, terms: &Terms) -> Result<Self> {
        Self::new(
            media::REFERENCE,
            Reference { record, role: terms.role }.encode(),
            record,
            key,
            terms,
        )
    }

    fn new(
        content_type: &str,
        payload: Vec<u8>,
        record: Digest,
        key: &PublicKey,
        terms: &Terms,
    ) -> Result<Self> {
        if terms.certificates.len() > 8
            || terms.certificates.iter().any(|c| c.is_empty() || c.len() > 16_384)
        {
            return Err(Error::new(
                ErrorCode::LimitExceeded,
                "at most 8 certificates of 1 to 16,384 bytes",
            ));
        }
        let kid = terms.kid.unwrap_or_else(|| key.thumbprint());
        let mut claims = MapBuilder::new()
            .put_text(1, &hex::encode(&kid))
            .put_text(2, &number::record_number(&record))
            .put_uint(6, terms.issued_at)
            .put_uint(claim::ROLE, terms.role.number());
        for (label, digest) in
            [(claim::DISPLAYED, &terms.displayed), (claim::AUDIENCE, &terms.audience)]
        {
            if let Some(digest) = digest {
                claims = claims.put(label, |w| digest.write(w));
            }
        }
        let mut header = MapBuilder::new()
            .put_int(1, key.alg().cose_id())
            .put_text(3, content_type)
            .put_bstr(4, &kid)
            .put(15, |w| claims.write(w))
            .put_text(16, media::STATEMENT);
        if let Some(leaf) = terms.certificates.first() {
            header = header
                .put(33, |w| write_chain(w, &terms.certificates))
                .put(34, |w| Digest::of(HashAlg::Sha256, leaf).write(w));
        }
        let draft = Self { protected: header.finish(), payload, key: key.clone() };
        // Too large must show now, and not when the signature is there.
        let unsigned = draft.leaf(vec![0; 64]).len();
        if draft.protected.len() > limits::HEADER_BYTES || unsigned > limits::ENTRY_BYTES {
            return Err(Error::new(
                ErrorCode::LimitExceeded,
                "a statement has a header of at most 32,768 bytes, and 65,535 bytes in all",
            ));
        }
        Ok(draft)
    }

    /// The bytes to sign, in message form.
    pub fn to_be_signed(&self) -> Vec<u8> {
        sig_structure(&self.protected, &self.payload)
    }

    /// What the signer is asked to sign, in message and digest form.
    pub fn signing_request(&self) -> SigningRequest {
        SigningRequest::new(&self.key, self.to_be_signed())
    }

    /// The payload: the record, or the reference.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The draft as bytes, to be kept until the signature comes. They hold no secret.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.array(4).bstr(&self.protected).bstr(&self.payload).raw(&self.key.to_cose_key());
        match self.key.sm2_id() {
            Some(id) => w.bstr(id),
            None => w.null(),
        };
        w.finish()
    }

    /// Reads a draft back.
    ///
    /// # Errors
    /// Any 3xx or 4xx.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let [protected, payload, key, id] = Item::parse(bytes, bytes.len())?.array_n::<4>()?;
        let key = PublicKey::from_cose_key(key)?;
        let key = if id.is_null() { key } else { key.with_sm2_id(id.bstr()?)? };
        Ok(Self { protected: protected.bstr()?.to_vec(), payload: payload.bstr()?.to_vec(), key })
    }

    /// The key that must sign.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    fn leaf(&self, signature: Vec<u8>) -> Vec<u8> {
        Sign1 {
            protected: self.protected.clone(),
            unprotected: vec![0xa0],
            payload: Some(self.payload.clone()),
            signature,
        }
        .encode()
    }

    /// Takes the signature, raw r‖s or DER, verifies it, and gives the bytes of the leaf.
    ///
    /// # Errors
    /// `InvalidSignature`, or `SignatureMismatch` when it is not this key's over these bytes, with what would have fitted; the
    /// draft stays usable.
    pub fn finish(&self, signature: &[u8]) -> Result<Vec<u8>> {
        self.finish_knowing(signature, &[])
    }

    /// As [`StatementDraft::finish`]; `others` are keys that could have signed by mistake.
    ///
    /// # Errors
    /// As [`StatementDraft::finish`].
    pub fn finish_knowing(&self, signature: &[u8], others: &[&PublicKey]) -> Result<Vec<u8>> {
        let signature = self.signing_request().accept_knowing(signature, others)?;
        let bytes = self.leaf(signature.bytes().to_vec());
        // What is sealed must be readable by the rules that everybody else reads it with.
        Statement::parse(&bytes)?;
        Ok(bytes)
    }
}

fn write_chain<'w>(w: &'w mut Writer, chain: &[Vec<u8>]) -> &'w mut Writer {
    match chain {
        [one] => w.bstr(one),
        list => {
            w.array(list.len());
            for certificate in list {
                w.bstr(certificate);
            }
            w
        }
    }
}

impl Statement {
    /// The record inside, for a first signer's statement.
    pub fn record(&self) -> Option<&Record> {
        match &self.payload {
            Payload::Record(record) => Some(record),
            Payload::Reference(_) => None,
        }
    }
}
