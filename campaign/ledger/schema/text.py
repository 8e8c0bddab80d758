"""Text in the form that a database accepts, and JSON that it holds."""

import json
from collections.abc import Iterable
from typing import Any

_decode = json.JSONDecoder().raw_decode
quoted = json.encoder.encode_basestring_ascii
"""A text as `json.dumps` writes it: a third of the time, for what is written for every row."""


def storable(text: str) -> str:
    """The text with lone surrogates spelt out: a database accepts only characters."""
    return text.encode("utf-8", "backslashreplace").decode()


def read_json(text: str) -> Any:
    """What this program wrote as JSON, in half of the time of `json.loads`: nothing stands before or after it."""
    return _decode(text)[0]


def texts_json(texts: Iterable[str]) -> str:
    """A list of texts as `json.dumps` writes it."""
    return f"[{', '.join(map(quoted, texts))}]"
