//! Entries, keys, words from outside, policies.

use yinzheng::anchor::{Countersignature, PlatformReceipt};
use yinzheng::codec::{Item, Writer};
use yinzheng::entry::{Body, Entry};
use yinzheng::hash::HashAlg;
use yinzheng::key::{KeyClaims, KeyEntry};
use yinzheng::number;
use yinzheng::record::Record;
use yinzheng::sign::{PublicKey, SigAlg, Sign1, Signature};
use yinzheng::statement::{Reference, Statement};
use yinzheng::time::TimeClaim;
use yinzheng::value::{Disclosure, Lang};
use yinzheng::verify::Policy;

/// An entry without unknown parts is written back to the same bytes; a signed message always is.
pub fn entry(data: &[u8]) {
    if let Ok(entry) = Entry::parse(data) {
        assert_eq!(Entry::parse(data).as_ref(), Ok(&entry));
        assert!(Item::parse(data, data.len()).is_ok());
        if let Some((record, bytes)) = entry.record() {
            assert_eq!(Record::parse(bytes).as_ref(), Ok(record));
            let name = number::record_number(&record.digest(bytes));
            assert!(number::parse(&name).is_ok());
        }
        let written = match &entry.body {
            Body::Link(link) => Some(link.encode()),
            Body::Genesis(genesis) => Some(genesis.encode()),
            Body::Record(record) => Some(record.encode()),
            Body::Key(key, _) => Some(key.encode()),
            Body::Tombstone(tombstone) => Some(tombstone.encode()),
            Body::Hold(hold) => Some(hold.encode()),
            Body::Event(event) => Some(event.encode()),
            Body::ObservedHead(head) => Some(head.encode()),
            Body::Renewal(renewal) => Some(renewal.encode()),
            Body::Statement(_) => Some(Sign1::parse(data).expect("a signed message").encode()),
            Body::Unknown { .. } => None,
        };
        if !entry.has_unknown_optional {
            assert!(written.is_none_or(|written| written == data), "written back otherwise");
        }
    }
    if let Ok(statement) = Statement::parse(data) {
        assert!(statement.to_be_signed().ends_with(statement.payload_bytes()));
    }
    if let Ok(reference) = Reference::parse(data) {
        assert_eq!(reference.encode(), data);
    }
    if let Ok(disclosure) = Disclosure::parse(data) {
        assert_eq!(disclosure.encode(), data);
        let shown = disclosure.value.display(Lang::Zh);
        assert!(!shown.chars().any(|c| c.is_control()), "a control character reaches the reader");
    }
    if let Ok(claim) = Item::parse(data, data.len()).and_then(TimeClaim::read) {
        let mut w = Writer::new();
        claim.write(&mut w);
        assert_eq!(w.finish(), data);
    }
}

/// Key entries, keys in every form, signatures.
pub fn key(data: &[u8]) {
    if let Ok((entry, claims)) = KeyEntry::parse(data) {
        // An unknown optional key beside the two known ones is not written again.
        let again = KeyEntry::parse(&entry.encode());
        assert_eq!(KeyClaims::parse(&claims.encode()).as_ref(), Ok(&claims));
        assert_eq!(again, Ok((entry, claims)));
    }
    let cose = Item::parse(data, data.len()).and_then(PublicKey::from_cose_key);
    if let Ok(key) = &cose {
        assert_eq!(key.to_cose_key(), data);
    }
    for key in [cose, PublicKey::from_spki_der(data)].into_iter().flatten() {
        let der = key.to_spki_der();
        let again = PublicKey::from_spki_der(&der).expect("our own DER");
        assert_eq!(again.thumbprint(), key.thumbprint());
    }
    if let Ok(text) = core::str::from_utf8(data) {
        let _ = PublicKey::from_spki_pem(text);
        if let Ok(read) = number::parse(text) {
            assert_eq!(number::parse(&text.to_lowercase()), Ok(read));
        }
    }
    for alg in SigAlg::ALL {
        if let Ok(signature) = Signature::normalise(alg, data) {
            let canonical = Signature::from_canonical(alg, signature.bytes());
            assert_eq!(canonical.as_ref().map(Signature::bytes), Ok(signature.bytes()));
            // A DER form of exactly 64 bytes, one signature in 2^50, is read as r and s: it verifies nothing and nobody.
            let der = signature.to_der();
            if der.len() != 64 || alg == SigAlg::Ed25519 {
                let again = Signature::normalise(alg, &der);
                assert_eq!(again.as_ref().map(Signature::bytes), Ok(signature.bytes()));
            }
        }
    }
}

/// Countersignatures and platform receipts.
pub fn outside(data: &[u8]) {
    if let Ok(said) = Countersignature::parse(data) {
        assert_eq!(Sign1::parse(data).map(|message| message.encode()).as_deref(), Ok(data));
        assert_eq!(said.signature().len(), 64);
    }
    if let Ok(receipt) = PlatformReceipt::parse(data) {
        assert_eq!(receipt.encode(), data);
    }
}

/// A policy is read the same twice, and keeps its exact bytes.
pub fn policy(data: &[u8]) {
    if let Ok(policy) = Policy::parse(data) {
        assert_eq!(policy.bytes(), Some(data));
        for ledger in policy.ledgers() {
            assert!(HashAlg::ALL.contains(&ledger.id.alg));
        }
        for key in policy.keys() {
            assert_eq!(key.thumbprint, key.key.thumbprint());
        }
    }
}
