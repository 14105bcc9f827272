"""Just enough DER to find two things: the public key in an X.509 certificate (§5.3) and
the imprint in an RFC 3161 token (§9). It judges nothing else about them."""

import hashlib
from typing import List, NamedTuple, Optional, Tuple

from .hashes import sm3_digest

SEQUENCE, OCTETS, BITS, OID, INTEGER, SET = 0x30, 0x04, 0x03, 0x06, 0x02, 0x31
CONTEXT_0 = 0xA0

_OID_EC = bytes.fromhex("2a8648ce3d0201")
_OID_ED25519 = bytes.fromhex("2b6570")
_CURVES = {bytes.fromhex("2a8648ce3d030107"): "P-256", bytes.fromhex("2a811ccf5501822d"): "SM2"}
_OIDS_SIGNED_DATA = (bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a811ccf550601040202"))
_OID_TST_INFO = bytes.fromhex("2a864886f70d0109100104")
_IMPRINTS = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
    bytes.fromhex("2a811ccf55018311"): "sm3",
}


class DerError(Exception):
    """The bytes are not the structure looked for."""


class Element(NamedTuple):
    tag: int
    content: bytes


def _elements(data: bytes) -> List[Element]:
    found = []
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise DerError("cut off")
        tag, length = data[at], data[at + 1]
        at += 2
        if length >= 0x80:
            size = length & 0x7F
            if not 1 <= size <= 4 or at + size > len(data):
                raise DerError("a length that is not DER")
            length = int.from_bytes(data[at:at + size], "big")
            at += size
        if at + length > len(data):
            raise DerError("cut off")
        found.append(Element(tag, data[at:at + length]))
        at += length
    return found


def _inside(element: Element, tag: int) -> List[Element]:
    if element.tag != tag:
        raise DerError("another element is expected")
    return _elements(element.content)


def _at(elements: List[Element], index: int) -> Element:
    if index >= len(elements):
        raise DerError("an element is missing")
    return elements[index]


def _only(data: bytes) -> Element:
    found = _elements(data)
    if len(found) != 1:
        raise DerError("not one element")
    return found[0]


def certificate_key(certificate: bytes) -> Tuple[str, bytes]:
    """("Ed25519", 32 bytes) or ("P-256" / "SM2", x ‖ y) of the subject's key."""
    tbs = _inside(_at(_inside(_only(certificate), SEQUENCE), 0), SEQUENCE)
    offset = 1 if tbs and tbs[0].tag == CONTEXT_0 else 0     # version
    return _public_key(_at(tbs, offset + 5))


def public_key(spki: bytes) -> Tuple[str, bytes]:
    """The same of a SubjectPublicKeyInfo."""
    return _public_key(_only(spki))


def _public_key(element: Element) -> Tuple[str, bytes]:
    spki = _inside(element, SEQUENCE)
    algorithm = _inside(_at(spki, 0), SEQUENCE)
    bits = _at(spki, 1)
    if bits.tag != BITS or bits.content[:1] != b"\x00":
        raise DerError("no public key")
    key = bits.content[1:]
    name = _at(algorithm, 0).content
    if name == _OID_ED25519 and len(key) == 32:
        return "Ed25519", key
    if name == _OID_EC and len(key) == 65 and key[0] == 4:
        return _CURVES.get(_at(algorithm, 1).content, "another curve"), key[1:]
    raise DerError("a key of another kind")


class Imprint(NamedTuple):
    hash_name: str
    value: bytes
    gen_time: str

    def of(self, data: bytes) -> Optional[bool]:
        """Whether this is the imprint of `data`; None for a hash this reader has not."""
        if self.hash_name == "sm3":
            return self.value == sm3_digest(data)
        if not self.hash_name:
            return None
        return self.value == hashlib.new(self.hash_name, data).digest()


def token_imprint(token: bytes) -> Imprint:
    """messageImprint and genTime of the TSTInfo in a DER TimeStampToken."""
    content_info = _inside(_only(token), SEQUENCE)
    if _at(content_info, 0) not in [Element(OID, oid) for oid in _OIDS_SIGNED_DATA]:
        raise DerError("no CMS SignedData")
    signed = _inside(_only(_at(content_info, 1).content), SEQUENCE)
    encapsulated = _inside(_at(signed, 2), SEQUENCE)
    if _at(encapsulated, 0) != Element(OID, _OID_TST_INFO):
        raise DerError("no TSTInfo")
    octets = _only(_at(encapsulated, 1).content)
    if octets.tag != OCTETS:
        raise DerError("no TSTInfo")
    info = _inside(_only(octets.content), SEQUENCE)
    imprint = _inside(_at(info, 2), SEQUENCE)
    algorithm = _at(_inside(_at(imprint, 0), SEQUENCE), 0).content
    gen_time = _at(info, 4).content.decode("ascii", "replace")
    return Imprint(_IMPRINTS.get(algorithm, ""), _at(imprint, 1).content, gen_time)
