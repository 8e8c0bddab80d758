"""The OpenAPI document, made from the operations: what they take and answer is said once, in the code."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from campaign.usecases.dialling.run_sheet import Answers, Choices
from campaign.web.api.models import ProblemDocument
from campaign.web.api.operation import Operation
from campaign.web.api.problems import MEDIA_TYPE

PREFIX = "/api/v1"
_REF = "#/components/schemas/{model}"
_ALWAYS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_NAME = {"type": "string", "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$"}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Another for each request; the same one gives the same run, also after a restart.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def openapi(operations: Iterable[Operation]) -> dict[str, Any]:
    """The document of these operations."""
    operations = tuple(operations)
    paths: dict[str, Any] = {}
    for operation in operations:
        paths.setdefault(f"{PREFIX}{operation.path}", {})[operation.method.lower()] = _described(operation, operations)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "campaign",
            "version": version("campaign"),
            "description": "A contact spreadsheet goes in, a phone call per person comes out, each made once.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(operations),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _described(operation: Operation, operations: Sequence[Operation]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": (operation.handler.__doc__ or "").strip(),
        "parameters": [*_in_path(operation.path), *_in_query(operation.query), *([_KEY] if operation.key else [])],
        "responses": {
            str(int(operation.status)): {
                **_answer("As asked.", "application/json", operation.answer),
                **({"links": links} if (links := _links(operation, operations)) else {}),
            },
            **{
                str(int(status)): _answer(status.phrase, MEDIA_TYPE, ProblemDocument) for status in _statuses(operation)
            },
        },
    }
    if operation.body is not None:
        found["requestBody"] = {
            "required": any(field.is_required() for field in operation.body.model_fields.values()),
            "content": {"application/json": {"schema": _ref(operation.body)}},
        }
    if operation.multipart is not None:
        found["requestBody"] = {
            "required": True,
            "content": {"multipart/form-data": {"schema": dict(operation.multipart)}},
        }
    return found


def _links(operation: Operation, operations: Sequence[Operation]) -> dict[str, Any]:
    """Where the answer's name leads: what starts a run is followed by what can be done with it."""
    if operation.name != "startRun":
        return {}
    return {
        one.name: {"operationId": one.name, "parameters": {"run": "$response.body#/name"}}
        for one in operations
        if "{run}" in one.path
    }


def _statuses(operation: Operation) -> list[HTTPStatus]:
    media = [HTTPStatus.UNSUPPORTED_MEDIA_TYPE] if operation.body is not None else []
    return sorted({*_ALWAYS, *operation.statuses, *media})


def _in_path(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": _NAME} for name in names]


def _in_query(query: type[BaseModel] | None) -> list[dict[str, Any]]:
    if query is None:
        return []
    schema = query.model_json_schema()
    return [
        {"name": name, "in": "query", "required": False, "schema": _without_null(found)}
        for name, found in schema["properties"].items()
    ]


def _without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a parameter: it is there, or left out; null is no text of an address."""
    kinds = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    kept = {name: value for name, value in schema.items() if name not in ("anyOf", "default", "title")}
    return {**kept, **kinds[0]} if kinds else kept


def _answer(text: str, media: str, model: type[BaseModel]) -> dict[str, Any]:
    return {"description": text, "content": {media: {"schema": _ref(model)}}}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _schemas(operations: tuple[Operation, ...]) -> dict[str, Any]:
    answers = {operation.answer for operation in operations} | {ProblemDocument}
    bodies = {operation.body for operation in operations if operation.body is not None}
    wanted: list[Any] = [(model, "serialization") for model in sorted(answers, key=_named)]
    wanted += [(model, "validation") for model in sorted(bodies, key=_named)]
    _, found = models_json_schema(wanted, ref_template=_REF)
    schemas: dict[str, Any] = dict(found["$defs"])
    # What stands as text in a part of the form: for people who read the document.
    for shape, name in ((Answers, "Answers"), (Choices, "Reading")):
        schemas[name] = _of_dataclass(shape)
    return schemas


def _of_dataclass(shape: type) -> dict[str, Any]:
    schema = TypeAdapter(shape).json_schema(ref_template=_REF)
    schema.pop("$defs", None)
    return schema


def _named(model: type[BaseModel]) -> str:
    return model.__name__
