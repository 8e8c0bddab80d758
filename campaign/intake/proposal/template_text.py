"""Template text: TOML, with each choice's reason beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TemplateEntry:
    """Entry: one key of the template.

    Attributes:
        key: as it stands before the equals sign.
        columns: one, or several in order.
        note: a comment; may be empty.
        joined: whether the columns are the parts of one value.
        optional: whether a row may have none.
        left_out: whether it is written as a comment, to be taken in by hand.
        turned: whether a name is written `Last, First`.
        format: how a date or time is spoken; empty for a text that is spoken as it stands.
        look: whether its owner should look at the line: what it says was concluded, and decides on calls or words.
    """

    key: str
    columns: tuple[str, ...]
    note: str = ""
    joined: bool = False
    optional: bool = False
    left_out: bool = False
    turned: bool = False
    format: str = ""
    look: bool = False


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """Draft of a template to be written.

    Attributes:
        region: None where no number needs one.
        language: of the dates that are spoken; None where it is not known.
        dates: whether any column holds dates, so that the language matters.
        settings: (table, key, value) of how the sheet is read, and of what its owner has answered.
    """

    title: str
    about: Sequence[str]
    columns: Sequence[TemplateEntry]
    variables: Sequence[TemplateEntry]
    region: str | None
    region_note: str
    language: str | None = None
    language_note: str = ""
    dates: bool = False
    settings: Sequence[tuple[str, str, str | int]] = ()


def template_text(draft: TemplateDraft) -> str:
    """Text of the whole file."""
    return "\n".join(_lines(draft)) + "\n"


def lines_to_look_at(draft: TemplateDraft) -> tuple[tuple[int, str], ...]:
    """(number, line) of the lines of `template_text` at which the owner should look, without their comments."""
    wanted = {_line(entry) for entry in (*draft.columns, *draft.variables) if entry.look and not entry.left_out}
    wanted.add(f"region = {quoted(draft.region or '')}")
    if any(entry.format and not entry.left_out for entry in draft.variables):
        wanted.add(f"language = {quoted(draft.language or '')}")
    bare = [(number, line.partition("  # ")[0]) for number, line in enumerate(_lines(draft), start=1)]
    return tuple((number, line) for number, line in bare if line in wanted)


def quoted(text: str) -> str:
    """Quotes the text as a TOML basic string, on one line.

    Raises:
        ValueError: half a character, which no TOML file can hold.
    """
    text.encode("utf-8")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(_escaped(character) for character in escaped) + '"'


def commented(text: str) -> str:
    """Writes the text as one comment, whatever it holds."""
    return "# " + "".join(character if character.isprintable() else " " for character in text)


def _escaped(character: str) -> str:
    if character.isprintable() or character == " ":
        return character
    # Control characters must be escaped; other invisible ones should be.
    return f"\\u{ord(character):04X}" if ord(character) < _ASTRAL else f"\\U{ord(character):08X}"


_ASTRAL = 0x10000


def _lines(draft: TemplateDraft) -> Iterator[str]:
    yield from map(commented, draft.about)
    yield f"title = {quoted(draft.title)}"
    if draft.dates:
        code = f"language = {quoted(draft.language)}" if draft.language else '# language = "en"'
        yield f"{code}  {commented(draft.language_note)}"
    yield from ("", "[call]", "# Both ids stand in AICaller's dashboard. Put them here, or into the environment.")
    yield '# team_id = "..."                 # or AICALLER_TEAM_ID'
    yield '# call_template_id = "..."        # or AICALLER_CALL_TEMPLATE_ID'
    yield "record = false                    # recording a call may need the person's consent"
    yield from ("", "[columns]")
    yield from map(_entry, draft.columns)
    yield from ("", "[variables]                       # what the call template's prompt is filled with")
    yield from map(_entry, draft.variables)
    yield from ("", "[phone]")
    region = "# region = " + '"US"' if draft.region is None else f"region = {quoted(draft.region)}"
    yield f"{region}  {commented(draft.region_note)}"
    for table in dict.fromkeys(table for table, _, _ in draft.settings):
        yield from ("", f"[{table}]")
        for _, key, value in (one for one in draft.settings if one[0] == table):
            yield f"{key} = {value if isinstance(value, int) else quoted(value)}"
    yield from ("", "[pace]", "calls_per_second = 1.0", "max_in_flight = 8")
    yield from ("", "[limits]", 'call_again_after = "24h"          # a number called within this time is skipped')
    yield from ("", "# [hours]                         # no phone rings outside of these, where that person is")
    yield from ('# from = "9am"', '# until = "5pm"', '# timezone = "recipient"')


def _entry(entry: TemplateEntry) -> str:
    return f"{_line(entry)}  {commented(entry.note)}" if entry.note else _line(entry)


def _line(entry: TemplateEntry) -> str:
    names = [quoted(name) for name in entry.columns]
    value = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
    more = ['order = "last, first"'] if entry.turned else []
    more += ["optional = true"] if entry.optional else []
    more += [f"format = {quoted(entry.format)}"] if entry.format else []
    if entry.joined:
        value = f"{{ join = {value} }}"
    elif more:
        value = f"{{ {', '.join([f'column = {value}', *more])} }}"
    return f"{'# ' if entry.left_out else ''}{_key(entry.key)} = {value}"


def _key(key: str) -> str:
    bare = key and key.isascii() and all(character.isalnum() or character in "-_" for character in key)
    return key if bare else quoted(key)
