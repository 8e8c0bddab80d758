"""The multipart form of `POST /runs`: its parts, as the OpenAPI document describes them."""

from collections.abc import Mapping
from typing import Any

_PART = {"type": "string", "format": "binary"}
_TEXT = {"type": "string", "maxLength": 1_000}
_JSON = {"type": "string", "contentMediaType": "application/json", "maxLength": 100_000}
FORM: Mapping[str, Any] = {
    "type": "object",
    "required": ["sheet"],
    "additionalProperties": False,
    "properties": {
        "sheet": {**_PART, "description": "The spreadsheet: .xlsx, .xlsm, .xlsb, .xls, .ods, .csv, .tsv."},
        "template": {**_TEXT, "description": "The name of a template of the server's folder."},
        "template_file": {**_PART, "description": "Or the template itself, as TOML."},
        "sandbox": {"type": "boolean", "description": "true: no phone rings."},
        "call_people": {"type": "boolean", "description": "true: people's phones ring. There is no other way to that."},
        "name": {**_TEXT, "description": "Of the run."},
        "start_at": {**_TEXT, "description": "No phone rings before: 2026-12-01T09:00, or tomorrow 9am."},
        "region": {**_TEXT, "description": "Two letters, for numbers written without a country."},
        "timezone": {**_TEXT, "description": "Where hours hold: an IANA name, or recipient."},
        "again": {"type": "boolean", "description": "true: a sheet that was called before may be called again."},
        "limit": {"type": "integer", "minimum": 1, "maximum": 1_000_000_000},
        "calls_per_second": {"type": "number", "exclusiveMinimum": 0, "maximum": 10_000},
        "max_in_flight": {"type": "integer", "minimum": 1, "maximum": 1_000},
        "canary": {"type": "integer", "minimum": 1, "maximum": 1_000_000_000},
        "answers": {**_JSON, "description": "Answers to the questions of a run, as a JSON object: see Answers."},
        "reading": {**_JSON, "description": "How the sheet is read, as a JSON object: see Reading."},
    },
}
"""The parts of the request, as the OpenAPI document describes them."""
