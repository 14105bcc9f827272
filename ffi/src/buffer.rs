//! Buffers that the library gives to the host. All that are out stand in a table, so that freeing one twice, one that was never
//! given, or one whose length was changed does no harm.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use yinzheng_facade::Failure;
use zeroize::Zeroize;

use crate::bridge::{Error, NUMBER_INVALID, run};

/// Bytes given by the library. Free them with yz_buffer_free, and with nothing else; until then the host may read and change
/// them, and may copy this structure as it likes. Of no bytes, data is NULL.
#[repr(C)]
#[derive(Debug)]
pub struct Buffer {
    /// The bytes, or NULL.
    pub data: *mut u8,
    /// How many.
    pub len: usize,
}

/// Memory that is the host's until it gives it back.
struct Given(*mut [u8]);

// SAFETY: the pointer is only stored here, and given back to `Box` by the one thread that took it out of the table.
unsafe impl Send for Given {}

const SHARDS: usize = 16;

/// By address; several tables, so that threads do not wait for each other.
static TABLES: [Mutex<Option<HashMap<usize, Given>>>; SHARDS] =
    [const { Mutex::new(None) }; SHARDS];

fn table(address: usize) -> MutexGuard<'static, Option<HashMap<usize, Given>>> {
    // Allocations are aligned: the lowest bits say nothing.
    let table = TABLES.get(address >> 6 & (SHARDS - 1)).unwrap_or(&TABLES[0]);
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Buffer {
    pub(crate) const EMPTY: Buffer = Buffer { data: std::ptr::null_mut(), len: 0 };

    /// Hands bytes over to the host.
    pub(crate) fn give(bytes: Vec<u8>) -> Buffer {
        if bytes.is_empty() {
            return Buffer::EMPTY;
        }
        let len = bytes.len();
        let memory = Box::into_raw(bytes.into_boxed_slice());
        let data = memory.cast::<u8>();
        table(data as usize).get_or_insert_default().insert(data as usize, Given(memory));
        Buffer { data, len }
    }

    /// Takes bytes back and wipes them. False for an address that is not out.
    fn take_back(data: *mut u8) -> bool {
        let given = table(data as usize).as_mut().and_then(|table| table.remove(&(data as usize)));
        let Some(Given(memory)) = given else { return false };
        // SAFETY: the pointer came from `Box::into_raw` and was in the table, so it was not given back before; having been
        // removed under the lock, it never will be again.
        let mut bytes = unsafe { Box::from_raw(memory) };
        bytes.zeroize();
        true
    }
}

/// Frees a buffer and wipes its bytes; then the structure holds no bytes. An empty one, or NULL, is fine.
///
/// - Errors: 101 for bytes that the library never gave, or that were freed before (a copy of this structure): nothing
///   else happens then.
/// - Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_buffer_free(buffer: *mut Buffer, error: *mut Error) -> u32 {
    // SAFETY: the header's contract; the structure is read and written only when it is not null and aligned.
    unsafe {
        run(error, |_| {
            if buffer.is_null() {
                return Ok(());
            }
            if !buffer.is_aligned() {
                return Err(Failure {
                    number: NUMBER_INVALID,
                    message: "buffer: misaligned".into(),
                });
            }
            let data = (*buffer).data;
            let known = data.is_null() || Buffer::take_back(data);
            *buffer = Buffer::EMPTY;
            if known {
                return Ok(());
            }
            let message = "not a buffer of this library, or freed before".into();
            Err(Failure { number: NUMBER_INVALID, message })
        })
    }
}

/// How many buffers the host has not freed: a test for leaks.
///
/// - Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn yz_buffer_count() -> u64 {
    let count = |table: &Mutex<Option<HashMap<usize, Given>>>| {
        table.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map_or(0, HashMap::len)
    };
    TABLES.iter().map(|table| count(table) as u64).sum()
}
