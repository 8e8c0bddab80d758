"""Reference of the dependencies: each of pyproject.toml, with its bounds and its reason."""

import re
import tomllib
from pathlib import Path

from tests.docs.making.markdown import code, notes, table

_PROJECT = Path(__file__).parents[3] / "pyproject.toml"
_REQUIREMENT = re.compile(r"([A-Za-z0-9_.-]+)(\[[a-z]+\])?([^;]*)(?:;\s*(.+))?")


def requirements() -> dict[str, list[str]]:
    """What is required: of the program itself under "", of each extra under its name."""
    project = tomllib.loads(_PROJECT.read_text("utf-8"))["project"]
    return {"": project["dependencies"], **project["optional-dependencies"]}


def name_of(requirement: str) -> str:
    """The package's name, in small letters."""
    found = _REQUIREMENT.fullmatch(requirement)
    assert found is not None, requirement
    return found[1].lower()


def dependencies_page() -> str:
    """The page."""
    known = notes("dependencies")
    parts = ["# Dependencies", known["about"]["text"].strip()]
    for extra, needed in requirements().items():
        parts.append(f"## The extra `{extra}`" if extra else "## The program")
        rows = [(code(name_of(each)), code(_bounds(each)), known["reasons"][name_of(each)]) for each in needed]
        parts.append(table(("package", "versions", "reason"), rows))
    return "\n\n".join(parts)


def _bounds(requirement: str) -> str:
    found = _REQUIREMENT.fullmatch(requirement)
    assert found is not None, requirement
    return found[3].strip().replace(",", ", ")
