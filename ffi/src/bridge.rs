//! From raw pointers to slices and back.

use core::ffi::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};

use yinzheng_facade::{Failure, Outcome};

use crate::buffer::Buffer;

/// A reference to something in the library: a ledger, a key, a profile, a hash in the making, a sealer. Never 0, always below
/// 2^52. Close it with yz_close.
pub type Handle = u64;

/// Bytes of the host, where a function takes several of them.
#[repr(C)]
#[derive(Debug)]
pub struct Slice {
    /// The bytes; may be NULL when len is 0.
    pub data: *const u8,
    /// How many.
    pub len: usize,
}

/// What went wrong. Nothing in it must be freed.
#[repr(C)]
#[derive(Debug)]
pub struct Error {
    /// The number of the error, as the function returned it; 0 for success.
    pub number: u32,
    /// In English, what, where, and what to do: UTF-8, ends with a zero byte, cut where it is too long. Never holds values of
    /// fields, keys or passphrases. For the Chinese see yz_error_info.
    pub message: [c_char; 508],
}

/// InvalidArgument.
pub(crate) const NUMBER_INVALID: u16 = 101;
/// LimitExceeded.
const NUMBER_LIMIT: u16 = 104;
/// Internal.
const NUMBER_INTERNAL: u16 = 901;

/// The most bytes of one input; every kind of input has its own, lower limit further inside.
const INPUT_BYTES: usize = 1 << 30;
/// The most slices in one list.
const SLICES: usize = 1024;

pub(crate) fn invalid(message: &str) -> Failure {
    Failure { number: NUMBER_INVALID, message: format!("[101] invalid argument: {message}") }
}

/// One call: its outs, and what was wrong with them.
pub(crate) struct Call {
    outs: [usize; 4],
    count: usize,
    wrong: Option<&'static str>,
}

/// Somewhere to put a result; `None` when the host does not want it.
pub(crate) struct Out<T>(Option<*mut T>);

/// Runs a call and tells how it went, in the number and in `error`.
///
/// # Safety
/// `error` is null or good for writing one [`Error`].
pub(crate) unsafe fn run(error: *mut Error, work: impl FnOnce(&mut Call) -> Outcome<()>) -> u32 {
    let mut call = Call { outs: [0; 4], count: 0, wrong: None };
    // The facade catches panics itself; this is for the few lines around it. A panic may not leave an `extern "C"` function.
    let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut call))).unwrap_or_else(|payload| {
        yinzheng_facade::discard(payload);
        Err(Failure { number: NUMBER_INTERNAL, message: "[901] a fault of the library".into() })
    });
    let (number, message) = match &outcome {
        Ok(()) => (0, ""),
        Err(failure) => (u32::from(failure.number), failure.message.as_str()),
    };
    if !error.is_null() && error.is_aligned() {
        // SAFETY: not null, aligned, and good for one `Error` by this function's own contract.
        unsafe { error.write(Error { number, message: text(message) }) };
    }
    number
}

/// As much of a text as fits before a zero byte, cut between characters.
fn text(message: &str) -> [c_char; 508] {
    let mut out = [0; 508];
    let mut end = message.len().min(out.len() - 1);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    for (to, from) in out.iter_mut().zip(message.as_bytes().iter().take(end)) {
        *to = c_char::from_ne_bytes([*from]);
    }
    out
}

impl Call {
    /// A result that the host must want.
    ///
    /// # Safety
    /// `out` is null or good for writing one `T`.
    pub(crate) unsafe fn out<T: Empty>(&mut self, out: *mut T) -> Out<T> {
        if out.is_null() {
            self.wrong = Some("an out pointer is NULL");
        }
        // SAFETY: this function's own contract.
        unsafe { self.optional(out) }
    }

