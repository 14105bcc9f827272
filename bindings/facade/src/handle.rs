//! The table of handles.
//!
//! A handle is a number below 2^52, so that it also fits a double: 5 bits say the type, 27 bits count how often its place was
//! used before, 20 bits are the place. A place whose count runs out is never used again.

use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use yinzheng::{Error, ErrorCode, Result};

use crate::failure::Outcome;
use crate::guard;

/// A reference to something that lives longer than one call. Zero never refers to anything.
pub type Handle = u64;

const PLACE_BITS: u32 = 20;
const COUNT_BITS: u32 = 27;

/// What a handle can refer to.
pub(crate) trait Object: Any + Send + Sync {
    /// The type's number in its handles, 1 to 31.
    const TYPE: u64;
    /// What it is called in messages.
    const NAME: &'static str;
}

/// An object with the mark that an earlier panic left on it.
pub(crate) struct Lease<T> {
    pub(crate) object: Arc<T>,
    pub(crate) poisoned: Arc<AtomicBool>,
}

struct Slot {
    count: u64,
    /// `None` while the place is free.
    held: Option<Held>,
}

struct Held {
    object: Arc<dyn Any + Send + Sync>,
    poisoned: Arc<AtomicBool>,
    object_type: u64,
}

struct Table {
    slots: Vec<Slot>,
    free: Vec<usize>,
}

static TABLE: RwLock<Table> = RwLock::new(Table { slots: Vec::new(), free: Vec::new() });

fn invalid(what: &str) -> Error {
    Error::new(ErrorCode::InvalidHandle, what)
}

/// Keeps `object` and gives its handle.
pub(crate) fn keep<T: Object>(object: T) -> Result<Handle> {
    let held = Held {
        object: Arc::new(object),
        poisoned: Arc::new(AtomicBool::new(false)),
        object_type: T::TYPE,
    };
    let mut table = TABLE.write().unwrap_or_else(PoisonError::into_inner);
    let place = match table.free.pop() {
        Some(place) => place,
        None if table.slots.len() >> PLACE_BITS == 0 => {
            // A count begins at 1, so that no handle is zero.
            table.slots.push(Slot { count: 1, held: None });
            table.slots.len() - 1
        }
        None => {
            return Err(Error::new(
                ErrorCode::LimitExceeded,
                "1,048,576 handles are open; close some",
            ));
        }
    };
    let slot = table
        .slots
        .get_mut(place)
        .ok_or_else(|| Error::new(ErrorCode::Internal, "table of handles"))?;
    slot.held = Some(held);
    let place = place as u64;
    Ok(T::TYPE << (PLACE_BITS + COUNT_BITS) | slot.count << PLACE_BITS | place)
}

/// The object behind a handle. The caller works on its own reference, outside any lock.
pub(crate) fn lease<T: Object>(handle: Handle) -> Result<Lease<T>> {
    let table = TABLE.read().unwrap_or_else(PoisonError::into_inner);
    let held = find(&table.slots, handle).ok_or_else(|| invalid("not open"))?;
    let object = Arc::clone(&held.object)
        .downcast::<T>()
        .map_err(|_| invalid(&format!("not a handle of a {}", T::NAME)))?;
    if held.poisoned.load(Ordering::Acquire) {
        return Err(Error::new(ErrorCode::Poisoned, T::NAME));
    }
    Ok(Lease { object, poisoned: Arc::clone(&held.poisoned) })
}

fn split(handle: Handle) -> (u64, u64, usize) {
    let place = usize::try_from(handle & ((1 << PLACE_BITS) - 1)).unwrap_or(usize::MAX);
    let count = handle >> PLACE_BITS & ((1 << COUNT_BITS) - 1);
    (handle >> (PLACE_BITS + COUNT_BITS), count, place)
}

