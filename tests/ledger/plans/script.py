"""A campaign through the command line, verb by verb, so that every statement of the program is sent at least once."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest

from campaign.cli.main import exit_code
from campaign.cli.terminal import this_terminal
from campaign.domain.call_outcome import CallOutcome
from campaign.domain.errors import TakenForDeadError
from campaign.domain.model import Created
from campaign.domain.skip_reason import CalledElsewhere, NoConsent
from campaign.domain.stop import Stop, StopCode
from campaign.ledger.privacy.rehearsed import ASKED, BY_OUTCOME
from campaign.ledger.records.drafts import DraftRerun, LoadedRows
from campaign.ledger.records.lost_calls import CallFound
from campaign.ledger.records.workers import Reaped
from campaign.ledger.store import Ledger, open_ledger
from campaign.ledger.writes.claims import Settlement
from tests.cli.conftest import Desk, Ended, stand_in
from tests.cli.dialling.test_hours import DELAY, HEADER, NOON, SHEET
from tests.cli.dialling.test_rerun import by_row, corrected
from tests.cli.test_follow import FAST, RETRY, a_day_passes, numbers
from tests.ledger.backend import ADA, BOB, CY, DEE, SERVICE, draft, load, people, waiting
from tests.ledger.plans.readings import NO_RULES, glances, read_whole, walks
from tests.ledger.plans.serving import serve
from tests.loading import NEW, begun, published

EVE, FAY, GUS, HAL = (f"+120255501{number:02}" for number in range(5, 9))
DAILY = FAST + '[limits]\ncall_again_after = "20h"\n'
STAGGER = DELAY + '[stagger]\nstart = 2026-12-01T09:00:00\nevery = "30s"\ntimezone = "Europe/London"\n'


@contextmanager
def at_a_desk(folder: Path) -> Iterator[Desk]:
    """The program inside this process, in a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in [name for name in os.environ if name.startswith(("AICALLER_", "CAMPAIGN_"))]:
            patch.delenv(variable)
        patch.chdir(folder)
        patch.setenv("CAMPAIGN_HOME", str(folder / "home"))
        patch.setattr("sys.stdin", io.StringIO())

        def run_here(*words: str | Path, terminal: object) -> Ended:
            said = list[str]()
            quiet = replace(this_terminal(), say=said.append, now=getattr(terminal, "now"))  # noqa: B009 - of any terminal
            return Ended(exit_code([str(word) for word in words], terminal=quiet), "", "\n".join(said))

        yield Desk(folder, run_here)


def run_everything(desk: Desk) -> None:
    """Sheets of people: called with faults, settled, followed, called again, corrected, timed, scheduled, forgotten."""
    _suppression(desk)
    _first_run(desk)
    _views(desk)
    _second_look(desk)
    _timed(desk)
    _scheduled(desk)
    _erasure(desk)
    expect(0, desk("stop", "later"))
    with open_ledger(desk.folder / "home", now=lambda: datetime.now(UTC)) as ledger:
        anyio.run(_what_is_rare, ledger)
        serve(ledger)
        for run in ledger.read.runs.all():
            for ask in (*walks(ledger, run).values(), *glances(ledger, run).values()):
                read_whole(ask())


