//! The files of a kit and the text that says what to do with them.

use std::fmt::Write as _;

use super::KitFile;
use crate::error::Result;
use crate::hash::{HashAlg, hex};
use crate::sign::{PublicKey, SigAlg, Signature};

const HEAD: &str = "\
Verification kit 核验工具包
===========================
Needs nothing but OpenSSL 3 (for SM2 built with SM2 and SM3, as it is by default). Run in this folder.
只需 OpenSSL 3（SM2、SM3 默认已包含）。请在本文件夹内运行。

entry.cbor         the sealed entry 封存的条目
receipt.cbor       its RFC 9942 receipt, COSE 回执
sealed-block.cbor  sealed bytes of its block: what outsiders stamp 区块封存字节，即外部所盖时间戳的对象

";

const PATH: &str = "\
1. From the entry to the root 由条目到树根
------------------------------------------
Each command must print the digest beside it. The digest of a step stands in the file of the next one; the last one is
the root, and is the end (the last 32 bytes) of block-tbs.bin. step-00.bin is one zero byte and then entry.cbor.
每条命令须得出其后的摘要；每步的摘要出现在下一步的文件中，最后一个即树根，也就是 block-tbs.bin 的末 32 字节。
step-00.bin 为一个零字节加 entry.cbor。

";

const SIGNATURES: &str = "
2. Signatures 签名
------------------
Each command must say that the signature is verified. A key is only as good as where it comes from: compare its
thumbprint with one you got from elsewhere.
每条命令须显示签名核验成功。密钥是否可信取决于其来源：请与另行取得的指纹核对。

";

/// Files so far, and the text.
pub(super) struct Commands {
    hash: HashAlg,
    files: Vec<KitFile>,
    path: String,
    signatures: String,
}

impl Commands {
    pub(super) fn new(hash: HashAlg) -> Self {
        Self { hash, files: Vec::new(), path: String::new(), signatures: String::new() }
    }

    pub(super) fn file(&mut self, name: &str, bytes: Vec<u8>) {
        self.files.push(KitFile { name: name.to_owned(), bytes });
    }

    /// A hash on the way to the root.
    pub(super) fn step(&mut self, at: usize, preimage: Vec<u8>, digest: &[u8; 32]) {
        let name = format!("step-{at:02}.bin");
        let option = match self.hash {
            HashAlg::Sha256 => "-sha256",
            HashAlg::Sm3 => "-sm3",
        };
        // Writing into a String cannot fail.
        let _ = writeln!(self.path, "openssl dgst {option} {name}\n    {}", hex::encode(digest));
        self.file(&name, preimage);
    }

    /// A signature over `message`; without a key only the bytes are given.
    pub(super) fn signature(
        &mut self,
        name: &str,
        message: &[u8],
        signature: &Signature,
        key: Option<&PublicKey>,
    ) -> Result<()> {
        let alg = signature.alg();
        let tbs = format!("{name}-tbs.bin");
        let sig = match alg {
            SigAlg::Ed25519 => format!("{name}-signature.bin"),
            SigAlg::P256 | SigAlg::Sm2 => format!("{name}-signature.der"),
        };
        self.file(&tbs, message.to_vec());
        self.file(&sig, signature.to_der());
        let out = &mut self.signatures;
        let Some(key) = key else {
            let _ = writeln!(
                out,
                "{name} ({}): the key is not in the proof; {tbs} and {sig} are what it must fit.\n\
                 {name}（{}）：证据中没有该密钥；须与之相符的是 {tbs} 和 {sig}。\n",
                alg.name(),
                alg.name()
            );
            return Ok(());
        };
        let pem = format!("{name}-key.pem");
        let command = match alg {
            SigAlg::P256 => format!("openssl dgst -sha256 -verify {pem} -signature {sig} {tbs}"),
            SigAlg::Ed25519 => format!(
                "openssl pkeyutl -verify -pubin -inkey {pem} -rawin -in {tbs} -sigfile {sig}"
            ),
            SigAlg::Sm2 => format!(
                "openssl pkeyutl -verify -pubin -inkey {pem} -rawin -digest sm3 -pkeyopt {} -in {tbs} -sigfile {sig}",
                user_id(key.sm2_id().unwrap_or_default())
            ),
        };
        let _ = writeln!(
            out,
            "{name} ({}), RFC 9679 thumbprint 指纹 {}\n{command}\n",
            alg.name(),
            hex::encode(&key.thumbprint())
        );
        let pem_text = key.to_spki_pem()?;
        self.file(&pem, pem_text.into_bytes());
        Ok(())
    }

    pub(super) fn finish(mut self) -> Vec<KitFile> {
        let text = [HEAD, PATH, &self.path, SIGNATURES, &self.signatures].concat();
        self.file("COMMANDS.txt", text.into_bytes());
        self.files
    }
}

/// The SM2 user ID as an option: plain where a shell leaves it alone, else in hex.
fn user_id(id: &[u8]) -> String {
    let plain = !id.is_empty() && id.iter().all(|byte| byte.is_ascii_alphanumeric());
    match core::str::from_utf8(id) {
        Ok(text) if plain => format!("distid:{text}"),
        _ => format!("hexdistid:{}", hex::encode(id)),
    }
}
