#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::codec::Item;
use crate::hash::hex;

#[test]
fn smoke() {
    for alg in SigAlg::ALL {
        let key = SoftwareKey::from_seed(alg, &[7; 32]).unwrap();
        let s = key.sign(b"m").unwrap();
        key.public().verify(b"m", &s, Strictness::Ours).unwrap();
        assert_eq!(Signature::normalise(alg, &s.to_der()).unwrap(), s);
        let c = key.public().to_cose_key();
        assert_eq!(&PublicKey::from_cose_key(Item::parse(&c, 200).unwrap()).unwrap(), key.public());
        assert_eq!(
            &PublicKey::from_spki_pem(&key.public().to_spki_pem().unwrap()).unwrap(),
            key.public()
        );
        let pem = key.to_pkcs8_pem("pass").unwrap();
        let back = SoftwareKey::from_pkcs8_pem(&pem, "pass").unwrap();
        assert_eq!(back.public(), key.public());
    }
    let d = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8".to_lowercase();
    let key = SoftwareKey::from_seed(SigAlg::Sm2, &hex::decode_n(&d).unwrap()).unwrap();
    assert_eq!(
        hex::encode(&key.public().sm2_z().unwrap()).to_uppercase(),
        "B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3"
    );
}
