"""Profile files (§16): what a verifier needs of them."""

import json
from typing import Any, NamedTuple

from .errors import Refused

PROFILE_MAX = 65_536


class Profile(NamedTuple):
    raw: bytes
    id: Any             # as the file says; compared with what the record says
    version: Any


def _no_constant(name: str) -> None:
    raise ValueError(name)


def read_profile(raw: bytes) -> Profile:
    """What is refused is what §13 says; a file that is no JSON object has no id."""
    if not 1 <= len(raw) <= PROFILE_MAX:
        raise Refused(f"profile: {len(raw)} bytes")
    if not raw.startswith(b"{"):
        raise Refused("profile: does not start with {")
    try:
        document = json.loads(raw.decode("utf-8", "strict"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Refused("profile: not UTF-8") from None
    except (ValueError, RecursionError):
        return Profile(raw, None, None)
    version = document.get("version")
    return Profile(raw, document.get("profile"), version if type(version) is int else None)
