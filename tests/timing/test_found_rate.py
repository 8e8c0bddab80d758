"""The pace finds the limit: what a server takes is used, whatever its limiter, and hardly ever exceeded.

Each rule is shown by runs of simulated minutes against a limiter, by the program's own rules and the account's row.
"""

import random
from bisect import bisect_left
from collections.abc import Callable
from statistics import mean

import pytest

from campaign.timing.account_rate import IDLE_SECONDS, AccountPace
from campaign.timing.found_rate import FoundRate, with_accepted, with_refused
from tests.timing.limiters import AtRandom, FixedWindow, Limit, Limiter, SlidingWindow, TokenBucket, always, moving
from tests.timing.simulated_account import AccountRun, Row, Seen, simulated

SEEDS = range(4)
LIMITERS: dict[str, Callable[[Limit], Limiter]] = {
    "a bucket of two calls": lambda limit: TokenBucket(limit, burst=0.1),
    "a bucket of one second": TokenBucket,
    "a bucket of five seconds": lambda limit: TokenBucket(limit, burst=5.0),
    "fixed windows": FixedWindow,
    "a sliding window": SlidingWindow,
}
EACH_LIMITER = pytest.mark.parametrize("limiter", LIMITERS.values(), ids=LIMITERS)
NEAR, FAR, VERY_FAR = (0.05, 0.05), (0.2, 0.6), (0.5, 2.0)


def called(  # noqa: PLR0913 - what a simulation depends on, each with its usual value
    server: Limiter,
    *,
    asked: float = 100.0,
    seconds: float = 140.0,
    seed: int = 1,
    latency: tuple[float, float] = NEAR,
    retry_after: float = 0.0,
    workers: int = 400,
    row: Row | None = None,
    begin: float = 0.0,
) -> Seen:
    """What the server sees of one run."""
    run = AccountRun(row or Row(), asked, random.Random(seed), begin)
    return simulated(
        [run],
        server,
        seconds=seconds,
        latency=latency,
        retry_after=retry_after,
        seed=seed,
        workers=workers,
        begin=begin,
    )[-1]


def most_in_a_second(times: list[float]) -> int:
    return max(bisect_left(times, start + 1.0) - index for index, start in enumerate(times))


@EACH_LIMITER
@pytest.mark.parametrize(
    ("latency", "goals"),
    [(NEAR, (0.95, 0.01)), (FAR, (0.93, 0.015)), (VERY_FAR, (0.90, 0.045))],
    ids=["50 ms", "0.2 to 0.6 s", "0.5 to 2 s"],
)
def test_a_hard_limit_is_used_and_hardly_exceeded(
    limiter: Callable[[Limit], Limiter], latency: tuple[float, float], goals: tuple[float, float]
) -> None:
    """20/s, asked for 100/s: after 20 s, 95 % of it are calls, and under 1 % of the answers are 429s.

    Where answers take two seconds, what is on its way meanwhile comes on top.
    """
    least_used, most_refused = goals
    seen = [called(limiter(always(20.0)), latency=latency, seed=seed) for seed in SEEDS]
    assert min(one.taken_a_second(20, 140) for one in seen) >= least_used * 20.0
    assert mean(one.refused_part(20, 140) for one in seen) <= most_refused


@pytest.mark.parametrize("asked", [19.0, 21.0, 25.0, 100.0, 1_000.0])
def test_it_is_found_however_far_it_is_from_what_was_asked_for(asked: float) -> None:
    """21 asked of 20 must not give 13; and where less is asked than is taken, all of it is used."""
    seen = called(TokenBucket(always(20.0)), asked=asked)
    assert seen.taken_a_second(30, 140) >= 0.95 * min(20.0, asked)
    assert seen.refused_part(30, 140) <= 0.015


@EACH_LIMITER
@pytest.mark.parametrize("latency", [NEAR, FAR], ids=["50 ms", "0.2 to 0.6 s"])
def test_a_limit_that_moves_is_followed_within_half_a_minute(
    limiter: Callable[[Limit], Limiter], latency: tuple[float, float]
) -> None:
    """20 -> 5 -> 50; what a limiter saved up may come on top."""
    for seed in SEEDS:
        seen = called(limiter(moving((0, 20.0), (60, 5.0), (120, 50.0))), seconds=170, seed=seed, latency=latency)
        assert seen.taken_a_second(90, 120) >= 0.85 * 5.0
        assert seen.refused_part(90, 120) <= 0.1
        assert seen.taken_a_second(150, 170) >= 0.84 * 50.0


def test_one_refusal_in_a_hundred_at_random_costs_little() -> None:
    """It has nothing to do with the rate: 1 % of 100/s may cost 15 % of it."""
    for seed in SEEDS:
        seen = called(AtRandom(0.01, random.Random(seed + 50).random), seconds=200, latency=VERY_FAR, seed=seed)
        assert seen.taken_a_second(0, 200) >= 0.85 * 100


