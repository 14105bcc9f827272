#![forbid(unsafe_code)]
//! Yinzheng 印证: electronic evidence sealed where it happens, checkable by anyone, offline.

pub mod codec;
pub mod error;
pub mod hash;
pub mod merkle;
pub mod sign;
pub mod value;

pub use error::{Error, ErrorCode, Result};
