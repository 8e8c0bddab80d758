"""One act on a draft as a process of its own, which can kill itself after the n-th transaction of the ledger.

load SHEET TEMPLATE | answer TOKEN | publish TOKEN | look TOKEN        [--killed-after N]

It says on stdout what came of it: a token, a run's name. `publish -` publishes one token after the other as they come
on stdin, so that two processes can be made to publish one draft at the same moment.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Literal

from campaign.domain.cures import Wording
from campaign.ledger.writes.group_commit import Writer
from campaign.presentation.cures import terminal_text
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.dialling.drafts import SheetDraft, answer_draft, load_sheet_draft, look_at_draft, publish_draft
from campaign.usecases.dialling.ready_run import AccountOptions, DialOptions
from campaign.usecases.dialling.run_sheet import Answers, Choices
from campaign.usecases.dialling.sheet_run_plan import SheetRun, SheetRunOptions, plan_sheet_run


@dataclass(frozen=True)
class Front:
    """All that a front has to give."""

    now: Callable[[], datetime]
    environment: Mapping[str, str]
    wording: Wording


HERE = Front(partial(datetime.now, UTC), os.environ, terminal_text)


def sheet_run(sheet: Path, template: Path, *, again: bool = False, context: Front = HERE) -> SheetRun:
    """The sheet, to be run where the environment says."""
    dial = DialOptions(
        account=AccountOptions(sandbox=False), rate=None, max_in_flight=None, limit=None, results=None, audit=True
    )
    options = SheetRunOptions(
        sheet=sheet,
        template=template,
        region=None,
        timezone=None,
        name=None,
        webhook=None,
        canary=None,
        again=again,
        dial=dial,
    )
    return plan_sheet_run(options, context=context)


def seen(ledger: Ledger, token: str) -> SheetDraft:
    """The draft, which is ready."""
    draft = look_at_draft(ledger, token)
    assert isinstance(draft, SheetDraft)
    return draft


def publish(ledger: Ledger, token: str) -> str:
    """The run that the draft became, whoever published it."""
    draft = look_at_draft(ledger, token)
    return publish_draft(ledger, token, revision=draft.record.revision, name=None, limit=None, context=HERE).name


def answer(ledger: Ledger, token: str, *, repairs: Literal["accept", "skip"]) -> None:
    draft = seen(ledger, token)
    answers = replace(draft.answers, repairs=repairs, changed="skip")
    answer_draft(ledger, token, answers, revision=draft.record.revision, context=HERE)


def kill_after(transactions: int) -> None:
    """With 0 the process dies as it asks for its first one."""
    asked, do = count(1), Writer.do

    def counted(self: Writer, work: Callable[..., Any]) -> Any:
        number = next(asked)
        if number > transactions:
            os.kill(os.getpid(), signal.SIGKILL)
        ended = do(self, work)
        if number == transactions:
            os.kill(os.getpid(), signal.SIGKILL)
        return ended

    Writer.do = counted  # type: ignore[method-assign]  # this process is made to die in it


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("act")
    parser.add_argument("about", nargs="+")
    parser.add_argument("--killed-after", type=int)
    parser.add_argument("--repairs", default="skip")
    said = parser.parse_args(words)
    if said.killed_after is not None:
        kill_after(said.killed_after)
    with opened_ledger(HERE) as ledger:
        if said.act == "load":
            run = sheet_run(*map(Path, said.about))
            print(load_sheet_draft(ledger, run, choices=Choices(), answers=Answers(), context=HERE), flush=True)  # noqa: T201 - its voice
        elif said.act == "answer":
            answer(ledger, said.about[0], repairs=said.repairs)
        elif said.act == "look":
            print(seen(ledger, said.about[0]).summary, flush=True)  # noqa: T201 - its voice
        else:
            for line in sys.stdin if said.about == ["-"] else said.about:
                print(publish(ledger, line.strip()), flush=True)  # noqa: T201 - its voice
