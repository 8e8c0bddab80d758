"""`suppress`: edits and shows the suppression list. Of a number only the last digits are ever shown."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from campaign.cli.options.suppress import (
    SuppressAddOptions,
    SuppressCheckOptions,
    SuppressImportOptions,
    SuppressListOptions,
    SuppressRemoveOptions,
)
from campaign.cli.output import echo, echo_json
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError
from campaign.presentation.cures import terminal_text
from campaign.presentation.masking import masked_text
from campaign.presentation.wording import counted, visible
from campaign.usecases.context import ledger_to_read, opened_ledger
from campaign.usecases.suppress.entries import Suppressed, SuppressionList, add_numbers, refuse_unusable_reason

_DIGITS_SHOWN = 4


def add(options: SuppressAddOptions, terminal: Terminal) -> int:
    """The command `suppress add`."""
    refuse_unusable_reason(options.reason)
    phones = _read(options.numbers, region=options.region)
    with _list(terminal) as suppression:
        for phone, before in add_numbers(suppression, phones, reason=options.reason, source="cli"):
            echo(f"{_masked(phone)}: {f'{before} already' if before else 'on the suppression list now'}")
    return 0


def import_(options: SuppressImportOptions, terminal: Terminal) -> int:
    """The command `suppress import`."""
    from campaign.usecases.suppress.import_sheet import Choices, import_sheet  # noqa: PLC0415 - start-up: reads sheets

    refuse_unusable_reason(options.reason)
    with _list(terminal) as suppression:
        imported = import_sheet(
            suppression,
            options.sheet,
            column=options.column,
            region=options.region,
            reason=options.reason,
            choices=Choices(sheet=options.sheet_name, no_header=options.no_header),
        )
    sums = (
        f"{counted(imported.rows, 'row')}, numbers from column {imported.column!r}: {imported.added} added, "
        f"{imported.known} on the list already, {imported.unreadable} unreadable"
    )
    lines = [sums, *(f"  {masked_text(terminal_text(problem.message))}" for problem in imported.problems)]
    if imported.unreadable > len(imported.problems):
        lines.append(f"  and {imported.unreadable - len(imported.problems)} more")
    echo(*lines)
    return 1 if imported.unreadable else 0


def show(options: SuppressListOptions, terminal: Terminal) -> int:
    """The command `suppress list`."""
    with ledger_to_read(terminal) as ledger:
        entries = ledger.read.suppression.entries(most=options.last, removed=options.removed)
    if options.as_json:
        echo_json([asdict(entry) for entry in entries], only_ascii=False)
    elif entries:
        echo(*map(_line, entries))
    else:
        terminal.say("nobody is on the suppression list")
    return 0


def check(options: SuppressCheckOptions, terminal: Terminal) -> int:
    """The command `suppress check`."""
    [phone] = _read([options.number], region=options.region)
    with ledger_to_read(terminal) as ledger:
        entry = ledger.read.suppression.of([phone]).get(phone)
    echo(f"{_masked(phone)}: {entry or 'not on the suppression list'}")
    return 0 if entry else 1


def remove(options: SuppressRemoveOptions, terminal: Terminal) -> int:
    """The command `suppress remove`."""
    refuse_unusable_reason(options.reason)
    if not options.reason.strip():
        raise UsageError("--reason is empty; say why this number may be called again")
    [phone] = _read([options.number], region=options.region)
    with _list(terminal) as suppression:
        if not suppression.remove(phone, reason=options.reason):
            raise UsageError(f"{_masked(phone)} is not on the suppression list; see who is: campaign suppress list")
    echo(f"{_masked(phone)}: off the suppression list now")
    return 0


@contextmanager
def _list(terminal: Terminal) -> Iterator[SuppressionList]:
    with opened_ledger(terminal) as ledger:
        yield ledger.suppression


def _read(numbers: Sequence[str], *, region: str | None) -> list[str]:
    from campaign.usecases.suppress.read_numbers import read_numbers  # noqa: PLC0415 - start-up: pays for phonenumbers

    return read_numbers(numbers, region=region)


def _line(entry: Suppressed) -> str:
    why = visible(f"{entry.reason} ({entry.source})" if entry.reason else f"({entry.source})")
    removed = f"  removed {entry.removed_at}: {visible(entry.removed_reason or '')}" if entry.removed_at else ""
    return f"{entry.added_at}  …{entry.last_digits}  {why}{removed}"


def _masked(phone: str) -> str:
    return f"…{phone[-_DIGITS_SHOWN:]}"
