"""`python -m campaign` is `campaign`."""

from campaign.cli.main import main

main()
