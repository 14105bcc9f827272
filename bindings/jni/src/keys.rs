//! Software keys.

use jni::objects::{JByteArray, JClass};
use jni::sys::jlong;
use jni::{Env, NativeMethod, native_method};
use yinzheng_facade as facade;

use crate::bridge::{Outcome, Throw, count, give, handle, secret, take};

pub(crate) const NATIVES: &[NativeMethod<'static>] = &[
    native_method! { static fn key_generate(algorithm: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn key_from_pkcs8(pem: jbyte[], passphrase: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn key_to_pkcs8(key: jlong, passphrase: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn key_public(key: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn key_sign(key: jlong, message: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn key_sign_digest(key: jlong, digest: jbyte[]) -> jbyte[], error_policy = Throw },
];

fn key_generate<'l>(env: &mut Env<'l>, _: JClass<'l>, algorithm: JByteArray<'l>) -> Outcome<jlong> {
    let algorithm = take(env, "algorithm", &algorithm)?;
    Ok(count(facade::key_generate(&algorithm)?))
}

fn key_from_pkcs8<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    pem: JByteArray<'l>,
    passphrase: JByteArray<'l>,
) -> Outcome<jlong> {
    let pem = secret(env, "pem", &pem)?;
    let passphrase = secret(env, "passphrase", &passphrase)?;
    Ok(count(facade::key_from_pkcs8(&pem, &passphrase)?))
}

fn key_to_pkcs8<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    key: jlong,
    passphrase: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let passphrase = secret(env, "passphrase", &passphrase)?;
    give(env, facade::key_to_pkcs8(handle(key), &passphrase)?)
}

fn key_public<'l>(env: &mut Env<'l>, _: JClass<'l>, key: jlong) -> Outcome<JByteArray<'l>> {
    give(env, facade::key_public(handle(key))?)
}

fn key_sign<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    key: jlong,
    message: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let message = take(env, "message", &message)?;
    give(env, facade::key_sign(handle(key), &message)?)
}

fn key_sign_digest<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    key: jlong,
    digest: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let digest = take(env, "digest", &digest)?;
    give(env, facade::key_sign_digest(handle(key), &digest)?)
}
