"""Operations on runs: list, look, rows; stop, resume, rerun, resolve, pace."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

import anyio
from pydantic import BaseModel, ConfigDict, Field

from campaign.config.settings import SANDBOX_SERVICE
from campaign.domain.instants import to_text
from campaign.domain.model import RowState
from campaign.domain.result_row import progress_of
from campaign.presentation.masking import masked_phone, masked_text
from campaign.usecases.dialling.drafts import RerunDraft, discard_draft, load_rerun_draft, look_at_draft
from campaign.usecases.dialling.pace import change_pace
from campaign.usecases.dialling.ready_run import AccountOptions, DialOptions, RunRecord
from campaign.usecases.dialling.rerun_rows import Narrow, RerunOptions, RowRange, Target
from campaign.usecases.resolve import run_to_resolve
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.dialling import OrderedDialling
from campaign.usecases.watching.rows import RowGlance
from campaign.web.api import models
from campaign.web.api.models import MOST_PER_PAGE, Status
from campaign.web.api.operation import ApiCall, Nothing
from campaign.web.api.problems import ApiError, not_found

_STATES = {status: tuple(s for s in RowState if s.shown == status) for status in (s.shown for s in RowState)}


class RunsQuery(BaseModel):
    """Which page of runs."""

    model_config = ConfigDict(extra="forbid")

    before: Annotated[str, Field(max_length=100)] | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = 100


class RowsQuery(BaseModel):
    """Which page of rows: those after that row of the sheet, in that status."""

    model_config = ConfigDict(extra="forbid")

    status: Status | None = None
    after: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    limit: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = 100


def list_runs(call: ApiCall[RunsQuery, Nothing]) -> models.RunsAnswer:
    """A page of runs, newest first."""
    before = None if call.query.before is None else found_run(call, call.query.before).id
    records = call.ledger.read.runs.watch.runs(before=before, most=call.query.limit + 1)
    page = records[: call.query.limit]
    more = page[-1].name if len(records) > len(page) else None
    return models.RunsAnswer(runs=tuple(run_of(call, record) for record in page), next=more)


def get_run(call: ApiCall[Nothing, Nothing]) -> models.RunAnswer:
    """One run."""
    return run_of(call, found_run(call, call.path["run"]))


def list_rows(call: ApiCall[RowsQuery, Nothing]) -> models.RowsAnswer:
    """A page of its rows, in the sheet's order."""
    record, asked = found_run(call, call.path["run"]), call.query
    states = None if asked.status is None else _STATES[asked.status]
    rows = call.ledger.read.runs.watch.rows(record.id, state=states, after=asked.after, most=asked.limit + 1)
    page = rows[: asked.limit]
    more = page[-1].number if len(rows) > len(page) else None
    is_viewer = call.user.role != "operator"
    return models.RowsAnswer(rows=tuple(_row(row, is_masked=is_viewer) for row in page), next=more)


def stop_run(call: ApiCall[Nothing, Nothing]) -> models.RunAnswer:
    """No new call of it begins; those on their way end."""
    record = found_run(call, call.path["run"])
    call.site.desk.stop(call.ledger, record.name, who=call.user.who)
    record_act(call.ledger, who=call.user.who, what="stop", target=record.name)
    return run_of(call, record)


def resume_run(call: ApiCall[Nothing, models.ResumeRequest]) -> models.RunAnswer:
    """Its waiting rows are called."""
    record, asked = found_run(call, call.path["run"]), call.body
    consented(record, call_people=asked.call_people)
    ordered = OrderedDialling(limit=asked.limit, plan=asked.plan)
    call.site.desk.dial(call.ledger, record.name, ordered, who=call.user.who)
    record_act(call.ledger, who=call.user.who, what="resume", target=record.name)
    return run_of(call, record)


