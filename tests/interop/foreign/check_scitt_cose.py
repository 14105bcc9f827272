"""scitt-cose (PyPI) over kits: RFC 9942 receipts, tree included, and signed statements.

    python check_scitt_cose.py KIT …
"""

from scitt_cose.receipt import verify_receipt
from scitt_cose.statement import parse_signed_statement

from kit import Checks, Kit, kits, spoilt


def receipts(checks: Checks, kit: Kit) -> None:
    receipt, entry, key = kit.read("receipt.cbor"), kit.read("entry.cbor"), kit.read("block-key.pem")

    def verify(receipt: bytes, entry: bytes) -> bool:
        return verify_receipt(receipt, leaf_entry_hex=entry.hex(), log_public_key_pem=key).ok

    if kit.is_sm2() or not kit.is_sha256():
        checks.refuses(f"{kit.name}: a receipt of SM2 or SM3, which it does not know", lambda: verify(receipt, entry))
        return
    checks.accepts(f"{kit.name}: receipt", lambda: verify(receipt, entry))
    checks.refuses(f"{kit.name}: entry", lambda: verify(receipt, spoilt(entry)))
    for at in (-1, 60, len(receipt) // 2):
        checks.refuses(f"{kit.name}: receipt at {at}", lambda at=at: verify(spoilt(receipt, at), entry))


def statements(checks: Checks, kit: Kit) -> None:
    if kit.is_sm2():
        return
    for name in kit.named("statement-*-key.pem"):
        message, key = kit.read(f"{name}.cbor"), kit.read(f"{name}-key.pem")

        def verify(message: bytes, key: bytes = key) -> bool:
            return parse_signed_statement(message, public_key_pem=key)["signature_verified"] is True

        checks.accepts(f"{kit.name}: {name}", lambda message=message: verify(message))
        checks.refuses(f"{kit.name}: {name}", lambda message=message: verify(spoilt(message)))
        checks.refuses(f"{kit.name}: {name} in the middle",
                       lambda message=message: verify(spoilt(message, len(message) // 2)))


def main() -> None:
    checks = Checks("scitt-cose")
    for kit in kits():
        receipts(checks, kit)
        statements(checks, kit)
    checks.end()


if __name__ == "__main__":
    main()
