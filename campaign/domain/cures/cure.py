"""Cure: one action that solves a problem, as a code with values."""

import re
from dataclasses import dataclass

from campaign.domain.cures.codes import CureCode

Value = str | int | tuple[tuple[str, str], ...]
"""A text, a number, or a list of pairs: a value to choose, and what would come of it."""


@dataclass(frozen=True, slots=True)
class Cure:
    """An action that a person can take, as a code; the front (terminal, page) decides how to word or show it.

    Attributes:
        code: the act.
        values: (name, value) of all that the act needs: the constructors beside this file say which.
    """

    code: CureCode
    values: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, code: CureCode, /, **values: Value) -> "Cure":
        """Builds a cure from a code and its values by name."""
        return cls(code, tuple(values.items()))

    def masked(self, pattern: re.Pattern[str], mask: str) -> "Cure":
        """A copy with the pattern's matches in its texts masked: cures that differ only there become equal."""
        masked = [(name, pattern.sub(mask, value) if isinstance(value, str) else value) for name, value in self.values]
        return Cure(self.code, tuple(masked))
