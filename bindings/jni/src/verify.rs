//! Verifying, proofs, profiles, and public keys.

use jni::objects::{JByteArray, JClass, JObjectArray};
use jni::sys::jlong;
use jni::{Env, NativeMethod, native_method};
use yinzheng_facade as facade;
use yinzheng_facade::BundleFrom;

use crate::bridge::{Outcome, Throw, count, give, list, secret, take};

pub(crate) const NATIVES: &[NativeMethod<'static>] = &[
    native_method! { static fn key_describe(key: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn profile_list() -> jbyte[], error_policy = Throw },
    native_method! { static fn profile_load(file: jbyte[]) -> jlong, error_policy = Throw },
    native_method! { static fn profile_describe(profile: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn profile_file(profile: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn profile_read(profile: jbyte[], message: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn value_read(field_type: jbyte[], text: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn proof_join(proofs: jbyte[][]) -> jbyte[], error_policy = Throw },
    native_method! { static fn proof_disclose(proof: jbyte[], record: jbyte[], disclosures: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn proof_kit(proof: jbyte[], about: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn verdict_paper(verdict: jbyte[], request: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn proof_deposit(proof: jbyte[], record: jbyte[], platform: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn proof_assemble(request: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn verify_proof(proof: jbyte[], policy: jbyte[], at_ms: jlong, form: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn verify_bundle(bundle: jbyte[], policy: jbyte[], at_ms: jlong, form: jbyte[]) -> jbyte[], error_policy = Throw },
    native_method! { static fn verify_bundle_file(file: jbyte[], policy: jbyte[], at_ms: jlong, form: jbyte[]) -> jbyte[], error_policy = Throw },
];

fn key_describe<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    key: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let key = take(env, "key", &key)?;
    give(env, facade::key_describe(&key)?)
}

fn profile_list<'l>(env: &mut Env<'l>, _: JClass<'l>) -> Outcome<JByteArray<'l>> {
    give(env, facade::profile_list()?)
}

fn profile_load<'l>(env: &mut Env<'l>, _: JClass<'l>, file: JByteArray<'l>) -> Outcome<jlong> {
    let file = take(env, "file", &file)?;
    Ok(count(facade::profile_load(&file)?))
}

fn profile_describe<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    profile: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let profile = take(env, "profile", &profile)?;
    give(env, facade::profile_describe(&profile)?)
}

fn profile_file<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    profile: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let profile = take(env, "profile", &profile)?;
    give(env, facade::profile_file(&profile)?)
}

fn profile_read<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    profile: JByteArray<'l>,
    message: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let profile = take(env, "profile", &profile)?;
    let message = secret(env, "message", &message)?;
    give(env, facade::profile_read(&profile, &message)?)
}

fn value_read<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    field_type: JByteArray<'l>,
    text: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let field_type = take(env, "field_type", &field_type)?;
    let text = secret(env, "text", &text)?;
    give(env, facade::value_read(&field_type, &text)?)
}

fn proof_join<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    proofs: JObjectArray<'l, JByteArray<'l>>,
) -> Outcome<JByteArray<'l>> {
    let proofs = list(env, "proofs", &proofs)?;
    let proofs: Vec<&[u8]> = proofs.iter().map(Vec::as_slice).collect();
    give(env, facade::proof_join(&proofs)?)
}

fn proof_disclose<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    proof: JByteArray<'l>,
    record: JByteArray<'l>,
    disclosures: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let proof = take(env, "proof", &proof)?;
    let record = take(env, "record", &record)?;
    let disclosures = secret(env, "disclosures", &disclosures)?;
    give(env, facade::proof_disclose(&proof, &record, &disclosures)?)
}

fn proof_kit<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    proof: JByteArray<'l>,
    about: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let proof = take(env, "proof", &proof)?;
    let about = take(env, "about", &about)?;
    give(env, facade::proof_kit(&proof, &about)?)
}

fn verdict_paper<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    verdict: JByteArray<'l>,
    request: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let verdict = take(env, "verdict", &verdict)?;
    let request = take(env, "request", &request)?;
    give(env, facade::verdict_paper(&verdict, &request)?)
}

fn proof_deposit<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    proof: JByteArray<'l>,
    record: JByteArray<'l>,
    platform: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let proof = take(env, "proof", &proof)?;
    let record = take(env, "record", &record)?;
    let platform = take(env, "platform", &platform)?;
    give(env, facade::proof_deposit(&proof, &record, &platform)?)
}

fn proof_assemble<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    request: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let request = secret(env, "request", &request)?;
    give(env, facade::proof_assemble(&request)?)
}

fn verify_proof<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    proof: JByteArray<'l>,
    policy: JByteArray<'l>,
    at_ms: jlong,
    form: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let proof = take(env, "proof", &proof)?;
    let policy = take(env, "policy", &policy)?;
    let form = take(env, "form", &form)?;
    give(env, facade::verify_proof(&proof, &policy, at_ms, &form)?)
}

fn verify_bundle<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    bundle: JByteArray<'l>,
    policy: JByteArray<'l>,
    at_ms: jlong,
    form: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let bundle = take(env, "bundle", &bundle)?;
    let policy = take(env, "policy", &policy)?;
    let form = take(env, "form", &form)?;
    give(env, facade::verify_bundle(BundleFrom::Bytes(&bundle), &policy, at_ms, &form)?)
}

fn verify_bundle_file<'l>(
    env: &mut Env<'l>,
    _: JClass<'l>,
    file: JByteArray<'l>,
    policy: JByteArray<'l>,
    at_ms: jlong,
    form: JByteArray<'l>,
) -> Outcome<JByteArray<'l>> {
    let file = take(env, "file", &file)?;
    let policy = take(env, "policy", &policy)?;
    let form = take(env, "form", &form)?;
    give(env, facade::verify_bundle(BundleFrom::File(&file), &policy, at_ms, &form)?)
}
