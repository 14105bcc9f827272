//! Eight threads call every function while one closes their handles.
#![cfg(feature = "store")]
#![allow(unsafe_code, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::*;

#[test]
fn eight_threads_call_every_function_while_one_closes() {
    for _ in 0..5 {
        let handles = handles();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                scope.spawn(move || {
                    for turn in 0..3 {
                        for at in 0..FUNCTIONS.len() {
                            let function = &FUNCTIONS[(at + 11 * thread + turn) % FUNCTIONS.len()];
                            if function.name == "yz_close" {
                                continue;
                            }
                            let mut plan = Plan::new(handles, usize::MAX, Bad::Nothing);
                            let number = (function.call)(&mut plan);
                            assert!(number < 900 && number != 205, "{}: {number}", function.name);
                            plan.clean_up();
                        }
                    }
                });
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
            handles.close();
        });
        handles.all().into_iter().for_each(|handle| assert_eq!(close(handle), 204));
    }
}
