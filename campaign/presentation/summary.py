"""Summary of a sheet before its first call, as lines for people and as JSON."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from campaign.domain.cures.notes import Note, NoteKind
from campaign.domain.model import Contact, Problem
from campaign.preparation.compare import Diff
from campaign.preparation.grouping import Group, RowRanges
from campaign.preparation.questions import OpenQuestion
from campaign.preparation.summary import Summary
from campaign.presentation.cures import terminal_text, terminal_words
from campaign.presentation.cures.doubt_words import DOUBT_WORDS
from campaign.presentation.masking import Mask, masked_email, masked_phone
from campaign.presentation.skip_reasons import skip_lines, skips_by_code, skips_by_words
from campaign.presentation.wording import counted

MOST_GROUPS = 10
"""So many groups can still be read before a run."""
_NAMED = 10
_EXAMPLES = 3
_EXAMPLES_OF = {NoteKind.REPAIRED: 5, NoteKind.FICTITIOUS: 1}
_LONGEST_VALUE = 60
_UNREAD = {
    "short_rows": "with too few fields may lack no more than empty cells at their end",
    "line_breaks": "with cells of several lines may be several rows",
}
_KINDS = {
    NoteKind.REPAIRED: "called on a number that was restored",
    NoteKind.FICTITIOUS: "with a number kept for examples, which nobody answers",
    NoteKind.OPTED_OUT: DOUBT_WORDS["opted_out"],
    NoteKind.MARKED: DOUBT_WORDS["marked"],
    NoteKind.PLUS: DOUBT_WORDS["plus"],
    NoteKind.NAME_ORDER: DOUBT_WORDS["name_order"],
    NoteKind.DATE_ORDER: DOUBT_WORDS["date_order"],
    NoteKind.PAST: DOUBT_WORDS["past"],
    NoteKind.WARNING: "worth a look",
}


def summary_lines(summary: Summary, *, mask: Mask, groups: int = MOST_GROUPS) -> Iterator[str]:
    """The summary for people, with at most so many groups of problems, and of each kind of doubt.

    A restored number is shown before and after, or a person could not tell whether it is right; the rest is masked.
    """
    skipped = sum(summary.skipped.values())
    yield f"{counted(summary.rows, 'row')}: {summary.to_call} to call, {summary.invalid} invalid, {skipped} skipped"
    yield from (f"  {line}" for line in skip_lines(summary.skipped))
    yield from map(mask, _merged_lines(summary, most=groups))
    yield from (f"  sheet: {notice}" for notice in summary.notices)
    if summary.good:
        whose = "numbers" if summary.good == summary.to_call else f"numbers of {counted(summary.good, 'good row')}"
        yield f"  {whose}: {_counts(summary.regions)}; {_counts(summary.call_types)}"
    for kind, found in sorted(summary.doubts.items()):
        yield f"  {summary.noted[kind]} {_KINDS[kind]}:"
        lines = _group_lines(
            found, most=groups, examples=_EXAMPLES_OF.get(kind, _EXAMPLES), told=kind is not NoteKind.FICTITIOUS
        )
        yield from (f"  {line if kind is NoteKind.REPAIRED else mask(line)}" for line in lines)
    yield from (f"  called with {key!r} left out: {_rows(rows)}" for key, rows in summary.unspoken.items())
    yield from _diff_lines(summary)
    if summary.problems:
        yield f"{counted(summary.invalid, 'row')} cannot be called:"
        yield from map(mask, _group_lines(summary.problems, most=groups, examples=_EXAMPLES))
    if summary.preview:
        yield "the first calls:" if len(summary.preview) > 1 else "the first call:"
        yield from (f"  {_previewed(contact)}" for contact in summary.preview)


def question_lines(summary: Summary) -> Iterator[str]:
    """The questions of a run."""
    if summary.questions:
        yield "before a run:"
        yield from (f"  {_asked(question)}" for question in summary.questions)


def summary_as_dict(summary: Summary, *, diff: Diff) -> dict[str, Any]:
    """The summary as JSON values, with the rows that differ: keys never change, and new ones may be added."""
    return {
        "rows": summary.rows,
        "to_call": summary.to_call,
        "good": summary.good,
        "repaired": summary.repaired,
        "invalid": summary.invalid,
        "skipped": skips_by_words(summary.skipped),
        "skip_reasons": skips_by_code(summary.skipped),
        "regions": dict(summary.regions),
        "call_types": dict(summary.call_types),
        "noted": {kind.value: count for kind, count in summary.noted.items()},
        "notices": summary.notices,
        "merged": [
            {
                "row": one.row,
                "called_row": one.called,
                "differs": [{"what": what, "said": said, "left_out": left} for what, said, left in one.differs],
            }
            for one in summary.merged
        ],
        "unspoken": [
            {"variable": key, "rows": found.rows, "row_ranges": [list(each) for each in found.ranges]}
            for key, found in summary.unspoken.items()
        ],
        "compared": {
            "run": diff.run,
            "new": diff.new,
            "changed": sorted(diff.changed),
            "done": sorted(diff.done),
            "gone": diff.gone,
        },
        "preview": [_preview_as_dict(contact) for contact in summary.preview],
        "undecided": [
            {"about": one.about, "count": one.count, "text": _asked(one), "flags": _flags(one), "stops": one.stops}
            for one in summary.questions
        ],
        "problem_groups": [_group_as_dict(group) for group in summary.problems],
        "note_groups": [
            {"kind": kind.value, **_group_as_dict(group)}
            for kind, groups in sorted(summary.doubts.items())
            for group in groups
        ],
    }


def problem_as_dict(problem: Problem) -> dict[str, Any]:
    """One row's problem as JSON values."""
    return {
        "row": problem.row,
        "line": problem.line,
        "column": problem.column,
        "value": problem.value,
        "reason": problem.reason,
        "cure": terminal_words(problem.cure),
    }


