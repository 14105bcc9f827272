/*
 * Yinzheng 印证: electronic evidence sealed where it happens, checkable by anyone, offline.
 *
 * This file is generated from the crate yinzheng-ffi; do not edit it. It is all one needs: docs/ffi.md says the same
 * at more length, with examples, and describes the members of requests and replies.
 *
 * Results. Every function returns 0 for success, or the number of an error (enum yz_error_number). The last argument,
 * a yz_error of the caller's, also gets a message; it may be NULL. Nothing in it must be freed.
 *
 * Strings and bytes go in as a pointer with a length; texts are UTF-8 and need no zero byte at their end. The library
 * keeps no pointer after it returned, and changes nothing that goes in. NULL is fine where the length is 0. Lengths
 * beyond reason are error 104, and NULL with a length is error 101.
 *
 * Outs come after that. They may not be NULL, but where "may be NULL" is said; no two may be the same. Each is set to
 * nothing first (no bytes, 0), so that after an error everything can be freed all the same.
 *
 * Buffers that a function gives are the caller's, who frees each with yz_buffer_free. A yz_buffer of the caller's that
 * still holds bytes must be freed before it is used as an out again, else these bytes are never freed. There is no zero
 * byte at their end. Requests and replies said to be JSON are UTF-8; digests and ids in them are hex, sealed things are
 * exact bytes.
 *
 * Handles are numbers, and must be closed with yz_close. 0, closed, foreign and invented ones are error 204.
 *
 * Threads. Every function may be called by any thread at any time, on the same handle too, and a handle may be closed
 * while others use it. Only the caller's own memory (outs, yz_error, inputs) is his to keep from being used by two
 * threads at once. After fork(), a child opens handles of its own.
 *
 * Faults. A fault inside the library is error 901. The handle it happened on gives 205 from then on and can only be
 * closed; what was acknowledged before is safe. The program lives on.
 *
 * Signing has two phases and nothing calls back: one call gives the bytes to sign, the caller signs wherever the key
 * lives, a later call takes the signature, perhaps in another process.
 *
 * Builds. A library without the store has what stands outside YZ_WITHOUT_STORE; one that only verifies has what stands
 * outside YZ_WITHOUT_SEAL too. Define these before including this file to see exactly what such a build has.
 */

#ifndef YINZHENG_H
#define YINZHENG_H

#include <stddef.h>
#include <stdint.h>

/* Version of the library that this header belongs to. */
#define YZ_VERSION "0.1.0"
/* What the function yz_abi_version gives. */
#define YZ_ABI_VERSION 1u

/* Errors: 1xx argument, 2xx handle or state, 3xx format, 4xx cryptography, 5xx ledger, 6xx storage, 9xx internal. */
enum yz_error_number {
  YZ_OK = 0,
  /* invalid argument. Correct the call. */
  YZ_INVALID_ARGUMENT = 101,
  /* unknown name. Use a name that the profile, ledger or file defines. */
  YZ_UNKNOWN_NAME = 102,
  /* a field that must never be kept. Leave out passwords, one-time codes, card verification values and biometric samples; keep only the event and its time. */
  YZ_REFUSED_FIELD = 103,
  /* over a limit. Send less, or split it. */
  YZ_LIMIT_EXCEEDED = 104,
  /* unusable business message. Send one JSON object with text keys, each once. */
  YZ_INVALID_MESSAGE = 105,
  /* unusable profile. Correct the profile file. */
  YZ_INVALID_PROFILE = 106,
  /* unusable verification policy. Correct the policy file. */
  YZ_INVALID_POLICY = 107,
  /* a number with a wrong check character or form. Type the preservation or record number again. */
  YZ_INVALID_NUMBER = 108,
  /* not a verdict. Supply the JSON that a verification gave, unchanged. */
  YZ_INVALID_VERDICT = 109,
  /* no block is waiting for a signature. Call begin first. */
  YZ_NOTHING_PENDING = 201,
  /* not the block that is waiting. Fetch the waiting bytes again and sign those. */
  YZ_STALE_PENDING = 202,
  /* the ledger is open for reading only. Open it for writing. */
  YZ_READ_ONLY = 203,
  /* unknown, closed or foreign handle. Use a handle that is open and of the right type. */
  YZ_INVALID_HANDLE = 204,
  /* an earlier fault closed this handle. Close it and open the ledger again. */
  YZ_POISONED = 205,
  /* input ends too early. Supply the whole file. */
  YZ_TRUNCATED = 301,
  /* a number or length is not in its shortest form. Use the bytes as they were sealed; do not re-encode. */
  YZ_NOT_SHORTEST = 302,
  /* a CBOR item that this format does not use. Use the bytes as they were sealed; do not re-encode. */
  YZ_UNSUPPORTED_ITEM = 303,
  /* map keys are not in ascending order. Use the bytes as they were sealed; do not re-encode. */
  YZ_MAP_ORDER = 304,
  /* a key or name stands twice. Use the bytes as they were sealed. */
  YZ_DUPLICATE_KEY = 305,
  /* bytes after the end. Supply exactly one item. */
  YZ_TRAILING_BYTES = 306,
  /* nested too deep. This is not one of our files. */
  YZ_TOO_DEEP = 307,
  /* larger than the format allows. This is not one of our files. */
  YZ_TOO_LARGE = 308,
  /* text is not UTF-8. Use the bytes as they were sealed. */
  YZ_INVALID_UTF8 = 309,
  /* an item of another type was expected. This is not the structure it is taken for. */
  YZ_WRONG_TYPE = 310,
  /* an unknown critical key or kind. Use a newer version of the library. */
  YZ_UNKNOWN_CRITICAL = 311,
  /* a required key is missing. Supply the whole structure. */
  YZ_MISSING_KEY = 312,
  /* a number outside its range. Use the bytes as they were sealed. */
  YZ_OUT_OF_RANGE = 313,
  /* another kind of entry was expected. Supply the entry that belongs there. */
  YZ_WRONG_KIND = 314,
  /* a signed message of another type was expected. Supply the message that belongs there. */
  YZ_WRONG_MEDIA_TYPE = 315,
  /* a format version this library does not read. Use a newer version of the library. */
  YZ_UNSUPPORTED_VERSION = 316,
  /* a proof path of the wrong length. Supply the path for this index and size. */
  YZ_PATH_LENGTH = 317,
  /* not a usable evidence package. Ask whoever made it for the package as it was written. */
  YZ_INVALID_PACKAGE = 318,
  /* an algorithm this library does not use. Use SHA-256 or SM3 with Ed25519, P-256 or SM2. */
  YZ_UNSUPPORTED_ALGORITHM = 401,
  /* not a usable key. Supply a key on the named curve in a supported encoding. */
  YZ_INVALID_KEY = 402,
  /* not a signature in an accepted form. Supply 64 bytes r and s, or strict DER. */
  YZ_INVALID_SIGNATURE = 403,
  /* the signature does not fit these bytes and this key. Check key, bytes, SM2 user ID and digest form. */
  YZ_SIGNATURE_MISMATCH = 404,
  /* the algorithm in the header is not the key's. Sign with the key that the header names. */
  YZ_ALGORITHM_MISMATCH = 405,
  /* the signature is not in its low-s form. Normalise the signature before sealing. */
  YZ_HIGH_S = 406,
  /* the digest does not fit these bytes. Supply the original bytes. */
  YZ_DIGEST_MISMATCH = 407,
  /* the proof path does not lead to the expected root. Supply entry, index, size and path that belong together. */
  YZ_ROOT_MISMATCH = 408,
  /* the operating system gives no randomness. Try again; do not go on without. */
  YZ_RANDOM_UNAVAILABLE = 409,
  /* the key file cannot be opened. Check the passphrase and the file. */
  YZ_KEY_FILE = 410,
  /* the signer said no. Ask again with the same bytes, or drop the record with reason declined. */
  YZ_SIGNER_DECLINED = 411,
  /* the signer gave no answer in time. Ask again with the same bytes. */
  YZ_SIGNER_TIMED_OUT = 412,
  /* the signer is locked. Unlock it, then ask again with the same bytes. */
  YZ_SIGNER_LOCKED = 413,
  /* the signer's key is gone or was invalidated. For a ledger key continue in a new ledger with reason key lost; for another key enrol a new one. */
  YZ_SIGNER_KEY_GONE = 414,
  /* not a usable certificate, revocation list or OCSP response. Supply DER or PEM of an X.509 certificate. */
  YZ_INVALID_CERTIFICATE = 415,
  /* not a usable timestamp token. Supply the authority's whole answer, unchanged. */
  YZ_INVALID_TOKEN = 416,
  /* the timestamp authority gave no token. Read its status and ask again. */
  YZ_AUTHORITY_DECLINED = 417,
  /* the answer is to another request. Supply the answer to this request. */
  YZ_NONCE_MISMATCH = 418,
  /* no chain to a certificate you trust. Add the authority's root, or what stands between, to the policy. */
  YZ_UNTRUSTED_CHAIN = 419,
  /* a certificate that was not valid at that time. Ask the authority for its certificate of that time. */
  YZ_CERTIFICATE_NOT_VALID = 420,
  /* a certificate that is not for this purpose. Use one that was issued for it. */
  YZ_WRONG_PURPOSE = 421,
  /* a certificate that was revoked. Rely on another authority or key. */
  YZ_CERTIFICATE_REVOKED = 422,
  /* the signer means another certificate. Supply the certificate that the signer names. */
  YZ_CERTIFICATE_MISMATCH = 423,
  /* the same business id with other content. Use a new id, or send the same content. */
  YZ_CONFLICT = 501,
  /* not in this ledger. Check the number. */
  YZ_NOT_FOUND = 502,
  /* the ledger is older than, or differs from, the head you hold. It was rolled back or cloned: continue in a new ledger after restore. */
  YZ_HEAD_MISMATCH = 503,
  /* a block does not follow from the one before. Keep the files as they are and run check. */
  YZ_CHAIN_BROKEN = 504,
  /* the dossier's next place is another one. Read the dossier's head and build the record again. */
  YZ_PLACE_TAKEN = 505,
  /* no entries wait for a block. Append first. */
  YZ_NOTHING_TO_SEAL = 506,
  /* the ledger is closed. Append to its successor. */
  YZ_LEDGER_CLOSED = 507,
  /* the key is not in force. Sign with the ledger key in force. */
  YZ_KEY_NOT_IN_FORCE = 508,
  /* the values were erased. Only the sealed digests remain. */
  YZ_ERASED = 509,
  /* a hold forbids this. Lift the hold first. */
  YZ_ON_HOLD = 510,
  /* the store failed. Check disk, permissions and the file system. */
  YZ_STORAGE = 601,
  /* another process holds this ledger. Close it there; one writer a ledger. */
  YZ_LOCKED = 602,
  /* stored bytes are damaged. Keep the files as they are and run check. */
  YZ_DAMAGED = 603,
  /* the store was written by a newer version. Use that version or a newer one. */
  YZ_SCHEMA_TOO_NEW = 604,
  /* the vault key does not open these values. Supply the key the values were wrapped with. */
  YZ_WRONG_VAULT_KEY = 605,
  /* no ledger is there. Create one, or check the path. */
  YZ_NOT_A_LEDGER = 606,
  /* the disk is full. Free some space; nothing was changed. */
  YZ_DISK_FULL = 607,
  /* a fault of the library. Report it with this message. */
  YZ_INTERNAL = 901
};


