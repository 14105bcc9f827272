//! Panics on demand: for the tests of this door only.

use jni::objects::{JByteArray, JClass};
use jni::{Env, NativeMethod, native_method};

use crate::bridge::{Outcome, Throw, take};

pub(crate) const NATIVES: &[NativeMethod<'static>] = &[
    native_method! { static fn arm(point: jbyte[]) -> void, error_policy = Throw },
    native_method! { static fn outside() -> void, error_policy = Throw },
];

fn arm<'l>(env: &mut Env<'l>, _: JClass<'l>, point: JByteArray<'l>) -> Outcome<()> {
    let point = take(env, "point", &point)?;
    yinzheng_facade::provoke::arm(&String::from_utf8_lossy(&point));
    Ok(())
}

/// A panic in the few lines around the facade.
#[allow(clippy::panic)] // what this module is for
fn outside<'l>(_: &mut Env<'l>, _: JClass<'l>) -> Outcome<()> {
    panic!("provoked outside the facade")
}
