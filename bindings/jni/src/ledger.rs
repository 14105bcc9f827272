//! The embedded ledger: opening, appending, signatures of parties, and sealing.

use jni::objects::{JByteArray, JClass, JObjectArray};
use jni::sys::{jboolean, jlong};
use jni::{Env, NativeMethod, native_method};
use yinzheng_facade as facade;

use crate::bridge::{Outcome, Throw, count, give, give_all, handle, number, secret, take};

pub(crate) const NATIVES: &[NativeMethod<'static>] = &[
    native_method! { static fn vault_key_generate(suite: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_create(path: jbyte[], vault_key: jbyte[], request: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn ledger_open(path: jbyte[], vault_key: jbyte[], request: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn ledger_append(ledger: jlong, request: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_append_many(ledger: jlong, requests: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_append_entry(ledger: jlong, entry: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn ledger_hold_for_signature(ledger: jlong, request: jbyte[]) -> jbyte[][], error_policy = Throw },
    native_method! { static fn ledger_held(ledger: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_finish_statement(ledger: jlong, id: jlong, signature: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_drop_statement(ledger: jlong, id: jlong, reason: jbyte[], time: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn ledger_begin(ledger: jlong, now_s: jlong) -> jbyte[][], error_policy = Throw },
    native_method! { static fn ledger_pending(ledger: jlong) -> jbyte[][], error_policy = Throw },
    native_method! { static fn ledger_commit(ledger: jlong, signature: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_due(ledger: jlong, max_entries: jlong, max_age_ms: jlong, now_ms: jlong) -> jboolean, error_policy = Throw },
];

fn vault_key_generate<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    suite: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let suite = take(env, "suite", &suite)?;
    give(env, facade::vault_key_generate(&suite)?)
}

fn ledger_create<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    path: JByteArray<'l>,
    vault_key: JByteArray<'l>,
    request: JByteArray<'l>,
) -> Outcome<jlong> {
    let path = take(env, "path", &path)?;
    let vault_key = secret(env, "vault_key", &vault_key)?;
    let request = secret(env, "request", &request)?;
    Ok(count(facade::ledger_create(&path, &vault_key, &request)?))
}

fn ledger_open<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    path: JByteArray<'l>,
    vault_key: JByteArray<'l>,
    request: JByteArray<'l>,
) -> Outcome<jlong> {
    let path = take(env, "path", &path)?;
    let vault_key = secret(env, "vault_key", &vault_key)?;
    let request = secret(env, "request", &request)?;
    Ok(count(facade::ledger_open(&path, &vault_key, &request)?))
}

fn ledger_append<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    request: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let request = secret(env, "request", &request)?;
    give(env, facade::ledger_append(handle(ledger), &request)?)
}

fn ledger_append_many<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    requests: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let requests = secret(env, "requests", &requests)?;
    give(env, facade::ledger_append_many(handle(ledger), &requests)?)
}

fn ledger_append_entry<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    entry: JByteArray<'l>,
) -> Outcome<jlong> {
    let entry = take(env, "entry", &entry)?;
    Ok(count(facade::ledger_append_entry(handle(ledger), &entry)?))
}

fn ledger_hold_for_signature<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    request: JByteArray<'l>,
) -> Outcome<JObjectArray<'l, JByteArray<'l>>> {
    let request = secret(env, "request", &request)?;
    let given = facade::ledger_hold_for_signature(handle(ledger), &request)?;
    give_all(env, [given.to_be_signed, given.info])
}

fn ledger_held<'l>(env: &mut Env<'l>, _: JClass<'l>, ledger: jlong) -> Outcome<JByteArray<'l>> {
    give(env, facade::ledger_held(handle(ledger))?)
}

fn ledger_finish_statement<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    id: jlong,
    signature: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let id = number("id", id)?;
    let signature = take(env, "signature", &signature)?;
    give(env, facade::ledger_finish_statement(handle(ledger), id, &signature)?)
}

fn ledger_drop_statement<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    id: jlong,
    reason: JByteArray<'l>,
    time: JByteArray<'l>,
) -> Outcome<jlong> {
    let id = number("id", id)?;
    let reason = take(env, "reason", &reason)?;
    let time = take(env, "time", &time)?;
    Ok(count(facade::ledger_drop_statement(handle(ledger), id, &reason, &time)?))
}

fn ledger_begin<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    now_s: jlong,
) -> Outcome<JObjectArray<'l, JByteArray<'l>>> {
    let now_s = number("now_s", now_s)?;
    let given = facade::ledger_begin(handle(ledger), now_s)?;
    give_all(env, [given.to_be_signed, given.info])
}

fn ledger_pending<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
) -> Outcome<JObjectArray<'l, JByteArray<'l>>> {
    match facade::ledger_pending(handle(ledger))? {
        Some(given) => give_all(env, [given.to_be_signed, given.info]),
        None => Ok(JObjectArray::<JByteArray<'l>>::null()),
    }
}

fn ledger_commit<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    signature: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let signature = take(env, "signature", &signature)?;
    give(env, facade::ledger_commit(handle(ledger), &signature)?)
}

fn ledger_due<'l>(
    _env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    max_entries: jlong,
    max_age_ms: jlong,
    now_ms: jlong,
) -> Outcome<jboolean> {
    let max_entries = number("max_entries", max_entries)?;
    Ok(facade::ledger_due(handle(ledger), max_entries, max_age_ms, now_ms)?)
}
