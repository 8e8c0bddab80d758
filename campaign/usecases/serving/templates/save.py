"""Use case: an edited template is checked whole, and written in place of what was seen."""

import tomllib
from pathlib import Path

from campaign.config.template import Template
from campaign.domain.errors import UsageError
from campaign.intake.phones.regions import known_region
from campaign.preparation.load_template import with_times
from campaign.usecases.serving.templates.edit import FormFields, TemplateFaultsError, edited_text, faults_in
from campaign.usecases.serving.templates.folder import TemplateFile, save_file

__all__ = ["save_fields", "save_text"]


def save_fields(folder: Path, seen: TemplateFile, said: FormFields) -> str:
    """Writes what was changed in the fields of a form; returns the new text.

    Raises:
        TemplateFaultsError: they make no template.
        OvertakenError: the file is another by now than the one that was seen.
        UsageError: it is gone, or cannot be written, or only its text can be edited.
    """
    text = edited_text(seen.text, said)
    return save_text(folder, seen, text)


def save_text(folder: Path, seen: TemplateFile, text: str) -> str:
    """Writes a template's text; returns it as it was written.

    Raises:
        TemplateFaultsError: it is no template.
        OvertakenError: the file is another by now than the one that was seen.
        UsageError: it is gone, or cannot be written.
    """
    text = text.replace("\r\n", "\n")
    if text and not text.endswith("\n"):
        text += "\n"
    if faults := faults_in(text):
        raise TemplateFaultsError(faults)
    _refuse_unusable(seen.name, text)
    save_file(folder, seen.name, text=text, revision=seen.revision)
    return text


def _refuse_unusable(name: str, text: str) -> None:
    """Refuses what only a run would find: zones, times without one, a region that is none."""
    template = Template.model_validate(tomllib.loads(text))
    region = template.phone.region
    if region is not None and not known_region(region):
        raise TemplateFaultsError({"phone.region": f"{region!r} is no country; write two letters, such as US or GB"})
    try:
        with_times(template, Path(name))
    except UsageError as error:
        raise TemplateFaultsError({"": str(error)}) from None
