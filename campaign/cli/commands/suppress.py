"""`suppress`: the suppression list, kept and shown. Of a number only the last digits are ever shown."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from campaign.config.settings import home_from
from campaign.domain.errors import UsageError
from campaign.export.printable import visible
from campaign.intake.files.read_options import Choices
from campaign.ledger.port.lists import SuppressionList
from campaign.ledger.records.suppression import Suppressed
from campaign.ledger.store import open_ledger
from campaign.presentation.masking import masked_text
from campaign.presentation.wording import counted
from campaign.usecases.suppress import Imported, add_numbers, import_sheet, read_numbers, refuse_unusable_reason

_DIGITS_SHOWN = 4


def add(*, numbers: tuple[str, ...], region: str | None, reason: str) -> int:
    """The verb `suppress add`."""
    refuse_unusable_reason(reason)
    phones = read_numbers(numbers, region=region)
    with _list() as suppression:
        for phone, before in add_numbers(suppression, phones, reason=reason, source="cli"):
            click.echo(f"{_masked(phone)}: {f'{before} already' if before else 'on the suppression list now'}")
    return 0


def import_(
    *,
    sheet: Path,
    column: str | None,
    sheet_name: str | None,
    no_header: bool,
    region: str | None,
    reason: str,
) -> int:
    """The verb `suppress import`."""
    refuse_unusable_reason(reason)
    choices = Choices(sheet=sheet_name, no_header=no_header)
    with _list() as suppression:
        imported = import_sheet(suppression, sheet, column=column, region=region, reason=reason, choices=choices)
    click.echo("\n".join(_import_lines(imported)))
    return 1 if imported.unreadable else 0


def show(*, last: int | None, removed: bool, as_json: bool) -> int:
    """The verb `suppress list`."""
    with _list() as suppression:
        entries = suppression.entries(most=last, removed=removed)
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in entries], indent=2, ensure_ascii=False))
    elif entries:
        click.echo("\n".join(map(_line, entries)))
    else:
        click.echo("nobody is on the suppression list", err=True)
    return 0


def check(*, number: str, region: str | None) -> int:
    """The verb `suppress check`."""
    [phone] = read_numbers([number], region=region)
    with _list() as suppression:
        entry = suppression.of([phone]).get(phone)
    click.echo(f"{_masked(phone)}: {entry or 'not on the suppression list'}")
    return 0 if entry else 1


def remove(*, number: str, region: str | None, reason: str) -> int:
    """The verb `suppress remove`."""
    refuse_unusable_reason(reason)
    if not reason.strip():
        raise UsageError("--reason is empty; say why this number may be called again")
    [phone] = read_numbers([number], region=region)
    with _list() as suppression:
        if not suppression.remove(phone, reason=reason):
            raise UsageError(f"{_masked(phone)} is not on the suppression list; see who is: campaign suppress list")
    click.echo(f"{_masked(phone)}: off the suppression list now")
    return 0


@contextmanager
def _list() -> Iterator[SuppressionList]:
    with open_ledger(home_from(os.environ), now=lambda: datetime.now(UTC)) as ledger:
        yield ledger.suppression


def _import_lines(imported: Imported) -> Iterator[str]:
    yield (
        f"{counted(imported.rows, 'row')}, numbers from column {imported.column!r}: {imported.added} added, "
        f"{imported.known} on the list already, {imported.unreadable} unreadable"
    )
    yield from (f"  {masked_text(str(problem))}" for problem in imported.problems)
    if imported.unreadable > len(imported.problems):
        yield f"  and {imported.unreadable - len(imported.problems)} more"


def _line(entry: Suppressed) -> str:
    why = visible(f"{entry.reason} ({entry.source})" if entry.reason else f"({entry.source})")
    removed = f"  removed {entry.removed_at}: {visible(entry.removed_reason or '')}" if entry.removed_at else ""
    return f"{entry.added_at}  …{entry.last_digits}  {why}{removed}"


def _masked(phone: str) -> str:
    return f"…{phone[-_DIGITS_SHOWN:]}"
