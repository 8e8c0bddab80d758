"""Flags that several commands share, and their value types."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from campaign.cli.options.flags import built
from campaign.cli.terminal import Terminal

F = TypeVar("F", bound=Callable[..., Any])

O = TypeVar("O")  # noqa: E741 - the options of a verb

_RATE_UNITS = {"s": 1, "min": 60}
_FASTEST = 10_000


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
            return function(built(kind, given), terminal)

        command.__dict__[OPTIONS] = kind
        return command

    return decorate


def rate(text: str) -> float:
    """Parses calls per second: `2`, `0.5`, `2/s`, or `30/min`."""
    number, _, unit = text.partition("/")
    try:
        per_second = float(number) / _RATE_UNITS[unit.strip() or "s"]
    except (KeyError, ValueError):
        per_second = 0.0
    # Not a number is in no range either.
    if not 0 < per_second <= _FASTEST:
        raise click.BadParameter(f"{text!r} is no pace; write 2, 0.5, 2/s or 30/min, up to {_FASTEST}/s")
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
FILE = click.Path(path_type=Path)
COUNT = click.IntRange(min=1)
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
    click.option("--yes-word", "yes_words", multiple=True, metavar="WORD", help="Means yes in a column of consent."),
    click.option(
        "--no-word", "no_words", multiple=True, metavar="WORD", help="Means no there; '*' is all other words."
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