/*
 Bytes given by the library. Free them with yz_buffer_free, and with nothing else; until then the host may read and change
 them, and may copy this structure as it likes. Of no bytes, data is NULL.
 */
typedef struct yz_buffer {
  /*
   The bytes, or NULL.
   */
  uint8_t *data;
  /*
   How many.
   */
  size_t len;
} yz_buffer;

/*
 What went wrong. Nothing in it must be freed.
 */
typedef struct yz_error {
  /*
   The number of the error, as the function returned it; 0 for success.
   */
  uint32_t number;
  /*
   In English, what, where, and what to do: UTF-8, ends with a zero byte, cut where it is too long. Never holds values of
   fields, keys or passphrases. For the Chinese see yz_error_info.
   */
  char message[508];
} yz_error;

/*
 A reference to something in the library: a ledger, a key, a profile, a hash in the making, a sealer. Never 0, always below
 2^52. Close it with yz_close.
 */
typedef uint64_t yz_handle;

/*
 Bytes of the host, where a function takes several of them.
 */
typedef struct yz_slice {
  /*
   The bytes; may be NULL when len is 0.
   */
  const uint8_t *data;
  /*
   How many.
   */
  size_t len;
} yz_slice;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 Frees a buffer and wipes its bytes; then the structure holds no bytes. An empty one, or NULL, is fine.

 - Errors: 101 for bytes that the library never gave, or that were freed before (a copy of this structure): nothing
   else happens then.
 - Threads: any.
 */
uint32_t yz_buffer_free(struct yz_buffer *buffer,
                        struct yz_error *error);

/*
 How many buffers the host has not freed: a test for leaks.

 - Threads: any.
 */
uint64_t yz_buffer_count(void);

/*
 The version of this interface: major × 65,536 + minor. While the major version is 0, only equal numbers fit each other;
 afterwards a library fits every program that was built against the same major and a lower or equal minor version.
 Compare it with YZ_ABI_VERSION.

 - Threads: any.
 */
uint32_t yz_abi_version(void);

/*
 What this library is: {"version","format","store","seal"}; the last two say what this build can do.

 - Gives: reply (JSON).
 - Errors: 101 for a bad out pointer.
 - Threads: any.
 */
uint32_t yz_version(struct yz_buffer *reply, struct yz_error *error);

/*
 The limits of everything, by name, in JSON.

 - Gives: reply (JSON).
 - Errors: 101.
 - Threads: any.
 */
uint32_t yz_limits(struct yz_buffer *reply, struct yz_error *error);

/*
 The words of an error, in "zh" or "en" (also when empty): {"number","name","message","advice"}.

 - Gives: reply (JSON).
 - Errors: 101; 102 for a number that no error has, or another language.
 - Threads: any.
 */
uint32_t yz_error_info(uint32_t number,
                       const char *language,
                       size_t language_len,
                       struct yz_buffer *reply,
                       struct yz_error *error);

/*
 One value out of a reply or verdict, by JSON pointer (RFC 6901, such as "/places/0/number"), for
 programs without a JSON library. A text is given without quotes, null as no bytes, everything else as
 JSON.

 - Gives: value (UTF-8, no zero byte at its end).
 - Errors: 101; 309 for text that is not UTF-8; 502 when nothing stands there.
 - Threads: any.
 */
uint32_t yz_json_get(const char *json,
                     size_t json_len,
                     const char *pointer,
                     size_t pointer_len,
                     struct yz_buffer *value,
                     struct yz_error *error);

/*
 Closes a handle of any type. Calls on it that other threads have under way end as if nothing had
 happened; what the handle referred to (a ledger's file lock) is given up with the last of them.

 - Errors: 204 for a handle that is not open, 0 and one that was closed before included.
 - Threads: any.
 */
uint32_t yz_close(yz_handle handle, struct yz_error *error);

/*
 How many handles are open in this process: a test for leaks.

 - Threads: any.
 */
uint64_t yz_handle_count(void);

#if !defined(YZ_WITHOUT_STORE) && !defined(YZ_WITHOUT_SEAL)
/*
 A new vault key for "AES-256-GCM" (32 bytes) or "SM4-GCM" (16 bytes). The host keeps it in a key store:
 without it the values in the ledger cannot be opened again.

 - Gives: key (secret bytes; freeing wipes them).
 - Errors: 101, 102, 409.
 - Threads: any.
 */
uint32_t yz_vault_key_generate(const char *suite,
                               size_t suite_len,
                               struct yz_buffer *key,
                               struct yz_error *error);

/*
 Makes a new ledger in a new file. Block 0 is sealed by yz_ledger_begin and yz_ledger_commit like every
 other. request: {"hash":"SHA-256|SM3","key":{…},"custody","organisation", ?"certificates":[hex],
 ?"next_key":hex, ?"created":time,
 ?"continues":{"ledger_id","height","block_hash","sealed_digest","reason"},
 ?"environment":{"system","device","build","clock"}, ?"in_memory", ?"wrapped_by_host",
 ?"limits":{?"append_records", ?"waiting_entries"}}. custody: unknown, hardware, enclave, shield, hsm, hosted,
 one-time, co-signed or software. With "in_memory":true and an empty path nothing
 outlives the handle. A time is milliseconds since 1970, or {"captured":{"ms","offset_minutes"},"tier",…}
 (docs/ffi.md); without one the system's clock is read, and the claim says so. With "wrapped_by_host":true
 the host's HSM wraps every record's key (yz_ledger_draw_record_key), and vault_key keys the digests of
 business ids only. The limits hold until the handle is closed: records in one append (100,000 without a word),
 and entries that may wait for a block before records are refused with 104 (10,000,000).

 - Gives: ledger (a handle).
 - Errors: 101 (also for a file that is there), 102, 104, 3xx, 402, 409, 602, other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_create(const char *path,
                          size_t path_len,
                          const uint8_t *vault_key,
                          size_t vault_key_len,
                          const char *request,
                          size_t request_len,
                          yz_handle *ledger,
                          struct yz_error *error);

/*
 Opens a ledger's file. One handle in one process holds it for writing. vault_key may be empty: then
 values stay closed and no records are appended. request may be empty:
 {?"expected_head":{"height","block_hash"}, ?"environment":{…}, ?"now":time, ?"read_only":bool,
 ?"wrapped_by_host":bool, ?"limits":{…}}, limits as in yz_ledger_create. The expected head is the one that the
 host mirrored elsewhere; a store that is older, or another, is refused.

 - Gives: ledger (a handle).
 - Errors: 101, 102, 104, 309, 402; 503 for a rolled-back or cloned store; 602 when it is open elsewhere;
   603 when damaged; 604, 605, 606, 601.
 - Threads: any.
 */
