//! After everything is freed and closed, nothing is left: alone in its process, because it counts.
#![cfg(feature = "store")]
#![allow(unsafe_code, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::*;
use yinzheng_ffi::*;

#[test]
fn nothing_is_left_of_a_thousand_good_and_bad_calls() {
    // Fewer where a run is slow, as under Valgrind.
    let rounds = std::env::var("YZ_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    for round in 0..rounds {
        for function in FUNCTIONS {
            let handles = handles();
            let mut plan = Plan::new(handles, round % 4, Bad::Garbage);
            (function.call)(&mut plan);
            plan.clean_up();
            handles.close();
        }
    }
    assert_eq!((yz_buffer_count(), yz_handle_count()), (0, 0));
}
