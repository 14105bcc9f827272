//! SM2 public-key encryption (GM/T 0003.4, GB/T 32918.4) of short secrets, in the form of GM/T 0009 §7.2: SEQUENCE { x, y, SM3
//! digest, ciphertext }. Envelopes wrap the key of their content with it.

use sm2::elliptic_curve::rand_core::{TryCryptoRng, TryRng};
use sm2::pke::{DecryptingKey, EncryptingKey};
use zeroize::Zeroizing;

use super::software::Secret;
use super::stack::without_traces;
use super::{PublicKey, SigAlg, SoftwareKey};
use crate::random::Random;
use crate::{Error, ErrorCode, Result};

/// Encrypts a secret to an SM2 key.
///
/// # Errors
/// `UnsupportedAlgorithm` for a key of another kind, `RandomUnavailable`.
pub(crate) fn encrypt(to: &PublicKey, secret: &[u8], random: &mut Random) -> Result<Vec<u8>> {
    if to.alg() != SigAlg::Sm2 {
        return Err(Error::new(ErrorCode::UnsupportedAlgorithm, "only SM2 keys encrypt"));
    }
    let point = [&[4], to.bytes()].concat();
    let key = EncryptingKey::from_sec1_bytes(&point)
        .map_err(|_| Error::new(ErrorCode::InvalidKey, "SM2 public key"))?;
    let mut draw = Draw { random, failed: false };
    let cipher = without_traces(|| key.encrypt_der(&mut draw, secret));
    match (cipher, draw.failed) {
        (Ok(cipher), false) => Ok(cipher),
        (_, true) => Err(Error::new(ErrorCode::RandomUnavailable, "encrypting with SM2")),
        (Err(_), false) => Err(Error::new(ErrorCode::Internal, "encrypting with SM2")),
    }
}

/// Decrypts what [`encrypt`] made; `None` when the key is another, or the bytes are not so encrypted.
pub(crate) fn decrypt(key: &SoftwareKey, cipher: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let Secret::Sm2(secret) = key.secret() else { return None };
    without_traces(|| {
        DecryptingKey::new(secret.clone()).decrypt_der(cipher).ok().map(Zeroizing::new)
    })
}

/// Our source of randomness as the crate wants it.
struct Draw<'a> {
    random: &'a mut Random,
    failed: bool,
}

impl TryRng for Draw<'_> {
    type Error = Error;

    fn try_next_u32(&mut self) -> Result<u32> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<()> {
        self.random.fill(out).inspect_err(|_| self.failed = true)
    }
}

impl TryCryptoRng for Draw<'_> {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::hash::hex;

    /// The example of GM/T 0003.5 (GB/T 32918.5) annex C, in the form of GM/T 0009.
    const KEY: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
    const X: &str = "04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73";
    const Y: &str = "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0";
    const DIGEST: &str = "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766";
    const CIPHER: &str = "21886ca989ca9c7d58087307ca93092d651efa";

    fn key(hex_scalar: &str) -> SoftwareKey {
        let seed = hex::decode(hex_scalar).unwrap().try_into().unwrap();
        SoftwareKey::from_seed(SigAlg::Sm2, &seed).unwrap()
    }

    fn published() -> Vec<u8> {
        let text =
            format!("3079{}{}{}{}", "0220", X, "022100", Y) + &format!("0420{DIGEST}0413{CIPHER}");
        let mut bytes = hex::decode(&text).unwrap();
        let length = u8::try_from(bytes.len() - 2).unwrap();
        if let Some(place) = bytes.get_mut(1) {
            *place = length;
        }
        bytes
    }

    #[test]
    fn the_published_example_is_decrypted() {
        assert_eq!(*decrypt(&key(KEY), &published()).unwrap(), *b"encryption standard");
    }

    #[test]
    fn every_change_of_a_wrapped_secret_is_noticed() {
        let key = key(KEY);
        for at in 0..published().len() {
            let mut changed = published();
            if let Some(byte) = changed.get_mut(at) {
                *byte ^= 1;
            }
            assert!(decrypt(&key, &changed).is_none(), "byte {at}");
        }
        assert!(decrypt(&key, &[published(), vec![0]].concat()).is_none());
        assert!(decrypt(&key, &[]).is_none());
    }

    #[test]
    fn only_the_right_key_decrypts() {
        let (right, wrong) =
            (SoftwareKey::generate(SigAlg::Sm2), SoftwareKey::generate(SigAlg::Sm2));
        let (right, wrong) = (right.unwrap(), wrong.unwrap());
        let mut random = Random::system();
        let sealed = encrypt(right.public(), &[7; 16], &mut random).unwrap();
        assert_eq!(*decrypt(&right, &sealed).unwrap(), [7; 16]);
        assert!(decrypt(&wrong, &sealed).is_none());
        assert_ne!(sealed, encrypt(right.public(), &[7; 16], &mut random).unwrap());
        let other = SoftwareKey::generate(SigAlg::P256).unwrap();
        assert!(decrypt(&other, &sealed).is_none());
        let refused = encrypt(other.public(), &[7; 16], &mut random).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::UnsupportedAlgorithm);
    }
}
