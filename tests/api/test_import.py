"""`import campaign` costs next to nothing, and gives what it names."""

import inspect
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import campaign
from tests.cli.conftest import ROOT


def loaded(program: str) -> list[str]:
    text = f"import sys\nbefore = set(sys.modules)\n{program}\nprint(*sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.split()


def test_the_import_alone_loads_nothing_else() -> None:
    allowed = {"campaign", "importlib", "importlib._bootstrap", "importlib._bootstrap_external", "warnings"}
    assert set(loaded("import campaign")) <= allowed


@pytest.mark.parametrize("program", ["campaign.UsageError", "campaign.__version__"])
def test_what_is_light_loads_nothing_heavy(program: str) -> None:
    assert not {"pandas", "sqlalchemy", "pydantic"} & set(loaded(f"import campaign\n{program}"))


def test_rows_are_read_without_pandas(tmp_path: Path) -> None:
    """It takes half a second, and a script that only asks for the status needs none of it."""
    assert "pandas" not in loaded(f"import campaign\ncampaign.status(home={str(tmp_path)!r})\ncampaign.results")


def test_the_command_loads_no_more_than_before() -> None:
    """The version is looked up when it is asked for."""
    assert "importlib.metadata" not in loaded("import campaign.cli.main")


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert campaign.__version__ == project["version"]


def test_all_that_is_named_is_there_and_documented() -> None:
    assert set(dir(campaign)) >= set(campaign.__all__)
    for name in set(campaign.__all__) - {"__version__", "Event"}:
        assert inspect.getdoc(getattr(campaign, name)), name
    with pytest.raises(AttributeError, match="stop_all"):
        getattr(campaign, "stop_all")  # noqa: B009 - a type checker knows that it is not there


def test_the_stub_and_the_package_name_the_same() -> None:
    """Type checkers read the one, programs the other."""
    import campaign as package  # noqa: PLC0415 - its file is meant

    stub: dict[str, Any] = {}
    assert package.__file__ is not None
    exec(Path(package.__file__).with_suffix(".pyi").read_text("utf-8"), stub)  # noqa: S102 - our own file
    assert sorted(stub["__all__"]) == sorted(campaign.__all__)
    assert all(stub[name] is getattr(campaign, name) for name in campaign.__all__ if name != "__version__")


@pytest.mark.parametrize("name", ["start", "resume", "rerun", "follow"])
def test_a_function_and_its_coroutine_take_the_same_arguments(name: str) -> None:
    plain, coroutine = getattr(campaign, name), getattr(campaign, f"{name}_async")
    assert inspect.signature(plain) == inspect.signature(coroutine)
    assert (plain.__name__, coroutine.__name__, plain.__module__) == (name, f"{name}_async", "campaign")
    assert inspect.iscoroutinefunction(coroutine)
    assert not inspect.iscoroutinefunction(plain)
    documented = inspect.getdoc(plain)
    assert documented is not None
    assert all(f"\n    {argument}: " in documented for argument in inspect.signature(plain).parameters)