@EACH_LIMITER
def test_it_does_not_oscillate(limiter: Callable[[Limit], Limiter]) -> None:
    """In steady state the rate goes down four times a minute at most, and never below 80 % of the limit."""
    for seed in SEEDS:
        row = Row()
        called(limiter(always(20.0)), seconds=320, seed=seed, row=row)
        assert len([at for at in row.decreases if at >= 60]) / (320 - 60) * 60 <= 4
        assert row.pace.found.rate >= 0.8 * 20


@EACH_LIMITER
@pytest.mark.parametrize("latency", [NEAR, VERY_FAR], ids=["50 ms", "0.5 to 2 s"])
@pytest.mark.parametrize("asked", [10.0, 100.0])
def test_it_is_never_faster_than_asked(
    limiter: Callable[[Limit], Limiter], latency: tuple[float, float], asked: float
) -> None:
    """In any second, wherever it begins; also when the limit is far above it, and on the way up."""
    for limit in (always(7.0), moving((0, 5.0), (30, 1_000.0))):
        seen = called(limiter(limit), asked=asked, seconds=90, latency=latency)
        assert most_in_a_second(seen.sent()) <= asked + 1


@EACH_LIMITER
@pytest.mark.parametrize("latency", [NEAR, VERY_FAR], ids=["50 ms", "0.5 to 2 s"])
def test_nothing_is_sent_before_the_time_that_a_refusal_names(
    limiter: Callable[[Limit], Limiter], latency: tuple[float, float]
) -> None:
    """Of no run of the account, once the refusal has come."""
    row, chance = Row(), random.Random(1)
    runs = [_Told(row, asked, chance) for asked in (60.0, 40.0)]
    seen = simulated(runs, limiter(always(20.0)), seconds=90, latency=latency, retry_after=2.0)[-1]
    told = sorted(at for run in runs for at in run.told)
    assert told
    for at in told:
        later = seen.sent()[bisect_left(seen.sent(), at + 1e-9) :]
        assert all(sent >= at + 1.999 for sent in later[:1])


@pytest.mark.parametrize("limiter", [TokenBucket, FixedWindow, SlidingWindow])
@pytest.mark.parametrize("retry_after", [1.0, 2.0, 5.0, 10.0])
def test_where_a_refusal_makes_all_wait_it_is_risked_less_often(
    limiter: Callable[[Limit], Limiter], retry_after: float
) -> None:
    """Ten seconds of pause for each probe are dear: 85 % of what the server takes is used all the same.

    Risen to twice the limit within seconds, and held a little above it by a bucket that fills up in each pause, the
    rate used a third.
    """
    found = 50 + 8 * retry_after
    seen = called(limiter(always(20.0)), retry_after=retry_after, seconds=found + 200)
    assert seen.taken_a_second(found, found + 200) >= 0.84 * 20
    assert seen.refused_part(found, found + 200) <= 0.01


def test_refusals_at_random_that_make_all_wait_lower_the_rate_no_further_and_further() -> None:
    """A lower rate does not end them: one in a hundred with ten seconds of pause leaves nine calls a second at best."""
    for seed in SEEDS:
        server = AtRandom(0.01, random.Random(seed + 50).random)
        seen = called(server, seconds=600, retry_after=10.0, seed=seed)
        assert seen.taken_a_second(0, 600) >= 0.6 * 9


def test_two_runs_share_what_is_found_and_a_gentle_one_is_not_slowed() -> None:
    """1/s of 20/s is what it asked for, however fast the other one would like to be."""
    row, chance = Row(), random.Random(1)
    fast, gentle, both = simulated(
        [AccountRun(row, 100.0, chance), AccountRun(row, 1.0, chance)], SlidingWindow(always(20.0)), seconds=200
    )
    assert both.taken_a_second(30, 200) >= 0.94 * 20
    assert len([at for at in gentle.sent() if 30 <= at < 200]) >= 0.95 * 170
    assert fast.refused_part(30, 200) <= 0.02


def test_a_run_that_asks_for_less_than_the_limit_is_never_slowed() -> None:
    """Neither by itself, nor by what another run found before it."""
    row = Row()
    called(SlidingWindow(always(20.0)), row=row, seconds=60)
    seen = called(SlidingWindow(always(20.0)), row=row, asked=10.0, begin=60, seconds=160)
    assert seen.taken_a_second(62, 160) >= 0.98 * 10
    assert seen.refused_part(60, 160) == 0