uint32_t yz_ledger_open(const char *path,
                        size_t path_len,
                        const uint8_t *vault_key,
                        size_t vault_key_len,
                        const char *request,
                        size_t request_len,
                        yz_handle *ledger,
                        struct yz_error *error);

/*
 Makes a new ledger in a new file that goes on from another, which ends: at a rollover, after a restore, or
 when its key is lost. What the old one never sealed is taken over byte for byte, records that wait for a
 signature too. request: {"reason":"rollover|restore|key-lost|new-hash","create":{…}, ?"last_known":{…}}:
 create as for yz_ledger_create, without "continues"; last_known is what yz_ledger_head gave later than the
 restored store knows. Before a rollover note "closed" and seal that. reply:
 {"entries","held","left":[{"sequence","why"}]}.

 - Gives: ledger (a handle); reply (JSON, may be NULL).
 - Errors: as yz_ledger_create; 101 before block 0 and for a rollover that was not closed; 204, 205; 503 for
   another last_known; 605 for another vault key than the old ledger's. After an error throw the new file
   away.
 - Threads: any.
 */
uint32_t yz_ledger_continue(yz_handle old,
                            const char *path,
                            size_t path_len,
                            const uint8_t *vault_key,
                            size_t vault_key_len,
                            const char *request,
                            size_t request_len,
                            yz_handle *ledger,
                            struct yz_buffer *reply,
                            struct yz_error *error);

/*
 Appends a record: one business event, one call. When it returns, the record is durable; the next block
 seals it. request: {"profile":"id"|handle, "message":{…}, ?"business_id", ?"dossier":"D-…"|hex,
 ?"attachments":[{"field","media_type", ?"title", "path"|"digest":{…}}], ?"time", ?"cite":[{"digest",
 ?"relation"}], ?"supersedes":digest, ?"hash"}. Reply: {"sequence","digest","number","dossier",
 "preservation_number","place","replayed","missing":[name],"findings":[{"name","findings":[number]}]}.
 The same business id with the same content gives the same answer again.

 - Gives: reply (JSON).
 - Errors: 101, 102, 104, 203, 204, 205, 309; 103 for a field that must never be kept; 105 for the
   message; 501 for the business id with other content; 507, 605, other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_append(yz_handle ledger,
                          const char *request,
                          size_t request_len,
                          struct yz_buffer *reply,
                          struct yz_error *error);

/*
 Appends records in one durable step, all of them or none: a JSON array of requests, at most 100,000, and
 a JSON array of replies.

 - Gives: replies (JSON).
 - Errors: as yz_ledger_append; the message says which record was refused.
 - Threads: any.
 */
uint32_t yz_ledger_append_many(yz_handle ledger,
                               const char *requests,
                               size_t requests_len,
                               struct yz_buffer *replies,
                               struct yz_error *error);

/*
 Appends an entry that was made outside: a further signer's statement (yz_statement_finish), a key entry,
 an observed head, a renewal.

 - Gives: sequence.
 - Errors: 101, 203, 204, 205, 3xx; 314 for entries that have calls of their own; 4xx, 507, 508, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_append_entry(yz_handle ledger,
                                const uint8_t *entry,
                                size_t entry_len,
                                uint64_t *sequence,
                                struct yz_error *error);

/*
 Gives a record its place in a dossier, and the bytes that a party must sign over it. The request is that
 of yz_ledger_append with "signer":{"key","role", ?"issued_at", ?"kid", ?"displayed":digest,
 ?"audience":"ledger"|digest, ?"certificates":[hex]}. info says what is to be signed and by whom: "key",
 "digest_to_sign" (hex, for devices that take digests; null for Ed25519), and "id", under which
 yz_ledger_finish_statement takes the signature, after a restart if need be.

 - Gives: to_be_signed; info (JSON).
 - Errors: as yz_ledger_append.
 - Threads: any.
 */
uint32_t yz_ledger_hold_for_signature(yz_handle ledger,
                                      const char *request,
                                      size_t request_len,
                                      struct yz_buffer *to_be_signed,
                                      struct yz_buffer *info,
                                      struct yz_error *error);

/*
 The records that wait for a signature: a JSON array of infos, each with "to_be_signed" in hex.

 - Gives: reply (JSON).
 - Errors: 101, 204, 205, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_held(yz_handle ledger, struct yz_buffer *reply, struct yz_error *error);

/*
 Takes the signature of a held record (64 bytes or DER), verifies it, and appends the statement. The
 reply is that of yz_ledger_append.

 - Gives: reply (JSON).
 - Errors: 101, 203, 204, 205; 403, 404 for the signature, with what would have fitted: the record stays
   held; 502 for an id that is not held; 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_finish_statement(yz_handle ledger,
                                    uint64_t id,
                                    const uint8_t *signature,
                                    size_t signature_len,
                                    struct yz_buffer *reply,
                                    struct yz_error *error);

/*
 Drops a held record: a refused event takes its place. reason: "declined", "timed-out", "locked" or
 "withdrawn". time: a time in JSON, or empty for the system's clock.

 - Gives: sequence (of the event).
 - Errors: 101, 102, 203, 204, 205, 502, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_drop_statement(yz_handle ledger,
                                  uint64_t id,
                                  const char *reason,
                                  size_t reason_len,
                                  const char *time,
                                  size_t time_len,
                                  uint64_t *sequence,
                                  struct yz_error *error);

/*
 Fixes the next block over all entries that are not sealed, and gives the bytes to sign: the same ones
 until yz_ledger_commit, across restarts. now_s is seconds since 1970. info says what is to be signed and
 by whom: "key", "digest_to_sign" (hex, for devices that take digests; null for Ed25519), "height",
 "entries".

 - Gives: to_be_signed; info (JSON, may be NULL).
 - Errors: 101, 203, 204, 205; 506 when every entry is sealed; 507, 603, other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_begin(yz_handle ledger,
                         uint64_t now_s,
                         struct yz_buffer *to_be_signed,
                         struct yz_buffer *info,
                         struct yz_error *error);

/*
 The block that waits for its signature, as yz_ledger_begin gave it; no bytes when none waits.

 - Gives: to_be_signed; info (JSON, may be NULL).
 - Errors: 101, 204, 205, 603.
 - Threads: any.
 */
uint32_t yz_ledger_pending(yz_handle ledger,
                           struct yz_buffer *to_be_signed,
                           struct yz_buffer *info,
                           struct yz_error *error);

/*
 Takes the signature over the pending block (64 bytes or DER), verifies it with the key in force, and
 seals: {"height","block_hash", "sealed_digest","first_sequence","entries"}. Mirror height and block hash
 outside the store, for yz_ledger_open.

 - Gives: reply (JSON).
 - Errors: 101, 203, 204, 205; 201 when no block waits; 202 for the signature of the block before; 403,
   404 for another signature, with what would have fitted: the block stays pending; 603, other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_commit(yz_handle ledger,
                          const uint8_t *signature,
                          size_t signature_len,
                          struct yz_buffer *reply,
                          struct yz_error *error);

/*
 Whether a block is due: one is pending, max_entries wait, or the oldest waits for max_age_ms at now_ms.
 Zeros for the first two stand for 1,000 entries and 60 seconds.

 - Gives: due (1 or 0).
 - Errors: 101, 204, 205, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_due(yz_handle ledger,
                       uint64_t max_entries,
                       int64_t max_age_ms,
                       int64_t now_ms,
                       uint8_t *due,
                       struct yz_error *error);

/*
 How a ledger stands:
 {"ledger_id","hash","blocks","entries","unsealed","oldest_unsealed_ms","pending","held","closed","head"}.

 - Gives: reply (JSON).
 - Errors: 101, 204, 205, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_status(yz_handle ledger, struct yz_buffer *reply, struct yz_error *error);

/*
 The last signed block, for the host's mirror:
 {"ledger_id","height","block_hash","sealed_digest","next_sequence"}.

 - Gives: reply (JSON).
 - Errors: 101, 204, 205, 502 before block 0 is sealed.
 - Threads: any.
 */
uint32_t yz_ledger_head(yz_handle ledger, struct yz_buffer *reply, struct yz_error *error);

/*
 The state after the last block as bytes: for countersignatures, and to go on with detached sealing.

 - Gives: head.
 - Errors: 101, 204, 205, 502.
 - Threads: any.
 */
uint32_t yz_ledger_head_state(yz_handle ledger, struct yz_buffer *head, struct yz_error *error);

