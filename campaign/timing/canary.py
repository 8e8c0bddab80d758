"""Whether the first rows of a run went well enough for the rest: shares against the bounds of the template."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaign.config.outcome_sections import CanarySection
from campaign.domain.call_outcome import CallEnd

_LEAST_KNOWN = 0.5
"""With fewer of the outcomes nothing is known, and nothing is no reason to call a thousand people."""


@dataclass(frozen=True, slots=True)
class CanaryFound:
    """What the first rows came to.

    Attributes:
        submitted: how many rows were sent.
        refused: how many of them AICaller refused.
        created: how many calls were made.
        ends: how many of those are over, by how they ended.
    """

    submitted: int
    refused: int
    created: int
    ends: Mapping[CallEnd, int]


def broken_bounds(found: CanaryFound, bounds: CanarySection) -> list[str]:
    """One line for each bound that is broken; none when the run may go on."""
    known = sum(found.ends.values())
    broken = [
        _beyond("refused by AICaller", found.refused, of=found.submitted, most=bounds.refused, key="refused"),
        _beyond("failed", found.ends.get(CallEnd.FAILED, 0), of=known, most=bounds.failed, key="failed"),
        _beyond(
            "asked not to be called",
            found.ends.get(CallEnd.DO_NOT_CALL, 0),
            of=known,
            most=bounds.do_not_call,
            key="do_not_call",
        ),
    ]
    # Known bounds first: they say more than what is missing.
    if found.created and known < _LEAST_KNOWN * found.created:
        broken.append(f"only {known} of {found.created} outcomes are known by now ([canary] wait)")
    if not found.created and not found.refused and found.submitted:
        broken.append(f"not one of {found.submitted} calls is known to have been made")
    return [line for line in broken if line]


def _beyond(what: str, count: int, *, of: int, most: float, key: str) -> str:
    if not of or count <= most * of:
        return ""
    return f"{count} of {of} {what}: {count / of:.0%}, and [canary] {key} = {most:g} allows {most:.0%}"
