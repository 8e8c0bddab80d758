"""Pace stored in a run's plan, read without loading the pydantic models of the whole plan, which slow down start-up."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WrittenPace:
    """The pace of a plan, and the account that it shares."""

    calls_per_second: float
    max_in_flight: int
    team_id: str


def pace_of(plan: str) -> WrittenPace:
    """The pace in a `RunPlan`, given as its JSON."""
    said = json.loads(plan)
    return WrittenPace(said["calls_per_second"], said["max_in_flight"], said["call"]["team_id"])
