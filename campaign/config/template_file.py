"""Template file: read, and each of its faults named with its key and its cure."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from campaign.config.answers_section import AnswersSection
from campaign.config.files.whole import read_whole
from campaign.config.outcome_sections import CanarySection, RetrySection
from campaign.config.sheet_section import SheetSection
from campaign.config.template import (
    JOINED,
    ONE_OF,
    ORDERED,
    CallSection,
    ColumnsSection,
    JoinSection,
    LimitsSection,
    PaceSection,
    PhoneSection,
    Template,
    VariableSection,
    WebhookSection,
)
from campaign.config.timing_sections import HoursSection, StaggerSection, WindowSection
from campaign.domain.errors import TemplateError

_MOST_BYTES = 1 << 20
_PLAINLY = {
    "model_type": "must be a table of its own",
    "dict_type": "must be a table of its own",
    "tuple_type": "must be a list",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
}


def load_template(path: Path) -> Template:
    """Reads a template file.

    Raises:
        TemplateError: naming the file, every wrong key and the cure, on one line.
    """
    try:
        text = read_whole(path, most_bytes=_MOST_BYTES)
        if text is None:
            raise TemplateError(f"template {path}: it is being written; wait until it is saved, and try again")
        if len(text) > _MOST_BYTES:
            raise TemplateError(f"template {path}: longer than {_MOST_BYTES >> 20} MiB; give the path of a .toml file")
        raw = tomllib.loads(text.decode("utf-8-sig"))
    except OSError as error:
        raise TemplateError(f"template {path}: {_os_reason(error)}; give the path of a .toml file") from None
    except UnicodeDecodeError as error:
        raise TemplateError(f"template {path}: not UTF-8 text at byte {error.start}; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(f"template {path}: not valid TOML: {error}") from None
    except (ValueError, RecursionError):
        raise TemplateError(f"template {path}: a number too long or a list too deep to be meant; take it out") from None
    try:
        return Template.model_validate(raw)
    except ValidationError as error:
        raise TemplateError(f"template {path}: " + "; ".join(text for _, text in faults_of(error, raw))) from None


def _os_reason(error: OSError) -> str:
    return "no such file" if isinstance(error, FileNotFoundError) else (error.strerror or type(error).__name__).lower()


def faults_of(error: ValidationError, raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(key, what is wrong with it) of each fault; the key as its writer knows it, empty for the whole template.

    Args:
        error: of `Template`.
        raw: what was not valid.
    """
    for fault in error.errors(include_url=False):
        # A union's or a model's own name may stand in the path; the user knows only the keys.
        path = [str(part) for part in fault["loc"] if part not in (ONE_OF, JOINED, ORDERED)]
        key = ".".join(path)
        if fault["type"] == "extra_forbidden":
            yield key, _unknown_key(path)
        elif fault["type"] == "missing":
            yield key, f"{key!r} is missing; add it"
        else:
            reason = _PLAINLY.get(fault["type"]) or fault["msg"].removeprefix("Value error, ")
            # What is wrong of the template as a whole names its keys itself.
            yield key, f"{key!r}{_shown(path, raw)}: {reason}" if key else reason


def _unknown_key(path: list[str]) -> str:
    key = ".".join(path)
    nearest = difflib.get_close_matches(path[-1], _known_keys(path[:-1]), n=1, cutoff=0.5)
    cure = f"did you mean {nearest[0]!r}?" if nearest else f"known here: {', '.join(_known_keys(path[:-1]))}"
    return f"unknown key {key!r}; {cure}"


def _known_keys(section: list[str]) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "call": CallSection,
        "columns": ColumnsSection,
        "variables": VariableSection,
        "phone": PhoneSection,
        "pace": PaceSection,
        "limits": LimitsSection,
        "hours": WindowSection if "windows" in section else HoursSection,
        "stagger": StaggerSection,
        "retry": RetrySection,
        "canary": CanarySection,
        "answers": AnswersSection,
        "sheet": SheetSection,
    }
    model = WebhookSection if "webhooks" in section else models.get(section[0]) if section else Template
    model = JoinSection if section == ["columns", "name"] else model
    return [field.alias or name for name, field in (model or Template).model_fields.items()]


def _shown(path: list[str], raw: Mapping[str, Any]) -> str:
    value: Any = raw
    for part in path:
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ""
    return f" = {value!r}" if isinstance(value, str | int | float | bool) else ""
