"""`campaign pace`, and several programs on one ledger: a pace that is shared, shown, and changed from outside."""

import json
import signal
import sqlite3
from contextlib import closing
from datetime import datetime

import pytest

from tests.cli.conftest import TEMPLATE, Desk, stand_in
from tests.cli.dialling.test_signals import started, until


def test_a_run_shows_the_pace_that_it_was_given(desk: Desk) -> None:
    template = desk.template(TEMPLATE + "[pace]\ncalls_per_minute = 1200\nmax_in_flight = 3\n")
    assert desk("run", desk.people(2), "-t", template, "--sandbox", "--yes", "--name", "first").code == 0
    assert desk("pace", "first").out == "first: 20 calls/s, at most 3 on their way\n"
    shown = json.loads(desk("pace", "first", "--json").out)
    assert (shown["calls_per_second"], shown["max_in_flight"], shown["held_for_seconds"]) == (20.0, 3, 0.0)


def test_the_pace_of_a_resume_is_written_down_with_the_run(desk: Desk) -> None:
    """What `pace` shows must be what the run does."""
    words = ("run", desk.people(4), "-t", desk.template(), "--sandbox", "--yes", "--name", "first", "--limit", "1")
    desk(*words)
    desk("resume", "first", "--sandbox", "--yes", "--rate", "600/min", "--max-in-flight", "5")
    assert desk("pace", "first").out == "first: 10 calls/s, at most 5 on their way\n"


def test_a_changed_pace_holds_for_the_next_resume(desk: Desk) -> None:
    """Nobody is at work on it: the ledger keeps the word."""
    slow = desk.template(TEMPLATE + "[pace]\ncalls_per_minute = 1\n")
    desk("run", desk.people(20), "-t", slow, "--sandbox", "--yes", "--name", "first", "--limit", "1")
    assert desk("pace", "first", "--rate", "500").out == "first: 500 calls/s, at most 8 on their way\n"
    assert desk("pace", "first", "--max-in-flight", "2").out == "first: 500 calls/s, at most 2 on their way\n"
    assert desk("resume", "first", "--sandbox", "--yes").code == 0


@pytest.mark.parametrize("rate", ["0", "-1", "nan", "inf", "10001", "1/h", "600001/min", "", "/min", "1/s/s", "fast"])
def test_what_is_no_pace_is_refused(desk: Desk, rate: str) -> None:
    """NaN is in no range, and yet passes many a check of one."""
    for verb in ("pace", "resume"):
        ended = desk(verb, "first", "--rate", str(rate))
        assert ended.code == 2
        assert "is no pace; write 2, 0.5, 2/s or 30/min" in ended.err


def test_a_run_that_is_not_there_is_named(desk: Desk) -> None:
    ended = desk("pace", "nobody", "--rate", "2")
    assert ended.code == 2
    assert "there is no run called 'nobody'" in ended.err


def test_a_429_is_told_with_its_reason(desk: Desk) -> None:
    """Retry-After is a second at the stand-in: the run holds so long, and one alone does not slow it down."""
    words = ("run", desk.people(60), "-t", desk.template(), "--sandbox", "--fault", "429=0.02", "--yes")
    ended = desk(*words, "--rate", "100", "--name", "first")
    assert ended.code == 0
    assert "pace: no calls for 1 s" in ended.err
    assert ": 429" in ended.err


