"""Data model of a campaign: frozen classes, in the order in which a run creates them.

    sheet -> Row -> Contact | Invalid | Skip -> (call request) -> Attempt -> Outcome -> ResultRow

Only data: the stages make the decisions, and know each other only by these classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from campaign.domain.cures import Cure, Message
from campaign.domain.cures.notes import Note
from campaign.domain.skip_reason import Skipped, text_of


class RowState(StrEnum):
    """State of a row. ``sending`` and ``retry_wait`` are shown to people as ``pending``."""

    PENDING = "pending"
    SENDING = "sending"
    RETRY_WAIT = "retry_wait"
    CREATED = "created"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    INVALID = "invalid"
    SKIPPED = "skipped"

    @property
    def shown(self) -> str:
        """The status that results and counts show."""
        return "pending" if self in (RowState.SENDING, RowState.RETRY_WAIT) else self.value


class Mark(StrEnum):
    """Original type of a cell that became text, where that affects how far the text can be trusted."""

    NUMBER = "number"
    """A number cell: digits are exact, but a leading zero or plus cannot have survived in it."""
    ERROR = "error"
    """An error value (`#N/A`, `#REF!`): the text is its name, and never a value."""
    UNCALCULATED = "uncalculated"
    """A formula whose result was never stored; the text is empty."""
    MERGED = "merged"
    """Covered by a merged cell that begins elsewhere; the text is empty."""


Readable = Literal["short_rows", "line_breaks"]
"""What may make a damaged row sound, if its owner says so: a field fewer at its end, or cells of several lines."""


class Row(NamedTuple):
    """One row of a sheet, as text. A named tuple, like `Screened`: there are millions, and tuples are cheap to make.

    Attributes:
        number: the row's number as the user sees it in a spreadsheet program: the sheet's first row is row 1.
        cells: one text for each header column, in the sheet's order.
        damage: why the row cannot be read as it stands (a field too many, say); None for a sound row.
        line: in a text file, the number of the line on which the row begins, where that is not its number.
        marks: (index of a cell, its original type), for the few cells where that matters.
        short: how many fields a damaged row has, if all that it lacks are fields at its end; 0 for any other row.
        readable: by which word of its owner a damaged row is sound; None where none helps, or none is needed.
    """

    number: int
    cells: tuple[str, ...]
    damage: str | None = None
    line: int | None = None
    marks: tuple[tuple[int, Mark], ...] = ()
    short: int = 0
    readable: Readable | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is ``invalid``: row, column, value, reason and cure, which is empty where nothing must be done.

    `line` is the row's first line in a text file, where that is not its number.
    """

    row: int
    column: str
    value: str
    reason: str
    cure: Cure | str
    line: int | None = None

    @property
    def message(self) -> Message:
        """The whole problem as a message, for a front to word."""
        row = f"row {self.row}" if self.line is None else f"row {self.row} (line {self.line} of the file)"
        where = f"{row}, column {self.column!r}" if self.column else row
        shown = f": {self.value!r}" if self.value else ""
        return Message.with_cure(f"{where}{shown}: {self.reason}", self.cure)

    def __str__(self) -> str:
        return str(self.message)


class Contact(NamedTuple):
    """A row that passed all checks. A named tuple, as `Row` and for the same reason.

    Attributes:
        row: the sheet's row number.
        name: spoken by the caller, as ``nameOfHuman``.
        phone: E.164, ``+`` and 7 to 15 ASCII digits.
        email: ``toEmailAddress``, or None to leave it out.
        variables: the template's prompt variables as (key, value), in the template's order, both text.
        zones: IANA names of every time zone where the person may be; none where no rule of the template asks.
        states: two letters each, of the US states whose rules hold; none where the template asks for no rules.
        call_at: the row's own time, aware; None for as soon as it may be.
    """

    row: int
    name: str
    phone: str
    email: str | None = None
    variables: tuple[tuple[str, str], ...] = ()
    zones: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    call_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invalid:
    """A row that cannot be called as it is, with all of its problems."""

    problems: tuple[Problem, ...]

    @property
    def message(self) -> Message:
        """All of its problems as a message, for a front to word."""
        first, *others = (problem.message for problem in self.problems)
        return Message.of(first, *(part for other in others for part in (" | ", other)))

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True, slots=True)
class Skip:
    """A row that could be called and is left out: a duplicate, no consent, called recently.

    Attributes:
        contact: the person whom the row would have called.
        why: the reason why it is left out.
    """

    contact: Contact
    why: Skipped

    @property
    def reason(self) -> str:
        """The reason as the results show it, e.g. `duplicate of row 4`."""
        return text_of(self.why)


