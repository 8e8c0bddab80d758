"""AICaller's API document as a judge: whether a request, or a reply, is what the document says."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped] # it ships no types

_PATH = Path(__file__).parent / "data" / "aicaller_openapi.json"
_REPLIES = {
    "create": ("/v1/phoneCalls", "post"),
    "list": ("/v1/phoneCalls", "get"),
    "read": ("/v1/phoneCalls/{id}", "get"),
}
_formats = FormatChecker(formats=())


def validate_request(body: Mapping[str, Any]) -> None:
    """Raise jsonschema.ValidationError unless this may be the body of `POST /v1/phoneCalls`.

    Stricter than the document in one thing: a property that it does not name is refused.
    """
    _validator("CreatePhoneCallDto").validate(body)
    named = set(_document()["components"]["schemas"]["CreatePhoneCallDto"]["properties"])
    assert set(body) <= named, f"not documented: {sorted(set(body) - named)}"


def validate_reply(status: int, body: Any, *, to: Literal["create", "list", "read"] = "create") -> None:
    """Raise jsonschema.ValidationError unless the document knows this answer to that call."""
    path, method = _REPLIES[to]
    responses = _document()["paths"][path][method]["responses"]
    assert str(status) in responses, f"status {status} is not documented for {method} {path}"
    schema = responses[str(status)]["content"]["application/json"]["schema"]
    _validator(schema["$ref"].rpartition("/")[2]).validate(body)


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_PATH.read_text(encoding="utf-8"))
    return document


@cache
def _validator(schema: str) -> Draft202012Validator:
    root = {"$ref": f"#/components/schemas/{schema}", "components": _document()["components"]}
    return Draft202012Validator(root, format_checker=_formats)


def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or (value.endswith("Z") and datetime.fromisoformat(value).tzinfo is not None)


_formats.checks("date-time", raises=ValueError)(_is_instant)
