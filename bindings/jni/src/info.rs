//! Versions, limits, errors, and the handles that are open.

use jni::objects::{JByteArray, JClass};
use jni::sys::{jint, jlong};
use jni::{Env, NativeMethod, native_method};
use yinzheng_facade as facade;

use crate::bridge::{Outcome, Throw, count, give, handle, secret, take};

pub(crate) const NATIVES: &[NativeMethod<'static>] = &[
    native_method! { static fn version() -> jbyte[], error_policy = Throw },
    native_method! { static fn limits() -> jbyte[], error_policy = Throw },
    native_method! { static fn error_info(number: jint, language: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn json_get(json: jbyte[], pointer: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn handle_count() -> jlong, error_policy = Throw },
    native_method! { static fn close(object: jlong) -> void, error_policy = Throw },
];

fn version<'l>(env: &mut Env<'l>, _: JClass<'l>) -> Outcome<JByteArray<'l>> {
    give(env, facade::version()?)
}

fn limits<'l>(env: &mut Env<'l>, _: JClass<'l>) -> Outcome<JByteArray<'l>> {
    give(env, facade::limits()?)
}

fn error_info<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    number: jint,
    language: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let number = u32::try_from(number).unwrap_or(0);
    let language = take(env, "language", &language)?;
    give(env, facade::error_info(number, &language)?)
}

fn json_get<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    json: JByteArray<'l>,
    pointer: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let json = secret(env, "json", &json)?;
    let pointer = take(env, "pointer", &pointer)?;
    give(env, facade::json_get(&json, &pointer)?)
}

fn handle_count<'l>(_env: &mut Env<'l>, _: JClass<'l>) -> Outcome<jlong> {
    Ok(count(facade::handle_count()))
}

fn close<'l>(_env: &mut Env<'l>, _: JClass<'l>, object: jlong) -> Outcome<()> {
    Ok(facade::close(handle(object))?)
}
