"""All pollutions, by the entries of the catalogue of bad inputs."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.intake.pollution import books, cells, encodings, headers, numbers, packages, structure
from tests.intake.pollution.judge import judge
from tests.intake.pollution.polluted import Pollution

IN_TEXT = (*encodings.POLLUTIONS, *structure.POLLUTIONS, *headers.POLLUTIONS, *cells.POLLUTIONS, *numbers.POLLUTIONS)
IN_BOOKS = (*books.POLLUTIONS, *packages.POLLUTIONS)


def of_rule(rule: str, pollutions: tuple[Pollution, ...], *, heavy: bool = False) -> list[Pollution]:
    """Those of one entry; the heavy ones only if asked for."""
    return [pollution for pollution in pollutions if pollution.rule == rule and (heavy or not pollution.heavy)]


def rules(pollutions: tuple[Pollution, ...]) -> list[str]:
    """The entries that these fall under."""
    return sorted({pollution.rule for pollution in pollutions}, key=lambda rule: (rule[0], int(rule[1:])))


def complaints(pollutions: list[Pollution], folder: Path, *, seeds: range) -> Iterator[str]:
    """One line for each false pair, traceback, hang, and sheet that was read less well than it must be."""
    for pollution in pollutions:
        for seed in seeds if pollution.varied else seeds[:1]:
            judgement = judge(pollution.make(Random(seed)), folder)
            yield from (f"{pollution}, seed {seed}: {fault}" for fault in judgement.faults)
            if judgement.ending < pollution.least:
                ended = f"{judgement.ending.name} instead of {pollution.least.name}"
                yield f"{pollution}, seed {seed}: {ended}: {judgement.told}"
