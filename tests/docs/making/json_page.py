"""Reference of every JSON answer: its fields, as the notes have them and tests compare them with real answers."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.docs.making.markdown import code, notes, table

_PACKAGE = Path(__file__).parents[3] / "campaign"
_FRONTS = ("cli", "presentation")


def json_page() -> str:
    """The page."""
    known = notes("json_fields")
    parts = ["# JSON", known["about"]["text"].strip()]
    for shape in known["shapes"]:
        rows = [(code(path), text) for path, text in shape["fields"].items()]
        parts += [f"## {_titled(shape['title'])}", shape["about"], table(("field", "value"), rows)]
    return "\n\n".join(parts)


def shapes() -> list[dict[str, Any]]:
    """Each answer that the page has: title, fields, and the commands that give one."""
    return list(notes("json_fields")["shapes"])


def _titled(title: str) -> str:
    return ", ".join(code(each) for each in title.split(", "))


def paths(value: Any, path: str = "") -> Iterator[str]:
    """The path of each value inside a JSON value: `a[].b`; of an empty list, its own."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from paths(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from paths(inner, f"{path}[]")
    else:
        yield path


def is_told(path: str, fields: Mapping[str, str]) -> bool:
    """Whether a path is in the table: itself, an object whose keys are data, or a list or null that is told as one."""
    if path in fields or any(each.startswith((f"{path}.", f"{path}[]")) for each in fields):
        return True
    return any(
        path.startswith((f"{told}.", f"{told}[]")) and ("→" in text or "list" in text) for told, text in fields.items()
    )


def keys_in_code() -> dict[str, str]:
    """The keys of the JSON that the fronts make, each with a place where it stands."""
    return {
        key: f"{path.relative_to(_PACKAGE.parent)}:{node.lineno}"
        for room in _FRONTS
        for path in sorted((_PACKAGE / room).rglob("*.py"))
        for node in _objects(ast.parse(path.read_text("utf-8")))
        for key in (each.value for each in node.keys if isinstance(each, ast.Constant) and isinstance(each.value, str))
    }


def _objects(tree: ast.Module) -> Iterator[ast.Dict]:
    """The dict displays that become JSON: in functions that are named so, and in what is printed as JSON."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.endswith(("_dict", "_json", "_number", "_attempt")):
            yield from (each for each in ast.walk(node) if isinstance(each, ast.Dict))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("echo_json", "json.dumps")):
            yield from (each for each in ast.walk(node) if isinstance(each, ast.Dict))
