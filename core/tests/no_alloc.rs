//! The strict check takes no memory: a verifier on a phone reads hostile files of any size in the stack it has.

#![allow(unsafe_code, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use yinzheng::codec::{Item, Writer};

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn allocations(work: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

#[test]
fn the_strict_check_allocates_nothing() {
    let mut w = Writer::new();
    w.array(40);
    for n in 0..40u64 {
        w.array(3).uint(n << 30).text("loan.amount").bstr(&[7; 32]);
    }
    let encoded = w.finish();
    assert!(allocations(|| drop(vec![0u8; 10])) > 0, "the counter counts");
    let spent = allocations(|| {
        let item = Item::parse(&encoded, 65_535).unwrap();
        assert_eq!(item.elements().unwrap().count(), 40);
        let first = item.elements().unwrap().next().unwrap().elements().unwrap().nth(1).unwrap();
        assert_eq!(first.text().unwrap(), "loan.amount");
    });
    assert_eq!(spent, 0);
}
