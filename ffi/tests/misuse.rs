//! Misuse of every function is an error number, never undefined behaviour: run it under AddressSanitizer and Valgrind, too.
#![cfg(feature = "store")]
#![allow(unsafe_code, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::functions::Function;
use common::*;
use yinzheng_ffi::*;

const INPUTS: &str = "tbl";
const HANDLES: &str = "LKXSA";
const OUTS: &str = "BOUF";
const NUMBERS: &str = "uind";

/// Calls every function once for each parameter of the wanted kinds, with that one spoilt, and hands over what came of it.
fn spoil(bad: Bad, wanted: &str, mut judge: impl FnMut(&Function, &Plan<'_>, &str, u32)) {
    let mut good = handles();
    for function in FUNCTIONS {
        for (at, letter) in
            function.letters.iter().enumerate().filter(|(_, l)| wanted.contains(**l))
        {
            let mut plan = Plan::new(good, at, bad);
            let number = (function.call)(&mut plan);
            assert_eq!(plan.error.number, number, "{}: number and error agree", function.name);
            judge(function, &plan, letter, number);
            plan.clean_up();
            if matches!(function.name, "yz_close" | "yz_hash_finish") {
                good.close();
                good = handles();
            }
        }
    }
    good.close();
}

fn assert_nothing_given(function: &Function, plan: &Plan<'_>, number: u32) {
    if number == 0 {
        return;
    }
    assert!(
        plan.buffers.iter().all(|buffer| buffer.data.is_null() && buffer.len == 0),
        "{}",
        function.name
    );
    assert!(plan.numbers.iter().all(|number| *number == 9 || *number == 0), "{}", function.name);
    assert!(plan.flags.iter().all(|flag| *flag == 9 || *flag == 0), "{}", function.name);
}

#[test]
fn every_exported_function_is_tried() {
    let list = include_str!("../abi/symbols.txt");
    let apart = ["yz_abi_version", "yz_buffer_count", "yz_buffer_free", "yz_handle_count"];
    let mut known: Vec<&str> =
        FUNCTIONS.iter().map(|function| function.name).chain(apart).collect();
    known.sort_unstable();
    assert_eq!(known, list.lines().collect::<Vec<_>>());
}

#[test]
fn null_with_a_length_is_refused() {
    spoil(Bad::NullWithLength, INPUTS, |function, plan, _, number| {
        assert_eq!(number, 101, "{}", function.name);
        assert_nothing_given(function, plan, number);
    });
}

#[test]
fn null_without_a_length_is_nothing_at_all() {
    spoil(Bad::Null, INPUTS, |function, plan, _, number| {
        assert_nothing_given(function, plan, number)
    });
}

#[test]
fn null_outs_are_refused_where_they_must_be_wanted() {
    spoil(Bad::Null, OUTS, |function, plan, letter, number| {
        if letter != "O" {
            assert_eq!(number, 101, "{}", function.name);
        }
        assert_nothing_given(function, plan, number);
    });
}

#[test]
fn lengths_beyond_reason_are_refused_unread() {
    for len in [(1 << 30) + 1, 1 << 40, isize::MAX as usize, isize::MAX as usize + 1, usize::MAX] {
        spoil(Bad::Length(len), INPUTS, |function, plan, _, number| {
            assert_eq!(number, 104, "{} of {len}", function.name);
            assert_nothing_given(function, plan, number);
        });
    }
}

#[test]
fn text_that_is_not_utf8_is_refused() {
    spoil(Bad::NotUtf8, "t", |function, plan, _, number| {
        assert_ne!(number, 0, "{}", function.name);
        assert_nothing_given(function, plan, number);
    });
}

#[test]
fn garbage_is_refused_or_judged() {
    // Digests and verdicts are made of any bytes; everything else says no.
    spoil(Bad::Garbage, INPUTS, |function, plan, _, number| {
        assert_nothing_given(function, plan, number)
    });
}

#[test]
fn misaligned_outs_and_lists_are_refused() {
    spoil(Bad::Misaligned, "BOUl", |function, plan, _, number| {
        assert_eq!(number, 101, "{}", function.name);
        assert_nothing_given(function, plan, number);
    });
}

#[test]
fn an_out_given_twice_is_refused() {
    spoil(Bad::SameAsBefore, OUTS, |function, plan, _, number| {
        let first = function.letters.iter().position(|letter| OUTS.contains(*letter));
        // The first out has nothing before it to be the same as.
        if first.is_some_and(|first| first < plan.spoilt()) {
            assert_eq!(number, 101, "{}", function.name);
        }
    });
}

#[test]
fn no_function_takes_a_handle_that_is_not_open() {
    let closed = handles();
    closed.close();
    let all = closed.all();
    for bad in [0, 1, u64::MAX, 1 << 63, 1 << 52, all[0], all[1], all[2], all[3], all[4]] {
        spoil(Bad::Handle(bad), HANDLES, |function, plan, _, number| {
            assert_eq!(number, 204, "{} with {bad}", function.name);
            assert_nothing_given(function, plan, number);
        });
    }
}

#[test]
fn no_function_takes_a_handle_of_another_type() {
    let foreign = handles();
    for (bad, own) in
        [(foreign.ledger, "L"), (foreign.key, "K"), (foreign.hash, "X"), (foreign.sealer, "S")]
    {
        let others: String =
            HANDLES.chars().filter(|letter| !own.contains(*letter) && *letter != 'A').collect();
        spoil(Bad::Handle(bad), &others, |function, plan, _, number| {
            assert_eq!(number, 204, "{}", function.name);
            assert_nothing_given(function, plan, number);
        });
    }
    foreign.close();
}

#[test]
fn numbers_at_the_edges_harm_nothing() {
    for number in [0, i64::MAX as u64, i64::MIN as u64, u64::MAX, 1 << 53, u64::from(u32::MAX)] {
        spoil(Bad::Number(number), NUMBERS, |function, plan, _, number| {
            assert_nothing_given(function, plan, number);
        });
    }
}

#[test]
fn the_error_may_be_left_out() {
    for function in FUNCTIONS {
        let handles = handles();
        let mut plan = Plan::new(handles, usize::MAX, Bad::Nothing);
        plan.null_error = true;
        (function.call)(&mut plan);
        plan.clean_up();
        handles.close();
    }
}

#[test]
fn messages_end_with_a_zero_byte_and_hold_whole_characters() {
    let long = "未知的名称".repeat(200);
    let (text, len) = t(&long);
    let mut error = error();
    let mut out = EMPTY;
    // SAFETY: pointers to locals.
    let number = unsafe { yz_profile_read(text, len, core::ptr::null(), 0, &mut out, &mut error) };
    assert_eq!((number, error.number), (102, 102));
    let bytes: Vec<u8> = error.message.iter().map(|c| *c as u8).take_while(|b| *b != 0).collect();
    assert!(bytes.len() < 508);
    assert!(std::str::from_utf8(&bytes).unwrap().contains("102"));
    // SAFETY: pointers to locals.
    assert_eq!(unsafe { yz_profile_list(&mut out, &mut error) }, 0);
    assert_eq!((error.number, error.message[0]), (0, 0), "success says nothing");
    taken(&mut out);
}

#[test]
fn buffers_are_freed_once_whatever_happens_to_the_structure() {
    let null = core::ptr::null_mut();
    let free = |buffer: *mut Buffer| {
        // SAFETY: null, misaligned, or a structure of this test.
        unsafe { yz_buffer_free(buffer, null) }
    };
    let mut buffer = EMPTY;
    // SAFETY: pointers to locals.
    assert_eq!(unsafe { yz_limits(&mut buffer, null) }, 0);
    let mut copy = Buffer { data: buffer.data, len: buffer.len };
    let mut inside = Buffer { data: buffer.data.wrapping_add(1), len: 1 };
    assert_eq!(free(&mut inside), 101, "an address inside");
    buffer.len = usize::MAX;
    assert_eq!(free(&mut buffer), 0, "a changed length");
    assert!(buffer.data.is_null() && buffer.len == 0);
    assert_eq!(free(&mut buffer), 0, "empty now");
    assert_eq!(free(&mut copy), 101, "a copy, freed before");
    assert_eq!(free(core::ptr::null_mut()), 0);
    let mut foreign = vec![1u8; 64];
    let mut own = Buffer { data: foreign.as_mut_ptr(), len: 64 };
    assert_eq!(free(&mut own), 101, "the host's own memory");
    let mut room = [0u64; 8];
    assert_eq!(free((&raw mut room).cast::<u8>().wrapping_add(1).cast()), 101);
    assert!(foreign.iter().all(|byte| *byte == 1));
}

#[cfg(unix)]
#[test]
fn file_descriptors_stay_the_hosts() {
    use std::io::{Seek, SeekFrom, Write};
    use std::os::fd::AsRawFd;

    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"abc").unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    let mut out = EMPTY;
    let hash = |fd: i32, out: &mut Buffer| {
        // SAFETY: pointers to locals.
        unsafe { yz_hash_fd(fd, out, core::ptr::null_mut()) }
    };
    assert_eq!(hash(file.as_raw_fd(), &mut out), 0);
    let reply: serde_json::Value = serde_json::from_slice(&taken(&mut out)).unwrap();
    assert_eq!(reply["size"], 3);
    assert_eq!(file.stream_position().unwrap(), 3, "read, and still open");
    for fd in [-1, i32::MIN, i32::MAX, 100_000] {
        assert_eq!(hash(fd, &mut out), 601, "{fd}");
    }
    let folder = std::fs::File::open("/").unwrap();
    assert_eq!(hash(folder.as_raw_fd(), &mut out), 601);
}
