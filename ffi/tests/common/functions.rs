//! Every function of the header that can fail, with the kinds of its parameters.

use super::Plan;
use yinzheng_ffi::*;

/// A function, and how to call it with a plan.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// Its parameters, a letter each.
    pub(crate) letters: &'static [&'static str],
    pub(crate) call: for<'a> fn(&mut Plan<'a>) -> u32,
}

/// Turns `t b B` into arguments one by one. The pointers live as long as the plan.
macro_rules! call {
    ($f:ident $p:ident [$($done:expr),*]) => {
        // SAFETY: every pointer of a plan is null, misaligned, or good for the call, and every length that is not a good
        // one is beyond what the library reads.
        unsafe { $f($($done,)* $p.error()) }
    };
    ($f:ident $p:ident [$($d:expr),*] t $($r:ident)*) => {{ let (a, b) = $p.text(); call!($f $p [$($d,)* a, b] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] b $($r:ident)*) => {{ let (a, b) = $p.bytes(); call!($f $p [$($d,)* a, b] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] l $($r:ident)*) => {{ let (a, b) = $p.list(); call!($f $p [$($d,)* a, b] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] L $($r:ident)*) => {{ let a = $p.ledger(); call!($f $p [$($d,)* a] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] K $($r:ident)*) => {{ let a = $p.key(); call!($f $p [$($d,)* a] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] X $($r:ident)*) => {{ let a = $p.hash(); call!($f $p [$($d,)* a] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] S $($r:ident)*) => {{ let a = $p.sealer(); call!($f $p [$($d,)* a] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] A $($r:ident)*) => {{ let a = $p.any(); call!($f $p [$($d,)* a] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] u $($r:ident)*) => {{ let a = $p.number(); call!($f $p [$($d,)* a] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] i $($r:ident)*) => {{ let a = $p.number() as i64; call!($f $p [$($d,)* a] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] n $($r:ident)*) => {{ let a = $p.number() as u32; call!($f $p [$($d,)* a] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] d $($r:ident)*) => {{ let a = $p.descriptor(); call!($f $p [$($d,)* a] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] B $($r:ident)*) => {{ let a = $p.out(); call!($f $p [$($d,)* a] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] O $($r:ident)*) => {{ let a = $p.optional(); call!($f $p [$($d,)* a] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] U $($r:ident)*) => {{ let a = $p.number_out(); call!($f $p [$($d,)* a] $($r)*) }};
    ($f:ident $p:ident [$($d:expr),*] F $($r:ident)*) => {{ let a = $p.flag_out(); call!($f $p [$($d,)* a] $($r)*) }};
}

macro_rules! functions {
    ($($f:ident: $($kind:ident)*;)*) => {
        /// Every function that can fail. `t` text, `b` bytes, `l` list, `L K X S A` handles of a ledger, key, hash, sealer, any;
        /// `u i n d` numbers; outs: `B` buffer, `O` buffer that may be left out, `U` number or handle, `F` flag.
        pub(crate) const FUNCTIONS: &[Function] = &[$(
            Function { name: stringify!($f), letters: &[$(stringify!($kind)),*], call: |p| call!($f p [] $($kind)*) },
        )*];
    };
}

functions! {
    yz_version: B;
    yz_limits: B;
    yz_error_info: n t B;
    yz_json_get: t t B;
    yz_close: A;
    yz_ledger_create: t b t U;
    yz_ledger_open: t b t U;
    yz_ledger_continue: L t b t U O;
    yz_vault_key_generate: t B;
    yz_ledger_append: L t B;
    yz_ledger_append_many: L t B;
    yz_ledger_append_entry: L b U;
    yz_ledger_hold_for_signature: L t B B;
    yz_ledger_held: L B;
    yz_ledger_finish_statement: L u b B;
    yz_ledger_drop_statement: L u t t U;
    yz_ledger_begin: L u B O;
    yz_ledger_pending: L B O;
    yz_ledger_commit: L b B;
    yz_ledger_due: L u i i F;
    yz_ledger_status: L B;
    yz_ledger_head: L B;
    yz_ledger_head_state: L B;
    yz_ledger_entry: L u B;
    yz_ledger_receipt: L u B;
    yz_ledger_block: L u B O;
    yz_ledger_list: L u u B;
    yz_ledger_dossiers: L t u B;
    yz_ledger_dossier: L t B;
    yz_ledger_find: L t B;
    yz_ledger_feed: L t u B;
    yz_ledger_disclosures: L u B;
    yz_ledger_prove: L t B;
    yz_ledger_consistency: L u u B;
    yz_ledger_check: L B;
    yz_ledger_keys: L B;
    yz_ledger_key_draft: L t B B O;
    yz_ledger_key_finish: L b b B;
    yz_ledger_key_revoke: L t U;
    yz_ledger_note: L t U;
    yz_ledger_note_clock: L t U;
    yz_ledger_attach: L t;
    yz_ledger_timestamp_request: L t B;
    yz_ledger_timestamp_attach: L t b b B;
    yz_ledger_erase: L t B;
    yz_ledger_retention: L t B;
    yz_ledger_hold: L t U;
    yz_ledger_rewrap: L b t B;
    yz_ledger_confirm_destroyed: L t t U;
    yz_ledger_draw_record_key: L U B;
    yz_ledger_supply_wrapped_key: L u b U;
    yz_ledger_wrapped_key: L u B;
    yz_ledger_disclosures_with_key: L u b B;
    yz_ledger_erase_with_key: L t b B;
    yz_ledger_replace_wrapped_key: L u b;
    yz_ledger_export: L u u B;
    yz_ledger_export_file: L u u t;
    yz_replica_import: t b B;
    yz_replica_import_file: t t B;
    yz_ledger_prove_fork: L b B;
    yz_ledger_backup: t t;
    yz_key_describe: t B;
    yz_key_generate: t U;
    yz_key_from_pkcs8: t b U;
    yz_key_to_pkcs8: K b B;
    yz_key_public: K B;
    yz_key_sign: K b B;
    yz_key_sign_digest: K b B;
    yz_profile_list: B;
    yz_profile_load: b U;
    yz_profile_describe: t B;
    yz_profile_file: t B;
    yz_profile_read: t t B;
    yz_value_read: t t B;
    yz_verify_proof: b t i t B;
    yz_verify_bundle: b t i t B;
    yz_verify_bundle_file: t t i t B;
    yz_proof_join: l B;
    yz_proof_disclose: b t t B;
    yz_proof_assemble: t B;
    yz_proof_kit: b t B;
    yz_verdict_paper: b t B;
    yz_proof_deposit: b t t B;
    yz_hash_bytes: b B;
    yz_hash_file: t B;
    yz_hash_fd: d B;
    yz_hash_begin: U;
    yz_hash_update: X b;
    yz_hash_finish: X B;
    yz_inspect: t b t B;
    yz_digest: t b B;
    yz_check_signature: t b b t B;
    yz_tree_root: t b B;
    yz_check_inclusion: t b u u b b;
    yz_check_consistency: t u u b b b;
    yz_genesis_make: t B B O;
    yz_record_make: t B B;
    yz_sealer_open: b U;
    yz_sealer_add: S b;
    yz_sealer_prepare: S u B B O;
    yz_sealer_finish: S b b B B O;
    yz_sealer_receipt: S b u B;
    yz_history_path: t b u B;
    yz_statement_draft: b t B B O;
    yz_statement_finish: b b B;
    yz_countersignature_draft: b t B B O;
    yz_countersignature_finish: b b B;
}
