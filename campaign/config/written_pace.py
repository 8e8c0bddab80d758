"""The pace in a run's plan as the ledger keeps it, read without the models of the whole plan, which cost a start."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WrittenPace:
    """What a plan says of its pace, and whose account it shares."""

    calls_per_second: float
    max_in_flight: int
    team_id: str


def pace_of(plan: str) -> WrittenPace:
    """The pace in a `RunPlan`, given as the JSON of one."""
    said = json.loads(plan)
    return WrittenPace(said["calls_per_second"], said["max_in_flight"], said["call"]["team_id"])
