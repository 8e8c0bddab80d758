"""The sheet's owner: asked at a terminal, each question with its explanation; elsewhere told which flag answers it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from campaign.cli.commands.init.texts import ABOUT_FORMAT, ABOUT_KEY, LEAVE_OUT
from campaign.cli.commands.init.told import dates_told
from campaign.cli.options.first_files import InitOptions
from campaign.cli.output import tell
from campaign.cli.prompts import explained_place, explained_text
from campaign.domain.errors import UsageError
from campaign.presentation.cures import error_line
from campaign.presentation.cures.column_words import (
    ABOUT_LANGUAGE,
    ABOUT_ORDER,
    ABOUT_REGION,
    ABOUT_USE,
    COLUMN_QUESTIONS,
)
from campaign.presentation.masking import masked_text
from campaign.presentation.wording import counted
from campaign.usecases.init import (
    ASKED,
    NO_SPEECH,
    Offer,
    Proposal,
    SheetHead,
    Speech,
    SpokenColumn,
    fault_of_key,
    language_of,
    likely_regions,
    named_columns,
    national_numbers,
    open_use,
    proposal_for,
    references,
    refuse_unknown_format,
    refuse_unknown_language,
    settled_region,
)

_MOST_LISTED = 12
_ORDERS: Mapping[str, Literal["day_first", "month_first"]] = {"day": "day_first", "month": "month_first"}


class Owner:
    """The sheet's owner: asked at a terminal; elsewhere told which flag answers the question."""

    def __init__(self, look: SheetHead, *, asked: bool) -> None:
        self._look, self._asked = look, asked
        self._columns = references(look)

    def decide(self, said: dict[str, tuple[int, ...]], *, region: str | None, speech: Speech = NO_SPEECH) -> Proposal:
        """A proposal in which every required column is decided; the answers are added to `said`.

        Raises:
            UsageError: a column is not decided, and there is no person to ask.
        """
        proposal = proposal_for(self._look, region=region, said=said, speech=speech)
        for use in ASKED:
            found = open_use(self._look, proposal, use)
            if found is None:
                continue
            if not self._asked:
                raise UsageError(self._unasked(use, found.candidates, proposal))
            said[use] = self._ask(use, found.candidates, needed=found.needed)
            proposal = proposal_for(self._look, region=region, said=said, speech=speech)
        return proposal

    def region(self, proposal: Proposal, flag: str | None) -> tuple[str | None, str]:
        """The region of numbers without a country code, and why.

        Raises:
            UsageError: it is not known, and there is no person to ask.
        """
        numbers = national_numbers(self._look, proposal)
        others = [row.cells[index] for row in self._look.rows for index in proposal.phone.indices]
        settled = settled_region(numbers, flag, others=others)
        if settled is not None:
            return settled
        fits = likely_regions(self._look, proposal, numbers)
        listed = ", ".join(f"{region} ({valid:,} of {len(numbers):,} are valid there)" for region, valid in fits)
        without = (
            f"sheet {self._look.path}: {counted(len(numbers), 'phone number')} in {self._look.told} without a country"
        )
        if not self._asked:
            raise UsageError(
                f"{without}; say in which country they are with --region, two letters; likely: {listed or 'none'}"
            )
        tell(f"{without}; likely: {listed or 'none'}")
        while True:
            answer = explained_text("Which country are they in? Two letters", about=ABOUT_REGION).upper()
            try:
                return settled_region(numbers, answer) or (None, "")
            except UsageError as error:
                tell(error_line(error))

    def language(self, flag: str | None, *, region: str | None) -> tuple[str | None, str]:
        """The language of dates that are spoken, and why; None where neither a flag nor the columns' names tell it.

        `region` is where most of the numbers are.
        """
        if flag is not None:
            return flag, "said by you"
        found = language_of(self._look.header, region=region)
        if found is None:
            return None, "of the dates that are spoken: say it here, and how each is said with format"
        return found, "of the dates that are spoken, by the names of the columns"

    def spoken(self, proposal: Proposal, options: InitOptions) -> list[SpokenColumn]:
        """The variables that are spoken.

        Raises:
            UsageError: a flag names no column, or a key twice, or a key that is none.
        """
        chosen = [_pair(word) for word in options.variables]
        places = [(key, named_columns(self._look, [column])[0]) for key, column in chosen]
        taken = {key for key, _ in places}
        if len(taken) < len(places):
            raise UsageError("--variable gives one key twice; each key has one column")
        forms = {offer.index: offer.format for offer in proposal.offers}
        spoken = [SpokenColumn(key, index, forms.get(index)) for key, index in places]
        left = [offer for offer in proposal.offers if offer.index not in {index for _, index in places}]
        if options.all_variables:
            return spoken + [SpokenColumn(one.key, one.index, forms[one.index]) for one in left if one.key not in taken]
        if not self._asked:
            return spoken
        return spoken + [SpokenColumn(key, index, forms[index]) for key, index in self._asked_keys(left, taken)]

    def dates(
        self, spoken: Sequence[SpokenColumn], said: Mapping[str, tuple[int, ...]], *, region: str | None, speech: Speech
    ) -> tuple[list[SpokenColumn], Speech]:
        """Asks at a terminal in which language the dates are spoken, which day comes first, and in what words."""
        if not self._asked:
            return list(spoken), speech
        places = {one.index for one in spoken}
        tried = replace(speech, language=speech.language or "en")
        offers = self._dated(said, tried, region=region, places=places)
        if not offers:
            return list(spoken), speech
        made = replace(tried, language=self._asked_language(speech.language))
        if made.order is None and any(offer.dates and offer.dates.two_days for offer in offers):
            made = replace(made, order=self._asked_order(offers))
        forms = {
            offer.index: self._asked_format(offer) for offer in self._dated(said, made, region=region, places=places)
        }
        return [replace(one, format=forms.get(one.index, one.format)) for one in spoken], made

    def _dated(
        self, said: Mapping[str, tuple[int, ...]], speech: Speech, *, region: str | None, places: set[int]
    ) -> list[Offer]:
        offers = proposal_for(self._look, region=region, said=said, speech=speech).offers
        return [offer for offer in offers if offer.dates is not None and offer.index in places]

    def _asked_language(self, guess: str | None) -> str:
        while True:
            answer = explained_text("In which language are dates spoken?", about=ABOUT_LANGUAGE, default=guess)
            try:
                refuse_unknown_language(answer)
            except UsageError as error:
                tell(error_line(error))
            else:
                return answer

    def _asked_order(self, offers: Sequence[Offer]) -> Literal["day_first", "month_first"]:
        for offer in offers:
            if offer.dates is not None and offer.dates.two_days:
                told = f"{offer.dates.two_days} of {offer.dates.filled} dates may be two days"
                tell(f"{self._shown(offer.index)}: {told}")
        while (answer := explained_text("Which comes first in them, day or month?", about=ABOUT_ORDER)) not in _ORDERS:
            tell("type day or month")
        return _ORDERS[answer]

    def _asked_format(self, offer: Offer) -> str | None:
        assert offer.dates is not None  # noqa: S101 - those without are not asked about
        tell(dates_told(offer, self._shown(offer.index)))
        while True:
            answer = explained_text("Its format?", about=ABOUT_FORMAT, default=offer.dates.format)
            if answer == LEAVE_OUT:
                return None
            try:
                refuse_unknown_format(answer)
            except UsageError as error:
                tell(error_line(error))
            else:
                return answer

    def _asked_keys(self, offers: Sequence[Offer], taken: set[str]) -> Iterator[tuple[str, int]]:
        if offers:
            tell(f"Which columns does the prompt speak? A key for each, {LEAVE_OUT} to leave it out; ? explains.")
        for offer in offers:
            about = f"; {offer.reason}" if offer.reason else ""
            question = f"{self._shown(offer.index)}{about}"
            while (key := explained_text(question, about=ABOUT_KEY, default=offer.key)) != LEAVE_OUT:
                if (fault := fault_of_key(key, taken=taken)) is not None:
                    tell(f"{key!r} {fault}" + ("" if key in taken else f", as {offer.key}"))
                else:
                    taken.add(key)
                    yield key, offer.index
                    break

    def _ask(self, use: str, candidates: Sequence[int], *, needed: bool) -> tuple[int, ...]:
        tell(COLUMN_QUESTIONS[use])
        if not needed:
            tell("  0. none of these")
        for place, index in enumerate(candidates, start=1):
            tell(f"  {place}. {self._shown(index)}")
        place = explained_place("Which one?", about=ABOUT_USE[use], least=int(needed), most=len(candidates))
        return (candidates[place - 1],) if place else ()

    def _unasked(self, use: str, candidates: Sequence[int], proposal: Proposal) -> str:
        listed = ", ".join(self._columns[index].called for index in candidates[:_MOST_LISTED])
        listed += f" or {len(candidates) - _MOST_LISTED} more" if len(candidates) > _MOST_LISTED else ""
        why = "".join(f" ({aside})" for aside in proposal.asides if "called a phone" in aside and use == "phone")
        return f"sheet {self._look.path}: {COLUMN_QUESTIONS[use]} Say --column {use}=COLUMN; it may be {listed}{why}"

    def _shown(self, index: int) -> str:
        examples = ", ".join(masked_text(repr(example[:40])) for example in self._columns[index].examples)
        return f"{self._columns[index].called} ({examples})"


def _pair(word: str) -> tuple[str, str]:
    key, equals, column = (part.strip() for part in word.partition("="))
    if not equals or not key:
        raise UsageError(f"--variable {word!r}: write KEY=COLUMN")
    if (fault := fault_of_key(key, taken=())) is not None:
        raise UsageError(f"--variable {word!r}: {key!r} {fault}, not a digit first")
    return key, column
