"""`start`: makes the calls of a sheet. Each question of the terminal is an argument; without an answer it refuses."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from campaign.api.arguments import AnyPath, Reading, count, one_of, text_of
from campaign.api.checking import answers_of
from campaign.api.dialling import RunEnd, dial_options, dialled, refuse_stopped
from campaign.api.events import OnEvent
from campaign.api.own_thread import Tell, Work, awaiting, blocking
from campaign.api.surroundings import Surroundings, surroundings
from campaign.domain.errors import UnansweredError
from campaign.presentation.cures.doubt_words import DOUBT_WORDS
from campaign.presentation.wording import counted
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.dialling.ready_run import PlanSaid, ReadyRun, StopRequest
from campaign.usecases.dialling.run_sheet import (
    Answers,
    ChangedRows,
    Choices,
    DoubtfulRows,
    GivenAnswers,
    LoadedSheet,
    RepairedNumbers,
    UnfollowedCalls,
    UnknownWords,
    load_sheet,
)
from campaign.usecases.dialling.sheet_run_plan import SheetRunOptions, plan_sheet_run

SameSheet = Literal["resume", "again"]


def _start(  # noqa: PLR0913 - what can be said of a run, by name
    sheet: AnyPath,
    template: AnyPath,
    *,
    call_people: bool = False,
    sandbox: bool = False,
    same_sheet: SameSheet | None = None,
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
    unfollowed: Literal["follow", "call"] | None = None,
    name: str | None = None,
    results_file: AnyPath | None = None,
    limit: int | None = None,
    rate: float | None = None,
    max_in_flight: int | None = None,
    canary: int | None = None,
    webhook: str | None = None,
    audit: bool = True,
    trust_clock: bool = False,
    plan: Literal["new", "old"] | None = None,
    start: str | None = None,
    region: str | None = None,
    timezone: str | None = None,
    reading: Reading | None = None,
    fault: str | None = None,
    seed: int = 0,
    on_event: OnEvent | None = None,
    home: AnyPath | None = None,
    environment: Mapping[str, str] | None = None,
    now: Callable[[], datetime] | None = None,
) -> Work[RunEnd]:
    """Makes the calls of a sheet, one for each good row, and returns when no more can be made now.

    Interrupted (Ctrl-C, a signal handler that raises) or cancelled, it begins no new call, waits for those in flight,
    records them, and raises again; `resume` makes the rest. Interrupted once more, it leaves at once: what was in
    flight is then `unknown`, reconciled by the next start, and never sent again automatically.

    Args:
        sheet: a .csv, .xlsx, .xlsm, .xlsb, .xls or .ods file.
        template: a .toml file: how the sheet's rows become calls.
        call_people: True: people's phones ring. There is no other way to real calls.
        sandbox: True: no phone rings; a stand-in for AICaller inside this process takes the calls.
        same_sheet: what if this sheet was begun before: resume that run, or begin again. A finished run is not resumed;
            begun again, it still leaves out numbers called recently.
        repairs: whether numbers whose lost 0 or + was restored are called.
        changed: whether rows are called again that changed since their call.
        max_calls: the most calls that are intended; overrides the template.
        max_rows: the most rows that are intended; overrides the template.
        allow_fictitious: whether numbers that are kept for examples are called for real.
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
        unfollowed: people who would be called again, and whose earlier call was not looked up since: look it up first
            ("follow"), so that who said no is left out, or "call" them all the same.
        name: the run's; None for one that is made of template and date.
        results_file: a .csv file that grows while the run goes on; None for `<run>.results.csv` in the current folder.
        limit: at most so many calls now; the rest stays pending.
        rate: calls a second; None for the template's.
        max_in_flight: concurrent requests; None for the template's.
        canary: call so many rows first, and the rest only if their outcomes are within the template's bounds.
        webhook: one more address to which AICaller sends a webhook when a call is over.
        audit: reconcile with AICaller's list of calls, before the first call and at the end.
        trust_clock: take this machine's clock for right, even if AICaller's says otherwise.
        plan: of a begun run whose template was changed since: its hours, stagger, retries, limits and pace of now
            hold for the rest ("new"), or those that the run began with ("old").
        start: no phone rings before: `tomorrow 9am`, `2026-12-31 09:30`; on the clock of the template's hours, or of
            this machine. It returns when the last call is made, as ever.
        region: two letters, for numbers written without a country; overrides the template.
        timezone: where hours and times hold, an IANA name or `recipient`; overrides the template.
        reading: how the sheet is to be read, where it leaves that open.
        fault: faults of the stand-in, as `429=0.05,close_after=0.01`.
        seed: decides which rows a fault strikes.
        on_event: receives each event, in the caller's own thread. Its exception stops the run as an interrupt does.
        home: the ledger's folder; None for CAMPAIGN_HOME, or this system's place for a program's data.
        environment: with AICALLER_API_KEY or AICALLER_API_KEY_FILE in it; None for the process's.
        now: the wall clock, aware; None for the machine's.

    Raises:
        UnansweredError: a question is open; `argument` names what answers it. Nothing was sent.
        UndecidedError: only the sheet's owner can say how it is to be read; `reading` does. Nothing was sent.
        UsageError: sheet, template, environment or an argument is invalid. Nothing was sent.
        BusyError: another process works on the run.
        AuditError: it cannot be established what was called already. Nothing was sent.
        ClockError: this machine's clock is not AICaller's. Nothing was sent.
        LedgerError: the ledger or its disk is in trouble.
    """
    again = one_of("same_sheet", same_sheet, ("resume", "again")) == "again"
    dial = dial_options(
        call_people=call_people,
        sandbox=sandbox,
        fault=fault,
        seed=seed,
        rate=rate,
        max_in_flight=max_in_flight,
        limit=limit,
        results_file=results_file,
        audit=audit,
        trust_clock=trust_clock,
        plan=plan,
        again=again,
    )
    options = SheetRunOptions(
        sheet=Path(sheet),
        template=Path(template),
        region=region,
        timezone=timezone,
        name=name,
        webhook=webhook,
        canary=count("canary", canary),
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
        unfollowed=unfollowed,
    )
    choices = (reading or Reading()).choices(max_rows=max_rows)
    context = surroundings(home=home, environment=environment, now=now)

    def do(stop: StopRequest, tell: Tell) -> RunEnd:
        with opened_ledger(context) as ledger:
            ready = _begun(ledger, options, choices, answers=answers, same_sheet=same_sheet, context=context, stop=stop)
            return dialled(ready, stop=stop, tell=tell)

    return Work(do, on_event)


start = blocking(_start, name="start")
start_async = awaiting(_start, name="start_async")


def _begun(
    ledger: Ledger,
    options: SheetRunOptions,
    choices: Choices,
    *,
    answers: Answers,
    same_sheet: SameSheet | None,
    context: Surroundings,
    stop: StopRequest,
) -> ReadyRun:
    """Prepares the run to be dialled: a new one, or the unfinished run of the same sheet."""
    sheet_run = plan_sheet_run(options, context=context)
    with load_sheet(ledger, sheet_run, choices=choices, answers=answers, context=context) as loaded:
        refuse_stopped(stop)
        if loaded.same is not None:
            return _resumed(loaded, same_sheet=same_sheet, plan=options.dial.plan)
        refuse_unanswered(loaded, answers)
        loaded.follow_first(GivenAnswers(answers), tell=lambda _: None)
        # Consent to call people was given explicitly, by an argument without a default.
        return loaded.publish(GivenAnswers(answers, agreed=True))


def _resumed(loaded: LoadedSheet, *, same_sheet: SameSheet | None, plan: PlanSaid | None) -> ReadyRun:
    if same_sheet != "resume":
        assert loaded.same is not None  # noqa: S101 - the caller has seen that there is one
        raise UnansweredError(
            f"this sheet was begun as run {loaded.same.record.name}, which is not finished; say same_sheet='resume' "
            "to go on with it, or same_sheet='again' for a new run; nothing was sent",
            argument="same_sheet",
        )
    return loaded.resume(plan)


def refuse_unanswered(loaded: LoadedSheet, said: Answers) -> None:
    """Consent was given by `call_people` or `sandbox`: the last question is already answered."""
    match loaded.question(GivenAnswers(said)):
        case RepairedNumbers(count=found):
            raise UnansweredError(
                f"{found} of the sheet's numbers would be called as restored, not as written; see check(...), then say "
                "repairs='accept' or repairs='skip', or correct the sheet; nothing was sent",
                argument="repairs",
            )
        case ChangedRows(count=found):
            raise UnansweredError(
                f"{found} of the sheet's rows changed since they were called; say changed='call' or changed='skip'; "
                "nothing was sent",
                argument="changed",
            )
        case DoubtfulRows(about=about, count=found, answers=answers):
            listed = " or ".join(f"{about}={answer!r}" for answer in answers)
            raise UnansweredError(
                f"{counted(found, 'row')} {DOUBT_WORDS[about]}; see check(...), then say {listed}, or correct the "
                "sheet; nothing was sent",
                argument=about,
            )
        case UnknownWords(words=words):
            column, word, rows = words[0]
            raise UnansweredError(
                f"{word!r} in column {column!r} ({rows} rows) says neither yes nor no; name it in yes_words or "
                "no_words, or correct the sheet; nothing was sent",
                argument="yes_words",
            )
        case UnfollowedCalls(count=found, runs=runs):
            raise UnansweredError(
                f"{found} of these people were called before (run {', '.join(runs)}), and how that ended was not "
                "looked up since; say unfollowed='follow' or unfollowed='call'; nothing was sent",
                argument="unfollowed",
            )
        case _:
            pass
