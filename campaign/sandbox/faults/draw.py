"""Repeatable random numbers: the same words always draw the same number."""

from hashlib import blake2b

_DIGITS = 53  # what a float holds exactly


def draw(*words: object) -> float:
    """A number in [0, 1), uniformly distributed, that depends only on the words."""
    digest = blake2b("\x00".join(map(str, words)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest) >> (64 - _DIGITS)) / (1 << _DIGITS)
