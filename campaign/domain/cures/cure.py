"""Cure: one action that solves a problem, as a code with values."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

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

    def masked(self, mask: Callable[[str], str]) -> "Cure":
        """A copy with `mask` applied to its texts."""
        return Cure(self.code, tuple((name, _masked(value, mask)) for name, value in self.values))


def _masked(value: Value, mask: Callable[[str], str]) -> Value:
    match value:
        case StrEnum() | int():
            return value
        case str():
            return mask(value)
        case _:
            return tuple((mask(option), mask(what)) for option, what in value)
