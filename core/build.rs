//! Says whether the compiler makes vector instructions of loops, which it does from `opt-level` 2 on: only then are sixteen
//! messages hashed at a time faster than one after the other. Built for size (`"s"`), they are several times slower.

#![allow(clippy::print_stdout)] // that is how Cargo is told

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(vectors)");
    if matches!(std::env::var("OPT_LEVEL").as_deref(), Ok("2" | "3")) {
        println!("cargo::rustc-cfg=vectors");
    }
}
