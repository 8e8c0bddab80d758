"""A front that is no terminal: it begins a run by the use case alone, and answers questions that are data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import anyio
import pytest

from campaign.domain.cures import Wording
from campaign.domain.errors import UsageError
from campaign.domain.model import RowState
from campaign.usecases.context import opened_ledger
from campaign.usecases.dialling.ready_run import AccountOptions, DialingEnd, DialOptions, ReadyRun, run_event_loop
from campaign.usecases.dialling.run_sheet import (
    Answers,
    Choices,
    GivenAnswers,
    LoadedSheet,
    MakeCalls,
    RepairedNumbers,
    load_sheet,
)
from campaign.usecases.dialling.sheet_run_plan import SheetRun, SheetRunOptions, plan_sheet_run

TEMPLATE = '[columns]\nname = "Name"\nphone = "Phone"\n[phone]\nregion = "GB"\n[pace]\ncalls_per_second = 1000\n'
SHEET = "Name,Phone\nAda,+442079460019\nBo,2079460018\n"
NOBODY_YET = GivenAnswers(Answers())


@dataclass(frozen=True)
class Page:
    """All that a front has to give."""

    now: Callable[[], datetime]
    environment: Mapping[str, str]
    wording: Wording


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(partial(datetime.now, UTC), {"CAMPAIGN_HOME": str(tmp_path / "home")}, wording=str)


@pytest.fixture
def sheet_run(tmp_path: Path, page: Page) -> SheetRun:
    (tmp_path / "template.toml").write_text(TEMPLATE, "utf-8")
    (tmp_path / "sheet.csv").write_text(SHEET, "utf-8")
    dial = DialOptions(
        account=AccountOptions(sandbox=True),
        rate=None,
        max_in_flight=None,
        limit=None,
        results=tmp_path / "r.csv",
        audit=True,
    )
    options = SheetRunOptions(
        sheet=tmp_path / "sheet.csv",
        template=tmp_path / "template.toml",
        region=None,
        timezone=None,
        name="first",
        webhook=None,
        canary=None,
        again=False,
        dial=dial,
    )
    return plan_sheet_run(options, context=page)


async def ended(ready: ReadyRun) -> DialingEnd | None:
    end = None
    async with ready.dial(stop=anyio.Event()) as dialing:
        async for event in dialing.events:
            end = event if isinstance(event, DialingEnd) else end
    return end


def test_what_a_person_must_say_comes_out_as_data_one_after_the_other(page: Page, sheet_run: SheetRun) -> None:
    with opened_ledger(page) as ledger:
        with load_sheet(ledger, sheet_run, choices=Choices(), answers=Answers(), context=page) as loaded:
            first = loaded.question(NOBODY_YET)
            assert isinstance(first, RepairedNumbers)
            assert first.count == 1
            said = replace(NOBODY_YET, answers=Answers(repairs="accept"))
            second = loaded.question(said)
            assert isinstance(second, MakeCalls)
            assert second.calls == 2
            said = replace(said, agreed=True)
            assert loaded.question(said) is None
            ready = loaded.publish(said)
        end = run_event_loop(partial(ended, ready))
    assert end is not None
    assert end.counts == {RowState.CREATED: 2}
    assert ready.exit_code(end, signalled=None) == 0


@pytest.mark.parametrize(
    "said",
    [
        NOBODY_YET,
        GivenAnswers(Answers(repairs="accept")),
        GivenAnswers(Answers(), agreed=True),
        GivenAnswers(Answers(repairs="skip"), agreed=True),
    ],
    ids=["nothing", "not agreed", "numbers open", "to be read anew"],
)
def test_nothing_is_begun_while_anything_is_open(page: Page, sheet_run: SheetRun, said: GivenAnswers) -> None:
    """Whatever a front forgets to ask: nobody is called on a number that nobody has seen."""

    def publish(loaded: LoadedSheet) -> None:
        with pytest.raises(UsageError, match="nothing was sent"):
            loaded.publish(said)

    with opened_ledger(page) as ledger:
        with load_sheet(ledger, sheet_run, choices=Choices(), answers=Answers(), context=page) as loaded:
            publish(loaded)
        assert ledger.read.runs.all() == []