async def _what_is_rare(ledger: Ledger) -> None:
    """What only an audit, a second process, a visitor of a page or a person that was called too often leads to."""
    rows = people(ADA, BOB, CY, DEE, EVE, FAY)
    record = load(ledger, rows, name="rare")
    with ledger.hold(record, call_again_after=timedelta(0), most_per_day=1) as held:
        ada, bob, cy = ledger.read.lost.waiting_people(record.id, [ADA, BOB, CY])
        found = CallFound("rare-1", by="words", delayed_until=_real_now())
        assert ledger.lookups.adopt_waiting(ada, found, run_id=record.id, service=SERVICE)
        assert ledger.lookups.doubt_waiting(bob, reason="two fit", seen={}, run_id=record.id, service=SERVICE)
        assert ledger.lookups.skip_waiting(cy, CalledElsewhere("rare-2", at=record.created_at, recent=True))
        (lost,) = ledger.read.lost.unknown(record.id)
        assert ledger.lookups.flag(lost, reason="two fit", seen={"several": ["a", "b"]})
        attempts = {attempt.phone: attempt for attempt in waiting(ledger, record)}
        ledger.suppression.add([DEE], reason="asked", source="page")
        assert await held.claim(attempts[DEE]) is not None
        assert await held.claim(attempts[EVE]) is None
        # As when the ledger's files are taken away, and one comes back that has not seen the last claim.
        ledger._writer.do(held.save_all)
        made = Created("rare-3")
        held._journal.keep(Settlement(attempt=attempts[FAY], owner="rare", at=record.created_at, outcome=made))
    with ledger.hold(record, call_again_after=timedelta(0), most_per_day=1):
        pass  # what was left open is settled
    (fay,) = ledger.read.outcomes.find(["rare-3"], service=SERVICE)
    assert ledger.outcomes.doubt(fay, reason="another's", look_at=_real_now())
    ledger.outcomes.note(fay, CallOutcome(fay.call_id, status="completed"), rules=NO_RULES, is_named=True)
    called = load(ledger, people(EVE), name="again")
    with ledger.hold(called, call_again_after=timedelta(0), most_per_day=1) as held:
        assert await held.claim(waiting(ledger, called)[0]) is not None
    draft_of = begun(ledger, draft(), people(ADA, BOB))
    why = NoConsent(column="OK?", says="no")
    ready = ledger.drafts.complete(draft_of, LoadedRows("content", view="{}", may_skip={2: why}))
    answered = ledger.drafts.answer(ready, answers="{}", view="{}", skip=True)
    ledger.drafts.discard(answered)
    other = begun(ledger, draft(), people(ADA, BOB))
    ledger.drafts.skip(other, {2: why})
    assert published(ledger, other, content="other", stem="stem").by_this_draft
    again = ledger.drafts.choose(NEW, called, DraftRerun({}), view="{}")
    with ledger.hold(called, call_again_after=timedelta(0)):
        assert ledger.drafts.publish_rerun(again, called) == ledger.drafts.publish_rerun(again, called)
    ledger.drafts.expire(older_than=timedelta(0))
    await _taken_for_dead(ledger)


async def _taken_for_dead(ledger: Ledger) -> None:
    """A worker that is silent, what is left of it, and its late answer."""
    with open_ledger(ledger.home, now=lambda: _real_now() - timedelta(minutes=1)) as dead:
        record = load(dead, people(GUS, HAL), name="left")
        with dead.hold(record, call_again_after=timedelta(0)) as held:
            (gus, hal), reaped = waiting(dead, record), list[Reaped]()
            assert await held.claim(gus) is None
            for _ in range(2):
                with ledger.workers.duty(name="rack-1", takes="q"):
                    reaped += ledger.workers.reap(patience=timedelta(0))
            assert [one.unknown for one in reaped] == [1]
            assert await held.settle(gus, Created("late-1")) == Created("late-1")
            with pytest.raises(TakenForDeadError):
                await held.claim(hal)
    assert ledger.control.stop(record, Stop(StopCode.TROUBLE, "a breaker"), who=None)
    assert ledger.control.go(record, over_person=False)


def expect(code: int, ended: Ended) -> None:
    assert ended.code == code, (ended.code, ended.err)


def _suppression(desk: Desk) -> None:
    listed = desk.sheet("+12125550190", "+12125550191", name="list.csv", header="Phone")
    expect(0, desk("suppress", "add", "+12125550188", "--reason", "asked"))
    expect(0, desk("suppress", "import", listed, "--reason", "bought"))
    expect(0, desk("suppress", "list"))
    expect(0, desk("suppress", "check", "+12125550188"))
    expect(0, desk("suppress", "remove", "+12125550188", "--reason", "error"))
    expect(0, desk("suppress", "remove", "…0191", "--reason", "error"))


def _first_run(desk: Desk) -> None:
    some = [
        *numbers("completed", "ENDED_NORMALLY")[:12],
        *numbers("noAnswer")[:6],
        *numbers("completed", "DO_NOT_CALL")[:1],
    ]
    rows = [f"Person {at},{phone},Monday" for at, phone in enumerate(some)]
    sheet = desk.sheet(*rows, "Nobody,12,Monday", rows[0], "Listed,+12125550190,Monday")
    template = desk.template(FAST + RETRY)
    faults = ("--fault", "400_telling=0.3,close_after=0.1,close_before=0.1", "--seed", "4", "--max-in-flight", "1")
    desk("check", sheet, "-t", template)
    expect(1, desk("run", sheet, "-t", template, "--sandbox", "--yes", "--name", "first", "--no-audit", *faults))
    expect(0, desk("pace", "first", "--rate", "500"))


def _views(desk: Desk) -> None:
    for words in (["status"], ["status", "first"], ["status", "first", "--why", "2"], ["status", "--json"]):
        expect(0, desk(*words))
    for ending in ("csv", "xlsx", "html", "json"):
        expect(0, desk("results", "first", "-o", f"out.{ending}"))


