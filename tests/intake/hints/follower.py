"""Follows what the program says: each hint and proposal of `init`, `check` and the errors' texts, to the letter.

    init --yes --all-variables -> refused: the flag that its text names -> again -> "next: campaign check ..."
    check                      -> "before a run: ... say --this or --that"       -> whom would a run call?

Where a text shows what each answer would do, the sheet's owner takes the one that shows the source; where none does,
they stop, and nobody is called.
"""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from campaign.config.run_plan import CallPlan
from campaign.config.settings import DEFAULT_BASE_URL, service_of
from campaign.config.template_file import load_template
from campaign.domain.errors import CampaignError
from campaign.domain.model import Contact
from campaign.intake.files.read_options import Choices
from campaign.ledger.records.suppression import Suppressed
from campaign.ledger.store import open_ledger
from campaign.preparation import screening
from campaign.preparation.on_list import OnList
from campaign.preparation.questions import Answers, accepted_by
from tests.intake.hints.source import CODE_MISSING, DAY_FIRST, Sheet

Program = Callable[..., tuple[int, str]]
"""Runs a command line, in the home folder if one is given: its exit code, and all that it said."""

_MOST = 8
_PLAN = CallPlan(team_id="team", call_template_id="template")
_NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
_FLAG = re.compile(
    r"--(header-row|encoding|delimiter|extra-field|no-header|region|skip-hidden)(?: ([^\s,;()]+))?(?: \(([^)]*)\))?"
)
_SHEETS = re.compile(r"choose one with --sheet: (.*)")
_COLUMN = re.compile(r"--column (\w+)=COLUMN; it may be (.*)")
_LIKELY = re.compile(r"likely: ([A-Z]{2}) ")
_READING = {"--encoding": "encoding", "--delimiter": "delimiter", "--extra-field": "extra_field", "--sheet": "sheet"}
_ANSWERS: dict[str, dict[str, Any]] = {
    "--skip-opted-out": {"opted_out": "skip"},
    "--skip-marked": {"marked": "skip"},
    "--plus-in-region": {"plus": "region"},
    "--plus-as-written": {"plus": "written"},
    "--accept-repairs": {"repairs": "accept"},
    "--names-as-written": {"name_order": "written"},
    "--turn-names": {"name_order": "turned"},
    "--day-first": {"date_order": "day_first"},
    "--month-first": {"date_order": "month_first"},
    "--call-past": {"past": "call"},
}


@dataclass(frozen=True)
class Followed:
    """Where following led: whom a run would call, or the text at which the sheet's owner stopped."""

    calls: tuple[Contact, ...]
    stopped: str = ""


def followed(path: Path, sheet: Sheet, program: Program) -> Followed:
    """Follows every hint for this sheet."""
    template = path.with_suffix(".toml")
    template.unlink(missing_ok=True)
    flags: list[str] = []
    code, said = 2, ""
    for _ in range(_MOST):
        code, said = program("init", str(path), "-t", str(template), "--yes", "--all-variables", *flags)
        if code == 0:
            break
        hint = _hint(said, sheet)
        if not hint or hint[0] in flags:
            return Followed((), said)
        flags += hint
    if code:
        return Followed((), said)
    words = shlex.split(said.rpartition("next: campaign ")[2].splitlines()[0])
    _, report = program(*words)
    home = path.with_suffix(".home")
    if left_out := _imported(home, sheet, program):
        return Followed((), left_out)
    return _called(path, sheet, words=words, report=report, home=home)


def _imported(home: Path, sheet: Sheet, program: Program) -> str:
    """Imports the list of opt-outs; what was said where a number of it could not be read, or the list could not."""
    if sheet.opt_outs is None:
        return ""
    content, suffix = sheet.opt_outs
    home.with_suffix(f".out{suffix}").write_bytes(content)
    flags = ["--region", "US"]
    code, said = 2, ""
    for _ in range(_MOST):
        code, said = program("suppress", "import", str(home.with_suffix(f".out{suffix}")), *flags, home=home)
        if code != 2 or not (hint := _hint(said, sheet)) or hint[0] in flags:
            break
        flags += hint
    return said if code else ""


def _hint(said: str, sheet: Sheet) -> list[str]:
    """The flag that the text names; of several the one that shows the source."""
    if sheets := _SHEETS.search(said):
        return ["--sheet", sheet.page] if repr(sheet.page) in sheets[1] else []
    if column := _COLUMN.search(said):
        own = [name for name in sheet.own if repr(name) in column[2]]
        return ["--column", f"{column[1]}={own[0]}"] if own and column[1] == "phone" else []
    return next(_flags(said, sheet), [])


def _flags(said: str, sheet: Sheet) -> Iterator[list[str]]:
    for flag, value, shown in _FLAG.findall(said):
        if flag == "skip-hidden":
            yield ["--skip-hidden"]
        if flag == "no-header":
            yield [] if sheet.headed else ["--no-header"]
        if flag == "region":
            likely = _LIKELY.search(said)
            yield ["--region", likely[1]] if likely else []
        if flag == "header-row" or _shows(flag, shown, sheet):
            yield [f"--{flag}", value.rstrip(".,;:")]


def _shows(flag: str, shown: str, sheet: Sheet) -> bool:
    if flag == "extra-field":
        cities = [cell.partition(": ")[2] for cell in shown.split(" | ") if cell.startswith("City: ")]
        return any(city in sheet.cells for city in cities)
    sample = re.search(r"would read '(.*)'", shown)
    return sample is None or any(sample[1] in cell for cell in sheet.cells)


def _list_in(home: Path, sheet: Sheet) -> OnList:
    if sheet.opt_outs is None:
        return lambda _: {}

    def on_list(phones: Sequence[str]) -> Mapping[str, Suppressed]:
        with open_ledger(home, now=lambda: _NOON) as ledger:
            return ledger.suppression.of(phones, service=service_of(DEFAULT_BASE_URL))

    return on_list


def _called(path: Path, sheet: Sheet, *, words: Sequence[str], report: str, home: Path) -> Followed:
    choices: dict[str, Any] = {name: words[words.index(flag) + 1] for flag, name in _READING.items() if flag in words}
    if "--header-row" in words:
        choices["header_row"] = int(words[words.index("--header-row") + 1])
    choices["no_header"] = "--no-header" in words
    choices["hidden"] = "skip" if "--skip-hidden" in words else None
    if choices.get("delimiter") == "tab":
        choices["delimiter"] = "\t"
    answers: dict[str, Any] = {}
    for said in re.findall(r"say (--[^\n]*)", report):
        offered = re.findall(r"--[a-z-]+", said)
        wrong = {
            "--plus-as-written" if CODE_MISSING in sheet.spoilt else "--plus-in-region",
            "--month-first" if DAY_FIRST in sheet.spoilt else "--day-first",
        }
        known = [flag for flag in offered if flag in _ANSWERS and flag not in wrong]
        answers |= _ANSWERS[known[0]] if known else {}
    made = load_template(path.with_suffix(".toml"))
    try:
        rows = screening.screen_sheet(
            path, made, call=_PLAN, secret=lambda _: "", on_list=_list_in(home, sheet), now=_NOON,
            choices=Choices(**choices),
            accepted=accepted_by(Answers(**answers), made),
        )  # fmt: skip
        return Followed(tuple(one.verdict for _, one in rows if isinstance(one.verdict, Contact)))
    except CampaignError as error:
        return Followed((), str(error))
