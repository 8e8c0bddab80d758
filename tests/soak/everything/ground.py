"""The ground of the long soak: one folder, one home, one stand-in, and who may be called by whom.

main      the numbers of the big sheet; small runs have some of them too, and each may be called once in all
fresh     numbers of the small runs alone
regulars  whoever is called again and again, by runs whose template allows it, until they ask not to be
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from campaign.sandbox.calls import FATES, Fate
from tests.forked import Process
from tests.soak.campaigner import environment
from tests.soak.checking.checker import HOOK_SECRET, KEY
from tests.soak.launched import Launch
from tests.soak.sheets import TEMPLATE, phones
from tests.soak.starting import from_warm

MAIN_MARK = "M"
_REGULARS = 60
_HOOK = """
[[call.webhooks]]
url = "http://127.0.0.1:9/over"
secret_env = "HOOK_SECRET"
"""
_OFTEN = "calls_per_person_per_day = 1000\n"
_NORMAL = next(fate for fate in FATES if fate.code == "ENDED_NORMALLY")
_OPT_OUT = next(fate for fate in FATES if fate.code == "DO_NOT_CALL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where the soak takes place.

    Attributes:
        url: the stand-in's address.
        launch: the circumstances of every start.
        rows: how many numbers the big sheet calls.
    """

    folder: Path
    url: str
    launch: Launch
    rows: int
    seed: int

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def truth(self) -> Path:
        return self.folder / "truth.jsonl"

    @property
    def template(self) -> Path:
        return self.folder / "template.toml"

    @property
    def often(self) -> Path:
        """The template of those who are called again and again."""
        return self.folder / "often.toml"

    def prepare(self) -> None:
        """Writes the two templates."""
        self.template.write_text(TEMPLATE.format(call_again_after="72h") + _HOOK, encoding="utf-8")
        self.often.write_text(TEMPLATE.format(call_again_after="0s") + _OFTEN, encoding="utf-8")

    def environment(self, home: Path | None = None) -> dict[str, str]:
        """The program's own."""
        return environment(
            CAMPAIGN_HOME=str(home or self.home),
            AICALLER_BASE_URL=self.url,
            AICALLER_API_KEY=KEY,
            HOOK_SECRET=HOOK_SECRET,
        )

    def start(self, arguments: Sequence[str], *, output: int, home: Path | None = None) -> Process:
        """Starts a verb; it speaks into that descriptor."""
        return from_warm(self.launch, arguments, output=output, folder=self.folder, environment=self.environment(home))


def main_people(rows: int) -> list[str]:
    """The big sheet's numbers."""
    return phones(rows)


def fresh_people(rows: int, *, hand: int, hands: int) -> list[str]:
    """The numbers that only this hand's small runs have."""
    return phones(_most())[rows + _REGULARS :][hand::hands]


def regulars(rows: int) -> list[str]:
    """Whoever is called again and again."""
    return phones(rows + _REGULARS)[rows:]


def fates_of_regulars(rows: int) -> dict[str, tuple[Fate, ...]]:
    """How their calls end: each second one asks not to be called any more, at the second to the fifth call."""
    return {
        phone: (*[_NORMAL] * (1 + number % 4), _OPT_OUT) if number % 2 else (_NORMAL,)
        for number, phone in enumerate(regulars(rows))
    }


def _most() -> int:
    return 15_000


def open_output(path: Path) -> int:
    """A new file for what a process says."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