    /// A result that the host may leave out with a null pointer.
    ///
    /// # Safety
    /// `out` is null or good for writing one `T`.
    pub(crate) unsafe fn optional<T: Empty>(&mut self, out: *mut T) -> Out<T> {
        if out.is_null() {
            return Out(None);
        }
        if !out.is_aligned() {
            self.wrong = Some("an out pointer is misaligned");
            return Out(None);
        }
        if self.outs.contains(&(out as usize)) {
            self.wrong = Some("two out pointers are the same");
        }
        if let Some(place) = self.outs.get_mut(self.count) {
            *place = out as usize;
            self.count += 1;
        }
        // SAFETY: not null, aligned, and good for one `T` by this function's own contract.
        unsafe { out.write(T::EMPTY) };
        Out(Some(out))
    }

    /// Ends the outs: fails for what was wrong with them.
    pub(crate) fn ready(&self) -> Outcome<()> {
        self.wrong.map_or(Ok(()), |what| Err(invalid(what)))
    }

    /// The host's bytes, for as long as the call lasts.
    ///
    /// # Safety
    /// `data` is null or good for reading `len` bytes, which nobody changes meanwhile.
    pub(crate) unsafe fn bytes(&self, name: &str, data: *const u8, len: usize) -> Outcome<&[u8]> {
        if len == 0 {
            return Ok(&[]);
        }
        if data.is_null() {
            return Err(invalid(&format!("{name} is NULL, its length is not 0")));
        }
        if len > INPUT_BYTES {
            let message = format!("[104] over a limit: {name} has more than 1 GiB");
            return Err(Failure { number: NUMBER_LIMIT, message });
        }
        // SAFETY: not null, of a length below isize::MAX, and good for it by this function's own contract.
        Ok(unsafe { core::slice::from_raw_parts(data, len) })
    }

    /// The host's text, as bytes: whether it is UTF-8 is found out further inside.
    ///
    /// # Safety
    /// As [`Call::bytes`].
    pub(crate) unsafe fn text(
        &self,
        name: &str,
        data: *const c_char,
        len: usize,
    ) -> Outcome<&[u8]> {
        // SAFETY: this function's own contract.
        unsafe { self.bytes(name, data.cast(), len) }
    }

    /// Several pieces of the host's bytes.
    ///
    /// # Safety
    /// `list` is null or good for reading `count` slices, each as [`Call::bytes`] demands.
    pub(crate) unsafe fn list(
        &self,
        name: &str,
        list: *const Slice,
        count: usize,
    ) -> Outcome<Vec<&[u8]>> {
        if count == 0 {
            return Ok(Vec::new());
        }
        if count > SLICES {
            let message = format!("[104] over a limit: {name} has more than {SLICES} parts");
            return Err(Failure { number: NUMBER_LIMIT, message });
        }
        if list.is_null() || !list.is_aligned() {
            return Err(invalid(&format!("{name} is NULL or misaligned")));
        }
        // SAFETY: not null, aligned, short, and good for `count` slices by this function's own contract.
        let list = unsafe { core::slice::from_raw_parts(list, count) };
        // SAFETY: each slice is as `bytes` demands, by this function's own contract.
        list.iter().map(|part| unsafe { self.bytes(name, part.data, part.len) }).collect()
    }
}

/// What a result holds until there is one, and when there is none.
pub(crate) trait Empty {
    const EMPTY: Self;
}

impl Empty for Buffer {
    const EMPTY: Self = Buffer::EMPTY;
}

impl Empty for u64 {
    const EMPTY: Self = 0;
}

impl Empty for u8 {
    const EMPTY: Self = 0;
}

impl<T: Empty> Out<T> {
    fn put(&self, value: T) {
        if let Some(out) = self.0 {
            // SAFETY: [`Call::optional`] made this of a pointer that is good for one `T` until the call returns.
            unsafe { out.write(value) };
        }
    }
}

impl Out<Buffer> {
    pub(crate) fn give(&self, bytes: Vec<u8>) {
        // What nobody wants is not kept in the table.
        if self.0.is_some() {
            self.put(Buffer::give(bytes));
        }
    }
}

impl Out<u64> {
    pub(crate) fn give(&self, number: u64) {
        self.put(number);
    }
}

#[cfg(feature = "store")]
impl Out<u8> {
    pub(crate) fn give(&self, flag: bool) {
        self.put(u8::from(flag));
    }
}
