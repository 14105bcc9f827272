//! Calls in an order and with parameters that bytes choose: for the fuzz target and for the seeded test.

use std::collections::VecDeque;

use super::{EMPTY, FUNCTIONS, Handles, Plan, VAULT, close_if_open, handles, taken};
use yinzheng_ffi::*;

/// Texts for parameters of any call. Paths go nowhere: files are the business of other tests.
const TEXTS: &[&str] = &[
    "SHA-256",
    "SM3",
    "Ed25519",
    "P-256",
    "SM2",
    "SM4-GCM",
    "zh",
    "json",
    "generic",
    "money",
    "given",
    "/nowhere/x",
    "0",
    "[]",
    "{}",
    "null",
    "{\"a\":1}",
    "{\"key\":@KEY}",
];

/// For the texts of a call, one after the other, what usually leads into it. `@KEY` and `@CREATE` stand for the session's own.
fn usual(function: &str) -> &'static [&'static str] {
    match function {
        "yz_error_info" => &["zh"],
        "yz_json_get" => &["{\"a\":[1,\"x\"]}", "/a/1"],
        "yz_ledger_create" => &["", "@CREATE"],
        "yz_ledger_continue" => &["", "{\"reason\":\"key-lost\",\"create\":@CREATE}"],
        "yz_vault_key_generate" => &["AES-256-GCM"],
        "yz_ledger_append" => &[
            "{\"profile\":\"loan.disbursement\",\"message\":{\"借款金额\":\"5000.00\"},\"time\":1793500000000}",
        ],
        "yz_ledger_append_many" => &[
            "[{\"profile\":\"generic\",\"message\":{\"a\":\"1\"},\"time\":1},{\"profile\":\"generic\",\"message\":{\"a\":\"2\"},\"time\":2}]",
        ],
        "yz_ledger_hold_for_signature" => &[
            "{\"profile\":\"generic\",\"message\":{\"a\":\"1\"},\"time\":1,\"signer\":{\"key\":@KEY,\"role\":\"customer\"}}",
        ],
        "yz_ledger_drop_statement" => &["declined", "1793500000000"],
        "yz_ledger_dossier" | "yz_ledger_find" => &["D-0000-0000-0000-0000-0000-0000-0000"],
        "yz_ledger_dossiers" => &[""],
        "yz_ledger_prove" => &["{\"sequences\":[0,1,2],\"disclose\":\"all\"}"],
        "yz_ledger_key_draft" => {
            &["{\"role\":\"customer\",\"key\":@KEY,\"custody\":\"software\",\"effective_ms\":1}"]
        }
        "yz_ledger_note" => &["{\"kind\":\"clock\",\"step_ms\":-5,\"time\":1}"],
        "yz_ledger_attach" => &[
            "{\"height\":0,\"kind\":\"platform-receipt\",\"receipt\":{\"platform\":\"p\",\"id\":\"1\",\"raw\":\"00\"}}",
        ],
        "yz_ledger_timestamp_request" | "yz_ledger_timestamp_attach" => &["{\"height\":0}"],
        "yz_ledger_erase" => {
            &["{\"records\":[2],\"reason\":\"order\",\"reference\":\"r\",\"time\":1}"]
        }
        "yz_ledger_hold" => &[
            "{\"action\":\"restrict\",\"records\":[2],\"reason\":\"audit\",\"reference\":\"r\",\"time\":1}",
        ],
        "yz_ledger_rewrap" => &["1793500000000"],
        "yz_key_describe" => &["@KEY"],
        "yz_key_generate" => &["SM2"],
        "yz_profile_describe" | "yz_profile_file" => &["generic"],
        "yz_profile_read" => &["generic", "{\"a\":\"1\"}"],
        "yz_value_read" => &["money", "5000.00"],
        "yz_verify_proof" | "yz_verify_bundle" => &["", "en"],
        "yz_inspect" => &["entry", ""],
        "yz_digest" | "yz_tree_root" | "yz_history_path" => &["SHA-256"],
        "yz_check_signature" => &["@KEY", "given"],
        "yz_check_inclusion" | "yz_check_consistency" => &["SM3"],
        "yz_genesis_make" => &[
            "{\"hash\":\"SM3\",\"key\":@KEY,\"custody\":\"shield\",\"organisation\":\"示例\",\"created\":1}",
        ],
        "yz_record_make" => {
            &["{\"profile\":\"generic\",\"message\":{\"a\":\"1\"},\"time\":1,\"place\":0}"]
        }
        "yz_statement_draft" => {
            &["{\"signer\":{\"key\":@KEY,\"role\":\"witness\",\"issued_at\":1}}"]
        }
        "yz_countersignature_draft" => {
            &["{\"key\":@KEY,\"claim\":\"seen\",\"issuer\":\"示例\",\"time\":1}"]
        }
        _ => &[],
    }
}

