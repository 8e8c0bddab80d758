"""The circuit breaker's rules, one table each: what stops a run, what pauses it, and what is the row's own trouble."""

from collections.abc import Iterable
from itertools import pairwise

import pytest

from campaign.domain.model import Cause, Created, NotSent, Outcome, Rejected, Unknown
from campaign.domain.stop import Stop, StopCode
from campaign.engine.pacing.circuit_breaker import LIMITED_IN_A_ROW, CircuitBreaker, Decision, GoOn, Pause

OK = Created("call-1")
LOST = Unknown("lost")
REFUSED = Rejected(400, "400: no")
NOT_FOUND = Rejected(404, "404: no")
UNREACHED = NotSent(Cause.CONNECT, "no connection")
SLOWER = NotSent(Cause.LIMITED, "429")
requeue = NotSent(Cause.STOPPED, "put back")
DAY = 86_400.0
ELEVEN: tuple[Outcome, ...] = (OK,) * 11


def fed(outcomes: Iterable[Outcome], circuit_breaker: CircuitBreaker | None = None) -> list[Decision]:
    """The decisions, up to the first stop; every outcome is claimed as soon as the last pause is over."""
    circuit_breaker, now, decisions = circuit_breaker or CircuitBreaker(), DAY, list[Decision]()
    for outcome in outcomes:
        decision = circuit_breaker.record(circuit_breaker.as_seen(outcome), sent_at=now, now=now, chance=0.0)
        decisions.append(decision)
        if isinstance(decision, Stop):
            break
        now = decision.until if isinstance(decision, Pause) else now + 1
    return decisions


def stops_at(outcomes: list[Outcome], circuit_breaker: CircuitBreaker | None = None) -> tuple[int, StopCode] | None:
    """At which outcome the run stops, counted from 1, and how; None when it goes on."""
    decisions = fed(outcomes, circuit_breaker)
    return (len(decisions), decisions[-1].code) if isinstance(decisions[-1], Stop) else None


TROUBLE, NO = StopCode.TROUBLE, StopCode.REFUSED
AT_ONCE = (Cause.NAME, Cause.TLS, Cause.LOCAL)
Rule = tuple[list[Outcome], tuple[int, StopCode] | None]


def of_account(status: int) -> NotSent:
    return NotSent(Cause.ACCOUNT, str(status), status=status)


def goes_on(*outcomes: Outcome, times: int = 1) -> Rule:
    return list(outcomes) * times, None


def stops(code: StopCode, *outcomes: Outcome, at: int | None = None) -> Rule:
    """At the last of these, unless it is said."""
    return list(outcomes), (at or len(outcomes), code)


RULES: dict[str, Rule] = {
    "all well": goes_on(OK, times=200),
    "refused rows": goes_on(REFUSED, times=200),
    "two lost in a row": goes_on(LOST, LOST, OK, times=2),
    "three lost in a row": stops(TROUBLE, OK, LOST, LOST, LOST),
    "a refusal parts lost ones": goes_on(LOST, LOST, REFUSED, LOST, LOST),
    "nothing sent does not part lost ones": stops(TROUBLE, LOST, LOST, UNREACHED, LOST),
    "five lost of fifty": stops(TROUBLE, *(LOST, *ELEVEN) * 4, LOST),
    "five lost of fifty, at the edge": stops(TROUBLE, LOST, *[OK] * 42, *(LOST, OK) * 3, LOST),
    "five lost of fifty-one": goes_on(LOST, *[OK] * 43, *(LOST, OK) * 3, LOST),
    "four lost of fifty, for ever": goes_on(LOST, *[OK] * 12, times=40),
    **{f"{code} at once": stops(NO, of_account(code)) for code in (401, 402, 403)},
    **{f"{code} later": stops(NO, *[OK] * 60, of_account(code)) for code in (401, 402, 403)},
    "a 403 of one number": goes_on(Rejected(403, "403: toPhoneNumber"), times=200),
    "404 of the template": stops(NO, *[OK] * 60, of_account(404)),
    "404 on the first row": stops(NO, NOT_FOUND),
    "404 after refusals only": stops(NO, REFUSED, REFUSED, NOT_FOUND),
    "404 later": goes_on(OK, NOT_FOUND, OK, NOT_FOUND, NOT_FOUND, OK),
    "404 three in a row": stops(NO, OK, NOT_FOUND, NOT_FOUND, NOT_FOUND),
    "another refusal parts 404s": goes_on(OK, NOT_FOUND, NOT_FOUND, REFUSED, NOT_FOUND, NOT_FOUND),
    **{f"redirect {code}": stops(TROUBLE, OK, Unknown("moved", status=code)) for code in (300, 301, 303, 308, 399)},
    **{f"lost with {code}": goes_on(OK, Unknown("?", status=code)) for code in (200, 299, 400, 409, 500, 503)},
    **{f"{cause} at once": stops(TROUBLE, OK, NotSent(cause, "why")) for cause in AT_ONCE},
    "put back": goes_on(requeue, times=200),
    "seven rounds unreached": goes_on(*[UNREACHED] * 7, OK),
    "eight rounds unreached": stops(TROUBLE, *[UNREACHED] * 8),
    "two 429s and seven rounds": goes_on(*[SLOWER] * 9, OK),
    "two 429s and eight rounds": stops(TROUBLE, *[SLOWER] * 10),
    "eight rounds of 429 with a time": stops(TROUBLE, *[NotSent(Cause.LIMITED, "429", 7.0)] * 8),
    "eight rounds of all kinds": stops(TROUBLE, *[SLOWER] * 2, *[UNREACHED, SLOWER] * 4),
    "429 among calls that are taken": goes_on(SLOWER, SLOWER, OK, times=50),
    "created begins the rounds anew": goes_on(*[UNREACHED] * 7, OK, times=5),
    "refused begins the rounds anew": goes_on(*[UNREACHED] * 7, REFUSED, times=5),
    "an hour is waited": goes_on(NotSent(Cause.LIMITED, "429", 3600.0), OK),
    "more than an hour is not": stops(TROUBLE, NotSent(Cause.LIMITED, "429", 3601.0)),
    "nor for a 503": stops(TROUBLE, NotSent(Cause.UNAVAILABLE, "503", 999_999_999.0)),
    "half an hour of trouble": stops(TROUBLE, *[NotSent(Cause.LIMITED, "429", 600.0)] * 4),
}


