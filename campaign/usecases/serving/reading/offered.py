"""Use case offered: the templates of the folder, and the sample that a newcomer begins with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from campaign.config.files.packaged import FIRST, packaged_template
from campaign.config.template import Template
from campaign.config.template_file import load_template
from campaign.domain.errors import TemplateError
from campaign.usecases.init import write_new
from campaign.usecases.serving.reading.save import ENDING


@dataclass(frozen=True, slots=True)
class OfferedTemplate:
    """A template of the folder: its file's name, and what it says; None where it cannot be read, and why."""

    name: str
    template: Template | None
    fault: TemplateError | None = None


def offered_templates(folder: Path) -> Sequence[OfferedTemplate]:
    """The templates of the folder, by name; also those that cannot be used as they are."""
    return [_offered(path) for path in sorted(folder.glob(f"*{ENDING}")) if path.is_file()]


def offered_path(folder: Path, name: str) -> Path | None:
    """The file of the template of that name; None where the folder has none, so that no name leads out of it."""
    return next((path for path in folder.glob(f"*{ENDING}") if path.name == name and path.is_file()), None)


def sample_files() -> tuple[Path, Path]:
    """(template, sheet) of invented people that come with the program."""
    first = packaged_template(FIRST)
    return first.path, first.samples[0]


def sample_template(folder: Path, template: Path) -> Path:
    """The sample's template in the folder of templates: the one that is there already, or a new copy.

    Raises:
        UsageError: it cannot be written.
    """
    text = template.read_text("utf-8")
    for name in (template.name, f"sample_{template.name}"):
        path = folder / name
        if not path.exists():
            write_new(path, text)
        if path.is_file() and path.read_text("utf-8") == text:
            return path
    # Both were changed since; what comes with the program is still what fits its sheet.
    return template


def _offered(path: Path) -> OfferedTemplate:
    try:
        return OfferedTemplate(path.name, load_template(path))
    except TemplateError as error:
        return OfferedTemplate(path.name, None, error)
