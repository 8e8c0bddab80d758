"""Reference of the environment: every variable that the program reads."""

import ast
import re
from pathlib import Path

from tests.docs.making.markdown import code, notes, table

_PACKAGE = Path(__file__).parents[3] / "campaign"
_NAME = re.compile(r"(AICALLER|CAMPAIGN)_[A-Z_]*[A-Z]")
# Not read, but made by click for the completion of a shell.
_LEFT_OUT = {"CAMPAIGN_COMPLETE"}


def variables() -> set[str]:
    """The names that stand in the code as texts: one that is read is there, and so is one that a message speaks of."""
    return {
        match[0]
        for text in (path.read_text("utf-8") for path in _PACKAGE.rglob("*.py"))
        if _NAME.search(text)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for match in _NAME.finditer(node.value)
    } - _LEFT_OUT


def environment_page() -> str:
    """The page."""
    known = notes("environment")
    rows = [(code(name), *known["variables"][name]) for name in known["variables"]]
    return "\n\n".join(
        ("# Environment", known["about"]["text"].strip(), table(("variable", "meaning", "without it"), rows))
    )
