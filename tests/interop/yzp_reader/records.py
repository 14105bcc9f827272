"""Records (§5.2)."""

from typing import Dict, List, NamedTuple, Optional, Tuple

from . import hashes, shape
from . import numbers_listed as n
from .cbor import Members
from .errors import Refused
from .hashes import Digest, read_digest
from .timeclaim import TimeClaim, read_time_claim
from .values import read_name


class Citation(NamedTuple):
    relation: int
    digest: Digest


class Record(NamedTuple):
    raw: bytes
    profile_id: str
    profile_version: int
    profile_digest: Digest
    dossier: bytes
    place: int
    citations: Tuple[Citation, ...]
    fields: Dict[str, bytes]        # name to commitment
    time: TimeClaim
    hash: int
    supersedes: Optional[Digest]

    def digest(self) -> Digest:
        return hashes.digest_of(self.hash, self.raw)

    def predecessor(self) -> Optional[Digest]:
        """What took the place before; absent exactly at place 0."""
        return self.citations[0].digest if self.place else None


NEEDED, OPTIONAL = (1, 2, 3, 4, 5, 6, 7, 8), (9,)


def read_record(found: Members, raw: bytes) -> Record:
    what = "record"
    shape.choice(found[1], f"{what}, layout version", (0,))
    algorithm = hashes.read_algorithm(found[8], what)
    profile_id, version, digest = shape.fixed(found[2], f"{what}, profile", 3)
    profile_digest = read_digest(digest, f"{what}, profile")
    if profile_digest.algorithm != algorithm:
        raise Refused(f"{what}: its profile digest is under another hash")
    place = shape.count(found[4], f"{what}, place")
    citations = []
    for node in shape.array(found[5], f"{what}, citations", 0, 64):
        relation, cited = shape.fixed(node, f"{what}, citation", 2)
        citations.append(Citation(
            shape.choice(relation, f"{what}, relation", n.RELATIONS),
            read_digest(cited, f"{what}, citation")))
    if len(set(citations)) != len(citations):
        raise Refused(f"{what}: a citation stands twice")
    _check_predecessor(place, citations)
    names, commitments = [], []
    for node in shape.array(found[6], f"{what}, fields", 0, 512):
        name, commitment = shape.fixed(node, f"{what}, field", 2)
        names.append(read_name(name, what))
        commitments.append(shape.octets32(commitment, f"{what}, commitment"))
    shape.ascending_names(names, what)
    return Record(
        raw, shape.text(profile_id, f"{what}, profile id", 1, 128),
        shape.count(version, f"{what}, profile version"), profile_digest,
        shape.octets16(found[3], f"{what}, dossier id"), place, tuple(citations),
        dict(zip(names, commitments)), read_time_claim(found[7], f"{what}, time"), algorithm,
        read_digest(found[9], f"{what}, supersedes") if 9 in found else None)


def _check_predecessor(place: int, citations: List[Citation]) -> None:
    where = [i for i, cited in enumerate(citations) if cited.relation == n.PREDECESSOR]
    if where != ([0] if place else []):
        raise Refused(f"record: place {place} with predecessors at {where} of its citations")
