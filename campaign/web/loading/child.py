"""Process that loads one uploaded sheet, named by its token; started by the loader."""

import sys

from campaign.usecases.context import opened_ledger
from campaign.usecases.serving.load_upload import load_upload
from campaign.web.surroundings import surroundings


def main(token: str) -> None:
    """Loads the upload of that token as its settings say."""
    around = surroundings()
    with opened_ledger(around) as ledger:
        load_upload(ledger, token, context=around)


if __name__ == "__main__":
    main(sys.argv[1])