def note_as_dict(note: Note) -> dict[str, Any]:
    """One doubt about one row as JSON values."""
    return {"kind": note.kind.value, "row": note.row, "column": note.column, "value": note.value, "text": note.text}


def _group_lines(groups: list[Group], *, most: int, examples: int, told: bool = True) -> Iterator[str]:
    """Two or more lines per group; without `told` the reason is left out, since the heading has it."""
    for group in groups[:most]:
        if group.rows == 1:
            yield f"  {terminal_text(group.examples[0].message)}"
            continue
        where = f", column {group.column!r}" if group.column else ""
        why = "; ".join(part for part in (group.reason, terminal_words(group.cure)) if part) if told else ""
        yield f"  {group.rows} rows ({_ranges(group)}){where}{': ' if why else ''}{why}"
        shown = [one for one in group.examples if one.value or one.reason != group.reason][:examples]
        yield from (f"    {_example(one, '' if told and one.reason != group.reason else one.reason)}" for one in shown)
        if shown and group.rows > len(shown):
            yield f"    ... and {group.rows - len(shown)} more"
    if len(groups) > most:
        rest = sum(group.rows for group in groups[most:])
        yield f"  ... and {len(groups) - most} more kinds, in {counted(rest, 'row')}"


def _example(one: Problem, known: str) -> str:
    place = f"row {one.row}" if one.line is None else f"row {one.row} (line {one.line} of the file)"
    return f"{place}: {one.value!r}" + ("" if one.reason == known else f": {one.reason}")


def _merged_lines(summary: Summary, *, most: int) -> Iterator[str]:
    """Which duplicates are no mere repetition: what they say is said by no call."""
    if summary.merged:
        yield f"  of the duplicates, {counted(summary.merged_rows, 'row')} would say something else:"
    for one in summary.merged[:most]:
        yield f"    row {one.row} is left out for row {one.called}: {'; '.join(map(_unsaid, one.differs))}"
    if (beyond := summary.merged_rows - min(len(summary.merged), most)) > 0:
        yield f"    ... and {beyond} more"