/// What stands between the calls: bytes that choose, things that earlier calls gave.
pub(crate) struct Script<'a> {
    choices: &'a [u8],
    /// The session's own key, as requests write it.
    key: String,
    usual: &'static [&'static str],
    given: VecDeque<Vec<u8>>,
    handles: Vec<u64>,
    /// What the running call reads; kept until it returned.
    lent: Vec<Vec<u8>>,
    slices: Vec<Slice>,
}

impl Script<'_> {
    fn choose(&mut self) -> usize {
        let Some((first, rest)) = self.choices.split_first() else { return 0 };
        self.choices = rest;
        usize::from(*first)
    }

    fn lend(&mut self, bytes: Vec<u8>) -> (*const u8, usize) {
        if bytes.is_empty() {
            return (core::ptr::null(), 0);
        }
        let parts = (bytes.as_ptr(), bytes.len());
        // Moving a vector does not move its bytes.
        self.lent.push(bytes);
        parts
    }

    /// The next text or bytes of a call: mostly what `usual` says or what was given last.
    fn something(&mut self, usual: Option<&str>) -> Vec<u8> {
        let choice = self.choose();
        match (choice, usual) {
            (0..170, Some(usual)) => self.written(usual),
            (0..170, None) if !self.given.is_empty() => {
                self.given[choice % 3 % self.given.len()].clone()
            }
            (170..190, _) if !self.given.is_empty() => {
                self.given[choice % self.given.len()].clone()
            }
            (190..205, _) if !self.given.is_empty() => {
                // Something that the library gave, with one bit turned over.
                let at = self.choose();
                let mut bent = self.given[at % self.given.len()].clone();
                let len = bent.len().max(1);
                let place = (self.choose() << 8 | self.choose()) % len;
                if let Some(byte) = bent.get_mut(place) {
                    *byte ^= 1 << (at & 7);
                }
                bent
            }
            (205..225, _) => self.written(TEXTS[choice % TEXTS.len()]),
            (225..235, _) => VAULT.to_vec(),
            (235..242, _) => Vec::new(),
            _ => {
                let len = (choice % 16).min(self.choices.len());
                let (raw, rest) = self.choices.split_at(len);
                self.choices = rest;
                raw.to_vec()
            }
        }
    }

    fn written(&self, text: &str) -> Vec<u8> {
        let create = format!(
            r#"{{"hash":"SHA-256","key":{},"custody":"software","organisation":"示例","created":1,"in_memory":true}}"#,
            self.key
        );
        text.replace("@KEY", &self.key).replace("@CREATE", &create).into_bytes()
    }

    pub(crate) fn text(&mut self) -> (*const u8, usize) {
        let usual = self.usual.split_first().map(|(first, rest)| {
            self.usual = rest;
            *first
        });
        let bytes = self.something(usual);
        self.lend(bytes)
    }

    pub(crate) fn bytes(&mut self) -> (*const u8, usize) {
        let bytes = self.something(None);
        self.lend(bytes)
    }

    pub(crate) fn list(&mut self) -> (*const Slice, usize) {
        let count = self.choose() % 4;
        self.slices.clear();
        for _ in 0..count {
            let (data, len) = self.bytes();
            self.slices.push(Slice { data, len });
        }
        (self.slices.as_ptr(), count)
    }

    pub(crate) fn handle(&mut self, usual: u64) -> u64 {
        let choice = self.choose();
        match choice {
            0..200 => usual,
            200..250 if !self.handles.is_empty() => self.handles[choice % self.handles.len()],
            _ => usual ^ 1 << (choice & 31),
        }
    }

    pub(crate) fn number(&mut self) -> u64 {
        match self.choose() {
            small @ 0..200 => (small % 8) as u64,
            200..220 => 1_793_500_000,
            220..230 => u64::MAX,
            230..240 => 1 << 53,
            _ => i64::MAX as u64,
        }
    }
}

