"""Workbooks read in this process: as the child of the program reads them, but without its start-up, and its limits."""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

_CHILD, _PARENT = "campaign.intake.reading_child", "campaign.intake.workbook"


@contextmanager
def workbooks_read_here() -> Iterator[None]:
    """Hundreds of small workbooks cannot wait half a second each; nothing of what reads them is left out."""
    if find_spec(_CHILD) is None:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module(_PARENT), "_messages", _messages)
        yield


def _messages(path: Path, choices: Any, reader: Any) -> Generator[Any]:
    child, parent = import_module(_CHILD), import_module(_PARENT)
    with path.open("rb") as source:
        try:
            for text in child.messages(child.Task(choices, reader.limits, 0), source):
                if message := json.loads(text):
                    yield message
        except (GeneratorExit, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - as in the child: the reader panics with classes that are no Exception
            raise parent._failure(path, json.loads(json.dumps(child._ending(error))), "") from None
