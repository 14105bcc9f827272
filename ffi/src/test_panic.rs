//! Panics on demand, for tests of the guard. Not in the header, and never in a build that is shipped.

use core::ffi::c_char;

use yinzheng_facade::provoke;

use crate::bridge::{Error, run};

/// Makes the next call of this name panic, once; an empty name disarms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn yz_test_panic(
    point: *const c_char,
    point_len: usize,
    error: *mut Error,
) -> u32 {
    // SAFETY: the header's contract.
    unsafe {
        run(error, |c| {
            provoke::arm(&String::from_utf8_lossy(c.text("point", point, point_len)?));
            Ok(())
        })
    }
}
