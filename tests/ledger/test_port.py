"""The port, held from outside: nobody sees the ledger's own modules, and `Ledger` offers nothing beside the port."""

import ast
import inspect
from pathlib import Path

from sqlalchemy import Connection, Engine

from campaign.ledger.port import ledger as port, reading, writing
from campaign.ledger.port.reading import LedgerReader
from campaign.ledger.store import Ledger
from campaign.ledger.writes.group_commit import Writer
from tests.ledger.backend import Backend

ROOT = Path(__file__).parent.parent.parent / "campaign"
PUBLIC = ("campaign.ledger.store", "campaign.ledger.port.", "campaign.ledger.records.", "campaign.ledger.home")
OWN = {"close"}


def test_outside_only_the_public_modules_are_imported() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in ROOT.rglob("*.py")
        if not path.is_relative_to(ROOT / "ledger")
        for module in imported(path)
        if module.startswith("campaign.ledger") and not f"{module}.".startswith(PUBLIC)
    }
    assert not found


def test_a_ledger_shows_nothing_but_the_port_and_its_own_closing() -> None:
    shown = {name for name in vars(Ledger) if not name.startswith("_")}
    offered = {name for one in port.Ledger.__mro__ for name in vars(one)}
    assert shown - offered == OWN


def test_no_engine_and_no_connection_is_within_reach(backend: Backend) -> None:
    """Of the ledger itself, and of each part that it shows."""
    with backend.open() as ledger:
        parts = [ledger, ledger.read, *public(ledger.read), *public(ledger)]
        shown = [value for part in parts for value in public(part)]
    assert shown
    assert not [value for value in shown if isinstance(value, Engine | Connection | Writer)]


def public(part: object) -> list[object]:
    return [value for name, value in getattr(part, "__dict__", {}).items() if not name.startswith("_")]


def test_no_protocol_of_the_port_is_a_god() -> None:
    """Three to ten methods each; those that join others add nothing much of their own."""
    sizes = {
        name: len([one for one in vars(protocol) if not one.startswith("_")])
        for module in (reading, writing)
        for name, protocol in inspect.getmembers(module, inspect.isclass)
        if protocol.__module__.startswith("campaign.ledger.port")
    }
    assert sizes
    assert {name: size for name, size in sizes.items() if size > 10} == {}
    assert len(LedgerReader.__annotations__) <= 10


def imported(path: Path) -> set[str]:
    """All modules that a file imports, wherever it does so."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from campaign.ledger import queries` imports a module as well.
            whole = node.module == "campaign.ledger"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if whole else {node.module}
    return found
