"""Cures: what can be done about a problem, as a code with values. A terminal shows a flag, a page shows a button."""

from campaign.domain.cures.codes import CureCode
from campaign.domain.cures.cure import Cure
from campaign.domain.cures.message import Message, Setting, Wording

__all__ = ["Cure", "CureCode", "Message", "Setting", "Wording"]
