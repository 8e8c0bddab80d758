"""Who opts out hears of the calls that are on their way already, from every command that may be the one asked."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cli.conftest import TEMPLATE, Desk, Ended, StandIn, stand_in

ADA, BOB, CY = "+12125550100", "+12125550101", "+12125550102"
STAGGERED = TEMPLATE + '[pace]\ncalls_per_second = 1000\n[stagger]\nstart = START\nevery = "30s"\n'
CANCEL = "only AICaller's own pages can cancel it"


def staggered(desk: Desk, *flags: str, people: int) -> Ended:
    """The run "visits": its calls ring from tomorrow on."""
    start = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    template = desk.template(STAGGERED.replace("START", start))
    return desk("run", desk.people(people), "-t", template, "--yes", "--name", "visits", "--allow-fictitious", *flags)


@pytest.fixture
def submitted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Two calls at AICaller that ring tomorrow: Ada's, and Bob's, whose answer was lost."""
    # With this seed the second call meets the fault.
    with stand_in(desk.folder, fault="500_after=0.5", seed=0) as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        assert staggered(desk, "--no-audit", "--max-in-flight", "1", people=2).code == 1
        assert server.rings() == [ADA, BOB]
        yield desk


def asked(desk: Desk, *words: Any) -> Any:
    return json.loads(desk(*words, "--json").out)


def test_suppress_add_names_the_calls_on_their_way(submitted: Desk) -> None:
    told = submitted("suppress", "add", ADA, BOB, CY).out.splitlines()
    assert told[0] == "…0100: on the suppression list now"
    assert told[1].startswith("…0100: row 2 of run visits rings at 20")
    assert told[1].endswith(CANCEL)
    assert ", as call " in told[1]
    assert told[3].startswith("…0101: row 3 of run visits may ring at 20")
    assert told[3].endswith(CANCEL)
    assert told[4:] == ["…0102: on the suppression list now"]


def test_suppress_add_says_it_to_programs_too(submitted: Desk) -> None:
    ada, bob, cy = asked(submitted, "suppress", "add", ADA, BOB, CY)
    [call] = ada["calls_ahead"]
    assert (call["run"], call["row"], call["certain"]) == ("visits", 2, True)
    assert datetime.fromisoformat(call["rings_at"]) > datetime.now(UTC)
    assert call["id"] in submitted.results("visits.results.csv")[0]["_id"]
    assert [(call["id"], call["certain"]) for call in bob["calls_ahead"]] == [(None, False)]
    assert cy["calls_ahead"] == []
    assert ADA not in json.dumps([ada, bob, cy])


def test_suppress_check_names_them_whether_or_not_the_number_is_listed(submitted: Desk) -> None:
    shown = submitted("suppress", "check", ADA)
    assert shown.code == 1
    assert "rings at" in shown.out
    assert asked(submitted, "suppress", "check", ADA)["calls_ahead"][0]["row"] == 2
    assert asked(submitted, "suppress", "check", CY) == {
        "last_digits": "0102",
        "listed": False,
        "since": None,
        "reason": None,
        "calls_ahead": [],
    }


def test_an_import_counts_them_and_names_the_first(submitted: Desk) -> None:
    people = submitted.people(3, name="optouts.csv")
    told = submitted("suppress", "import", people).out
    assert "2 calls to them on the way already, 1 of them perhaps" in told
    assert "row 2 of run visits rings at" in told
    assert "row 3 of run visits may ring at" in told
    again = asked(submitted, "suppress", "import", people)
    assert (again["known"], [call["row"] for call in again["calls_ahead"]]) == (3, [2, 3])


def test_of_many_the_first_twenty_are_named_and_all_of_them_on_request(desk: Desk, server: StandIn) -> None:
    assert staggered(desk, people=23).code == 0
    assert len(server.rings()) == 23
    people = desk.folder / "sheet.csv"
    told = desk("suppress", "import", people).out
    assert "23 calls to them on the way already\n" in told
    assert (told.count(" rings at "), told.count("and 3 more")) == (20, 1)
    assert desk("suppress", "import", people, "-v").out.count(" rings at ") == 23


def test_a_row_says_that_it_will_ring(submitted: Desk) -> None:
    assert "  will ring at 20" in submitted("status", "visits", "--why", "2").out
    assert "  may ring at 20" in submitted("status", "visits", "--why", "3").out
    assert asked(submitted, "status", "visits", "--why", "2")["rings_at"] > f"{datetime.now(UTC):%Y-%m-%d}"


def test_a_run_with_calls_ahead_is_not_forgotten_unasked(submitted: Desk) -> None:
    """Afterwards nobody could say whom they ring at; --yes answers another question."""
    refused = submitted("forget", "visits", "--unfinished", "--yes")
    assert refused.code == 2
    assert "2 calls of visits on the way already" in refused.err
    assert "--with-calls-ahead" in refused.err
    assert "row 2 of run visits rings at" in refused.err
    assert submitted("forget", "visits", "--unfinished", "--yes", "--with-calls-ahead").code == 0
    assert "rings at" in submitted("suppress", "check", ADA).out, "the erased run's call is still found"
