"""Small pieces of DER for the tests: a token and a certificate that nobody signed."""

import hashlib

OIDS = {"sha256": "608648016503040201", "sha512": "608648016503040203", "md5": "2a864886f70d0205"}


def element(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    size = (len(content).bit_length() + 7) // 8
    return bytes([tag, 128 + size]) + len(content).to_bytes(size, "big") + content


def oid(text: str) -> bytes:
    return element(6, bytes.fromhex(text))


def token(data: bytes, hash_name: str = "sha256", kind: str = "2a864886f70d010702") -> bytes:
    """A TimeStampToken with the imprint of `data`, under the content type of PKCS#7 or another."""
    imprint = element(0x30, element(0x30, oid(OIDS[hash_name])),
                      element(4, hashlib.new(hash_name, data).digest()))
    info = element(0x30, element(2, b"\1"), oid("2a0304"), imprint, element(2, b"\5"),
                   element(0x18, b"20250615150640Z"))
    encapsulated = element(0x30, oid("2a864886f70d0109100104"), element(0xA0, element(4, info)))
    signed = element(0x30, element(2, b"\3"), element(0x31), encapsulated, element(0x31))
    return element(0x30, oid(kind), element(0xA0, signed))


def certificate(algorithm: str, curve: str, point: bytes) -> bytes:
    """A certificate with this key; everything else is empty."""
    parameters = oid(curve) if curve else b""
    spki = element(0x30, element(0x30, oid(algorithm), parameters), element(3, b"\0", point))
    empty = element(0x30)
    tbs = element(0x30, element(0xA0, element(2, b"\2")), element(2, b"\1"), empty, empty, empty, empty, spki)
    return element(0x30, tbs, empty, element(3, b"\0"))


def certificate_of(members: dict) -> bytes:
    """For a COSE_Key."""
    if members[1] == 1:
        return certificate("2b6570", "", members[-2])
    curve = {1: "2a8648ce3d030107", -66006: "2a811ccf5501822d"}[members[-1]]
    return certificate("2a8648ce3d0201", curve, b"\4" + members[-2] + members[-3])
