//! Calls in random order with what earlier calls gave, by seeds that are printed: the fuzz target `ffi/fuzz` without a fuzzer.
//! `YZ_SEQUENCES` says how many (300), `YZ_SEED` where to begin.
#![cfg(feature = "store")]
#![allow(unsafe_code, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn calls_in_any_order_end_in_numbers_and_leave_nothing() {
    // Whatever path a call takes, it is in here.
    let folder = tempfile::tempdir().unwrap();
    std::env::set_current_dir(folder.path()).unwrap();
    let mut succeeded = std::collections::BTreeSet::new();
    let first = setting("YZ_SEED", 1);
    for seed in first..first + setting("YZ_SEQUENCES", 300) {
        // xorshift64*: any generator will do.
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let choices: Vec<u8> = (0..400)
            .map(|_| {
                state ^= state >> 12;
                state ^= state << 25;
                state ^= state >> 27;
                (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 56) as u8
            })
            .collect();
        let outcome = std::panic::catch_unwind(|| common::script::run(&choices));
        let Ok(names) = outcome else { panic!("seed {seed}") };
        succeeded.extend(names);
    }
    println!("{} of {} functions succeeded somewhere", succeeded.len(), common::FUNCTIONS.len());
    for function in common::FUNCTIONS.iter().filter(|one| !succeeded.contains(one.name)) {
        println!("never: {}", function.name);
    }
    assert!(
        succeeded.len() * 2 > common::FUNCTIONS.len(),
        "the sequences do not lead into the calls"
    );
}
