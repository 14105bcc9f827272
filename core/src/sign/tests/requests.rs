//! What a signer is asked, and the taking back of its answer.

use super::*;

const MESSAGE: &[u8] = b"message digest";

fn request(alg: SigAlg) -> SigningRequest {
    SigningRequest::new(key(alg).public(), MESSAGE.to_vec())
}

#[test]
fn every_form_is_spelled_out() {
    let ed = request(SigAlg::Ed25519);
    assert_eq!((ed.scheme(), ed.signable_digest(), ed.sm2()), ("Ed25519", None, None));
    let p256 = request(SigAlg::P256);
    assert_eq!(p256.scheme(), "ECDSA P-256 with SHA-256");
    assert_eq!(p256.signable_digest(), Some(HashAlg::Sha256.digest(MESSAGE)));
    assert_eq!(p256.sm2(), None);
    let sm2 = request(SigAlg::Sm2);
    let parts = sm2.sm2().unwrap();
    assert_eq!(sm2.scheme(), "SM2 with SM3");
    assert_eq!(parts.id, SM2_DEFAULT_ID);
    assert_eq!(parts.z, sm2_digest::z(sm2.key().bytes().try_into().unwrap(), &parts.id).unwrap());
    assert_eq!(parts.e, HashAlg::Sm3.digest(&[&parts.z[..], MESSAGE].concat()));
    assert_eq!(sm2.signable_digest(), Some(parts.e));
}

/// GM/T 0003.5 annex A through the whole path: with its k, the digest form leads to its r and s byte for byte.
#[test]
fn the_standards_example_byte_for_byte() {
    use sm2::elliptic_curve::sec1::ToSec1Point;
    let scalar = |text: &str| sm2::NonZeroScalar::try_from(bytes(text).as_slice()).unwrap();
    let d = scalar("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
    let k = scalar("59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21");
    let seed = array("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
    let key = SoftwareKey::from_seed(SigAlg::Sm2, &seed).unwrap();
    let request = SigningRequest::new(key.public(), MESSAGE.to_vec());
    let e = scalar(&hex::encode(&request.sm2().unwrap().e));
    let point = sm2::PublicKey::from_secret_scalar(&k).to_sec1_point(false);
    assert_eq!(
        hex::encode(point.x().unwrap()),
        "04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
    );
    let x = scalar(&hex::encode(point.x().unwrap()));
    let r = *e + *x;
    let inverse = Option::<sm2::Scalar>::from((*d + sm2::Scalar::ONE).invert()).unwrap();
    let s = inverse * (*k - r * *d);
    let given = [r.to_bytes(), s.to_bytes()].concat();
    let expected = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                    b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
    assert_eq!(hex::encode(&given), expected);
    assert_eq!(request.accept(&given).unwrap().bytes().as_slice(), given);
}

#[test]
fn both_forms_lead_to_the_same_signature() {
    for alg in SigAlg::ALL {
        let (request, key) = (request(alg), key(alg));
        let over_message = key.sign(request.message()).unwrap();
        assert_eq!(request.accept(over_message.bytes()).unwrap(), over_message);
        assert_eq!(request.accept(&over_message.to_der()).unwrap(), over_message);
        match request.signable_digest() {
            Some(digest) => assert_eq!(key.sign_digest(&digest).unwrap(), over_message),
            None => {
                let error = key.sign_digest(&[1; 32]).unwrap_err();
                assert_eq!(error.code(), ErrorCode::UnsupportedAlgorithm);
            }
        }
    }
}

#[test]
fn a_high_s_is_turned_into_the_low_one() {
    let (request, key) = (request(SigAlg::P256), key(SigAlg::P256));
    let low = key.sign(MESSAGE).unwrap();
    let (r, s) = low.bytes().split_at(32);
    let high = [r, &minus(&order(SigAlg::P256), s)].concat();
    assert_eq!(request.accept(&high).unwrap(), low);
}

#[test]
fn wrong_answers_are_refused_with_the_right_code() {
    for alg in SigAlg::ALL {
        let request = request(alg);
        let code = |given: &[u8]| request.accept(given).unwrap_err().code();
        let wrong = key(alg).sign(b"another message").unwrap();
        assert_eq!(code(wrong.bytes()), ErrorCode::SignatureMismatch);
        for bad in [&[][..], &[0xff; 64], &[1; 63], &[1; 65], &[0x30, 0]] {
            assert_eq!(code(bad), ErrorCode::InvalidSignature, "{alg}");
        }
        // An S of 0 is in form; no key leads to it.
        let zeros = if alg == SigAlg::Ed25519 {
            ErrorCode::SignatureMismatch
        } else {
            ErrorCode::InvalidSignature
        };
        assert_eq!(code(&[0; 64]), zeros);
        assert_eq!(code(&[1; 8193]), ErrorCode::TooLarge);
        let error = request.accept(wrong.bytes()).unwrap_err();
        assert!(error.context().starts_with(request.scheme()), "{error}");
    }
}

#[test]
fn a_request_travels_as_bytes() {
    for alg in SigAlg::ALL {
        let request = request(alg);
        let bytes = request.encode();
        assert_eq!(SigningRequest::decode(&bytes).unwrap(), request);
        for cut in 0..bytes.len() {
            assert!(SigningRequest::decode(&bytes[..cut]).is_err(), "{alg} cut at {cut}");
        }
        assert!(SigningRequest::decode(&[&bytes[..], &[0]].concat()).is_err());
    }
    let named = key(SigAlg::Sm2).with_sm2_id(b"another").unwrap();
    let request = SigningRequest::new(named.public(), MESSAGE.to_vec());
    assert_eq!(SigningRequest::decode(&request.encode()).unwrap(), request);
    // A user id stands exactly beside an SM2 key.
    for (alg, id) in
        [(SigAlg::P256, Some(b"x")), (SigAlg::Ed25519, Some(b"x")), (SigAlg::Sm2, None)]
    {
        let mut w = crate::codec::Writer::new();
        w.array(3).raw(&key(alg).public().to_cose_key());
        match id {
            Some(id) => w.bstr(id),
            None => w.null(),
        };
        let bytes = w.bstr(MESSAGE).finish();
        assert_eq!(SigningRequest::decode(&bytes).unwrap_err().code(), ErrorCode::OutOfRange);
    }
}
