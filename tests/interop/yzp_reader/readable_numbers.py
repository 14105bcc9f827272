"""The numbers people read (§12): D-… for a dossier, R-… for a record."""

from typing import Tuple

from .errors import Refused

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = {"I": "1", "L": "1", "O": "0"}


def _write(letter: str, value: int) -> str:
    number = value << 10 | -(value << 10) % 1021
    symbols = [SYMBOLS[number >> shift & 31] for shift in range(135, -1, -5)]
    groups = ["".join(symbols[at:at + 4]) for at in range(0, 28, 4)]
    return "-".join([letter] + groups)


def preservation_number(dossier: bytes) -> str:
    """保全号: v is the 128-bit dossier id."""
    return _write("D", int.from_bytes(dossier, "big"))


def record_number(digest: bytes) -> str:
    """存证编号: v is the first 130 bits of the record digest."""
    return _write("R", int.from_bytes(digest, "big") >> 126)


def read_number(text: str) -> Tuple[str, int]:
    """Letter and v."""
    plain = text.replace(" ", "").replace("-", "").upper()
    letter, rest = plain[:1], plain[1:]
    if letter not in ("D", "R") or len(rest) != 28:
        raise Refused("number: not a letter D or R and 28 symbols")
    number = 0
    for symbol in rest:
        symbol = _READ_AS.get(symbol, symbol)
        if symbol not in SYMBOLS:
            raise Refused("number: a symbol that is none")
        number = number << 5 | SYMBOLS.index(symbol)
    if number & 1023 > 1020 or number % 1021:
        raise Refused("number: its check symbols do not fit")
    value = number >> 10
    if letter == "D" and value >> 128:
        raise Refused("number: too large for a dossier id")
    return letter, value
