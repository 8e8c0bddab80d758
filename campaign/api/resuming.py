"""`resume` and `rerun`: continue an existing run, or call its failed rows again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from typing import Literal

from campaign.api.arguments import AnyPath, Reading, flag, one_of, path_of
from campaign.api.dialling import RunEnd, dial_options, dialled, refuse_stopped
from campaign.api.events import OnEvent
from campaign.api.own_thread import Tell, Work, awaiting, blocking
from campaign.api.surroundings import Surroundings, surroundings
from campaign.domain.call_outcome import CallEnd
from campaign.domain.errors import UnansweredError, UsageError
from campaign.domain.instants import to_text
from campaign.presentation.outcomes import ends_from
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.dialling.ready_run import DialOptions, ReadyRun, StopRequest
from campaign.usecases.dialling.rerun_rows import Narrow, RerunOptions, RowRange, rows_to_rerun, target_of
from campaign.usecases.dialling.resume_run import resume_run

_Begin = Callable[[Ledger], AbstractContextManager[ReadyRun]]
_Ready = Iterator[ReadyRun]
_Ends = Sequence[CallEnd] | None


def _resume(  # noqa: PLR0913 - what can be said of a dialling, by name
    run: str,
    *,
    call_people: bool = False,
    sandbox: bool = False,
    results_file: AnyPath | None = None,
    limit: int | None = None,
    rate: float | None = None,
    max_in_flight: int | None = None,
    audit: bool = True,
    trust_clock: bool = False,
    plan: Literal["new", "old"] | None = None,
    fault: str | None = None,
    seed: int = 0,
    on_event: OnEvent | None = None,
    home: AnyPath | None = None,
    environment: Mapping[str, str] | None = None,
    now: Callable[[], datetime] | None = None,
) -> Work[RunEnd]:
    """Continues a run after a stop or a crash: calls its pending rows, and never a row that is unknown.

    Interrupts, consent and all arguments are as for `start`. A run that was begun on the sandbox is resumed there.

    Args:
        run: its name.
        call_people: True: people's phones ring.
        sandbox: True: no phone rings.
        results_file: None for the run's own.
        limit: at most so many calls now.
        rate: calls a second; None for the run's own.
        max_in_flight: concurrent requests; None for the run's own.
        audit: reconcile with AICaller's list of calls.
        trust_clock: take this machine's clock for right, even if AICaller's says otherwise.
        plan: of a begun run whose template was changed since: its hours, stagger, retries, limits and pace of now
            hold for the rest ("new"), or those that the run began with ("old").
        fault: faults of the stand-in.
        seed: decides which rows a fault strikes.
        on_event: receives each event, in the caller's own thread.
        home: the ledger's folder.
        environment: None for the process's.
        now: the wall clock, aware.

    Raises:
        UnansweredError: neither `call_people` nor `sandbox` was given. Nothing was sent.
        UsageError: there is no such run, or its calls are made elsewhere. Nothing was sent.
        BusyError: another process works on the run.
        AuditError: it cannot be established what was called already. Nothing was sent.
        ClockError: this machine's clock is not AICaller's. Nothing was sent.
        LedgerError: the ledger or its disk is in trouble.
    """
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
    )
    context = surroundings(home=home, environment=environment, now=now)
    begin = partial(_rows_left, run=run, options=dial, context=context, ends=None)
    return _work(begin, context=context, on_event=on_event)


resume = blocking(_resume, name="resume")
resume_async = awaiting(_resume, name="resume_async")


def _rerun(  # noqa: PLR0913 - what can be said of a rerun, by name
    run: str | AnyPath,
    *,
    call_people: bool = False,
    sandbox: bool = False,
    outcomes: Sequence[str] = (),
    reasons: Sequence[str] = (),
    rows: Sequence[int] = (),
    since: datetime | None = None,
    template: AnyPath | None = None,
    region: str | None = None,
    repairs: Literal["accept"] | None = None,
    allow_fictitious: bool = False,
    reading: Reading | None = None,
    results_file: AnyPath | None = None,
    limit: int | None = None,
    rate: float | None = None,
    max_in_flight: int | None = None,
    audit: bool = True,
    trust_clock: bool = False,
    plan: Literal["new", "old"] | None = None,
    fault: str | None = None,
    seed: int = 0,
    on_event: OnEvent | None = None,
    home: AnyPath | None = None,
    environment: Mapping[str, str] | None = None,
    now: Callable[[], datetime] | None = None,
) -> Work[RunEnd]:
    """Calls the rejected rows of a run again, and only those: never a created one, never one that is unknown.

    Interrupts, consent and the arguments that are not named here are as for `resume`.

    Args:
        run: its name; or a results file of it (.csv, .xlsx), corrected or not, of which only the rows are meant.
        call_people: True: people's phones ring.
        sandbox: True: no phone rings.
        outcomes: instead: the rows whose call is known to have ended so (`no_answer`, `busy`, ...); see `follow`.
        reasons: only rows whose reason holds one of these texts, in any case.
        rows: only these rows, by the sheet's numbers.
        since: only rows that were refused since then; aware.
        template: how corrected rows are read, where the run does not say so itself.
        region: with it, as the run was begun with.
        repairs: "accept" calls corrected numbers whose lost 0 or + was restored.
        allow_fictitious: whether corrected numbers that are kept for examples are called for real.
        reading: how the results file is to be read, where it leaves that open.
        results_file: None for the run's own.
        limit: at most so many calls now.
        rate: calls a second; None for the run's own.
        max_in_flight: concurrent requests; None for the run's own.
        audit: reconcile with AICaller's list of calls.
        trust_clock: take this machine's clock for right, even if AICaller's says otherwise.
        plan: of a begun run whose template was changed since: its hours, stagger, retries, limits and pace of now
            hold for the rest ("new"), or those that the run began with ("old").
        fault: faults of the stand-in.
        seed: decides which rows a fault strikes.
        on_event: receives each event, in the caller's own thread.
        home: the ledger's folder.
        environment: None for the process's.
        now: the wall clock, aware.

    Raises:
        UnansweredError: a question is open; `argument` names what answers it. Nothing was sent.
        UsageError: there is no such run, or none of the requested rows may be called. Nothing was sent.
        BusyError: another process works on the run.
        AuditError: it cannot be established what was called already. Nothing was sent.
        ClockError: this machine's clock is not AICaller's. Nothing was sent.
        LedgerError: the ledger or its disk is in trouble.
    """
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
    )
    context = surroundings(home=home, environment=environment, now=now)
    one_of("repairs", repairs, ("accept",))
    if outcomes:
        if reasons or rows or since or template:
            raise UsageError("outcomes takes all rows whose call ended so; leave reasons, rows, since and template out")
        ends = ends_from(",".join(outcomes))
        begin: _Begin = partial(_rows_left, run=str(run), options=dial, context=context, ends=ends)
    else:
        options = RerunOptions(
            narrow=_narrow(reasons, rows=rows, since=since),
            template=path_of(template),
            region=region,
            allow_fictitious=flag("allow_fictitious", allow_fictitious),
            dial=dial,
            accept_repairs=repairs == "accept",
        )
        begin = partial(_failed_rows, run=str(run), options=options, reading=reading or Reading(), context=context)
    return _work(begin, context=context, on_event=on_event)


rerun = blocking(_rerun, name="rerun")
rerun_async = awaiting(_rerun, name="rerun_async")


def _work(begin: _Begin, *, context: Surroundings, on_event: OnEvent | None) -> Work[RunEnd]:
    def do(stop: StopRequest, tell: Tell) -> RunEnd:
        with opened_ledger(context) as ledger, begin(ledger) as ready:
            refuse_stopped(stop)
            return dialled(ready, stop=stop, tell=tell)

    return Work(do, on_event)


@contextmanager
def _rows_left(ledger: Ledger, *, run: str, options: DialOptions, context: Surroundings, ends: _Ends) -> _Ready:
    yield resume_run(ledger, run, options=options, context=context, ends=ends)


@contextmanager
def _failed_rows(ledger: Ledger, *, run: str, options: RerunOptions, reading: Reading, context: Surroundings) -> _Ready:
    target = target_of(ledger, run, choices=reading.choices(max_rows=None))
    with rows_to_rerun(ledger, target, options=options, context=context) as rows:
        if not rows.found.to_call and rows.is_narrowed:
            raise UsageError("no row to call again, of those that were asked for; nothing was sent")
        if rows.repairs_open:
            raise UnansweredError(
                f"{rows.found.repaired} of the corrected numbers would be called as restored, not as written; say "
                "repairs='accept', or correct the file; nothing was sent",
                argument="repairs",
            )
        yield rows.ready()


def _narrow(reasons: Sequence[str], *, rows: Sequence[int], since: datetime | None) -> Narrow:
    if isinstance(reasons, str):
        # A string is a sequence of letters, and each letter occurs in nearly every reason.
        raise UsageError(f"reasons={reasons!r}: a list of texts is wanted")
    if since is not None and since.tzinfo is None:
        raise UsageError("since= has no time zone; give an aware time: datetime.now(UTC) - timedelta(hours=2)")
    return Narrow(
        reasons=tuple(reasons),
        rows=tuple(RowRange(row, row) for row in rows),
        since=None if since is None else to_text(since),
    )
