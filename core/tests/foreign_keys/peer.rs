//! A tool that we did not write, behind the questions and answers of `tests/interop/keys/README.md`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use yinzheng::hash::hex;
use yinzheng::sign::{KeyFileScheme, PublicKey, SM2_DEFAULT_ID, SigAlg, SoftwareKey};

/// Every key file here is encrypted with it.
pub const PASSPHRASE: &str = "correct horse 印证";

pub struct Peer {
    pub name: String,
    pub algs: Vec<SigAlg>,
    pub files: bool,
    /// Whether it reads our files of the Chinese suite.
    pub sm4: bool,
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

/// A secret key as a peer has it, and the public half, both in its own form.
pub struct TheirKey {
    pub secret: Vec<u8>,
    pub public: Vec<u8>,
}

impl Peer {
    /// Starts a peer, or `None` when it does not answer.
    pub fn start(command: &str) -> Option<Self> {
        let mut child = Command::new("sh")
            .args(["-c", &format!("exec {command}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let (to, from) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        let mut peer = Self {
            name: String::new(),
            algs: Vec::new(),
            files: false,
            sm4: false,
            child,
            to,
            from,
        };
        let about = peer.ask(&["about"])?;
        let mut words = about.split(' ').map(str::to_owned);
        peer.name = words.next()?;
        let form = words.next()?;
        peer.files = form != "raw";
        peer.sm4 = form.ends_with("+sm4");
        peer.algs = words.map(|name| SigAlg::from_name(&name).unwrap()).collect();
        Some(peer)
    }

    /// The reply; `None` where the tool cannot do it.
    fn ask(&mut self, words: &[&str]) -> Option<String> {
        writeln!(self.to, "{}", words.join(" ")).ok()?;
        let mut line = String::new();
        self.from.read_line(&mut line).ok()?;
        let reply = line.trim_end().to_owned();
        (!reply.is_empty() && reply != "unsupported").then_some(reply)
    }

    fn bytes(&mut self, words: &[&str]) -> Option<Vec<u8>> {
        let reply = self.ask(words)?;
        Some(hex::decode(&reply).unwrap_or_else(|_| panic!("{}: {reply}", self.name)))
    }

    pub fn make(&mut self, alg: SigAlg, scheme: &str) -> Option<TheirKey> {
        let reply = self.ask(&["make", alg.name(), scheme])?;
        let (secret, public) = reply.split_once(' ').unwrap();
        let read =
            |digits| hex::decode(digits).unwrap_or_else(|_| panic!("{}: {reply}", self.name));
        Some(TheirKey { secret: read(secret), public: read(public) })
    }

    pub fn sign(
        &mut self,
        alg: SigAlg,
        key: &TheirKey,
        id: &[u8],
        message: &[u8],
    ) -> Option<Vec<u8>> {
        let (secret, public) = (hex::encode(&key.secret), hex::encode(&key.public));
        self.bytes(&["sign", alg.name(), &secret, &public, &word(id), &word(message)])
    }

    pub fn sign_digest(&mut self, alg: SigAlg, key: &TheirKey, digest: &[u8]) -> Option<Vec<u8>> {
        self.bytes(&["sign-digest", alg.name(), &hex::encode(&key.secret), &hex::encode(digest)])
    }

    /// Whether the peer accepts a signature. An exception of its is a refusal, too.
    pub fn accepts(&mut self, key: &PublicKey, message: &[u8], signature: &[u8]) -> Option<bool> {
        let public = hex::encode(&self.public(key));
        let id = word(key.sm2_id().unwrap_or(SM2_DEFAULT_ID));
        let words = ["verify", key.alg().name(), &public, &id, &word(message), &word(signature)];
        self.ask(&words).map(|reply| reply == "true")
    }

    /// A public key of ours in the peer's form.
    pub fn public(&self, key: &PublicKey) -> Vec<u8> {
        if self.files { key.to_spki_pem().unwrap().into_bytes() } else { key.bytes().to_vec() }
    }

    /// A key of ours in the peer's form. `seed` is what it was made from.
    pub fn ours(&self, key: &SoftwareKey, seed: &[u8; 32], scheme: KeyFileScheme) -> TheirKey {
        let secret = if self.files {
            key.to_pkcs8_pem_as(scheme, PASSPHRASE).unwrap().into_bytes()
        } else {
            seed.to_vec()
        };
        TheirKey { secret, public: self.public(key.public()) }
    }

    /// A key of the peer's, read by us.
    pub fn read(&self, alg: SigAlg, theirs: &TheirKey) -> (SoftwareKey, PublicKey) {
        if !self.files {
            let seed = theirs.secret.as_slice().try_into().unwrap();
            let public = PublicKey::from_raw(alg, &theirs.public).unwrap();
            return (SoftwareKey::from_seed(alg, seed).unwrap(), public);
        }
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (
            SoftwareKey::from_pkcs8_pem(&text(&theirs.secret), PASSPHRASE).unwrap(),
            PublicKey::from_spki_pem(&text(&theirs.public)).unwrap(),
        )
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn word(bytes: &[u8]) -> String {
    if bytes.is_empty() { "-".into() } else { hex::encode(bytes) }
}
