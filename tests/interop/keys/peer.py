"""What the peers in Python share: the loop of questions and answers that README.md describes."""

import sys
from typing import Callable, List, Mapping


class NotForThisTool(Exception):
    """The tool cannot do what was asked."""


def unhex(word: str) -> bytes:
    return b"" if word == "-" else bytes.fromhex(word)


def serve(verbs: Mapping[str, Callable[..., str]]) -> None:
    for line in sys.stdin:
        verb, *words = line.split()
        print(answer(verbs, verb, words), flush=True)


def answer(verbs: Mapping[str, Callable[..., str]], verb: str, words: List[str]) -> str:
    try:
        return verbs[verb](*words)
    except (NotForThisTool, KeyError):
        return "unsupported"
    except Exception as error:  # A tool's own exceptions are as many as the tools.
        return f"error {type(error).__name__} {error}".replace("\n", " ")
