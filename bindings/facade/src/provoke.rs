//! Panics on demand, for tests of the guard. Only in builds with the feature `test-panic`.

use std::sync::{Mutex, PoisonError};

/// The point that panics: the name of a call, or `store:before` and `store:after` the moment in which changes become durable.
static ARMED: Mutex<Option<String>> = Mutex::new(None);

/// Makes the next call that comes to this point panic, once. An empty name disarms.
pub fn arm(point: &str) {
    *ARMED.lock().unwrap_or_else(PoisonError::into_inner) =
        (!point.is_empty()).then(|| point.to_owned());
}

#[allow(clippy::panic)] // what this module is for
pub(crate) fn at(point: &str) {
    let mut armed = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
    if armed.as_deref() == Some(point) {
        *armed = None;
        drop(armed);
        panic!("provoked at {point}");
    }
}

#[cfg(feature = "store")]
pub(crate) use store::PanickingStore;

#[cfg(feature = "store")]
mod store {
    use yinzheng::hash::Digest;
    use yinzheng::store::{BlockRow, Changes, OutsideKey, PlaceRow, Sizes, Store, VaultRow};
    use yinzheng::{Error, Result};

    /// A store that panics around [`Store::apply`] when told to.
    pub(crate) struct PanickingStore(pub(crate) Box<dyn Store>);

    macro_rules! forward {
        ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
            $(fn $name(&self, $($argument: $type),*) -> $result {
                self.0.$name($($argument),*)
            })*
        };
    }

    impl Store for PanickingStore {
        fn apply(&mut self, changes: &Changes) -> Result<()> {
            super::at("store:before");
            let outcome = self.0.apply(changes);
            super::at("store:after");
            outcome
        }

        fn scrub(&mut self) -> Result<()> {
            super::at("store:scrub");
            self.0.scrub()
        }

        forward! {
            meta(name: &str) -> Result<Option<Vec<u8>>>;
            next_sequence() -> Result<u64>;
            entries(first: u64, count: u64) -> Result<Vec<Vec<u8>>>;
            block(height: u64) -> Result<Option<BlockRow>>;
            height_of(sequence: u64) -> Result<Option<u64>>;
            nodes(height: u64, positions: &[u64]) -> Result<Option<Vec<[u8; 32]>>>;
            tree(height: u64) -> Result<Option<Vec<u8>>>;
            history_leaves(first: u64, count: u64) -> Result<Vec<[u8; 32]>>;
            last_place(dossier: &[u8; 16]) -> Result<Option<PlaceRow>>;
            places(dossier: &[u8; 16]) -> Result<Vec<PlaceRow>>;
            place(dossier: &[u8; 16], place: u64) -> Result<Option<PlaceRow>>;
            visit_places(visit: &mut dyn FnMut(PlaceRow) -> Result<()>) -> Result<()>;
            dossiers(after: Option<[u8; 16]>, limit: usize) -> Result<Vec<[u8; 16]>>;
            find_record(prefix: &[u8; 17]) -> Result<Option<PlaceRow>>;
            business_id(id: &[u8; 16]) -> Result<Option<u64>>;
            business_ids_from(sequence: u64) -> Result<Vec<([u8; 16], u64)>>;
            vault(sequence: u64) -> Result<Option<VaultRow>>;
            vault_rows(first: u64, limit: usize) -> Result<Vec<(u64, VaultRow)>>;
            about(subject: &[u8; 32]) -> Result<Vec<u64>>;
            profile(digest: &Digest) -> Result<Option<Vec<u8>>>;
            held() -> Result<Vec<(u64, Vec<u8>)>>;
            outside(key: OutsideKey) -> Result<Vec<Vec<u8>>>;
            last_outside(height: u64) -> Result<Option<u64>>;
            bytes() -> Result<u64>;
            sizes() -> Result<Sizes>;
            check() -> Vec<Error>;
        }
    }
}
