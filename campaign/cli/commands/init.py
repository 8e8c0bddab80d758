"""`init`: inspects a sheet, asks its owner what only they know, and writes a matching template."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from campaign.cli.options.verbs import InitOptions
from campaign.cli.output import asked_text, chosen_place, echo, tell
from campaign.cli.read_choices import as_flags, choices_from, with_choices
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError
from campaign.presentation.cures import error_line
from campaign.presentation.masking import masked_text
from campaign.presentation.wording import counted
from campaign.usecases.init import (
    USES,
    Offer,
    Proposal,
    SheetHead,
    draft_of,
    likely_regions,
    look_at,
    named_columns,
    national_numbers,
    proposal_for,
    references,
    refuse_taken,
    refuse_unknown_region,
    settled_region,
    write_new,
)

_QUESTIONS = {
    "name": "Which column holds the name of the person who is called?",
    "phone": "Which column holds the number to call?",
    "consent": "Which column says whether the person agreed to be called?",
    "country": "Which column says the country of numbers without one?",
    "call_at": "Which column says when to call?",
    "timezone": "Which column says in which time zone the person is?",
}
_LEAVE_OUT = "-"
_MOST_LISTED = 12


def init(options: InitOptions, terminal: Terminal) -> int:
    """The command `init`."""
    sheet, path = options.sheet, options.template or Path(f"{options.sheet.stem}.toml")
    refuse_taken(path)
    refuse_unknown_region(options.region)
    ask = terminal.interactive and not options.yes
    choices, look = with_choices(lambda made: (made, look_at(sheet, made)), choices_from(options.reading), ask=ask)
    owner = _Owner(look, asked=ask)
    said = _said(look, options.columns)
    proposal = owner.decide(said, region=options.region)
    region = owner.region(proposal, options.region)
    proposal = owner.decide(said, region=region[0])
    variables = owner.variables(proposal, options)
    words = shlex.join(["campaign", "check", str(sheet), "-t", str(path), *as_flags(choices)])
    about = [f"How the rows of {sheet.name} become calls, by what campaign init found in {look.told}.", f"Try: {words}"]
    text = draft_of(look, proposal, title=sheet.stem, about=about, region=region, variables=variables)
    write_new(path, text)
    _tell(look, proposal, region=region, variables=variables)
    terminal.say(f"wrote {path}; next: {words}")
    echo(str(path))
    return 0


class _Owner:
    """The sheet's owner: asked at a terminal; elsewhere told which flag answers the question."""

    def __init__(self, look: SheetHead, *, asked: bool) -> None:
        self._look, self._asked = look, asked
        self._columns = references(look)

    def decide(self, said: dict[str, tuple[int, ...]], *, region: str | None) -> Proposal:
        """A proposal in which every required column is decided; the answers are added to `said`.

        Raises:
            UsageError: a column is not decided, and there is no person to ask.
        """
        proposal = proposal_for(self._look, region=region, said=said)
        for use in _QUESTIONS:
            picked = proposal.of(use)
            needed = use in ("name", "phone")
            if picked.indices or not (needed or picked.candidates):
                continue
            candidates = picked.candidates or tuple(each.index for each in self._columns if each.filled)
            if not self._asked:
                raise UsageError(self._unasked(use, candidates, proposal))
            said[use] = self._ask(use, candidates, needed=needed)
            proposal = proposal_for(self._look, region=region, said=said)
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
            answer = asked_text("Which country are they in? Two letters").strip().upper()
            try:
                return settled_region(numbers, answer) or (None, "")
            except UsageError as error:
                tell(error_line(error))

    def variables(self, proposal: Proposal, options: InitOptions) -> list[tuple[str, int]]:
        """(key, column) of each variable that is spoken.

        Raises:
            UsageError: a flag names no column, or a key twice.
        """
        chosen = [_pair(word, "--variable", "KEY=COLUMN") for word in options.variables]
        spoken = [(key, named_columns(self._look, [column])[0]) for key, column in chosen]
        if len({key for key, _ in spoken}) < len(spoken):
            raise UsageError("--variable gives one key twice; each key has one column")
        left = [offer for offer in proposal.offers if offer.index not in {index for _, index in spoken}]
        if options.all_variables:
            taken = {key for key, _ in spoken}
            return spoken + [(offer.key, offer.index) for offer in left if offer.key not in taken]
        return spoken + (list(self._asked_variables(left, {key for key, _ in spoken})) if self._asked else [])

    def _asked_variables(self, offers: Sequence[Offer], taken: set[str]) -> Iterator[tuple[str, int]]:
        if offers:
            tell(f"Which columns does the prompt speak? A key for each, or {_LEAVE_OUT} to leave it out.")
        for offer in offers:
            about = f"; {offer.reason}" if offer.reason else ""
            while (key := asked_text(f"{self._shown(offer.index)}{about}", default=offer.key)) in taken:
                tell(f"{key!r} is taken by another column")
            if key != _LEAVE_OUT:
                taken.add(key)
                yield key, offer.index

    def _ask(self, use: str, candidates: Sequence[int], *, needed: bool) -> tuple[int, ...]:
        tell(_QUESTIONS[use])
        if not needed:
            tell("  0. none of these")
        for place, index in enumerate(candidates, start=1):
            tell(f"  {place}. {self._shown(index)}")
        place = chosen_place("Which one?", least=int(needed), most=len(candidates))
        return (candidates[place - 1],) if place else ()

    def _unasked(self, use: str, candidates: Sequence[int], proposal: Proposal) -> str:
        listed = ", ".join(self._columns[index].called for index in candidates[:_MOST_LISTED])
        listed += f" or {len(candidates) - _MOST_LISTED} more" if len(candidates) > _MOST_LISTED else ""
        why = "".join(f" ({aside})" for aside in proposal.asides if "called a phone" in aside and use == "phone")
        return f"sheet {self._look.path}: {_QUESTIONS[use]} Say --column {use}=COLUMN; it may be {listed}{why}"

    def _shown(self, index: int) -> str:
        examples = ", ".join(masked_text(repr(example[:40])) for example in self._columns[index].examples)
        return f"{self._columns[index].called} ({examples})"


def _said(look: SheetHead, words: Sequence[str]) -> dict[str, tuple[int, ...]]:
    said: dict[str, tuple[int, ...]] = {}
    for word in words:
        use, column = _pair(word, "--column", "USE=COLUMN")
        if use not in USES:
            raise UsageError(f"--column {word!r}: no such use; it is one of {', '.join(USES)}")
        said[use] = said.get(use, ()) + (named_columns(look, [column]) if column else ())
    return said


def _pair(word: str, flag: str, form: str) -> tuple[str, str]:
    key, equals, column = word.partition("=")
    if not equals or not key.strip():
        raise UsageError(f"{flag} {word!r}: write {form}")
    return key.strip(), column.strip()


def _tell(
    look: SheetHead, proposal: Proposal, *, region: tuple[str | None, str], variables: Sequence[tuple[str, int]]
) -> None:
    columns = references(look)
    for use in USES:
        if (picked := proposal.of(use)).indices:
            tell(f"{use}: {', '.join(columns[index].called for index in picked.indices)}: {picked.reason}")
    tell(f"region: {region[0] or 'none'}: {region[1]}")
    tell(f"spoken: {', '.join(f'{key} ({columns[index].called})' for key, index in variables) or 'nothing'}")
    spoken = {index for _, index in variables}
    if left := [columns[offer.index].called for offer in proposal.offers if offer.index not in spoken]:
        tell(f"not spoken, and left in the template as comments: {', '.join(left)}")
    for aside in proposal.asides:
        tell(f"note: {aside}")