def test_the_rate_that_was_found_is_shown_in_words(desk: Desk) -> None:
    """Of a run that asks for more; one that asks for less has nothing to do with it."""
    words = ("-t", desk.template(), "--sandbox", "--yes", "--rate")
    for name, rate, first in (("fast", "100", 0), ("gentle", "5", 10)):
        assert desk("run", desk.people(3, first=first, name=f"{name}.csv"), *words, rate, "--name", name).code == 0
    found = json.dumps({"rate": 19.4567})
    with closing(sqlite3.connect(desk.folder / "home" / "ledger.db")) as ledger, ledger:
        ledger.execute("UPDATE account_pace SET found = ?, why = '429: slower'", (found,))
    assert desk("pace", "fast").out.splitlines()[1:] == [
        "  AICaller was found to take 19.5 calls/s of all runs of this account together:",
        "  19% of what was asked for; more is tried after quiet time (429: slower)",
    ]
    shown = json.loads(desk("pace", "fast", "--json").out)
    assert (shown["calls_per_second"], shown["calls_per_second_now"]) == (100.0, pytest.approx(19.4567))
    assert shown["calls_per_second_found"] == pytest.approx(19.4567)
    assert desk("pace", "gentle").out == "gentle: 5 calls/s, at most 8 on their way\n"


def test_a_slower_rate_of_an_older_ledger_is_kept(desk: Desk) -> None:
    """It wrote how much of the asked rate may be used."""
    words = ("run", desk.people(3), "-t", desk.template(), "--sandbox", "--yes", "--rate", "100", "--name", "first")
    assert desk(*words).code == 0
    with closing(sqlite3.connect(desk.folder / "home" / "ledger.db")) as ledger, ledger:
        ledger.execute("UPDATE account_pace SET found = '', share = 0.25")
    assert json.loads(desk("pace", "first", "--json").out)["calls_per_second_now"] == pytest.approx(25.0, rel=0.02)


def test_a_run_in_another_process_follows(desk: Desk) -> None:
    """At one call a minute it would take an hour; told to hurry, it is done at once."""
    slow = desk.template(TEMPLATE + "[pace]\ncalls_per_minute = 1\n")
    with stand_in(desk.folder) as server:
        words = ("run", desk.people(60), "-t", slow, "--yes", "--name", "first")
        with started(desk, server, *words) as process:
            until(lambda: len(server.rings()) == 1)
            assert desk("pace", "first", "--rate", "1000", "--max-in-flight", "20").code == 0
            _, err = process.ended()
        assert len(server.rings()) == 60
    assert process.returncode == 0
    assert "pace: 1000 calls/s, at most 20 on their way: changed with campaign pace" in err


def test_two_programs_on_one_ledger_share_one_rate(desk: Desk) -> None:
    """The sum is what the carrier sees, while both of them dial."""
    rate = 20
    with stand_in(desk.folder) as server:
        sheets = [desk.people(400, name="a.csv"), desk.people(400, first=500, name="b.csv")]
        template = desk.template()
        words = [("run", sheet, "-t", template, "--yes", "--name", sheet.stem, "--rate", str(rate)) for sheet in sheets]
        with started(desk, server, *words[0]) as one, started(desk, server, *words[1]) as other:
            until(lambda: bool(server.rings()) and min(map(len, claims(desk))) >= 20)
            for process in (one, other):
                process.send_signal(signal.SIGTERM)
            one.ended()
            other.ended()
        assert (one.returncode, other.returncode) == (143, 143)
    first, second = claims(desk)
    begin, end = max(first[0], second[0]), min(first[-1], second[-1])
    together = [at for at in first + second if begin <= at <= end]
    # With a rate for each it would be twice as many. A busy machine moves the one claim and not the next, so that the
    # slots cannot be told one by one here; on a virtual clock they are.
    assert len(together) < 1.5 * rate * (end - begin)


def claims(desk: Desk) -> tuple[list[float], list[float]]:
    """When each of two runs claimed its calls, in order."""
    times: dict[str, list[float]] = {"a": [], "b": []}
    with closing(sqlite3.connect(desk.folder / "home" / "ledger.db")) as ledger:
        asked = "SELECT name, claimed_at FROM attempt JOIN run ON run.id = run_id ORDER BY claimed_at"
        for name, stamp in ledger.execute(asked):
            times[name].append(datetime.fromisoformat(stamp).timestamp())
    return times["a"], times["b"]
