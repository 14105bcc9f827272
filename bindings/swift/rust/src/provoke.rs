//! Panics on demand: for the tests of this door only. Not exported by uniffi, so that what is generated is the same for a
//! library with it.

use core::ffi::{CStr, c_char};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the next failure panics in the few lines around the facade.
static DOOR: AtomicBool = AtomicBool::new(false);

/// Makes the next call that comes to this point panic, once: `door` the lines around the facade, else a point of the facade.
///
/// # Safety
/// `point` is a text that ends with a zero byte.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn yinzheng_swift_provoke(point: *const c_char) {
    // SAFETY: as promised by the caller.
    let point = unsafe { CStr::from_ptr(point) }.to_string_lossy();
    DOOR.store(point == "door", Ordering::SeqCst);
    yinzheng_facade::provoke::arm(if point == "door" { "" } else { &point });
}

#[allow(clippy::panic)] // what this module is for
pub(crate) fn at_door() {
    if DOOR.swap(false, Ordering::SeqCst) {
        panic!("provoked at the door, beside 13900001234");
    }
}
