"""Reference of the command line: every verb with its usage, what it does, its flags, and examples."""

import shlex
from collections.abc import Iterator

import click

from campaign.cli.declarations.examples import EXAMPLES
from campaign.cli.main import _VERBS, program
from tests.cli.verbs import commands
from tests.docs.making.markdown import code, notes, table


def verbs_page() -> str:
    """The page."""
    parts = ["# Verbs and flags", notes("verbs")["about"]["text"].strip(), _overview(), "## `campaign`"]
    parts.append(_flags(program))
    for words, command in commands(program):
        parts += _verb(words, command)
    return "\n\n".join(parts)


def examples_of(words: tuple[str, ...]) -> list[str]:
    """The examples of a verb, as its help shows them; a test holds that there is one, and that the program takes it."""
    return list(EXAMPLES.get(words, ()))


def _overview() -> str:
    return table(("verb", ""), ((f"[`{name}`](#{anchor(name)})", text) for name, text in _VERBS.items()))


def anchor(name: str) -> str:
    """The place on the page of a verb: of a group, of its first verb."""
    first = next(words for words, _ in commands(program) if words[0] == name)
    return "-".join(("campaign", *first))


def _verb(words: tuple[str, ...], command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=" ".join(("campaign", *words)))
    yield f"## `campaign {' '.join(words)}`"
    usage = [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"]
    yield f"```text\n{' '.join(('campaign', *words, *usage))}\n```"
    yield _said(command.help or "")
    if examples := examples_of(words):
        yield "```sh\n" + "\n".join(examples) + "\n```"
    if any(isinstance(each, click.Option) for each in command.params):
        yield _flags(command)


def _said(text: str) -> str:
    """A help text as paragraphs; what click is told to leave in its lines is one paragraph too."""
    paragraphs = [each.replace("\b\n", "") for each in text.strip().split("\n\n")]
    return "\n\n".join(" ".join(line.strip() for line in each.splitlines()) for each in paragraphs).strip()


def _flags(command: click.Command) -> str:
    rows = [_flag(each) for each in command.params if isinstance(each, click.Option)]
    return table(("flag", "default", "range", ""), rows)


def _flag(option: click.Option) -> tuple[str, str, str, str]:
    names = ", ".join(code(name) for name in sorted(option.opts, key=len))
    value = "" if option.is_flag else f" {code(option.metavar or option.type.name.upper())}"
    more = " Repeatable." if option.multiple and "repeatable" not in (option.help or "") else ""
    needed = " Required." if option.required else ""
    return names + value, _default(option), _range(option), f"{option.help or ''}{more}{needed}"


def _default(option: click.Option) -> str:
    if option.is_flag or option.multiple or option.default is None or "UNSET" in repr(option.default):
        return ""
    return code(str(option.default))


def _range(option: click.Option) -> str:
    kind = option.type
    if isinstance(kind, click.IntRange):
        least = f"from {kind.min:,}" if kind.min is not None else ""
        return f"{least} to {kind.max:,}".strip() if kind.max is not None else least
    return ", ".join(code(str(each)) for each in kind.choices) if isinstance(kind, click.Choice) else ""


def taken(example: str) -> bool:
    """Whether the program takes an example's line: its verb, its flags and their values. Nothing is run.

    Raises:
        click.UsageError: it does not.
    """
    command: click.Command = program
    # What the shell does with it, and a sheet on stdin, are not the program's: `- <people.csv`.
    words = [word for word in shlex.split(example, comments=True)[1:] if not word.startswith((">", "<"))]
    words = ["sheet.csv" if word == "-" else word for word in words]
    context = click.Context(program)
    while isinstance(command, click.Group):
        name, found, words = command.resolve_command(context, words)
        assert found is not None, name
        command = found
    command.make_context(command.name, words)
    return True
