"""The references that are made from the code, each as the text of one Markdown file."""

from collections.abc import Callable
from pathlib import Path

from tests.docs.making.api_page import api_page
from tests.docs.making.codes_page import codes_page
from tests.docs.making.dependencies_page import dependencies_page
from tests.docs.making.environment_page import environment_page
from tests.docs.making.json_page import json_page
from tests.docs.making.notify_page import notify_page
from tests.docs.making.results_page import results_page
from tests.docs.making.template_page import template_page
from tests.docs.making.verbs_page import verbs_page

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "docs" / "reference"
_HEAD = "<!-- Made from the code by `python -m tests.docs.making`: change the code, or tests/docs/notes. -->\n\n"
PAGES: dict[str, Callable[[], str]] = {
    "template.md": template_page,
    "verbs.md": verbs_page,
    "exit-codes.md": codes_page,
    "json.md": json_page,
    "notifications.md": notify_page,
    "results.md": results_page,
    "environment.md": environment_page,
    "python.md": api_page,
    "dependencies.md": dependencies_page,
}


def made_pages() -> dict[str, str]:
    """Each page's name, and its text as the code is now."""
    return {name: _HEAD + make().rstrip() + "\n" for name, make in PAGES.items()}
