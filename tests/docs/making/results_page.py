"""Reference of the results: columns, statuses, reasons of skipped rows, outcomes."""

import ast
import inspect
from enum import Enum

from campaign.domain import call_outcome, skip_reason
from campaign.domain.call_outcome import MAY_BE_CALLED_AGAIN, CallEnd
from campaign.domain.model import RowState
from campaign.domain.skip_reason import SkipReason
from campaign.export.columns import OUTCOME_COLUMNS, PROBLEM_COLUMN, RESULT_COLUMNS, VALUE_PREFIX
from tests.docs.making.markdown import code, notes, plain, table


def columns() -> tuple[str, ...]:
    """Every column that results add to a sheet's own."""
    return (*RESULT_COLUMNS, *OUTCOME_COLUMNS, f"{VALUE_PREFIX}NAME", PROBLEM_COLUMN)


def statuses() -> tuple[str, ...]:
    """Every status that results show, in the order of the states."""
    return tuple(dict.fromkeys(state.shown for state in RowState))


def results_page() -> str:
    """The page."""
    known = notes("results")
    said = remarks(skip_reason.__name__, SkipReason)
    ended = remarks(call_outcome.__name__, CallEnd)
    return "\n\n".join(
        (
            "# Results",
            known["about"]["text"].strip(),
            "## Columns",
            table(("column", "value"), ((code(name), known["columns"][name]) for name in columns())),
            "## Statuses: `_status`",
            table(("status", "meaning"), ((code(name), known["statuses"][name]) for name in statuses())),
            "## Why a row is skipped",
            known["about"]["skips"].strip(),
            table(("code", "meaning"), ((code(each.value), said[each.name]) for each in SkipReason)),
            "## How a call ended: `_outcome`",
            known["about"]["outcomes"].strip(),
            table(
                ("outcome", "meaning", "may be called again"),
                (
                    (
                        code(each.value),
                        known["outcomes"].get(each.value, ended.get(each.name, "")),
                        "by `[retry]`, or `rerun --outcome`" if each in MAY_BE_CALLED_AGAIN else "never",
                    )
                    for each in CallEnd
                ),
            ),
        )
    )


def remarks(module: str, kind: type[Enum]) -> dict[str, str]:
    """What stands below the members of an enum as their docstrings."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(kind) or __import__(module)))
    (found,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == kind.__name__]
    return {
        ast.unparse(member.targets[0]): plain(str(after.value.value))
        for member, after in zip(found.body, found.body[1:], strict=False)
        if isinstance(member, ast.Assign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
    }
