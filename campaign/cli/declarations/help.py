"""Help of a verb: its flags in groups, each under a heading, and examples at its end."""

import difflib
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import click

from campaign.cli.declarations.examples import EXAMPLES

_READING = "How the sheet is read"
_ANSWERS = "Answers to what would be asked"
_CALLING = "How calls are made"
_RESULTS = "What is shown and written"
_REHEARSING = "Rehearsing"
_OWN = "Options"
_ORDER = (_OWN, _READING, _ANSWERS, _CALLING, _REHEARSING, _RESULTS)
HEADINGS: Mapping[str, str] = {
    **dict.fromkeys(
        [
            "sheet_name",
            "header_row",
            "no_header",
            "encoding",
            "delimiter",
            "include_hidden",
            "skip_hidden",
            "extra_field",
            "region",
            "timezone",
        ],
        _READING,
    ),
    **dict.fromkeys(
        [
            "max_calls",
            "max_rows",
            "accept_repairs",
            "skip_repairs",
            "call_changed",
            "skip_changed",
            "allow_fictitious",
            "opted_out",
            "marked",
            "plus",
            "name_order",
            "date_order",
            "yes_words",
            "no_words",
            "short_rows",
            "line_breaks",
            "unfollowed",
            "yes",
            "new_plan",
            "old_plan",
            "skip_invalid",
        ],
        _ANSWERS,
    ),
    **dict.fromkeys(
        [
            "rate",
            "max_in_flight",
            "limit",
            "no_audit",
            "trust_clock",
            "start",
            "canary",
            "webhook",
            "background",
            "detach",
        ],
        _CALLING,
    ),
    **dict.fromkeys(["sandbox", "fault", "seed", "dry_run"], _REHEARSING),
    **dict.fromkeys(
        ["results", "show_numbers", "as_json", "quiet", "verbose", "notify_url", "results_folder"], _RESULTS
    ),
}
"""Parameter -> the heading of its group; all others stand under Options."""
_FEW = 12


class Verb(click.Command):
    """A command whose help has its flags in groups, and examples."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the flags: of a few, in one list."""
        groups = defaultdict[str, list[tuple[str, str]]](list)
        options = [parameter for parameter in self.get_params(ctx) if isinstance(parameter, click.Option)]
        shown = [(option, record) for option in options if (record := option.get_help_record(ctx))]
        for parameter, record in shown:
            groups[HEADINGS.get(parameter.name or "", _OWN) if len(shown) > _FEW else _OWN].append(record)
        for heading in _ORDER:
            if groups[heading]:
                with formatter.section(heading):
                    formatter.write_dl(groups[heading])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the examples."""
        if examples := EXAMPLES.get(tuple(ctx.command_path.split()[1:])):
            with formatter.section("Examples"):
                formatter.write("".join(f"  {line}\n" for line in examples))


class Verbs(click.Group):
    """A group of verbs that knows what was meant by one that it does not have."""

    command_class = Verb

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that was typed.

        Raises:
            click.UsageError: there is none of that name; names the nearest one.
        """
        name, names = args[0], self.list_commands(ctx)
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
            meant = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
            ctx.fail(f"there is no verb {name!r}; {meant}")
        return super().resolve_command(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the examples of all its verbs."""
        path = tuple(ctx.command_path.split()[1:])
        lines = [line for words, found in EXAMPLES.items() if path and words[:-1] == path for line in found[:1]]
        if lines:
            with formatter.section("Examples"):
                formatter.write("".join(f"  {line}\n" for line in lines))


def run_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The names of runs that begin so, newest first, for a shell's completion; it must never fail."""
    del ctx, param
    from campaign.cli.terminal import this_terminal  # noqa: PLC0415 - start-up: only a completion comes to this
    from campaign.usecases.context import ledger_to_read  # noqa: PLC0415 - likewise

    return _begun_so(incomplete, lambda: _runs(this_terminal(), ledger_to_read))


def schedule_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Likewise the names of schedules."""
    del ctx, param
    from campaign.cli.terminal import this_terminal  # noqa: PLC0415 - start-up: only a completion comes to this
    from campaign.usecases.context import ledger_to_read  # noqa: PLC0415 - likewise

    return _begun_so(incomplete, lambda: _schedules(this_terminal(), ledger_to_read))


def _runs(terminal: Any, opened: Any) -> list[str]:
    with opened(terminal) as ledger:
        return [record.name for record in reversed(ledger.read.runs.all())]


def _schedules(terminal: Any, opened: Any) -> list[str]:
    with opened(terminal) as ledger:
        return [record.name for record in ledger.schedules.all()]


def _begun_so(incomplete: str, names: Any) -> list[str]:
    try:
        return [name for name in names() if name.startswith(incomplete)]
    except Exception:  # noqa: BLE001 - a shell that completes a word has no place for an error
        return []
