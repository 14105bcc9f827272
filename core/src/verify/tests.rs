use super::*;
use crate::hash::HashAlg;
use crate::proof::scene::simple;
use crate::sign::SigAlg;

const AT: DeclaredTime = DeclaredTime { unix_ms: 1_800_000_000_000 };

#[test]
fn an_honest_proof_contradicts_nothing() {
    for hash in HashAlg::ALL {
        for alg in SigAlg::ALL {
            let bytes = simple(hash, alg).prove().encode().unwrap();
            let verdict = verify(&bytes, &Policy::empty(), AT);
            assert_eq!(
                verdict.count(Status::Contradicted),
                0,
                "{}",
                verdict.text(crate::value::Lang::En)
            );
            assert_eq!(verdict.summary[0].id, "integrity-only");
            assert_eq!(verdict.to_json(), verify(&bytes, &Policy::empty(), AT).to_json());
        }
    }
}
