"""`[answers]`: what a run would ask about the sheets of this kind, answered once and for all."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from campaign.config.values import Section, Text, names

Texts = Annotated[tuple[Text, ...], BeforeValidator(names)]


class AnswersSection(Section):
    """Answers to doubts about rows; a doubt without an answer stops a run before its first call.

    Attributes:
        opted_out: rows for which a column that `[columns]` does not name says that they are not to be called.
        marked: rows with a remark in the name or the notes that the person is not to be called.
        plus: numbers whose digits after the + are also a number of `[phone] region`: read as `written`, in the
            `region`, or left out (`skip`).
        name_order: names with a comma: spoken as `written`, or `turned` round.
        date_order: dates that may be two days, as 03/04/2026, in variables with a `format`: the day or the month first.
        past: rows with a day or time that has passed, in variables with a `format` whose names do not say that it may
            have, as `Visited on` and `Due date` do.
        yes_words: words for yes in columns of consent and opt-outs, beside those that are known.
        no_words: likewise for no; `*` stands for every word that is not known.
        short_rows: rows of a text file that may lack nothing but empty cells at their end, which is not proved: `read`.
        line_breaks: rows of a text file with cells of several lines that look like rows of their own: `read` as they
            stand. Without an answer, only rows of these two kinds are left out, as invalid.
    """

    opted_out: Literal["skip", "call"] | None = None
    marked: Literal["skip", "call"] | None = None
    plus: Literal["written", "region", "skip"] | None = None
    name_order: Literal["written", "turned"] | None = None
    date_order: Literal["day_first", "month_first"] | None = None
    past: Literal["skip", "call"] | None = None
    yes_words: Texts = ()
    no_words: Texts = ()
    short_rows: Literal["read"] | None = None
    line_breaks: Literal["read"] | None = None