/*
 The exact bytes of an entry.

 - Gives: entry.
 - Errors: 101, 204, 205, 502, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_entry(yz_handle ledger,
                         uint64_t sequence,
                         struct yz_buffer *entry,
                         struct yz_error *error);

/*
 The receipt 回执 of a sealed entry (RFC 9942).

 - Gives: receipt.
 - Errors: 101, 204, 205; 502 for an entry that is not sealed; 603, other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_receipt(yz_handle ledger,
                           uint64_t sequence,
                           struct yz_buffer *receipt,
                           struct yz_error *error);

/*
 A block: its sealed bytes, which outsiders stamp and countersign, and what it claims.

 - Gives: block; info (JSON, may be NULL).
 - Errors: 101, 204, 205, 502, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_block(yz_handle ledger,
                         uint64_t height,
                         struct yz_buffer *block,
                         struct yz_buffer *info,
                         struct yz_error *error);

/*
 Up to count entries (at most 10,000) from sequence number first, as yz_inspect tells them, each with
 "sequence" and "height" (null while it is not sealed); a key entry also with its "kid", and the "previous"
 one that it replaces or ends.

 - Gives: reply (JSON).
 - Errors: 101, 204, 205, 104, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_list(yz_handle ledger,
                        uint64_t first,
                        uint64_t count,
                        struct yz_buffer *reply,
                        struct yz_error *error);

/*
 Up to count dossiers 证据链 (at most 10,000) above the one named, empty for the first:
 [{"dossier","preservation_number"}].

 - Gives: reply (JSON).
 - Errors: 101, 204, 205, 104, 108, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_dossiers(yz_handle ledger,
                            const char *after,
                            size_t after_len,
                            uint64_t count,
                            struct yz_buffer *reply,
                            struct yz_error *error);

/*
 A dossier by its id in hex or its preservation number 保全号:
 {"dossier","preservation_number","places":[{"place","sequence","digest","number"}]}; sequence is null
 while a record is held for signature.

 - Gives: reply (JSON).
 - Errors: 101, 204, 205, 108, 502, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_dossier(yz_handle ledger,
                           const char *dossier,
                           size_t dossier_len,
                           struct yz_buffer *reply,
                           struct yz_error *error);

/*
 What a preservation number 保全号 or record number 存证编号 leads to: {"kind":"dossier", …} as
 yz_ledger_dossier, or {"kind":"record","place", "sequence","digest","number","dossier"}.

 - Gives: reply (JSON).
 - Errors: 101, 204, 205, 108, 502, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_find(yz_handle ledger,
                        const char *number,
                        size_t number_len,
                        struct yz_buffer *reply,
                        struct yz_error *error);

/*
 What was sealed from a cursor on (empty: from the beginning), for whoever passes it on: to a timestamp
 authority, a notary, a platform, a customer. At most limit items, and at most 10,000:
 {"items":[{"next","height","sequence","kind",…}],"next"}. Keep "next" once all were dealt with, and hand it in
 again. kind: "block" ("block_hash","sealed_digest"; after the block's entries), "record"
 ("digest","number","dossier","preservation_number","place","signed_by"), "signed" ("record","role"), "key"
 ("action","role","kid"), "erased" ("records"), "hold" ("action","records"), "event" ("event"),
 "observed-head" ("ledger_id","of_height"), "other". No values and no persons are in it.

 - Gives: reply (JSON).
 - Errors: 101 for a cursor that the feed did not give; 204, 205; 503 for one beyond the head; 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_feed(yz_handle ledger,
                        const char *cursor,
                        size_t cursor_len,
                        uint64_t limit,
                        struct yz_buffer *reply,
                        struct yz_error *error);

/*
 The values of a record, for the host itself: [{"name","hex","findings","zh","en","disclosure"}];
 disclosure (hex) opens this value to whoever gets it.

 - Gives: reply (JSON, secret).
 - Errors: 101, 204, 205, 502; 509 when erased; 510 while disclosure is restricted; 605, other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_disclosures(yz_handle ledger,
                               uint64_t sequence,
                               struct yz_buffer *reply,
                               struct yz_error *error);

/*
 Makes a proof 证据 (.yzp) of a dossier or of single entries, showing chosen values: {"dossier"} or
 {"sequences":[…]}, with "disclose":"all"|"none"|"profile"|"for:court"|{"names":[…]}|{"classes":["C1"]} and
 ?"head":"newest"|"witnessed"|height. A timestamp or countersignature covers all records under the head of a
 proof: "witnessed" takes the newest block with one that has the records in its history. Later ones are not shown.

 - Gives: proof.
 - Errors: 101, 108, 204, 205; 502 for records that are not there or not sealed, and where there is no such head;
   605, other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_prove(yz_handle ledger,
                         const char *request,
                         size_t request_len,
                         struct yz_buffer *proof,
                         struct yz_error *error);

/*
 Proof that the block at height older is an ancestor of the one at height newer (docs/format.md §10).

 - Gives: proof.
 - Errors: 101 unless older is below newer; 204, 205, 502, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_consistency(yz_handle ledger,
                               uint64_t older,
                               uint64_t newer,
                               struct yz_buffer *proof,
                               struct yz_error *error);

/*
 Checks everything that is stored:
 {"blocks","entries","values","problems":[{"height","sequence","error","message"}]}. Takes as long as
 reading it all, and other calls on the ledger wait.

 - Gives: reply (JSON).
 - Errors: 101, 204, 205, 6xx only when the store cannot be read at all.
 - Threads: any.
 */
uint32_t yz_ledger_check(yz_handle ledger, struct yz_buffer *reply, struct yz_error *error);

/*
 The ledger keys, epoch by epoch: [{"kid","epoch","custody","since","ended","revoked","key"}], heights of
 blocks.

 - Gives: reply (JSON).
 - Errors: 101, 204, 205, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_keys(yz_handle ledger, struct yz_buffer *reply, struct yz_error *error);

/*
 Prepares the entry of a new key, whose holder must sign to show that he has it. Role "ledger" rotates
 the ledger key; "customer", "device" and "witness" enrol a key, or replace the one of "previous".
 request: {"role","key","custody","effective_ms", ?"previous":kid, ?"next_key":{key},
 ?"certificates":[hex], ?"attestation":{"format","bytes":hex}}. info says what is to be signed and by
 whom: "key", "digest_to_sign" (hex, for devices that take digests; null for Ed25519).

 - Gives: draft, to_be_signed; info (JSON, may be NULL).
 - Errors: 101, 102, 204, 205, 3xx, 402.
 - Threads: any.
 */
uint32_t yz_ledger_key_draft(yz_handle ledger,
                             const char *request,
                             size_t request_len,
                             struct yz_buffer *draft,
                             struct yz_buffer *to_be_signed,
                             struct yz_buffer *info,
                             struct yz_error *error);

