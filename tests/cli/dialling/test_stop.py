"""`stop`: a run begins no new call, whichever process dials it, until a person lets it go on."""

import json
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest

from campaign.domain.stop import Stop, StopCode
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.serving import Wanted
from campaign.ledger.records.workers import ControlRecord
from campaign.ledger.store import open_ledger
from tests.cli.conftest import Desk, stand_in
from tests.cli.dialling.test_signals import SLOW, started, until
from tests.cli.test_follow import FAST, RETRY, numbers

_WORDS = ("--sandbox", "--yes", "--name", "visits", "--no-audit")


def control(desk: Desk) -> ControlRecord:
    with opened(desk) as ledger:
        found = ledger.read.runs.workers.control(1)
        assert found is not None
        return found


def opened(desk: Desk) -> AbstractContextManager[Ledger]:
    return open_ledger(desk.folder / "home", now=lambda: datetime.now(UTC))


def test_a_stop_from_another_terminal_ends_the_dialling_and_resume_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stand_in(desk.folder, latency=0.1) as server:
        words = ("run", desk.people(60), "-t", desk.template(SLOW), "--yes", "--name", "visits", "--no-audit")
        with started(desk, server, *words) as process:
            until(lambda: len(server.rings()) >= 3)
            ended = desk("stop", "visits", "--reason", "the clinic is closed")
            assert ended.code == 0
            assert "no new call begins; those on their way finish" in ended.out
            assert "campaign resume visits" in ended.err
            _, err = process.ended()
        assert process.returncode == 5
        assert "has stopped it: the clinic is closed" in err
        rows = desk.results("visits.results.csv")
        assert sum(row["_status"] == "created" for row in rows) == len(server.rings()) < 60
        assert not [row for row in rows if row["_status"] == "unknown"]
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        assert desk("resume", "visits", "--yes", "--rate", "1000", "--no-audit").code == 0
        assert len(server.rings()) == len(set(server.rings())) == 60
    assert control(desk).wanted is Wanted.GO


def test_a_run_that_nobody_dials_is_stopped_for_who_would(desk: Desk) -> None:
    """A schedule, or a worker, would go on with it."""
    desk("run", desk.people(4), "-t", desk.template(), *_WORDS, "--limit", "1")
    told = json.loads(desk("stop", "visits", "--json").out)
    assert (told["run"], told["stopped_now"], told["waiting"]) == ("visits", True, 3)
    assert "is already stopped" in desk("stop", "visits").out
    assert desk("stop", "nobody").code == 2
    assert desk("stop", "visits", "--reason", " ").code == 2


def test_a_stop_of_the_runs_own_is_written_for_all_who_dial_it(desk: Desk) -> None:
    ended = desk("run", desk.people(40), "-t", desk.template(), *_WORDS, "--fault", "401=1")
    assert ended.code == 4
    found = control(desk)
    assert (found.wanted, found.code, found.who) == (Wanted.STOP, 4, None)
    assert "401" in str(found.why)
    assert desk("resume", "visits", "--sandbox", "--yes", "--rate", "1000", "--no-audit").code == 0


def test_a_persons_stop_holds_for_retries_that_nobody_asked_for(desk: Desk) -> None:
    """A follow that calls people back would else go on with what somebody has just stopped."""
    rows = [f"Person {at},{phone},Monday" for at, phone in enumerate(numbers("noAnswer")[:3])]
    desk("run", desk.sheet(*rows), "-t", desk.template(FAST + RETRY), *_WORDS)
    with opened(desk) as ledger:
        record = ledger.read.runs.find("visits")
        assert record is not None
        assert ledger.control.stop(record, Stop(StopCode.TROUBLE, "ada has stopped it"), who="ada")
    desk.now = lambda: datetime.now(UTC) + timedelta(hours=3)
    ended = desk("follow", "visits", "--watch", "--sandbox", "--rate", "1000")
    assert ended.code == 5
    assert "ada has stopped it" in ended.err
    assert desk("resume", "visits", "--sandbox", "--yes", "--no-audit").code == 0
