#![forbid(unsafe_code)]
//! Signers outside the library: a PKCS#11 token, and a simulator of an SM2 device. Both take a
//! [`yinzheng::sign::SigningRequest`] and give bytes back; the ledger never sees a secret.

pub mod pkcs11;
pub mod sm2_device;