/*
 Takes the new key's own signature over its draft, and appends the entry. A new ledger key is in force
 from the block after the one that seals it.

 - Gives: kid (32 bytes: the "kid" of what the key will sign).
 - Errors: 101, 203, 204, 205, 3xx; 403, 404 for the signature; 507, 508, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_key_finish(yz_handle ledger,
                              const uint8_t *draft,
                              size_t draft_len,
                              const uint8_t *signature,
                              size_t signature_len,
                              struct yz_buffer *kid,
                              struct yz_error *error);

/*
 Appends the end of a key:
 {"role","previous":kid,"reason":"retired|lost|compromised|superseded","effective_ms"}.

 - Gives: sequence.
 - Errors: 101, 102, 203, 204, 205, 507, 508, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_key_revoke(yz_handle ledger,
                              const char *request,
                              size_t request_len,
                              uint64_t *sequence,
                              struct yz_error *error);

/*
 Appends what happened to the ledger itself. "kind": "closed" (?"successor":{key}, the first key
 of the ledger that goes on, see yz_ledger_continue; nothing is appended afterwards), "clock" ("step_ms", ?"boot_before", ?"boot_after"), "restored"
 ("ledger_id","height","block_hash"), "damage" ("at","what":"block|entry|value"), "observed-head"
 (another ledger's "ledger_id","height","block_hash","sealed_digest"); each with ?"time".

 - Gives: sequence.
 - Errors: 101, 102, 203, 204, 205, 3xx, 507, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_note(yz_handle ledger,
                        const char *request,
                        size_t request_len,
                        uint64_t *sequence,
                        struct yz_error *error);

/*
 Compares both clocks with what was captured last, and appends a clock event where the wall clock was set by
 two seconds or more, or the machine was started again: for a host that wakes up, or hears that the clock
 was set. now: a time in JSON with "monotonic_ms" and "boot_id"; without them there is nothing to compare.

 - Gives: sequence (of the event; 0 for none).
 - Errors: 101, 203, 204, 205, 507, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_note_clock(yz_handle ledger,
                              const char *now,
                              size_t now_len,
                              uint64_t *sequence,
                              struct yz_error *error);

/*
 Keeps a word from outside beside a block ("height") or an entry ("sequence"), so that proofs carry it:
 {"height"|"sequence","kind":"countersignature|timestamp-token|platform-receipt","bytes":hex}; a
 platform's receipt may come as "receipt":{"platform","id", ?"transaction", ?"height", ?"block_hash",
 ?"time_ms", ?"court_transaction","raw":hex} instead of bytes.

 - Errors: 101, 102, 203, 204, 205, 3xx, 502, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_attach(yz_handle ledger, const char *request, size_t request_len, struct yz_error *error);

/*
 A request for a timestamp (RFC 3161) over a block or an entry: {"height"|"sequence", ?"hash":"SHA-256|SM3"}.
 POST what comes back to an authority as application/timestamp-query, and keep it until the answer is there.

 - Gives: query.
 - Errors: 101, 102, 204, 205, 401 in a build without X.509, 409, 502, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_timestamp_request(yz_handle ledger,
                                     const char *request,
                                     size_t request_len,
                                     struct yz_buffer *query,
                                     struct yz_error *error);

/*
 Takes the authority's answer (application/timestamp-reply) to a query and keeps the token beside its block or entry,
 so that proofs carry it: {"height"|"sequence", ?"policy":{…}}. With a policy the token's chain is checked now, and one
 that names no authority for timestamps refuses every token (419); without a policy that is left to whoever verifies.

 - Gives: info, {"time_ms","accuracy_ms","serial","policy","hash","imprint","token":hex}.
 - Errors: 101, 107, 203, 204, 205; 401, 403, 404, 407, 415 to 423 for the answer; 502, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_timestamp_attach(yz_handle ledger,
                                    const char *request,
                                    size_t request_len,
                                    const uint8_t *query,
                                    size_t query_len,
                                    const uint8_t *response,
                                    size_t response_len,
                                    struct yz_buffer *info,
                                    struct yz_error *error);

/*
 Erases values: keys and ciphertexts are destroyed, a tombstone is appended, every proof made before
 still verifies. request: {"records":[sequence]} or {"record":sequence,"names":[…]} or {"dossier"}, with
 "reason":"retention-over|persons-request|order|error", "reference" (only a salted commitment to it is
 sealed), ?"time". Reply: {"tombstones":[sequence],"records":[digest],"names"}.

 - Gives: reply (JSON).
 - Errors: 101, 102, 108, 203, 204, 205, 502; 509 when nothing is left; 510 while a hold stands; 602,
   605, other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_erase(yz_handle ledger,
                         const char *request,
                         size_t request_len,
                         struct yz_buffer *reply,
                         struct yz_error *error);

/*
 Which values of a dossier have been kept long enough, as their profiles say, and which have no time given:
 nothing is erased by this. request: {"dossier","now_ms", ?"relationship_end_ms", ?"transaction_end_ms",
 ?"certificate_expiry_ms"}, milliseconds since 1970; what has not happened yet is left out. Reply:
 [{"sequence","over":[name],"unbounded":[name],"held"}].

 - Gives: reply (JSON).
 - Errors: 101, 108, 204, 205, 313, 502, 605, other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_retention(yz_handle ledger,
                             const char *request,
                             size_t request_len,
                             struct yz_buffer *reply,
                             struct yz_error *error);

/*
 Suspends erasure of records ("set"), blocks their disclosure ("restrict"), or ends both ("lift"):
 {"action","records":[sequence], "reason":"dispute|investigation|audit|persons-request","reference",
 ?"time"}.

 - Gives: sequence.
 - Errors: 101, 102, 104, 203, 204, 205, 502, 605, other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_hold(yz_handle ledger,
                        const char *request,
                        size_t request_len,
                        uint64_t *sequence,
                        struct yz_error *error);

/*
 Moves every wrapped key to another vault key (32 or 16 bytes), which is in use afterwards:
 {"moved","moved_before","old_key"}. It may be interrupted and called again. time: a time in JSON, or
 empty for the system's clock.

 - Gives: reply (JSON).
 - Errors: 101, 203, 204, 205, 402, 605, other 6xx.
 - Threads: any; appending goes on meanwhile.
 */
uint32_t yz_ledger_rewrap(yz_handle ledger,
                          const uint8_t *new_vault_key,
                          size_t new_vault_key_len,
                          const char *time,
                          size_t time_len,
                          struct yz_buffer *reply,
                          struct yz_error *error);

/*
 Takes the host's word that no copy of an old vault key ("old_key" of yz_ledger_rewrap) is left anywhere,
 and seals it as an event.

 - Gives: sequence.
 - Errors: 101, 203, 204, 205, 502, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_confirm_destroyed(yz_handle ledger,
                                     const char *old_key,
                                     size_t old_key_len,
                                     const char *time,
                                     size_t time_len,
                                     uint64_t *sequence,
                                     struct yz_error *error);

/*
 Draws a record key for the host to wrap, for a ledger made and opened with "wrapped_by_host". Each record,
 tombstone and hold uses up one. A key whose wrapped form never comes is forgotten with the handle.

 - Gives: id; key (secret bytes; freeing wipes them).
 - Errors: 101 for a ledger that wraps its keys itself; 104 when 100,000 keys wait; 204, 205, 409, 605.
 - Threads: any.
 */
uint32_t yz_ledger_draw_record_key(yz_handle ledger,
                                   uint64_t *id,
                                   struct yz_buffer *key,
                                   struct yz_error *error);

/*
 Takes the wrapped form of a drawn key: 1 to 4,096 bytes, as the host's module gives it.

 - Gives: ready (how many keys are ready for records).
 - Errors: 101 for a form of another length; 204, 205; 502 for an id that does not wait; 605.
 - Threads: any.
 */
uint32_t yz_ledger_supply_wrapped_key(yz_handle ledger,
                                      uint64_t id,
                                      const uint8_t *wrapped,
                                      size_t wrapped_len,
                                      uint64_t *ready,
                                      struct yz_error *error);

/*
 The wrapped key of an entry's values, for the host to unwrap.

 - Gives: wrapped.
 - Errors: 101, 204, 205, 502; 509 when erased; 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_wrapped_key(yz_handle ledger,
                               uint64_t sequence,
                               struct yz_buffer *wrapped,
                               struct yz_error *error);

/*
 The values of a record as yz_ledger_disclosures gives them, opened with the record's own key, which the
 host unwrapped.

 - Gives: reply (JSON, secret).
 - Errors: 101, 204, 205, 502; 509 when erased; 510 while disclosure is restricted; 603 when the key is not
   this record's; other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_disclosures_with_key(yz_handle ledger,
                                        uint64_t sequence,
                                        const uint8_t *key,
                                        size_t key_len,
                                        struct yz_buffer *reply,
                                        struct yz_error *error);

/*
 Erases some values of one record where the host wraps the keys: request and reply as in yz_ledger_erase, with
 record and names; key is the record's own, which the host unwrapped. Two keys that were supplied are used up.

 - Gives: reply (JSON).
 - Errors: as yz_ledger_erase; 101 for another target, or a ledger that wraps its keys itself; 603 when the key
   is not this record's.
 - Threads: any.
 */
uint32_t yz_ledger_erase_with_key(yz_handle ledger,
                                  const char *request,
                                  size_t request_len,
                                  const uint8_t *key,
                                  size_t key_len,
                                  struct yz_buffer *reply,
                                  struct yz_error *error);

/*
 Puts another wrapped form of the same record key in place, for a host that moves to another wrapping key.
 When all are replaced, the old wrapping key can be destroyed.

 - Errors: 101, 204, 205, 502; 509 when erased; 605, other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_replace_wrapped_key(yz_handle ledger,
                                       uint64_t sequence,
                                       const uint8_t *wrapped,
                                       size_t wrapped_len,
                                       struct yz_error *error);

/*
 The blocks from height first to last, both included, as a sync bundle in memory.

 - Gives: bundle.
 - Errors: 101, 204, 205, 502, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_export(yz_handle ledger,
                          uint64_t first,
                          uint64_t last,
                          struct yz_buffer *bundle,
                          struct yz_error *error);

/*
 The same into a new file, block by block. A file that is there is not touched.

 - Errors: 101, 204, 205, 309, 502; 601 when the file cannot be made; other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_export_file(yz_handle ledger,
                               uint64_t first,
                               uint64_t last,
                               const char *path,
                               size_t path_len,
                               struct yz_error *error);

/*
 Takes a sync bundle into a replica: the file at path, made when it is not there. Every block is checked
 before it is kept: {"imported","known","height"}. Open the replica with "read_only".

 - Gives: reply (JSON).
 - Errors: 101 for another ledger's replica; 309, 3xx, 4xx; 504 for a gap or another branch; 6xx. Blocks
   before the one at fault are kept.
 - Threads: any.
 */
uint32_t yz_replica_import(const char *path,
                           size_t path_len,
                           const uint8_t *bundle,
                           size_t bundle_len,
                           struct yz_buffer *reply,
                           struct yz_error *error);