def rerun_run(call: ApiCall[Nothing, models.RerunRequest]) -> models.RerunAnswer:
    """Rejected rows are called again."""
    record, asked = found_run(call, call.path["run"]), call.body
    consented(record, call_people=asked.call_people)
    dial = DialOptions(
        account=AccountOptions(sandbox=record.service == SANDBOX_SERVICE),
        rate=None,
        max_in_flight=None,
        limit=None,
        results=None,
        audit=True,
        plan=asked.plan,
    )
    narrow = Narrow(asked.reasons, tuple(RowRange(row, row) for row in asked.rows))
    options = RerunOptions(narrow, template=None, region=None, allow_fictitious=False, dial=dial)
    context = call.site.around
    token = load_rerun_draft(call.ledger, Target(record), options=options, context=context, belongs_to=call.user.who)
    draft = look_at_draft(call.ledger, token)
    if not isinstance(draft, RerunDraft) or not draft.view.to_call:
        discard_draft(call.ledger, token)
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY, "no rejected row fits; nothing was sent", code="nothing_to_call"
        )
    call.site.desk.dial(call.ledger, record.name, OrderedDialling(draft=token, plan=asked.plan), who=call.user.who)
    record_act(call.ledger, who=call.user.who, what="rerun", target=record.name, detail=f"{draft.view.to_call} rows")
    return models.RerunAnswer(run=record.name, rows=draft.view.to_call)


def resolve_run(call: ApiCall[Nothing, models.ResolveRequest]) -> models.ResolvedAnswer:
    """Lost answers are looked up in AICaller's list; a person's word settles what it cannot."""
    record, rows = found_run(call, call.path["run"]), set(call.body.not_called)
    sandbox = record.service == SANDBOX_SERVICE
    with run_to_resolve(call.ledger, record.name, sandbox=sandbox, write=True, context=call.site.around) as run:
        resolved = anyio.run(run.look_up)
        moved = run.mark_not_called(run.sendings(resolved, rows)) if rows else []
        run.write_results()
    record_act(call.ledger, who=call.user.who, what="resolve", target=record.name, detail=f"{len(moved)} not called")
    return models.ResolvedAnswer(
        found={str(row): call_id for row, (call_id, _) in resolved.settled.found.items()},
        left=max(0, resolved.settled.left - len(moved)),
        offered=resolved.offered,
        not_called=tuple(moved),
        trouble=resolved.recent.listed.trouble,
    )


def set_pace(call: ApiCall[Nothing, models.PaceRequest]) -> models.RunAnswer:
    """Another pace, which holds at once."""
    record, asked = found_run(call, call.path["run"]), call.body
    change_pace(call.ledger, record.name, rate=asked.calls_per_second, max_in_flight=asked.max_in_flight)
    record_act(call.ledger, who=call.user.who, what="pace", target=record.name)
    return run_of(call, record)


def found_run(call: ApiCall[Any, Any], name: str) -> RunRecord:
    """The run of that name.

    Raises:
        ApiError: there is none.
    """
    record = call.ledger.read.runs.find(name)
    if record is None:
        raise not_found(f"run {name!r}")
    return record


def consented(record: RunRecord, *, call_people: bool) -> None:
    """Refuses to call people without a word.

    Raises:
        ApiError: their phones would ring, and the request does not say so.
    """
    if record.service != SANDBOX_SERVICE and not call_people:
        text = "people's phones would ring; say call_people: true; nothing was sent"
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, text, code="consent")


def run_of(call: ApiCall[Any, Any], record: RunRecord) -> models.RunAnswer:
    """The run as it is answered."""
    live = call.site.desk.snapshot(record.name)
    dialling = models.DiallingAnswer()
    if live is not None:
        dialling = models.DiallingAnswer(
            phase=live.phase,
            until=_text(live.until),
            seconds_left=None if live.left is None else live.left.total_seconds(),
            trouble=live.trouble,
        )
    return models.RunAnswer(
        name=record.name,
        sheet=record.sheet,
        service=record.service,
        created_at=record.created_at,
        columns=record.header,
        counts=dict(progress_of(call.ledger.read.rows.count_states(record.id))),
        dialling=dialling,
    )


def _row(row: RowGlance, *, is_masked: bool) -> models.RowAnswer:
    phone = masked_phone(row.phone) if row.phone and is_masked else row.phone
    return models.RowAnswer(
        row=row.number,
        status=row.state.shown,
        name=None if is_masked else row.name,
        phone=phone,
        call_id=row.call_id,
        reason=masked_text(row.reason) if row.reason and is_masked else row.reason,
        attempts=row.attempts,
        submitted_at=row.submitted_at,
        outcome=row.ended_as,
        cells=None if is_masked else row.cells,
    )


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else to_text(instant)
