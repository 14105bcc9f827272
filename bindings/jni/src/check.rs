//! Single checks, and digests of attachments.

use jni::objects::{JByteArray, JClass};
use jni::sys::jlong;
use jni::{Env, NativeMethod, native_method};
use yinzheng_facade as facade;

use crate::bridge::{Outcome, Throw, count, give, handle, number, take};

pub(crate) const NATIVES: &[NativeMethod<'static>] = &[
    native_method! { static fn inspect(kind: jbyte[], bytes: jbyte[], beside: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn digest(hash: jbyte[], bytes: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn check_signature(key: jbyte[], message: jbyte[], signature: jbyte[], form: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn tree_root(hash: jbyte[], leaf_hashes: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn check_inclusion(hash: jbyte[], leaf_hash: jbyte[], index: jlong, size: jlong, path: jbyte[], root: jbyte[]) -> void, error_policy = Throw },
    native_method! { static fn check_consistency(hash: jbyte[], first_size: jlong, second_size: jlong, first_root: jbyte[], second_root: jbyte[], path: jbyte[]) -> void, error_policy = Throw },
    native_method! { static fn hash_bytes(bytes: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn hash_file(path: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn hash_begin() -> jlong, error_policy = Throw },
    native_method! { static fn hash_update(hash: jlong, piece: jbyte[]) -> void, error_policy = Throw },
    native_method! { static fn hash_finish(hash: jlong) -> jbyte[], error_policy = Throw },
];

fn inspect<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    kind: JByteArray<'l>,
    bytes: JByteArray<'l>,
    beside: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let kind = take(env, "kind", &kind)?;
    let bytes = take(env, "bytes", &bytes)?;
    let beside = take(env, "beside", &beside)?;
    give(env, facade::inspect(&kind, &bytes, &beside)?)
}

fn digest<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    hash: JByteArray<'l>,
    bytes: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let hash = take(env, "hash", &hash)?;
    let bytes = take(env, "bytes", &bytes)?;
    give(env, facade::digest(&hash, &bytes)?)
}

fn check_signature<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    key: JByteArray<'l>,
    message: JByteArray<'l>,
    signature: JByteArray<'l>,
    form: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let key = take(env, "key", &key)?;
    let message = take(env, "message", &message)?;
    let signature = take(env, "signature", &signature)?;
    let form = take(env, "form", &form)?;
    give(env, facade::check_signature(&key, &message, &signature, &form)?)
}

fn tree_root<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    hash: JByteArray<'l>,
    leaf_hashes: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let hash = take(env, "hash", &hash)?;
    let leaf_hashes = take(env, "leaf_hashes", &leaf_hashes)?;
    give(env, facade::tree_root(&hash, &leaf_hashes)?)
}

#[allow(clippy::too_many_arguments)] // the environment and the class are two of them
fn check_inclusion<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    hash: JByteArray<'l>,
    leaf_hash: JByteArray<'l>,
    index: jlong,
    size: jlong,
    path: JByteArray<'l>,
    root: JByteArray<'l>,
) -> Outcome<()> {
    let hash = take(env, "hash", &hash)?;
    let leaf_hash = take(env, "leaf_hash", &leaf_hash)?;
    let index = number("index", index)?;
    let size = number("size", size)?;
    let path = take(env, "path", &path)?;
    let root = take(env, "root", &root)?;
    Ok(facade::check_inclusion(&hash, &leaf_hash, index, size, &path, &root)?)
}

#[allow(clippy::too_many_arguments)] // the environment and the class are two of them
fn check_consistency<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    hash: JByteArray<'l>,
    first_size: jlong,
    second_size: jlong,
    first_root: JByteArray<'l>,
    second_root: JByteArray<'l>,
    path: JByteArray<'l>,
) -> Outcome<()> {
    let hash = take(env, "hash", &hash)?;
    let first_size = number("first_size", first_size)?;
    let second_size = number("second_size", second_size)?;
    let first_root = take(env, "first_root", &first_root)?;
    let second_root = take(env, "second_root", &second_root)?;
    let path = take(env, "path", &path)?;
    Ok(facade::check_consistency(&hash, first_size, second_size, &first_root, &second_root, &path)?)
}

fn hash_bytes<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    bytes: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let bytes = take(env, "bytes", &bytes)?;
    give(env, facade::hash_bytes(&bytes)?)
}

fn hash_file<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    path: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let path = take(env, "path", &path)?;
    give(env, facade::hash_file(&path)?)
}

fn hash_begin<'l>(_env: &mut Env<'l>, _: JClass<'l>) -> Outcome<jlong> {
    Ok(count(facade::hash_begin()?))
}

fn hash_update<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    hash: jlong,
    piece: JByteArray<'l>,
) -> Outcome<()> {
    let piece = take(env, "piece", &piece)?;
    Ok(facade::hash_update(handle(hash), &piece)?)
}

fn hash_finish<'l>(env: &mut Env<'l>, _: JClass<'l>, hash: jlong) -> Outcome<JByteArray<'l>> {
    give(env, facade::hash_finish(handle(hash))?)
}