def _unsaid(differs: tuple[str, str, str]) -> str:
    what, said, unsaid = differs
    heard = f"{_short(said)} is said" if said else "nothing is said"
    return f"{what}: {heard}, {_short(unsaid) if unsaid else 'nothing'} is not" if unsaid else f"{what}: {heard}"


def _rows(found: RowRanges) -> str:
    return f"row {found.ranges[0][0]}" if found.rows == 1 else f"{found.rows} rows ({_ranges(found)})"


def _ranges(group: RowRanges) -> str:
    parts = [str(first) if first == last else f"{first}-{last}" for first, last in group.ranges]
    return ", ".join(parts) + (f" and {group.beyond} more" if group.beyond else "")


def _counts(counts: Mapping[str, int]) -> str:
    shown = [f"{count} {name}" for name, count in islice(counts.items(), _NAMED)]
    return ", ".join(shown) + (f" and {len(counts) - _NAMED} more" if len(counts) > _NAMED else "")


def _diff_lines(summary: Summary) -> Iterator[str]:
    diff = summary.diff
    if not diff.done and not diff.changed:
        return
    yield str(diff)
    for row, call in diff.first_changed.items():
        yield f"  changed: row {row}, called {call.at} by run {call.run}, row {call.row}"
    if beyond := diff.changed - len(diff.first_changed):
        yield f"  ... and {beyond} more"


def _asked(question: OpenQuestion) -> str:
    asks = f"a run asks first, and with --yes it refuses; say {' or '.join(_flags(question))}"
    if question.words:
        shown = ", ".join(f"{word!r} in {column!r} ({counted(rows, 'row')})" for column, word, rows in question.words)
        return f"words that say neither yes nor no, {shown}: {asks}"
    if question.about in DOUBT_WORDS:
        return f"{counted(question.count, 'row')} {DOUBT_WORDS[question.about]}: {asks}"
    return _asked_of_run(question, asks)


def _asked_of_run(question: OpenQuestion, asks: str) -> str:
    count, flags = question.count, " or ".join(_flags(question))
    match question.about:
        case "repairs":
            return f"{counted(count, 'number')} would be called as restored: {asks}"
        case "changed":
            return f"{counted(count, 'row')} changed since the call: {asks}"
        case "rows":
            return f"{counted(count, 'row')}, and {question.limit} are taken without a word: {asks}"
        case "calls":
            return f"{counted(count, 'call')}, and the limit is {question.limit}: a run refuses; say {flags}"
        case "short_rows" | "line_breaks":
            what = _UNREAD[question.about]
            return f"{counted(count, 'row')} {what}: a run leaves them out, as invalid; else say {flags}"
        case _:
            kept = counted(count, "number")
            return f"{kept} kept for examples: a run at AICaller leaves such rows out, as invalid; else say {flags}"


def _flags(question: OpenQuestion) -> list[str]:
    return [terminal_words(answer) for answer in question.answers]


def _previewed(contact: Contact) -> str:
    said = [f"{key} = {_short(value)}" for key, value in contact.variables]
    email = [masked_email(contact.email)] if contact.email else []
    return f"row {contact.row}: " + ", ".join([_short(contact.name), masked_phone(contact.phone), *email, *said])


def _short(value: str) -> str:
    # Terminal control characters are escaped by repr.
    return repr(value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 1]}…")


def _preview_as_dict(contact: Contact) -> dict[str, Any]:
    return {
        "row": contact.row,
        "name": contact.name,
        "phone": masked_phone(contact.phone),
        "email": masked_email(contact.email) if contact.email else None,
        "variables": dict(contact.variables),
    }


def _group_as_dict(group: Group) -> dict[str, Any]:
    return {
        "column": group.column,
        "reason": group.reason,
        "cure": terminal_words(group.cure),
        "rows": group.rows,
        "row_ranges": [list(each) for each in group.ranges],
        "examples": [problem_as_dict(one) for one in group.examples],
    }
