"""Time claims (§4)."""

from datetime import datetime, timedelta, timezone
from typing import NamedTuple, Optional, Tuple

from . import numbers_listed as n
from . import shape
from .cbor import Node
from .hashes import Digest, read_digest


class Moment(NamedTuple):
    milliseconds: int
    offset: int                 # minutes from UTC
    original: Optional[str]

    def __str__(self) -> str:
        try:
            local = (datetime(1970, 1, 1, tzinfo=timezone.utc)
                     + timedelta(milliseconds=self.milliseconds)
                     ).astimezone(timezone(timedelta(minutes=self.offset)))
        except (OverflowError, ValueError):
            return f"{self.milliseconds} ms since 1970"
        return local.isoformat(timespec="milliseconds")


class TimeClaim(NamedTuple):
    happened: Optional[Moment]
    captured: Moment
    tier: int
    sync_age: Optional[int]         # ms
    uncertainty: Optional[int]      # ± ms
    monotonic: Optional[int]        # ms
    boot_id: Optional[bytes]
    not_before: Optional[Tuple[int, Digest]]

    def when(self) -> Moment:
        """When it happened, or was captured if that is not said."""
        return self.happened or self.captured

    def __str__(self) -> str:
        happened = f"happened {self.happened}, " if self.happened else ""
        return f"{happened}captured {self.captured} by clock: {n.TIERS[self.tier]}"


def _read_moment(node: Node, what: str) -> Moment:
    parts = shape.array(node, what, 2, 3)
    original = shape.text(parts[2], f"{what}, original", 1, 64) if len(parts) == 3 else None
    return Moment(shape.integer(parts[0], f"{what}, ms"),
                  shape.integer(parts[1], f"{what}, offset", -1439, 1439), original)


def read_time_claim(node: Node, what: str) -> TimeClaim:
    found = shape.members(node, what, (1, 2), (0, 3, 4, 5, 6, 7))
    def reading(key: int) -> Optional[int]:
        return shape.count(found[key], f"{what}, member {key}") if key in found else None

    not_before = None
    if 7 in found:
        kind, digest = shape.fixed(found[7], f"{what}, not before", 2)
        not_before = (shape.choice(kind, f"{what}, not before", n.NOT_BEFORE),
                      read_digest(digest, f"{what}, not before"))
    return TimeClaim(
        _read_moment(found[0], f"{what}, happened") if 0 in found else None,
        _read_moment(found[1], f"{what}, captured"),
        shape.choice(found[2], f"{what}, tier", n.TIERS),
        reading(3), reading(4), reading(5),
        shape.octets16(found[6], f"{what}, boot id") if 6 in found else None,
        not_before)
