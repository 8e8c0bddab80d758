"""Flags that several commands share, and their value types."""

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from campaign.cli.options.flags import built
from campaign.cli.terminal import Terminal
from campaign.domain.bounds import FASTEST_PER_SECOND, MOST_COUNTED, SLOWEST_PER_SECOND, is_text

F = TypeVar("F", bound=Callable[..., Any])

O = TypeVar("O")  # noqa: E741 - the options of a verb

_RATE_UNITS = {"s": 1, "min": 60}
_MOST_SECONDS = 86_400
_SHOWN = 80


def flags(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Combines several options into one decorator, in this order."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def verb(kind: Callable[..., O]) -> Callable[[Callable[[O, Terminal], int]], Callable[..., int]]:
    """Makes a command of a function that takes its options as one object, and the terminal at which it was called."""

    def decorate(function: Callable[[O, Terminal], int]) -> Callable[..., int]:
        @click.pass_obj
        @wraps(function)
        def command(terminal: Terminal, /, **given: Any) -> int:
            refuse_undecoded(click.get_current_context().command.params, given)
            return function(built(kind, given), terminal)

        command.__dict__[OPTIONS] = kind
        return command

    return decorate


def refuse_undecoded(parameters: Sequence[click.Parameter], given: Mapping[str, Any]) -> None:
    """Refuses text whose bytes are no text of this terminal, which no ledger or request can hold. A path may be so.

    Raises:
        click.BadParameter: naming the parameter.
    """
    for parameter in parameters:
        value = given.get(parameter.name or "")
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str) and not is_text(text):
                raise click.BadParameter(f"{text!r} is no text in this terminal's encoding", param=parameter)


class FilePath(click.Path):
    """A path that the system can look up, whether or not something is there."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path.

        Raises:
            click.BadParameter: it is too long, or holds a NUL.
        """
        path = value
        try:
            path = super().convert(value, param, ctx)
            os.lstat(path)
        except ValueError:
            raise click.BadParameter(f"{str(value)[:_SHOWN]!r} is no path", ctx, param) from None
        except OSError as error:
            # What opens the path says what else is wrong, and what a file there is wanted for.
            if error.errno == errno.ENAMETOOLONG:
                shown = f"{str(value)[:_SHOWN]!r}..."
                raise click.BadParameter(f"{shown}: the name is too long for a file", ctx, param) from None
        return path


