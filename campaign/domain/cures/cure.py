"""One thing that can be done about a problem."""

import re
from dataclasses import dataclass

from campaign.domain.cures.codes import CureCode

Value = str | int | tuple[tuple[str, str], ...]
"""A text, a number, or a list of pairs: a value to choose, and what would come of it."""


@dataclass(frozen=True, slots=True)
class Cure:
    """What a person can do, by its code; how that is said, or shown, is for the front.

    Attributes:
        code: the act.
        values: (name, value) of all that the act needs: the constructors beside this file say which.
    """

    code: CureCode
    values: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, code: CureCode, /, **values: Value) -> "Cure":
        """The same, with the values by their names."""
        return cls(code, tuple(values.items()))

    def masked(self, pattern: re.Pattern[str], mask: str) -> "Cure":
        """The same with a mask in place of what the pattern finds in texts, so that cures that differ there are one."""
        masked = [(name, pattern.sub(mask, value) if isinstance(value, str) else value) for name, value in self.values]
        return Cure(self.code, tuple(masked))
