"""Reference of the Python API: every public name with its signature and docstring."""

import inspect
import re
from dataclasses import fields, is_dataclass
from typing import Any

import campaign
from tests.docs.making.markdown import code, notes, plain

_LITERAL = re.compile(r"Literal\[([^\]]+)\]")


def api_page() -> str:
    """The page."""
    parts = ["# Python API", notes("python_api")["about"]["text"].strip()]
    for heading, chosen in _grouped().items():
        parts.append(f"## {heading}")
        for name in chosen:
            parts += _entry(name, getattr(campaign, name))
    return "\n\n".join(part for part in parts if part)


def public() -> list[str]:
    """The names of the API."""
    return [name for name in campaign.__all__ if name != "__version__"]


def _grouped() -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {"Functions": [], "Values": [], "Errors": []}
    for name in public():
        found = getattr(campaign, name)
        is_error = isinstance(found, type) and issubclass(found, BaseException)
        kinds["Errors" if is_error else "Functions" if inspect.isfunction(found) else "Values"].append(name)
    return kinds


def _entry(name: str, found: Any) -> list[str]:
    said = _sections(inspect.getdoc(found) or "")
    if inspect.isfunction(found):
        return [f"### `{name}`", f"```python\n{_signature(name, found)}\n```", said]
    if is_dataclass(found):
        own = "\n".join(f"- `{each.name}`: {code(_hint(each.type))}" for each in fields(found))
        return [f"### `{name}`", said, own]
    return [f"### `{name}`", said]


def _signature(name: str, function: Any) -> str:
    """A parameter on each line, with its type and default."""
    signature = inspect.signature(function)
    lines, starred = list[str](), False
    for each in signature.parameters.values():
        if each.kind is each.KEYWORD_ONLY and not starred:
            lines.append("    *,")
            starred = True
        default = "" if each.default is each.empty else f" = {_default(each.default)}"
        lines.append(f"    {each.name}: {_hint(each.annotation)}{default},")
    kind = "async def" if inspect.iscoroutinefunction(function) else "def"
    whole = "\n".join((f"{kind} {name}(", *lines, f") -> {_hint(signature.return_annotation)}: ..."))
    return whole.replace("'", '"')


def _default(value: object) -> str:
    return getattr(value, "__qualname__", None) or repr(value)


def _hint(hint: object) -> str:
    text = hint.__qualname__ if isinstance(hint, type) and not hasattr(hint, "__args__") else str(hint)
    for module in ("campaign.api.", "campaign.domain.", "collections.abc.", "typing.", "datetime.", "pathlib."):
        text = text.replace(module, "")
    for room in ("arguments.", "checking.", "dialling.", "events.", "following.", "run_results.", "runs.", "errors."):
        text = text.replace(room, "")
    # typing keeps whichever of two equal Literals was made first, with its order.
    return _LITERAL.sub(lambda found: f"Literal[{', '.join(sorted(found[1].split(', ')))}]", text)


def _sections(text: str) -> str:
    """A docstring as Markdown: its lists of arguments, attributes and errors become lists."""
    parts = list[str]()
    for block in text.split("\n\n"):
        head, _, rest = block.partition("\n")
        if head in ("Args:", "Attributes:", "Raises:", "Returns:", "Yields:"):
            parts.append(f"**{head[:-1]}**\n\n" + "\n".join(_items(rest)))
        else:
            parts.append(plain(block))
    return "\n\n".join(parts)


def _items(text: str) -> list[str]:
    items = list[str]()
    for line in inspect.cleandoc(" \n" + text).splitlines():
        if line.startswith(" ") and items:
            items[-1] += f" {line.strip()}"
        elif line.strip():
            name, colon, said = line.strip().partition(": ")
            items.append(f"- `{name}`: {said}" if colon else f"- {line.strip()}")
    return items
