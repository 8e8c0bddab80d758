"""Boxes between here and AICaller: what they say proves nothing, and what they do is found out."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaign.sandbox.calls import Fate
from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.faults.table import FAULTS, Fault, FaultPlan
from campaign.sandbox.list_endings import Listing
from campaign.sandbox.truth import read_truth
from tests.cli.conftest import KEY, TEMPLATE, Desk
from tests.in_thread import in_thread

FAST = TEMPLATE + "[pace]\ncalls_per_second = 500.0\nmax_in_flight = 4\n"
RUN = ("--yes", "--name", "visits")
NEVER_AGAIN = Fate(1.0, "completed", "DO_NOT_CALL", (0.001, 0.001, 0.001))


@dataclass(frozen=True, slots=True)
class Switch(FaultPlan):
    """The POSTs from one on meet a fault, until a person has seen to it."""

    name: str = ""
    first: int = 0
    last: int = 1_000_000
    cured: list[bool] = field(default_factory=list)

    def at(self, number: int) -> Fault | None:
        return FAULTS[self.name] if not self.cured and self.first <= number <= self.last else None


@dataclass(frozen=True)
class Box:
    """AICaller, and what stands before it."""

    truth: Path
    faults: Switch

    def rings(self) -> list[str]:
        return sorted(ring.phone for ring in read_truth(self.truth)) if self.truth.exists() else []

    def cure(self) -> None:
        self.faults.cured.append(True)


@pytest.fixture
def people(desk: Desk) -> Path:
    return desk.people(8)


@contextmanager
def box(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, *, first: int = 0, last: int = 1_000_000, lag: float = 0.0
) -> Iterator[Box]:
    faults = Switch(name=name, first=first, last=last)
    truth = desk.folder / "truth.jsonl"
    script = {f"+12125550{100 + i}": [NEVER_AGAIN] for i in range(8)}

    def clock() -> float:
        return (desk.now() if desk.now else datetime.now(UTC)).timestamp()

    config = SandboxConfig(clock=clock, faults=faults, truth=truth, script=script, listing=Listing(lag=lag))
    with in_thread(config) as sandbox:
        for variable, value in {
            "AICALLER_BASE_URL": sandbox.base_url,
            "AICALLER_API_KEY": KEY,
            "AICALLER_TEAM_ID": "team",
            "AICALLER_CALL_TEMPLATE_ID": "template",
        }.items():
            monkeypatch.setenv(variable, value)
        yield Box(truth, faults)


def statuses(desk: Desk) -> list[str]:
    return [row["_status"] for row in desk.results("visits.results.csv")]


def why(desk: Desk, row: int = 2) -> str:
    return desk("status", "visits", "--why", str(row)).out


def later(desk: Desk, **after: float) -> None:
    """So much later, here and at AICaller."""
    desk.now = lambda: datetime.now(UTC) + timedelta(**after)


@pytest.mark.parametrize("name", ["503_stock_after", "502_after", "500_after", "408_after", "html", "reset_after"])
def test_a_phone_rings_once_whatever_a_box_says_after_the_call_was_made(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The stock page of a cache asks to come again, and its Retry-After made one phone ring four times."""
    with box(desk, monkeypatch, name) as made:
        ended = desk("run", desk.people(1), "-t", desk.template(FAST), *RUN)
        assert len(made.rings()) == 1
        assert "nothing was sent" not in why(desk)
        assert "unknown" in why(desk)
        # The list at the end shows the call.
        assert ended.code == 0, ended.err
        assert statuses(desk) == ["created"]


@pytest.mark.parametrize(
    ("name", "code", "status", "says"),
    [
        ("503_stock", 1, "unknown", "status 503 does not say whether the call was made"),
        ("401", 4, "pending", "refused, no call was made: 401"),
        ("402", 4, "pending", "refused, no call was made: 402"),
        ("403", 4, "pending", "refused, no call was made: 403"),
        ("403_page", 4, "pending", "as a rule before the request is passed on"),
        ("403_number", 1, "rejected", "AICaller refused the call: nobody was called"),
        ("404_template", 4, "pending", "refused, no call was made: 404: Call template not found"),
        ("404", 4, "pending", "refused, no call was made: 404"),
        ("400", 1, "rejected", "AICaller refused the call: nobody was called"),
        ("400_html", 1, "rejected", "not in AICaller's own words"),
        ("portal", 1, "unknown", "holds no sound call id"),
        ("302", 5, "unknown", "status 302"),
    ],
)
def test_a_row_says_of_each_ending_what_it_proves_and_no_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, name: str, code: int, status: str, says: str
) -> None:
    """Who asks why a person was not called must not read "nothing was sent" where that is a guess."""
    with box(desk, monkeypatch, name) as made:
        ended = desk("run", desk.people(1), "-t", desk.template(FAST), *RUN)
        assert made.rings() == []
        assert ended.code == code, ended.err
        assert statuses(desk) == [status]
        story = why(desk)
        assert says in story
        assert ("nothing was sent" in story) is False


