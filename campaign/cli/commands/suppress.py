"""`suppress`: edits and shows the suppression list. Of a number only the last digits are ever shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from campaign.cli.options.suppress import (
    SuppressAddOptions,
    SuppressCheckOptions,
    SuppressImportOptions,
    SuppressListOptions,
    SuppressRemoveOptions,
)
from campaign.cli.output import echo, echo_json
from campaign.cli.terminal import Terminal
from campaign.domain.model import Problem
from campaign.presentation.calls_ahead import ahead_dict, ahead_line, ahead_lines
from campaign.presentation.cures import terminal_text
from campaign.presentation.masking import masked_text
from campaign.presentation.wording import counted, visible
from campaign.usecases.context import ledger_to_read, opened_ledger
from campaign.usecases.suppress.entries import (
    EVERYWHERE,
    Added,
    CallAhead,
    Suppressed,
    add_numbers,
    calls_by_number,
    refuse_unusable_reason,
)

_DIGITS_SHOWN = 4


def add(options: SuppressAddOptions, terminal: Terminal) -> int:
    """The command `suppress add`."""
    refuse_unusable_reason(options.reason)
    phones = _read(options.numbers, region=options.region)
    with opened_ledger(terminal) as ledger:
        added = add_numbers(ledger, phones, reason=options.reason, source="cli")
    if options.as_json:
        echo_json([_added_dict(one) for one in added], only_ascii=False)
        return 0
    for one in added:
        echo(f"{_masked(one.phone)}: {f'{one.before} already' if one.before else 'on the suppression list now'}")
        for call in one.ahead:
            echo(ahead_line(call))
    return 0


def import_(options: SuppressImportOptions, terminal: Terminal) -> int:
    """The command `suppress import`."""
    from campaign.usecases.suppress.import_sheet import Choices, import_sheet  # noqa: PLC0415 - start-up: reads sheets

    refuse_unusable_reason(options.reason)
    with opened_ledger(terminal) as ledger:
        imported = import_sheet(
            ledger,
            options.sheet,
            column=options.column,
            region=options.region,
            reason=options.reason,
            choices=Choices(sheet=options.sheet_name, no_header=options.no_header),
        )
    if options.as_json:
        echo_json(_imported_dict(imported), only_ascii=False)
    else:
        echo(*_imported_lines(imported, verbose=options.verbose))
    return 1 if imported.unreadable else 0


def show(options: SuppressListOptions, terminal: Terminal) -> int:
    """The command `suppress list`."""
    with ledger_to_read(terminal) as ledger:
        entries = ledger.read.suppression.entries(most=options.last, removed=options.removed)
        rehearsed = ledger.read.suppression.count_rehearsed()
    if options.as_json:
        echo_json([asdict(entry) for entry in entries], only_ascii=False)
    elif entries:
        echo(*map(_line, entries))
    else:
        terminal.say("nobody is on the suppression list")
    if rehearsed:
        terminal.say(
            f"of {counted(rehearsed, 'number')} only calls to a stand-in said that they are not to be called; "
            "take them off with: campaign suppress remove --rehearsed --reason TEXT"
        )
    return 0


def check(options: SuppressCheckOptions, terminal: Terminal) -> int:
    """The command `suppress check`."""
    [phone] = _read([options.number], region=options.region)
    with ledger_to_read(terminal) as ledger:
        entry = ledger.read.suppression.of([phone], service=EVERYWHERE).get(phone)
        ahead = calls_by_number(ledger, [phone]).get(phone, ())
    if options.as_json:
        echo_json({**_entry_dict(phone, entry), "calls_ahead": [ahead_dict(call) for call in ahead]}, only_ascii=False)
    else:
        lines = [f"{_masked(phone)}: {entry or 'not on the suppression list'}", *map(ahead_line, ahead)]
        echo(*lines)
    return 0 if entry else 1


def remove(options: SuppressRemoveOptions, terminal: Terminal) -> int:
    """The command `suppress remove`."""
    from campaign.usecases.suppress.take_off import take_off, take_off_rehearsed  # noqa: PLC0415 - start-up: pays for phonenumbers

    with opened_ledger(terminal) as ledger:
        if options.number is None:
            removed = take_off_rehearsed(ledger, reason=options.reason)
            echo(f"{counted(removed, 'number')} of calls to a stand-in: off the suppression list now")
            return 0
        digits = take_off(ledger, options.number, region=options.region, reason=options.reason)
    echo(f"…{digits}: off the suppression list now")
    return 0


def _read(numbers: Sequence[str], *, region: str | None) -> list[str]:
    from campaign.usecases.suppress.read_numbers import read_numbers  # noqa: PLC0415 - start-up: pays for phonenumbers

    return read_numbers(numbers, region=region)


class _Imported(Protocol):
    """What `import_sheet` returns; its module is slow to import."""

    column: str
    added: int
    known: int
    unreadable: int
    problems: list[Problem]
    ahead: list[CallAhead]

    @property
    def rows(self) -> int: ...


def _imported_lines(imported: _Imported, *, verbose: bool) -> Iterator[str]:
    yield (
        f"{counted(imported.rows, 'row')}, numbers from column {imported.column!r}: {imported.added} added, "
        f"{imported.known} on the list already, {imported.unreadable} unreadable"
    )
    yield from (f"  {masked_text(terminal_text(problem.message))}" for problem in imported.problems)
    if imported.unreadable > len(imported.problems):
        yield f"  and {imported.unreadable - len(imported.problems)} more"
    yield from ahead_lines(imported.ahead, whole=verbose)


def _imported_dict(imported: _Imported) -> Mapping[str, Any]:
    return {
        "rows": imported.rows,
        "column": imported.column,
        "added": imported.added,
        "known": imported.known,
        "unreadable": imported.unreadable,
        "problems": [masked_text(terminal_text(problem.message)) for problem in imported.problems],
        "calls_ahead": [ahead_dict(call) for call in imported.ahead],
    }


def _added_dict(one: Added) -> Mapping[str, Any]:
    calls = [ahead_dict(call) for call in one.ahead]
    return {**_entry_dict(one.phone, one.before), "listed": True, "new": one.before is None, "calls_ahead": calls}


def _entry_dict(phone: str, entry: Suppressed | None) -> dict[str, Any]:
    since, reason = (entry.added_at, entry.reason) if entry else (None, None)
    return {"last_digits": _masked(phone)[1:], "listed": entry is not None, "since": since, "reason": reason}


def _line(entry: Suppressed) -> str:
    why = visible(f"{entry.reason} ({entry.source})" if entry.reason else f"({entry.source})")
    removed = f"  removed {entry.removed_at}: {visible(entry.removed_reason or '')}" if entry.removed_at else ""
    only = f"  only at the {entry.service}" if entry.service else ""
    return f"{entry.added_at}  …{entry.last_digits}  {why}{only}{removed}"


def _masked(phone: str) -> str:
    return f"…{phone[-_DIGITS_SHOWN:]}"
