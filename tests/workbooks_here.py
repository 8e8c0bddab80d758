"""Workbooks read in this process: as the child of the program reads them, but without its start-up, and its limits."""

import io
import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from campaign.domain.errors import SheetError, UndecidedError
from campaign.domain.sheet import Sheet
from campaign.intake.files.read_options import UNDECIDED, Choices

_CHILD, _PARENT, _DOOR = (
    "campaign.intake.workbook.child",
    "campaign.intake.workbook.reader_process",
    "campaign.intake.open_sheet",
)


@contextmanager
def workbooks_read_here() -> Iterator[None]:
    """Hundreds of small workbooks cannot wait half a second each; nothing of what reads them is left out."""
    if find_spec(_CHILD) is None:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module(_DOOR), "read_workbook", _read_workbook)
        yield


def _read_workbook(path: Path, *, choices: Choices = UNDECIDED) -> Sheet:
    sheet: Sheet = import_module(_PARENT).sheet_of(_messages(path, choices))
    return sheet


def _messages(path: Path, choices: Choices) -> Generator[Any]:
    child = import_module(_CHILD)
    task = child.Task(choices, child.Limits(), 0)
    try:
        for text in child.messages(task, io.BytesIO(path.read_bytes())):
            if message := json.loads(text):
                yield message
    except UndecidedError as error:
        raise UndecidedError(f"sheet {path}: ", error.message, choice=error.choice, options=error.options) from None
    except SheetError as error:
        raise SheetError(f"sheet {path}: ", error.message) from None
    except (GeneratorExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001 - the reader panics with classes that are no Exception
        raise SheetError(f"sheet {path}: unreadable ({' '.join(str(error).split())})") from None
