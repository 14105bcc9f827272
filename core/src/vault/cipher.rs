//! The two authenticated ciphers of the vault.

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, AesGcm, Nonce};
use sm4::Sm4;

use crate::error::{Error, ErrorCode, Result};
use crate::numbered::numbered;

type Sm4Gcm = AesGcm<Sm4, U12>;

/// Length of a nonce in bytes.
pub(super) const NONCE: usize = 12;

numbered! {
    /// The cipher of a vault key and of the records' keys below it.
    VaultSuite, "vault suite is 1 or 2":
    /// AES-256-GCM (NIST SP 800-38D), keys of 32 bytes.
    Aes256Gcm = 1 "AES-256-GCM",
    /// SM4-GCM (GM/T 0002, RFC 8998), keys of 16 bytes.
    Sm4Gcm = 2 "SM4-GCM",
}

impl VaultSuite {
    /// Length of a key in bytes.
    pub fn key_len(self) -> usize {
        match self {
            VaultSuite::Aes256Gcm => 32,
            VaultSuite::Sm4Gcm => 16,
        }
    }

    /// Encrypts; the tag of 16 bytes follows the ciphertext.
    pub(super) fn seal(
        self,
        key: &[u8],
        nonce: [u8; NONCE],
        plain: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>> {
        let (nonce, payload) = (Nonce::from(nonce), Payload { msg: plain, aad });
        match self {
            VaultSuite::Aes256Gcm => {
                Aes256Gcm::new_from_slice(key).map_err(|_| key_length())?.encrypt(&nonce, payload)
            }
            VaultSuite::Sm4Gcm => {
                Sm4Gcm::new_from_slice(key).map_err(|_| key_length())?.encrypt(&nonce, payload)
            }
        }
        .map_err(|_| Error::new(ErrorCode::Internal, "vault encryption"))
    }

    /// Decrypts; `None` when key, nonce, additional data or bytes do not belong together.
    pub(super) fn open(
        self,
        key: &[u8],
        nonce: [u8; NONCE],
        sealed: &[u8],
        aad: &[u8],
    ) -> Option<Vec<u8>> {
        let (nonce, payload) = (Nonce::from(nonce), Payload { msg: sealed, aad });
        match self {
            VaultSuite::Aes256Gcm => {
                Aes256Gcm::new_from_slice(key).ok()?.decrypt(&nonce, payload).ok()
            }
            VaultSuite::Sm4Gcm => Sm4Gcm::new_from_slice(key).ok()?.decrypt(&nonce, payload).ok(),
        }
    }
}

fn key_length() -> Error {
    Error::new(ErrorCode::Internal, "vault key length")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::hex;

    /// RFC 8998, appendix A.1.
    #[test]
    fn sm4_gcm_gives_the_published_bytes() {
        let key = hex::decode("0123456789abcdeffedcba9876543210").unwrap();
        let nonce = hex::decode_n("00001234567800000000abcd").unwrap();
        let aad = hex::decode("feedfacedeadbeeffeedfacedeadbeefabaddad2").unwrap();
        let plain: Vec<u8> = [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0xee, 0xaa]
            .iter()
            .flat_map(|byte| [*byte; 8])
            .collect();
        let expected = "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
                        d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d\
                        83de3541e4c2b58177e065a9bf7b62ec";
        let sealed = VaultSuite::Sm4Gcm.seal(&key, nonce, &plain, &aad).unwrap();
        assert_eq!(hex::encode(&sealed), expected);
        assert_eq!(VaultSuite::Sm4Gcm.open(&key, nonce, &sealed, &aad).unwrap(), plain);
    }

    #[test]
    fn nothing_opens_with_a_changed_part() {
        for suite in VaultSuite::ALL {
            let key = vec![1; suite.key_len()];
            let sealed = suite.seal(&key, [2; 12], b"value", b"bound").unwrap();
            let mut other = key.clone();
            other[0] ^= 1;
            assert!(suite.open(&other, [2; 12], &sealed, b"bound").is_none());
            assert!(suite.open(&key, [3; 12], &sealed, b"bound").is_none());
            assert!(suite.open(&key, [2; 12], &sealed, b"bounds").is_none());
            assert!(suite.open(&key, [2; 12], &sealed[1..], b"bound").is_none());
            assert!(suite.open(&key[1..], [2; 12], &sealed, b"bound").is_none());
            assert!(suite.seal(&key[1..], [2; 12], b"value", b"bound").is_err());
        }
    }
}
