"""The same story in Python over the C library: ctypes, no package. Bytes are signed by the program openssl, a process of its own.

    python3 story.py FOLDER STORY       (YINZHENG_LIBRARY: path of the shared library)
"""

import ctypes
import json
import os
import subprocess
import sys
import time


class Buffer(ctypes.Structure):
    _fields_ = [("data", ctypes.POINTER(ctypes.c_uint8)), ("len", ctypes.c_size_t)]


class Error(ctypes.Structure):
    _fields_ = [("number", ctypes.c_uint32), ("message", ctypes.c_char * 508)]


class Refused(Exception):
    """An error of the library: its number, and its words."""


class Yinzheng:
    """Calls by name: bytes and texts go in with their length, integers as they are, and what the call gives is returned."""

    def __init__(self, path):
        self.shared = ctypes.CDLL(path)
        self.shared.yz_abi_version.restype = ctypes.c_uint32
        self.shared.yz_buffer_count.restype = ctypes.c_uint64
        self.shared.yz_handle_count.restype = ctypes.c_uint64

    def call(self, name, *inputs, gives=()):
        """`gives` lists the outs: Buffer or ctypes.c_uint64."""
        arguments = []
        for value in inputs:
            if isinstance(value, (dict, list)):
                value = json.dumps(value, ensure_ascii=False)
            if isinstance(value, str):
                value = value.encode()
            if isinstance(value, bytes):
                arguments += [ctypes.c_char_p(value), ctypes.c_size_t(len(value))]
            else:
                # Handles, heights and times alike have 64 bits.
                arguments.append(ctypes.c_uint64(value))
        outs = [kind() for kind in gives]
        error = Error()
        arguments += [ctypes.byref(out) for out in outs] + [ctypes.byref(error)]
        if getattr(self.shared, name)(*arguments) != 0:
            raise Refused(f"{name}: {error.message.decode()}")
        given = [self.take(out) if isinstance(out, Buffer) else out.value for out in outs]
        return given[0] if len(given) == 1 else given

    def take(self, buffer):
        taken = ctypes.string_at(buffer.data, buffer.len) if buffer.len else b""
        self.shared.yz_buffer_free(ctypes.byref(buffer), None)
        return taken


class Signer:
    """ECDSA P-256 by the program openssl: the library never sees the key."""

    def __init__(self, path):
        self.path = path
        self.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)

    def run(self, *arguments, given=b""):
        return subprocess.run(["openssl", *arguments], input=given, check=True, stdout=subprocess.PIPE).stdout

    def public(self):
        return {"spki_der": self.run("pkey", "-in", self.path, "-pubout", "-outform", "DER").hex()}

    def sign(self, message):
        return self.run("dgst", "-sha256", "-sign", self.path, given=message)


def main(folder, story):
    yz = Yinzheng(os.environ.get("YINZHENG_LIBRARY", "libyinzheng.so"))
    bank, customer = Signer(f"{folder}/bank.pem"), Signer(f"{folder}/customer.pem")
    path = f"{folder}/ledger.db"

    def message(name):
        with open(f"{story}/messages/{name}", encoding="utf-8") as file:
            return json.load(file)

    def seal(ledger):
        to_be_signed, _ = yz.call("yz_ledger_begin", ledger, int(time.time()), gives=[Buffer, Buffer])
        return json.loads(yz.call("yz_ledger_commit", ledger, bank.sign(to_be_signed), gives=[Buffer]))

    # Open.
    vault_key = yz.call("yz_vault_key_generate", "SM4-GCM", gives=[Buffer])
    request = {"hash": "SHA-256", "key": bank.public(), "custody": "software", "organisation": "示范商业银行股份有限公司"}
    ledger = yz.call("yz_ledger_create", path, vault_key, request, gives=[ctypes.c_uint64])
    seal(ledger)

    # The customer signs the loan note, the bank pays out.
    note = json.loads(yz.call("yz_hash_file", f"{story}/attachments/loan-note.txt", gives=[Buffer]))
    request = {
        "profile": "will.drawdown",
        "message": message("12-will-drawdown.json"),
        "attachments": [{"field": "doc.file", "media_type": "text/plain", "title": "借据", "digest": note}],
        "signer": {"key": customer.public(), "role": "customer", "audience": "ledger", "displayed": f"sha256:{note['sha256']}"},
    }
    to_be_signed, info = yz.call("yz_ledger_hold_for_signature", ledger, request, gives=[Buffer, Buffer])
    held = json.loads(info)["id"]
    confirmed = json.loads(yz.call("yz_ledger_finish_statement", ledger, held, customer.sign(to_be_signed), gives=[Buffer]))
    request = {
        "profile": "loan.disbursement",
        "message": message("13-disbursement.json"),
        "dossier": confirmed["dossier"],
        "cite": [{"digest": confirmed["digest"]}],
        "attachments": [
            {"field": "repay.schedule", "media_type": "text/csv", "path": f"{story}/attachments/repayment-schedule.csv"}
        ],
    }
    record = json.loads(yz.call("yz_ledger_append", ledger, request, gives=[Buffer]))
    sealed = seal(ledger)

    # Prove, and verify.
    proof = yz.call("yz_ledger_prove", ledger, {"dossier": record["dossier"], "disclose": "profile"}, gives=[Buffer])
    with open(f"{folder}/disbursement.yzp", "wb") as file:
        file.write(proof)
    status = json.loads(yz.call("yz_ledger_status", ledger, gives=[Buffer]))
    policy = {"ledgers": [{"id": status["ledger_id"].split(":")[1], "hash": "SHA-256", "name": "示范商业银行"}]}
    verdict = json.loads(yz.call("yz_verify_proof", proof, policy, int(time.time() * 1000), "json", gives=[Buffer]))
    yz.call("yz_close", ledger)

    print(record["preservation_number"], record["number"], f"block {sealed['height']}")
    for line in verdict["summary"]:
        print(line["en"])
    left = yz.shared.yz_buffer_count() + yz.shared.yz_handle_count()
    return 0 if verdict["summary"][0]["id"] == "origin-checked" and left == 0 else 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
