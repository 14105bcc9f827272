"""pycose (PyPI) over kits: signatures of receipts, statements and countersignatures. It knows no trees: the root is given.

    python check_pycose.py KIT …
"""

from typing import Optional

from pycose.keys import CoseKey
from pycose.messages import CoseMessage

from kit import Checks, Kit, kits, spoilt


def verify(message: bytes, key: bytes, root: Optional[bytes] = None) -> bool:
    decoded = CoseMessage.decode(message)
    decoded.key = CoseKey.from_pem_public_key(key.decode())
    return decoded.verify_signature(detached_payload=root) if root is not None else decoded.verify_signature()


def one(checks: Checks, kit: Kit) -> None:
    receipt, key, root = kit.read("receipt.cbor"), kit.read("block-key.pem"), kit.root()
    checks.accepts(f"{kit.name}: receipt", lambda: verify(receipt, key, root))
    checks.refuses(f"{kit.name}: root", lambda: verify(receipt, key, spoilt(root)))
    checks.refuses(f"{kit.name}: receipt", lambda: verify(spoilt(receipt), key, root))
    for name in kit.named("statement-*-key.pem") + kit.named("countersignature-*-key.pem"):
        message, key = kit.read(f"{name}.cbor"), kit.read(f"{name}-key.pem")
        checks.accepts(f"{kit.name}: {name}", lambda: verify(message, key))
        checks.refuses(f"{kit.name}: {name}", lambda: verify(spoilt(message), key))
        checks.refuses(f"{kit.name}: {name} in the middle",
                       lambda: verify(spoilt(message, len(message) // 2), key))


def main() -> None:
    checks = Checks("pycose")
    for kit in kits():
        if not kit.is_sm2():
            one(checks, kit)
    checks.end()


if __name__ == "__main__":
    main()
