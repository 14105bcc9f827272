//! The panic guard around every call.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::sync::atomic::Ordering;

use yinzheng::{ErrorCode, Result};

use crate::failure::{Failure, Outcome};
use crate::handle::{self, Handle, Object};

thread_local! {
    /// How many guarded calls this thread is in.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    /// Where the last guarded panic came from.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs a call that uses no handle.
pub(crate) fn run<T>(call: &'static str, work: impl FnOnce() -> Result<T>) -> Outcome<T> {
    catch(call, || {
        #[cfg(feature = "test-panic")]
        crate::provoke::at(call);
        work()
    })
    .unwrap_or_else(Err)
}

/// Runs a call on the object behind a handle. A panic poisons the handle.
pub(crate) fn with<O: Object, T>(
    call: &'static str,
    handle: Handle,
    work: impl FnOnce(&O) -> Result<T>,
) -> Outcome<T> {
    let lease = handle::lease::<O>(handle)?;
    let poisoned = lease.poisoned;
    let object = lease.object;
    let caught = catch(call, move || {
        #[cfg(feature = "test-panic")]
        crate::provoke::at(call);
        // Moved in, so that a last reference is also given up inside the guard.
        let object = object;
        work(&object)
    });
    caught.unwrap_or_else(|fault| {
        poisoned.store(true, Ordering::Release);
        Err(fault)
    })
}

/// The outer error is a panic. State behind a handle cannot be seen half-changed afterwards, because the handle is poisoned.
fn catch<T>(
    call: &str,
    work: impl FnOnce() -> Result<T>,
) -> core::result::Result<Outcome<T>, Failure> {
    listen();
    DEPTH.set(DEPTH.get().saturating_add(1));
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| work().map_err(Failure::from)));
    DEPTH.set(DEPTH.get().saturating_sub(1));
    outcome.map_err(|payload| {
        discard(payload);
        let place = PLACE.with(|place| std::mem::take(&mut *place.borrow_mut()));
        Failure::new(ErrorCode::Internal, format!("{call}, {place}"))
    })
}

/// Drops what `panic!` makes. Other payloads are kept for ever: dropping a foreign one may panic again.
pub fn discard(payload: Box<dyn std::any::Any + Send>) {
    if !payload.is::<String>() && !payload.is::<&'static str>() {
        std::mem::forget(payload);
    }
}

/// Notes where a guarded panic happens, instead of printing it; others go to the hook that was there before.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if DEPTH.get() == 0 {
                return before(info);
            }
            let place = info.location().map_or_else(
                || "at an unknown place".to_owned(),
                |place| format!("{} line {}", place.file(), place.line()),
            );
            PLACE.with(|noted| {
                if let Ok(mut noted) = noted.try_borrow_mut() {
                    *noted = place;
                }
            });
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bomb;
    impl Object for Bomb {
        const TYPE: u64 = 29;
        const NAME: &'static str = "bomb";
    }

    #[test]
    fn a_panic_is_error_901_and_says_where_but_not_what() {
        let secret = "6222020000001234567";
        let failure = run::<()>("bang", || panic!("{secret}")).unwrap_err();
        assert_eq!(failure.number, 901);
        assert!(failure.message.contains("bang"), "{}", failure.message);
        assert!(failure.message.contains("guard.rs"), "{}", failure.message);
        assert!(!failure.message.contains(secret));
    }

    #[test]
    fn a_panic_poisons_its_handle_and_no_other() {
        let (struck, spared) = (handle::keep(Bomb).unwrap(), handle::keep(Bomb).unwrap());
        assert_eq!(with::<Bomb, ()>("bang", struck, |_| panic!()).unwrap_err().number, 901);
        assert_eq!(with::<Bomb, ()>("bang", struck, |_| Ok(())).unwrap_err().number, 205);
        assert_eq!(with::<Bomb, ()>("bang", spared, |_| Ok(())), Ok(()));
        crate::close(struck).unwrap();
        assert_eq!(with::<Bomb, ()>("bang", struck, |_| Ok(())).unwrap_err().number, 204);
        crate::close(spared).unwrap();
    }

    #[test]
    fn an_error_poisons_nothing() {
        let handle = handle::keep(Bomb).unwrap();
        let refuse = |_: &Bomb| Err::<(), _>(yinzheng::Error::new(ErrorCode::NotFound, ""));
        assert_eq!(with("call", handle, refuse).unwrap_err().number, 502);
        assert_eq!(with::<Bomb, ()>("call", handle, |_| Ok(())), Ok(()));
        crate::close(handle).unwrap();
    }

    #[test]
    fn a_panic_while_dropping_the_payload_or_in_nested_calls_stays_inside() {
        struct Nasty;
        impl Drop for Nasty {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        let failure = run::<()>("bang", || std::panic::panic_any(Nasty)).unwrap_err();
        assert_eq!(failure.number, 901);
        let nested = run("outer", || {
            assert_eq!(run::<()>("inner", || panic!()).unwrap_err().number, 901);
            Ok(1)
        });
        assert_eq!(nested, Ok(1));
    }
}