/*
 The same from a bundle's file, block by block.

 - Gives: reply (JSON).
 - Errors: as yz_replica_import; 601 when the file cannot be opened.
 - Threads: any.
 */
uint32_t yz_replica_import_file(const char *path,
                                size_t path_len,
                                const char *bundle_path,
                                size_t bundle_path_len,
                                struct yz_buffer *reply,
                                struct yz_error *error);

/*
 Proof of misbehaviour: what stands in the bundle at some height is another block than in this ledger or
 replica, and the same key signed both. Any verifier answers CONTRADICTED to it. For a bundle that
 yz_replica_import refused with 504: open the replica with "read_only".

 - Gives: proof (.yzp).
 - Errors: 101 for another ledger's bundle; 204, 205, 3xx; 404 for a block that the key did not sign; 502 when
   no block is another one; 504, 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_prove_fork(yz_handle ledger,
                              const uint8_t *bundle,
                              size_t bundle_len,
                              struct yz_buffer *proof,
                              struct yz_error *error);

/*
 Copies the ledger's file at from to a new file at to, as it stands at one moment, while others go on
 writing. What is erased later can still be read from the copy by whoever has the vault key, until
 yz_ledger_rewrap moved the ledger to another key and the old one was destroyed.

 - Errors: 101 when something is at to already; 309, 603, 604, 606; 601 and other 6xx.
 - Threads: any.
 */
uint32_t yz_ledger_backup(const char *from,
                          size_t from_len,
                          const char *to,
                          size_t to_len,
                          struct yz_error *error);

/*
 A new software key, "Ed25519", "P-256" or "SM2". It lives in this process's memory and is wiped when
 closed; its custody is always "software". Keys in hardware never come here: they sign outside, and only
 their signatures come back.

 - Gives: key (a handle).
 - Errors: 101, 102, 104; 409 without randomness.
 - Threads: any.
 */
uint32_t yz_key_generate(const char *algorithm, size_t algorithm_len, yz_handle *key, struct yz_error *error);

/*
 A software key out of the text of a PKCS#8 PEM file. An empty passphrase stands for a file that is not
 encrypted.

 - Gives: key (a handle).
 - Errors: 101, 104, 309; 401, 410 for the file.
 - Threads: any.
 */
uint32_t yz_key_from_pkcs8(const char *pem,
                           size_t pem_len,
                           const uint8_t *passphrase,
                           size_t passphrase_len,
                           yz_handle *key,
                           struct yz_error *error);

/*
 A software key as the text of an encrypted PKCS#8 PEM file that openssl opens.

 - Gives: pem (UTF-8; a secret as good as its passphrase).
 - Errors: 101, 204, 409.
 - Threads: any.
 */
uint32_t yz_key_to_pkcs8(yz_handle key,
                         const uint8_t *passphrase,
                         size_t passphrase_len,
                         struct yz_buffer *pem,
                         struct yz_error *error);

/*
 The public half of a software key, as yz_key_describe tells it.

 - Gives: reply (JSON).
 - Errors: 101, 204.
 - Threads: any.
 */
uint32_t yz_key_public(yz_handle key, struct yz_buffer *reply, struct yz_error *error);

/*
 Signs bytes in message form with a software key.

 - Gives: signature (64 bytes).
 - Errors: 101, 204.
 - Threads: any.
 */
uint32_t yz_key_sign(yz_handle key,
                     const uint8_t *message,
                     size_t message_len,
                     struct yz_buffer *signature,
                     struct yz_error *error);

/*
 Signs a digest of 32 bytes ("digest_to_sign" of a signing info) as it is: what devices do that take
 digests, and what their simulators need.

 - Gives: signature (64 bytes).
 - Errors: 101, 204; 401 for Ed25519.
 - Threads: any.
 */
uint32_t yz_key_sign_digest(yz_handle key,
                            const uint8_t *digest,
                            size_t digest_len,
                            struct yz_buffer *signature,
                            struct yz_error *error);
#endif

/*
 What is known of a public key. A key in a request is one of {"spki_pem"}, {"spki_der"}, {"cose_key"},
 {"raw","algorithm"} (hex but for PEM; algorithm Ed25519, P-256 or SM2), for SM2 with "sm2_id" (text) or
 "sm2_id_hex" where it is not the default user id. Reply:
 {"algorithm","cose_key","spki_der","thumbprint","sm2_id_hex","sm2_z"}.

 - Gives: reply (JSON).
 - Errors: 101, 102, 3xx; 401, 402 for a key that is not usable.
 - Threads: any.
 */
uint32_t yz_key_describe(const char *key, size_t key_len, struct yz_buffer *reply, struct yz_error *error);

/*
 The profiles 场景模板 that come with the library:
 [{"id","version","label","phase","fields","sha256","sm3"}].

 - Gives: reply (JSON).
 - Errors: 101.
 - Threads: any.
 */
uint32_t yz_profile_list(struct yz_buffer *reply, struct yz_error *error);

/*
 Reads a profile file of the host's own. Its handle, as a number, stands as "profile" in requests.

 - Gives: profile (a handle).
 - Errors: 101, 104, 106.
 - Threads: any.
 */
uint32_t yz_profile_load(const uint8_t *file, size_t file_len, yz_handle *profile, struct yz_error *error);

/*
 What yz_profile_list says, of one profile: an id, or the decimal digits of a handle.

 - Gives: reply (JSON).
 - Errors: 101, 102, 204.
 - Threads: any.
 */
uint32_t yz_profile_describe(const char *profile,
                             size_t profile_len,
                             struct yz_buffer *reply,
                             struct yz_error *error);

/*
 The exact bytes of a profile file.

 - Gives: file.
 - Errors: 101, 102, 204.
 - Threads: any.
 */
uint32_t yz_profile_file(const char *profile,
                         size_t profile_len,
                         struct yz_buffer *file,
                         struct yz_error *error);

/*
 Reads a business message (one JSON object) through a profile, and seals nothing:
 {"fields":[{"name","class","label","hex","findings","zh","en"}],"missing":[name]}.

 - Gives: reply (JSON).
 - Errors: 101, 102, 204; 103 for a field that must never be kept; 104, 105 for the message.
 - Threads: any.
 */
uint32_t yz_profile_read(const char *profile,
                         size_t profile_len,
                         const char *message,
                         size_t message_len,
                         struct yz_buffer *reply,
                         struct yz_error *error);

/*
 Reads a captured text as a type of profile files, such as "money" (in CNY): {"hex","findings","zh","en"}.

 - Gives: reply (JSON).
 - Errors: 101; 102 for another type; 308 for a text that is too long; 309.
 - Threads: any.
 */
uint32_t yz_value_read(const char *field_type,
                       size_t field_type_len,
                       const char *text,
                       size_t text_len,
                       struct yz_buffer *reply,
                       struct yz_error *error);

/*
 Verifies a proof 证据 (.yzp), over one ledger or several. What it finds is data: a verdict 核验结论 is given
 for any bytes, also for those that cannot be read. policy is JSON (docs/verdicts.md), or empty: then
 nothing is known from outside, and only integrity is checked. at_ms is the time that the verification is
 declared to be made at, milliseconds since 1970. form: "json" (also when empty; the same evidence,
 policy and time give the same bytes everywhere), "zh" or "en" for people.

 - Gives: verdict (UTF-8).
 - Errors: 101; 102 for another form; 107 for the policy.
 - Threads: any.
 */
uint32_t yz_verify_proof(const uint8_t *proof,
                         size_t proof_len,
                         const char *policy,
                         size_t policy_len,
                         int64_t at_ms,
                         const char *form,
                         size_t form_len,
                         struct yz_buffer *verdict,
                         struct yz_error *error);

/*
 Verifies a sync bundle, every block and entry of it. Otherwise as yz_verify_proof.

 - Gives: verdict (UTF-8).
 - Errors: 101, 102, 107.
 - Threads: any.
 */
uint32_t yz_verify_bundle(const uint8_t *bundle,
                          size_t bundle_len,
                          const char *policy,
                          size_t policy_len,
                          int64_t at_ms,
                          const char *form,
                          size_t form_len,
                          struct yz_buffer *verdict,
                          struct yz_error *error);

/*
 The same from a file, block by block.

 - Gives: verdict (UTF-8).
 - Errors: 101, 102, 107, 309; 601 when the file cannot be opened.
 - Threads: any.
 */
uint32_t yz_verify_bundle_file(const char *path,
                               size_t path_len,
                               const char *policy,
                               size_t policy_len,
                               int64_t at_ms,
                               const char *form,
                               size_t form_len,
                               struct yz_buffer *verdict,
                               struct yz_error *error);

/*
 One proof out of several (at most 1,024), usually one of each ledger of a dossier 证据链.

 - Gives: proof.
 - Errors: 101, 104; 501 for one ledger with two heads; 3xx.
 - Threads: any.
 */
