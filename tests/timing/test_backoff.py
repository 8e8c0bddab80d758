"""What is tried again waits longer each time, and not for ever."""

import pytest
from hypothesis import given, strategies as st

from campaign.timing.backoff import LONGEST_SECONDS, LONGEST_TRYING_SECONDS, MOST_TRIES, backoff, retries_exhausted

TRIES = st.integers(min_value=1, max_value=10_000)
CHANCE = st.floats(min_value=0, max_value=1, exclude_max=True)


@given(tries=TRIES, chance=CHANCE)
def test_a_wait_lies_between_half_of_its_full_time_and_all_of_it(tries: int, chance: float) -> None:
    """Never none, which would be a storm, and never more than a minute."""
    full = min(60.0, 0.5 * 2 ** min(tries - 1, 20))
    assert full / 2 <= backoff(tries, chance=chance) <= full <= LONGEST_SECONDS


@given(tries=TRIES, chance=CHANCE)
def test_a_later_try_never_waits_less(tries: int, chance: float) -> None:
    """A server in trouble is left alone more, not less."""
    assert backoff(tries + 1, chance=chance) >= backoff(tries, chance=chance)


@given(tries=TRIES, chances=st.tuples(CHANCE, CHANCE))
def test_chance_keeps_workers_apart(tries: int, chances: tuple[float, float]) -> None:
    """Those who failed together must not come back together."""
    low, high = sorted(chances)
    assert backoff(tries, chance=low) <= backoff(tries, chance=high)
    assert backoff(tries, chance=0.0) < backoff(tries, chance=0.9)


def test_the_waits_double_from_half_a_second() -> None:
    full = [backoff(tries, chance=1.0) for tries in range(1, 10)]
    assert full == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize(
    ("tries", "trying_for", "over"),
    [
        (1, 0.0, False),
        (MOST_TRIES - 1, LONGEST_TRYING_SECONDS - 1, False),
        (MOST_TRIES, 0.0, True),
        (MOST_TRIES + 1, 0.0, True),
        (1, LONGEST_TRYING_SECONDS, True),
    ],
)
def test_trying_ends_with_its_budget(tries: int, trying_for: float, over: bool) -> None:  # noqa: FBT001 - a table's column
    """Eight tries or half an hour, whichever comes first: then a person is asked."""
    assert retries_exhausted(tries, trying_for=trying_for) is over


def test_all_tries_together_stay_within_their_time() -> None:
    """The last try must come while it is still allowed."""
    assert sum(backoff(tries, chance=1.0) for tries in range(1, MOST_TRIES)) < LONGEST_TRYING_SECONDS
