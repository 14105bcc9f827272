//! Dead stack: what a computation with secrets leaves below the stack pointer. Types that wipe themselves when dropped
//! wipe the last place they stood in, not those they were moved out of.

use zeroize::Zeroize;

/// More than any computation here reaches down; 2 to 3 microseconds to overwrite.
const BYTES: usize = 32 * 1024;

/// Does `work` and overwrites the stack that it used. What it gives back should hold its secrets on the heap.
pub(crate) fn without_traces<T>(work: impl FnOnce() -> T) -> T {
    let done = apart(work);
    overwrite();
    done
}

/// In a frame of its own: inlined, the work would leave its traces in a frame that lives on.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn overwrite() {
    let mut frame = [0u64; BYTES / 8];
    frame.zeroize();
    core::hint::black_box(&frame);
}
