"""What the attacks have in common: a camp behind a box or not, and what the truth log says of it."""

import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from tests.soak.attacks.middlebox import Change, Refusal, middlebox, passed_on, unchanged
from tests.soak.campaigner import RUN, Camp, StandIn, camp, stand_in
from tests.soak.checking.checker import open_ledger_file, rings_of
from tests.soak.launched import Launch
from tests.soak.sheets import TEMPLATE, write_people
from tests.soak.starting import from_warm_beside

FAST = ("--rate", "500", "--max-in-flight", "4", "--no-audit")
_LONGEST_SECONDS = 100.0


@contextmanager
def behind_a_box(
    folder: Path,
    *,
    change: Change = unchanged,
    refusal: Refusal = passed_on,
    place: StandIn | None = None,
    flags: tuple[str, ...] = FAST,
) -> Iterator[Camp]:
    """A camp whose calls go through a box that changes answers, or refuses requests; `place` is behind it."""
    with (
        nullcontext(place) if place else stand_in(folder) as behind,
        middlebox(behind.url, change=change, refusal=refusal) as url,
        camp(folder, StandIn(url=url, truth=behind.truth), flags=flags) as made,
    ):
        yield made


def rung(made: Camp) -> Counter[str]:
    """How often each number has rung."""
    return Counter(ring["phone"] for ring in rings_of(made.place.truth)) if made.place.truth.exists() else Counter()


def states(made: Camp, run: str = RUN) -> Counter[str]:
    """How many rows of a run stand where."""
    with open_ledger_file(made.home) as ledger:
        found = ledger.execute(
            "SELECT sheet_row.state FROM sheet_row JOIN run ON run.id = run_id WHERE run.name = ?", (run,)
        )
        return Counter(row["state"] for row in found)


def say(made: Camp, *words: str, home: Path | None = None, launch: Launch | None = None) -> tuple[int, str]:
    """Another verb beside the camp's own, to its end: its exit code, and all that it said."""
    output = made.folder / f"said-{len(list(made.folder.glob('said-*')))}.txt"
    surroundings = made.environment() | ({"CAMPAIGN_HOME": str(home)} if home else {})
    with output.open("wb") as file:
        process = from_warm_beside(
            launch or made.launch, words, output=file.fileno(), folder=made.folder, environment=surroundings
        )
        try:
            code = process.wait(timeout=_LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return code, output.read_text(encoding="utf-8")


def sheet_of(made: Camp, people: Sequence[str], *, name: str = "sheet.csv", more: str = "", again: str = "72h") -> Path:
    """A sheet of these people, and the camp's template with `more` at its end."""
    made.template.write_text(TEMPLATE.format(call_again_after=again) + more, encoding="utf-8")
    sheet = made.folder / name
    write_people(sheet, people, name="Ada Rookwood", mark=f"{sheet.stem}-")
    return sheet


def one_line(said: str) -> bool:
    """Whether an error is told in one line, without a traceback."""
    return "Traceback" not in said and len([line for line in said.splitlines() if line.startswith("campaign: ")]) == 1