/// The session's key in a request.
fn key(session: &Handles) -> String {
    let mut public = EMPTY;
    // SAFETY: a pointer to a local, and a null one.
    assert_eq!(unsafe { yz_key_public(session.key, &mut public, core::ptr::null_mut()) }, 0);
    let public: serde_json::Value = serde_json::from_slice(&taken(&mut public)).unwrap();
    serde_json::json!({ "cose_key": public["cose_key"] }).to_string()
}

/// Seals a block of the session's ledger, if it can.
fn seal(session: &Handles) {
    let (mut bytes, mut signature, mut reply) = (EMPTY, EMPTY, EMPTY);
    let null = core::ptr::null_mut();
    // SAFETY: pointers to locals, null ones, and buffers that the library gave.
    unsafe {
        if yz_ledger_begin(session.ledger, 1_793_500_001, &mut bytes, core::ptr::null_mut(), null)
            == 0
            && yz_key_sign(session.key, bytes.data, bytes.len, &mut signature, null) == 0
        {
            yz_ledger_commit(session.ledger, signature.data, signature.len, &mut reply, null);
        }
    }
    [&mut bytes, &mut signature, &mut reply].into_iter().for_each(|buffer| drop(taken(buffer)));
}

/// One session: calls until the bytes are used up, then everything is given back. Panics on whatever may never happen. Gives the names
/// of the functions that succeeded.
pub(crate) fn run(choices: &[u8]) -> Vec<&'static str> {
    let mut succeeded = Vec::new();
    let session = handles();
    let mut script = Script {
        choices,
        key: key(&session),
        usual: &[],
        given: VecDeque::new(),
        handles: Vec::new(),
        lent: Vec::new(),
        slices: Vec::new(),
    };
    while !script.choices.is_empty() {
        let Some(function) = FUNCTIONS.get(script.choose() % (FUNCTIONS.len() + 8)) else {
            seal(&session);
            continue;
        };
        script.usual = usual(function.name);
        // Key files are slow to open by design.
        if function.name.contains("pkcs8") && script.choose() > 8 {
            continue;
        }
        let mut plan = Plan::new(session, usize::MAX, super::Bad::Nothing);
        plan.script = Some(script);
        let number = (function.call)(&mut plan);
        let Some(back) = plan.script.take() else { return succeeded };
        script = back;
        script.lent.clear();
        assert!(number < 900 && number != 205, "{}: {number}", function.name);
        assert_eq!(plan.error.number, number, "{}", function.name);
        if number == 0 {
            succeeded.push(function.name);
        }
        for buffer in &mut plan.buffers {
            let bytes = taken(buffer);
            assert!(number == 0 || bytes.is_empty(), "{} failed and gave something", function.name);
            if !bytes.is_empty() {
                script.given.push_front(bytes);
            }
        }
        script.given.truncate(12);
        let given = plan.numbers.iter().filter(|number| **number > 1 << 20);
        script.handles.extend(given);
    }
    script.handles.iter().for_each(|handle| close_if_open(*handle));
    session.close();
    assert_eq!((yz_buffer_count(), yz_handle_count()), (0, 0));
    succeeded
}