@pytest.mark.parametrize("name", RULES)
def test_a_run_stops_exactly_when_its_rule_says(name: str) -> None:
    """Too late burns the list against a wall, too early leaves people uncalled."""
    outcomes, expected = RULES[name]
    assert stops_at(outcomes) == expected


def test_a_404_is_the_rows_own_once_the_run_has_created_a_call_before() -> None:
    """A run that is resumed has proved its team and template before."""
    assert stops_at([NOT_FOUND, OK], CircuitBreaker(created_before=True)) is None
    assert stops_at([NOT_FOUND] * 3, CircuitBreaker(created_before=True)) == (3, NO)


def test_calls_that_left_together_fail_as_one_round() -> None:
    """Eight workers that meet one dead network are one try, not eight."""
    circuit_breaker = CircuitBreaker()
    decisions = [circuit_breaker.record(UNREACHED, sent_at=DAY, now=DAY + n / 10, chance=0.0) for n in range(64)]
    assert all(isinstance(decision, Pause) for decision in decisions)
    after = max(decision.until for decision in decisions if isinstance(decision, Pause))
    assert stops_after(circuit_breaker, after) == 7


def stops_after(circuit_breaker: CircuitBreaker, now: float) -> int:
    """How many more rounds of trouble it takes."""
    for more in range(1, 100):
        decision = circuit_breaker.record(UNREACHED, sent_at=now, now=now, chance=0.0)
        if isinstance(decision, Stop):
            return more
        assert isinstance(decision, Pause)
        now = decision.until
    return 100


def test_a_straggler_of_an_old_round_after_a_success_stops_nothing() -> None:
    """A machine that has been up for a day is not a day in trouble."""
    circuit_breaker = CircuitBreaker()
    circuit_breaker.record(UNREACHED, sent_at=DAY, now=DAY, chance=0.0)
    circuit_breaker.record(OK, sent_at=DAY, now=DAY + 1, chance=0.0)
    assert isinstance(circuit_breaker.record(UNREACHED, sent_at=DAY, now=DAY + 2, chance=0.0), Pause)
    assert stops_after(circuit_breaker, DAY + 10) == 8


def test_the_first_trouble_of_a_long_run_is_not_half_an_hour_of_it() -> None:
    """Time is counted from the first round, not from the clock's zero."""
    for now in (0.0, 1_799.0, 1_800.0, DAY, 10 * DAY):
        assert isinstance(CircuitBreaker().record(UNREACHED, sent_at=now, now=now, chance=0.5), Pause)


