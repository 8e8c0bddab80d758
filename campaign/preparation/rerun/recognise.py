"""Finds the run of a results file: by call ids and instants, which no two runs share, else by its rows' content."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.intake.results_file import FedBack, FedRow, read_fed_back
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord

AT_ONCE = 500
_LOOKED_AT = 2_000
_OF_ONE_RUN = 0.5
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
"""An instant as the ledger writes it; one that another program has reformatted proves nothing."""


def recognised(ledger: Ledger, path: Path, *, choices: Choices = UNDECIDED) -> RunRecord:
    """Finds the run that wrote this results file.

    Raises:
        UsageError: no run of this ledger matches, or several do.
        SheetError: it cannot be read, or is no results file.
    """
    fed = read_fed_back(path, choices=choices)
    first = list(islice(fed.rows, _LOOKED_AT))
    runs = {record.id: record for record in ledger.read.runs.all()}
    found = _by_proof(ledger, first, runs) or _by_content(ledger, fed, first, runs=runs)
    if len(found) == 1:
        return found[0]
    if found:
        names = " and ".join(record.name for record in found)
        raise UsageError(f"{path} could be of several runs: {names}", cure=Cure(CureCode.NAME_RUN_TO_RERUN))
    raise UsageError(
        f"{path} is of no run in {ledger.place}: none of its rows' _id or _submitted_at is known there",
        cure=Cure(CureCode.SEE_RUNS_OR_OTHER_HOME),
    )


def chunks(rows: Iterator[FedRow]) -> Iterator[list[FedRow]]:
    """Splits rows into chunks of the size that the ledger queries at once."""
    while chunk := list(islice(rows, AT_ONCE)):
        yield chunk


def _by_proof(ledger: Ledger, rows: Sequence[FedRow], runs: dict[int, RunRecord]) -> list[RunRecord]:
    votes = Counter[int]()
    for chunk in chunks(iter(rows)):
        known = ledger.read.reruns.positions_of_ids([row.call_id for row in chunk if row.call_id])
        votes.update(known[row.call_id][0] for row in chunk if row.call_id in known)
    if not votes:
        for run_id in runs:
            votes[run_id] += sum(_sent(ledger, run_id, chunk) for chunk in chunks(iter(rows)))
    return [runs[run_id] for run_id, count in sorted(votes.items()) if count and run_id in runs]


def _sent(ledger: Ledger, run_id: int, rows: Sequence[FedRow]) -> int:
    wanted = {(row.number, row.submitted_at) for row in rows if INSTANT.fullmatch(row.submitted_at)}
    return len(wanted & ledger.read.reruns.sent_at(run_id, {at for _, at in wanted})) if wanted else 0


def _by_content(ledger: Ledger, fed: FedBack, rows: Sequence[FedRow], *, runs: dict[int, RunRecord]) -> list[RunRecord]:
    """Matches by content, for a file that keeps only the three columns that make it a results file."""
    found = []
    for run_id, record in runs.items():
        places = fed.places(record.header)
        if not rows or None in places:
            continue
        same = 0
        for chunk in chunks(iter(rows)):
            known = ledger.read.reruns.cells(run_id, [row.number for row in chunk])
            same += sum(
                row.number in known
                and known[row.number][1] == tuple(row.row.cells[place] for place in places if place is not None)
                for row in chunk
            )
        if same >= _OF_ONE_RUN * len(rows):
            found.append(record)
    return found
