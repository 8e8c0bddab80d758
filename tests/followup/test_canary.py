"""Bounds of a canary: at them it goes on, beyond them it says which broke."""

import pytest

from campaign.config.outcome_sections import CanarySection
from campaign.domain.call_outcome import CallEnd
from campaign.followup.canary import CanaryFound, broken_bounds

BOUNDS = CanarySection(refused=0.1, failed=0.2, do_not_call=0.05)


def found(*, refused: int = 0, failed: int = 0, wishes: int = 0, normal: int = 0, open_: int = 0) -> CanaryFound:
    ends = {CallEnd.FAILED: failed, CallEnd.DO_NOT_CALL: wishes, CallEnd.ENDED_NORMALLY: normal}
    created = failed + wishes + normal + open_
    return CanaryFound(created + refused, refused=refused, created=created, ends=ends)


@pytest.mark.parametrize(
    "fine",
    [
        found(normal=20),
        found(refused=2, normal=18),
        found(failed=4, normal=16),
        found(wishes=1, normal=19),
        found(normal=10, open_=10),
        found(),
    ],
)
def test_within_its_bounds_the_run_goes_on(fine: CanaryFound) -> None:
    assert broken_bounds(fine, BOUNDS) == []


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (found(refused=3, normal=17), "3 of 20 refused by AICaller: 15%, and [canary] refused = 0.1 allows 10%"),
        (found(failed=5, normal=15), "5 of 20 failed: 25%, and [canary] failed = 0.2 allows 20%"),
        (found(wishes=2, normal=18), "2 of 20 asked not to be called: 10%, and [canary] do_not_call = 0.05 allows 5%"),
        (found(normal=9, open_=11), "only 9 of 20 outcomes are known by now ([canary] wait)"),
        (CanaryFound(4, refused=0, created=0, ends={}), "not one of 4 calls is known to have been made"),
    ],
)
def test_beyond_one_of_them_it_says_which(bad: CanaryFound, said: str) -> None:
    assert broken_bounds(bad, BOUNDS) == [said]


def test_all_that_broke_is_said_at_once() -> None:
    assert len(broken_bounds(found(refused=9, failed=9, wishes=9), BOUNDS)) == 3
