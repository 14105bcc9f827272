//! The embedded ledger.

mod append;
mod continuing;
mod feed;
mod hold;
mod hostkeys;
mod keys;
mod note;
mod open;
mod privacy;
mod prove;
mod read;
mod seal;
mod stamp;
mod sync;

pub use append::{ledger_append, ledger_append_entry, ledger_append_many};
pub use continuing::ledger_continue;
pub use feed::ledger_feed;
pub use hold::{
    ledger_drop_statement, ledger_finish_statement, ledger_held, ledger_hold_for_signature,
};
pub use hostkeys::{
    ledger_disclosures_with_key, ledger_draw_record_key, ledger_replace_wrapped_key,
    ledger_supply_wrapped_key, ledger_wrapped_key,
};
pub use keys::{ledger_key_draft, ledger_key_finish, ledger_key_revoke, ledger_keys};
pub use note::{ledger_attach, ledger_note, ledger_note_clock};
pub use open::{ledger_create, ledger_open, vault_key_generate};
pub use privacy::{
    ledger_confirm_destroyed, ledger_erase, ledger_erase_with_key, ledger_hold, ledger_retention,
    ledger_rewrap,
};
pub use prove::{ledger_consistency, ledger_disclosures, ledger_prove, ledger_prove_fork};
pub use read::{
    ledger_block, ledger_check, ledger_dossier, ledger_dossiers, ledger_entry, ledger_find,
    ledger_head, ledger_head_state, ledger_list, ledger_receipt, ledger_status,
};
pub use seal::{ledger_begin, ledger_commit, ledger_due, ledger_pending};
pub use stamp::{ledger_timestamp_attach, ledger_timestamp_request};
pub use sync::{ledger_backup, ledger_export, ledger_export_file, replica_import};

use yinzheng::ledger::Ledger;

use crate::handle::Object;

impl Object for Ledger {
    const TYPE: u64 = 1;
    const NAME: &'static str = "ledger";
}