def test_a_run_with_few_workers_finds_the_limit_from_what_it_sends() -> None:
    """Asked for 100/s, eight workers of half a second send 16/s: half of nothing would be no slower."""
    seen = called(TokenBucket(always(10.0)), latency=(0.5, 0.5), workers=8)
    assert seen.taken_a_second(40, 140) >= 0.95 * 10
    assert seen.refused_part(40, 140) <= 0.02


@pytest.mark.parametrize("limit", [5.0, 20.0, 1_000.0], ids=["lower now", "the same", "gone"])
def test_an_hour_later_it_begins_where_it_was_and_rises_at_once(limit: float) -> None:
    """The server may take more by now; but it is asked step by step, and not by a burst."""
    row = Row()
    called(SlidingWindow(always(20.0)), row=row, seconds=60)
    found = row.pace.limit
    seen = called(SlidingWindow(always(limit)), row=row, begin=3_700.0, seconds=3_790.0)
    assert len([at for at in seen.sent() if at < 3_701]) <= found * 1.05 + 1
    assert seen.taken_a_second(3_730, 3_790) >= 0.85 * min(100, limit)


def test_quiet_is_what_calls_prove_and_not_what_the_clock_says() -> None:
    """Nine minutes without a call are no nine minutes without a 429."""
    row = Row()
    called(SlidingWindow(always(20.0)), row=row, seconds=30)
    before = row.pace.found
    called(SlidingWindow(always(20.0)), row=row, begin=IDLE_SECONDS - 60, seconds=IDLE_SECONDS - 59)
    assert row.pace.found.quiet <= before.quiet + 1.5
    assert row.pace.limit <= 1.1 * before.limit


def refused(found: FoundRate, *, at: float, sent_at: float, times: int = 1, asked: float = 100.0) -> FoundRate:
    for _ in range(times):
        found = with_refused(found, now=at, sent_at=sent_at, asked=asked, last_slot=at, waits=0.0)
    return found


def test_calls_that_left_at_an_earlier_rate_say_nothing() -> None:
    """Two seconds of late 429s would else halve the rate again and again: one burst, one decrease."""
    found = refused(refused(FoundRate(), at=10.0, sent_at=9.0), at=11.5, sent_at=10.5, times=5)
    assert 50 * 0.9 <= found.rate < 100
    assert refused(found, at=13.0, sent_at=11.4, times=50) == found


def test_a_single_refusal_says_nothing_and_accepted_calls_outweigh_it() -> None:
    found = refused(FoundRate(), at=10.0, sent_at=9.0)
    assert found.rate == 0
    assert with_accepted(found, 47) == FoundRate(accepted=47)


def test_refusals_of_less_than_a_second_wait_for_more() -> None:
    """A limiter that counts by the second refuses the end of each second, all calls of it: that is no measure."""
    assert refused(FoundRate(), at=10.0, sent_at=9.0, times=20).rate == 0


def test_it_never_comes_to_a_standstill() -> None:
    found, at = FoundRate(), 0.0
    for _ in range(3_000):
        at += 10
        found = refused(found, at=at, sent_at=at - 0.1, times=3)
    assert 0 < found.rate <= 0.01
    assert found.limit == found.rate


@pytest.mark.parametrize("quiet", [0.0, 1e3, 1e6, 1e9])
def test_the_way_up_has_no_end_and_no_overflow(quiet: float) -> None:
    assert FoundRate(rate=20.0, quiet=quiet).limit >= 20.0
    assert FoundRate(quiet=quiet).limit == float("inf")
    assert AccountPace().limit == float("inf")


class _Told(AccountRun):
    """Notes when it was refused."""

    @property
    def told(self) -> list[float]:
        notes: list[float] = self.__dict__.setdefault("notes", [])
        return notes

    def answered(self, *, now: float, sent_at: float, taken: bool, retry_after: float) -> None:
        if not taken:
            self.told.append(now)
        super().answered(now=now, sent_at=sent_at, taken=taken, retry_after=retry_after)


@pytest.mark.parametrize(("limit", "asked"), [(7.0, 40.0), (55.0, 200.0)])
@pytest.mark.parametrize("retry_after", [2.0, 4.0])
def test_a_probe_that_makes_all_wait_does_not_begin_a_cycle(limit: float, asked: float, retry_after: float) -> None:
    """A limiter that counts a second refuses a rising rate late: what it counted is its limit, not the rate by then.

    Taken for the limit, that rate was refused at once, halved, and sought again: a third of the limit was used.
    """
    run = AccountRun(Row(), asked, random.Random(11))
    server = SlidingWindow(always(limit))
    seen = simulated([run], server, seconds=240.0, retry_after=retry_after, seed=11)[-1]
    assert seen.taken_a_second(60, 240) >= 0.8 * limit
    assert seen.refused_part(60, 240) < 0.01
