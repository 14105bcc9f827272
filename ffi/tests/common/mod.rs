//! What the tests of the C door share: every function with the kinds of its parameters, and a way to call each with one
//! parameter spoilt.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

pub(crate) mod functions;
pub(crate) mod script;

pub(crate) use functions::FUNCTIONS;

use core::ffi::c_char;

use yinzheng_ffi::*;

pub(crate) const VAULT: [u8; 32] = [7; 32];

/// What is wrong with one parameter.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Bad {
    Nothing,
    Null,
    NullWithLength,
    Length(usize),
    NotUtf8,
    Garbage,
    Misaligned,
    SameAsBefore,
    Handle(u64),
    Number(u64),
    /// A file descriptor, whoever's it is.
    Descriptor(i32),
}

/// Good parameters, but for one.
pub(crate) struct Plan<'a> {
    /// Chooses the parameters instead.
    pub(crate) script: Option<script::Script<'a>>,
    spoilt: usize,
    bad: Bad,
    next: usize,
    pub(crate) handles: Handles,
    texts: [&'static str; 1],
    slice: Slice,
    pub(crate) buffers: [Buffer; 4],
    pub(crate) numbers: [u64; 4],
    pub(crate) flags: [u8; 4],
    room: [u64; 64],
    last_out: usize,
    pub(crate) error: Error,
    pub(crate) null_error: bool,
}

/// Open handles of every type.
#[derive(Clone, Copy)]
pub(crate) struct Handles {
    pub(crate) ledger: u64,
    pub(crate) key: u64,
    pub(crate) hash: u64,
    pub(crate) sealer: u64,
    pub(crate) any: u64,
}

pub(crate) const EMPTY: Buffer = Buffer { data: core::ptr::null_mut(), len: 0 };

pub(crate) fn error() -> Error {
    Error { number: 77, message: [0; 508] }
}

impl<'a> Plan<'a> {
    pub(crate) fn new(handles: Handles, spoilt: usize, bad: Bad) -> Self {
        Self {
            script: None,
            spoilt,
            bad,
            next: 0,
            handles,
            // A path in no folder, where one is wanted: nothing is made there.
            texts: ["/nowhere/x"],
            slice: Slice { data: b"x".as_ptr(), len: 1 },
            buffers: [EMPTY; 4],
            numbers: [9; 4],
            flags: [9; 4],
            room: [0; 64],
            last_out: 0,
            error: error(),
            null_error: false,
        }
    }

    pub(crate) fn spoilt(&self) -> usize {
        self.spoilt
    }

    fn step(&mut self) -> Bad {
        self.next += 1;
        if self.next - 1 == self.spoilt { self.bad } else { Bad::Nothing }
    }

    pub(crate) fn text(&mut self) -> (*const c_char, usize) {
        if let Some(script) = &mut self.script {
            let (data, len) = script.text();
            return (data.cast(), len);
        }
        let good = self.texts[0];
        match self.step() {
            Bad::Null => (core::ptr::null(), 0),
            Bad::NullWithLength => (core::ptr::null(), 5),
            Bad::Length(len) => (good.as_ptr().cast(), len),
            Bad::NotUtf8 => (b"\xff\xfe\x01".as_ptr().cast(), 3),
            Bad::Garbage => (b"\x00{[\"".as_ptr().cast(), 4),
            _ => (good.as_ptr().cast(), good.len()),
        }
    }

    pub(crate) fn bytes(&mut self) -> (*const u8, usize) {
        if let Some(script) = &mut self.script {
            return script.bytes();
        }
        match self.step() {
            Bad::Null => (core::ptr::null(), 0),
            Bad::NullWithLength => (core::ptr::null(), 5),
            Bad::Length(len) => (b"x".as_ptr(), len),
            Bad::Garbage => (b"\xff\x00\xa0\xd2".as_ptr(), 4),
            _ => (b"x".as_ptr(), 1),
        }
    }

    pub(crate) fn list(&mut self) -> (*const Slice, usize) {
        if let Some(script) = &mut self.script {
            return script.list();
        }
        match self.step() {
            Bad::Null => (core::ptr::null(), 0),
            Bad::NullWithLength => (core::ptr::null(), 5),
            Bad::Length(len) => (&raw const self.slice, len),
            Bad::Misaligned => (self.odd().cast(), 1),
            Bad::Garbage => {
                self.slice = Slice { data: core::ptr::null(), len: 9 };
                (&raw const self.slice, 1)
            }
            _ => (&raw const self.slice, 1),
        }
    }

    fn odd(&mut self) -> *mut u8 {
        (&raw mut self.room).cast::<u8>().wrapping_add(1)
    }

    fn handle(&mut self, good: u64) -> u64 {
        if let Some(script) = &mut self.script {
            return script.handle(good);
        }
        match self.step() {
            Bad::Handle(bad) => bad,
            _ => good,
        }
    }

    pub(crate) fn ledger(&mut self) -> u64 {
        self.handle(self.handles.ledger)
    }

    pub(crate) fn key(&mut self) -> u64 {
        self.handle(self.handles.key)
    }

    pub(crate) fn hash(&mut self) -> u64 {
        self.handle(self.handles.hash)
    }

