"""Packaged files: the templates and sample sheets that come with the program, found however it was installed.

wheel             site-packages/campaign/packaged/{templates,sample_data}
sdist, editable   {templates,sample_data} beside the package
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import campaign
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError

_SAMPLES = {
    "appointment_reminder": ("appointments.csv", "broken.csv"),
    "lead_qualification": ("leads.xlsx",),
    "payment_reminder": ("payments.csv",),
    "satisfaction_survey": ("survey.xlsx",),
}
FIRST = "appointment_reminder"
"""The template that a newcomer begins with."""


@dataclass(frozen=True, slots=True)
class PackagedTemplate:
    """A template that comes with the program, and the sheets to try it with.

    Attributes:
        name: that of its file, without `.toml`.
        title: what its sheets are about, in words.
        path: its file.
        samples: sheets of invented people that fit it, the one to begin with first.
    """

    name: str
    title: str
    path: Path
    samples: tuple[Path, ...]


def packaged_folder() -> Path:
    """The folder that holds `templates` and `sample_data`."""
    package = Path(campaign.__file__).parent
    in_wheel = package / "packaged"
    return in_wheel if in_wheel.is_dir() else package.parent


def packaged_templates() -> tuple[PackagedTemplate, ...]:
    """All templates that come with the program, by name."""
    folder = packaged_folder()
    return tuple(
        PackagedTemplate(name, _title(path), path, tuple(folder / "sample_data" / sheet for sheet in samples))
        for name, samples in sorted(_SAMPLES.items())
        for path in (folder / "templates" / f"{name}.toml",)
    )


def packaged_template(name: str) -> PackagedTemplate:
    """The packaged template of that name, with or without `.toml`.

    Raises:
        UsageError: there is none.
    """
    known = {each.name: each for each in packaged_templates()}
    if (found := known.get(name.removesuffix(".toml"))) is None:
        raise UsageError(f"no packaged template {name!r}; there are {', '.join(known)}")
    return found


def copied(files: tuple[Path, ...], folder: Path) -> tuple[Path, ...]:
    """Copies packaged files into a folder, which is made if there is none; the paths of the copies.

    Raises:
        UsageError: one of them exists there already, and then none is copied; or the folder cannot be written.
    """
    targets = tuple(folder / file.name for file in files)
    for target in targets:
        if target.exists() or target.is_symlink():
            raise UsageError(f"{target} exists, and is not written over", cure=Cure(CureCode.NAME_OTHER_FOLDER))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, target in zip(files, targets, strict=True):
            with target.open("xb") as new:
                new.write(file.read_bytes())
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UsageError(
            f"{error.filename or folder} cannot be written: {reason}", cure=Cure(CureCode.NAME_OTHER_FOLDER)
        ) from None
    return targets


def _title(path: Path) -> str:
    return str(tomllib.loads(path.read_text("utf-8"))["title"])
