#![forbid(unsafe_code)]
//! Yinzheng 印证: electronic evidence sealed where it happens, checkable by anyone, offline.

pub mod error;

pub use error::{Error, ErrorCode, Result};