    pub(crate) fn sealer(&mut self) -> u64 {
        self.handle(self.handles.sealer)
    }

    pub(crate) fn any(&mut self) -> u64 {
        self.handle(self.handles.any)
    }

    pub(crate) fn number(&mut self) -> u64 {
        if let Some(script) = &mut self.script {
            return script.number();
        }
        match self.step() {
            Bad::Number(number) => number,
            _ => 1,
        }
    }

    /// None that is open, unless the plan says so.
    pub(crate) fn descriptor(&mut self) -> i32 {
        match self.step() {
            Bad::Descriptor(open) => open,
            Bad::Number(number) => number as i32 | i32::MIN,
            _ => i32::MIN,
        }
    }

    fn place<T>(&mut self, good: *mut T) -> *mut T {
        let chosen = match self.step() {
            Bad::Null => core::ptr::null_mut(),
            Bad::Misaligned if align_of::<T>() > 1 => self.odd().cast(),
            Bad::SameAsBefore if self.last_out != 0 => self.last_out as *mut T,
            _ => good,
        };
        self.last_out = chosen as usize;
        chosen
    }

    pub(crate) fn out(&mut self) -> *mut Buffer {
        let good = &raw mut self.buffers[self.next % 4];
        self.place(good)
    }

    pub(crate) fn optional(&mut self) -> *mut Buffer {
        let good = &raw mut self.buffers[self.next % 4];
        self.place(good)
    }

    pub(crate) fn number_out(&mut self) -> *mut u64 {
        let good = &raw mut self.numbers[self.next % 4];
        self.place(good)
    }

    pub(crate) fn flag_out(&mut self) -> *mut u8 {
        let good = &raw mut self.flags[self.next % 4];
        self.place(good)
    }

    pub(crate) fn error(&mut self) -> *mut Error {
        if self.null_error { core::ptr::null_mut() } else { &raw mut self.error }
    }
}

/// Text or bytes as a call wants them.
pub(crate) fn t(text: &str) -> (*const c_char, usize) {
    (text.as_ptr().cast(), text.len())
}

pub(crate) fn taken(buffer: &mut Buffer) -> Vec<u8> {
    if buffer.data.is_null() {
        return Vec::new();
    }
    // SAFETY: given by the library and not freed yet.
    let bytes = unsafe { core::slice::from_raw_parts(buffer.data, buffer.len) }.to_vec();
    // SAFETY: a buffer of ours; the error is not wanted.
    assert_eq!(unsafe { yz_buffer_free(buffer, core::ptr::null_mut()) }, 0);
    bytes
}

pub(crate) fn close(handle: u64) -> u32 {
    // SAFETY: no pointer but a null one.
    unsafe { yz_close(handle, core::ptr::null_mut()) }
}

/// Handles of every type, block 0 not sealed yet.
pub(crate) fn handles() -> Handles {
    let null = core::ptr::null_mut();
    let mut key = 0;
    let mut public = EMPTY;
    let (alg, alg_len) = t("P-256");
    // SAFETY: pointers to locals and literals.
    unsafe {
        assert_eq!(yz_key_generate(alg, alg_len, &mut key, null), 0);
        assert_eq!(yz_key_public(key, &mut public, null), 0);
    }
    let public: serde_json::Value = serde_json::from_slice(&taken(&mut public)).unwrap();
    let request = serde_json::json!({
        "hash": "SHA-256", "key": { "cose_key": public["cose_key"] }, "custody": "software",
        "organisation": "示例银行", "created": 1, "in_memory": true,
    })
    .to_string();
    let (request, request_len) = t(&request);
    let (mut ledger, mut hash, mut sealer, mut any) = (0, 0, 0, 0);
    // SAFETY: pointers to locals and literals.
    unsafe {
        let vault = VAULT.as_ptr();
        let none = core::ptr::null();
        assert_eq!(
            yz_ledger_create(none, 0, vault, 32, request, request_len, &mut ledger, null),
            0
        );
        assert_eq!(yz_hash_begin(&mut hash, null), 0);
        assert_eq!(yz_sealer_open(core::ptr::null(), 0, &mut sealer, null), 0);
        assert_eq!(yz_hash_begin(&mut any, null), 0);
    }
    Handles { ledger, key, hash, sealer, any }
}

impl Handles {
    pub(crate) fn all(&self) -> [u64; 5] {
        [self.ledger, self.key, self.hash, self.sealer, self.any]
    }

    /// Closes those that are still open.
    pub(crate) fn close(self) {
        self.all().into_iter().for_each(close_if_open);
    }
}

/// Closes what may be a handle.
pub(crate) fn close_if_open(handle: u64) {
    let number = close(handle);
    assert!(number == 0 || number == 204, "{number}");
}

impl Plan<'_> {
    /// Frees and closes whatever a call gave.
    pub(crate) fn clean_up(&mut self) {
        self.buffers.iter_mut().for_each(|buffer| drop(taken(buffer)));
        self.numbers
            .iter()
            .filter(|number| **number > 1 << 20)
            .for_each(|handle| close_if_open(*handle));
    }
}
