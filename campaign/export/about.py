"""About: facts about the run itself for a workbook or a report, beside its rows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class About:
    """Facts about a run. Times are UTC text, `YYYY-MM-DDTHH:MM:SS.mmmZ`.

    Attributes:
        run: its name; empty where a file is written of rows alone.
        sheet: the user's file.
        service: where its calls were made.
        begun: when it was begun.
        written: when this file is written.
    """

    run: str = ""
    sheet: str = ""
    service: str = ""
    begun: str = ""
    written: str = ""

    def lines(self) -> list[tuple[str, str]]:
        """(label, value) of every fact that is known."""
        pairs = [
            ("Run", self.run),
            ("Sheet", self.sheet),
            ("Calls made at", self.service),
            ("Begun", _to_the_minute(self.begun)),
            ("This file", _to_the_minute(self.written)),
        ]
        return [(label, value) for label, value in pairs if value]


def _to_the_minute(instant: str) -> str:
    return f"{instant[:10]} {instant[11:16]} UTC" if instant else ""
