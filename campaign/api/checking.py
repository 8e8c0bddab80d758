"""`check`: all that can be known of a sheet before its first call. Sends nothing; leaves the ledger unchanged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from campaign.api.arguments import AnyPath, Reading, count, flag, one_of, path_of, texts
from campaign.api.error_text import worded_errors
from campaign.api.surroundings import surroundings
from campaign.presentation.summary import summary_as_dict
from campaign.usecases.check_sheet import Answers, Checked, CheckOptions, exit_code_of_check, sheet_to_check

_ARGUMENTS = {
    "repairs": "repairs",
    "changed": "changed",
    "calls": "max_calls",
    "rows": "max_rows",
    "fictitious": "allow_fictitious",
    "opted_out": "opted_out",
    "marked": "marked",
    "plus": "plus",
    "name_order": "name_order",
    "date_order": "date_order",
    "past": "past",
    "words": "yes_words",
    "short_rows": "short_rows",
    "line_breaks": "line_breaks",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Open question that `start` needs answered beforehand.

    Attributes:
        argument: of `start` and `check`, that answers it: repairs, changed, max_calls, max_rows, allow_fictitious,
            opted_out, marked, plus, name_order, date_order, past, yes_words (with no_words), short_rows, or
            line_breaks.
        count: how many rows, or calls, it is about.
        stops: whether no row at all is called until it is answered; else only these rows are left out.
    """

    argument: str
    count: int
    stops: bool


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Group of rows that cannot be called for the same reason.

    Attributes:
        column: the sheet's column; empty when it is the whole row.
        reason: why they cannot be called.
        cure: what to do about it.
        rows: how many there are.
        row_ranges: (first, last) of their numbers, the first ten ranges.
        values: row number -> the cell's text as written, of the first ten.
    """

    column: str
    reason: str
    cure: str
    rows: int
    row_ranges: tuple[tuple[int, int], ...]
    values: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Check:
    """Result of checking a sheet under a template.

    Attributes:
        rows: all rows of the sheet: those to call, invalid and skipped together.
        to_call: rows that may be called now.
        calls: how many calls `start` would make with the same answers and `limit`.
        invalid: rows that cannot be called as they are.
        repaired: rows whose number was restored (a lost 0 or +).
        skipped: code of the reason (`duplicate`, `suppressed`, `called_recently`, ...) -> how many rows that could be
            called are left out.
        problems: problems of the invalid rows, the most frequent first.
        questions: the open questions; with one that `stops`, `start` refuses.
        notices: remarks on how the sheet was read, one line each.
        first_call_at: when the first phone would ring if it began now, UTC; None if none does. `last_call_at` likewise.
        most_cost: of all calls at the worst, in the template's money; None when it says nothing of it.
        problems_file: the sheet of bad rows, if there was to be one and there are any.
        exit_code: that of `campaign check`.
    """

    rows: int
    to_call: int
    calls: int
    invalid: int
    repaired: int
    skipped: Mapping[str, int]
    problems: tuple[ProblemGroup, ...]
    questions: tuple[Question, ...]
    notices: tuple[str, ...]
    first_call_at: datetime | None
    last_call_at: datetime | None
    most_cost: float | None
    problems_file: Path | None
    exit_code: int

    @property
    def is_ready(self) -> bool:
        """Whether `start` would make calls with the same answers, and has no open question."""
        return self.calls > 0 and not any(question.stops for question in self.questions)


@worded_errors()
def check(  # noqa: PLR0913 - what can be said of a sheet, by name
    sheet: AnyPath,
    template: AnyPath,
    *,
    sandbox: bool = False,
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
    region: str | None = None,
    timezone: str | None = None,
    reading: Reading | None = None,
    problems_file: AnyPath | None = None,
    home: AnyPath | None = None,
    environment: Mapping[str, str] | None = None,
    now: Callable[[], datetime] | None = None,
) -> Check:
    """Checks a whole sheet, and forecasts a run of it. Sends nothing.

    Args:
        sheet: a .csv, .xlsx, .xlsm, .xlsb, .xls or .ods file.
        template: a .toml file: how the sheet's rows become calls.
        sandbox: compare with earlier runs on the stand-in, not with real ones.
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
        limit: at most so many calls now.
        region: two letters, for numbers written without a country; overrides the template.
        timezone: where hours and times hold, an IANA name or `recipient`; overrides the template.
        reading: how the sheet is to be read, where it leaves that open.
        problems_file: where the rows that cannot be called are written, as a sheet to be corrected.
        home: the ledger's folder; None for CAMPAIGN_HOME, or this system's place for a program's data.
        environment: None for the process's.
        now: the wall clock, aware; None for the machine's.

    Raises:
        UndecidedError: only the sheet's owner can say how it is to be read.
        SheetError: it cannot be read.
        TemplateError: the template cannot be read.
        UsageError: an argument or the environment is invalid.
        LedgerError: the ledger cannot be opened, or trusted.
    """
    context = surroundings(home=home, environment=environment, now=now)
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
    )
    choices = (reading or Reading()).choices(max_rows=max_rows)
    options = CheckOptions(
        sheet=Path(sheet),
        template=Path(template),
        region=region,
        timezone=timezone,
        sandbox=flag("sandbox", sandbox),
    )
    count("limit", limit)
    with sheet_to_check(options, context=context) as to_check:
        found = to_check.check(choices, answers=answers, problems=path_of(problems_file), every=None)
    return _as_check(found, limit=limit)


def answers_of(  # noqa: PLR0913 - each answer by its name
    *,
    repairs: Literal["accept", "skip"] | None,
    changed: Literal["call", "skip"] | None,
    max_calls: int | None,
    allow_fictitious: bool,
    opted_out: Literal["skip", "call"] | None,
    marked: Literal["skip", "call"] | None,
    plus: Literal["written", "region", "skip"] | None,
    name_order: Literal["written", "turned"] | None,
    date_order: Literal["day_first", "month_first"] | None,
    past: Literal["skip", "call"] | None,
    yes_words: Sequence[str],
    no_words: Sequence[str],
    short_rows: Literal["read"] | None,
    line_breaks: Literal["read"] | None,
) -> Answers:
    """Validates the answers.

    Raises:
        UsageError: one is invalid.
    """
    return Answers(
        repairs=one_of("repairs", repairs, ("accept", "skip")),
        changed=one_of("changed", changed, ("call", "skip")),
        max_calls=count("max_calls", max_calls),
        allow_fictitious=flag("allow_fictitious", allow_fictitious),
        opted_out=one_of("opted_out", opted_out, ("skip", "call")),
        marked=one_of("marked", marked, ("skip", "call")),
        plus=one_of("plus", plus, ("written", "region", "skip")),
        name_order=one_of("name_order", name_order, ("written", "turned")),
        date_order=one_of("date_order", date_order, ("day_first", "month_first")),
        past=one_of("past", past, ("skip", "call")),
        yes_words=texts("yes_words", yes_words),
        no_words=texts("no_words", no_words),
        short_rows=one_of("short_rows", short_rows, ("read",)),
        line_breaks=one_of("line_breaks", line_breaks, ("read",)),
    )


def _as_check(found: Checked, *, limit: int | None) -> Check:
    said, made = summary_as_dict(found.summary, diff=found.diff), found.outlook.forecast
    return Check(
        rows=said["rows"],
        to_call=said["to_call"],
        calls=min(said["to_call"], limit or said["to_call"]),
        invalid=said["invalid"],
        repaired=said["repaired"],
        skipped=said["skip_reasons"],
        problems=tuple(map(_as_group, said["problem_groups"])),
        questions=tuple(Question(_ARGUMENTS[one["about"]], one["count"], one["stops"]) for one in said["undecided"]),
        notices=tuple(said["notices"]),
        first_call_at=made.first,
        last_call_at=made.last,
        most_cost=found.outlook.most_cost,
        problems_file=found.problems,
        exit_code=exit_code_of_check(found.summary),
    )


def _as_group(said: Mapping[str, Any]) -> ProblemGroup:
    return ProblemGroup(
        column=said["column"],
        reason=said["reason"],
        cure=said["cure"],
        rows=said["rows"],
        row_ranges=tuple((first, last) for first, last in said["row_ranges"]),
        values={one["row"]: one["value"] for one in said["examples"]},
    )
