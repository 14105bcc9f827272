//! Ledgers whose every signature is made by a tool that we did not write, and checked by it again.

use yinzheng::export::kit_of_record;
use yinzheng::hash::{HashAlg, hex};
use yinzheng::key::{Custody, KeyClaims, KeyRole};
use yinzheng::ledger::{Dossier, Ledger};
use yinzheng::sign::{PublicKey, SM2_DEFAULT_ID, SigAlg, SigningRequest};
use yinzheng::statement::{Role, Terms};
use yinzheng::store::MemoryStore;
use yinzheng::verify::{DeclaredTime, Policy, Status, verify};

use super::each;
use super::peer::{Peer, TheirKey};

#[path = "../common/ledger.rs"]
mod ledger;

/// The peer as a signer in another process: it sees the bytes of the request and nothing else. Every other time it is handed
/// the digest, where it takes one.
struct Signer<'p> {
    peer: &'p mut Peer,
    alg: SigAlg,
    key: TheirKey,
    public: PublicKey,
    asked: u32,
}

impl<'p> Signer<'p> {
    fn new(peer: &'p mut Peer, alg: SigAlg) -> Self {
        let key = peer.make(alg, "aes").unwrap();
        let (_, public) = peer.read(alg, &key);
        Self { peer, alg, key, public, asked: 0 }
    }

    fn answer(&mut self, request: &[u8]) -> Vec<u8> {
        let request = SigningRequest::decode(request).unwrap();
        assert_eq!(request.key(), &self.public);
        self.asked += 1;
        if let Some(digest) = request.signable_digest().filter(|_| self.asked.is_multiple_of(2))
            && let Some(signature) = self.peer.sign_digest(self.alg, &self.key, &digest)
        {
            return signature;
        }
        self.peer.sign(self.alg, &self.key, SM2_DEFAULT_ID, request.message()).unwrap()
    }

    fn seal(&mut self, ledger: &Ledger) {
        let request = ledger.begin(9).unwrap().signing_request().encode();
        ledger.commit(&self.answer(&request)).unwrap();
    }
}

#[test]
#[ignore = "needs the tools of `sh tests/run.sh keys`"]
fn a_ledger_signed_by_others() {
    each("a ledger signed by others", |peer, alg| {
        for hash in HashAlg::ALL {
            let (proof, ledger, public) = sealed(peer, alg, hash);
            let policy = format!(
                r#"{{"ledgers":[{{"id":"{}","hash":"{}","name":"x"}}],"require":{{"signers":["customer"]}}}}"#,
                hex::encode(&ledger.bytes),
                hash.name()
            );
            let policy = Policy::parse(policy.as_bytes()).unwrap();
            let verdict = verify(&proof.encode().unwrap(), &policy, DeclaredTime { unix_ms: 0 });
            let count = |check: &str, status| {
                verdict.lines_of(check).filter(|line| line.status == status).count()
            };
            assert_eq!(count("block.signature", Status::Proven), 3, "{}", verdict.to_json());
            assert_eq!(count("statement.signature", Status::Proven), 1);
            assert_eq!(count("policy.signers", Status::Proven), 1);
            assert!(verdict.lines.iter().all(|line| line.status != Status::Contradicted));
            // The kit: the tool checks the signatures of the ledger with nothing of ours.
            let record = verdict.records[0].digest.parse().unwrap();
            let files = kit_of_record(&proof, &record, &policy).unwrap();
            let file = |start: &str| {
                let found = files.iter().find(|file| file.name.starts_with(start));
                found.map(|file| file.bytes.clone()).unwrap_or_else(|| panic!("{files:?}"))
            };
            for part in ["block", "statement-1"] {
                let signed = file(&format!("{part}-tbs."));
                let signature = file(&format!("{part}-signature."));
                assert_eq!(peer.accepts(&public, &signed, &signature), Some(true), "{part}");
                assert_eq!(peer.accepts(&public, b"", &signature), Some(false), "{part}");
            }
        }
    });
}

/// A ledger of three blocks with a signed record, its id, and the key of all signatures.
fn sealed(
    peer: &mut Peer,
    alg: SigAlg,
    hash: HashAlg,
) -> (yinzheng::proof::Proof, yinzheng::hash::Digest, PublicKey) {
    let mut signer = Signer::new(peer, alg);
    let public = signer.public.clone();
    let placeholder = ledger::key(alg, 1);
    let mut options = ledger::create_options(hash, &placeholder);
    options.key = public.clone();
    options.custody = Custody::Hsm;
    let ledger = Ledger::create(Box::new(MemoryStore::new()), options).unwrap();
    signer.seal(&ledger);
    let claims = KeyClaims::enrol(KeyRole::Customer, public.clone(), Custody::Shield, 1);
    let request = ledger.key_signing_request(&claims).unwrap().encode();
    let kid = ledger.append_key(&claims, &signer.answer(&request)).unwrap();
    signer.seal(&ledger);
    let terms = Terms::new(Role::Customer, 4).by(kid).meant_for(ledger.id());
    let record = ledger::record(hash, "借款金额", None, Dossier::New);
    let held = ledger.hold_for_signature(&record, &public, &terms).unwrap();
    let answer = signer.answer(&held.signing_request().encode());
    let appended = ledger.finish_statement(held.id, &answer).unwrap();
    signer.seal(&ledger);
    let proof = ledger.prove(&ledger::whole(appended.dossier)).unwrap();
    (proof, ledger.id(), public)
}
