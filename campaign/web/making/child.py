"""Process that makes one file of a run: its arguments are the run, what, and where."""

import sys
from pathlib import Path

from campaign.domain.errors import CampaignError
from campaign.presentation.cures.page import page_text
from campaign.usecases.context import ledger_to_read
from campaign.usecases.watching.files import write_run_file
from campaign.web.surroundings import surroundings


def main(run: str, what: str, file: str) -> int:
    """Makes the file; what keeps it from that is said on stdout."""
    try:
        with ledger_to_read(surroundings()) as ledger:
            write_run_file(ledger, run, what=what, path=Path(file))
    except CampaignError as error:
        sys.stdout.write(page_text(error.message))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