uint32_t yz_proof_join(const struct yz_slice *proofs,
                       size_t proofs_count,
                       struct yz_buffer *proof,
                       struct yz_error *error);

/*
 The same proof with more values of one record shown. record is its digest ("sha256:…" or "sm3:…"),
 disclosures a JSON array of disclosures in hex (yz_ledger_disclosures, yz_record_make).

 - Gives: shown (a proof).
 - Errors: 101; 407 for a value that opens nothing in the record; 501, 502, 3xx.
 - Threads: any.
 */
uint32_t yz_proof_disclose(const uint8_t *proof,
                           size_t proof_len,
                           const char *record,
                           size_t record_len,
                           const char *disclosures,
                           size_t disclosures_len,
                           struct yz_buffer *shown,
                           struct yz_error *error);

/*
 A proof out of pieces that the host keeps itself (detached sealing), in any order, all bytes in hex:
 {"items":[{"entry","receipt", ?"disclosures":[]}],"profiles":[],"ledgers":[{"head",
 ?"history":[{"height","path"}]}], ?"outside":[]}.

 - Gives: proof.
 - Errors: 101; 3xx for pieces that do not belong together.
 - Threads: any.
 */
uint32_t yz_proof_assemble(const char *request,
                           size_t request_len,
                           struct yz_buffer *proof,
                           struct yz_error *error);

/*
 The verification kit of a record (its digest) or of an entry ("<ledger id>/<sequence number>"): files
 with which an expert checks every signature by openssl alone, [{"name","hex"}].

 - Gives: reply (JSON).
 - Errors: 101, 3xx, 401; 502 when the proof does not show it.
 - Threads: any.
 */
uint32_t yz_proof_kit(const uint8_t *proof,
                      size_t proof_len,
                      const char *about,
                      size_t about_len,
                      struct yz_buffer *reply,
                      struct yz_error *error);

/*
 A page for people who decide, made of a verdict (form "json"): one offline HTML file without script, or a
 table. request: {"kind":"certificate"|"signing"|"list"|"list.csv"|"annex"|"receipt", "lang":"zh"|"en",
 ?"full" (else values are masked), ?"number", ?"issuer", ?"applicant", ?"purpose",
 ?"originals":[{"size","sha256","sm3"}]}; an annex takes "contract":{"size","sha256","sm3"}, a receipt
 "record":"R-…". The same verdict and request give the same bytes. docs/evidence-in-court.md.

 - Gives: page (UTF-8).
 - Errors: 101; 102 for the kind or language; 104, 109 for the verdict; 401 in a build without pages; 407 for a
   contract that no record holds; 502 for a record that it does not show or nobody signed.
 - Threads: any.
 */
uint32_t yz_verdict_paper(const uint8_t *verdict,
                          size_t verdict_len,
                          const char *request,
                          size_t request_len,
                          struct yz_buffer *page,
                          struct yz_error *error);

/*
 What a platform that takes digests into its chain wants to be told of a record (its digest) that the proof
 shows, as JSON for the host to send. platform: "antchain", "esign", "btoe", "baidu", "bjca", "cmevi",
 "p3211", "fisco" (docs/privacy.md). What it answers is kept by yz_ledger_attach as a platform's receipt.

 - Gives: reply (JSON, with the values that the proof discloses where the platform takes some).
 - Errors: 101 where the platform takes a party's signature and there is none; 102; 104 for more values than
   it takes; 3xx; 502 when the proof does not show the record.
 - Threads: any.
 */
uint32_t yz_proof_deposit(const uint8_t *proof,
                          size_t proof_len,
                          const char *record,
                          size_t record_len,
                          const char *platform,
                          size_t platform_len,
                          struct yz_buffer *reply,
                          struct yz_error *error);

/*
 Both digests of an attachment: {"size","sha256","sm3"}. Put the reply as "digest" into an attachment of
 yz_ledger_append.

 - Gives: reply (JSON).
 - Errors: 101.
 - Threads: any.
 */
uint32_t yz_hash_bytes(const uint8_t *bytes,
                       size_t bytes_len,
                       struct yz_buffer *reply,
                       struct yz_error *error);

/*
 The same of a file, read once with constant memory.

 - Gives: reply (JSON).
 - Errors: 101; 309 for a path that is not UTF-8; 601 when it cannot be read.
 - Threads: any.
 */
uint32_t yz_hash_file(const char *path, size_t path_len, struct yz_buffer *reply, struct yz_error *error);

/*
 The same of everything that a file descriptor gives from where it stands. The descriptor stays open and the host's; what was
 read is read.

 - Gives: reply (JSON).
 - Errors: 101; 601 when it cannot be read, or on systems without file descriptors.
 - Threads: any, but nobody else may use or close the descriptor meanwhile.
 */
uint32_t yz_hash_fd(int32_t fd,
                    struct yz_buffer *reply,
                    struct yz_error *error);

/*
 Starts both digests of bytes that come in pieces: yz_hash_update for each, then yz_hash_finish, then
 yz_close.

 - Gives: hash (a handle).
 - Errors: 101; 104 when too many handles are open.
 - Threads: any.
 */
uint32_t yz_hash_begin(yz_handle *hash, struct yz_error *error);

/*
 Takes the next piece.

 - Errors: 101; 204, also after yz_hash_finish.
 - Threads: any; pieces of several threads come in any order.
 */
uint32_t yz_hash_update(yz_handle hash, const uint8_t *piece, size_t piece_len, struct yz_error *error);

/*
 Ends both digests: {"size","sha256","sm3"}. The handle must still be closed.

 - Gives: reply (JSON).
 - Errors: 101; 204, also the second time.
 - Threads: any.
 */
uint32_t yz_hash_finish(yz_handle hash, struct yz_buffer *reply, struct yz_error *error);

/*
 Reads a piece of the format, strictly, and says what is in it; what stands beside it (JSON, may be empty) is
 checked too. kind:

 - "item", "digest", "value", "disclosure", "cose-key", "time", "message" (a COSE_Sign1): one item of that form;
   "number": a preservation number 保全号 or record number 存证编号 as people type it; "entry": any entry;
   "head": the state after a block; "proof": its form only, see yz_verify_proof.
 - "consistency" (yz_ledger_consistency), with {"after":head} at or above its newer block, whose keys verify it.
 - "record", with {"disclosures":[hex]} that must open its commitments.
 - "key", a key entry, with {"ledger_id"}, or without for the one in genesis; "key-chain", no bytes, with
   {"ledger_id","first","entries":[hex],"heights":[…]}.
 - "statement" and "countersignature", with the {"key"} that verifies it; "receipt", with {"entry","key"}.
 - "block", with {"entries":[hex],"after":head}; "bundle", with {"after":head}. They also give "head" (hex).
 - "to-be-signed", the bytes that a signer is asked to sign, with the {"key"} that is asked: "what" they are ("statement",
   "possession", "block", "countersignature"), of a statement what was "displayed", and the "digest_to_sign" of that key.

 Facts are in the form of tests/vectors/README.md: the format's numbers, bytes in hex.

 - Gives: reply (JSON).
 - Errors: 101; 102 for another kind; 108 for a number; 3xx, 4xx, 5xx for bytes that are not exactly that, or do not
   fit what stands beside them.
 - Threads: any.
 */
uint32_t yz_inspect(const char *kind,
                    size_t kind_len,
                    const uint8_t *bytes,
                    size_t bytes_len,
                    const char *beside,
                    size_t beside_len,
                    struct yz_buffer *reply,
                    struct yz_error *error);

/*
 The digest of bytes under "SHA-256" or "SM3".

 - Gives: digest (32 bytes).
 - Errors: 101, 102.
 - Threads: any.
 */
uint32_t yz_digest(const char *hash,
                   size_t hash_len,
                   const uint8_t *bytes,
                   size_t bytes_len,
                   struct yz_buffer *digest,
                   struct yz_error *error);

/*
 Checks a signature over a message, and gives it in its one form, 64 bytes. key is a key in JSON, see
 yz_key_describe. form says what is accepted: "given" (64 bytes or DER; a high s is turned into the low
 one), "sealed" (exactly as this library seals it), or "outside" (64 bytes, a high s passes).

 - Gives: normal (64 bytes).
 - Errors: 101, 102; 402 for the key; 403, 406 for another form; 404 when it does not fit.
 - Threads: any.
 */
uint32_t yz_check_signature(const char *key,
                            size_t key_len,
                            const uint8_t *message,
                            size_t message_len,
                            const uint8_t *signature,
                            size_t signature_len,
                            const char *form,
                            size_t form_len,
                            struct yz_buffer *normal,
                            struct yz_error *error);

/*
 The root of an RFC 9162 tree over leaf hashes of 32 bytes, one after the other.

 - Gives: root (32 bytes).
 - Errors: 101, 102.
 - Threads: any.
 */