class Screened(NamedTuple):
    """A row and its result before any call; `notes` are the doubts about it."""

    row: Row
    verdict: Contact | Invalid | Skip
    notes: tuple[Note, ...] = ()


class Attempt(NamedTuple):
    """One sending of a row's call request, claimed in the ledger before its first byte leaves. A named tuple, likewise.

    Attributes:
        row_id: the ledger's own number of the row.
        row_number: the sheet's.
        number: 1 for a row's first attempt.
        phone: E.164.
        body: the exact bytes of the request, serialised before the row is claimed.
        waiting_as: the state from which the row is claimed: pending, or retry_wait.
        claimed_at: when it was claimed, aware; None before that.
        delayed_until: the `callDelayedUntil` in the body, aware, no other attempt's of the run; None for none.
        said: the content of the call, as `said_to` writes it: no other run says it meanwhile; empty where nothing is
            compared.
    """

    row_id: int
    row_number: int
    number: int
    phone: str
    body: bytes
    waiting_as: RowState = RowState.PENDING
    claimed_at: datetime | None = None
    delayed_until: datetime | None = None
    said: str = ""


class Cause(StrEnum):
    """Why an attempt was not accepted, where that is proved."""

    CONNECT = "connect"
    """No connection: refused, unreachable, timed out."""
    NAME = "name"
    """The host's name could not be resolved."""
    TLS = "tls"
    """The server's certificate or TLS version was not acceptable."""
    LIMITED = "limited"
    """429."""
    UNAVAILABLE = "unavailable"
    """503 with a valid Retry-After, in AICaller's own error envelope."""
    ACCOUNT = "account"
    """401, 402, 403, or a 404 of the team or the template: the trouble of the account, which every row would meet."""
    STOPPED = "stopped"
    """The run was told to stop, or to wait, between the claim and the first byte."""
    LATE = "late"
    """Its claim was too old, or its process silent for too long, when its first byte was to leave."""
    LOCAL = "local"
    """The request could not be put on the wire: a fault of the configuration, not of the row."""


NEVER_LEFT = frozenset({Cause.CONNECT, Cause.NAME, Cause.TLS, Cause.STOPPED, Cause.LATE, Cause.LOCAL})
"""Causes by which no byte of a request has left."""


@dataclass(frozen=True, slots=True)
class Created:
    """The API accepted the call."""

    call_id: str
    status: int = 200


@dataclass(frozen=True, slots=True)
class Rejected:
    """The call was refused, and no call was made.

    Attributes:
        status: of the answer.
        reason: one line for people.
        proved: AICaller's own words prove it. Otherwise a box between us may have said it, which as a rule is before it
            passes a request on: believed, and looked up before the row is ever sent again.
    """

    status: int
    reason: str
    proved: bool = True


@dataclass(frozen=True, slots=True)
class NotSent:
    """The API accepted nothing: the row may be sent again.

    Attributes:
        cause: why it was not accepted.
        reason: one line for people.
        retry_after: seconds that the server asked to wait, if it did.
        status: of the answer, if there was one.
        proved: as in `Rejected`; False only where the account is refused, which stops the run.
    """

    cause: Cause
    reason: str
    retry_after: float | None = None
    status: int | None = None
    proved: bool = True

    @property
    def wait_as(self) -> RowState:
        """The state in which its row waits."""
        return RowState.PENDING if self.cause is Cause.ACCOUNT else RowState.RETRY_WAIT


@dataclass(frozen=True, slots=True)
class Unknown:
    """No proof either way: the phone may ring, or may have rung. The row is never sent again automatically.

    Attributes:
        reason: one line for people.
        evidence: for the person who looks the call up: exception class, status, what arrived.
        status: the HTTP status, when a status line was seen.
    """

    reason: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    status: int | None = None


Outcome = Created | Rejected | NotSent | Unknown


@dataclass(frozen=True, slots=True)
class ClaimRefused:
    """A claim that was refused: another row called the number recently, or it is on the suppression list."""

    why: Skipped

    @property
    def reason(self) -> str:
        """The reason as the results show it."""
        return text_of(self.why)


@dataclass(frozen=True, slots=True)
class Settled:
    """Event of a row: the ending of its attempt, as the ledger holds it. After `NotSent` the row still waits."""

    attempt: Attempt
    outcome: Outcome | ClaimRefused
