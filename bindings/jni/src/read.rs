//! What a ledger answers, and the proofs it makes.

use jni::objects::{JByteArray, JClass, JObjectArray};
use jni::sys::jlong;
use jni::{Env, NativeMethod, native_method};
use yinzheng_facade as facade;

use crate::bridge::{Outcome, Throw, give, give_all, handle, number, take};

pub(crate) const NATIVES: &[NativeMethod<'static>] = &[
    native_method! { static fn ledger_status(ledger: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_head(ledger: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_head_state(ledger: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_entry(ledger: jlong, sequence: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_receipt(ledger: jlong, sequence: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_block(ledger: jlong, height: jlong) -> jbyte[][], error_policy = Throw },
    native_method! { static fn ledger_list(ledger: jlong, first: jlong, count: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_dossiers(ledger: jlong, after: jbyte[], count: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_dossier(ledger: jlong, dossier: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_find(ledger: jlong, number: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_feed(ledger: jlong, cursor: jbyte[], limit: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_check(ledger: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_prove(ledger: jlong, request: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_disclosures(ledger: jlong, sequence: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn ledger_consistency(ledger: jlong, older: jlong, newer: jlong) -> jbyte[], error_policy = Throw },
];

fn ledger_status<'l>(env: &mut Env<'l>, _: JClass<'l>, ledger: jlong) -> Outcome<JByteArray<'l>> {
    give(env, facade::ledger_status(handle(ledger))?)
}

fn ledger_head<'l>(env: &mut Env<'l>, _: JClass<'l>, ledger: jlong) -> Outcome<JByteArray<'l>> {
    give(env, facade::ledger_head(handle(ledger))?)
}

fn ledger_head_state<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
) -> Outcome<JByteArray<'l>> {
    give(env, facade::ledger_head_state(handle(ledger))?)
}

fn ledger_entry<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    sequence: jlong,
) -> Outcome<JByteArray<'l>> {
    let sequence = number("sequence", sequence)?;
    give(env, facade::ledger_entry(handle(ledger), sequence)?)
}

fn ledger_receipt<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    sequence: jlong,
) -> Outcome<JByteArray<'l>> {
    let sequence = number("sequence", sequence)?;
    give(env, facade::ledger_receipt(handle(ledger), sequence)?)
}

fn ledger_block<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    height: jlong,
) -> Outcome<JObjectArray<'l, JByteArray<'l>>> {
    let height = number("height", height)?;
    let (first, second) = facade::ledger_block(handle(ledger), height)?;
    give_all(env, [first, second])
}

fn ledger_list<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    first: jlong,
    count: jlong,
) -> Outcome<JByteArray<'l>> {
    let first = number("first", first)?;
    let count = number("count", count)?;
    give(env, facade::ledger_list(handle(ledger), first, count)?)
}

fn ledger_dossiers<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    after: JByteArray<'l>,
    count: jlong,
) -> Outcome<JByteArray<'l>> {
    let after = take(env, "after", &after)?;
    let count = number("count", count)?;
    give(env, facade::ledger_dossiers(handle(ledger), &after, count)?)
}

fn ledger_dossier<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    dossier: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let dossier = take(env, "dossier", &dossier)?;
    give(env, facade::ledger_dossier(handle(ledger), &dossier)?)
}

fn ledger_find<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    number: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let number = take(env, "number", &number)?;
    give(env, facade::ledger_find(handle(ledger), &number)?)
}

fn ledger_feed<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    cursor: JByteArray<'l>,
    limit: jlong,
) -> Outcome<JByteArray<'l>> {
    let cursor = take(env, "cursor", &cursor)?;
    let limit = number("limit", limit)?;
    give(env, facade::ledger_feed(handle(ledger), &cursor, limit)?)
}

fn ledger_check<'l>(env: &mut Env<'l>, _: JClass<'l>, ledger: jlong) -> Outcome<JByteArray<'l>> {
    give(env, facade::ledger_check(handle(ledger))?)
}

fn ledger_prove<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    request: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let request = take(env, "request", &request)?;
    give(env, facade::ledger_prove(handle(ledger), &request)?)
}

fn ledger_disclosures<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    sequence: jlong,
) -> Outcome<JByteArray<'l>> {
    let sequence = number("sequence", sequence)?;
    give(env, facade::ledger_disclosures(handle(ledger), sequence)?)
}

fn ledger_consistency<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    ledger: jlong,
    older: jlong,
    newer: jlong,
) -> Outcome<JByteArray<'l>> {
    let older = number("older", older)?;
    let newer = number("newer", newer)?;
    give(env, facade::ledger_consistency(handle(ledger), older, newer)?)
}
