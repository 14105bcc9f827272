"""The lists of numbers of the format, with the words the page gives them."""

# §2, §3
SHA256, SM3 = -16, -66003
HASHES = {SHA256: "SHA-256", SM3: "SM3"}
ED25519, P256, SM2 = -8, -7, -66002
SIGNATURES = {ED25519: "Ed25519", P256: "P-256 with SHA-256", SM2: "SM2 with SM3"}
CURVE_ED25519, CURVE_P256, CURVE_SM2 = 6, 1, -66006
VDS = {1: SHA256, -66005: SM3}
SM2_DEFAULT_ID = b"1234567812345678"

TYP_BLOCK = "application/vnd.yinzheng.block+cose"
TYP_STATEMENT = "application/vnd.yinzheng.statement+cose"
TYP_COUNTERSIGNATURE = "application/vnd.yinzheng.countersignature+cose"
TYP_POSSESSION = "application/vnd.yinzheng.possession+cose"
CONTENT_RECORD = "application/vnd.yinzheng.record+cbor"
CONTENT_REFERENCE = "application/vnd.yinzheng.reference+cbor"

# §4
TIERS = {0: "declared", 1: "device", 2: "gnss", 3: "ntp", 4: "server", 5: "chain", 6: "tsa"}
NOT_BEFORE = {1: "signed nonce", 2: "block", 3: "timestamp token"}

# §5
KINDS = {0: "link", 1: "genesis", 2: "record", 3: "key", 4: "tombstone", 5: "hold",
         6: "event", 7: "observed head", 8: "renewal"}
PAYLOAD_KINDS = {9: "reference", 10: "countersignature payload"}
CONTINUE_REASONS = {1: "rollover", 2: "restore", 3: "key lost", 4: "new hash"}

# §5.1
ENROL, ROTATE, REVOKE = 1, 2, 3
ACTIONS = {ENROL: "enrol", ROTATE: "rotate", REVOKE: "revoke"}
KEY_LEDGER, KEY_CUSTOMER, KEY_DEVICE, KEY_WITNESS = 1, 2, 3, 4
KEY_ROLES = {1: "ledger", 2: "customer", 3: "device", 4: "witness"}
CUSTODY = {0: "unknown", 1: "hardware", 2: "enclave", 3: "shield", 4: "hsm", 5: "hosted",
           6: "one-time", 7: "co-signed", 8: "software"}
LOST, COMPROMISED = 2, 3
REVOKE_REASONS = {1: "retired", 2: "lost", 3: "compromised", 4: "superseded"}

# §5.2, §5.3
PREDECESSOR = 0
CONSENT = 2
RELATIONS = {0: "predecessor", 1: "reference", 2: "consent relied on", 3: "attached evidence"}
ROLES = {1: "customer", 2: "device", 3: "lender", 4: "witness", 5: "platform", 6: "agent",
         7: "guarantor", 8: "teller", 9: "notary", 10: "customer's bank"}

# §5.1: which statement roles a key entry speaks for
SPEAKS_FOR = {KEY_LEDGER: (3, 5, 8), KEY_CUSTOMER: (1, 6, 7), KEY_DEVICE: (2,),
              KEY_WITNESS: (4, 8, 9, 10)}

# §5.4
TOMBSTONE_REASONS = {1: "retention over", 2: "request of the person", 3: "court or authority",
                     4: "error"}
HOLD_ACTIONS = {1: "set", 2: "lift", 3: "restrict"}
HOLD_REASONS = {1: "dispute", 2: "investigation", 3: "audit", 4: "request of the person"}
OPENED, CLOSED, CLOCK, RESTORED, REFUSED_EVENT, DAMAGE, VAULT = range(1, 8)
EVENTS = {1: "opened", 2: "closed", 3: "clock", 4: "restored", 5: "refused", 6: "damage",
          7: "vault"}
REFUSE_REASONS = {1: "declined", 2: "timed out", 3: "locked", 4: "withdrawn"}

# §6
VALUE_TYPES = {0: "text", 1: "integer", 2: "decimal", 3: "money", 4: "rate", 5: "instant",
               6: "date", 7: "flag", 8: "code", 9: "geo", 10: "attachment", 11: "bytes",
               12: "masked"}

# §9
COUNTERSIGNATURE, TOKEN, PLATFORM_RECEIPT = 1, 2, 3
OUTSIDE_KINDS = {1: "countersignature", 2: "rfc3161 token", 3: "platform receipt"}
TARGET_BLOCK, TARGET_ENTRY = 1, 2
TARGETS = {1: "block", 2: "entry"}
SEEN_CLAIMS = {1: "seen", 2: "extends what I hold"}
