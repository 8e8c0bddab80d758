"""Program `campaign`: its commands, and the exit code of every ending.

A command's code is loaded only when it runs: `--help` and completion must not pay for the database libraries.
"""

import gc
import signal
import sys
from dataclasses import replace
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from campaign.cli.declarations.help import Verb, Verbs
from campaign.cli.endings import code_of_error
from campaign.cli.output import confirmed, echo, tell
from campaign.cli.process.open_files import require_open_files
from campaign.cli.terminal import Terminal, this_terminal
from campaign.config.database import VARIABLE, refuse_password_for_all_to_see
from campaign.domain.errors import CopiedHomeError, UsageError

_OBJECTS_BETWEEN_LOOKS = 50_000
_VERBS = {
    "init": "look at a sheet's columns and write a template that fits",
    "templates": "the packaged templates: list, copy",
    "check": "all that can be known before the first call; sends nothing",
    "rehearse": "the whole campaign on a fast clock, against a stand-in; calls nobody",
    "run": "make the calls",
    "resume": "continue after a stop or a crash",
    "rerun": "only the rows that failed",
    "pace": "show a run's pace, or change it while it runs",
    "resolve": "settle rows whose answer was lost, by looking the calls up",
    "follow": "fetch the outcomes of the created calls",
    "listen": "receive webhooks as hints, and poll the calls they name",
    "status": "runs, or one run",
    "results": "write a run's results: csv, xlsx, html or json, by the file's extension",
    "stop": "begin no new call of a run, in any process",
    "cancel": "end a run's waiting rows for good",
    "forget": "erase the people of runs that are over",
    "suppress": "the suppression list: who is never called",
    "schedule": "runs at given times: add, edit, list, pause, resume, remove, run",
    "serve": "the page: upload a sheet, launch it, watch it, in a browser",
    "worker": "take runs of a ledger that several machines share",
    "user": "who may use the page: add, list, password, remove",
    "token": "what lets programs use the API: add, list, revoke",
    "ledger": "where the ledger is: move it into PostgreSQL, or back",
    "sandbox": "a stand-in for AICaller on this machine",
}


class _AllVerbs(Verbs):
    """Command group: has the names and one-line helps built in, and loads a command's options when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module("campaign.cli.declarations.verbs"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Verbs"):
            formatter.write_dl(list(_VERBS.items()))


_DIALLING = ("run", "resume", "rerun")

_HELP = """A contact spreadsheet goes in, a phone call per person comes out: each made once.

\b
Try it without an account:
  campaign init --sample
  campaign run appointments.csv -t appointment_reminder.toml --sandbox
Completion for your shell:
  campaign completion bash
"""


@click.group(
    cls=_AllVerbs, help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="campaign", prog_name="campaign")
@click.option(
    "--go-on-here", is_flag=True, help="This home was copied or put back, and nothing goes on where it is from."
)
@click.option(
    "--db",
    metavar="URL",
    help="The ledger's PostgreSQL database, in place of CAMPAIGN_DB: postgresql://USER@HOST/DATABASE.",
)
@click.pass_context
def program(ctx: click.Context, *, go_on_here: bool, db: str | None) -> None:
    """The verbs' common root."""
    terminal: Terminal = ctx.obj
    if db is not None:
        # The one place that reads it: whatever a verb starts takes it from its environment.
        refuse_password_for_all_to_see(db)
        terminal = ctx.obj = replace(terminal, environment={**terminal.environment, VARIABLE: db})
    if go_on_here:
        _go_on_here(terminal)


@program.command(cls=Verb)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL; source it from your shell's start-up file."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415 - only this verb needs it

    made = get_completion_class(shell)
    assert made is not None  # noqa: S101 - the choice above is click's own list
    echo(*made(program, {}, "campaign", "_CAMPAIGN_COMPLETE").source().splitlines())


def main(arguments: list[str] | None = None) -> None:
    """Runs the program, and exits with its exit code."""
    # Sheets have millions of rows, which make no cycles: a search after every 700 objects takes a sixth of the time.
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, 50, 50)
    # `__main__` has let an interrupt end the process while this was loading; now the program itself ends by it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    _write_what_the_locale_lacks_as_escapes()
    code = _begun(arguments)
    # All files are closed. At exit the interpreter would search all objects for cycles: a quarter of a short command.
    gc.freeze()
    sys.exit(code)


def _write_what_the_locale_lacks_as_escapes() -> None:
    """A locale of few characters must not end a command in a traceback: stderr does so by itself, stdout does not."""
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def _begun(arguments: list[str] | None) -> int:
    """Runs the program in a process of its own, whose limits are its to raise."""
    try:
        require_open_files()
    except UsageError as error:
        tell(f"campaign: {error}")
        return error.exit_code
    return exit_code(arguments, terminal=this_terminal())


def exit_code(arguments: list[str] | None, *, terminal: Terminal) -> int:
    """Runs the program at that terminal; returns its exit code."""
    try:
        ending = _ended(arguments, terminal=terminal)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (Exception, KeyboardInterrupt) as error:
        if (code := code_of_error(error, dialling=_verb(arguments) in _DIALLING, as_json=_as_json(arguments))) is None:
            raise
        return code
    return ending if isinstance(ending, int) else 0


def _ended(arguments: list[str] | None, *, terminal: Terminal) -> Any:
    def run(words: list[str]) -> Any:
        return program.main(args=words, prog_name="campaign", standalone_mode=False, obj=terminal)

    try:
        return run(_words(arguments))
    except CopiedHomeError as error:
        # Found when the ledger was opened, before anything was done. --yes does not answer it.
        if not terminal.interactive or not confirmed(f"{error}. Go on from here?"):
            raise
    return run(["--go-on-here", *_words(arguments)])


def _go_on_here(terminal: Terminal) -> None:
    from campaign.usecases.working.go_on_here import go_on_here  # noqa: PLC0415 - start-up: only few commands come to this

    go_on_here(terminal)


def _as_json(arguments: list[str] | None) -> bool:
    words = _words(arguments)
    return "--json" in words[: words.index("--")] if "--" in words else "--json" in words


def _verb(arguments: list[str] | None) -> str | None:
    words = _words(arguments)
    named = {place + 1 for place, word in enumerate(words) if word == "--db"}
    return next((word for place, word in enumerate(words) if not word.startswith("-") and place not in named), None)


def _words(arguments: list[str] | None) -> list[str]:
    return sys.argv[1:] if arguments is None else arguments
