"""Every block of the documentation, and every example, does what it says."""

import ast
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import campaign
from tests.cli.conftest import ROOT, TEMPLATE, Desk

FAST = TEMPLATE + "[pace]\ncalls_per_second = 1000\n"
TEXT = (ROOT / "docs" / "python-api.md").read_text("utf-8")


@pytest.fixture
def at_work(desk: Desk) -> Desk:
    """A folder with the files that the documentation names."""
    desk.template(FAST)
    for place, name in enumerate(("people.csv", "others.csv", "monday.csv", "friday.csv")):
        desk.people(3, first=10 * place, name=name)
    return desk


def test_every_block_of_the_documentation_runs_in_order(at_work: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    assert len(blocks) == TEXT.count("```python") >= 8
    for number, block in enumerate(blocks):
        program = compile(block, f"docs/python-api.md block {number + 1}", "exec", dont_inherit=True)
        exec(program, {"__name__": "__main__"})  # noqa: S102 - our own documentation
    said = capfd.readouterr().out
    assert "3 calls, 0 rows that cannot be called" in said
    assert "call_people\n" in said
    assert "[3, 3]" in said
    assert {run.name for run in campaign.status()} >= {"visits", "monday", "friday"}
    assert {run.service for run in campaign.status()} == {"sandbox"}
    assert (at_work.folder / "rehearsals" / "ledger.db").exists()


def test_every_argument_that_the_documentation_names_is_one() -> None:
    import inspect  # noqa: PLC0415 - beside its only use

    named = set(re.findall(r"`(\w+)=", TEXT)) - {"on_event"}
    arguments = set(inspect.signature(campaign.start).parameters)
    assert named <= arguments
    assert named >= {"call_people", "sandbox", "repairs", "changed", "same_sheet", "max_calls", "max_rows", "reading"}


def test_every_error_is_documented() -> None:
    assert all(f"`{name}`" in TEXT for name in campaign.__all__ if name.endswith("Error"))


def test_the_dag_calls_a_sheet_once_however_often_its_task_is_tried(
    at_work: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = in_airflow(monkeypatch)
    path = ROOT / "docs" / "examples" / "airflow_dag.py"
    program = (
        path.read_text("utf-8").replace("/data/today.csv", "people.csv").replace("/data/reminder.toml", "visits.toml")
    )
    exec(compile(program, str(path), "exec", dont_inherit=True), {"__name__": "dag"})  # noqa: S102 - our own example
    assert [name for name, _ in tasks] == ["call", "report"]
    assert tasks[1][1] == {"created": 3}
    [run] = campaign.status()
    assert run.counts.created == 3
    body = ast.get_source_segment(program, function_of(ast.parse(program), "call"))
    assert body is not None
    assert len(body.splitlines()) <= 10
    assert at_work.folder == Path.cwd()


def test_the_notebook_makes_a_frame(at_work: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    path = ROOT / "docs" / "examples" / "notebook.py"
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(path.read_text("utf-8"), str(path), "exec", dont_inherit=True), names)  # noqa: S102 - our own example
    assert names["frame"]["_status"].tolist() == ["created"] * 3
    assert "3 calls {}" in capfd.readouterr().out
    assert at_work.folder == Path.cwd()


def in_airflow(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """Stand-ins for what an Airflow task is made with: called, a task runs at once; (its name, what it returned)."""
    ran = list[tuple[str, object]]()

    def task(function: Callable[..., object] | None = None, **_settings: object) -> Callable[..., object]:
        if function is None:
            return task

        def run(*args: object, **kwargs: object) -> object:
            ran.append((function.__name__, function(*args, **kwargs)))
            return ran[-1][1]

        return run

    def dag(**_settings: object) -> Callable[[Callable[[], None]], Callable[[], None]]:
        return lambda function: function

    for name, holds in (
        ("airflow", {}),
        ("airflow.sdk", {"dag": dag, "task": task}),
        ("pendulum", {"datetime": lambda *_args, **_kwargs: None}),
    ):
        module = ModuleType(name)
        module.__dict__.update(holds)
        monkeypatch.setitem(sys.modules, name, module)
    return ran


def function_of(tree: ast.Module, name: str) -> ast.FunctionDef:
    [found] = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name]
    return found
