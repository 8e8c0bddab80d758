"""`rehearse`: plays a whole campaign through on a fast clock; nobody is called, and nothing of it is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from campaign.api.arguments import AnyPath, Reading, count, flag, in_flight_of, rate_of, seconds_of, text_of
from campaign.api.checking import answers_of
from campaign.api.events import Notice, OnEvent
from campaign.api.own_thread import Tell, Work, awaiting, blocking
from campaign.api.starting import refuse_unanswered
from campaign.api.surroundings import surroundings
from campaign.domain.errors import UnansweredError
from campaign.presentation.endings.rehearsal import day_line
from campaign.usecases.dialling.ready_run import AccountOptions, DialOptions, ReadyRun, StopRequest
from campaign.usecases.dialling.rehearsal.rehearse import (
    Performance,
    Rehearsal,
    RehearsalOptions,
    exit_code_of,
    open_rehearsal,
    perform,
)
from campaign.usecases.dialling.run_sheet import Answers, Choices, GivenAnswers, load_sheet
from campaign.usecases.dialling.sheet_run_plan import SheetRunOptions

_STOPPED = 130


@dataclass(frozen=True, slots=True)
class RehearsalEnd:
    """What would happen, counted by the stand-in's own record of rings.

    Attributes:
        first_ring: when the first phone would ring, UTC; None for none. `last_ring` likewise.
        last_first_call: when the last one would without retries.
        calls: how many calls would be made, retries among them.
        rows: how many rows are to be called; `rows_reached`, how many of them at least once.
        retries: how the call before had ended -> how many calls would be made again.
        refused: why AICaller would refuse requests for now -> how many, each of which is sent again.
        called_twice: rows whose phone rings more often than the template's rules want. `forgotten`, rows that say they
            were called and were not. Of both there is none, or the program has a fault.
        for_a_person: rows whose answer is lost, and whose call no list has.
        counts: status -> rows, at the end.
        pending: how many rows would be left to call.
        stopped: why the run would stop itself; None if it would not.
        exit_code: as of `campaign rehearse`.
    """

    first_ring: datetime | None
    last_ring: datetime | None
    last_first_call: datetime | None
    calls: int
    rows: int
    rows_reached: int
    retries: Mapping[str, int]
    refused: Mapping[str, int]
    called_twice: tuple[int, ...]
    forgotten: tuple[int, ...]
    for_a_person: tuple[int, ...]
    counts: Mapping[str, int]
    pending: int
    stopped: str | None
    exit_code: int


def _rehearse(  # noqa: PLR0913 - what can be said of a run, by name
    sheet: AnyPath,
    template: AnyPath,
    *,
    again: bool = False,
    repairs: Literal["accept", "skip"] | None = None,
    changed: Literal["call", "skip"] | None = None,
    max_calls: int | None = None,
    max_rows: int | None = None,
    allow_fictitious: bool = False,
    opted_out: Literal["skip", "call"] | None = None,
    marked: Literal["skip", "call"] | None = None,
    plus: Literal["written", "region", "skip"] | None = None,
    name_order: Literal["written", "turned"] | None = None,
    date_order: Literal["day_first", "month_first"] | None = None,
    past: Literal["skip", "call"] | None = None,
    yes_words: Sequence[str] = (),
    no_words: Sequence[str] = (),
    short_rows: Literal["read"] | None = None,
    line_breaks: Literal["read"] | None = None,
    limit: int | None = None,
    rate: float | None = None,
    max_in_flight: int | None = None,
    start: str | None = None,
    region: str | None = None,
    timezone: str | None = None,
    reading: Reading | None = None,
    fault: str | None = None,
    seed: int = 0,
    latency: float = 0.3,
    follow_rate: float = 1.0,
    on_event: OnEvent | None = None,
    home: AnyPath | None = None,
    environment: Mapping[str, str] | None = None,
    now: Callable[[], datetime] | None = None,
) -> Work[RehearsalEnd]:
    """Plays a campaign through, days of hours, stagger and retries in seconds, against a stand-in with faults.

    No key is needed, nobody is called, and nothing of it is kept. The real suppression list and earlier calls leave out
    whom they will leave out of the run. The arguments that `start` has too mean the same.

    Args:
        sheet: a .csv, .xlsx, .xlsm, .xlsb, .xls or .ods file.
        template: a .toml file: how the sheet's rows become calls.
        again: rehearse a new run of a sheet that was run before.
        repairs: whether numbers whose lost 0 or + was restored are called.
        changed: whether rows are called again that changed since their call.
        max_calls: the most calls that are intended; overrides the template.
        max_rows: the most rows that are intended; overrides the template.
        allow_fictitious: whether numbers that are kept for examples are called.
        opted_out: rows that a column of opt-outs, which the template does not name, says yes for.
        marked: rows with a remark such as DNC or deceased in the name or the notes.
        plus: numbers whose digits after the + are also a number of the template's region.
        name_order: names with a comma: spoken as written, or turned round.
        date_order: dates that may be two days, where the template gives their variable a format.
        past: rows with a day or time that has passed, where the template gives its variable a format.
        yes_words: words for yes in columns of consent and opt-outs, beside those that are known.
        no_words: likewise for no; `*` is every word that is not known.
        short_rows: rows that may lack nothing but empty cells at their end: read them; None leaves them out.
        line_breaks: rows with cells of several lines that look like rows of their own: read them; None leaves them out.
        limit: at most so many calls.
        rate: calls a second; None for the template's.
        max_in_flight: concurrent requests; None for the template's.
        start: no phone rings before: `tomorrow 9am`, `2026-12-31 09:30`.
        region: two letters, for numbers written without a country; overrides the template.
        timezone: where hours and times hold, an IANA name or `recipient`; overrides the template.
        reading: how the sheet is to be read, where it leaves that open.
        fault: the stand-in's faults, as `429=0.05,close_after=0.01`; None for a few of the usual ones.
        seed: decides which calls a fault strikes, and how calls end.
        latency: seconds before each of the stand-in's answers.
        follow_rate: polls a second, after the calls.
        on_event: receives a notice for each day of the rehearsal's clock, in the caller's own thread.
        home: the ledger's folder; None for CAMPAIGN_HOME, or this system's place for a program's data.
        environment: None for the process's.
        now: the wall clock, aware, at which it begins; None for the machine's.

    Raises:
        UnansweredError: a question is open; `argument` names what answers it.
        UndecidedError: only the sheet's owner can say how it is to be read; `reading` does.
        UsageError: sheet, template, environment or an argument is invalid.
        LedgerError: the ledger cannot be read, or there is no room for a copy of it.
    """
    dial = DialOptions(
        account=AccountOptions(sandbox=True),
        rate=rate_of("rate", rate),
        max_in_flight=in_flight_of(max_in_flight),
        limit=count("limit", limit),
        results=None,
        audit=True,
        again=flag("again", again),
    )
    run = SheetRunOptions(
        sheet=Path(sheet),
        template=Path(template),
        region=region,
        timezone=timezone,
        name=None,
        webhook=None,
        canary=None,
        again=again,
        dial=dial,
        start=text_of("start", start),
    )
    answers = answers_of(
        repairs=repairs,
        changed=changed,
        max_calls=max_calls,
        allow_fictitious=allow_fictitious,
        opted_out=opted_out,
        marked=marked,
        plus=plus,
        name_order=name_order,
        date_order=date_order,
        past=past,
        yes_words=yes_words,
        no_words=no_words,
        short_rows=short_rows,
        line_breaks=line_breaks,
        unfollowed=None,
    )
    options = RehearsalOptions(
        run,
        fault=fault,
        seed=seed,
        latency=seconds_of("latency", latency),
        polls_per_second=rate_of("follow_rate", follow_rate) or 1.0,
    )
    choices = (reading or Reading()).choices(max_rows=max_rows)
    context = surroundings(home=home, environment=environment, now=now)

    def do(stop: StopRequest, tell: Tell) -> RehearsalEnd:
        with open_rehearsal(options, context=context) as rehearsal:
            ready = _published(rehearsal, choices, answers=answers)
            performed = perform(
                rehearsal,
                ready,
                stopping=stop.heard,
                on_day=lambda at, rings: tell(Notice(day_line(at, rings=rings))),
            )
        return _as_rehearsal(performed, stopped=stop.asked)

    return Work(do, on_event)


rehearse = blocking(_rehearse, name="rehearse")
rehearse_async = awaiting(_rehearse, name="rehearse_async")


def _published(rehearsal: Rehearsal, choices: Choices, *, answers: Answers) -> ReadyRun:
    """The run, loaded and answered as any other."""
    with load_sheet(
        rehearsal.ledger, rehearsal.run, choices=choices, answers=answers, context=rehearsal.context
    ) as loaded:
        if loaded.same is not None:
            raise UnansweredError(
                f"this sheet was begun as run {loaded.same.record.name}, and a rehearsal begins at its first call; say "
                "again=True to rehearse a new run of it",
                argument="again",
            )
        refuse_unanswered(loaded, answers)
        return loaded.publish(GivenAnswers(answers, agreed=True))


def _as_rehearsal(performed: Performance, *, stopped: bool) -> RehearsalEnd:
    rings = performed.count
    by_a_person = "by a person" if stopped else None
    return RehearsalEnd(
        first_ring=rings.first,
        last_ring=rings.last,
        last_first_call=performed.outlook.forecast.last,
        calls=rings.rings,
        rows=rings.rows,
        rows_reached=rings.reached,
        retries={end.value: calls for end, calls in performed.retried.items()},
        refused={cause.value: tries for cause, tries in performed.refused.items() if tries},
        called_twice=rings.twice,
        forgotten=rings.forgotten,
        for_a_person=rings.for_a_person,
        counts=dict(rings.statuses),
        pending=performed.left,
        stopped=performed.stop.why if performed.stop else by_a_person,
        exit_code=exit_code_of(performed, signalled=_STOPPED if stopped else None),
    )
