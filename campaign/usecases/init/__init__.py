"""Use case init: proposes a first template from a sheet's columns and values, with the reason for each choice.

look_at -> SheetHead -> (region, what the owner says) -> propose -> draft -> write
"""

from campaign.intake.files.read_options import Choices
from campaign.intake.phones.regions import named_regions
from campaign.intake.proposal.draft import Decided, SpokenColumn
from campaign.intake.proposal.offers import NO_SPEECH, Offer, Speech
from campaign.intake.proposal.propose import USES, Proposal
from campaign.intake.proposal.sheet_language import language_of
from campaign.usecases.init.region import (
    likely_regions,
    main_region,
    national_numbers,
    refuse_unknown_region,
    settled_region,
)
from campaign.usecases.init.sheet_head import SheetHead, look_at, named_columns, references
from campaign.usecases.init.template import (
    WrittenTemplate,
    draft_of,
    refuse_taken,
    refuse_unknown_format,
    refuse_unknown_language,
    write_new,
)
from campaign.usecases.init.uses import ASKED, OpenUse, fault_of_key, open_use, proposal_for

__all__ = [
    "ASKED",
    "NO_SPEECH",
    "USES",
    "Choices",
    "Decided",
    "Offer",
    "OpenUse",
    "Proposal",
    "SheetHead",
    "Speech",
    "SpokenColumn",
    "WrittenTemplate",
    "draft_of",
    "fault_of_key",
    "language_of",
    "likely_regions",
    "look_at",
    "main_region",
    "named_columns",
    "named_regions",
    "national_numbers",
    "open_use",
    "proposal_for",
    "references",
    "refuse_taken",
    "refuse_unknown_format",
    "refuse_unknown_language",
    "refuse_unknown_region",
    "settled_region",
    "write_new",
]