def seconds(*, least: float) -> Callable[[str], float]:
    """A parser of a number of seconds, from `least` to a day."""

    def parse(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        # Not a number is in no range either.
        if not least <= number <= _MOST_SECONDS:
            raise click.BadParameter(f"{text!r} is no number of seconds from {least:g} to {_MOST_SECONDS}")
        return number

    return parse


def rate(text: str) -> float:
    """Parses calls per second: `2`, `0.5`, `2/s`, or `30/min`."""
    number, _, unit = text.partition("/")
    try:
        per_second = float(number) / _RATE_UNITS[unit.strip() or "s"]
    except (KeyError, ValueError):
        per_second = 0.0
    # Not a number is in no range either.
    if not SLOWEST_PER_SECOND <= per_second <= FASTEST_PER_SECOND:
        raise click.BadParameter(
            f"{text!r} is no pace; write 2, 0.5, 2/s or 30/min, from one call a day up to {FASTEST_PER_SECOND:.0f}/s"
        )
    return per_second


def duration(text: str) -> timedelta:
    """Parses a whole number and a unit, as in a template."""
    from campaign.config.values import duration_from  # noqa: PLC0415 - start-up: this pays for pydantic

    try:
        return duration_from(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r}: {error}") from None


def _either(name: str, flag: str, what: str) -> tuple[Callable[[F], F], Callable[[F], F]]:
    """Two flags of which one leaves rows out and the other calls them."""
    return (
        click.option(f"--skip-{flag}", name, flag_value="skip", help=f"Leave out {what}."),
        click.option(f"--call-{flag}", name, flag_value="call", help=f"Call {what}."),
    )


OPTIONS = "options_kind"
"""The attribute of a command's function that names the class of its options."""
FILE = FilePath(path_type=Path)
COUNT = click.IntRange(1, MOST_COUNTED)
IN_FLIGHT = click.IntRange(1, 1_000)
"""Calls on their way at once, as many as a template may say."""

choices = flags(
    click.option("--sheet", "sheet_name", metavar="NAME", help="The workbook's sheet, where it has several."),
    click.option("--header-row", type=COUNT, metavar="N", help="The row that has the column names."),
    click.option("--no-header", is_flag=True, help="The first row is a person; the columns are called #1, #2, ..."),
    click.option("--encoding", metavar="NAME", help="Of a text file that is not UTF-8, e.g. cp1252."),
    click.option("--delimiter", metavar="CHARACTER", help="Between the columns of a text file, e.g. ';' or tab."),
    click.option("--include-hidden", is_flag=True, help="Call a workbook's hidden and filtered rows too."),
    click.option("--skip-hidden", is_flag=True, help="Leave a workbook's hidden and filtered rows out."),
    click.option(
        "--extra-field", metavar="end|N", help="A text file's rows have a field too many: at their end, or in column N."
    ),
)
answers = flags(
    click.option("--max-calls", type=COUNT, metavar="N", help="Refuse a run with more calls; wins over the template."),
    click.option("--max-rows", type=COUNT, metavar="N", help="Ask when the sheet has more rows; default 100000."),
    click.option("--accept-repairs", is_flag=True, help="Call numbers whose lost 0 or + was restored."),
    click.option("--skip-repairs", is_flag=True, help="Leave the rows of such numbers out, as invalid."),
    click.option("--call-changed", is_flag=True, help="Call rows again that changed since their call."),
    click.option("--skip-changed", is_flag=True, help="Leave out rows that changed since their call."),
    click.option("--allow-fictitious", is_flag=True, help="Call numbers kept for examples at the real AICaller, too."),
    *_either(
        "opted_out", "opted-out", "rows that a column of opt-outs, which the template does not name, says yes for"
    ),
    *_either("marked", "marked", "rows with a remark such as DNC or deceased in the name or the notes"),
    click.option(
        "--plus-as-written", "plus", flag_value="written", help="Call +3235550142 as it is written, whatever it may be."
    ),
    click.option(
        "--plus-in-region",
        "plus",
        flag_value="region",
        help="Read +3235550142 as a number of the region: +1 3235550142.",
    ),
    click.option("--skip-plus", "plus", flag_value="skip", help="Leave the rows of such numbers out, as invalid."),
    click.option("--turn-names", "name_order", flag_value="turned", help="Names are written 'Last, First': turn them."),
    click.option(
        "--names-as-written", "name_order", flag_value="written", help="Speak names with a comma as they are."
    ),
    click.option("--day-first", "date_order", flag_value="day_first", help="A date such as 03/04/2026 is 3 April."),
    click.option("--month-first", "date_order", flag_value="month_first", help="A date such as 03/04/2026 is March 4."),
    *_either("past", "past", "rows that speak of a day or time that has passed, where the template gives it a format"),
    click.option("--yes-word", "yes_words", multiple=True, metavar="WORD", help="Means yes in a column of consent."),
    click.option(
        "--no-word", "no_words", multiple=True, metavar="WORD", help="Means no there; '*' is all other words."
    ),
    click.option(
        "--read-short-rows",
        "short_rows",
        flag_value="read",
        help="Rows with too few fields lack empty ones at the end.",
    ),
    click.option(
        "--read-line-breaks", "line_breaks", flag_value="read", help="Cells of several lines are one person's."
    ),
)
sheet = flags(
    click.argument("sheet", type=FILE),
    click.option("-t", "--template", type=FILE, required=True, help="How this sheet's rows become calls (.toml)."),
    choices,
    click.option("--region", metavar="US", help="For numbers written without a country; wins over the template."),
    click.option("--timezone", metavar="ZONE", help="Where hours and times hold, e.g. Europe/Berlin, or recipient."),
)
results = click.option("--results", type=FILE, metavar="FILE", help="The results file.")
show_numbers = click.option("--show-numbers", is_flag=True, help="Numbers and addresses as they are, not masked.")
