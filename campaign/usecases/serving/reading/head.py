"""Use case head: the header and first rows of an uploaded sheet, and what its template makes of its columns."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from campaign.config.template import Template
from campaign.config.template_file import load_template
from campaign.intake.contacts.columns import match_columns
from campaign.intake.files.read_options import Choices
from campaign.intake.template_choices import choices_for
from campaign.usecases.init import SheetHead, look_at
from campaign.usecases.serving.reading.said import slot_of
from campaign.usecases.serving.upload_settings import UploadSettings

_REMEMBERED = 2
_OTHERS = ("email", "consent", "country", "call_at", "timezone", "state", "zip")


def head_of(path: Path, settings: UploadSettings) -> SheetHead:
    """The sheet's header and first rows, read as its owner and its template say.

    Raises:
        UndecidedError: only the sheet's owner can say how it is to be read.
        UsageError: it cannot be read, or the template cannot.
    """
    choices = settings.choices
    if settings.template is not None:
        choices = choices_for(path, load_template(settings.template), choices)
    return _looked_at(path, choices)


def uses_by_template(look: SheetHead, template: Template) -> Mapping[int, tuple[str, ...]]:
    """What the template makes of each column: slots, and keys of variables with a blank in front.

    Raises:
        SheetError: the sheet lacks a column that the template names.
    """
    columns = match_columns(look.header, template)
    found: dict[int, tuple[str, ...]] = {}

    def add(index: int | None, said: str) -> None:
        if index is not None:
            found[index] = (*found.get(index, ()), said)

    for place, index in enumerate(columns.names or (columns.name,)):
        add(index, slot_of("name", place))
    for place, index in enumerate(columns.phones):
        add(index, slot_of("phone", place))
    for use in _OTHERS:
        add(getattr(columns, use), use)
    for index in columns.opted_out:
        add(index, "opted_out")
    for variable in columns.variables:
        add(variable.index, f" {variable.key}")
    return found


@lru_cache(maxsize=_REMEMBERED)
def _looked_at(path: Path, choices: Choices) -> SheetHead:
    # An upload is never written again, and its name never given twice: a form that is looked at often is read once.
    return look_at(path, choices)
