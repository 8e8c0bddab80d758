"""Backoff: how long to wait before a safe retry, and when to give up."""

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 60.0
MOST_TRIES = 8
LONGEST_TRYING_SECONDS = 30 * 60.0


def backoff(tries: int, *, chance: float) -> float:
    """Seconds to wait after that many tries (1 or more): doubling, with jitter.

    Args:
        tries: how often it was tried.
        chance: a random number, 0 <= chance < 1; the wait lies between half of the full time and all of it, so that
            workers who failed together do not come back together.
    """
    full = min(LONGEST_SECONDS, FIRST_SECONDS * float(2 ** (min(tries, 16) - 1)))
    return full * (0.5 + chance / 2)


def retries_exhausted(tries: int, *, trying_for: float) -> bool:
    """Whether the retry budget of one operation is used up: 8 tries, or half an hour (`trying_for`, seconds)."""
    return tries >= MOST_TRIES or trying_for >= LONGEST_TRYING_SECONDS