def _second_look(desk: Desk) -> None:
    desk("resolve", "first", "--sandbox")
    unknown = [row["_row"] for row in desk.results("first.results.csv") if row["_status"] == "unknown"]
    desk.now = lambda: _real_now() + timedelta(minutes=2)
    expect(0, desk("resolve", "first", "--sandbox", "--not-called", ",".join(unknown), "--yes"))
    desk.now = None
    refused = [row for row in desk.results("first.results.csv") if row["_status"] == "rejected"]
    assert refused
    changed = corrected(desk, by_row(**{f"r{refused[0]['_row']}": {"Phone": "+12125550177"}}))
    expect(1, desk("rerun", changed, "--rows", refused[0]["_row"], "--sandbox", "--yes"))
    desk("rerun", "first", "--sandbox", "--yes")
    desk("resume", "first", "--sandbox", "--yes")
    a_day_passes(desk)
    desk("follow", "first", "--sandbox", "--rate", "1000")
    _as_it_was_once(desk)
    desk("rerun", "first", "--outcome", "no_answer", "--sandbox", "--yes")
    again = desk.sheet("Person 0,+12125550100,Tuesday", "Person 77,+12125550176,Monday", name="again.csv")
    expect(0, desk("run", again, "-t", desk.template(FAST + RETRY), "--sandbox", "--yes", "--skip-changed"))


def _as_it_was_once(desk: Desk) -> None:
    """An opt-out of a stand-in's call, as older versions put it on the list of all runs."""
    [call] = [row["_id"] for row in desk.results("first.results.csv") if row["_outcome"] == "do_not_call"]
    with open_ledger(desk.folder / "home", now=_real_now) as ledger:
        ledger.suppression.add(["+12125550189"], reason=f"{ASKED}{call}", source=BY_OUTCOME)
    expect(0, desk("suppress", "list"))
    expect(0, desk("suppress", "remove", "--rehearsed", "--reason", "made up"))


def _timed(desk: Desk) -> None:
    desk.now = lambda: NOON
    sheet = desk.sheet(*SHEET, name="timed.csv", header=HEADER)
    words = ("--sandbox", "--yes", "--name", "timed", "--limit", "2")
    expect(0, desk("run", sheet, "-t", desk.template(DELAY, "delay.toml"), *words))
    later = desk.sheet(*(f"Dee Day {at},+1312555010{at}," for at in range(4)), name="later.csv", header=HEADER)
    words = ("--sandbox", "--yes", "--name", "later", "--limit", "2")
    expect(0, desk("run", later, "-t", desk.template(STAGGER, "stagger.toml"), *words))
    desk.now = lambda: NOON + timedelta(days=1)
    desk.template(STAGGER.replace("until = 20:00:00", "until = 19:30:00"), "stagger.toml")
    expect(0, desk("resume", "later", "--sandbox", "--new-plan", "--limit", "1"))
    expect(0, desk("cancel", "later", "--reason", "done", "--yes"))
    desk.now = None


def _scheduled(desk: Desk) -> None:
    """A schedule calls no sandbox inside the program: it has one beside it, whose clock is the desk's."""

    def clock() -> float:
        return (desk.now or _real_now)().timestamp()

    with stand_in(desk.folder, clock=clock) as running, pytest.MonkeyPatch.context() as patch:
        for name, value in running.env.items():
            patch.setenv(name, value)
        desk.now = lambda: datetime(2026, 12, 4, 7, 0, tzinfo=UTC)
        weekdays = ("--cron", "0 9 * * mon-fri", "--timezone", "Europe/Berlin")
        sheet, template = desk.people(2, first=300, name="daily.csv"), desk.template(DAILY, "daily.toml")
        expect(0, desk("schedule", "add", "daily", sheet, "-t", template, *weekdays))
        for act in ("pause", "resume"):
            expect(0, desk("schedule", act, "daily"))
        expect(0, desk("schedule", "edit", "daily", "--grace", "2h"))
        desk.now = lambda: datetime(2026, 12, 4, 8, 5, tzinfo=UTC)
        expect(0, desk("schedule", "run", "--once"))
        expect(0, desk("schedule", "list"))
        with open_ledger(desk.folder / "home", now=desk.now) as ledger:
            (fired,) = ledger.schedules.firings(1)
            assert not ledger.schedules.take_over(fired)
            ledger.schedules.seen(fired.id)
        expect(0, desk("schedule", "remove", "daily"))
    desk.now = None


def _real_now() -> datetime:
    return datetime.now(UTC)


def _erasure(desk: Desk) -> None:
    expect(0, desk("forget", "first", "--yes", "--unfinished"))
    desk("forget", "--older-than", "1d", "--yes")
    desk("check", desk.folder / "sheet.csv", "-t", desk.template(FAST + RETRY))
