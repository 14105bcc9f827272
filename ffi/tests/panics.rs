//! A panic inside any function of the door comes back as error 901, poisons the handle it happened on and nothing else, and the
//! program lives on: `cargo test -p yinzheng-ffi --features test-panic`.
#![cfg(all(feature = "store", feature = "test-panic"))]
#![allow(unsafe_code, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::*;
use yinzheng_ffi::*;

fn arm(point: &str) {
    let (text, len) = t(point);
    // SAFETY: a pointer to a literal, and a null one.
    assert_eq!(unsafe { yz_test_panic(text, len, core::ptr::null_mut()) }, 0);
}

/// Where a function of this name panics: most are one call of the facade with the same name.
fn point(function: &str) -> &str {
    match function.trim_start_matches("yz_") {
        "hash_fd" => "hash_reader",
        "replica_import_file" => "replica_import",
        "verify_bundle_file" => "verify_bundle",
        same => same,
    }
}

fn message(error: &Error) -> String {
    let bytes: Vec<u8> = error.message.iter().map(|c| *c as u8).take_while(|b| *b != 0).collect();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_panic_in_any_function_is_an_error_and_poisons_its_handle_alone() {
    for function in FUNCTIONS {
        let (struck, spared) = (handles(), handles());
        arm(point(function.name));
        // A number that is an open descriptor, so that yz_hash_fd comes as far as its call.
        let descriptor = function.letters.iter().position(|letter| *letter == "d");
        let bad = if descriptor.is_some() { Bad::Descriptor(0) } else { Bad::Nothing };
        let mut plan = Plan::new(struck, descriptor.unwrap_or(usize::MAX), bad);
        let number = (function.call)(&mut plan);
        assert_eq!(number, 901, "{}", function.name);
        assert!(message(&plan.error).contains(point(function.name)), "{}", message(&plan.error));
        assert!(plan.buffers.iter().all(|buffer| buffer.data.is_null()), "{}", function.name);

        let on_handle = "LKXS".contains(function.letters[0]);
        let mut again = Plan::new(struck, usize::MAX, Bad::Nothing);
        let number = (function.call)(&mut again);
        assert_eq!(number == 205, on_handle, "{}: {number} the second time", function.name);
        again.clean_up();
        let mut other = Plan::new(spared, usize::MAX, Bad::Nothing);
        let number = (function.call)(&mut other);
        assert!(number != 205 && number < 900, "{}: {number} on another", function.name);
        other.clean_up();

        struck.close();
        spared.close();
    }
    arm("");
    assert_eq!((yz_buffer_count(), yz_handle_count()), (0, 0), "nothing leaks on the way");
}
