//! From Java's arrays to slices and back, and from failures to exceptions.

use jni::errors::{Error as JniError, ErrorPolicy};
use jni::objects::{JByteArray, JObjectArray, JString, JThrowable, JValue};
use jni::refs::IntoAuto;
use jni::sys::{jint, jlong};
use jni::{Env, jni_sig, jni_str};
use yinzheng_facade::{ErrorCode, Failure, Handle};
use zeroize::Zeroizing;

/// The most bytes of one input; every kind of input has its own, lower limit further inside.
const INPUT_BYTES: usize = 1 << 30;
/// The most arrays in one list.
const PARTS: usize = 1024;

/// The result of a native method.
pub(crate) type Outcome<T> = core::result::Result<T, Fault>;

/// Why a native method has no result.
#[derive(Debug)]
pub(crate) enum Fault {
    /// An error of the table.
    Failure(Failure),
    /// The virtual machine itself did not do what was asked.
    Jni(JniError),
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Fault::Failure(failure)
    }
}

impl From<JniError> for Fault {
    fn from(error: JniError) -> Self {
        Fault::Jni(error)
    }
}

fn refused(code: ErrorCode, context: impl Into<String>) -> Fault {
    Fault::Failure(Failure::new(code, context))
}

/// Throws `io.yinzheng.YinzhengException`: the one exception of this library.
#[derive(Debug)]
pub(crate) struct Throw;

impl<T: Default> ErrorPolicy<T, Fault> for Throw {
    type Captures<'local: 'method, 'method> = ();

    fn on_error<'local: 'method, 'method>(
        env: &mut Env<'local>,
        (): &mut (),
        fault: Fault,
    ) -> jni::errors::Result<T> {
        // What the machine threw itself (no memory for an array) is on its way already.
        if !env.exception_check() {
            let failure = match fault {
                Fault::Failure(failure) => failure,
                Fault::Jni(error) => {
                    Failure::new(ErrorCode::Internal, format!("the virtual machine: {error}"))
                }
            };
            throw(env, &failure)?;
        }
        Ok(T::default())
    }

    fn on_panic<'local: 'method, 'method>(
        env: &mut Env<'local>,
        (): &mut (),
        payload: Box<dyn std::any::Any + Send + 'static>,
    ) -> jni::errors::Result<T> {
        // The facade catches panics itself; this is for the few lines around it.
        yinzheng_facade::discard(payload);
        if !env.exception_check() {
            throw(env, &Failure::new(ErrorCode::Internal, "beside the facade"))?;
        }
        Ok(T::default())
    }
}

fn throw(env: &mut Env<'_>, failure: &Failure) -> jni::errors::Result<()> {
    // Found through the class that declares the native methods, so by its class loader.
    let class = env.find_class(jni_str!("io/yinzheng/YinzhengException"))?;
    let message = JString::from_str(env, &failure.message)?;
    let arguments = [JValue::Int(jint::from(failure.number)), JValue::Object(&message)];
    let exception =
        env.new_object(class, jni_sig!((number: jint, message: JString) -> void), &arguments)?;
    let exception = env.cast_local::<JThrowable<'_>>(exception)?;
    // `throw` reports the exception that it has made pending as its error.
    match env.throw(exception) {
        Ok(()) | Err(JniError::JavaException) => Ok(()),
        Err(error) => Err(error),
    }
}

/// A handle as Java holds it: below 2^52, so never negative; what is negative is no handle.
pub(crate) fn handle(handle: jlong) -> Handle {
    Handle::try_from(handle).unwrap_or(0)
}

/// Handles, sequence numbers and counts: below 2^53.
pub(crate) fn count(number: u64) -> jlong {
    jlong::try_from(number).unwrap_or(jlong::MAX)
}

/// A number that cannot be negative.
pub(crate) fn number(name: &str, number: jlong) -> Outcome<u64> {
    u64::try_from(number)
        .map_err(|_| refused(ErrorCode::InvalidArgument, format!("{name} is negative")))
}

/// A copy of the host's bytes.
pub(crate) fn take(env: &Env<'_>, name: &str, array: &JByteArray<'_>) -> Outcome<Vec<u8>> {
    if array.is_null() {
        return Err(refused(ErrorCode::InvalidArgument, format!("{name} is null")));
    }
    let len = array.len(env)?;
    if len > INPUT_BYTES {
        return Err(refused(ErrorCode::LimitExceeded, format!("{name} has more than 1 GiB")));
    }
    Ok(env.convert_byte_array(array)?)
}

/// A copy that is wiped when the call ends: keys, passphrases, and requests that hold values of fields.
pub(crate) fn secret(
    env: &Env<'_>,
    name: &str,
    array: &JByteArray<'_>,
) -> Outcome<Zeroizing<Vec<u8>>> {
    take(env, name, array).map(Zeroizing::new)
}

/// Copies of several pieces of the host's bytes.
pub(crate) fn list<'l>(
    env: &mut Env<'l>,
    name: &str,
    array: &JObjectArray<'l, JByteArray<'l>>,
) -> Outcome<Vec<Vec<u8>>> {
    if array.is_null() {
        return Err(refused(ErrorCode::InvalidArgument, format!("{name} is null")));
    }
    let len = array.len(env)?;
    if len > PARTS {
        return Err(refused(
            ErrorCode::LimitExceeded,
            format!("{name} has more than {PARTS} parts"),
        ));
    }
    let mut all = Vec::with_capacity(len);
    let mut total = 0usize;
    for index in 0..len {
        let part = array.get_element(env, index)?;
        let part = part.auto();
        let part = take(env, name, &part)?;
        total = total.saturating_add(part.len());
        if total > INPUT_BYTES {
            return Err(refused(ErrorCode::LimitExceeded, format!("{name} has more than 1 GiB")));
        }
        all.push(part);
    }
    Ok(all)
}

/// A new array with these bytes. Ours are wiped: a reply may hold a key, or values of fields in clear.
pub(crate) fn give<'l>(env: &mut Env<'l>, bytes: Vec<u8>) -> Outcome<JByteArray<'l>> {
    Ok(env.byte_array_from_slice(&Zeroizing::new(bytes))?)
}

/// A new array of arrays.
#[cfg(feature = "seal")]
pub(crate) fn give_all<'l, const N: usize>(
    env: &mut Env<'l>,
    parts: [Vec<u8>; N],
) -> Outcome<JObjectArray<'l, JByteArray<'l>>> {
    let parts = parts.map(Zeroizing::new);
    let array = JObjectArray::<JByteArray<'_>>::new(env, N, JByteArray::null())?;
    for (index, part) in parts.iter().enumerate() {
        let part = env.byte_array_from_slice(part)?;
        array.set_element(env, index, part)?;
    }
    Ok(array)
}

/// Makes sure that [`put`] will find a place: before anything is made whose name only the answer tells.
#[cfg(feature = "store")]
pub(crate) fn room<'l>(
    env: &Env<'l>,
    name: &str,
    array: &JObjectArray<'l, JByteArray<'l>>,
) -> Outcome<()> {
    if array.is_null() || array.len(env)? == 0 {
        return Err(refused(ErrorCode::InvalidArgument, format!("{name} has no place")));
    }
    Ok(())
}

/// Puts bytes into the first place of an array that the caller made.
#[cfg(feature = "store")]
pub(crate) fn put<'l>(
    env: &mut Env<'l>,
    array: &JObjectArray<'l, JByteArray<'l>>,
    bytes: Vec<u8>,
) -> Outcome<()> {
    let bytes = give(env, bytes)?;
    Ok(array.set_element(env, 0, bytes)?)
}