@pytest.mark.parametrize(
    ("name", "says"),
    [("503", "refused, no call was made: 503: AICaller asks to wait"), ("429_bare", "refused, no call was made: 429")],
)
def test_a_refusal_that_is_proved_is_tried_again_and_says_that_no_call_was_made(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, name: str, says: str
) -> None:
    """Something was sent, so it does not say that nothing was."""
    with box(desk, monkeypatch, name, last=0) as made:
        assert desk("run", desk.people(1), "-t", desk.template(FAST), *RUN).code == 0
        assert len(made.rings()) == 1
    assert says in why(desk)
    assert "nothing was sent" not in why(desk)


def test_a_call_that_was_made_twice_is_found_though_no_row_is_unknown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, people: Path
) -> None:
    """A proxy that repeats a request gives a good answer: only the list shows that the phone rang twice."""
    with box(desk, monkeypatch, "twice", first=7) as made:
        ended = desk("run", people, "-t", desk.template(FAST), *RUN)
    assert len(made.rings()) == 9
    assert ended.code == 1
    assert "DUPLICATE AT SERVER" in ended.err
    [doubted] = [row for row in desk.results("visits.results.csv") if row["_status"] == "unknown"]
    twice = [ring.id for ring in read_truth(made.truth) if ring.fault == "twice"]
    assert all(call_id in doubted["_error"] for call_id in twice)
    story = why(desk, int(doubted["_row"]))
    assert "DUPLICATE AT SERVER" in story
    assert all(call_id in story for call_id in twice)


def test_a_duplicate_stays_one_when_it_is_looked_up_again_and_is_never_called_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither resolve nor resume nor rerun may make it a call that is as it should be."""
    with box(desk, monkeypatch, "twice") as made:
        assert desk("run", desk.people(1), "-t", desk.template(FAST), *RUN).code == 1
        assert desk("resolve", "visits").code == 1
        desk("resume", "visits", "--yes")
        desk("rerun", "visits", "--yes")
        assert len(made.rings()) == 2
        assert "unknown" in why(desk)
        refused = desk("resolve", "visits", "--not-called", "2", "--yes")
    assert refused.code == 2
    assert "more than once" in refused.err


def test_a_duplicate_that_the_list_shows_late_is_found_by_resolve(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run is over by then, no answer of it is lost, and nothing else would ever read the list again."""
    with box(desk, monkeypatch, "twice", lag=60.0) as made:
        assert desk("run", desk.people(1), "-t", desk.template(FAST), *RUN).code == 0
        assert statuses(desk) == ["created"]
        later(desk, minutes=5)
        resolved = desk("resolve", "visits")
        assert resolved.code == 1
        assert "DUPLICATE AT SERVER: rows 2 were called more than once" in resolved.out
        assert statuses(desk) == ["unknown"]
        [compared] = json.loads(desk("resolve", "visits", "--json").out)["compared"]["several"]
        assert sorted(compared["_ids"]) == sorted(ring.id for ring in read_truth(made.truth))


def test_a_duplicate_is_not_called_again_on_anybodys_word_though_the_list_shows_less(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with box(desk, monkeypatch, "twice"):
        assert desk("run", desk.people(1), "-t", desk.template(FAST), *RUN).code == 1
    with box(desk, monkeypatch, "400", lag=3600.0):
        (desk.folder / "truth.jsonl").unlink()
        refused = desk("resolve", "visits", "--not-called", "2", "--yes")
    assert refused.code == 2
    assert "more than once" in refused.err


@pytest.mark.parametrize("name", ["401", "402", "403", "404_template"])
@pytest.mark.parametrize("first", [0, 3])
def test_a_refused_account_leaves_all_rows_pending_and_resume_alone_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, people: Path, *, name: str, first: int
) -> None:
    """A key that runs out at noon: no row is rejected, none needs a rerun, none is called twice."""
    with box(desk, monkeypatch, name, first=first) as made:
        ended = desk("run", people, "-t", desk.template(FAST), *RUN)
        assert ended.code == 4
        assert sorted(statuses(desk)) == ["created"] * first + ["pending"] * (8 - first)
        line = next(line for line in ended.err.splitlines() if "the run stopped" in line)
        assert any(cure in line for cure in ("AICALLER_API_KEY", "balance", "may use this team_id", "correct team_id"))
        assert "campaign resume visits" in ended.err
        still = desk("resume", "visits", "--yes")
        assert still.code == 4
        made.cure()
        assert desk("resume", "visits", "--yes").code == 0
        assert statuses(desk) == ["created"] * 8
        assert made.rings() == sorted({*made.rings()})


