"""Shapes of the API: what requests bring, and what answers hold. The OpenAPI document is made from these."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from campaign.domain.bounds import FASTEST_PER_SECOND, MOST_COUNTED, SLOWEST_PER_SECOND

MOST_PER_PAGE = 1_000
MOST_ROWS_NAMED = 10_000
_LONGEST = 1_000

Line = Annotated[str, StringConstraints(max_length=_LONGEST, pattern=r"^[^\x00-\x1f\x7f]*$")]
Count = Annotated[int, Field(ge=1, le=MOST_COUNTED)]
RowNumber = Annotated[int, Field(ge=1, le=MOST_COUNTED)]
Status = Literal["created", "rejected", "unknown", "pending", "invalid", "skipped"]


class AnswerShape(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(frozen=True)


class RequestShape(BaseModel):
    """Base of what is asked; a field that is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ProblemDocument(BaseModel):
    """ProblemDocument document (RFC 9457): why a request was not carried out. Nothing was sent.

    Attributes:
        type: `about:blank`, or `urn:campaign:` and the code.
        code: the same for programs; never changes.
        detail: one line for a person.
        row: the sheet's row that it is about; `column` and `value` likewise.
        cures: what can be done, in words.
        questions: what a run would ask, and no answer of the request decides.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    cures: tuple[str, ...] = ()
    questions: tuple["OpenQuestionAnswer", ...] = ()
    run: str | None = None


class OpenQuestionAnswer(BaseModel):
    """A question that must be answered before any call.

    Attributes:
        answer: the field of `answers` that decides it.
        rows: how many rows, or calls, it is about.
        values: what may be answered; empty where it is a number or a list of words.
        text: the question for a person.
    """

    answer: str
    rows: int
    values: tuple[str, ...] = ()
    text: str


class DiallingAnswer(AnswerShape):
    """What the server does with a run.

    Attributes:
        phase: starting, looking up, dialling, waiting, listing, judging, following, elsewhere, ended, stopped, failed;
            null where another process, or nobody, works on it.
        until: no phone may ring before; null while one may.
        seconds_left: how long the rest will take.
        trouble: why it stopped or failed.
    """

    phase: str | None = None
    until: str | None = None
    seconds_left: float | None = None
    trouble: str | None = None


class RunAnswer(AnswerShape):
    """A run, and how many of its rows stand where."""

    name: str
    sheet: str
    service: str
    created_at: str
    columns: tuple[str, ...]
    counts: dict[str, int]
    dialling: DiallingAnswer


class RunsAnswer(AnswerShape):
    """A page of runs, newest first; `next` is for `before` of the next page, null on the last."""

    runs: tuple[RunAnswer, ...]
    next: str | None = None


class RowAnswer(AnswerShape):
    """A row of a run.

    Attributes:
        status: created, rejected, unknown, pending, invalid or skipped.
        row: the sheet's number of it.
        phone: masked for a viewer; `name` and `cells` are null then.
        call_id: AICaller's `_id` of the call that was created.
        reason: why it stands where it stands; null for nothing to say.
        outcome: how its call ended; null while that is not known.
    """

    row: int
    status: str
    name: str | None
    phone: str | None
    call_id: str | None
    reason: str | None
    attempts: int
    submitted_at: str | None
    outcome: str | None
    cells: tuple[str, ...] | None


class RowsAnswer(AnswerShape):
    """A page of rows in the sheet's order; `next` is for `after` of the next page, null on the last."""

    rows: tuple[RowAnswer, ...]
    next: int | None = None


class ResumeRequest(RequestShape):
    """How the rest of a run is to be dialled.

    Attributes:
        call_people: true: people's phones ring. A run of the sandbox does not need it.
        limit: at most so many rows now.
        plan: of a run whose template was changed since: which plan holds for its rest.
    """

    call_people: bool = False
    limit: Count | None = None
    plan: Literal["new", "old"] | None = None


class RerunRequest(RequestShape):
    """Which rejected rows are called again: those in `rows` that have one of `reasons`; empty for all."""

    call_people: bool = False
    rows: Annotated[tuple[RowNumber, ...], Field(max_length=MOST_ROWS_NAMED)] = ()
    reasons: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    plan: Literal["new", "old"] | None = None


class RerunAnswer(AnswerShape):
    """Rows that are called again now."""

    run: str
    rows: int


class ResolveRequest(RequestShape):
    """Rows of which a person knows that nobody called them; empty to look up only."""

    not_called: Annotated[tuple[RowNumber, ...], Field(max_length=MOST_ROWS_NAMED)] = ()


class ResolvedAnswer(AnswerShape):
    """What AICaller's list says of the rows whose answers were lost.

    Attributes:
        found: row -> the call's `_id`.
        left: how many stay unknown.
        offered: rows that were probably not called, by the list alone.
        not_called: rows that wait again by this request's word.
        trouble: why the list could not be read to its end.
    """

    found: dict[str, str]
    left: int
    offered: tuple[int, ...]
    not_called: tuple[int, ...]
    trouble: str | None


class SuppressRequest(RequestShape):
    """Numbers that are never to be called."""

    numbers: Annotated[tuple[Line, ...], Field(min_length=1, max_length=1_000)]
    reason: Annotated[Line, Field(min_length=1)]
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None


class CheckNumberRequest(RequestShape):
    """A number that is looked up in the list."""

    number: Line
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None


class UnsuppressRequest(RequestShape):
    """A number that may be called again."""

    number: Line
    reason: Annotated[Line, Field(min_length=1)]
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None


class SuppressedAnswer(AnswerShape):
    """An entry of the suppression list; of the number only the last digits are shown."""

    last_digits: str
    listed: bool
    since: str | None
    reason: str | None


class SuppressionAnswer(AnswerShape):
    """The newest entries, newest first."""

    entries: tuple[SuppressedAnswer, ...]


class ScheduleAnswer(AnswerShape):
    """A schedule: when it fires, and what."""

    name: str
    when: str
    cron: str | None
    at: str | None
    timezone: str
    next: tuple[str, ...]
    paused_at: str | None
    last: dict[str, Any] | None


class SchedulesAnswer(AnswerShape):
    """All schedules, oldest first."""

    schedules: tuple[ScheduleAnswer, ...]


class PaceRequest(RequestShape):
    """Another pace for a run; null leaves it."""

    calls_per_second: Annotated[float, Field(ge=SLOWEST_PER_SECOND, le=FASTEST_PER_SECOND)] | None = None
    max_in_flight: Annotated[int, Field(ge=1, le=1_000)] | None = None
