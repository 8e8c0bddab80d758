"""Use case save: the template of an uploaded sheet is written beside the others, and the sheet is read by it."""

import re
from collections.abc import Iterator
from pathlib import Path

from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.serving import UploadRecord
from campaign.usecases.init import refuse_taken, write_new
from campaign.usecases.serving.load_upload import settings_of
from campaign.usecases.serving.uploads import Overtaken, change_upload

ENDING = ".toml"
_LONGEST = 80
_NAME = re.compile(r"[^\W_][\w .()-]*")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_TRIED = 1_000


def template_path(folder: Path, name: str) -> Path:
    """The file of a new template of that name, with or without its ending.

    Raises:
        UsageError: it is no name for a file of that folder, or one of that name is there.
    """
    stem = name.strip().removesuffix(ENDING).strip()
    if not stem:
        raise UsageError("give the template a name; nothing was saved")
    if len(stem) > _LONGEST or not _NAME.fullmatch(stem) or _RESERVED.fullmatch(stem) or stem.endswith((".", " ")):
        raise UsageError(
            f"{name!r} is no name for a template: letters, digits, spaces and - _ . ( ), at most {_LONGEST} of them; "
            "nothing was saved"
        )
    path = folder / f"{stem}{ENDING}"
    if any(path.name.casefold() == each.name.casefold() for each in folder.glob(f"*{ENDING}")):
        raise UsageError(f"there is a template {path.name!r} already, and it is not written over; choose another name")
    refuse_taken(path)
    return path


def free_name(folder: Path, sheet: str) -> str:
    """A name for the template of a sheet that no other template has: the sheet's own, or with a count."""
    plain = re.sub(r"[^\w-]+", "_", Path(sheet).stem).strip("_-")[: _LONGEST - len("_1000")] or "sheet"
    for name in _counted(plain):
        try:
            template_path(folder, name)
        except UsageError:
            continue
        return name
    return ""


def save_template(ledger: Ledger, upload: UploadRecord, text: str, *, path: Path) -> UploadRecord | Overtaken:
    """Writes a new template, and has the upload read by it; where somebody else was first, nothing is left behind.

    Raises:
        UsageError: the file is there by now, or cannot be written.
    """
    write_new(path, text)
    changed = choose_template(ledger, upload, path)
    if isinstance(changed, Overtaken):
        path.unlink(missing_ok=True)
    return changed


def choose_template(ledger: Ledger, upload: UploadRecord, path: Path | None) -> UploadRecord | Overtaken:
    """Has the upload read by that template; None for one that is yet to be made."""
    after = settings_of(upload).model_copy(update={"template": path})
    return change_upload(ledger, upload, settings=after.model_dump_json(), failure=None)


def _counted(plain: str) -> Iterator[str]:
    yield plain
    yield from (f"{plain}_{count}" for count in range(2, _TRIED))