def test_a_404_of_the_first_rows_is_the_templates_whatever_it_says(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, people: Path
) -> None:
    """A template that does not exist refuses everybody."""
    with box(desk, monkeypatch, "404") as made:
        assert desk("run", people, "-t", desk.template(FAST), *RUN).code == 4
        assert statuses(desk) == ["pending"] * 8
        made.cure()
        assert desk("resume", "visits", "--yes").code == 0


def test_a_filter_of_answers_makes_nobody_be_called_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its 403 comes after the call was made: the row waits, and the list knows better before it is sent again."""
    with box(desk, monkeypatch, "403_page_after") as made:
        ended = desk("run", desk.people(1), "-t", desk.template(FAST), *RUN)
        assert len(made.rings()) == 1
        assert ended.code == 4
        made.cure()
        later(desk, minutes=3)
        assert desk("resume", "visits", "--yes").code == 0
        assert len(made.rings()) == 1
    assert statuses(desk) == ["created"]


def test_an_edge_that_dresses_a_fault_as_404_makes_nobody_be_called_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, people: Path
) -> None:
    """What seemed to be refused, and is in the list, was called."""
    with box(desk, monkeypatch, "404_page_after", first=7) as made:
        ended = desk("run", people, "-t", desk.template(FAST), *RUN)
        assert len(made.rings()) == 8
        assert "seemed to be refused" in ended.err
        assert ended.code == 0
    assert statuses(desk) == ["created"] * 8


def suppressed(desk: Desk) -> str:
    return desk("suppress", "list").out


@pytest.mark.parametrize("name", ["read_other_phone", "read_other_id", "read_other_template"])
def test_an_outcome_of_somebody_else_is_not_taken(desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The wrong person went onto the list of those who are never called, and who had asked for it did not."""
    with box(desk, monkeypatch, name):
        assert desk("run", desk.people(1), "-t", desk.template(FAST), *RUN).code == 0
        later(desk, minutes=30)
        desk("follow", "visits", "--deadline", "1s")
        assert "012" not in suppressed(desk)
        story = why(desk)
    assert json.loads(desk("status", "visits", "--json").out)["counts"] == {"unknown": 1}
    assert "is another call's, by its" in story
    assert "nothing was taken from it" in story or "nothing of it was taken" in story


def test_an_answer_and_a_list_that_contradict_each_other_do_not_move_a_row_to_and_fro(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list shows the call as this row's; each poll says that it is another template's. Neither rings anybody."""
    with box(desk, monkeypatch, "read_other_template") as made:
        assert desk("run", desk.people(1), "-t", desk.template(FAST), *RUN).code == 0
        for hours in range(1, 4):
            later(desk, minutes=90 * hours)
            desk("follow", "visits", "--deadline", "1s")
            desk("resolve", "visits", "--yes")
        assert len(made.rings()) == 1
        story = why(desk)
    assert statuses(desk) == ["created"]
    assert story.count("unknown: AICaller's answer about call") == 1


def test_a_later_answer_puts_a_doubted_row_right(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """And only then its opt-out counts."""
    with box(desk, monkeypatch, "read_other_phone_once"):
        assert desk("run", desk.people(1), "-t", desk.template(FAST), *RUN).code == 0
        later(desk, minutes=30)
        desk("follow", "visits", "--deadline", "1s")
        assert "unknown" in why(desk)
        later(desk, minutes=90)
        desk("follow", "visits")
        story = why(desk)
        assert "a later answer about call" in story
        assert "DO_NOT_CALL" in story
    assert json.loads(desk("status", "visits", "--json").out)["counts"] == {"created": 1}


def test_the_list_puts_a_doubted_row_right_as_well(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows the id with the row's own number and words."""
    with box(desk, monkeypatch, "read_other_phone"):
        assert desk("run", desk.people(1), "-t", desk.template(FAST), *RUN).code == 0
        later(desk, minutes=30)
        desk("follow", "visits", "--deadline", "1s")
        assert "unknown" in why(desk)
        assert desk("resolve", "visits").code == 0
    assert json.loads(desk("status", "visits", "--json").out)["counts"] == {"created": 1}
