//! Sealing for hosts that keep entries, blocks and head themselves; statements and countersignatures.

use jni::objects::{JByteArray, JClass, JObjectArray};
use jni::sys::jlong;
use jni::{Env, NativeMethod, native_method};
use yinzheng_facade as facade;

use crate::bridge::{Outcome, Throw, count, give, give_all, handle, number, secret, take};

pub(crate) const NATIVES: &[NativeMethod<'static>] = &[
    native_method! { static fn genesis_make(request: jbyte[]) -> jbyte[][], error_policy = Throw },
    native_method! { static fn record_make(request: jbyte[]) -> jbyte[][], error_policy = Throw },
    native_method! { static fn sealer_open(head: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn sealer_add(sealer: jlong, entry: jbyte[]) -> void, error_policy = Throw },
    native_method! { static fn sealer_prepare(sealer: jlong, begun_at: jlong) -> jbyte[][], error_policy = Throw },
    native_method! { static fn sealer_finish(sealer: jlong, draft: jbyte[], signature: jbyte[]) -> jbyte[][], error_policy = Throw },
    native_method! { static fn sealer_receipt(sealer: jlong, block: jbyte[], leaf: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn history_path(hash: jbyte[], leaves: jbyte[], height: jlong) -> jbyte[], error_policy = Throw },
    native_method! { static fn statement_draft(record: jbyte[], request: jbyte[]) -> jbyte[][], error_policy = Throw },
    native_method! { static fn statement_finish(draft: jbyte[], signature: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn countersignature_draft(head: jbyte[], request: jbyte[]) -> jbyte[][], error_policy = Throw },
    native_method! { static fn countersignature_finish(draft: jbyte[], signature: jbyte[]) -> jbyte[], error_policy = Throw },
];

fn genesis_make<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    request: JByteArray<'l>,
) -> Outcome<JObjectArray<'l, JByteArray<'l>>> {
    let request = secret(env, "request", &request)?;
    let (first, second, third) = facade::genesis_make(&request)?;
    give_all(env, [first, second, third])
}

fn record_make<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    request: JByteArray<'l>,
) -> Outcome<JObjectArray<'l, JByteArray<'l>>> {
    let request = secret(env, "request", &request)?;
    let (entry, disclosures) = facade::record_make(&request)?;
    give_all(env, [entry, disclosures])
}

fn sealer_open<'l>(env: &mut Env<'l>, _: JClass<'l>, head: JByteArray<'l>) -> Outcome<jlong> {
    let head = take(env, "head", &head)?;
    Ok(count(facade::sealer_open(&head)?))
}

fn sealer_add<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    sealer: jlong,
    entry: JByteArray<'l>,
) -> Outcome<()> {
    let entry = take(env, "entry", &entry)?;
    Ok(facade::sealer_add(handle(sealer), &entry)?)
}

fn sealer_prepare<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    sealer: jlong,
    begun_at: jlong,
) -> Outcome<JObjectArray<'l, JByteArray<'l>>> {
    let begun_at = number("begun_at", begun_at)?;
    let given = facade::sealer_prepare(handle(sealer), begun_at)?;
    give_all(env, [given.draft, given.to_sign.to_be_signed, given.to_sign.info])
}

fn sealer_finish<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    sealer: jlong,
    draft: JByteArray<'l>,
    signature: JByteArray<'l>,
) -> Outcome<JObjectArray<'l, JByteArray<'l>>> {
    let draft = take(env, "draft", &draft)?;
    let signature = take(env, "signature", &signature)?;
    let given = facade::sealer_finish(handle(sealer), &draft, &signature)?;
    give_all(env, [given.block, given.head, given.info])
}

fn sealer_receipt<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    sealer: jlong,
    block: JByteArray<'l>,
    leaf: jlong,
) -> Outcome<JByteArray<'l>> {
    let block = take(env, "block", &block)?;
    let leaf = number("leaf", leaf)?;
    give(env, facade::sealer_receipt(handle(sealer), &block, leaf)?)
}

fn history_path<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    hash: JByteArray<'l>,
    leaves: JByteArray<'l>,
    height: jlong,
) -> Outcome<JByteArray<'l>> {
    let hash = take(env, "hash", &hash)?;
    let leaves = take(env, "leaves", &leaves)?;
    let height = number("height", height)?;
    give(env, facade::history_path(&hash, &leaves, height)?)
}

fn statement_draft<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    record: JByteArray<'l>,
    request: JByteArray<'l>,
) -> Outcome<JObjectArray<'l, JByteArray<'l>>> {
    let record = take(env, "record", &record)?;
    let request = secret(env, "request", &request)?;
    let given = facade::statement_draft(&record, &request)?;
    give_all(env, [given.draft, given.to_sign.to_be_signed, given.to_sign.info])
}

fn statement_finish<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    draft: JByteArray<'l>,
    signature: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let draft = take(env, "draft", &draft)?;
    let signature = take(env, "signature", &signature)?;
    give(env, facade::statement_finish(&draft, &signature)?)
}

fn countersignature_draft<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    head: JByteArray<'l>,
    request: JByteArray<'l>,
) -> Outcome<JObjectArray<'l, JByteArray<'l>>> {
    let head = take(env, "head", &head)?;
    let request = secret(env, "request", &request)?;
    let given = facade::countersignature_draft(&head, &request)?;
    give_all(env, [given.draft, given.to_sign.to_be_signed, given.to_sign.info])
}

fn countersignature_finish<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    draft: JByteArray<'l>,
    signature: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let draft = take(env, "draft", &draft)?;
    let signature = take(env, "signature", &signature)?;
    give(env, facade::countersignature_finish(&draft, &signature)?)
}
