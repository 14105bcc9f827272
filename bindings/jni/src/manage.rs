//! Keys of a ledger, erasure, holds, words from outside (timestamps too), bundles, and the ledger that goes on from another.

use jni::objects::{JByteArray, JClass, JObjectArray};
use jni::sys::jlong;
use jni::{Env, NativeMethod, native_method};
use yinzheng_facade as facade;
use yinzheng_facade::BundleFrom;

use crate::bridge::{
    Outcome, Throw, count, give, give_all, handle, number, put, room, secret, take,
};

pub(crate) const NATIVES: &[NativeMethod<'static>] = &[
    native_method! { static fn ledger_note(ledger: jlong, request: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn ledger_attach(ledger: jlong, request: jbyte[]) -> void, error_policy = Throw },
    native_method! { static fn ledger_timestamp_request(ledger: jlong, request: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_timestamp_attach(ledger: jlong, request: jbyte[], query: jbyte[], response: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_key_draft(ledger: jlong, request: jbyte[]) -> jbyte[][], error_policy = Throw },
    native_method! { static fn ledger_key_finish(ledger: jlong, draft: jbyte[], signature: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_key_revoke(ledger: jlong, request: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn ledger_keys(ledger: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_erase(ledger: jlong, request: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_hold(ledger: jlong, request: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn ledger_retention(ledger: jlong, request: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_rewrap(ledger: jlong, new_vault_key: jbyte[], time: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_confirm_destroyed(ledger: jlong, old_key: jbyte[], time: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn ledger_export(ledger: jlong, first: jlong, last: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_export_file(ledger: jlong, first: jlong, last: jlong, path: jbyte[]) -> void, error_policy = Throw },
    native_method! { static fn replica_import(path: jbyte[], bundle: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn replica_import_file(path: jbyte[], file: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_continue(old: jlong, path: jbyte[], vault_key: jbyte[], request: jbyte[], info: jbyte[][]) -> jlong, error_policy = Throw },
];

fn ledger_note<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    request: JByteArray<'l>,
) -> Outcome<jlong> {
    let request = take(env, "request", &request)?;
    Ok(count(facade::ledger_note(handle(ledger), &request)?))
}

fn ledger_attach<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    request: JByteArray<'l>,
) -> Outcome<()> {
    let request = take(env, "request", &request)?;
    Ok(facade::ledger_attach(handle(ledger), &request)?)
}

fn ledger_timestamp_request<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    request: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let request = take(env, "request", &request)?;
    give(env, facade::ledger_timestamp_request(handle(ledger), &request)?)
}

fn ledger_timestamp_attach<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    request: JByteArray<'l>,
    query: JByteArray<'l>,
    response: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let request = take(env, "request", &request)?;
    let query = take(env, "query", &query)?;
    let response = take(env, "response", &response)?;
    give(env, facade::ledger_timestamp_attach(handle(ledger), &request, &query, &response)?)
}

fn ledger_key_draft<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    request: JByteArray<'l>,
) -> Outcome<JObjectArray<'l, JByteArray<'l>>> {
    let request = take(env, "request", &request)?;
    let given = facade::ledger_key_draft(handle(ledger), &request)?;
    give_all(env, [given.draft, given.to_sign.to_be_signed, given.to_sign.info])
}

fn ledger_key_finish<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    draft: JByteArray<'l>,
    signature: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let draft = take(env, "draft", &draft)?;
    let signature = take(env, "signature", &signature)?;
    give(env, facade::ledger_key_finish(handle(ledger), &draft, &signature)?)
}

fn ledger_key_revoke<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    request: JByteArray<'l>,
) -> Outcome<jlong> {
    let request = take(env, "request", &request)?;
    Ok(count(facade::ledger_key_revoke(handle(ledger), &request)?))
}

fn ledger_keys<'l>(env: &mut Env<'l>, _: JClass<'l>, ledger: jlong) -> Outcome<JByteArray<'l>> {
    give(env, facade::ledger_keys(handle(ledger))?)
}

fn ledger_erase<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    request: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let request = secret(env, "request", &request)?;
    give(env, facade::ledger_erase(handle(ledger), &request)?)
}

fn ledger_hold<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    request: JByteArray<'l>,
) -> Outcome<jlong> {
    let request = secret(env, "request", &request)?;
    Ok(count(facade::ledger_hold(handle(ledger), &request)?))
}

fn ledger_retention<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    request: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let request = take(env, "request", &request)?;
    give(env, facade::ledger_retention(handle(ledger), &request)?)
}

fn ledger_rewrap<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    new_vault_key: JByteArray<'l>,
    time: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let new_vault_key = secret(env, "new_vault_key", &new_vault_key)?;
    let time = take(env, "time", &time)?;
    give(env, facade::ledger_rewrap(handle(ledger), &new_vault_key, &time)?)
}

fn ledger_confirm_destroyed<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    old_key: JByteArray<'l>,
    time: JByteArray<'l>,
) -> Outcome<jlong> {
    let old_key = take(env, "old_key", &old_key)?;
    let time = take(env, "time", &time)?;
    Ok(count(facade::ledger_confirm_destroyed(handle(ledger), &old_key, &time)?))
}

fn ledger_export<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    first: jlong,
    last: jlong,
) -> Outcome<JByteArray<'l>> {
    let first = number("first", first)?;
    let last = number("last", last)?;
    give(env, facade::ledger_export(handle(ledger), first, last)?)
}

fn ledger_export_file<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    first: jlong,
    last: jlong,
    path: JByteArray<'l>,
) -> Outcome<()> {
    let first = number("first", first)?;
    let last = number("last", last)?;
    let path = take(env, "path", &path)?;
    Ok(facade::ledger_export_file(handle(ledger), first, last, &path)?)
}

fn replica_import<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    path: JByteArray<'l>,
    bundle: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let path = take(env, "path", &path)?;
    let bundle = take(env, "bundle", &bundle)?;
    give(env, facade::replica_import(&path, BundleFrom::Bytes(&bundle))?)
}

fn replica_import_file<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    path: JByteArray<'l>,
    file: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let path = take(env, "path", &path)?;
    let file = take(env, "file", &file)?;
    give(env, facade::replica_import(&path, BundleFrom::File(&file))?)
}

fn ledger_continue<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    old: jlong,
    path: JByteArray<'l>,
    vault_key: JByteArray<'l>,
    request: JByteArray<'l>,
    info: JObjectArray<'l, JByteArray<'l>>,
) -> Outcome<jlong> {
    let path = take(env, "path", &path)?;
    let vault_key = secret(env, "vault_key", &vault_key)?;
    let request = secret(env, "request", &request)?;
    room(env, "info", &info)?;
    let (new, said) = facade::ledger_continue(handle(old), &path, &vault_key, &request)?;
    if let Err(fault) = put(env, &info, said) {
        // Nobody will learn the handle, so nobody could close it.
        facade::close(new)?;
        return Err(fault);
    }
    Ok(count(new))
}
