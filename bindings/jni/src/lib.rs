//! The Java door: native methods of `io.yinzheng.Native` over [`yinzheng_facade`], with no logic of their own.
//!
//! - Arrays of bytes, integers and handles cross, nothing else; texts are UTF-8 in arrays. What goes in is copied, so that no
//!   array is pinned while the library works, and secrets among it are wiped.
//! - Nothing calls back into Java. What fails throws `io.yinzheng.YinzhengException(int, String)`, made here at the very end.
//! - Panics are caught by the facade, and once more around each method: nothing unwinds into the virtual machine.
//! - The methods are registered when the library is loaded. So a library and a jar that do not belong together are found out
//!   then, not at the first call that is missing, and `JNI_OnLoad` is the only symbol.
//! - Signatures are checked at compile time by `native_method!` of the `jni` crate, against the Java side by the machine.

// The boundary to the virtual machine; everything unsafe is in `JNI_OnLoad`.
#![allow(unsafe_code)]

mod bridge;
mod check;
#[cfg(feature = "seal")]
mod detached;
#[cfg(feature = "store")]
mod hostkeys;
mod info;
#[cfg(feature = "seal")]
mod keys;
#[cfg(feature = "store")]
mod ledger;
#[cfg(feature = "store")]
mod manage;
#[cfg(feature = "test-panic")]
mod provoke;
#[cfg(feature = "store")]
mod read;
mod verify;

use core::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jni::sys::{JNI_ERR, JNI_VERSION_1_8, jint};
use jni::{Env, JavaVM, NativeMethod, jni_str};

/// All native methods of `io.yinzheng.Native` that this build has.
const TABLES: &[&[NativeMethod<'static>]] = &[
    info::NATIVES,
    check::NATIVES,
    verify::NATIVES,
    #[cfg(feature = "seal")]
    keys::NATIVES,
    #[cfg(feature = "seal")]
    detached::NATIVES,
    #[cfg(feature = "store")]
    ledger::NATIVES,
    #[cfg(feature = "store")]
    read::NATIVES,
    #[cfg(feature = "store")]
    manage::NATIVES,
    #[cfg(feature = "store")]
    hostkeys::NATIVES,
];

/// Called by the virtual machine when the library is loaded.
///
/// # Safety
/// `vm` is the machine's own pointer, as the JNI specification says.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn JNI_OnLoad(vm: *mut jni::sys::JavaVM, _: *mut c_void) -> jint {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: the machine gives a pointer to itself, which is valid until it ends.
        let vm = unsafe { JavaVM::from_raw(vm) };
        vm.attach_current_thread(register)
    }));
    match outcome {
        Ok(Ok(())) => JNI_VERSION_1_8,
        Ok(Err(_)) => JNI_ERR,
        Err(payload) => {
            yinzheng_facade::discard(payload);
            JNI_ERR
        }
    }
}

fn register(env: &mut Env<'_>) -> jni::errors::Result<()> {
    // `FindClass` asks the loader of the class that loads this library. Other ways ask the thread's, which in an application
    // server may be another application's.
    let class = env.find_class(jni_str!("io/yinzheng/Native"))?;
    for methods in TABLES {
        // SAFETY: every method is static and made by `native_method!` as such, from a function whose parameters it checked.
        unsafe { env.register_native_methods(&class, methods)? };
    }
    #[cfg(feature = "test-panic")]
    {
        let class = env.find_class(jni_str!("io/yinzheng/Provoke"))?;
        // SAFETY: as above.
        unsafe { env.register_native_methods(&class, provoke::NATIVES)? };
    }
    Ok(())
}
