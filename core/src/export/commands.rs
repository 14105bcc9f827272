//! The files of a kit and the text that says what to do with them.

use std::fmt::Write as _;

use super::KitFile;
use super::texts::{HEAD, heading};
use crate::error::Result;
use crate::hash::{HashAlg, hex};
use crate::sign::{PublicKey, SigAlg, Signature};

/// Parts of the text, in their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    /// From the values to the entry.
    Values,
    /// From the entry to the root of its block.
    Path,
    /// From the block to the newest block shown.
    History,
    /// Signatures over blocks, statements, countersignatures.
    Signatures,
    /// Timestamp tokens.
    Tokens,
}

/// Files so far, and the text.
pub(super) struct Commands {
    hash: HashAlg,
    files: Vec<KitFile>,
    sections: Vec<(Section, String)>,
}

impl Commands {
    pub(super) fn new(hash: HashAlg) -> Self {
        Self { hash, files: Vec::new(), sections: Vec::new() }
    }

    pub(super) fn file(&mut self, name: &str, bytes: Vec<u8>) {
        self.files.push(KitFile { name: name.to_owned(), bytes });
    }

    /// Text of a section, which begins with its heading.
    fn says(&mut self, section: Section, text: &str) {
        match self.sections.iter_mut().find(|(known, _)| *known == section) {
            Some((_, said)) => said.push_str(text),
            None => self.sections.push((section, text.to_owned())),
        }
    }

    /// A command that hashes a file of the kit under the ledger's hash, and what it must print.
    pub(super) fn digest(&mut self, section: Section, name: &str, digest: &[u8; 32]) {
        self.digest_under(self.hash, section, name, digest, "");
    }

    /// The same under another hash, with a word on what it is.
    pub(super) fn digest_under(
        &mut self,
        hash: HashAlg,
        section: Section,
        name: &str,
        digest: &[u8; 32],
        what: &str,
    ) {
        let option = match hash {
            HashAlg::Sha256 => "-sha256",
            HashAlg::Sm3 => "-sm3",
        };
        let gap = if what.is_empty() { "" } else { "  " };
        let digest = hex::encode(digest);
        self.says(section, &format!("openssl dgst {option} {name}\n    {digest}{gap}{what}\n"));
    }

    /// An RFC 3161 token over a file of the kit.
    pub(super) fn token(&mut self, name: &str, over: &str, token: Vec<u8>) {
        let command =
            format!("openssl ts -verify -data {over} -in {name} -token_in -CAfile CA.pem");
        self.says(Section::Tokens, &format!("  {command}\n"));
        self.file(name, token);
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
        let mut out = String::new();
        // Writing into a String cannot fail.
        let Some(key) = key else {
            let _ = writeln!(
                out,
                "{name} ({}): the key is neither in the proof nor in the policy; {tbs} and {sig} are what it must fit.\n\
                 {name}（{}）：证据和策略中都没有该密钥；须与之相符的是 {tbs} 和 {sig}。\n",
                alg.name(),
                alg.name()
            );
            self.says(Section::Signatures, &out);
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
        self.says(Section::Signatures, &out);
        let pem_text = key.to_spki_pem()?;
        self.file(&pem, pem_text.into_bytes());
        Ok(())
    }

    pub(super) fn finish(mut self) -> Vec<KitFile> {
        self.sections.sort_by_key(|(section, _)| *section);
        let mut text = HEAD.to_owned();
        for (section, said) in std::mem::take(&mut self.sections) {
            text.extend([heading(section), said.as_str(), "\n"]);
        }
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