def test_the_pause_is_what_the_server_asks_or_the_backoff() -> None:
    """A server that says 0 for ever is still given time."""
    for asked, chance, expected in [(7.0, 0.0, 7.0), (0.0, 0.0, 0.25), (None, 0.0, 0.25), (None, 0.999, 0.5)]:
        circuit_breaker = CircuitBreaker()
        if not asked:
            fed([SLOWER] * (LIMITED_IN_A_ROW - 1), circuit_breaker)
        decision = circuit_breaker.record(NotSent(Cause.LIMITED, "429", asked), sent_at=DAY, now=DAY, chance=chance)
        assert isinstance(decision, Pause)
        assert decision.until - DAY == pytest.approx(expected, abs=0.001)


def test_a_429_alone_pauses_nobody_unless_the_server_names_a_time() -> None:
    """At 100 calls a second, one refusal in a hundred would cost a third of the rate in pauses."""
    circuit_breaker = CircuitBreaker(created_before=True)
    for _ in range(100):
        assert fed([SLOWER, SLOWER, OK], circuit_breaker) == [GoOn()] * 3
    named = circuit_breaker.record(NotSent(Cause.LIMITED, "429", 2.0), sent_at=DAY, now=DAY, chance=0.0)
    assert named == Pause(until=DAY + 2, why="429")


def test_429s_of_calls_that_left_before_a_pause_do_not_prolong_it() -> None:
    """Two seconds of answers that are on their way would else make a pause of two seconds more."""
    circuit_breaker = CircuitBreaker()
    first = [circuit_breaker.record(SLOWER, sent_at=DAY, now=DAY + 1, chance=0.0) for _ in range(LIMITED_IN_A_ROW)]
    assert first[-1] == Pause(until=DAY + 1.25, why=SLOWER.reason)
    for late in range(20):
        assert circuit_breaker.record(SLOWER, sent_at=DAY + 0.5, now=DAY + 1 + late / 10, chance=0.0) == GoOn()


def test_a_later_pause_never_shortens_an_earlier_one() -> None:
    """The server asked for a minute; another worker's failure does not make it half a second."""
    circuit_breaker = CircuitBreaker()
    circuit_breaker.record(NotSent(Cause.LIMITED, "429", 60.0), sent_at=DAY, now=DAY, chance=0.0)
    decision = circuit_breaker.record(UNREACHED, sent_at=DAY, now=DAY + 1, chance=0.0)
    assert isinstance(decision, Pause)
    assert decision.until == DAY + 60


def test_pauses_grow() -> None:
    """Trouble that lasts is asked less and less often."""
    waits = [d.until for d in fed([UNREACHED] * 7) if isinstance(d, Pause)]
    steps = [later - sooner for sooner, later in pairwise([DAY, *waits])]
    assert steps == sorted(steps)
    assert steps[-1] == pytest.approx(16.0)


@pytest.mark.parametrize(
    ("wall", "is_jump"),
    [(0.0, False), (9.9, False), (-9.9, False), (10.1, True), (-10.1, True), (8 * 3600.0, True), (-3600.0, True)],
)
def test_a_clock_that_jumps_stops_the_run(wall: float, is_jump: bool) -> None:  # noqa: FBT001 - a case of the table
    """A machine that slept, or whose clock was set, keeps no promise about when phones ring."""
    circuit_breaker = CircuitBreaker()
    assert circuit_breaker.checks_clocks(wall=1e9, monotonic=DAY) == GoOn()
    decision = circuit_breaker.checks_clocks(wall=1e9 + 60 + wall, monotonic=DAY + 60)
    assert isinstance(decision, Stop) is is_jump
    if isinstance(decision, Stop):
        assert decision.code is TROUBLE


def test_clocks_that_drift_apart_slowly_stop_nothing() -> None:
    """A clock that is being slewed is right; only jumps are trouble."""
    circuit_breaker = CircuitBreaker()
    for second in range(5_000):
        assert circuit_breaker.checks_clocks(wall=1e9 + second * 1.01, monotonic=float(second)) == GoOn()


def test_every_stop_says_why() -> None:
    """The last line that the user sees."""
    for outcomes, expected in RULES.values():
        if expected:
            last = fed(outcomes)[-1]
            assert isinstance(last, Stop)
            assert last.why


def test_the_third_id_that_comes_again_stops_the_run() -> None:
    """A server that gives its ids twice has not said which calls were made, however well all else goes."""
    circuit_breaker = CircuitBreaker()
    decisions = [(circuit_breaker.record_repeated_id(LOST), *fed(ELEVEN, circuit_breaker))[0] for _ in range(3)]
    assert decisions[:2] == [GoOn(), GoOn()]
    assert isinstance(decisions[2], Stop)
    assert decisions[2].code is TROUBLE
