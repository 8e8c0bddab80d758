"""Options of the verbs for first files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from campaign.cli.options.flags import ReadingFlags
from campaign.domain.errors import UsageError


@dataclass(frozen=True, slots=True)
class InitOptions:
    """Options of `init`. With `sample`, the folder for the sample stands in the place of the sheet."""

    sheet: Path | None
    sample: bool
    template: Path | None
    reading: ReadingFlags
    region: str | None
    columns: tuple[str, ...]
    variables: tuple[str, ...]
    all_variables: bool
    language: str | None
    date_order: Literal["day_first", "month_first"] | None
    yes: bool

    def __post_init__(self) -> None:
        about_a_sheet = (self.template, self.region, self.language, self.date_order, *self.columns, *self.variables)
        if self.sample and (any(about_a_sheet) or self.all_variables):
            raise UsageError("--sample brings its own template; leave the flags about a sheet out")
        if self.sheet is None and not self.sample:
            raise UsageError("init: of which sheet? Name its file, or say --sample for a first one to try")


@dataclass(frozen=True, slots=True)
class TemplatesOptions:
    """Options of `templates`."""

    name: str | None
    folder: Path | None
    sample: bool
    as_json: bool

    def __post_init__(self) -> None:
        if self.sample and self.name is None:
            raise UsageError("--sample: of which template? Name one that `campaign templates` lists")
