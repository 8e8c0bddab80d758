"""Reference of what is posted: the summary of a firing, and AICaller's webhooks."""

import ast
from pathlib import Path

from campaign.aicaller.webhook_payload import MOST_IDS
from campaign.usecases.dialling.webhook import EVENT
from tests.docs.making.markdown import code, notes, table

_PACKAGE = Path(__file__).parents[3] / "campaign"


def posted_keys() -> set[str]:
    """The keys of the summaries that the program posts: of `summary_of`, and of what is added when it is sent."""
    return {
        key.value
        for text in (path.read_text("utf-8") for path in _PACKAGE.rglob("*.py"))
        if "def summary_of" in text or "def notify" in text
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.FunctionDef) and node.name in ("summary_of", "notify"))
        for inner in ast.walk(node)
        if isinstance(inner, ast.Dict)
        for key in inner.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def notify_page() -> str:
    """The page."""
    known = notes("notifications")
    return "\n\n".join(
        (
            "# Notifications and webhooks",
            known["about"]["notify"].strip(),
            table(("key", "value"), ((code(key), text) for key, text in known["summary"].items())),
            "### States of an instant",
            table(("state", "meaning"), ((code(key), text) for key, text in known["states"].items())),
            known["about"]["webhooks"].strip().replace("EVENT", EVENT).replace("MOST_IDS", str(MOST_IDS)),
        )
    )