fn find(slots: &[Slot], handle: Handle) -> Option<&Held> {
    let (object_type, count, place) = split(handle);
    let slot = slots.get(place).filter(|slot| slot.count == count)?;
    slot.held.as_ref().filter(|held| held.object_type == object_type)
}

/// Closes a handle of any type, also a poisoned one. Calls that other threads have under way finish undisturbed; what the
/// handle referred to (a ledger's file lock, for example) is given up with the last of them.
///
/// # Errors
/// `InvalidHandle` for one that is not open.
pub fn close(handle: Handle) -> Outcome<()> {
    guard::run("close", || {
        let held = remove(handle).ok_or_else(|| invalid("not open"))?;
        // Outside the table's lock: closing a ledger takes its time.
        drop(held);
        Ok(())
    })
}

fn remove(handle: Handle) -> Option<Held> {
    let mut table = TABLE.write().unwrap_or_else(PoisonError::into_inner);
    find(&table.slots, handle)?;
    let (_, _, place) = split(handle);
    let slot = table.slots.get_mut(place)?;
    let held = slot.held.take();
    slot.count += 1;
    if slot.count >> COUNT_BITS == 0 {
        table.free.push(place);
    }
    held
}

/// How many handles are open in this process: a host's test for leaks.
pub fn handle_count() -> u64 {
    let table = TABLE.read().unwrap_or_else(PoisonError::into_inner);
    table.slots.iter().filter(|slot| slot.held.is_some()).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Apple;
    impl Object for Apple {
        const TYPE: u64 = 30;
        const NAME: &'static str = "apple";
    }
    struct Pear;
    impl Object for Pear {
        const TYPE: u64 = 31;
        const NAME: &'static str = "pear";
    }

    fn number<T>(result: Result<T>) -> u16 {
        result.err().map_or(0, |error| error.number())
    }

    #[test]
    fn a_handle_is_good_for_its_type_until_it_is_closed() {
        let apple = keep(Apple).unwrap();
        assert!(apple < 1 << 52 && apple != 0);
        assert!(lease::<Apple>(apple).is_ok());
        assert_eq!(number(lease::<Pear>(apple)), 204);
        close(apple).unwrap();
        assert_eq!(number(lease::<Apple>(apple)), 204);
        assert_eq!(close(apple).unwrap_err().number, 204);
    }

    #[test]
    fn a_place_used_again_does_not_honour_old_handles() {
        let first = keep(Apple).unwrap();
        close(first).unwrap();
        let more: Vec<Handle> = (0..64).map(|_| keep(Apple).unwrap()).collect();
        assert!(!more.contains(&first));
        assert_eq!(number(lease::<Apple>(first)), 204);
        assert_eq!(close(first).unwrap_err().number, 204);
        more.into_iter().for_each(|handle| close(handle).unwrap());
    }

    #[test]
    fn no_number_around_a_good_one_is_good() {
        let good = keep(Pear).unwrap();
        for bit in 0..64 {
            assert_eq!(number(lease::<Pear>(good ^ 1 << bit)), 204, "bit {bit}");
        }
        for wrong in [0, 1, u64::MAX, 1 << 63, i64::MAX as u64] {
            assert_eq!(number(lease::<Pear>(wrong)), 204);
            assert_eq!(close(wrong).unwrap_err().number, 204);
        }
        close(good).unwrap();
    }

    #[test]
    fn a_poisoned_handle_says_so_and_can_be_closed() {
        let handle = keep(Apple).unwrap();
        lease::<Apple>(handle).unwrap().poisoned.store(true, Ordering::Release);
        assert_eq!(number(lease::<Apple>(handle)), 205);
        close(handle).unwrap();
    }

    #[test]
    fn an_object_lives_as_long_as_a_call_that_uses_it() {
        let handle = keep(Apple).unwrap();
        let lease = lease::<Apple>(handle).unwrap();
        close(handle).unwrap();
        assert_eq!(Arc::strong_count(&lease.object), 1);
    }
}
