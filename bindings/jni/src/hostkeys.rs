//! Keys of records that the host's HSM wraps; clocks, copies and proofs of forks.

use jni::objects::{JByteArray, JClass, JObjectArray};
use jni::sys::jlong;
use jni::{Env, NativeMethod, native_method};
use yinzheng_facade as facade;

use crate::bridge::{Outcome, Throw, count, give, handle, number, put, room, secret, take};

pub(crate) const NATIVES: &[NativeMethod<'static>] = &[
    native_method! { static fn ledger_draw_record_key(ledger: jlong, key: jbyte[][]) -> jlong, error_policy = Throw },
    native_method! { static fn ledger_supply_wrapped_key(ledger: jlong, id: jlong, wrapped: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn ledger_wrapped_key(ledger: jlong, sequence: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_disclosures_with_key(ledger: jlong, sequence: jlong, key: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_erase_with_key(ledger: jlong, request: jbyte[], key: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_replace_wrapped_key(ledger: jlong, sequence: jlong, wrapped: jbyte[]) -> void, error_policy = Throw },
    native_method! { static fn ledger_note_clock(ledger: jlong, now: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn ledger_prove_fork(ledger: jlong, bundle: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_backup(from: jbyte[], to: jbyte[]) -> void, error_policy = Throw },
];

fn ledger_draw_record_key<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    key: JObjectArray<'l, JByteArray<'l>>,
) -> Outcome<jlong> {
    room(env, "key", &key)?;
    let (id, drawn) = facade::ledger_draw_record_key(handle(ledger))?;
    put(env, &key, drawn)?;
    Ok(count(id))
}

fn ledger_supply_wrapped_key<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    id: jlong,
    wrapped: JByteArray<'l>,
) -> Outcome<jlong> {
    let id = number("id", id)?;
    let wrapped = take(env, "wrapped", &wrapped)?;
    Ok(count(facade::ledger_supply_wrapped_key(handle(ledger), id, &wrapped)?))
}

fn ledger_wrapped_key<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    sequence: jlong,
) -> Outcome<JByteArray<'l>> {
    let sequence = number("sequence", sequence)?;
    give(env, facade::ledger_wrapped_key(handle(ledger), sequence)?)
}

fn ledger_disclosures_with_key<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    sequence: jlong,
    key: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let sequence = number("sequence", sequence)?;
    let key = secret(env, "key", &key)?;
    give(env, facade::ledger_disclosures_with_key(handle(ledger), sequence, &key)?)
}

fn ledger_erase_with_key<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    request: JByteArray<'l>,
    key: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let request = take(env, "request", &request)?;
    let key = secret(env, "key", &key)?;
    give(env, facade::ledger_erase_with_key(handle(ledger), &request, &key)?)
}

fn ledger_replace_wrapped_key<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    sequence: jlong,
    wrapped: JByteArray<'l>,
) -> Outcome<()> {
    let sequence = number("sequence", sequence)?;
    let wrapped = take(env, "wrapped", &wrapped)?;
    Ok(facade::ledger_replace_wrapped_key(handle(ledger), sequence, &wrapped)?)
}

fn ledger_note_clock<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    now: JByteArray<'l>,
) -> Outcome<jlong> {
    let now = take(env, "now", &now)?;
    Ok(count(facade::ledger_note_clock(handle(ledger), &now)?))
}

fn ledger_prove_fork<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    bundle: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let bundle = take(env, "bundle", &bundle)?;
    give(env, facade::ledger_prove_fork(handle(ledger), &bundle)?)
}

fn ledger_backup<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    from: JByteArray<'l>,
    to: JByteArray<'l>,
) -> Outcome<()> {
    let from = take(env, "from", &from)?;
    let to = take(env, "to", &to)?;
    Ok(facade::ledger_backup(&from, &to)?)
}
