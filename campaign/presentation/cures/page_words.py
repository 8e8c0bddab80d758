"""Words of cures on a page: what a person can do there, without a flag or a command."""

from collections.abc import Mapping

from campaign.domain.cures import CureCode

PAGE_WORDS: Mapping[CureCode, str] = {
    CureCode.SET_KEY_OR_REHEARSE: "set it to your AICaller API key and start the server again, or try the sandbox",
}
