"""US rule pack: calling hours set by federal and state law, as dated data with its sources.

No legal advice, and off unless a template asks for it: `rules_us.toml` says what it is, and what it leaves out.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, reduce
from importlib.resources import files
from typing import Any

from campaign.timing.hours.hours import Hours, Span, both

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NORTH_AMERICA = "+1"
_AREA = slice(2, 5)


@dataclass(frozen=True, slots=True)
class Rule:
    """The hours of one law; `as_of` is the day up to which it was checked, `evidence` what was read for it."""

    hours: Hours
    law: str
    source: str
    as_of: date
    evidence: str


@dataclass(frozen=True, slots=True)
class UsRules:
    """The rule pack.

    Attributes:
        federal: holds in all states.
        states: by their two letters; each holds beside the federal rule.
        unstated: states that ask for more than is stated here.
        area_codes: the state of an area code, for the states that are stated.
    """

    federal: Rule
    states: Mapping[str, Rule]
    unstated: frozenset[str]
    area_codes: Mapping[str, str]

    def states_of(self, e164: str, *, state: str | None = None) -> frozenset[str]:
        """The states whose rules apply to a person: the number's, and the one that the sheet gives.

        Args:
            e164: the number.
            state: two letters (see `us_states.state_named` and `us_states.state_of_zip`), or None.
        """
        of_number = self.area_codes.get(e164[_AREA]) if e164.startswith(_NORTH_AMERICA) else None
        return frozenset(one for one in (of_number, state) if one is not None)

    def hours_for(self, states: Collection[str]) -> Hours:
        """The hours for a person of those states, combined with the federal ones."""
        stated = tuple(self.states[one].hours for one in sorted(states) if one in self.states)
        return _together(self.federal.hours, stated)


@cache
def us_rules() -> UsRules:
    """The rule pack that comes with this program."""
    raw = tomllib.loads(files("campaign.timing.hours").joinpath("rules_us.toml").read_text("utf-8"))
    return UsRules(
        federal=_rule(raw["federal"]),
        states={state: _rule(rule) for state, rule in raw["states"].items()},
        unstated=frozenset(raw["unstated"]["states"]),
        area_codes={str(code): state for state, rule in raw["states"].items() for code in rule["area_codes"]},
    )


@cache
def _together(federal: Hours, others: tuple[Hours, ...]) -> Hours:
    return reduce(both, others, federal)


def _rule(raw: dict[str, Any]) -> Rule:
    week = tuple(tuple(_spans(raw["hours"], day)) for day in DAYS)
    return Rule(Hours(week), raw["law"], raw["source"], raw["as_of"], raw["evidence"])


def _spans(windows: list[dict[str, Any]], day: str) -> list[Span]:
    return [(window["from"], window["until"]) for window in windows if day in window.get("days", DAYS)]
