"""Folder of templates: files that people edit here and elsewhere; each change is whole, and made to what was seen.

read_file --> text, revision --> save_file(text, revision) --> another revision meanwhile: Overtaken, nothing is written
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from campaign.config.files.packaged import packaged_templates
from campaign.config.template import Template
from campaign.config.template_file import load_template
from campaign.domain.errors import TemplateError, UsageError

if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        del descriptor  # A folder cannot be locked there: the revision alone tells of others.
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


SUFFIX = ".toml"
MOST_BYTES = 1 << 20
_LONGEST_NAME = 100
_NEW_FILE = 0o644


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template's file as it was read.

    Attributes:
        name: with its suffix.
        text: without a byte order mark.
        revision: differs for every other content.
    """

    name: str
    text: str
    revision: str


@dataclass(frozen=True, slots=True)
class ListedTemplate:
    """A template of the folder: `template` is None where the file is none, and `why` says why."""

    name: str
    template: Template | None
    why: str = ""


class OvertakenError(UsageError):
    """Somebody else was first; nothing was written.

    Attributes:
        now: the file as it is now.
    """

    def __init__(self, now: TemplateFile) -> None:
        super().__init__(f"{now.name} was changed by somebody else meanwhile; nothing was written over it")
        self.now = now


def names_in(folder: Path) -> list[str]:
    """The templates of the folder, by name."""
    return sorted(path.name for path in folder.glob(f"*{SUFFIX}") if path.is_file() and not path.name.startswith("."))


def listed_templates(folder: Path) -> list[ListedTemplate]:
    """All templates of the folder, by name, valid or not."""
    return [_listed(folder, name) for name in names_in(folder)]


def read_file(folder: Path, name: str) -> TemplateFile:
    """The template's file.

    Raises:
        UsageError: there is none of that name, or it is no text.
    """
    # Compared with the list, so that no name leads out of the folder.
    if name not in names_in(folder):
        raise UsageError(f"there is no template {name!r} any more")
    try:
        data = (folder / name).read_bytes()
        text = data[:MOST_BYTES].decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"template {name}: {(error.strerror or type(error).__name__).lower()}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"template {name}: not UTF-8 text at byte {error.start}; save it as UTF-8") from None
    if len(data) > MOST_BYTES:
        raise UsageError(f"template {name}: longer than {MOST_BYTES >> 20} MiB; it is no template")
    return TemplateFile(name, text.replace("\r\n", "\n"), hashlib.sha256(data).hexdigest())


def save_file(folder: Path, name: str, *, text: str, revision: str) -> None:
    """Writes the text in place of that revision, whole or not at all.

    Raises:
        OvertakenError: the file is another by now.
        UsageError: it is gone, or cannot be written.
    """
    with _alone(folder):
        now = read_file(folder, name)
        if now.revision != revision:
            raise OvertakenError(now)
        # A link stays one: it is what it leads to that is written.
        path = (folder / name).resolve()
        with _part(path, text) as part:
            part.chmod(path.stat().st_mode & 0o777)
            part.replace(path)


def copy_file(folder: Path, name: str, *, to: str) -> str:
    """Copies a template under a new name, which is returned with its suffix.

    Raises:
        UsageError: there is none, or the new name is taken or none.
    """
    return _created(folder, to, text=read_file(folder, name).text)


def copy_packaged(folder: Path, name: str) -> str:
    """Copies a template that comes with the program into the folder; returns its file's name.

    Raises:
        UsageError: there is none, or the folder has one of that name.
    """
    for packaged in packaged_templates():
        if packaged.name == name:
            return _created(folder, packaged.path.name, text=packaged.path.read_text("utf-8"))
    raise UsageError(f"no template {name!r} comes with the program")


def rename_file(folder: Path, name: str, *, to: str) -> str:
    """Renames a template; returns its new name with its suffix.

    Raises:
        UsageError: there is none, or the new name is taken or none.
    """
    new = plain_name(to)
    with _alone(folder):
        read_file(folder, name)
        _refuse_taken(folder, new)
        with _disk_trouble(new):
            (folder / name).rename(folder / new)
    return new


def delete_file(folder: Path, name: str, *, revision: str) -> None:
    """Deletes a template as it was seen.

    Raises:
        OvertakenError: the file is another by now.
        UsageError: it is gone, or cannot be deleted.
    """
    with _alone(folder):
        now = read_file(folder, name)
        if now.revision != revision:
            raise OvertakenError(now)
        with _disk_trouble(name):
            (folder / name).unlink()


def plain_name(name: str) -> str:
    """The file's name for what a person typed, with its suffix.

    Raises:
        UsageError: it can be none.
    """
    kept = name.strip().removesuffix(SUFFIX)
    parts = set(kept) & set('/\\:*?"<>|')
    if not kept or kept.startswith(".") or parts or not kept.isprintable() or len(kept.encode()) > _LONGEST_NAME:
        raise UsageError(
            f"{name[:_LONGEST_NAME]!r} is no name for a template; write 1 to {_LONGEST_NAME} letters, digits, spaces, "
            "dashes or underscores"
        )
    return kept + SUFFIX


def _listed(folder: Path, name: str) -> ListedTemplate:
    try:
        return ListedTemplate(name, load_template(folder / name))
    except TemplateError as error:
        return ListedTemplate(name, None, str(error).replace(str(folder / name), name))


def _created(folder: Path, name: str, *, text: str) -> str:
    new = plain_name(name)
    with _alone(folder):
        _refuse_taken(folder, new)
        with _part(folder / new, text) as part:
            part.chmod(_NEW_FILE)
            part.rename(folder / new)
    return new


def _refuse_taken(folder: Path, name: str) -> None:
    if os.path.lexists(folder / name):
        raise UsageError(f"there is a file {name} already; choose another name")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps other changes of this folder out, also those of another process."""
    if os.name != "posix":
        yield
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise UsageError(f"the templates folder {folder}: {(error.strerror or '').lower()}") from None
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _part(path: Path, text: str) -> Iterator[Path]:
    """The text in a file beside that path, on the disk; to be renamed in the block."""
    with _disk_trouble(path.name):
        descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:50]}.", suffix=".part")
        part = Path(made)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            yield part
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def _disk_trouble(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UsageError(f"template {name} cannot be written: {reason}; nothing was changed") from None
