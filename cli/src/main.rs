//! The yinzheng command.
fn main() {}
