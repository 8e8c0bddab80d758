"""`python -m tests.soak.everything --rows 10000 --kills 1000`: the long soak of everything at once.

Ends with 0 when no rule was broken, with 1 when one was; what was found stays in the folder then.
"""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.soak.everything.report import lines
from tests.soak.everything.whole import Size, soak
from tests.soak.teeth.planted import PLANTED

_SEEDS = 1_000_000


def main(words: list[str]) -> int:
    """Soaks, and says what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.everything", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="numbers that the big run calls, at most 10000")
    parser.add_argument("--kills", type=int, default=1000, help="about one for ten rows")
    parser.add_argument("--seed", type=int, help="default: another one each time; it is printed")
    parser.add_argument("--planted", choices=list(PLANTED), help="a planted bug, which must be found")
    parser.add_argument(
        "--folder", type=Path, help="a new folder, which stays; default: one that goes when all is well"
    )
    said = parser.parse_args(words)
    size = Size(
        rows=said.rows,
        kills=said.kills,
        seed=random.SystemRandom().randrange(_SEEDS) if said.seed is None else said.seed,
        planted=said.planted,
    )
    print(f"seed {size.seed}: {size.rows} rows, {size.kills} kills", flush=True)  # noqa: T201 - it is run for these
    folder = said.folder or Path(tempfile.mkdtemp(prefix="soak-"))
    folder.mkdir(exist_ok=True)
    report = soak(folder, size)
    print("\n".join(lines(report)), flush=True)  # noqa: T201 - it is run for these
    if report.violations:
        print(f"what was found is in {folder}", flush=True)  # noqa: T201 - it is run for these
        return 1
    if said.folder is None:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