uint32_t yz_tree_root(const char *hash,
                      size_t hash_len,
                      const uint8_t *leaf_hashes,
                      size_t leaf_hashes_len,
                      struct yz_buffer *root,
                      struct yz_error *error);

/*
 Checks an RFC 9162 inclusion path (nodes of 32 bytes, one after the other) from a leaf hash to the root
 of a tree.

 - Errors: 101, 102; 313 for an index or size out of range; 317 for a path of another length; 408 when it
   leads elsewhere.
 - Threads: any.
 */
uint32_t yz_check_inclusion(const char *hash,
                            size_t hash_len,
                            const uint8_t *leaf_hash,
                            size_t leaf_hash_len,
                            uint64_t index,
                            uint64_t size,
                            const uint8_t *path,
                            size_t path_len,
                            const uint8_t *root,
                            size_t root_len,
                            struct yz_error *error);

/*
 Checks an RFC 9162 consistency path between two roots of one growing tree.

 - Errors: as yz_check_inclusion.
 - Threads: any.
 */
uint32_t yz_check_consistency(const char *hash,
                              size_t hash_len,
                              uint64_t first_size,
                              uint64_t second_size,
                              const uint8_t *first_root,
                              size_t first_root_len,
                              const uint8_t *second_root,
                              size_t second_root_len,
                              const uint8_t *path,
                              size_t path_len,
                              struct yz_error *error);

#if !defined(YZ_WITHOUT_SEAL)
/*
 The first two entries of a ledger that the host keeps itself (detached sealing). The request is that of
 yz_ledger_create, without "in_memory". info: {"ledger_id","key"}.

 - Gives: genesis, opened (entries); info (JSON, may be NULL).
 - Errors: 101, 102, 3xx, 402, 409.
 - Threads: any.
 */
uint32_t yz_genesis_make(const char *request,
                         size_t request_len,
                         struct yz_buffer *genesis,
                         struct yz_buffer *opened,
                         struct yz_buffer *info,
                         struct yz_error *error);

/*
 A record for detached sealing. The request is that of yz_ledger_append with "place" and, above place 0,
 "dossier" and "predecessor" (the digest of the record before); "hash" is SHA-256 unless it says
 otherwise. The reply is that of yz_ledger_append with "disclosures" (hex), which open the record's
 values and are for the host to keep as secrets.

 - Gives: entry; reply (JSON).
 - Errors: as yz_ledger_append, but 5xx and 6xx.
 - Threads: any.
 */
uint32_t yz_record_make(const char *request,
                        size_t request_len,
                        struct yz_buffer *entry,
                        struct yz_buffer *reply,
                        struct yz_error *error);

/*
 A sealer: head (empty before block 0) and the entries of the next block, without a store. Then
 yz_sealer_add for each entry, yz_sealer_prepare, the host stores the draft and has its bytes signed,
 yz_sealer_finish, and the host stores block and new head in one transaction that compares its head row
 with the head given here. After a crash the same head, entries and draft go on from there. Once its
 draft is stored, a block is the only one ever offered at its height.

 - Gives: sealer (a handle).
 - Errors: 101, 104; 3xx, 4xx for bytes that are no head.
 - Threads: any.
 */
uint32_t yz_sealer_open(const uint8_t *head, size_t head_len, yz_handle *sealer, struct yz_error *error);

/*
 Adds the next entry: where there is no head, genesis first; never a link.

 - Errors: 101, 204; 104 for one over 65,535 bytes.
 - Threads: any, in the order of the calls.
 */
uint32_t yz_sealer_add(yz_handle sealer, const uint8_t *entry, size_t entry_len, struct yz_error *error);

/*
 Fixes the block over the added entries. begun_at is seconds since 1970. info says what is to be signed
 and by whom: "key", "digest_to_sign" (hex, for devices that take digests; null for Ed25519), "height",
 "entries".

 - Gives: draft (store it before anybody signs), to_be_signed; info (JSON, may be NULL).
 - Errors: 101, 204; 506 without entries; 504, 507, 508, 3xx, 4xx for entries that the ledger's rules
   refuse.
 - Threads: any.
 */
uint32_t yz_sealer_prepare(yz_handle sealer,
                           uint64_t begun_at,
                           struct yz_buffer *draft,
                           struct yz_buffer *to_be_signed,
                           struct yz_buffer *info,
                           struct yz_error *error);

/*
 Takes the signature over a draft (64 bytes or DER), verifies it, and seals; also in another process,
 given the same head and entries. info:
 {"height","block_hash","sealed_digest","first_sequence","entries","history_leaf"}.

 - Gives: block, head (to be stored together); info (JSON, may be NULL).
 - Errors: 101, 204; 202 when head, entries and draft do not belong together; 403, 404 for the signature;
   3xx.
 - Threads: any.
 */
uint32_t yz_sealer_finish(yz_handle sealer,
                          const uint8_t *draft,
                          size_t draft_len,
                          const uint8_t *signature,
                          size_t signature_len,
                          struct yz_buffer *block,
                          struct yz_buffer *head,
                          struct yz_buffer *info,
                          struct yz_error *error);

/*
 The receipt 回执 of one leaf of a block that this sealer's head and entries lead to. Leaf 0 is the link
 (in block 0: genesis), so the first added entry is leaf 1 (in block 0: leaf 0).

 - Gives: receipt.
 - Errors: 101, 204, 3xx; 404, 504 for another block; 313 for a leaf that it does not have.
 - Threads: any.
 */
uint32_t yz_sealer_receipt(yz_handle sealer,
                           const uint8_t *block,
                           size_t block_len,
                           uint64_t leaf,
                           struct yz_buffer *receipt,
                           struct yz_error *error);

/*
 The path of the block at a height in the history tree: leaves are the "history_leaf" bytes of all blocks
 below the head, 32 each. A proof needs one for every block it shows besides the head's.

 - Gives: path (nodes of 32 bytes).
 - Errors: 101, 102, 313.
 - Threads: any.
 */
uint32_t yz_history_path(const char *hash,
                         size_t hash_len,
                         const uint8_t *leaves,
                         size_t leaves_len,
                         uint64_t height,
                         struct yz_buffer *path,
                         struct yz_error *error);

/*
 Prepares a statement 签署声明, a party's signature over a record: over the record's bytes (detached sealing,
 the first signer), or, where record is empty, over its digest (each further signer). request:
 {"signer":{"key","role", ?"issued_at", ?"kid", ?"displayed", ?"audience", ?"certificates":[hex]},
 ?"record":"sha256:…"}. role: customer, device, lender, witness, platform, agent, guarantor, teller,
 notary or customers-bank. info says what is to be signed and by whom: "key", "digest_to_sign" (hex, for
 devices that take digests; null for Ed25519).

 - Gives: draft (holds no secret), to_be_signed; info (JSON, may be NULL).
 - Errors: 101, 102, 104, 3xx, 402.
 - Threads: any.
 */
uint32_t yz_statement_draft(const uint8_t *record,
                            size_t record_len,
                            const char *request,
                            size_t request_len,
                            struct yz_buffer *draft,
                            struct yz_buffer *to_be_signed,
                            struct yz_buffer *info,
                            struct yz_error *error);

/*
 Takes the signature over a statement's draft (64 bytes or DER) and verifies it.

 - Gives: entry (for yz_ledger_append_entry or yz_sealer_add).
 - Errors: 101; 403, 404 for the signature; 3xx for the draft.
 - Threads: any.
 */
uint32_t yz_statement_finish(const uint8_t *draft,
                             size_t draft_len,
                             const uint8_t *signature,
                             size_t signature_len,
                             struct yz_buffer *entry,
                             struct yz_error *error);

/*
 Prepares a countersignature 会签 over a ledger's head (yz_ledger_head_state) by a node, a notary or
 another bank: {"key", "claim":"seen|extends","issuer", ?"role", ?"time"}. info says what is to be signed
 and by whom: "key", "digest_to_sign" (hex, for devices that take digests; null for Ed25519).

 - Gives: draft, to_be_signed; info (JSON, may be NULL).
 - Errors: 101, 102, 3xx, 402.
 - Threads: any.
 */
uint32_t yz_countersignature_draft(const uint8_t *head,
                                   size_t head_len,
                                   const char *request,
                                   size_t request_len,
                                   struct yz_buffer *draft,
                                   struct yz_buffer *to_be_signed,
                                   struct yz_buffer *info,
                                   struct yz_error *error);

/*
 Takes the signature over a countersignature's draft and verifies it.

 - Gives: message (for yz_ledger_attach, in hex).
 - Errors: 101; 403, 404 for the signature; 3xx.
 - Threads: any.
 */
uint32_t yz_countersignature_finish(const uint8_t *draft,
                                    size_t draft_len,
                                    const uint8_t *signature,
                                    size_t signature_len,
                                    struct yz_buffer *message,
                                    struct yz_error *error);
#endif

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* YINZHENG_H */
